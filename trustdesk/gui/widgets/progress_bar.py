"""A thin bar of stacked parts with a gap of one pixel between them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.widgets.painting import is_right_to_left, snapped

HEIGHT = 6


class ProgressBar(QWidget):
    """Parts of a whole, in their order; the words beside it say the numbers."""

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[tuple[int, str], ...] = ()
        self._total = 0
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def show_parts(self, parts: Sequence[tuple[int, str]], total: int, words: str) -> None:
        """Show counts with the token of each; `words` is what assistive technology says."""
        self._parts = tuple(parts)
        self._total = total
        self.setAccessibleDescription(words)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the trough and the parts."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        trough = QPainterPath()
        rect = QRectF(self.rect())
        trough.addRoundedRect(rect, HEIGHT / 2, HEIGHT / 2)
        painter.setClipPath(trough)
        painter.fillRect(rect, QColor(tokens.border))
        if is_right_to_left(self):
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        ratio = self.devicePixelRatioF()
        x, shown = 0.0, [part for part in self._parts if part[0]]
        for place, (count, ink) in enumerate(shown):
            width = self.width() * count / max(1, self._total)
            gap = 1.0 if place < len(shown) - 1 else 0.0
            bar = snapped(QRectF(x, 0, max(1.0, width - gap), HEIGHT), ratio)
            painter.fillRect(bar, QColor(str(getattr(tokens, ink))))
            if gap:
                painter.fillRect(QRectF(bar.right(), 0, gap, HEIGHT), QColor(tokens.surface))
            x += width
        painter.end()
