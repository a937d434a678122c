"""The tab Lint: what is wrong with the list itself, LST-01 to LST-12."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from trustdesk.core.finding import Finding, FindingStatus
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.findings_list import FindingsList
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


class LintPane(QWidget):
    """A sentence, and the rules, worst first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.trouble = 0
        self._sentence = Text(ink="text2", wrap=True)
        self.findings = FindingsList(shows_source=True)
        scroll = ScrolledColumn(name=say(msg("Rules for lists")))
        scroll.column.addWidget(self.findings)
        scroll.column.addStretch(1)
        card = Card()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(margins(16, 6, 8, 10))
        inside.addWidget(scroll)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._sentence)
        layout.addWidget(card, 1)
        self.clear()

    @property
    def words(self) -> str:
        """The sentence."""
        return self._sentence.text()

    def clear(self) -> None:
        """Show nothing while the rules are applied."""
        self.trouble = 0
        self._sentence.setText(say(msg("The rules are being applied …")))
        self.findings.show_findings(())

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show what came of the rules."""
        self.trouble = sum(one.is_failure or one.is_warning for one in findings)
        self._sentence.setText(say(lint_words(findings)))
        self.findings.show_findings(findings)


def lint_words(findings: Sequence[Finding]) -> Message:
    """Say what came of the rules in one sentence; what was not run is no pass."""
    trouble = sum(one.is_failure or one.is_warning for one in findings)
    not_run = sum(one.status is FindingStatus.NOT_RUN for one in findings)
    if not findings:
        return msg("No rule was applied.")
    if trouble:
        return msg_n("{count} rule needs a look.", "{count} rules need a look.", trouble)
    if not_run:
        return msg_n(
            "No rule found anything; {count} was not run.",
            "No rule found anything; {count} were not run.",
            not_run,
        )
    return msg("No rule found anything.")
