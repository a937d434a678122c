"""The chip **Evaluate at**: today or a date, chosen in a calendar that opens below it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time

from PySide6.QtCore import QDate, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QCalendarWidget,
    QDateEdit,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from trustdesk.core.message import msg
from trustdesk.gui.dates import iso_date
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.painting import paint_focus, paint_rounded, shows_focus
from trustdesk.gui.words import say

_ICON = 14
_FIRST, _LAST = QDate(1990, 1, 1), QDate(2099, 12, 31)


def _utc_now() -> datetime:
    return datetime.now(UTC)


def evaluation_instant(day: date) -> datetime:
    """Return the instant that a day is judged for: noon UTC, which is that day nearly everywhere."""
    return datetime.combine(day, time(12), UTC)


class EvaluateAtChip(QAbstractButton):
    """Says for which day is judged, and opens the calendar.

    Signals:
        time_chosen: the instant that the person wants to judge for; None for today.
    """

    time_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, now: Callable[[], datetime] = _utc_now) -> None:
        super().__init__(parent)
        self._now = now
        self._at: datetime | None = None
        self._short = False
        self._calendar: CalendarPopup | None = None
        self.setFont(font(TypeStyle.LABEL))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(self.open_calendar)
        self.show_time(None)

    @property
    def calendar(self) -> CalendarPopup | None:
        """The calendar; None before it was opened for the first time."""
        return self._calendar

    def show_time(self, at: datetime | None) -> None:
        """Show for which instant is judged; None is today."""
        self._at = at
        day = iso_date(at or self._now()).strip("\u2068\u2069")
        words = (
            msg("Evaluate at: today, {date}", date=day)
            if at is None
            else msg("Evaluate at: {date}", date=day)
        )
        self.setAccessibleName(say(words))
        self.setToolTip(say(msg("The day that certificates are judged for")))
        if self._short:
            words = msg("Today") if at is None else msg("{value}", value=day)
        self.setText(say(words))
        self.updateGeometry()
        self.update()

    def set_short(self, short: bool) -> None:
        """Say less in a narrow window."""
        if short is not self._short:
            self._short = short
            self.show_time(self._at)

    def open_calendar(self) -> None:
        """Open the calendar on the day that is judged for."""
        if self._calendar is None:
            self._calendar = CalendarPopup(self)
            self._calendar.chosen.connect(self.time_chosen)
        self._calendar.open_at(
            self.mapToGlobal(QPoint(0, self.height() + 4)), (self._at or self._now()).date()
        )

    def sizeHint(self) -> QSize:
        """Return the size of icon, words and chevron."""
        metrics = QFontMetrics(self.font())
        width = 12 + _ICON + 6 + metrics.horizontalAdvance(self.text()) + 2 + 6 + _ICON + 10
        return QSize(width, max(28, metrics.height() + 10))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter and Down too."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the chip; another day than today takes the warning's colours."""
        tokens = current_theme().tokens
        warns = self._at is not None
        ink = tokens.warning if warns else tokens.text
        painter = QPainter(self)
        rect = QRectF(self.rect())
        fill = tokens.warning_soft if warns else tokens.surface
        paint_rounded(painter, rect, rect.height() / 2, fill=fill, outline=None if warns else tokens.border)
        for name, x in (("calendar", 12), ("chevron-down", self.width() - 10 - _ICON)):
            color = ink if warns else tokens.text2
            place = self._mirrored(QRect(x, (self.height() - _ICON) // 2, _ICON, _ICON))
            painter.drawPixmap(place.topLeft(), pixmap(name, color, _ICON, self.devicePixelRatioF()))
        left = 12 + _ICON + 6
        words = self._mirrored(QRect(left, 0, self.width() - left - 10 - _ICON, self.height()))
        painter.setFont(self.font())
        painter.setPen(QColor(ink))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self.text())
        if shows_focus(self):
            paint_focus(painter, rect, rect.height() / 2)
        painter.end()

    def _mirrored(self, rect: QRect) -> QRect:
        return self.style().visualRect(self.layoutDirection(), self.rect(), rect)


class CalendarPopup(QFrame):
    """A calendar with a field for the date, and the way back to today.

    Signals:
        chosen: an aware instant; None for today.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.calendar = QCalendarWidget()
        self.calendar.setDateRange(_FIRST, _LAST)
        self.calendar.setGridVisible(False)
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.calendar.setAccessibleName(say(msg("Calendar")))
        self.field = QDateEdit()
        self.field.setDisplayFormat("yyyy-MM-dd")
        self.field.setDateRange(_FIRST, _LAST)
        self.field.setAccessibleName(say(msg("Day to judge for")))
        self.today = Button(say(msg("Today")), icon="refresh")
        self.judge = Button(say(msg("Judge for this day")), kind=ButtonKind.PRIMARY)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.today)
        row.addWidget(self.judge)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(10)
        layout.addWidget(self.calendar)
        layout.addLayout(row)
        self.setAccessibleName(say(msg("Evaluate at")))
        self.calendar.selectionChanged.connect(lambda: self.field.setDate(self.calendar.selectedDate()))
        self.field.dateChanged.connect(self.calendar.setSelectedDate)
        self.calendar.activated.connect(lambda _day: self._take())
        self.judge.clicked.connect(self._take)
        self.today.clicked.connect(self._take_today)

    def open_at(self, place: QPoint, day: date) -> None:
        """Open with a day chosen; the calendar has the keyboard."""
        self.calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        self.adjustSize()
        screen = self.screen().availableGeometry()
        x = max(screen.left(), min(place.x(), screen.right() - self.width()))
        self.move(x, place.y())
        self.show()
        self.calendar.setFocus(Qt.FocusReason.PopupFocusReason)

    def _take(self) -> None:
        picked = self.field.date()
        self.hide()
        self.chosen.emit(evaluation_instant(date(picked.year(), picked.month(), picked.day())))

    def _take_today(self) -> None:
        self.hide()
        self.chosen.emit(None)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        paint_rounded(painter, QRectF(self.rect()), 0, fill=tokens.surface, outline=tokens.border)
        painter.end()
