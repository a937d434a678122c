"""What a database server or the network to it says, as sentences with a remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import Message, msg
from trustdesk.storage.failures import IN_USE

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError

CONFLICTS = frozenset({"40001", "40P01"})
"""SQLSTATEs of a transaction that was undone because of another one: serialisation failure, deadlock."""

_WRONG_PASSWORD = (
    msg("The database server does not accept the user or the password."),
    msg(
        "Give the password in TRUSTDESK_DATABASE_PASSWORD, in a password file (PGPASSFILE), or keep it in the"
        " keyring with trustdesk workspace password."
    ),
)
_NO_ROOM = (
    msg("There is no room left on the database server."),
    msg("Ask whoever runs the database server to make room, then try again."),
)
_GONE = (
    msg("The connection to the database server was lost; what was under way may or may not be kept."),
    msg("See that the server and the network to it work; the next try connects anew."),
)
_MAY_NOT = (
    msg("The database server does not let this user do that."),
    msg("Ask whoever runs it for a database of which this user is the owner."),
)
_READ_ONLY = (
    msg("The database server only lets read."),
    msg("Name the server that is written to, not its copy."),
)

_OF_STATE: dict[str, tuple[Message, Message]] = {
    "28P01": _WRONG_PASSWORD,
    "28000": _WRONG_PASSWORD,
    "3D000": (
        msg("There is no such database on the server."),
        msg("Have it made, with the encoding UTF8, or correct its name."),
    ),
    "53100": _NO_ROOM,
    "53200": _NO_ROOM,
    "53300": (
        msg("The database server has too many connections."),
        msg("Close trustdesk where it is not needed, or ask whoever runs the server for more."),
    ),
    "42501": _MAY_NOT,
    "25006": _READ_ONLY,
    "55P03": IN_USE,
    "57014": (msg("The database server broke the work off."), msg("Try again.")),
    "XX001": (
        msg("The workspace is damaged on the database server."),
        msg("Ask whoever runs the server to restore it from a backup."),
    ),
    "XX002": (
        msg("The workspace is damaged on the database server."),
        msg("Ask whoever runs the server to restore it from a backup."),
    ),
}
_GONE_CLASSES = ("08", "57P")
"""Beginnings of SQLSTATEs: connection exceptions; the server shuts down, crashed or starts."""


def postgres_failure(error: DBAPIError, place: str) -> EnvironmentFailureError | None:
    """Return the failure of a server in words; None when the statement is at fault, which is a bug.

    Args:
        error: as SQLAlchemy wrapped it.
        place: the database's URL, without a secret.
    """
    from psycopg import OperationalError, errors

    state = getattr(error.orig, "sqlstate", None)
    if isinstance(state, str):
        known = _OF_STATE.get(state) or (_GONE if state.startswith(_GONE_CLASSES) else None)
        if known is None and isinstance(error.orig, errors.OperationalError):
            known = _says(error.orig)
    elif error.connection_invalidated:
        known = _GONE
    elif isinstance(error.orig, OperationalError):
        known = _not_connected(error.orig)
    else:
        known = None
    return None if known is None else EnvironmentFailureError(known[0], remedy=known[1], place=place)


def newer_workspace() -> EnvironmentFailureError:
    """Return the failure of a program whose tables another, newer one has changed while it was open."""
    return EnvironmentFailureError(
        msg("A newer trustdesk has changed this workspace."),
        remedy=msg("Update trustdesk here too, then start it again."),
    )


def _not_connected(error: Exception) -> tuple[Message, Message]:
    pgconn = getattr(error, "pgconn", None)
    if pgconn is not None and (pgconn.needs_password or pgconn.used_password):
        return _WRONG_PASSWORD
    said = _line(error)
    if "certificate" in said or "SSL" in said:
        return (
            msg("The database server cannot be trusted: {reason}.", reason=said),
            msg(
                "Put the root of its certificate into the system's store, or name its file with sslrootcert"
                " in the URL; the server's name in the URL has to stand in the certificate."
            ),
        )
    if "read-only" in said:
        return _READ_ONLY
    return (
        msg("The database server cannot be reached, or refuses: {reason}.", reason=said),
        msg("See that it runs, that its name and port are right, and that the database and the user exist."),
    )


def _says(error: Exception) -> tuple[Message, Message]:
    return (
        msg("The database fails: {reason}.", reason=_line(error)),
        msg("Ask whoever runs the database server."),
    )


def _line(error: Exception) -> str:
    """Return the first line of what libpq says: the newest attempt; the others speak of other addresses."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__).removeprefix("connection failed: ").rstrip(".")
