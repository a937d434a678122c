"""A field that filters what is below it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.widgets.painting import is_right_to_left

_GLASS = 16


class FilterField(QLineEdit):
    """A line with a looking glass; Esc empties it."""

    def __init__(self, *, name: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setMaxLength(200)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        left, right = (0, _GLASS + 8) if is_right_to_left(self) else (_GLASS + 8, 0)
        self.setTextMargins(left, 0, right, 0)

    def sizeHint(self) -> QSize:
        """Return room for two words."""
        return QSize(240, max(32, self.fontMetrics().height() + 14))

    def minimumSizeHint(self) -> QSize:
        """Return room for one word."""
        return QSize(110, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Take Esc before a shortcut of the page does, while there is something to empty."""
        is_override = event.type() is QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and self.text():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Empty the field with Esc; an empty one leaves Esc to others."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            event.accept()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the field with the glass in it; the glass is a picture, not a button."""
        super().paintEvent(event)
        painter = QPainter(self)
        place = QRect(9, (self.height() - _GLASS) // 2, _GLASS, _GLASS)
        place = self.style().visualRect(self.layoutDirection(), self.rect(), place)
        picture = pixmap("search", current_theme().tokens.text2, _GLASS, self.devicePixelRatioF())
        painter.drawPixmap(place.topLeft(), picture)
        painter.end()
