"""What a person chose for this window alone, in its own file: theme, language, motion, tight rows."""

from __future__ import annotations

from PySide6.QtCore import QSettings

from trustdesk.gui.theme.comfort import current_comfort

_THEME, _MOTION, _COMPACT = "window/theme", "window/motion", "window/compact"
_LANGUAGE = "window/language"


def restore_comfort(settings: QSettings) -> None:
    """Want of the window what was wanted of it before; a bad file is as none."""
    current_comfort().choose(
        has_motion=str(settings.value(_MOTION, "true")) != "false",
        is_compact=str(settings.value(_COMPACT, "false")) == "true",
    )


class WindowChoices:
    """The file, written at each choice; None keeps nothing beyond this session."""

    def __init__(self, settings: QSettings | None) -> None:
        self._settings = settings
        self._begun_with = self.language

    @property
    def is_kept(self) -> bool:
        """Whether the next session will know."""
        return self._settings is not None

    @property
    def language(self) -> str:
        """Code of the language; "" for that of the desktop."""
        return "" if self._settings is None else str(self._settings.value(_LANGUAGE, ""))

    @property
    def needs_restart(self) -> bool:
        """Whether another language was chosen than this session began with."""
        return self.language != self._begun_with

    def keep_theme(self, mode: str) -> None:
        """Keep the theme by the value of its mode."""
        self._keep(_THEME, mode)

    def keep_language(self, code: str) -> None:
        """Keep a language for the next start; "" for that of the desktop."""
        if self._settings is not None and not code:
            self._settings.remove(_LANGUAGE)
            self._settings.sync()
        else:
            self._keep(_LANGUAGE, code)

    def choose_comfort(self, *, has_motion: bool | None = None, is_compact: bool | None = None) -> None:
        """Want the window so from now on, and in the next session; None for as it was."""
        comfort = current_comfort()
        comfort.choose(has_motion=has_motion, is_compact=is_compact)
        self._keep(_MOTION, "true" if comfort.has_motion else "false")
        self._keep(_COMPACT, "true" if comfort.is_compact else "false")

    def _keep(self, key: str, value: str) -> None:
        if self._settings is not None:
            self._settings.setValue(key, value)
            self._settings.sync()
