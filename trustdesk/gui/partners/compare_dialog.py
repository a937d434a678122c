"""The old and the new certificate of a server: what is not the same, and what follows from it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from trustdesk.core.inspection import CertificateDetails
from trustdesk.core.message import msg
from trustdesk.gui.inspector.compare_pane import ComparePane
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.words import say

_SIZE = (900, 560)


class CompareCertificatesDialog(PlainDialog):
    """The Inspector's comparison, without going there.

    Signals:
        certificate_wanted: the CertificateFacts to show in the Inspector.
    """

    certificate_wanted = Signal(object)

    def __init__(
        self, parent: QWidget, partner: str, before: CertificateDetails, after: CertificateDetails
    ) -> None:
        super().__init__(
            parent,
            msg("Certificates of {partner}", partner=partner),
            msg("What the new one changes against the old one, the weightiest first."),
            size=_SIZE,
        )
        self._after = after.facts
        self.pane = ComparePane()
        self.pane.leave_title_out()
        self.pane.show_pair(before, after)
        self.content.addWidget(self.pane, 1)
        self.open_button = self.add_button(Button(say(msg("Open the new one")), icon="inspector"))
        self.open_button.clicked.connect(self._open)
        self.pane.closed.connect(self.reject)
        self.pane.focus_first()

    def _open(self) -> None:
        self.accept()
        self.certificate_wanted.emit(self._after)
