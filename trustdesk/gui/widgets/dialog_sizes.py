"""The size at which a person left a dialog, by the kind of dialog."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QSettings, QSize


class DialogSizes:
    """Sizes in the window's settings; nothing is remembered where the window remembers nothing."""

    def __init__(self) -> None:
        self._settings: QSettings | None = None

    def use(self, settings: QSettings | None) -> None:
        """Remember in a window's settings; None for nothing."""
        self._settings = settings

    def size_of(self, kind: str, usual: QSize) -> QSize:
        """Return the size at which a kind was left; `usual` where nobody knows, or the file is bad."""
        kept = None if self._settings is None else self._settings.value(f"dialogs/{kind}")
        return kept if isinstance(kept, QSize) and kept.isValid() else usual

    def keep(self, kind: str, size: QSize) -> None:
        """Remember the size at which a kind was left."""
        if self._settings is not None:
            self._settings.setValue(f"dialogs/{kind}", size)


@cache
def dialog_sizes() -> DialogSizes:
    """Return the memory of this process."""
    return DialogSizes()
