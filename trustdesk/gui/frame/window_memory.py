"""How the window was left: its place, its size, its theme."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRect, QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from trustdesk.gui.settings.window_choices import restore_comfort
from trustdesk.gui.theme.theme import ThemeMode, current_theme
from trustdesk.gui.widgets.dialog_sizes import dialog_sizes

_GEOMETRY, _THEME = "window/geometry", "window/theme"
_SEEN = 80
"""Pixels of a window, each way, that a person needs to take hold of it."""


def remember(window: QWidget, settings: QSettings | None) -> None:
    """Write down how the window stands; None for nothing."""
    if settings is not None:
        settings.setValue(_GEOMETRY, window.saveGeometry())
        settings.setValue(_THEME, current_theme().mode.value)
        settings.sync()


def restore(window: QWidget, settings: QSettings | None) -> ThemeMode | None:
    """Put the window where it was left; return the theme that was chosen, None where nobody remembers."""
    dialog_sizes().use(settings)
    if settings is None:
        return None
    geometry = settings.value(_GEOMETRY)
    if isinstance(geometry, QByteArray) and window.restoreGeometry(geometry):
        _pull_in(window)
    restore_comfort(settings)
    mode = str(settings.value(_THEME, ThemeMode.SYSTEM.value))
    return ThemeMode(mode) if mode in set(ThemeMode) else None


def pulled_in(wanted: QRect, screens: list[QRect]) -> QRect:
    """Return a place on one of the screens, the first being the usual one, that is like the wanted one.

    One that can be taken hold of stays, also where it reaches over an edge; none is larger than its screen.
    """

    def seen(screen: QRect) -> int:
        part = screen.intersected(wanted)
        return part.width() * part.height() if min(part.width(), part.height()) >= _SEEN else 0

    best = max(screens, key=seen)
    size = wanted.size().boundedTo(best.size())
    if seen(best) and wanted.top() >= best.top():
        return QRect(wanted.topLeft(), size)
    place = QRect(best.topLeft(), size)
    if not seen(best):
        place.moveCenter(best.center())
    else:
        place.moveLeft(wanted.left())
    return place


def _pull_in(window: QWidget) -> None:
    if window.isMaximized() or window.isFullScreen():
        return
    usual = QGuiApplication.primaryScreen()
    screens = [one.availableGeometry() for one in (usual, *QGuiApplication.screens())]
    window.setGeometry(pulled_in(window.geometry(), screens))
