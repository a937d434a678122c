"""The self-test: a table with a state for each thing, and what to do about the one that is chosen."""

from __future__ import annotations

import json
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.finding import FindingStatus, Verdict
from trustdesk.core.message import msg
from trustdesk.core.self_check import SelfCheck, SelfTest
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.dates import utc_now
from trustdesk.gui.inspector.row_table import RowCell, RowColumn, RowTable
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.code_line import CodeLine
from trustdesk.gui.widgets.done_notice import DoneNotice
from trustdesk.gui.widgets.plain_view import framed
from trustdesk.gui.widgets.ring import Ring
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk
from trustdesk.services.verdict_words import STATUS_WORDS, WORST_FIRST

_LOOKS = {
    FindingStatus.FAIL: ("bad", "bad"),
    FindingStatus.WARN: ("warning", "warning"),
    FindingStatus.NOT_RUN: ("unknown", "unknown"),
    FindingStatus.PASS: ("tick", "text2"),
    FindingStatus.NOT_APPLICABLE: ("not-applicable", "text2"),
}
_SUMMARY = {
    Verdict.PASS: msg("Everything that was looked at is in order."),
    Verdict.WARN: msg("It works; see the warnings."),
    Verdict.FAIL: msg("Something has to be put right first."),
}


class SelfTestPane(QWidget):
    """The pane.

    Attributes:
        table: the checks, worst first.
        test: what was found last; None before the first.
    """

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._desk: Desk | None = None
        self._failure: TrustdeskError | None = None
        self._is_looking = False
        self.test: SelfTest | None = None
        self._ring = Ring(16)
        self._summary = Text(style=TypeStyle.SECTION, wrap=True)
        self.again_button = Button(say(msg("Look again")), icon="refresh", kind=ButtonKind.PRIMARY)
        self.again_button.clicked.connect(self.look)
        self.copy_button = Button(say(msg("Copy")), icon="copy", name=say(msg("Copy the self-test")))
        self.copy_button.clicked.connect(self._copy)
        self.copy_button.setEnabled(False)
        self.table: RowTable[SelfCheck] = RowTable(
            (
                RowColumn(
                    head=msg("Check"),
                    cell=lambda one: RowCell(say(one.title), style=TypeStyle.ROW_TITLE),
                    width=26,
                ),
                RowColumn(head=msg("State"), cell=_state, width=14),
                RowColumn(head=msg("Found"), cell=lambda one: RowCell(say(one.found))),
            ),
            name=say(msg("Self-test")),
            spoken=_spoken,
            opens_on_click=False,
        )
        self.table.selectionModel().currentRowChanged.connect(lambda now: self._tell(now.row()))
        self._found = Text(wrap=True)
        self._remedy = Text(style=TypeStyle.ROW_TITLE, wrap=True)
        self._command = CodeLine(name=say(msg("Line to type")))
        self.notice = DoneNotice()
        self._build()
        self._show(())

    @property
    def remedy_text(self) -> str:
        """What to do about the chosen check; "" for nothing."""
        return self._remedy.text()

    def set_desk(self, desk: Desk | None, failure: TrustdeskError | None = None) -> None:
        """Look at a desk from now on; None for a workspace that could not be opened, and why."""
        self._desk, self._failure = desk, failure

    def begin(self) -> None:
        """Look, unless that was done already."""
        if self.test is None:
            self.look()

    def look(self) -> None:
        """Look at everything anew."""
        if self._is_looking:
            return
        self._is_looking = True
        self._ring.set_running(True)
        self.again_button.setEnabled(False)
        self._summary.setText(say(msg("Looking …")))
        if self._desk is None:
            from trustdesk.services.selftest import self_test, without_desk

            self._take(self_test(utc_now(), without_desk(self._failure, utc_now())))
            return
        self._bridge.when_done(self._desk.self_test(), self._take, self._fail, owner=self)

    def focus_main(self) -> None:
        """Move the keyboard to the table."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, test: SelfTest) -> None:
        from trustdesk.gui.help.window_checks import window_checks
        from trustdesk.services.selftest import self_test

        self.test = self_test(test.at, test.checks, tuple(window_checks()))
        self._end()
        self._summary.setText(say(_SUMMARY[self.test.verdict]))
        self.copy_button.setEnabled(True)
        self._show(sorted(self.test.checks, key=lambda one: WORST_FIRST.index(one.status)))

    def _fail(self, error: TrustdeskError) -> None:
        self._end()
        self._summary.setText(say(error.problem))

    def _end(self) -> None:
        self._is_looking = False
        self._ring.set_running(False)
        self.again_button.setEnabled(True)

    def _show(self, checks: Sequence[SelfCheck]) -> None:
        self.table.show_rows(tuple(checks))
        if checks:
            self.table.setCurrentIndex(self.table.model().index(0, 0))
        self._tell(0)

    def _tell(self, place: int) -> None:
        check = self.table.rows[place] if 0 <= place < len(self.table.rows) else None
        remedy = None if check is None else check.remedy
        self._found.setText("" if check is None else say(check.found))
        self._remedy.setText("" if remedy is None else say(remedy))
        self._remedy.setVisible(remedy is not None)
        command = "" if check is None else check.command
        self._command.show_text(command)
        self._command.setVisible(bool(command))

    def _copy(self) -> None:
        if self.test is None:
            return
        from trustdesk.services.selftest import selftest_document

        document = selftest_document(self.test, say)
        QGuiApplication.clipboard().setText(json.dumps(document, indent=1, ensure_ascii=False))
        self.notice.say_done(say(msg("The self-test is on the clipboard. There is nothing secret in it.")))

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._ring)
        head.addWidget(self._summary, 1)
        head.addWidget(self.copy_button)
        head.addWidget(self.again_button)
        below = Card()
        lines = QVBoxLayout(below)
        lines.setContentsMargins(16, 12, 16, 14)
        lines.setSpacing(6)
        for part in (self._found, self._remedy, self._command):
            lines.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(framed(self.table), 1)
        layout.addWidget(below)
        layout.addWidget(self.notice)


def _state(check: SelfCheck) -> RowCell:
    icon, ink = _LOOKS[check.status]
    return RowCell(say(STATUS_WORDS[check.status]), ink, icon)


def _spoken(check: SelfCheck) -> str:
    parts = [say(check.title), say(STATUS_WORDS[check.status]), say(check.found)]
    if check.remedy is not None:
        parts.append(say(check.remedy))
    return ". ".join(parts)
