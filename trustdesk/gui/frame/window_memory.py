"""How the window was left: its place, its size, its theme."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QWidget

from trustdesk.gui.settings.window_choices import restore_comfort
from trustdesk.gui.theme.theme import ThemeMode, current_theme

_GEOMETRY, _THEME = "window/geometry", "window/theme"


def remember(window: QWidget, settings: QSettings | None) -> None:
    """Write down how the window stands; None for nothing."""
    if settings is not None:
        settings.setValue(_GEOMETRY, window.saveGeometry())
        settings.setValue(_THEME, current_theme().mode.value)
        settings.sync()


def restore(window: QWidget, settings: QSettings | None) -> ThemeMode | None:
    """Put the window where it was left; return the theme that was chosen, None where nobody remembers."""
    if settings is None:
        return None
    geometry = settings.value(_GEOMETRY)
    if isinstance(geometry, QByteArray):
        window.restoreGeometry(geometry)
    restore_comfort(settings)
    mode = str(settings.value(_THEME, ThemeMode.SYSTEM.value))
    return ThemeMode(mode) if mode in set(ThemeMode) else None
