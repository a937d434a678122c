"""Push buttons: quiet, primary, or a bare link; with icon and key hint."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import CONTROL_RADIUS, paint_focus, paint_rounded, shows_focus

_ICON = 16
_GAP = 8


class ButtonKind(StrEnum):
    """How loud a button is; one primary at most is in view. BARE has no outline until it is pointed at.

    DANGER has its words in the colour of trouble: what it does cannot be taken back.
    """

    QUIET = "quiet"
    PRIMARY = "primary"
    LINK = "link"
    BARE = "bare"
    DANGER = "danger"


class Button(QPushButton):
    """A button that paints itself from the tokens.

    Without words it is square, and `name` is what assistive technology and the tooltip say. `key` is the
    hint beside the words, not the shortcut itself.
    """

    def __init__(
        self,
        words: str = "",
        *,
        icon: str | None = None,
        key: str = "",
        kind: ButtonKind = ButtonKind.QUIET,
        name: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, parent)
        self._icon = icon
        self._key = key
        self._kind = kind
        self.setFont(font(TypeStyle.ROW_TITLE))
        self.setAccessibleName(name or words)
        if not words and name:
            self.setToolTip(name)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if kind is ButtonKind.LINK:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_as(self, words: str, *, icon: str | None = None, key: str = "", name: str | None = None) -> None:
        """Become another button at the same place."""
        self._icon, self._key = icon, key
        self.setText(words)
        self.setAccessibleName(name or words)
        self.updateGeometry()
        self.update()

    def set_kind(self, kind: ButtonKind) -> None:
        """Become louder or quieter."""
        self._kind = kind
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of padding, icon, words and key hint."""
        height = max(32, QFontMetrics(self.font()).height() + 14)
        if self._kind is ButtonKind.LINK:
            return QSize(self._content_width() + 8, max(22, QFontMetrics(self.font()).height() + 6))
        if not self.text():
            return QSize(height, height)
        return QSize(self._content_width() + 28, height)

    def minimumSizeHint(self) -> QSize:
        """Return the same: words of a button are never cut."""
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the ground of the pointer."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Take the ground back."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, outline, icon, words and key hint."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        ink, hint = tokens.text, tokens.text3
        if self._kind is ButtonKind.LINK:
            ink = tokens.accent
        elif self._kind is ButtonKind.DANGER:
            ink = tokens.bad
        if not self.isEnabled():
            ink = tokens.text3
        primary = self._kind is ButtonKind.PRIMARY and self.isEnabled()
        if primary:
            ink = hint = tokens.on_accent
        rect = QRectF(self.rect())
        if self._kind is not ButtonKind.LINK:
            pointed = self.isEnabled() and (self.underMouse() or self.isDown())
            fill = tokens.accent if primary else tokens.hover if pointed else tokens.surface
            if not self.isEnabled():
                fill = tokens.window
            outline = tokens.accent if primary else tokens.border
            if self._kind is not ButtonKind.BARE or pointed:
                paint_rounded(painter, rect, CONTROL_RADIUS, fill=fill, outline=outline)
            if primary and pointed:
                painter.setOpacity(0.14)
                paint_rounded(painter, rect, CONTROL_RADIUS, fill=tokens.on_accent)
                painter.setOpacity(1)
        self._paint_content(painter, ink, hint)
        if shows_focus(self):
            inset = 2.0 if primary else 0.0
            if primary:
                ring = rect.adjusted(inset, inset, -inset, -inset)
                paint_rounded(painter, ring, CONTROL_RADIUS - 2, fill=None, outline=tokens.on_accent, width=2)
            else:
                paint_focus(painter, rect, CONTROL_RADIUS)
        painter.end()

    def _content_width(self) -> int:
        metrics = QFontMetrics(self.font())
        width = metrics.horizontalAdvance(self.text())
        if self._icon:
            width += _ICON + (_GAP if self.text() else 0)
        if self._key:
            width += _GAP + QFontMetrics(font(TypeStyle.LABEL)).horizontalAdvance(self._key)
        return width

    def _paint_content(self, painter: QPainter, ink: str, hint: str) -> None:
        label = font(TypeStyle.LABEL)
        words = QFont(self.font())
        words.setUnderline(self._kind is ButtonKind.LINK and self.underMouse() and self.isEnabled())
        x = 4 if self._kind is ButtonKind.LINK else (self.width() - self._content_width()) // 2
        if self._icon:
            place = self._mirrored(QRect(x, (self.height() - _ICON) // 2, _ICON, _ICON))
            painter.drawPixmap(place.topLeft(), pixmap(self._icon, ink, _ICON, self.devicePixelRatioF()))
            x += _ICON + _GAP
        for text, used, color in ((self.text(), words, ink), (self._key, label, hint)):
            if not text:
                continue
            width = QFontMetrics(used).horizontalAdvance(text) + 1
            painter.setFont(used)
            painter.setPen(QColor(color))
            place = self._mirrored(QRect(x, 0, width, self.height()))
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), text)
            x += width - 1 + _GAP

    def _mirrored(self, rect: QRect) -> QRect:
        return self.style().visualRect(self.layoutDirection(), self.rect(), rect)
