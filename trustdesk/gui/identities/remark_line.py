"""A sentence with an icon before it: a remark, a warning, or what is wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.text import Text

_ICON = 16


class RemarkLine(QWidget):
    """Icon and words, which wrap. `ink` is the token of the icon, and of the words unless it is `text2`."""

    def __init__(
        self,
        words: str = "",
        *,
        icon: str,
        ink: str = "text2",
        style: TypeStyle = TypeStyle.SECOND_LINE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon_name, self._ink = icon, ink
        self._icon = QLabel()
        self._words = Text(style=style, ink="text" if ink == "text2" else ink, wrap=True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._words, 1)
        current_theme().changed.connect(self._take_theme)
        self._take_theme()
        self.show_words(words)

    @property
    def words(self) -> str:
        """The sentence."""
        return self._words.text()

    def show_words(self, words: str) -> None:
        """Show another sentence."""
        self._words.setText(words)
        self.setAccessibleName(words)

    def show_as(self, words: str, *, icon: str, ink: str) -> None:
        """Show another sentence with another weight."""
        self._icon_name, self._ink = icon, ink
        self._words.set_ink("text" if ink == "text2" else ink)
        self._take_theme()
        self.show_words(words)

    def _take_theme(self) -> None:
        color = str(getattr(current_theme().tokens, self._ink))
        self._icon.setPixmap(pixmap(self._icon_name, color, _ICON, self.devicePixelRatioF()))
