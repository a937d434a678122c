"""Paints the timeline: bars, their words, today's line, the warning band and dates set by rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from trustdesk.core.message import msg
from trustdesk.core.trust_impact import RootDrop
from trustdesk.gui.overview.timeline_rows import (
    GROUP_WORDS,
    GroupHead,
    Line,
    Standing,
    TimelineRow,
    day,
    milestone_words,
    month_words,
)
from trustdesk.gui.overview.timeline_scale import TimeScale
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, base_px, elided, font, metrics
from trustdesk.gui.widgets.painting import hairline, paint_rounded
from trustdesk.gui.words import say

_ICON = 14
_BAR = 10
_MARK = 4.5
_ROLE = 84
_BESIDE_TODAY = 24
_WITH_ROLE = 240
"""Width of the names from which on the roles have room too."""
_PILL = 20
# Absolute: sides are mirrored here, and Qt would turn them round once more where text runs to the left.
_END = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
_START = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Where the parts of the timeline stand, in pixels.

    Attributes:
        width: of everything.
        labels: width of the names before the chart.
        head: height above the first line.
        row: height of a bar's line, and of a group's head.
        mirrored: names stand at the right; time runs from left to right all the same.
    """

    width: int
    labels: int
    head: int
    row: int
    mirrored: bool = False

    @property
    def chart(self) -> QRectF:
        """The strip that time runs along, of no height."""
        left = 0 if self.mirrored else self.labels
        return QRectF(left, 0, max(1, self.width - self.labels), 0)

    @property
    def names(self) -> QRectF:
        """The strip of names, of no height."""
        return QRectF(self.width - self.labels if self.mirrored else 0, 0, self.labels, 0)


