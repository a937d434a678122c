"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path

from trustdesk.storage.failures import file_failure

PASSED_ON = 0o644
"""Mode of what is made to be passed on; the process's umask may narrow it."""

_EXCLUSIVE = (
    os.O_CREAT
    | os.O_EXCL
    | os.O_WRONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def write_atomically(path: Path, data: bytes, mode: int = 0o600, *, durable: bool = True) -> None:
    """Write `data` so that `path` holds either the old bytes or all of the new ones, also after a power cut.

    A symbolic link at `path` is replaced, not followed.

    Args:
        path: in a folder that exists.
        data: the whole of the file.
        mode: of the new file on POSIX, less what the process's umask takes away.
        durable: whether to wait until the disk has it; without, what is there after a power cut has to be
            checked by its reader.

    Raises:
        EnvironmentFailureError: the folder is missing or cannot be written, or the disk is full; what was
            at `path` is untouched.
    """
    written_atomically(path, (data,), mode, durable=durable)


def written_atomically(
    path: Path,
    parts: Iterable[bytes],
    mode: int = 0o600,
    *,
    durable: bool = True,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> bool:
    """Write what comes in parts, as `write_atomically` writes the whole of it.

    Args:
        path: see there; so are `mode` and `durable`.
        parts: made while it is written; where making one raises, the old file stays.
        is_cancelled: asked after each part and before the new file takes its place.

    Returns:
        Whether it is written; False when it was cancelled, and the old file stays.

    Raises:
        EnvironmentFailureError: as `write_atomically`.
    """
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        try:
            with os.fdopen(os.open(temporary, _EXCLUSIVE, mode), "wb") as file:
                for part in parts:
                    file.write(part)
                    if is_cancelled():
                        break
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            if is_cancelled():
                temporary.unlink()
                return False
            temporary.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        if durable:
            sync_folder(path.parent)
    except OSError as error:
        raise file_failure(error, str(path)) from error
    return True


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names in a folder: a new one lies in the folder's own data."""
    # Windows has no way to ask for it, and needs none.
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
