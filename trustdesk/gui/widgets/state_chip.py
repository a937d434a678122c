"""A state in one chip: icon, word, soft ground. It tells and is never pressed."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme, state_look
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import paint_rounded
from trustdesk.services.board import State

_ICON = 14


class StateChip(QWidget):
    """Icon and word of a state; without a state a neutral chip of one word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: State | None = None
        self._word = ""
        self._icon: str | None = None
        self.setFont(font(TypeStyle.LABEL))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_state(
        self, state: State | None, word: str, *, name: str | None = None, icon: str | None = None
    ) -> None:
        """Show a state.

        `name` is what assistive technology says for the word; `icon` stands for the state's own.
        """
        self._icon = icon
        self._state = state
        self._word = word
        self.setAccessibleName(name or word)
        self.setToolTip(name or "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the word with its icon."""
        metrics = QFontMetrics(self.font())
        icon = 0 if self._state is None else _ICON + 4
        return QSize(16 + icon + metrics.horizontalAdvance(self._word) + 1, max(22, metrics.height() + 6))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground, the icon and the word."""
        tokens = current_theme().tokens
        look = None if self._state is None else state_look(self._state)
        color, ground = (look.color, look.ground) if look else (tokens.text2, tokens.unknown_soft)
        painter = QPainter(self)
        rect = QRectF(self.rect())
        paint_rounded(painter, rect, rect.height() / 2, fill=ground)
        words = self.rect().adjusted(8, 0, -8, 0)
        direction = self.layoutDirection()
        if look is not None:
            place = QRect(words.left(), 0, _ICON, self.height())
            place = self.style().visualRect(direction, self.rect(), place)
            top = (self.height() - _ICON) // 2
            painter.drawPixmap(
                place.left(), top, pixmap(self._icon or look.icon, color, _ICON, self.devicePixelRatioF())
            )
            words = self.style().visualRect(direction, self.rect(), words.adjusted(_ICON + 4, 0, 0, 0))
        painter.setPen(QColor(color))
        painter.setFont(self.font())
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self._word)
        painter.end()
