"""What is told all the time at the end of the status bar: icon and words, and a press tells more."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import paint_focus, shows_focus

_ICON, _GAP, _PADDING = 14, 6, 6


class StatusButton(QAbstractButton):
    """Icon and words; quiet until something is wrong."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._ink = "unknown", "text2"
        self._full = self._brief = ""
        self._is_short = False
        self.setFont(font(TypeStyle.LABEL))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_state(self, full: str, brief: str, *, icon: str, ink: str) -> None:
        """Show a state; `ink` is the name of a token, `brief` stands in a narrow window."""
        self._icon, self._ink = icon, ink
        self._full, self._brief = full, brief
        self._refresh()

    def set_short(self, short: bool) -> None:
        """Say less where there is little room."""
        self._is_short = short
        self._refresh()

    def sizeHint(self) -> QSize:
        """Return the size of icon and words."""
        metrics = QFontMetrics(self.font())
        width = 2 * _PADDING + _ICON + _GAP + metrics.horizontalAdvance(self.text()) + 1
        return QSize(width, max(22, metrics.height() + 6))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint icon and words."""
        tokens = current_theme().tokens
        color = str(getattr(tokens, self._ink))
        painter = QPainter(self)
        direction = self.layoutDirection()
        place = self.rect().adjusted(_PADDING, (self.height() - _ICON) // 2, 0, 0)
        place.setSize(QSize(_ICON, _ICON))
        place = self.style().visualRect(direction, self.rect(), place)
        painter.drawPixmap(place.topLeft(), pixmap(self._icon, color, _ICON, self.devicePixelRatioF()))
        words = self.rect().adjusted(_PADDING + _ICON + _GAP, 0, -_PADDING, 0)
        words = self.style().visualRect(direction, self.rect(), words)
        used = self.font()
        used.setUnderline(self.underMouse())
        painter.setFont(used)
        painter.setPen(QColor(color))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self.text())
        if shows_focus(self):
            paint_focus(painter, self.rect().toRectF(), 4)
        painter.end()

    def _refresh(self) -> None:
        self.setText(self._brief if self._is_short else self._full)
        self.updateGeometry()
        self.update()
