"""Whether this computer's clock is right, at the end of the status bar; a press opens the self-test."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.finding import FindingStatus
from trustdesk.core.message import msg
from trustdesk.core.probe import ProbeReport
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.dates import utc_now
from trustdesk.gui.widgets.status_button import StatusButton
from trustdesk.gui.words import say
from trustdesk.services.board import BoardRow
from trustdesk.services.clock_check import clock_check, newest_tested, system_is_synchronised, told_offset_s
from trustdesk.services.desk import Desk

_LOOKS = {
    FindingStatus.PASS: ("clock", "text2"),
    FindingStatus.WARN: ("warning", "warning"),
    FindingStatus.FAIL: ("bad", "bad"),
    FindingStatus.NOT_RUN: ("clock", "text2"),
}


class ClockButton(StatusButton):
    """Compares the clock with what partners' servers said in their answers; asks nobody.

    Attributes:
        told: how far they are ahead, in seconds, and how many said so; None where none did.
    """

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._desk: Desk | None = None
        self._round = 0
        self.told: tuple[float, int] | None = None
        self._tell()
        self.hide()

    def set_desk(self, desk: Desk) -> None:
        """Look at a desk's results."""
        self._desk = desk
        self.show()
        self.refresh()

    def refresh(self) -> None:
        """Look at the newest results again."""
        if self._desk is not None:
            self._round += 1
            take = partial(self._ask, self._round)
            self._bridge.when_done(self._desk.board(), take, self._leave, owner=self)

    def _ask(self, number: int, rows: tuple[BoardRow, ...]) -> None:
        if self._desk is None or number != self._round:
            return
        found: list[ProbeReport | None] = []
        newest = newest_tested(rows, utc_now())
        for row in newest:
            report = self._desk.last_report(row.endpoint.id)
            take = partial(self._take, number, found, len(newest))
            self._bridge.when_done(report, take, self._leave, owner=self)
        if not newest:
            self._tell()

    def _take(
        self, number: int, found: list[ProbeReport | None], wanted: int, report: ProbeReport | None
    ) -> None:
        found.append(report)
        if number == self._round and len(found) == wanted:
            self.told = told_offset_s(found)
            self._tell()

    def _leave(self, _error: TrustdeskError) -> None:
        """What cannot be read is no news of the clock; the page that needs it says why."""

    def _tell(self) -> None:
        check = clock_check(self.told, utc_now(), is_synchronised=system_is_synchronised())
        if self.told is not None:
            seconds = round(abs(self.told[0]), 1)
            full = say(msg("Clock checked, {seconds} s off", seconds=seconds))
            brief = say(msg("{seconds} s", seconds=seconds))
        elif check.status is FindingStatus.PASS:
            full, brief = say(msg("Clock synchronised")), say(msg("Clock"))
        else:
            full, brief = say(msg("Clock not checked")), say(msg("Not checked"))
        icon, ink = _LOOKS[check.status if self.told is not None else FindingStatus.NOT_RUN]
        self.show_state(full, brief, icon=icon, ink=ink)
        self.setAccessibleName(say(msg("Clock: {state}", state=full)))
        tip = say(check.found)
        self.setToolTip(tip if check.remedy is None else f"{tip} {say(check.remedy)}")
