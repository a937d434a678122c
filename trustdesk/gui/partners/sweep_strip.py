"""The strip above the table: how far the sweep is, and Cancel; afterwards its totals."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.gui.partners.sweep_run import SweepRun, Tally
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.progress_bar import ProgressBar
from trustdesk.gui.widgets.ring import Ring
from trustdesk.gui.widgets.state_chip import StateChip
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.board import State


class SweepStrip(Card):
    """Progress of a sweep.

    Signals:
        cancelled: the person pressed Cancel.
        closed: the person wants the totals gone.
    """

    cancelled = Signal()
    closed = Signal()

    def __init__(self, run: SweepRun, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._ring = Ring(18)
        self._title = Text(style=TypeStyle.ROW_TITLE_BAD)
        self._numbers = ElidedLabel(style=TypeStyle.SECOND_LINE, ink="text2")
        self._chips = {state: StateChip() for state in (State.GOOD, State.WARNING, State.BAD)}
        self._bar = ProgressBar(name=say(msg("Progress of the sweep")))
        self._cancel = Button(say(msg("Cancel")), key="Esc")
        self._cancel.clicked.connect(self.cancelled)
        self._close = Button(icon="close", name=say(msg("Close the totals")))
        self._close.clicked.connect(self.closed)
        words = QHBoxLayout()
        words.setSpacing(8)
        words.addWidget(self._title)
        words.addWidget(self._numbers, 1)
        for chip in self._chips.values():
            words.addWidget(chip)
        middle = QVBoxLayout()
        middle.setSpacing(7)
        middle.addLayout(words)
        middle.addWidget(self._bar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(13, 10, 12, 10)
        layout.setSpacing(12)
        layout.addWidget(self._ring)
        layout.addLayout(middle, 1)
        layout.addWidget(self._cancel)
        layout.addWidget(self._close)

    def refresh(self) -> None:
        """Show where the sweep is."""
        tally, running = self._run.tally, self._run.is_running
        self._ring.set_running(running)
        self._cancel.setVisible(running)
        self._cancel.setEnabled(not self._run.is_cancelling)
        self._close.setVisible(not running)
        self._title.setText(say(self._headline(tally, running)))
        numbers = say(self._detail(tally, running))
        self._numbers.setText(numbers)
        for state, count, word in (
            (State.GOOD, tally.passed, msg_n("{count} passed", "{count} passed", tally.passed)),
            (
                State.WARNING,
                tally.warned,
                msg_n("{count} with warnings", "{count} with warnings", tally.warned),
            ),
            (State.BAD, tally.failed, msg_n("{count} failed", "{count} failed", tally.failed)),
        ):
            self._chips[state].show_state(state, str(count), name=say(word))
        parts = [
            (tally.passed, "teal"),
            (tally.warned, "amber"),
            (tally.failed, "red"),
            (tally.stopped, "slate"),
            (tally.running, "blue_tint"),
        ]
        self._bar.show_parts(parts, tally.total, numbers)
        self.setAccessibleName(f"{self._title.text()}: {numbers}")

    def _headline(self, tally: Tally, running: bool) -> Message:
        if running and self._run.is_cancelling:
            return msg("Cancelling")
        if running:
            return msg_n("Testing {count} partner", "Testing {count} partners", tally.total)
        if tally.done < tally.total or tally.stopped:
            return msg("Cancelled")
        return msg_n("{count} partner tested", "{count} partners tested", tally.total)

    def _detail(self, tally: Tally, running: bool) -> Message:
        if running:
            return msg(
                "{done} done, {running} running, {waiting} waiting",
                done=tally.done,
                running=tally.running,
                waiting=tally.waiting,
            )
        totals = self._run.totals
        seconds = f"{totals.duration_ms / 1000:.1f}" if totals else "–"
        kept = tally.total - tally.done + tally.stopped
        if kept:
            return msg(
                "{done} of {total} tested in {seconds} s, the others keep their earlier result",
                done=tally.done - tally.stopped,
                total=tally.total,
                seconds=seconds,
            )
        return msg("in {seconds} s", seconds=seconds)
