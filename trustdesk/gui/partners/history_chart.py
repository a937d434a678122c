"""The trend as a chart for hand and keyboard; its table twin says the same in words."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.partners.history_days import day_words
from trustdesk.gui.partners.history_plot import TrendPlot, TrendScale, areas
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.widgets.painting import CONTROL_RADIUS, paint_focus, shows_focus
from trustdesk.gui.words import say
from trustdesk.services.history_trend import Trend, TrendDay


class TrendChart(QWidget):
    """Two small charts, one above the other; time runs from left to right in every language.

    Signals:
        current_changed: the TrendDay that the person chose.
    """

    current_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trend = Trend()
        self._current = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        current_theme().changed.connect(self.update)
        self._tell()

    @property
    def current(self) -> TrendDay | None:
        """The day that was chosen; None before."""
        days = self._trend.days
        return days[self._current] if 0 <= self._current < len(days) else None

    def show_trend(self, trend: Trend) -> None:
        """Show another trend; no day is chosen."""
        self._trend, self._current = trend, -1
        self._tell()
        self.update()

    def sizeHint(self) -> QSize:
        """Return a height for both charts and the axis."""
        return QSize(360, round(areas(360).height))

    def minimumSizeHint(self) -> QSize:
        """Return the narrowest that can be read."""
        return QSize(180, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from day to day with the arrow keys, Home and End."""
        last = len(self._trend.days) - 1
        begun = self._current >= 0
        places = {
            int(Qt.Key.Key_Left): max(0, self._current - 1) if begun else last,
            int(Qt.Key.Key_Right): min(last, self._current + 1) if begun else last,
            int(Qt.Key.Key_Home): 0,
            int(Qt.Key.Key_End): last,
        }
        if last < 0 or event.key() not in places:
            super().keyPressEvent(event)
        else:
            self._choose(places[event.key()])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the day under the pointer."""
        place = self._place_at(event.position())
        if place >= 0:
            self._choose(place)

    def event(self, event: QEvent) -> bool:
        """Say in a tooltip what was on the day under the pointer."""
        if event.type() is not QEvent.Type.ToolTip or not isinstance(event, QHelpEvent):
            return super().event(event)
        place = self._place_at(QPointF(event.pos()))
        if place >= 0:
            QToolTip.showText(event.globalPos(), day_words(self._trend.days[place]), self)
        else:
            QToolTip.hideText()
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint both charts, the axis and the focus."""
        painter = QPainter(self)
        TrendPlot(painter, self._trend, areas(self.width()), self.current).paint(self.width())
        if shows_focus(self):
            paint_focus(painter, self.rect().toRectF(), CONTROL_RADIUS)
        painter.end()

    def _place_at(self, point: QPointF) -> int:
        """Return the day nearest to a point; -1 where there is none."""
        scale = TrendScale(self._trend.days, areas(self.width()).days_left)
        near = [(abs(scale.x(day) - point.x()), place) for place, day in enumerate(self._trend.days)]
        away, place = min(near, default=(0.0, -1))
        return place if away <= max(8.0, scale.day_width) else -1

    def _choose(self, place: int) -> None:
        self._current = place
        self._tell()
        self.update()
        self.current_changed.emit(self.current)

    def _tell(self) -> None:
        name = say(msg("Days left and time of the handshake, day by day"))
        day = self.current
        self.setAccessibleName(name)
        self.setAccessibleDescription("" if day is None else day_words(day))
