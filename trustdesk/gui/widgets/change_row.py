"""One line of a history: icon, title, further lines, when it was; pressed where something is behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font, metrics
from trustdesk.gui.widgets.painting import (
    CONTROL_RADIUS,
    hairline,
    is_right_to_left,
    paint_focus,
    paint_rounded,
    shows_focus,
)
from trustdesk.gui.widgets.paragraph import lay_out

_ICON = 16
_GAP = 10
_PADDING = 8
_SIDE = 4
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """What stands in a row.

    Attributes:
        icon, ink: name of the icon, and the token of its colour.
        state: the word of the state that the icon means, for who does not see it; "" for none.
        details: lines below the title; they wrap.
        aside: lines at the end, short.
        action: what pressing it does; "" where nothing is behind it.
        is_plain: without the word of the action and the line below, as on a card with few of them.
        tooltip: plain text.
    """

    icon: str
    ink: str
    title: str
    state: str = ""
    strong: bool = False
    details: Sequence[str] = ()
    aside: Sequence[str] = ()
    action: str = ""
    is_plain: bool = False
    tooltip: str = ""

    @property
    def spoken(self) -> str:
        """The whole line in words."""
        parts = (self.state, self.title, *self.details, *self.aside)
        return ", ".join(part for part in parts if part)


class ChangeRow(QWidget):
    """Paints a ChangeLine.

    Signals:
        pressed: by a click or by Enter, where something is behind it.
    """

    pressed = Signal()

    def __init__(self, line: ChangeLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = line
        title = TypeStyle.ROW_TITLE_BAD if line.strong else TypeStyle.ROW_TITLE
        self._lines = [(line.title, title, "text")]
        self._lines += [(one, TypeStyle.SECOND_LINE, "text2") for one in line.details]
        self._aside = [(one, "text2" if place == 0 else "text3") for place, one in enumerate(line.aside)]
        if line.action and not line.is_plain:
            self._aside.append((line.action, "accent"))
        if line.action:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        used = metrics(TypeStyle.SECOND_LINE)
        self._aside_width = max((used.horizontalAdvance(text) for text, _ink in self._aside), default=0)
        self._heights: dict[int, int] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if line.action else Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(line.spoken)
        self.setAccessibleDescription(line.action)
        self.setToolTip(line.tooltip)

    def hasHeightForWidth(self) -> bool:
        """Whether the height follows from the width: yes, lines wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines with their padding."""
        # A layout asks for the same widths again and again.
        if width not in self._heights:
            self._heights[width] = self._height(width)
        return self._heights[width]

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(420, self.heightForWidth(420))

    def minimumSizeHint(self) -> QSize:
        """Return the narrowest that can be read."""
        return QSize(220, 32)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press it with Enter or Space."""
        if self.line.action and event.key() in _ENTER:
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Press it with the pointer."""
        inside = self.rect().contains(event.position().toPoint())
        if self.line.action and event.button() is Qt.MouseButton.LeftButton and inside:
            self.pressed.emit()
        else:
            super().mouseReleaseEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, icon, lines and what stands at the end."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        if self.line.action and self.underMouse():
            paint_rounded(painter, QRectF(self.rect()), CONTROL_RADIUS, fill=tokens.hover)
        mirrored = is_right_to_left(self)
        height = metrics(TypeStyle.ROW_TITLE).height()
        icon = self._mirrored(QRect(_SIDE, _PADDING + (height - _ICON) // 2, _ICON, _ICON))
        color = str(getattr(tokens, self.line.ink))
        painter.drawPixmap(icon.topLeft(), pixmap(self.line.icon, color, _ICON, ratio))
        room = self._text_width(self.width())
        left = self.width() - _SIDE - _ICON - _GAP - room if mirrored else _SIDE + _ICON + float(_GAP)
        y = float(_PADDING)
        for text, style, ink in self._lines:
            layout, used = lay_out(text, font(style), room, direction=self.layoutDirection())
            painter.setPen(QColor(str(getattr(tokens, ink))))
            layout.draw(painter, QPointF(left, y))
            y += used + 2
        # The painter turns it round itself where the language runs from right to left.
        ends = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(font(TypeStyle.SECOND_LINE))
        step = metrics(TypeStyle.SECOND_LINE).height() + 1
        aside = QRect(0, _PADDING, self.width() - _SIDE, step)
        for number, (text, ink) in enumerate(self._aside):
            painter.setPen(QColor(str(getattr(tokens, ink))))
            place = self._mirrored(aside.translated(0, number * step))
            painter.drawText(place, ends, text)
        if not self.line.is_plain:
            foot = hairline(ratio)
            painter.fillRect(QRectF(0, self.height() - foot, self.width(), foot), QColor(tokens.grid))
        if shows_focus(self):
            paint_focus(painter, QRectF(self.rect()), CONTROL_RADIUS)
        painter.end()

    def _height(self, width: int) -> int:
        room = self._text_width(width)
        words = sum(lay_out(text, font(style), room)[1] + 2 for text, style, _ink in self._lines)
        aside = sum(metrics(TypeStyle.SECOND_LINE).height() + 1 for _one in self._aside)
        return round(max(words, aside) + 2 * _PADDING)

    def _text_width(self, width: int) -> float:
        aside = self._aside_width
        return max(80.0, width - 2 * _SIDE - _ICON - _GAP - aside - (14 if aside else 0))

    def _mirrored(self, rect: QRect) -> QRect:
        return self.style().visualRect(self.layoutDirection(), self.rect(), rect)
