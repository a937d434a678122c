"""Whether this machine's clock is right: what the system says of it, and what partners' servers said.

Nobody is asked: the Date of answers that were read in tests is compared, never fetched for this.
"""

from __future__ import annotations

import ctypes
import statistics
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from trustdesk.core.finding import FindingStatus
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.probe import CLOCK_TOLERANCE_S, ProbeReport
from trustdesk.core.self_check import SelfCheck

if TYPE_CHECKING:
    from trustdesk.services.board import BoardRow

MOST_ASKED = 7
"""Results that are looked at: the median of a few servers says enough."""

RELEASED = datetime(2026, 11, 1, tzinfo=UTC)
"""A clock before this program existed is wrong."""

_TITLE = msg("Clock")
_NEWEST = timedelta(days=7)
_NEAR_S = 5.0
_UNSYNCHRONISED = 0x40
"""STA_UNSYNC of `struct timex` (Linux, adjtimex(2))."""
_TIMEX_BYTES = 208
_STATUS_OFFSET = 40
_ERROR_STATE = 5


def newest_tested(rows: Sequence[BoardRow], now: datetime) -> tuple[BoardRow, ...]:
    """Return the endpoints whose last test says the most about the clock now, at most `MOST_ASKED`."""
    recent = [row for row in rows if row.tested_at is not None and now - row.tested_at < _NEWEST]
    recent.sort(key=lambda row: row.tested_at or now, reverse=True)
    return tuple(recent[:MOST_ASKED])


def told_offset_s(reports: Iterable[ProbeReport | None]) -> tuple[float, int] | None:
    """Return how far servers are ahead of us, in seconds, and how many said so; None where none did."""
    found = [
        report.record.clock_offset_s
        for report in reports
        if report is not None and report.record.clock_offset_s is not None
    ]
    return (statistics.median(found), len(found)) if found else None


def clock_check(
    told: tuple[float, int] | None, now: datetime, *, is_synchronised: bool | None = None
) -> SelfCheck:
    """Say how the clock stands.

    Args:
        told: as `told_offset_s` returns it.
        is_synchronised: what the system says; None where it says nothing.
    """
    if now < RELEASED:
        return _check(
            FindingStatus.FAIL,
            msg("This computer's clock says {date}: before this program was made.", date=f"{now:%Y-%m-%d}"),
        )
    if told is not None:
        offset, count = told
        found = msg_n(
            "{count} partner's server differs by {seconds} s.",
            "{count} partners' servers differ by {seconds} s (median).",
            count,
            seconds=round(abs(offset), 1),
        )
        if abs(offset) >= CLOCK_TOLERANCE_S:
            return _check(FindingStatus.FAIL, found)
        if abs(offset) >= _NEAR_S and is_synchronised is not True:
            return _check(FindingStatus.WARN, found)
        return _check(FindingStatus.PASS, found)
    if is_synchronised is None:
        return SelfCheck(
            name="clock",
            title=_TITLE,
            status=FindingStatus.NOT_RUN,
            found=msg("No partner's server told its time lately, and the system says nothing of its clock."),
            remedy=msg("Test a partner: its answer tells the time."),
        )
    if not is_synchronised:
        return _check(FindingStatus.WARN, msg("The system says that its clock is not synchronised."))
    return _check(FindingStatus.PASS, msg("The system keeps its clock synchronised."))


def system_is_synchronised() -> bool | None:
    """Whether Linux keeps its clock by a time server; None elsewhere, and where it does not say."""
    if sys.platform != "linux":
        return None
    try:
        library = ctypes.CDLL(None, use_errno=True)
        state = ctypes.create_string_buffer(_TIMEX_BYTES + 64)  # modes 0: read only
        answer = library.adjtimex(state)
    except (OSError, AttributeError):
        return None
    if answer < 0:
        return None
    size = ctypes.sizeof(ctypes.c_long)
    if size != ctypes.sizeof(ctypes.c_int64):
        return None  # another layout than the offset above
    status = int.from_bytes(state.raw[_STATUS_OFFSET : _STATUS_OFFSET + 4], sys.byteorder)
    return answer != _ERROR_STATE and not status & _UNSYNCHRONISED


def _check(status: FindingStatus, found: Message) -> SelfCheck:
    remedy = None
    if status is not FindingStatus.PASS:
        remedy = msg("Let the system set its time by a time server: dates decide what is valid.")
    return SelfCheck(name="clock", title=_TITLE, status=status, found=found, remedy=remedy)
