"""The bar that shows where the time of one run went."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from trustdesk.core.message import msg
from trustdesk.core.probe import Phase
from trustdesk.gui.handshake.comparison_facts import PhasePart
from trustdesk.gui.handshake.phase_facts import PHASE_NAMES, milliseconds
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.widgets.painting import paint_rounded, snapped
from trustdesk.gui.words import say

PHASE_TOKENS = {
    Phase.RESOLVE: "slate",
    Phase.CONNECT: "violet",
    Phase.HANDSHAKE: "blue",
    Phase.SETTLE: "amber",
    Phase.REQUEST: "teal",
}
"""Colour token of each phase; neighbours differ in lightness as well as in hue."""

_HEIGHT = 12
_LEAST = 2.0


class PhaseBar(QWidget):
    """Stacked parts on a time scale that never mirrors; the numbers beside it are its twin."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[PhasePart, ...] = ()
        self._scale_ms = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_parts(self, parts: Sequence[PhasePart], scale_ms: float) -> None:
        """Show parts; `scale_ms` fills the width."""
        self._parts = tuple(part for part in parts if part.elapsed_ms)
        self._scale_ms = max(scale_ms, 0.001)
        words = [
            f"{say(PHASE_NAMES[part.phase])} {say(milliseconds(part.elapsed_ms or 0))}"
            for part in self._parts
        ]
        self.setAccessibleName(say(msg("Time by phase")))
        self.setAccessibleDescription(", ".join(words))
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of the bar."""
        return QSize(120, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the parts with a gap of one pixel between them."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        width = float(self.width())
        x = 0.0
        for place, part in enumerate(self._parts):
            length = max(_LEAST, (part.elapsed_ms or 0.0) / self._scale_ms * width)
            length = max(1.0, min(length, width - x - _LEAST * (len(self._parts) - place - 1)))
            rect = snapped(QRectF(x, 0, max(1.0, length - 1), self.height()), ratio)
            painter.fillRect(rect, QColor(str(getattr(tokens, PHASE_TOKENS[part.phase]))))
            x += length
        painter.end()


class Swatch(QWidget):
    """The colour of a phase before its name."""

    def __init__(self, phase: Phase, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._phase = phase
        self.setFixedSize(10, 10)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the colour."""
        token = str(getattr(current_theme().tokens, PHASE_TOKENS[self._phase]))
        painter = QPainter(self)
        paint_rounded(painter, QRectF(self.rect()), 2, fill=token)
        painter.end()
