"""Which process shows the window of a workspace: the one that holds its lock."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from pathlib import Path

from PySide6.QtCore import QLockFile

_PRIVATE = 0o700


class Claim:
    """The lock of a workspace's window, and the name of the socket that goes with it.

    Attributes:
        is_first: this process shows the window.
        is_taken: another process shows it; neither is True where the folder cannot be written.
        socket: what `QLocalServer` listens at: a path, on Windows the name of a pipe.
    """

    def __init__(self, folder: Path, workspace: Path) -> None:
        """Try to take the lock of `workspace` in `folder`; waits for nobody."""
        key = hashlib.sha256(os.fsencode(workspace.absolute())).hexdigest()[:16]
        self._lock = QLockFile(str(folder / f"trustdesk-{key}.lock"))
        # A lock whose process has gone is stale at once; one whose process lives never is.
        self._lock.setStaleLockTime(0)
        self.is_first = self._lock.tryLock(0)
        self.is_taken = not self.is_first and self._lock.error() == QLockFile.LockError.LockFailedError
        name = f"trustdesk-{key}.socket"
        self.socket = f"{_person()}-{name}" if sys.platform == "win32" else str(folder / name)

    def release(self) -> None:
        """Let the next start show a window; once."""
        if self.is_first:
            self._lock.unlock()
            self.is_first = False


def claim_window(workspace: Path) -> Claim | None:
    """Take the window of a workspace; None where no folder is this person's alone, so that nobody is asked.

    `workspace` is the folder of this machine that belongs to it; it need not exist.
    """
    folder = private_folder(os.environ.get("XDG_RUNTIME_DIR"))
    return None if folder is None else Claim(folder, workspace)


def private_folder(runtime: str | None) -> Path | None:
    """Return a folder that only this person can enter: of the session, or in their cache; None where none is.

    Source: XDG Base Directory Specification, XDG_RUNTIME_DIR.
    """
    if runtime and _is_private(Path(runtime)):
        return Path(runtime)
    import platformdirs  # here: a session with a folder of its own need not pay for it

    folder = platformdirs.user_cache_path("trustdesk", appauthor=False) / "run"
    try:
        folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if _is_private(folder) else None


def _is_private(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    if sys.platform == "win32":
        return stat.S_ISDIR(found.st_mode)
    return (
        stat.S_ISDIR(found.st_mode)
        and found.st_uid == os.getuid()
        and stat.S_IMODE(found.st_mode) == _PRIVATE
    )


def _person() -> str:
    """Return what tells persons apart on Windows, where the pipes of all of them lie in one place."""
    return hashlib.sha256(os.fsencode(Path.home())).hexdigest()[:16]
