"""A small grey icon that tells of one thing, and says nothing of good or bad."""

from __future__ import annotations

from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.widgets.text import Text

_SIZE = 14


class GreyMark(Text):
    """An icon in the theme's second ink; its name is for screen readers."""

    def __init__(self, icon: str, name: str) -> None:
        super().__init__()
        self._icon = icon
        self.setAccessibleName(name)
        self._redraw()
        current_theme().changed.connect(self._redraw)

    def _redraw(self) -> None:
        self.setPixmap(pixmap(self._icon, current_theme().tokens.text2, _SIZE, self.devicePixelRatioF()))
