"""What Help does with the window: its page, the sheet of keys, and F1 on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trustdesk.gui.help.shortcut_sheet import ShortcutSheet
from trustdesk.gui.shortcuts import Key, bind

if TYPE_CHECKING:
    from trustdesk.gui.window import MainWindow


def link_help(window: MainWindow) -> None:
    """Join Help with a window, once its pages are built."""
    bind(window, Key.SHORTCUTS, lambda: show_shortcuts(window))
    bind(window, Key.HELP, lambda: show_shortcuts(window))
    window.rail.entry("help").clicked.connect(lambda: show_shortcuts(window))


def show_shortcuts(window: MainWindow) -> ShortcutSheet:
    """Open the sheet of keys over the window; return it."""
    sheet = ShortcutSheet(window, window.current_page)
    sheet.open()
    return sheet
