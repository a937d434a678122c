"""What the rules say of an identity, before a partner says it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from trustdesk.core.identity import IdentityView
from trustdesk.core.message import msg
from trustdesk.gui.identities.facts import verdict_lines
from trustdesk.gui.inspector.verdict_card import VerdictCard
from trustdesk.gui.widgets.findings_list import FindingsList
from trustdesk.gui.widgets.plain_dialog import PlainDialog


class PreflightDialog(PlainDialog):
    """Verdicts above, one row for each rule below; nobody is connected to."""

    def __init__(self, parent: QWidget, view: IdentityView) -> None:
        super().__init__(
            parent,
            msg("Preflight of {identity}", identity=view.identity.name),
            msg(
                "The rules were applied to the certificate and its chain on this computer; nobody was asked."
            ),
        )
        self.verdicts = VerdictCard()
        self.verdicts.show_lines(tuple(verdict_lines(view)))
        self.findings = FindingsList()
        self.findings.show_findings(view.findings)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.findings)
        area.viewport().setAutoFillBackground(False)
        self.findings.setAutoFillBackground(False)
        self.content.addWidget(self.verdicts)
        self.content.addWidget(area, 1)
        self.close_button.setFocus()
