"""The open ring that turns while something runs: one clock for all of them, stopped when nothing runs."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QStyle, QWidget

from trustdesk.gui.theme.comfort import current_comfort
from trustdesk.gui.theme.theme import current_theme

_STEP_MS = 83
_STEPS = 12
"""Twelve steps of 83 ms are one turn a second."""


class RingClock(QObject):
    """Tells when rings have moved.

    Signals:
        moved: rings in view have to be painted again.
    """

    moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._step = 0
        self._users: set[int] = set()
        self._timer = QTimer(self)
        self._timer.setInterval(_STEP_MS)
        self._timer.timeout.connect(self._tick)
        current_comfort().changed.connect(self._stand_still)

    @property
    def angle(self) -> float:
        """Degrees that rings are turned by."""
        return self._step * 360.0 / _STEPS

    def run_for(self, user: QObject, running: bool) -> None:
        """Turn while at least one user has something running; stand still where motion is not wanted."""
        if running and motion_wanted():
            self._users.add(id(user))
            if not self._timer.isActive():
                self._timer.start()
            return
        self._users.discard(id(user))
        if not self._users:
            self._timer.stop()

    def _stand_still(self) -> None:
        if not current_comfort().has_motion:
            self._users.clear()
            self._timer.stop()

    def _tick(self) -> None:
        self._step = (self._step + 1) % _STEPS
        self.moved.emit()


@cache
def ring_clock() -> RingClock:
    """Return the clock of this process."""
    return RingClock()


def motion_wanted() -> bool:
    """Whether anything may move: not without a screen, nor where the person or the style wants none."""
    if QGuiApplication.platformName() == "offscreen" or not current_comfort().has_motion:
        return False
    return QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0


def paint_ring(painter: QPainter, rect: QRectF, color: str) -> None:
    """Paint an open ring in `rect`, turned as the clock says."""
    width = rect.width() / 11
    inset = rect.width() / 24 * 3
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(color), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    start = round((90 - ring_clock().angle) * 16)
    painter.drawArc(rect.adjusted(inset, inset, -inset, -inset), start, -270 * 16)
    painter.restore()


class Ring(QWidget):
    """A ring as a widget; hidden when nothing runs."""

    def __init__(self, size: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(size, size)
        ring_clock().moved.connect(self.update)

    def set_running(self, running: bool) -> None:
        """Show and turn, or hide."""
        self.setVisible(running)
        ring_clock().run_for(self, running)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ring."""
        painter = QPainter(self)
        paint_ring(painter, QRectF(self.rect()), current_theme().tokens.accent)
        painter.end()
