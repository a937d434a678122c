"""A field that filters what is below it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from trustdesk.gui.theme.icons import icon
from trustdesk.gui.theme.theme import current_theme


class FilterField(QLineEdit):
    """A line with a looking glass; Esc empties it."""

    def __init__(self, *, name: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setClearButtonEnabled(False)
        self.setMaxLength(200)
        self._glass = QAction(self)
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._redraw()
        current_theme().changed.connect(self._redraw)

    def sizeHint(self) -> QSize:
        """Return room for two words."""
        return QSize(240, max(32, self.fontMetrics().height() + 14))

    def minimumSizeHint(self) -> QSize:
        """Return room for one word."""
        return QSize(110, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Empty the field with Esc; an empty one leaves Esc to others."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            event.accept()
            return
        super().keyPressEvent(event)

    def _redraw(self) -> None:
        self._glass.setIcon(icon("search", current_theme().tokens.text2, 16))
