"""What a person wants of the window besides its colours: whether anything moves, and how tight rows stand."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QObject, Signal


class Comfort(QObject):
    """The one choice of the process; see `current_comfort`.

    Signals:
        changed: something is wanted otherwise than before.

    Attributes:
        has_motion: whether rings may turn.
        is_compact: whether rows stand tight.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.has_motion = True
        self.is_compact = False

    def choose(self, *, has_motion: bool | None = None, is_compact: bool | None = None) -> None:
        """Want it otherwise; None for what was wanted before."""
        before = (self.has_motion, self.is_compact)
        self.has_motion = self.has_motion if has_motion is None else has_motion
        self.is_compact = self.is_compact if is_compact is None else is_compact
        if before != (self.has_motion, self.is_compact):
            self.changed.emit()


@cache
def current_comfort() -> Comfort:
    """Return the choice of this process."""
    return Comfort()


def tightened(height: int, *, by: int) -> int:
    """Return the height of a row as the person wants it."""
    return height - by if current_comfort().is_compact else height
