"""Files that a person drags out of the window: only theirs to read, and gone when the program ends."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from pathlib import Path

_PRIVATE_FILE, _PRIVATE_FOLDER = 0o600, 0o700
_LEFT_OVER_S = 24 * 3600.0


class DraggedFiles:
    """The files of one run of the program, below a folder that all runs of this person share."""

    def __init__(self, parent: Path) -> None:
        self._parent = parent
        self._own: Path | None = None

    def write(self, name: str, text: str) -> Path | None:
        """Write a file for one drag and return it; None where none can be written. `text` is ASCII."""
        try:
            if self._own is None or not self._own.is_dir():
                self._own = self._begin()
            # A folder for each drag: what was dropped before may still be read.
            file = Path(tempfile.mkdtemp(dir=self._own)) / name
            flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
            with os.fdopen(os.open(file, flags, _PRIVATE_FILE), "w", encoding="ascii") as stream:
                stream.write(text)
        except OSError:
            return None
        return file

    def forget(self) -> None:
        """Remove what this run wrote."""
        if self._own is not None:
            shutil.rmtree(self._own, ignore_errors=True)
            self._own = None

    def _begin(self) -> Path:
        self._parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        for left in self._parent.iterdir():
            # Of a run that was killed; one that still runs for days makes its folder anew where it must.
            if time.time() - left.lstat().st_mtime > _LEFT_OVER_S:
                shutil.rmtree(left, ignore_errors=True)
        own = Path(tempfile.mkdtemp(dir=self._parent))
        atexit.register(self.forget)
        return own


def dragged_folder() -> Path:
    """Return the folder of dragged files; it need not exist yet, and may be deleted."""
    import platformdirs

    return platformdirs.user_cache_path("trustdesk", appauthor=False) / "dragged"
