"""CRLs in a folder of their own by the SHA-256 of their DER: the long ones with indexes, and all downloads.

A cache: everything in it can be made again, so whatever is not whole, or not ours, is thrown away and made
anew. Digests tell damage and mix-ups. They do not tell a forgery: whoever may write here may write an index
that leaves an entry out, with the right digests. So the folder and its files must belong to the person and
be writable for nobody else, or they are not used; whoever can act as that person can change the program too.
That a signature was checked is kept nowhere: it would be worth forging, and costs 0.1 s to find out.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import stat
import sys
import time
from contextlib import suppress
from pathlib import Path

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.storage.atomic_file import write_atomically
from trustdesk.storage.failures import file_failure

LIMIT_BYTES = 512 * 1024 * 1024
"""Of all lists and indexes together; those that were not used for longest go first."""

_LIST, _INDEX, _UNFINISHED = ".crl", ".index", ".tmp"
_UNFINISHED_S = 600.0
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
_SAME_AT_ONCE = 1024 * 1024


class RevocationCache:
    """One folder, made when it is first needed; several processes may use it at once."""

    def __init__(self, folder: Path, limit_bytes: int = LIMIT_BYTES) -> None:
        self._folder = folder
        self._limit_bytes = limit_bytes

    def prepare(self) -> None:
        """Make the folder, or check that it is one to be trusted.

        Raises:
            EnvironmentFailureError: it cannot be made, belongs to somebody else, or others may write in it.
        """
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = self._folder.lstat()
        except OSError as error:
            raise file_failure(error, str(self._folder)) from error
        if not stat.S_ISDIR(found.st_mode) or not _is_private(found):
            raise EnvironmentFailureError(
                msg("Others may write in the folder that keeps revocation lists."),
                remedy=msg("Take the right to write in it away from them."),
                place=str(self._folder),
            )

    @property
    def folder(self) -> Path:
        """Where everything lies; it need not exist yet."""
        return self._folder

    def list_file(self, sha256: str) -> Path:
        """Return where a list lies, or would."""
        return self._folder / f"{sha256}{_LIST}"

    def index_file(self, sha256: str) -> Path:
        """Return where the index of a list lies, or would."""
        return self._folder / f"{sha256}{_INDEX}"

    def keep(self, sha256: str, der: bytes) -> None:
        """Write a list, unless it lies there whole, and make room for it.

        Raises:
            EnvironmentFailureError: it cannot be written.
        """
        self.make_room(sha256, len(der) * 2)
        if not _holds(self.list_file(sha256), der):
            write_atomically(self.list_file(sha256), der, durable=False)

    def read(self, sha256: str) -> bytes | None:
        """Return a list that lies here whole; None when there is none, or something else in its place."""
        descriptor = _open_private(self.list_file(sha256))
        if descriptor is None:
            return None
        with os.fdopen(descriptor, "rb") as stream:
            der = stream.read()
        return der if hashlib.sha256(der).hexdigest() == sha256 else None

    def make_room(self, sha256: str, needed: int) -> None:
        """Remove what was not used for longest until `needed` octets fit in; never this list's own files.

        What was being written when its process was killed goes first.
        """
        files = []
        with suppress(OSError):
            for file in self._folder.iterdir():
                if file.suffix in {_LIST, _INDEX, _UNFINISHED} and file.stem != sha256:
                    found = file.lstat()
                    files.append((found.st_mtime, found.st_size, file))
        for changed, size, file in [one for one in files if one[2].suffix == _UNFINISHED]:
            if time.time() - changed > _UNFINISHED_S:
                with suppress(OSError):
                    file.unlink()
                files.remove((changed, size, file))
        total = sum(size for _, size, _ in files) + needed
        for _, size, file in sorted(files):
            if total <= self._limit_bytes:
                return
            # In use by another process on Windows: it goes another time.
            with suppress(OSError):
                file.unlink()
                total -= size

    def used(self, sha256: str) -> None:
        """Note that a list has been used just now."""
        for file in (self.list_file(sha256), self.index_file(sha256)):
            with suppress(OSError):
                os.utime(file)

    def forget_index(self, sha256: str) -> None:
        """Remove an index that turned out to be damaged."""
        with suppress(OSError):
            self.index_file(sha256).unlink()


def map_private(file: Path) -> mmap.mmap | None:
    """Map a file for reading; None when it is not there, is empty, is not ours, or others may write it."""
    descriptor = _open_private(file)
    if descriptor is None:
        return None
    try:
        return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):  # the latter for an empty file
        return None
    finally:
        os.close(descriptor)


def _holds(file: Path, der: bytes) -> bool:
    """Whether these bytes are what lies there; read piece by piece, to hold them no second time."""
    descriptor = _open_private(file)
    if descriptor is None:
        return False
    with os.fdopen(descriptor, "rb") as stream:
        return all(
            stream.read(_SAME_AT_ONCE) == der[at : at + _SAME_AT_ONCE]
            for at in range(0, len(der) + 1, _SAME_AT_ONCE)
        )


def _open_private(file: Path) -> int | None:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(file, flags)
    except OSError:
        return None
    found = os.fstat(descriptor)
    if stat.S_ISREG(found.st_mode) and _is_private(found):
        return descriptor
    os.close(descriptor)
    return None


def _is_private(found: os.stat_result) -> bool:
    """Whether a file belongs to the person and nobody else may write it; Windows keeps its own folders so."""
    if sys.platform == "win32":
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & _OTHERS_MAY_WRITE
