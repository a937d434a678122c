"""The theme in force: palette, style sheet and the person's choice between system, light and dark."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from string import Template
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from trustdesk.gui.theme.tokens import DARK, LIGHT, Tokens
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.storage.resources import resource_folder

if TYPE_CHECKING:
    from trustdesk.services.board import State

# By the states' values: the frame is painted before the services are imported.
_LOOKS = {
    "good": ("good", "good", "good_soft"),
    "warning": ("warning", "warning", "warning_soft"),
    "bad": ("bad", "bad", "bad_soft"),
    "unknown": ("unknown", "unknown", "unknown_soft"),
    "running": ("running", "accent", "accent_soft"),
    "not_applicable": ("not-applicable", "text3", "unknown_soft"),
}


class ThemeMode(StrEnum):
    """What the person chose; SYSTEM follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateLook:
    """How a state is shown: icon, colour of icon and word, ground of chips and banners."""

    icon: str
    color: str
    ground: str


class Theme(QObject):
    """The one theme of the process; see `current_theme`.

    Signals:
        changed: the tokens are others now; palette and style sheet are set already.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._mode = ThemeMode.SYSTEM
        self._tokens = LIGHT
        self._app: QApplication | None = None

    @property
    def tokens(self) -> Tokens:
        """Colours in force."""
        return self._tokens

    @property
    def mode(self) -> ThemeMode:
        """What the person chose."""
        return self._mode

    def apply(self, app: QApplication) -> None:
        """Dress an application, before its first window; a second call for it does nothing."""
        if self._app is app:
            return
        self._app = app
        app.setStyle("Fusion")
        app.setFont(font(TypeStyle.BODY))
        app.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._dress()

    def set_mode(self, mode: ThemeMode) -> None:
        """Follow the system, or stay light or dark."""
        if mode is not self._mode:
            self._mode = mode
            self._dress()

    def _system_changed(self) -> None:
        if self._mode is ThemeMode.SYSTEM and self._wanted() is not self._tokens:
            self._dress()

    def _wanted(self) -> Tokens:
        if self._mode is not ThemeMode.SYSTEM:
            return DARK if self._mode is ThemeMode.DARK else LIGHT
        # Unknown, as on a bare X server, counts as light.
        return DARK if QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark else LIGHT

    def _dress(self) -> None:
        if self._app is not None:
            # Only a request, so that native title bars follow where they can; ours do not depend on it.
            scheme = {ThemeMode.LIGHT: Qt.ColorScheme.Light, ThemeMode.DARK: Qt.ColorScheme.Dark}
            self._app.styleHints().setColorScheme(scheme.get(self._mode, Qt.ColorScheme.Unknown))
        self._tokens = self._wanted()
        if self._app is not None:
            self._app.setPalette(_palette(self._tokens))
            self._app.setStyleSheet(_style_sheet(self._tokens))
        self.changed.emit()


@cache
def current_theme() -> Theme:
    """Return the theme of this process."""
    return Theme()


def state_look(state: State) -> StateLook:
    """Return icon and colours of a state in the theme in force."""
    icon, color, ground = _LOOKS[state.value]
    tokens = current_theme().tokens
    return StateLook(icon=icon, color=str(getattr(tokens, color)), ground=str(getattr(tokens, ground)))


def _palette(tokens: Tokens) -> QPalette:
    role = QPalette.ColorRole
    colors = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.sunken,
        role.Text: tokens.text,
        role.PlaceholderText: tokens.text3,
        role.Button: tokens.surface,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.on_accent,
        role.Light: tokens.surface,
        role.Midlight: tokens.hover,
        role.Mid: tokens.border,
        role.Dark: tokens.control,
        role.Shadow: tokens.control,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.ToolTipBase: tokens.surface,
        role.ToolTipText: tokens.text,
    }
    palette = QPalette()
    for where, color in colors.items():
        palette.setColor(where, QColor(color))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(tokens.text3))
    return palette


def _style_sheet(tokens: Tokens) -> str:
    return _template().substitute({name: getattr(tokens, name) for name in Tokens.__dataclass_fields__})


@cache
def _template() -> Template:
    return Template((resource_folder() / "themes" / "controls.qss").read_text(encoding="utf-8"))
