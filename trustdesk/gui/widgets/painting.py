"""Shapes that stay sharp at every scale, and the focus ring."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QApplication, QWidget

from trustdesk.gui.theme.theme import current_theme

CARD_RADIUS = 8.0
CONTROL_RADIUS = 6.0
FOCUS_WIDTH = 2.0


def snapped(rect: QRectF, ratio: float) -> QRectF:
    """Return `rect` with its edges on device pixels."""
    left, top = round(rect.left() * ratio) / ratio, round(rect.top() * ratio) / ratio
    right, bottom = round(rect.right() * ratio) / ratio, round(rect.bottom() * ratio) / ratio
    return QRectF(left, top, right - left, bottom - top)


def hairline(ratio: float) -> float:
    """Return the width of a line of one layout pixel that covers whole device pixels."""
    return max(1, round(ratio)) / ratio


def paint_rounded(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    *,
    fill: str | None,
    outline: str | None = None,
    width: float | None = None,
) -> None:
    """Fill a rounded rectangle and draw its outline inside of it.

    The outline is filled between two rectangles instead of stroked, so that it needs no half-pixel offsets.
    None for `fill` or `outline` leaves it out; None for `width` is a hairline.
    """
    ratio = painter.device().devicePixelRatio()
    outer = snapped(rect, ratio)
    line = hairline(ratio) if width is None else max(1, round(width * ratio)) / ratio
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    if fill is not None:
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(outer, radius, radius)
    if outline is not None:
        ring = QPainterPath()
        ring.setFillRule(Qt.FillRule.OddEvenFill)
        ring.addRoundedRect(outer, radius, radius)
        inner_radius = max(0.0, radius - line)
        ring.addRoundedRect(outer.adjusted(line, line, -line, -line), inner_radius, inner_radius)
        painter.fillPath(ring, QColor(outline))
    painter.restore()


def paint_drop_frame(painter: QPainter, rect: QRectF) -> None:
    """Paint the dashed frame of a place that takes what is dropped."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(current_theme().tokens.control), 1)
    pen.setDashPattern([4, 3])
    painter.setPen(pen)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), CARD_RADIUS, CARD_RADIUS)


def paint_focus(painter: QPainter, rect: QRectF, radius: float) -> None:
    """Draw the accent ring of the focus inside of `rect`."""
    accent = current_theme().tokens.accent
    paint_rounded(painter, rect, radius, fill=None, outline=accent, width=FOCUS_WIDTH)


def shows_focus(widget: QWidget) -> bool:
    """Whether a ring has to be drawn: the widget has the focus in the window in use."""
    return widget.hasFocus() and widget.isActiveWindow()


def keyboard_is_somewhere(window: QWidget) -> bool:
    """Whether a part of the window in view has the keyboard, and not the bare window."""
    focus = QApplication.focusWidget()
    return focus is not None and focus.isVisible() and focus is not window


def is_right_to_left(widget: QWidget) -> bool:
    """Whether what `widget` shows runs from right to left."""
    return widget.layoutDirection() is Qt.LayoutDirection.RightToLeft


def onward_arrow() -> str:
    """Return the arrow from what was to what will be, in the direction in which the window is read."""
    return "←" if QGuiApplication.isRightToLeft() else "→"
