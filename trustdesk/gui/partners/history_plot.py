"""Paints the trend: days left above, the time of a handshake below, one axis of time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from trustdesk.core.message import msg
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font, metrics
from trustdesk.gui.widgets.painting import hairline
from trustdesk.gui.words import say, say_number
from trustdesk.services.history_trend import Trend, TrendDay

WARNING_DAYS = 30
_DAYS_HEIGHT, _TIMES_HEIGHT, _STRIP_HEIGHT = 56, 44, 6
_PAD = 6.0
_DOT = 3.0
_WIDTH = 1.5


_START = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute)
_END = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute)


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas:
    """Where the parts stand, in pixels; all of the same width."""

    days_left: QRectF
    times: QRectF
    strip: QRectF

    @property
    def height(self) -> float:
        """Of everything, the axis and its padding included."""
        return self.strip.bottom() + _line() + 2 + _PAD


def areas(width: float) -> Areas:
    """Return the places of the parts for a width and the system's font."""
    numbers = metrics(TypeStyle.AXIS).horizontalAdvance("8888 ms") + 8
    used = max(20.0, width - 2 * _PAD - numbers)
    first = QRectF(QPointF(_PAD, _PAD + _line() + 2), QSizeF(used, _DAYS_HEIGHT))
    second = QRectF(QPointF(_PAD, first.bottom() + _line() + 10), QSizeF(used, _TIMES_HEIGHT))
    return Areas(
        days_left=first,
        times=second,
        strip=QRectF(QPointF(_PAD, second.bottom() + 4), QSizeF(used, _STRIP_HEIGHT)),
    )


class TrendScale:
    """Where days stand on the axis of time."""

    def __init__(self, days: Sequence[TrendDay], area: QRectF) -> None:
        self._left, self._width = area.left(), area.width()
        self._first = days[0].day.toordinal() if days else 0
        self._last = days[-1].day.toordinal() if days else 0

    @property
    def day_width(self) -> float:
        """Width of a day in pixels."""
        return self._width / (self._last - self._first + 1)

    def x(self, day: TrendDay) -> float:
        """Return the middle of a day."""
        return self._left + (day.day.toordinal() - self._first + 0.5) * self.day_width


