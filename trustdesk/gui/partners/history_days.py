"""The days of the trend in words, and the table twin of its chart."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.gui.inspector.row_table import RowCell, RowColumn, RowTable
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.words import say
from trustdesk.services.history_trend import TrendDay

_WARNING_DAYS = 30


def day_words(day: TrendDay) -> str:
    """Say everything of one day, in one line."""
    parts: list[Message] = [msg("{day}", day=f"{day.day:%Y-%m-%d}"), tests_words(day)]
    if day.days_left is not None:
        parts.append(_left_words(day.days_left))
    if day.handshake_ms is not None:
        parts.append(msg("handshake {count} ms", count=round(day.handshake_ms)))
    return ", ".join(map(say, parts))


def tests_words(day: TrendDay) -> Message:
    """Say how the tests of a day ended."""
    if not day.tests:
        return msg("not reached")
    if not day.failing:
        return msg_n("{count} test passed", "{count} tests passed", day.tests)
    return msg_n(
        "{failing} of {count} test failed",
        "{failing} of {count} tests failed",
        day.tests,
        failing=day.failing,
    )


def _left_words(days_left: float) -> Message:
    whole = int(days_left // 1)
    if whole < 0:
        return msg_n("expired {count} day ago", "expired {count} days ago", -whole)
    return msg_n("{count} day left", "{count} days left", whole)


class TrendTable(RowTable[TrendDay]):
    """The twin: one row a day, the newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            _COLUMNS, name=say(msg("Trend as a table")), spoken=day_words, narrowest=90, opens_on_click=False
        )
        self.setParent(parent)

    def show_trend(self, days: Sequence[TrendDay]) -> None:
        """Show other days."""
        self.show_rows(tuple(reversed(days)))


def _days_cell(day: TrendDay) -> RowCell:
    if day.days_left is None:
        return RowCell("–", "text3")
    whole = int(day.days_left // 1)
    ink = "bad" if whole < 0 else "warning" if whole <= _WARNING_DAYS else "text"
    return RowCell(str(whole).replace("-", "\u2212"), ink)


def _ms_cell(value: float | None) -> RowCell:
    return RowCell("–", "text3") if value is None else RowCell(say(msg("{count} ms", count=round(value))))


def _tests_cell(day: TrendDay) -> RowCell:
    if not day.tests:
        return RowCell(say(tests_words(day)), "text2", "unknown", icon_ink="unknown")
    if not day.failing:
        return RowCell(say(msg("{count} passed", count=day.tests)), "text2")
    return RowCell(
        say(msg("{failing} of {count} failed", failing=day.failing, count=day.tests)), "bad", "bad"
    )


_COLUMNS: tuple[RowColumn[TrendDay], ...] = (
    RowColumn(
        head=msg("Day"), cell=lambda day: RowCell(f"{day.day:%Y-%m-%d}", style=TypeStyle.ROW_TITLE), width=14
    ),
    RowColumn(head=msg("Days left"), cell=_days_cell, width=9),
    RowColumn(head=msg("Handshake"), cell=lambda day: _ms_cell(day.handshake_ms), width=10),
    RowColumn(head=msg("Slowest"), cell=lambda day: _ms_cell(day.slowest_ms), width=10, goes_first=1),
    RowColumn(head=msg("Tests"), cell=_tests_cell),
)
