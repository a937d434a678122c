"""The strip above the table: how far the sweep is, and Cancel; afterwards its totals."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.gui.partners.sweep_run import SweepRun, Tally
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.job_strip import JobStrip
from trustdesk.gui.words import say
from trustdesk.services.board import State

_PAUSE, _GO_ON = msg("Pause"), msg("Go on")


class SweepStrip(JobStrip):
    """Progress of a sweep."""

    def __init__(self, run: SweepRun, parent: QWidget | None = None) -> None:
        super().__init__(
            bar=say(msg("Progress of the sweep")), close=say(msg("Close the totals")), parent=parent
        )
        self._run = run
        self.pause_button = Button(say(_PAUSE))
        self.pause_button.setToolTip(say(msg("Begin no further test; those that run come to their end")))
        self.pause_button.clicked.connect(self._turn_pause)
        self.put_before_cancel(self.pause_button)

    def refresh(self) -> None:
        """Show where the sweep is."""
        tally, running = self._run.tally, self._run.is_running
        parts = [
            (tally.passed, "teal"),
            (tally.warned, "amber"),
            (tally.failed, "red"),
            (tally.inconclusive + tally.stopped, "slate"),
            (tally.running, "blue_tint"),
        ]
        self.show_job(
            self._headline(tally, running),
            self._detail(tally, running),
            parts,
            tally.total,
            running=running,
            cancelling=self._run.is_cancelling,
            held=self._run.is_paused,
        )
        words = say(_GO_ON if self._run.is_paused else _PAUSE)
        if words != self.pause_button.text():
            self.pause_button.show_as(words)
        self.pause_button.setVisible(running)
        self.pause_button.setEnabled(not self._run.is_cancelling)
        for state, count, word in (
            (State.GOOD, tally.passed, msg_n("{count} passed", "{count} passed", tally.passed)),
            (
                State.WARNING,
                tally.warned,
                msg_n("{count} with warnings", "{count} with warnings", tally.warned),
            ),
            (State.BAD, tally.failed, msg_n("{count} failed", "{count} failed", tally.failed)),
            (
                State.UNKNOWN,
                tally.inconclusive,
                msg_n("{count} inconclusive", "{count} inconclusive", tally.inconclusive),
            ),
        ):
            self.show_count(state, count, word)

    def _turn_pause(self) -> None:
        self._run.turn_pause()
        self.refresh()

    def _headline(self, tally: Tally, running: bool) -> Message:
        if running and self._run.is_cancelling:
            return msg("Cancelling")
        if self._run.is_paused:
            return msg("Paused")
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
        seconds = totals.duration_ms / 1000 if totals else "–"
        kept = tally.total - tally.done + tally.stopped
        if kept:
            return msg(
                "{done} of {total} tested in {seconds} s, the others keep their earlier result",
                done=tally.done - tally.stopped,
                total=tally.total,
                seconds=seconds,
            )
        return msg("in {seconds} s", seconds=seconds)
