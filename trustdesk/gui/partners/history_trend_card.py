"""The trend in a card: chart or table, and below it what it shows in sentences."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.message import msg, msg_n
from trustdesk.gui.partners.history_chart import TrendChart
from trustdesk.gui.partners.history_days import TrendTable, day_words
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.history_trend import Trend, TrendDay
from trustdesk.services.trend_words import trend_sentences

_MOST_ROWS = 8


class TrendCard(Card):
    """Title, switch to the twin, chart, sentences."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart = TrendChart()
        self.table = TrendTable()
        self.twin = Button(icon="table-twin", name=say(msg("Show the trend as a table")))
        self.twin.setCheckable(True)
        self._count = ElidedLabel(ink="text2")
        self._day = Text(style=TypeStyle.SECOND_LINE, wrap=True)
        self._sentences = Text(style=TypeStyle.SECOND_LINE, ink="text2", wrap=True)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.chart)
        self._stack.addWidget(self.table)
        self.twin.toggled.connect(self._turn)
        self.chart.current_changed.connect(self._show_day)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(Text(say(msg("Trend")), TypeStyle.SECTION))
        head.addWidget(self._count, 1)
        head.addWidget(self.twin)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(margins(14, 8, 10, 10))
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self._stack)
        layout.addWidget(self._day)
        layout.addWidget(self._sentences)
        self._day.hide()

    @property
    def words(self) -> str:
        """What is said below the chart."""
        return self._sentences.text()

    @property
    def day_words(self) -> str:
        """What is said of the day that was chosen; "" before."""
        return self._day.text()

    def show_trend(self, trend: Trend, tests: int) -> None:
        """Show another trend, made from so many tests."""
        self.chart.show_trend(trend)
        self.table.show_trend(trend.days)
        self._count.setText(say(msg_n("{count} test", "{count} tests", tests)))
        self._sentences.setText("\n".join(map(say, trend_sentences(trend))))
        self._sentences.setVisible(bool(self._sentences.text()))
        self._day.setText("")
        self._day.hide()
        self._fit()

    def _turn(self, shows_table: bool) -> None:
        self._stack.setCurrentIndex(1 if shows_table else 0)
        self.twin.setToolTip(
            say(msg("Show the trend as a chart") if shows_table else msg("Show the trend as a table"))
        )
        self._fit()

    def _fit(self) -> None:
        """Give the table the height of some rows; it scrolls in itself."""
        rows = min(_MOST_ROWS, max(3, len(self.table.rows)))
        table = self.table.horizontalHeader().sizeHint().height() + rows * self.table.row_height + 2
        height = table if self.twin.isChecked() else self.chart.sizeHint().height()
        self._stack.setFixedHeight(height)

    def _show_day(self, day: TrendDay | None) -> None:
        self._day.setText("" if day is None else day_words(day))
        self._day.setVisible(day is not None)
