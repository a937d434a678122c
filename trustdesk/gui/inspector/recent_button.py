"""The button at "Open" with the menu of the files that were opened last."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from trustdesk.core.message import msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.words import say

_WIDEST_PLACE = 48


class RecentButton(Button):
    """Hidden while there is no file to offer.

    Signals:
        chosen: path of the file that the person wants to open again.
        clear_wanted: the person wants the list forgotten.
    """

    chosen = Signal(object)
    clear_wanted = Signal()

    def __init__(self, *, kind: ButtonKind = ButtonKind.QUIET, parent: QWidget | None = None) -> None:
        is_bare = kind is ButtonKind.BARE
        words = say(msg("Recent files"))
        super().__init__("" if is_bare else words, icon="clock", kind=kind, name=words, parent=parent)
        self.menu_of_files = QMenu(self)
        self.menu_of_files.setAccessibleName(words)
        self.menu_of_files.setToolTipsVisible(True)
        self.clicked.connect(self._open_menu)
        self.hide()

    def show_files(self, files: Sequence[Path]) -> None:
        """Offer these files, the latest first."""
        menu = self.menu_of_files
        menu.clear()
        for file in files:
            action = menu.addAction(_words_of(file))
            action.setToolTip(visible(str(file)))
            action.triggered.connect(lambda _checked=False, one=file: self.chosen.emit(one))
        menu.addSeparator()
        menu.addAction(say(msg("Clear this list"))).triggered.connect(self.clear_wanted)
        self.setVisible(bool(files))

    def _open_menu(self) -> None:
        self.menu_of_files.popup(self.mapToGlobal(self.rect().bottomLeft()))


def _words_of(file: Path) -> str:
    """Return name and folder of a file as a menu shows them: no line breaks, and & is no mark of a key."""
    folder = visible(str(file.parent))
    if len(folder) > _WIDEST_PLACE:
        folder = f"…{folder[-_WIDEST_PLACE:]}"
    return f"{visible(file.name)}  –  {folder}".replace("&", "&&")
