"""What Help does with the window: its page, F1 on every page, the sheet of keys, the clock's state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trustdesk.gui.frame.clock_button import ClockButton
from trustdesk.gui.help.page import HelpPage
from trustdesk.gui.help.shortcut_sheet import ShortcutSheet
from trustdesk.gui.shortcuts import Key, bind

if TYPE_CHECKING:
    from trustdesk.gui.window import MainWindow


def link_help(window: MainWindow) -> HelpPage:
    """Make the page Help and join it with a window, once its other pages are built."""
    page = HelpPage(window.bridge)
    page.keys_wanted.connect(lambda: show_shortcuts(window))
    bind(window, Key.SHORTCUTS, lambda: show_shortcuts(window))
    bind(window, Key.HELP, lambda: open_help(window, page))
    clock = window.clock = ClockButton(window.bridge)
    window.status_bar.add_at_end(clock)
    clock.clicked.connect(lambda: show_self_test(window))
    window.partners.sweep.ended.connect(clock.refresh)
    return page


def show_self_test(window: MainWindow) -> None:
    """Show the self-test, from wherever it is asked for."""
    window.show_page("help")
    window.help.show_self_test()


def open_help(window: MainWindow, page: HelpPage) -> None:
    """Show the chapter of the page in view; on Help itself nothing changes."""
    before = window.current_page
    if before != "help":
        page.open_chapter(before.replace("_", "-"))
    window.show_page("help")


def show_shortcuts(window: MainWindow) -> ShortcutSheet:
    """Open the sheet of keys over the window; return it."""
    sheet = ShortcutSheet(window, window.current_page)
    sheet.open()
    return sheet
