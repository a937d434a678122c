"""A page or the window on the screen for one test, and everything of it gone afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from PySide6.QtWidgets import QApplication, QWidget

from tests.support.event_loop import settle
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.window import MainWindow

_Shown = TypeVar("_Shown", bound=QWidget)


@contextmanager
def on_screen(
    app: QApplication, make: Callable[[Bridge], _Shown], size: tuple[int, int] | None = None
) -> Iterator[_Shown]:
    """Make a widget with a bridge of its own, show it, and close both in the end.

    Args:
        app: gets the theme.
        make: gives the widget; a desk it is given afterwards, on the screen.
        size: None for the widget's own.
    """
    current_theme().apply(app)
    bridge = Bridge()
    made = make(bridge)
    if size is not None:
        made.resize(*size)
    made.show()
    try:
        yield made
    finally:
        bridge.close()
        made.close()
        made.deleteLater()
        settle()


def window_with_pages(bridge: Bridge) -> MainWindow:
    """Make the main window with its pages."""
    made = MainWindow(bridge, title="trustdesk")
    made.build_pages()
    return made
