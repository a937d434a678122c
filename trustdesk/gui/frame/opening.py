"""What stands in place of the pages while the desk opens, or when it could not be opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.widgets.ring import Ring
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

if TYPE_CHECKING:
    from trustdesk.core.errors import TrustdeskError
    from trustdesk.gui.widgets.banner import VerdictBanner


class Opening(QWidget):
    """A quiet line with a ring; or the failure with its remedy."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ring = Ring(16)
        self._words = Text(say(msg("Opening the workspace …")), ink="text2")
        self._banner: VerdictBanner | None = None
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self._ring, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self._words)
        line.addStretch(1)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(24, 22, 24, 14)
        self._layout.addLayout(line)
        self._layout.addStretch(1)
        self._ring.set_running(True)

    @property
    def banner(self) -> VerdictBanner | None:
        """The failure; None while there is none."""
        return self._banner

    def show_error(self, error: TrustdeskError) -> None:
        """Say why there is nothing to work with, and what to do."""
        self._ring.set_running(False)
        self._words.hide()
        if self._banner is None:
            # Most windows never need it, and the first paint does not wait for it.
            from trustdesk.gui.widgets.banner import VerdictBanner

            self._banner = VerdictBanner()
            self._layout.insertWidget(1, self._banner)
        self._banner.show_error(error)

    def set_done(self) -> None:
        """The desk is open; nothing turns any more."""
        self._ring.set_running(False)
