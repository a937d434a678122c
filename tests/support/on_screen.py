"""A page or the window on the screen for one test, and everything of it gone afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from PySide6.QtWidgets import QApplication, QWidget

from tests.support.event_loop import settle
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.theme.theme import ThemeMode, current_theme
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


@contextmanager
def in_theme(mode: ThemeMode) -> Iterator[None]:
    """Paint in a theme, and in the one before it afterwards."""
    before = current_theme().mode
    if mode is before:
        yield
        return
    current_theme().set_mode(mode)
    try:
        yield
    finally:
        current_theme().set_mode(before)


def painted(widget: QWidget, mode: ThemeMode, size: tuple[int, int]) -> bool:
    """Return whether a widget takes a size and is painted at it in a theme; a long word may not widen it."""
    with in_theme(mode):
        widget.resize(*size)
        settle()
        return (widget.width(), widget.height()) == size and not widget.grab().isNull()


def window_with_pages(bridge: Bridge) -> MainWindow:
    """Make the main window with its pages."""
    made = MainWindow(bridge, title="trustdesk")
    made.build_pages()
    return made
