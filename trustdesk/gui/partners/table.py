"""The partner table: rows of two lines, columns that give way one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from trustdesk.core.message import msg
from trustdesk.gui.partners.cells import AT_FIRST_LEFT_OUT, TESTED_WORDS, Column
from trustdesk.gui.partners.model import PartnersModel
from trustdesk.gui.widgets.ring import ring_clock
from trustdesk.gui.widgets.two_line_cells import ICON, PADDING
from trustdesk.gui.widgets.two_line_table import TwoLineTable
from trustdesk.gui.words import say
from trustdesk.services.board import BoardRow
from trustdesk.services.last_seen import SHORT_CHANGES


class PartnersTable(TwoLineTable):
    """The view on `PartnersModel`, with rings that turn where something is being tested."""

    def __init__(self, model: PartnersModel, parent: QWidget | None = None) -> None:
        super().__init__(
            model,
            name=say(msg("Partners")),
            numbers=(Column.DAYS,),
            left_to_right=(Column.TLS, Column.DAYS, Column.ENDPOINT, Column.FINGERPRINT),
            with_icon=(Column.SERVER, Column.MTLS, Column.ON_LIST),
            dropped_first=(
                Column.FINGERPRINT,
                Column.ENDPOINT,
                Column.LAST_CHANGE,
                Column.TLS,
                Column.TESTED,
                Column.ON_LIST,
            ),
            widest={Column.ENDPOINT: 260},
            parent=parent,
        )
        self._model = model
        self.leave_out(AT_FIRST_LEFT_OUT)
        ring_clock().moved.connect(self._turn_rings)

    def measure(self, rows: Sequence[BoardRow]) -> None:
        """Give every column the width of its longest word among `rows`."""
        days = [row.days_left for row in rows if row.days_left is not None] or [0]
        self.measure_words(
            {
                Column.TLS: {row.tls_version or "" for row in rows},
                Column.SERVER: {say(word) for word in {row.server.word for row in rows}},
                Column.MTLS: {say(word) for word in {row.mtls.word for row in rows}},
                Column.ON_LIST: {say(word) for word in {row.on_list.word for row in rows}},
                Column.DAYS: {f"\u2212{-day}" if day < 0 else str(day) for day in (min(days), max(days))},
                Column.TESTED: {say(word) for word in TESTED_WORDS},
                Column.ENDPOINT: {max((row.endpoint.target.endpoint for row in rows), key=len, default="")},
                Column.LAST_CHANGE: {say(word) for word in SHORT_CHANGES.values()},
                Column.FINGERPRINT: {f"{'00:' * 8} …"},
            }
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows; on another day than the last time with other words."""
        self._model.turn_day()
        super().paintEvent(event)

    def _turn_rings(self) -> None:
        if not self.isVisible():
            return
        for place in self._model.running_places():
            rect = self.row_rect(place)
            if rect.bottom() >= 0 and rect.top() <= self.viewport().height():
                for column in (Column.PARTNER, Column.SERVER, Column.MTLS):
                    cell = self.visualRect(self._model.index(place, column))
                    self.viewport().update(cell.adjusted(0, 0, PADDING + ICON - cell.width() + 4, 0))