class TrendPlot:
    """Paints onto one painter; made for each paint."""

    def __init__(self, painter: QPainter, trend: Trend, places: Areas, current: TrendDay | None) -> None:
        """Prepare it; `current` is the day that a line goes through."""
        self._painter = painter
        self._trend = trend
        self._places = places
        self._current = current
        self._scale = TrendScale(trend.days, places.days_left)
        self._tokens = current_theme().tokens
        self._line = hairline(painter.device().devicePixelRatio())

    def paint(self, width: float) -> None:
        """Paint everything; `width` is that of the whole widget."""
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._days_left(width)
        self._times(width)
        self._strip()
        self._axis()
        if self._current is not None:
            x, top = self._scale.x(self._current), self._places.days_left.top()
            line = QRectF(x - 1, top, 2, self._places.strip.bottom() - top)
            self._painter.fillRect(line, QColor(self._tokens.accent))

    def _days_left(self, width: float) -> None:
        area, days = self._places.days_left, self._trend.days
        known = [day.days_left for day in days if day.days_left is not None]
        top, bottom = rounded_up(max([*known, 1.0])), min([0.0, *known])
        y = _heights(area, bottom, top)
        band = QRectF(QPointF(area.left(), y(min(float(WARNING_DAYS), top))), QPointF(area.right(), y(0)))
        self._painter.fillRect(band, QColor(self._tokens.warning_soft))
        self._frame(area, width, say(msg("Days left")), say_number(round(top)), say_number(round(bottom)))
        self._painter.fillRect(
            QRectF(area.left(), y(0), area.width(), self._line), QColor(self._tokens.control)
        )
        shown = ""
        for run in _runs(days, lambda day: day.days_left, by_certificate=True):
            points = [(self._scale.x(day), value) for day, value in run]
            for (x, value), (next_x, next_value) in pairwise(points):
                self._painter.setPen(QPen(QColor(self._ink(next_value)), _WIDTH))
                self._painter.drawLine(QPointF(x, y(value)), QPointF(next_x, y(next_value)))
            # A dot where a certificate was seen first tells a renewal apart from days without a test.
            if run[0][0].certificate != shown:
                self._dot(QPointF(points[0][0], y(points[0][1])), self._ink(points[0][1]))
            shown = run[0][0].certificate

    def _times(self, width: float) -> None:
        area, days = self._places.times, self._trend.days
        top = rounded_up(max([1.0, *(day.slowest_ms for day in days if day.slowest_ms is not None)]))
        y = _heights(area, 0, top)
        self._frame(area, width, say(msg("Handshake")), say(msg("{count} ms", count=round(top))), "0")
        self._painter.setPen(QPen(QColor(self._tokens.blue_tint), _WIDTH))
        for day in days:
            if day.handshake_ms is not None and day.slowest_ms is not None:
                x = self._scale.x(day)
                self._painter.drawLine(QPointF(x, y(day.handshake_ms)), QPointF(x, y(day.slowest_ms)))
        self._painter.setPen(QPen(QColor(self._tokens.blue), _WIDTH))
        for run in _runs(days, lambda day: day.handshake_ms, by_certificate=False):
            points = [QPointF(self._scale.x(day), y(value)) for day, value in run]
            self._painter.drawPolyline(points)
            if len(points) == 1:
                self._dot(points[0], self._tokens.blue)

    def _strip(self) -> None:
        """Paint a high mark for each day with a failure, a low one where it only was not reached."""
        area = self._places.strip
        width = max(2.0, min(8.0, self._scale.day_width * 0.8))
        for day in self._trend.days:
            mark = QRectF(self._scale.x(day) - width / 2, area.top(), width, area.height())
            if day.failing:
                self._painter.fillRect(mark, QColor(self._tokens.red))
            elif day.inconclusive:
                self._painter.fillRect(mark.adjusted(0, area.height() - 2, 0, 0), QColor(self._tokens.slate))

    def _axis(self) -> None:
        days, strip = self._trend.days, self._places.strip
        words = QRectF(strip.left(), strip.bottom() + 2, strip.width(), _line())
        self._painter.setFont(font(TypeStyle.AXIS))
        self._painter.setPen(QColor(self._tokens.text2))
        if days:
            self._painter.drawText(words, _START, f"{days[0].day:%Y-%m-%d}")
        if len(days) > 1:
            self._painter.drawText(words, _END, f"{days[-1].day:%Y-%m-%d}")

    def _frame(self, area: QRectF, width: float, title: str, top: str, bottom: str) -> None:
        painter, height = self._painter, _line()
        for edge in (area.top(), area.bottom()):
            painter.fillRect(QRectF(area.left(), edge, area.width(), self._line), QColor(self._tokens.grid))
        painter.setFont(font(TypeStyle.AXIS))
        painter.setPen(QColor(self._tokens.text2))
        head = QRectF(area.left(), area.top() - height - 2, area.width(), height)
        painter.drawText(head, _START, title)
        numbers = QRectF(area.right() + 6, area.top() - height / 2, width - area.right() - 6, height)
        painter.drawText(numbers, _START, top)
        painter.drawText(numbers.translated(0, area.height()), _START, bottom)

    def _ink(self, days_left: float) -> str:
        if days_left < 0:
            return self._tokens.red
        return self._tokens.amber if days_left <= WARNING_DAYS else self._tokens.blue

    def _dot(self, center: QPointF, color: str) -> None:
        self._painter.setPen(QPen(QColor(color), _WIDTH))
        self._painter.setBrush(QColor(self._tokens.surface))
        self._painter.drawEllipse(center, _DOT, _DOT)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)


_EASY = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def rounded_up(value: float) -> float:
    """Return the next number that is easily read: of two digits at most before its zeros."""
    step = 1.0
    while True:
        for number in _EASY:
            if number * step >= value:
                return number * step
        step *= 10


def _heights(area: QRectF, low: float, high: float) -> Callable[[float], float]:
    bottom, scale = area.bottom(), area.height() / (high - low)
    return lambda value: bottom - (value - low) * scale


_Run = list[tuple[TrendDay, float]]


def _runs(
    days: Sequence[TrendDay], value_of: Callable[[TrendDay], float | None], *, by_certificate: bool
) -> Iterator[_Run]:
    """Yield days that a line joins; it breaks where nothing is known, and at another certificate."""
    run: _Run = []
    for day in days:
        value = value_of(day)
        if run and (value is None or (by_certificate and run[-1][0].certificate != day.certificate)):
            yield run
            run = []
        if value is not None:
            run.append((day, value))
    if run:
        yield run


def _line() -> int:
    return metrics(TypeStyle.AXIS).height()