def measures(width: int, *, mirrored: bool) -> Measures:
    """Return the measures for a width and the system's font."""
    grown = base_px() / 13
    labels = min(round(290 * grown), max(round(150 * grown), width // 3))
    return Measures(
        width=width, labels=labels, head=round(50 * grown), row=round(21 * grown), mirrored=mirrored
    )


class TimelinePainter:
    """Paints onto one painter; made for each paint."""

    def __init__(
        self,
        painter: QPainter,
        places: Measures,
        scale: TimeScale,
        *,
        is_today: bool,
        several: frozenset[str],
        warning: timedelta,
    ) -> None:
        """Prepare it.

        Args:
            warning: how far the band of those that end soon reaches.
            is_today: the scale's instant is the present.
            several: names of partners with several endpoints.
        """
        self._painter = painter
        self._places = places
        self._scale = scale
        self._is_today = is_today
        self._several = several
        self._warning = warning
        self._lines: tuple[float, ...] = ()
        self._tokens = current_theme().tokens
        self._ground = self._tokens.surface
        self._ratio = painter.device().devicePixelRatio()

    def ground(self, height: float) -> None:
        """Paint what lies behind the bars: the band of those that end soon, and the months."""
        painter, chart = self._painter, self._places.chart
        at = self._scale.at
        left, right = self._x(at), min(self._x(at + self._warning), chart.right())
        top = self._places.head
        if right > left:
            painter.fillRect(QRectF(left, top, right - left, height - top), QColor(self._tokens.warning_soft))
        for tick in self._scale.ticks(self._gap):
            x = self._x(tick.at)
            if chart.left() <= x <= chart.right():
                painter.fillRect(
                    QRectF(x, top, hairline(self._ratio), height - top), QColor(self._tokens.grid)
                )

    def line(self, line: Line, y: float, *, is_current: bool, has_focus: bool) -> None:
        """Paint one line at a height."""
        if isinstance(line, GroupHead):
            self._head(line, y)
        else:
            self._row(line, y, is_current=is_current, has_focus=has_focus)

    def today(self, height: float) -> None:
        """Paint the line of the instant looked at, over the bars."""
        x = self._x(self._scale.at)
        top = self._places.head - 22
        self._painter.fillRect(QRectF(x - 1, top, 2, height - top), QColor(self._tokens.accent))

    def milestones(self, milestones: Sequence[RootDrop], height: float) -> None:
        """Paint the dashed lines of dates that concern everybody."""
        pen = QPen(QColor(self._tokens.violet), 1.2, Qt.PenStyle.DashLine)
        self._painter.setPen(pen)
        self._lines = tuple(self._x(drop.at) for drop in milestones if self._is_in_view(drop.at))
        for x in self._lines:
            self._painter.drawLine(QPointF(x, self._places.head - 22), QPointF(x, height))

    def head(self) -> None:
        """Paint the names of months."""
        painter, chart, places = self._painter, self._places.chart, self._places
        painter.fillRect(QRectF(0, 0, places.width, places.head), QColor(self._tokens.surface))
        painter.setFont(font(TypeStyle.AXIS))
        month_top = places.head - 20
        for tick in self._scale.ticks(self._gap):
            x = self._x(tick.at)
            if chart.left() - 1 <= x <= chart.right() - 20:
                words = f"{tick.at.year}" if tick.is_year else month_words(tick.at)
                used = font(TypeStyle.LABEL if tick.is_year else TypeStyle.AXIS)
                painter.setFont(used)
                painter.setPen(QColor(self._tokens.text if tick.is_year else self._tokens.text2))
                painter.drawText(QRectF(x + 4, month_top, 80, 18), int(_START), words)
        line = hairline(self._ratio)
        painter.fillRect(QRectF(0, places.head - line, places.width, line), QColor(self._tokens.border))

    def head_pills(self, milestones: Sequence[RootDrop]) -> None:
        """Say above the lines what they mean; over them, and over everything."""
        taken: list[QRectF] = []
        at = day(self._scale.at)
        today = say(msg("Today {date}", date=at)) if self._is_today else say(msg("As of {date}", date=at))
        self._pill(today, self._scale.at, taken, filled=True)
        for drop in milestones:
            if self._is_in_view(drop.at):
                self._pill(milestone_words(drop), drop.at, taken, filled=False)

    def _pill(self, words: str, at: datetime, taken: list[QRectF], *, filled: bool) -> None:
        chart = self._places.chart
        used = font(TypeStyle.LABEL)
        width = QFontMetricsF(used).horizontalAdvance(words) + 18
        left = min(max(self._x(at) - width / 2, chart.left()), chart.right() - width)
        place = QRectF(left, 4, width, _PILL)
        beside = [one.right() + 6 for one in taken if place.intersects(one)]
        if beside:
            place.moveLeft(max(beside))
        if place.right() > chart.right() or any(place.intersects(one) for one in taken):
            return  # its line is there, and the tooltip has its words
        taken.append(place.adjusted(-4, 0, 4, 0))
        tokens = self._tokens
        if filled:
            paint_rounded(self._painter, place, _PILL / 2, fill=tokens.accent)
        else:
            self._painter.setPen(QPen(QColor(tokens.violet), 1.2, Qt.PenStyle.DashLine))
            x = self._x(at)
            self._painter.drawLine(QPointF(x, place.bottom()), QPointF(x, self._places.head))
            paint_rounded(
                self._painter, place, _PILL / 2, fill=tokens.surface, outline=tokens.violet, width=1.2
            )
        self._painter.setFont(used)
        self._painter.setPen(QColor(tokens.on_accent if filled else tokens.violet))
        self._painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), words)

    def _head(self, head: GroupHead, y: float) -> None:
        names = self._places.names
        self._painter.setFont(font(TypeStyle.LABEL))
        self._painter.setPen(QColor(self._tokens.text))
        place = QRectF(names.left() + 4, y, names.width() - 8, self._places.row)
        words = say(GROUP_WORDS[head.group])
        self._text(place, words)
        count = (
            f"{head.total}"
            if head.shown == head.total
            else say(msg("{shown} of {total}", shown=head.shown, total=head.total))
        )
        advance = QFontMetricsF(font(TypeStyle.LABEL)).horizontalAdvance(words) + 8
        self._painter.setFont(font(TypeStyle.SECOND_LINE))
        self._painter.setPen(QColor(self._tokens.text2))
        if self._places.mirrored:
            self._text(place.adjusted(0, 0, -advance, 0), count)
        else:
            self._text(place.adjusted(advance, 0, 0, 0), count)

    def _row(self, row: TimelineRow, y: float, *, is_current: bool, has_focus: bool) -> None:
        places = self._places
        whole = QRectF(0, y, places.width, places.row)
        if is_current:
            paint_rounded(
                self._painter,
                whole,
                4,
                fill=self._tokens.selection,
                outline=self._tokens.accent if has_focus else None,
                width=1.5,
            )
        self._ground = self._tokens.selection if is_current else self._tokens.surface
        self._label(row, y)
        self._bar(row, y)

    def _label(self, row: TimelineRow, y: float) -> None:
        names, height = self._places.names, self._places.row
        ink = {
            Standing.EXPIRED: self._tokens.bad,
            Standing.ENDS_SOON: self._tokens.warning,
        }.get(row.standing, self._tokens.unknown)
        edge = 12
        icon_x = names.right() - edge - _ICON if self._places.mirrored else names.left() + edge
        mark = pixmap(row.icon, ink, _ICON, self._ratio)
        self._painter.drawPixmap(QPointF(icon_x, y + (height - _ICON) / 2), mark)
        is_loud = row.standing in {Standing.EXPIRED, Standing.ENDS_SOON}
        style = TypeStyle.ROW_TITLE if is_loud else TypeStyle.BODY
        # A name gets what the word at the other end leaves.
        role_words = say(row.validity.role)
        # In a narrow chart the role goes first.
        has_role = names.width() >= _WITH_ROLE * base_px() / 13
        taken = (
            min(_ROLE, metrics(TypeStyle.SECOND_LINE).horizontalAdvance(role_words) + 6) if has_role else 0
        )
        room = names.width() - edge - _ICON - 8 - taken - 12
        left = names.left() + 12 + taken if self._places.mirrored else names.left() + edge + _ICON + 8
        name = row.validity.name
        if name in self._several and row.validity.place:
            name = f"{name} · {row.validity.place}"
        self._painter.setFont(font(style))
        self._painter.setPen(QColor(self._tokens.text))
        self._text(QRectF(left, y, room, height), elided(name, style, int(room)))
        if not has_role:
            return
        self._painter.setFont(font(TypeStyle.SECOND_LINE))
        self._painter.setPen(QColor(self._tokens.text2))
        if self._places.mirrored:
            role = QRectF(names.left() + 8, y, _ROLE, height)
            self._painter.drawText(role, int(_START), role_words)
        else:
            role = QRectF(names.right() - _ROLE - 8, y, _ROLE, height)
            self._painter.drawText(role, int(_END), role_words)

    def _bar(self, row: TimelineRow, y: float) -> None:
        begins, ends = row.validity.begins, row.validity.ends
        chart, height = self._places.chart, self._places.row
        if begins is None or ends is None:
            self._words(row, chart.left() + 6, y, self._tokens.text2)
            return
        left = max(self._x(begins), chart.left())
        right = max(min(self._x(ends), chart.right()), chart.left())
        today = self._x(self._scale.at)
        top = y + (height - _BAR) / 2
        past, future = self._colours(row.standing)
        if row.standing is Standing.EXPIRED:
            bar = QRectF(left, top, max(0.0, right - left), _BAR)
            self._painter.fillRect(bar, QColor(self._tokens.red_tint))
            self._painter.fillRect(bar, QBrush(QColor(self._tokens.red), Qt.BrushStyle.BDiagPattern))
        else:
            middle = min(max(today, left), right)
            self._painter.fillRect(QRectF(left, top, middle - left, _BAR), QColor(past))
            self._painter.fillRect(QRectF(middle, top, right - middle, _BAR), QColor(future))
        if self._x(begins) < chart.left() < right:
            self._open_left(chart.left(), top)
        if row.standing in {Standing.EXPIRED, Standing.ENDS_SOON} and self._x(ends) <= chart.right():
            self._painter.fillRect(QRectF(right - 1, top - 3, 2, _BAR + 6), QColor(future))
        for drop in row.validity.drops:
            if self._is_in_view(drop.at):
                self._diamond(QPointF(self._x(drop.at), y + height / 2))
        ink = {Standing.EXPIRED: self._tokens.bad, Standing.ENDS_SOON: self._tokens.warning}.get(
            row.standing, self._tokens.text2
        )
        self._words(row, right + 8, y, ink, bar_left=left)

    def _words(
        self, row: TimelineRow, x: float, y: float, ink: str, *, bar_left: float | None = None
    ) -> None:
        """Write the end's words behind the bar, or into it where there is no room behind."""
        chart = self._places.chart
        is_loud = row.standing in {Standing.EXPIRED, Standing.ENDS_SOON}
        used = font(TypeStyle.LABEL if is_loud else TypeStyle.AXIS)
        width = QFontMetricsF(used).horizontalAdvance(row.end_words) + 2
        self._painter.setFont(used)
        if x + width > chart.right() and bar_left is not None:
            ends = row.validity.ends
            if ends is not None and self._x(ends) > chart.right():
                ink = self._tokens.on_accent
                x = chart.right() - width - 6
            else:
                x = x - width - 16
                ink = self._tokens.on_accent if x > self._x(self._scale.at) else ink
            if x < bar_left:
                return
        today = self._x(self._scale.at)
        if x - 4 < today < x + _BESIDE_TODAY:
            x = today + 6  # the line of today would run through the first letters
        place = QRectF(x, y, width, self._places.row)
        if ink != self._tokens.on_accent:
            for line in self._lines:
                # No date's line runs through words.
                if place.left() - 2 <= line <= place.right() + 2:
                    gap = QRectF(line - 2, y + 1, 4, self._places.row - 2)
                    self._painter.fillRect(gap, QColor(self._ground))
        self._painter.setPen(QColor(ink))
        self._painter.drawText(place, int(_START) | int(Qt.TextFlag.TextDontClip), row.end_words)

    def _colours(self, standing: Standing) -> tuple[str, str]:
        tokens = self._tokens
        return {
            Standing.EXPIRED: (tokens.red_tint, tokens.red),
            Standing.ENDS_SOON: (tokens.amber_tint, tokens.amber),
        }.get(standing, (tokens.blue_tint, tokens.blue))

    def _open_left(self, x: float, top: float) -> None:
        """Notch a bar that begins before the chart does."""
        path = QPainterPath(QPointF(x, top - 0.5))
        path.lineTo(x + 4, top - 0.5)
        path.lineTo(x, top + _BAR / 2)
        path.lineTo(x + 4, top + _BAR + 0.5)
        path.lineTo(x, top + _BAR + 0.5)
        path.closeSubpath()
        self._painter.save()
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.fillPath(path, QColor(self._tokens.surface))
        self._painter.restore()

    def _diamond(self, centre: QPointF) -> None:
        self._painter.save()
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.setPen(QPen(QColor(self._tokens.surface), 1.2))
        self._painter.setBrush(QColor(self._tokens.violet))
        self._painter.drawPolygon(
            QPolygonF(
                [
                    centre + QPointF(0, -_MARK - 1),
                    centre + QPointF(_MARK + 1, 0),
                    centre + QPointF(0, _MARK + 1),
                    centre + QPointF(-_MARK - 1, 0),
                ]
            )
        )
        self._painter.restore()

    def _text(self, place: QRectF, words: str) -> None:
        self._painter.drawText(place, int(_END if self._places.mirrored else _START), words)

    @property
    def _gap(self) -> float:
        return QFontMetricsF(font(TypeStyle.AXIS)).horizontalAdvance("0000") + 14

    def _x(self, at: datetime) -> float:
        return self._places.chart.left() + self._scale.x(at)

    def _is_in_view(self, at: datetime) -> bool:
        chart = self._places.chart
        return chart.left() <= self._x(at) <= chart.right()


def row_rect(places: Measures, index: int, offset: int) -> QRect:
    """Return where a line stands in the viewport."""
    return QRect(0, places.head + index * places.row - offset, places.width, places.row)
