"""The field **Search everything** of the top bar, and the list of what was found below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import msg, msg_n
from trustdesk.gui.widgets.filter_field import FilterField
from trustdesk.gui.words import say

if TYPE_CHECKING:  # the frame is painted before anything is searched for
    from trustdesk.gui.frame.search_results import SearchResults
    from trustdesk.services.search import Hit

DEBOUNCE_MS = 120
"""Rest after the last letter before a search begins."""

_MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class SearchField(FilterField):
    """Asks for a search when the person has stopped typing, and shows what comes of it.

    The keyboard stays in the field: arrows move in the list, Enter opens, Esc closes it.

    Signals:
        search_wanted: the words to search for.
        chosen: the Hit to open.
    """

    search_wanted = Signal(str)
    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            name=say(msg("Search everything")), hint=say(msg("Search everything")), parent=parent
        )
        self.setToolTip(
            say(msg("Partners and certificates by name, usage, serial number or fingerprint (Ctrl+F)"))
        )
        self._results: SearchResults | None = None
        self._answered = ""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(DEBOUNCE_MS)
        self._rest.timeout.connect(self._ask)
        self.textChanged.connect(self._typed)

    @property
    def results(self) -> SearchResults:
        """The list of what was found; made when it is first asked for."""
        if self._results is None:
            from trustdesk.gui.frame.search_results import SearchResults

            self._results = SearchResults(self)
            self._results.hide()
            self._results.chosen.connect(self._open)
        return self._results

    def show_hits(self, query: str, hits: Sequence[Hit]) -> None:
        """Show what was found; an answer to other words than those in the field is dropped."""
        if query != self._query or not self.hasFocus():
            return
        self._answered = query
        self.results.show_hits(hits)
        count = msg_n("{count} found", "{count} found", len(hits)) if hits else msg("Nothing found")
        self.setAccessibleDescription(say(count))
        self._place()

    def show_error(self, query: str, error: TrustdeskError) -> None:
        """Say why there is no answer."""
        if query == self._query and self.hasFocus():
            self._answered = query
            self.results.show_error(error)
            self.setAccessibleDescription(say(error.problem))
            self._place()

    def focus_search(self) -> None:
        """Put the cursor into the field, with its words selected."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        if self._query:
            self._ask()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move in the list, open from it, and close it."""
        key = Qt.Key(event.key())
        if self.results.isVisible() and key in _MOVES:
            self.results.move_current(_MOVES[key])
            self._say_current()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            current = self.results.current
            # Until the answer to new words comes, hits of the previous ones stay in view.
            if self.results.isVisible() and current is not None and self._answered == self._query:
                self._open(current)
            elif self._query:
                self._ask()
        elif key == Qt.Key.Key_Escape and self.results.isVisible():
            self.results.hide()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Close the list; it opens again with the field."""
        super().focusOutEvent(event)
        self._hide()

    @property
    def _query(self) -> str:
        return self.text().strip()

    def _typed(self) -> None:
        if self._query:
            self._rest.start()
        else:
            self._rest.stop()
            self._hide()

    def _hide(self) -> None:
        if self._results is not None:
            self._results.hide()

    def _ask(self) -> None:
        self._rest.stop()
        self.search_wanted.emit(self._query)

    def _open(self, hit: Hit) -> None:
        self.results.hide()
        self.chosen.emit(hit)

    def _say_current(self) -> None:
        self.setAccessibleDescription(self.results.current_words)

    def _place(self) -> None:
        """Show the list below the field, over the page."""
        window = self.window()
        self.results.setParent(window)
        self.results.fit(max(self.width(), 460), window.height() - 120)
        below = self.mapTo(window, QPoint(0, self.height() + 4))
        x = max(8, min(below.x(), window.width() - self.results.width() - 8))
        self.results.move(x, below.y())
        self.results.show()
        self.results.raise_()
