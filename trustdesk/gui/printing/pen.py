"""A painter that works from the near edge of the page, whichever side that is."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtSvg import QSvgRenderer

from trustdesk.gui.printing.typesetting import TextLine, baseline, font_of, width_of
from trustdesk.gui.theme.tokens import LIGHT
from trustdesk.storage.resources import resource_folder

HAIR = 5.0
"""Width of a thin line: half a point."""

STATE_INK = {
    "good": LIGHT.good,
    "warning": LIGHT.warning,
    "bad": LIGHT.bad,
    "unknown": LIGHT.unknown,
    "running": LIGHT.accent,
    "not_applicable": LIGHT.text3,
    "tick": LIGHT.text3,
}
STATE_GROUND = {
    "good": LIGHT.good_soft,
    "warning": LIGHT.warning_soft,
    "bad": LIGHT.bad_soft,
    "unknown": LIGHT.unknown_soft,
    "running": LIGHT.unknown_soft,
    "not_applicable": LIGHT.unknown_soft,
}


class Pen:
    """Paints on one page after the other.

    Attributes:
        width: of the page between its margins.
    """

    def __init__(self, painter: QPainter, width: float, *, right_to_left: bool) -> None:
        self._painter = painter
        self._mirrors = right_to_left
        self.width = width

    def text(self, line: TextLine, x: float, top: float, *, room: float | None = None) -> None:
        """Write a line that begins at `x`; with `room`, one that ends at `x + room`."""
        if not line.text:
            return
        width = width_of(line.text, line.face)
        at = x if room is None else x + room - width
        if self._mirrors:
            at = self.width - at - width
            turned = (
                Qt.LayoutDirection.RightToLeft
                if _runs_from_right(line.text)
                else Qt.LayoutDirection.LeftToRight
            )
            self._painter.setLayoutDirection(turned)
        self._painter.setFont(font_of(line.face))
        self._painter.setPen(QColor(line.color))
        self._painter.drawText(QPointF(at, top + baseline(line.face)), line.text)

    def texts(self, lines: Sequence[TextLine], x: float, top: float, *, room: float | None = None) -> float:
        """Write lines below each other; return where the next one would begin."""
        for line in lines:
            self.text(line, x, top, room=room)
            top += line.height
        return top

    def icon(self, name: str, color: str, x: float, top: float, size: float) -> None:
        """Draw an icon."""
        _renderer(name, color).render(self._painter, self._rectangle(x, top, size, size))

    def box(
        self,
        x: float,
        top: float,
        width: float,
        height: float,
        *,
        fill: str = "",
        line: str = "",
        radius: float = 0.0,
    ) -> None:
        """Draw a rectangle: filled, outlined, or both."""
        painter = self._painter
        painter.setPen(QPen(QColor(line), HAIR) if line else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self._rectangle(x, top, width, height), radius, radius)

    def rule(self, x: float, top: float, width: float, color: str) -> None:
        """Draw a thin line along."""
        self._painter.fillRect(self._rectangle(x, top, width, HAIR), QColor(color))

    def _rectangle(self, x: float, top: float, width: float, height: float) -> QRectF:
        return QRectF(self.width - x - width if self._mirrors else x, top, width, height)


def _runs_from_right(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left (UAX 9, P2)."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


@cache
def _renderer(name: str, color: str) -> QSvgRenderer:
    source = (resource_folder() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(source.replace("currentColor", color).encode()))
