"""The tab Decisions: what was decided here about certificates, and the log with its chain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.errors import CancelledByPersonError, TrustdeskError
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.ports import Job
from trustdesk.core.trust_decision import LocalDecision, LogEntry, TrustLog
from trustdesk.core.untrusted import visible
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.dates import distance, iso_date
from trustdesk.gui.inspector.row_table import RowCell, RowColumn, RowTable
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.trust.words import decision_words, short_subject
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.state_chip import StateChip
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import fingerprint_text, say
from trustdesk.services.board import State
from trustdesk.services.trust_desk import TrustDesk
from trustdesk.services.trust_words import ACTION_WORDS

_PAD = 16
_MOST_LINES = 6
_DIGEST = 64


class DecisionsPane(QWidget):
    """Two tables, one over the other.

    Signals:
        withdraw_wanted: the LocalDecision that shall be taken back.
        export_wanted: the log shall be written into a file.
        seal_wanted: everything shall be sealed anew.
        entry_wanted: SHA-256 of the certificate that was decided on.
    """

    withdraw_wanted = Signal(object)
    export_wanted = Signal()
    seal_wanted = Signal()
    entry_wanted = Signal(str)

    def __init__(self, bridge: Bridge, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._desk: TrustDesk | None = None
        self._job: Job[TrustLog] | None = None
        self._is_due = False
        self.log: TrustLog | None = None
        self.table = decision_table(now)
        self.table.opened.connect(lambda place: self.entry_wanted.emit(self.table.rows[place].sha256))
        self.withdraw_button = Button(say(msg("Take it back …")), icon="refresh")
        self.withdraw_button.clicked.connect(self._withdraw)
        self._none = Text(
            say(
                msg(
                    "Nothing was decided here yet. Open an entry and choose Distrust or Limit usage: it holds"
                    " whatever lists say."
                )
            ),
            ink="text2",
            wrap=True,
        )
        self.chain = StateChip()
        self._chain_line = Text(style=TypeStyle.SECOND_LINE, ink="text2", wrap=True)
        self.log_table = log_table(now)
        self.export_button = Button(say(msg("Export log …")), icon="export")
        self.export_button.clicked.connect(self.export_wanted)
        self.seal_button = Button(say(msg("Seal anew …")), icon="lock")
        self.seal_button.clicked.connect(self.seal_wanted)
        self.seal_button.hide()
        self._build()
        self.show_decisions(())

    @property
    def chain_words(self) -> str:
        """What is said of the log's chain."""
        return f"{self.chain.accessibleName()} {self._chain_line.text()}".strip()

    def set_desk(self, desk: TrustDesk) -> None:
        """Ask a desk."""
        self._desk = desk

    def showEvent(self, event: QShowEvent) -> None:
        """Read what became due while nobody looked."""
        super().showEvent(event)
        if self._is_due:
            self.refresh()

    def refresh(self) -> None:
        """Read the log again."""
        self._is_due = not self.isVisible()
        if self._desk is None or self._is_due:
            return
        job = self._job = self._desk.log()
        self._bridge.when_done(
            job.future, lambda log: self._take(job, log), lambda error: self._fail(job, error), owner=self
        )

    def show_decisions(self, decisions: Sequence[LocalDecision]) -> None:
        """Show what was decided, the newest first."""
        self.table.show_rows(tuple(decisions))
        self.table.viewport().update()
        has_rows = bool(decisions)
        self.table.setVisible(has_rows)
        self._none.setVisible(not has_rows)
        self.withdraw_button.setVisible(has_rows)
        if has_rows:
            self.table.setFixedHeight(
                self.table.horizontalHeader().sizeHint().height()
                + min(_MOST_LINES, len(decisions)) * self.table.row_height
                + 2
            )
            if not self.table.currentIndex().isValid():
                self.table.selectRow(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the decision in view back with Delete."""
        if event.key() == Qt.Key.Key_Delete and self.table.hasFocus():
            self._withdraw()
            return
        super().keyPressEvent(event)

    def _withdraw(self) -> None:
        place = self.table.currentIndex().row()
        if 0 <= place < len(self.table.rows):
            self.withdraw_wanted.emit(self.table.rows[place])

    def _take(self, job: Job[TrustLog], log: TrustLog) -> None:
        if job is not self._job:
            return
        self.log = log
        state, word, sentence = chain_look(log)
        self.chain.show_state(state, say(word), icon="tick" if state is State.NOT_APPLICABLE else None)
        self._chain_line.setText(say(sentence))
        self.log_table.show_rows(tuple(reversed(log.entries)))
        self.export_button.setEnabled(bool(log.entries))
        self.seal_button.setVisible(log.wants_sealing and log.broken_at is None)

    def _fail(self, job: Job[TrustLog], error: TrustdeskError) -> None:
        if job is not self._job:
            return
        self.log = None
        self.chain.show_state(State.UNKNOWN, say(msg("Not checked")))
        words = say(error.problem) if not isinstance(error, CancelledByPersonError) else ""
        self._chain_line.setText(f"{words} {say(error.remedy)}".strip())
        self.log_table.show_rows(())
        self.export_button.setEnabled(False)
        self.seal_button.hide()

    def _build(self) -> None:
        decided = Card()
        inside = QVBoxLayout(decided)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        head = QHBoxLayout()
        head.setContentsMargins(margins(_PAD, 12, 12, 0))
        head.addWidget(Text(say(msg("Decided here")), TypeStyle.SECTION))
        head.addStretch(1)
        head.addWidget(self.withdraw_button)
        head.addStrut(32)
        inside.addLayout(head)
        inside.addWidget(self.table)
        none = QVBoxLayout()
        none.setContentsMargins(_PAD, 0, _PAD, 12)
        none.addWidget(self._none)
        inside.addLayout(none)
        log = Card()
        lines = QVBoxLayout(log)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(8)
        top = QHBoxLayout()
        top.setContentsMargins(margins(_PAD, 12, 12, 0))
        top.setSpacing(10)
        top.addWidget(Text(say(msg("Trust log")), TypeStyle.SECTION))
        top.addWidget(self.chain)
        top.addWidget(self._chain_line, 1, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(self.seal_button)
        top.addWidget(self.export_button)
        lines.addLayout(top)
        lines.addWidget(self.log_table, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        layout.addWidget(decided)
        layout.addWidget(log, 1)


def chain_look(log: TrustLog) -> tuple[State, Message, Message]:
    """Return how the log's chain stands; a chain that holds is a check that passed, so it is grey."""
    if log.broken_at is not None:
        why = log.broken_why or msg("It does not follow from those before it.")
        return State.BAD, msg("The chain is broken at line {number}", number=log.broken_at), why
    if log.untold:
        return State.BAD, msg("The workspace differs from the log"), log.untold[0]
    if log.sealed is False:
        return (
            State.BAD,
            msg("The seal is broken"),
            msg("Another program changed the log or cut its end off, or its key is another machine's."),
        )
    if not log.entries:
        return State.UNKNOWN, msg("Empty"), msg("Nothing was decided yet.")
    if log.sealed is None:
        why = (
            msg("Its key is in no key store here: the workspace is another machine's, or there is none.")
            if log.key_is_lost
            else msg("Its seal is not checked: the keyring cannot be asked now.")
        )
        return State.UNKNOWN, msg("The chain holds, seal not checked"), why
    if log.unsealed:
        why = msg("Something that it tells is not sealed, and grants nothing.")
        return State.WARNING, msg("The chain holds, not all is sealed"), why
    words = msg_n("{count} line, sealed.", "{count} lines, sealed.", len(log.entries))
    return State.NOT_APPLICABLE, msg("The chain holds"), words


def decision_table(now: Callable[[], datetime]) -> RowTable[LocalDecision]:
    """Return a table of local decisions."""

    def what(one: LocalDecision) -> RowCell:
        word = decision_words(one, now())
        if one.sealed is False:
            return RowCell(say(msg("{decision}, seal broken", decision=word)), "bad", "bad")
        if one.sealed is None:
            return RowCell(say(msg("{decision}, seal not checked", decision=word)), "unknown", "unknown")
        return RowCell(word, icon="stop", icon_ink="text2")

    def ends(one: LocalDecision) -> RowCell:
        if one.expires is None:
            return RowCell(say(msg("never")), "text2")
        return RowCell(f"{iso_date(one.expires)}, {say(distance(one.expires, now()))}", "text2")

    columns: tuple[RowColumn[LocalDecision], ...] = (
        RowColumn(
            head=msg("Certificate"),
            cell=lambda one: RowCell(
                visible(short_subject(one.subject) or one.sha256[:16]), style=TypeStyle.ROW_TITLE
            ),
        ),
        RowColumn(head=msg("Decision"), cell=what, width=30),
        RowColumn(head=msg("Why"), cell=lambda one: RowCell(visible(one.reason), "text2"), goes_first=3),
        RowColumn(head=msg("Ends"), cell=ends, width=26, goes_first=2),
        RowColumn(
            head=msg("Who, when"),
            cell=lambda one: RowCell(f"{visible(one.by, 40)}, {iso_date(one.at)}", "text2"),
            width=28,
            goes_first=1,
        ),
    )
    return RowTable(
        columns,
        name=say(msg("Decided here")),
        spoken=lambda one: f"{visible(one.subject)}: {decision_words(one, now())}. {visible(one.reason)}",
        narrowest=120,
        opens_on_click=False,
    )


def _about(subject: str) -> str:
    """Return what a line is about; a bare digest is cut to what tells it from others."""
    if len(subject) == _DIGEST and all(digit in "0123456789abcdef" for digit in subject):
        return f"{fingerprint_text(subject[:16])} …"
    return visible(subject)


def log_table(now: Callable[[], datetime]) -> RowTable[LogEntry]:
    """Return a table of the log's lines."""
    columns: tuple[RowColumn[LogEntry], ...] = (
        RowColumn(head=msg("Line"), cell=lambda one: RowCell(str(one.number), "text2"), width=6),
        RowColumn(
            head=msg("When"),
            cell=lambda one: RowCell(f"{iso_date(one.at)} {one.at:%H:%M}", "text2"),
            width=19,
        ),
        RowColumn(
            head=msg("What"),
            cell=lambda one: RowCell(say(ACTION_WORDS[one.action]), style=TypeStyle.ROW_TITLE),
            width=26,
        ),
        RowColumn(head=msg("About"), cell=lambda one: RowCell(_about(one.subject))),
        RowColumn(head=msg("Comment"), cell=lambda one: RowCell(visible(one.comment), "text2"), goes_first=2),
        RowColumn(
            head=msg("Who"), cell=lambda one: RowCell(visible(one.by, 40), "text2"), width=16, goes_first=1
        ),
    )

    def spoken(one: LogEntry) -> str:
        parts = (
            str(one.number),
            say(ACTION_WORDS[one.action]),
            visible(one.subject),
            visible(one.comment),
            f"{visible(one.by, 40)}, {say(distance(one.at, now()))}",
        )
        return ", ".join(part for part in parts if part)

    return RowTable(columns, name=say(msg("Trust log")), spoken=spoken, narrowest=120)
