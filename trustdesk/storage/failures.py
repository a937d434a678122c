"""What the system says when a file or the database fails, as sentences with a remedy."""

from __future__ import annotations

import errno
import sqlite3
from typing import TYPE_CHECKING

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import Message, msg

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError

_PRIMARY_CODE = 0xFF
"""An extended SQLite result code holds the primary one in its low byte."""

_FULL = (
    msg("There is no room left on the disk."),
    msg("Make room, then try again."),
)
_NOT_ALLOWED = (
    msg("This place cannot be written."),
    msg("Choose another folder, or give yourself the right to write here."),
)
_BROKEN_DISK = (
    msg("The disk reports an error."),
    msg("Copy the folder to another disk and open it there."),
)

IN_USE = (
    msg("Another program is using the workspace."),
    msg("Wait until it is done or end it, then try again."),
)
DAMAGED = (
    msg("The workspace is damaged."),
    msg("Restore it from a backup, or move it away to start with an empty one."),
)

_OF_ERRNO: dict[int | None, tuple[Message, Message]] = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _NOT_ALLOWED,
    errno.EPERM: _NOT_ALLOWED,
    errno.EROFS: _NOT_ALLOWED,
    errno.EIO: _BROKEN_DISK,
    errno.ENOTDIR: (
        msg("A part of this path is a file, not a folder."),
        msg("Choose another folder."),
    ),
    errno.EISDIR: (msg("This is a folder, not a file."), msg("Choose a name for the file.")),
    errno.ENOENT: (msg("The folder does not exist."), msg("Make the folder, or choose another one.")),
    errno.ENAMETOOLONG: (msg("The name is too long."), msg("Choose a shorter name.")),
}

_OF_SQLITE: dict[int, tuple[Message, Message]] = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _NOT_ALLOWED,
    sqlite3.SQLITE_PERM: _NOT_ALLOWED,
    sqlite3.SQLITE_CANTOPEN: _NOT_ALLOWED,
    sqlite3.SQLITE_IOERR: _BROKEN_DISK,
    sqlite3.SQLITE_BUSY: IN_USE,
    sqlite3.SQLITE_NOTADB: (
        msg("This file is no workspace."),
        msg("Choose another folder, or move the file away."),
    ),
    sqlite3.SQLITE_CORRUPT: DAMAGED,
}


def file_failure(error: OSError, place: str) -> EnvironmentFailureError:
    """Return the failure of a file or folder in words; `place` is its path."""
    problem, remedy = _OF_ERRNO.get(
        error.errno,
        (
            msg("The system refuses: {reason}.", reason=error.strerror or type(error).__name__),
            msg("Choose another place."),
        ),
    )
    return EnvironmentFailureError(problem, remedy=remedy, place=place)


def sqlite_failure(error: DBAPIError, place: str) -> EnvironmentFailureError | None:
    """Return the failure of a database file in words; None when the statement is at fault, which is a bug.

    Args:
        error: as SQLAlchemy wrapped it.
        place: the database's file.
    """
    return database_file_failure(error.orig, place)


def database_file_failure(error: BaseException | None, place: str) -> EnvironmentFailureError | None:
    """Return the failure of a database file in words, from SQLite's own error; None as `sqlite_failure`."""
    code = getattr(error, "sqlite_errorcode", None)
    known = _OF_SQLITE.get(code & _PRIMARY_CODE) if isinstance(code, int) else None
    return None if known is None else EnvironmentFailureError(known[0], remedy=known[1], place=place)
