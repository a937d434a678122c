"""The files that were opened last: their paths alone, ten of them, in the window's own settings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal

MOST = 10
_KEY = "inspector/recent"
_MAX_PATH = 4096


class RecentFiles(QObject):
    """The list, latest first; without settings it lives as long as the window.

    Signals:
        changed: there are others now.
    """

    changed = Signal()

    def __init__(self, settings: QSettings | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._files = () if settings is None else _read(settings.value(_KEY))

    @property
    def files(self) -> tuple[Path, ...]:
        """Absolute paths, latest first; the files may be gone."""
        return self._files

    def add(self, sources: Sequence[object]) -> None:
        """Note the files among sources that are opened; pasted text has no path."""
        files = [one.absolute() for one in sources if isinstance(one, Path)]
        added = tuple(file for file in files if _is_kept(str(file)))[:MOST]
        self._keep(tuple(dict.fromkeys((*added, *self._files)))[:MOST])

    def clear(self) -> None:
        """Forget all."""
        self._keep(())

    def _keep(self, files: tuple[Path, ...]) -> None:
        if files == self._files:
            return
        self._files = files
        if self._settings is not None:
            self._settings.setValue(_KEY, [str(file) for file in files])
        self.changed.emit()


def _read(value: object) -> tuple[Path, ...]:
    """Return what the settings hold; a file of settings that was edited or damaged holds anything."""
    texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    kept = [text for text in texts if isinstance(text, str) and _is_kept(text)]
    return tuple(dict.fromkeys(Path(text) for text in kept))[:MOST]


def _is_kept(text: str) -> bool:
    """Whether a path can be written down and read again as it stands."""
    writable = text.isprintable() and len(text) <= _MAX_PATH
    return writable and Path(text).is_absolute()
