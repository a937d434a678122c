"""The timeline as a widget: it scrolls, zooms around the instant looked at, and opens certificates."""

from __future__ import annotations

import html
from collections import Counter
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from trustdesk.core.message import msg, msg_n
from trustdesk.core.trust_impact import RootDrop
from trustdesk.gui.overview.timeline_paint import Measures, TimelinePainter, measures, row_rect
from trustdesk.gui.overview.timeline_rows import (
    Arranged,
    GroupRows,
    TimelineRow,
    arrange,
    drop_words,
    line_text,
    rows_of,
)
from trustdesk.gui.overview.timeline_scale import TimeScale
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.widgets.painting import CONTROL_RADIUS, is_right_to_left, paint_focus, shows_focus
from trustdesk.gui.words import say
from trustdesk.services.timeline_values import ExpiryTimeline, TimelineGroup, Validity

FIRST_DAYS = 548.0
_ZOOM = 0.8
_NEAR = 90
"""Pixels beside a date in the head within which its words are shown."""
_ON_IT = 8
"""Pixels beside a diamond within which it is meant."""
_MOVES = frozenset(
    {Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_Home, Qt.Key.Key_End}
)
_NOTHING = ExpiryTimeline(at=datetime(2000, 1, 1, tzinfo=UTC))


class TimelineView(QAbstractScrollArea):
    """Paints windows of validity, one line each.

    Signals:
        current_changed: the Validity that the person chose, or None.
        opened: the Validity whose certificate the person wants to see.
        zoomed: how many days are in view now.
        arranged: other certificates are in view.
        drops_pressed: the RootDrops under the pointer, a tuple.
    """

    current_changed = Signal(object)
    opened = Signal(object)
    zoomed = Signal(float)
    arranged = Signal()
    drops_pressed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timeline = _NOTHING
        self._rows = rows_of(_NOTHING)
        self._is_today = True
        self._group: TimelineGroup | None = None
        self._near_only = False
        self._days = FIRST_DAYS
        self._arranged = Arranged()
        self._several: frozenset[str] = frozenset()
        self._current: int | None = None
        self._pressed_drops: tuple[RootDrop, ...] = ()
        self._places = self._measures()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(say(msg("Expiry timeline")))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setMouseTracking(True)
        current_theme().changed.connect(self.viewport().update)

    @property
    def content(self) -> Arranged:
        """What is shown."""
        return self._arranged

    @property
    def days(self) -> float:
        """How long a stretch is in view."""
        return self._days

    @property
    def scale(self) -> TimeScale:
        """Where instants stand, from the chart's left edge."""
        return TimeScale(at=self._timeline.at, days=self._days, width=self._places.chart.width())

    @property
    def current(self) -> TimelineRow | None:
        """The row that is chosen."""
        line = self._arranged.lines[self._current] if self._current is not None else None
        return line if isinstance(line, TimelineRow) else None

    def show_timeline(
        self, timeline: ExpiryTimeline, *, is_today: bool, rows: GroupRows | None = None
    ) -> None:
        """Show another one; the same certificate stays chosen where it is still there.

        Args:
            rows: all its bars where they are made already, see `preparing_rows`; None makes them.
        """
        self._rows = rows_of(timeline, self._timeline, self._rows) if rows is None else rows
        self._timeline = timeline
        self._is_today = is_today
        counted = Counter(one.name for one in timeline.validities if one.place)
        self._several = frozenset(name for name, count in counted.items() if count > 1)
        self._arrange()

    def show_group(self, group: TimelineGroup | None) -> None:
        """Show only one kind; None for all."""
        self._group = group
        self._arrange()

    def show_near(self, *, only: bool) -> None:
        """Show only what is near its end or over, or everything again."""
        self._near_only = only
        self._arrange()

    def show_days(self, days: float) -> None:
        """Show a stretch of so many days, without the signal."""
        self._days = days
        self._arrange()

    def place_of(self, validity: Validity) -> QPoint | None:
        """Return the middle of a line in the viewport; None where it is not shown."""
        for index, line in enumerate(self._arranged.lines):
            if isinstance(line, TimelineRow) and line.validity == validity:
                return row_rect(self._places, index, self._offset).center()
        return None

    def drops_at(self, point: QPoint) -> tuple[RootDrop, ...]:
        """Return the dates at a point of the viewport: diamonds of its line, or those in the head."""
        is_head = point.y() < self._places.head
        index = self._row_at(point)
        line = self._arranged.lines[index] if index is not None else None
        near = line.validity.drops if isinstance(line, TimelineRow) else ()
        chart, scale = self._places.chart, self.scale
        return tuple(
            one
            for one in (self._timeline.milestones if is_head else near)
            if 0 <= scale.x(one.at) <= chart.width()
            and abs(chart.left() + scale.x(one.at) - point.x()) <= (_NEAR if is_head else _ON_IT)
        )

    def sizeHint(self) -> QSize:
        """Return room for eleven lines: the page scrolls rather than show fewer."""
        return QSize(720, self._places.head + 11 * self._places.row)

    def minimumSizeHint(self) -> QSize:
        """Return room for a few lines."""
        return QSize(420, self._places.head + 4 * self._places.row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new width."""
        super().resizeEvent(event)
        self._refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is in view."""
        painter = QPainter(self.viewport())
        drawing = TimelinePainter(
            painter,
            self._places,
            self.scale,
            is_today=self._is_today,
            several=self._several,
            warning=timedelta(days=self._timeline.thresholds.warn_days),
        )
        height = float(self.viewport().height())
        drawing.ground(height)
        # Behind the bars, whose words stand over them.
        drawing.milestones(self._timeline.milestones, height)
        has_focus = shows_focus(self)
        row, area = self._places.row, event.rect()
        first = max(0, (area.top() - self._places.head + self._offset) // row)
        last = (area.bottom() - self._places.head + self._offset) // row + 1
        for index, line in enumerate(self._arranged.lines[first:last], start=first):
            place = row_rect(self._places, index, self._offset)
            drawing.line(line, float(place.top()), is_current=index == self._current, has_focus=has_focus)
        drawing.head()
        drawing.today(height)
        drawing.head_pills(self._timeline.milestones)
        if has_focus and self._current is None:
            paint_focus(painter, self.viewport().rect().toRectF(), CONTROL_RADIUS)
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Give the ring a line to stand around: the first, which ends first."""
        super().focusInEvent(event)
        if event.reason() is not Qt.FocusReason.MouseFocusReason:
            self._have_current()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom over the chart; scroll over the names, and sideways wheels too."""
        turned = event.angleDelta().y()
        chart = self._places.chart
        if turned and chart.left() <= event.position().x() <= chart.right():
            self._zoom(_ZOOM if turned > 0 else 1 / _ZOOM)
            event.accept()
            return
        super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the line under the pointer."""
        point = event.position().toPoint()
        index = self._row_at(point)
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._pressed_drops = self.drops_at(point)
        if index is not None:
            self._choose(index)
        if self._pressed_drops:
            self.drops_pressed.emit(self._pressed_drops)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open what was pressed and let go at the same line."""
        index = self._row_at(event.position().toPoint())
        if self._pressed_drops:
            return  # who is below it was shown
        if index is not None and index == self._current and event.button() is Qt.MouseButton.LeftButton:
            self._open()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that lines can be pressed."""
        point = event.position().toPoint()
        over = self._row_at(point) is not None or bool(self.drops_at(point))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, open, zoom and copy."""
        current = self.current
        if event.matches(QKeySequence.StandardKey.Copy) and current is not None:
            QGuiApplication.clipboard().setText(line_text(current, self._timeline.at))
            return
        key = Qt.Key(event.key())
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and current is not None:
            self._open()
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self._zoom(_ZOOM)
        elif key is Qt.Key.Key_Minus:
            self._zoom(1 / _ZOOM)
        elif not self._move(key):
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Say everything of the line under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            words = self._words_at(event.pos())
            # Qt guesses whether a tooltip is markup; escaped text is shown as it is either way.
            QToolTip.showText(event.globalPos(), f"<span>{html.escape(words)}</span>" if words else "")
            return True
        return super().viewportEvent(event)

    def _words_at(self, point: QPoint) -> str:
        """Return everything of the line, or of the dates in the head, under the pointer."""
        if point.y() < self._places.head:
            return " ".join(f"{drop_words(one)} {one.source}" for one in self.drops_at(point))
        index = self._row_at(point)
        line = self._arranged.lines[index] if index is not None else None
        return line_text(line, self._timeline.at) if isinstance(line, TimelineRow) else ""

    def _zoom(self, factor: float) -> None:
        nearer = self.scale.zoomed(factor)
        if nearer.days != self._days:
            self._days = nearer.days
            self._arrange()
            self.zoomed.emit(self._days)

    def _move(self, key: Qt.Key) -> bool:
        if key not in _MOVES:
            return False
        rows = [index for index, line in enumerate(self._arranged.lines) if isinstance(line, TimelineRow)]
        if not rows:
            return False
        at = rows.index(self._current) if self._current in rows else None
        page = max(1, (self.viewport().height() - self._places.head) // self._places.row - 1)
        match key:
            case Qt.Key.Key_Down:
                place = 0 if at is None else at + 1
            case Qt.Key.Key_Up:
                place = len(rows) - 1 if at is None else at - 1
            case Qt.Key.Key_PageDown:
                place = (at or 0) + page
            case Qt.Key.Key_PageUp:
                place = (at or 0) - page
            case Qt.Key.Key_Home:
                place = 0
            case _:
                place = len(rows) - 1
        self._choose(rows[max(0, min(len(rows) - 1, place))])
        return True

    def _have_current(self) -> None:
        if self._current is None:
            self._move(Qt.Key.Key_Home)

    def _choose(self, index: int) -> None:
        if index == self._current:
            return
        self._current = index
        place = row_rect(self._places, index, self._offset)
        bar = self.verticalScrollBar()
        if place.top() < self._places.head:
            bar.setValue(bar.value() + place.top() - self._places.head)
        elif place.bottom() > self.viewport().height():
            bar.setValue(bar.value() + place.bottom() - self.viewport().height() + 2)
        self.viewport().update()
        self._tell()
        row = self.current
        if row is not None and QAccessible.isActive():
            words = line_text(row, self._timeline.at)
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))
        self.current_changed.emit(None if row is None else row.validity)

    def _open(self) -> None:
        row = self.current
        if row is not None:
            self.opened.emit(row.validity)

    def _arrange(self) -> None:
        chosen = self.current
        self._arranged = arrange(
            self._timeline,
            until=self.scale.end,
            group=self._group,
            near_only=self._near_only,
            rows=self._rows,
        )
        self._current = None if chosen is None else self._place_again(chosen.validity)
        self._refresh()
        if self.hasFocus():
            self._have_current()
        self.arranged.emit()

    def _place_again(self, before: Validity) -> int | None:
        """Return the line of the same certificate at the same place, however else it stands now."""
        same = (before.sha256, before.name, before.place)
        for index, line in enumerate(self._arranged.lines):
            one = line.validity if isinstance(line, TimelineRow) else None
            if one is not None and (one.sha256, one.name, one.place) == same:
                return index
        return None

    def _refresh(self) -> None:
        self._places = self._measures()
        bar, view = self.verticalScrollBar(), self.viewport()
        room = view.height() - self._places.head
        bar.setPageStep(max(1, room))
        bar.setSingleStep(self._places.row)
        bar.setRange(0, max(0, len(self._arranged.lines) * self._places.row + 6 - room))
        self._tell()
        view.update()

    def _tell(self) -> None:
        rows = len(self._arranged.rows)
        description = say(msg_n("{count} certificate", "{count} certificates", rows))
        current = self.current
        if current is not None:
            description = f"{description}. {line_text(current, self._timeline.at)}"
        self.setAccessibleDescription(description)

    def _measures(self) -> Measures:
        return measures(max(1, self.viewport().width()), mirrored=is_right_to_left(self))

    def _row_at(self, point: QPoint) -> int | None:
        if point.y() < self._places.head:
            return None
        index = (point.y() - self._places.head + self._offset) // self._places.row
        is_row = 0 <= index < len(self._arranged.lines) and isinstance(
            self._arranged.lines[index], TimelineRow
        )
        return index if is_row else None

    @property
    def _offset(self) -> int:
        return self.verticalScrollBar().value()
