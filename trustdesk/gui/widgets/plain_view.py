"""Read-only text of fixed width that scrolls, as it will be copied or saved."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.card import Card


class PlainView(QPlainTextEdit):
    """Selectable with mouse and keys."""

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.document().setDocumentMargin(10)
        self.setFont(font(TypeStyle.FIXED))
        self.setAccessibleName(name)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        # Tab goes on to the next control.
        self.setTabChangesFocus(True)

    def copy_all(self) -> None:
        """Put the whole text on the clipboard."""
        QGuiApplication.clipboard().setText(self.toPlainText())


def framed(part: QWidget) -> Card:
    """Return a card with nothing but a part that scrolls."""
    card = Card()
    layout = QVBoxLayout(card)
    layout.setContentsMargins(3, 3, 3, 3)
    layout.addWidget(part)
    return card
