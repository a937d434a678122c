"""What the rules say of an identity, before a partner says it, and whether its key is where it should be."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from trustdesk.core.errors import CancelledByPersonError, TrustdeskError
from trustdesk.core.identity import IdentityView
from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.identities.facts import verdict_lines
from trustdesk.gui.identities.job_line import JobLine
from trustdesk.gui.identities.remark_line import RemarkLine
from trustdesk.gui.inspector.verdict_card import VerdictCard
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.findings_list import FindingsList
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.words import say
from trustdesk.services.identity_desk import IdentityDesk


class PreflightDialog(PlainDialog):
    """Verdicts above, one row for each rule below; nobody is connected to.

    The key is taken from its store only where the person asks for it: the store may have to be unlocked.
    """

    def __init__(self, parent: QWidget, bridge: Bridge, desk: IdentityDesk, view: IdentityView) -> None:
        super().__init__(
            parent,
            msg("Preflight of {identity}", identity=view.identity.name),
            msg(
                "The rules were applied to the certificate and its chain on this computer; nobody was asked."
            ),
        )
        self._desk, self._name = desk, view.identity.name
        self.verdicts = VerdictCard()
        self.verdicts.show_lines(tuple(verdict_lines(view)))
        self.key = RemarkLine(
            say(msg("Whether the key is in its store was not looked at.")), icon="unknown", ink="unknown"
        )
        self.findings = FindingsList()
        self.findings.show_findings(view.findings)
        area = ScrolledColumn()
        area.column.addWidget(self.findings)
        area.column.addStretch(1)
        self.job = JobLine(bridge)
        self.key_button = self.add_button(Button(say(msg("Look for the key")), icon="key"))
        self.key_button.setToolTip(
            say(msg("Take the key from its store, and see that it is the certificate's"))
        )
        self.key_button.clicked.connect(self._look)
        self.job.changed.connect(lambda: self.key_button.setEnabled(not self.job.is_running))
        self.content.addWidget(self.verdicts)
        self.content.addWidget(self.key)
        self.content.addWidget(area, 1)
        self.content.addWidget(self.job)
        self.close_button.setFocus()

    def done(self, result: int) -> None:
        """Close; what waits for a store is let go."""
        self.job.give_up()
        super().done(result)

    def _look(self) -> None:
        self.error.hide()
        self.job.run(self._desk.check_key(self._name), msg("Looking for the key …"), self._found, self._fail)

    def _found(self, _nothing: None) -> None:
        words = msg("The key is in its store, and is the certificate's.")
        self.key.show_as(say(words), icon="tick", ink="text2")

    def _fail(self, error: TrustdeskError) -> None:
        if isinstance(error, CancelledByPersonError):
            return
        words = f"{say(error.problem)} {say(error.remedy)}"
        self.key.show_as(words, icon="bad", ink="bad")
