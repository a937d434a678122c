"""The tab Readiness of a partner: the check with its calls, and every rule with its source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.finding import Finding
from trustdesk.core.message import Message, msg
from trustdesk.core.readiness import CallMade, Readiness
from trustdesk.gui.dates import both_times, distance
from trustdesk.gui.partners.readiness_form import ReadinessForm
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.findings_list import FindingsList
from trustdesk.gui.widgets.state_chip import StateChip
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.board import State
from trustdesk.services.readiness_words import CALL_WORDS, shows_nothing, verdict_words
from trustdesk.services.verdict_words import STATE_OF_VERDICT

_WORDS = {
    State.GOOD: msg("Ready"),
    State.WARNING: msg("Warning"),
    State.BAD: msg("Not ready"),
    State.UNKNOWN: msg("Not known"),
}


class ReadinessTab(QWidget):
    """Verdict, form, calls, rules; below each other.

    Attributes:
        form: what a person asks of the next check.
        findings: the rules of the check that is shown.
        test_findings: the rules of the last test, which a check takes nothing from.
    """

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self.form = ReadinessForm()
        self.findings = FindingsList(shows_source=True)
        self._chip = StateChip()
        self._verdict = Text(style=TypeStyle.ROW_TITLE, wrap=True)
        self._when = Text(style=TypeStyle.SECOND_LINE, ink="text2")
        self._calls_title = Text(say(msg("Calls")), TypeStyle.LABEL, "text2")
        self._calls = QGridLayout()
        self._calls.setHorizontalSpacing(16)
        self._calls.setVerticalSpacing(6)
        self._calls.setColumnStretch(0, 2)
        self._calls.setColumnStretch(1, 3)
        self._call_rows: list[tuple[Text, Text]] = []
        self._rules_title = Text(say(msg("Rules of the check")), TypeStyle.LABEL, "text2")
        self._test_title = Text(say(msg("Rules of the last test")), TypeStyle.LABEL, "text2")
        self.test_findings = FindingsList(shows_source=True)
        self._build()
        self.clear()

    def clear(self) -> None:
        """Show no check; what was typed for one of another endpoint goes."""
        self.form.take_token()
        self.form.unknown_object.setChecked(False)
        self.form.wrong_certificate.setChecked(False)
        self.form.hide_problem()
        self.show_check(None)
        self.show_test(())

    def show_check(self, readiness: Readiness | None) -> None:
        """Show a check; None that there was none."""
        is_there = readiness is not None
        for part in (self._chip, self._calls_title, self._rules_title, self.findings, self._when):
            part.setVisible(is_there)
        self._show_calls(() if readiness is None else readiness.calls)
        if readiness is None:
            self._verdict.setText(say(msg("This endpoint was not checked yet.")))
            return
        state = STATE_OF_VERDICT[readiness.verdict]
        if shows_nothing(readiness) and state is not State.BAD:
            state = State.UNKNOWN
        self._chip.show_state(state, say(_WORDS[state]))
        self._verdict.setText(say(verdict_words(readiness)))
        when = msg(
            "Checked on {date}, {distance}",
            date=readiness.at,
            distance=distance(readiness.at, self._now()),
        )
        self._when.setText(say(when))
        self._when.setToolTip(both_times(readiness.at))
        self.findings.show_findings(readiness.findings)

    def show_test(self, findings: Sequence[Finding]) -> None:
        """Show the rules of the last test; empty for none."""
        self._test_title.setVisible(bool(findings))
        self.test_findings.setVisible(bool(findings))
        self.test_findings.show_findings(findings)

    def show_unread(self, error: TrustdeskError) -> None:
        """Say why the last check cannot be read; whether there was one is not known then."""
        self._verdict.setText("")
        self.form.show_problem(error)

    def show_error(self, error: TrustdeskError) -> None:
        """Say why there is nothing to show."""
        self.form.show_problem(error)

    def _show_calls(self, calls: Sequence[CallMade]) -> None:
        while len(self._call_rows) < len(calls):
            head, body = Text(wrap=True), Text(wrap=True)
            place = len(self._call_rows)
            self._calls.addWidget(head, place, 0, Qt.AlignmentFlag.AlignTop)
            self._calls.addWidget(body, place, 1, Qt.AlignmentFlag.AlignTop)
            self._call_rows.append((head, body))
        for place, (head, body) in enumerate(self._call_rows):
            is_shown = place < len(calls)
            head.setVisible(is_shown)
            body.setVisible(is_shown)
            if is_shown:
                one = calls[place]
                head.setText(say(CALL_WORDS[one.call]))
                body.setText(say(_outcome(one)))
                ink = "text" if one.not_made is None else "text2"
                head.set_ink(ink)
                body.set_ink(ink)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._verdict)
        words.addWidget(self._when)
        head.addLayout(words, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        layout.addLayout(head)
        layout.addWidget(self.form)
        layout.addWidget(self._calls_title)
        layout.addLayout(self._calls)
        layout.addWidget(self._rules_title)
        layout.addWidget(self.findings)
        layout.addWidget(self._test_title)
        layout.addWidget(self.test_findings)
        layout.addStretch(1)


def _outcome(one: CallMade) -> Message:
    if one.not_made is not None:
        return msg("Not made: {why}", why=one.not_made)
    return one.outcome or msg("Made")
