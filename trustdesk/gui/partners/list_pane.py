"""The left side of the page: chips, the strip of the sweep, and the table in its card."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.partners.column_chooser import ColumnChooser
from trustdesk.gui.partners.filter_bar import partner_filters
from trustdesk.gui.partners.model import PartnersModel
from trustdesk.gui.partners.order import order_words
from trustdesk.gui.partners.sweep_run import SweepRun
from trustdesk.gui.partners.sweep_strip import SweepStrip
from trustdesk.gui.partners.table import PartnersTable
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.card import Card, Hairline
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_NARROWEST = 420


class ListPane(QWidget):
    """Everything that stands around the table."""

    def __init__(self, model: PartnersModel, run: SweepRun, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.filters = partner_filters()
        self.strip = SweepStrip(run)
        self.table = PartnersTable(model)
        self.columns = ColumnChooser(self.table)
        self._foot = ElidedLabel(style=TypeStyle.SECOND_LINE, ink="text2")
        hint = Text(say(msg("Enter opens, F5 tests marked rows or all")), TypeStyle.SECOND_LINE, "text3")
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 6, 14, 8)
        foot.setSpacing(16)
        foot.addWidget(self._foot, 1)
        foot.addWidget(hint)
        card = Card()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.table, 1)
        inside.addWidget(Hairline())
        inside.addLayout(foot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.filters, 1)
        head.addWidget(self.columns, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(head)
        layout.addWidget(self.strip)
        layout.addWidget(card, 1)
        self.strip.hide()
        self.setMinimumWidth(_NARROWEST)

    @property
    def foot(self) -> str:
        """What stands below the table."""
        return self._foot.text()

    def tell_order(self) -> None:
        """Say how many rows are shown, and in which order."""
        self._foot.setText(
            say(
                msg(
                    "{shown} of {total} shown, {order}",
                    shown=self._model.rowCount(),
                    total=self._model.total,
                    order=order_words(self._model.arrangement),
                )
            )
        )
