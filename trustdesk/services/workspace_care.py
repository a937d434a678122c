"""The safety of a workspace: its backup, its way back, a look at all of it, and its server's password."""

from __future__ import annotations

from pathlib import Path

from trustdesk.core.database_url import DatabaseUrl
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.ports import Clock
from trustdesk.services.clock import SystemClock
from trustdesk.storage.backup import Backup, Progress, back_up
from trustdesk.storage.database_password import forget_password, keep_password
from trustdesk.storage.places import WorkspacePlace
from trustdesk.storage.restoring import Restored, restore
from trustdesk.storage.workspace_check import WorkspaceCheck, check_workspace


def _tell_nobody(_done: int, _of: int) -> None:
    """Take the place of who wants to see how far it is."""


def back_up_workspace(place: WorkspacePlace | None, file: Path, progress: Progress = _tell_nobody) -> Backup:
    """Write a workspace into one file, which comes back on either kind of database; `storage.backup.back_up`.

    Raises:
        EnvironmentFailureError: there is no workspace, it is damaged, or the file cannot be written.
        UnusableInputError: the file is the workspace's own.
    """
    return back_up(place, file, progress)


def restore_workspace(
    place: WorkspacePlace | None,
    file: Path,
    *,
    replace: bool,
    progress: Progress = _tell_nobody,
    clock: Clock | None = None,
) -> Restored:
    """Put a backup back; what is there is kept beside it; `storage.restoring.restore`.

    Args:
        replace: whether to go on where the workspace has something in it.

    Raises:
        UnusableInputError: the file is no backup, a damaged one, or a newer program's.
        EnvironmentFailureError: the workspace cannot be opened or written, or has something in it.
    """
    now = (clock or SystemClock()).now()
    return restore(place, file, replace=replace, now=now, progress=progress)


def look_at_workspace(place: WorkspacePlace | None) -> WorkspaceCheck:
    """Look whether a workspace is whole; `storage.workspace_check.check_workspace`.

    Raises:
        EnvironmentFailureError: there is none, or it cannot be opened or read.
    """
    return check_workspace(place)


def remember_password(place: WorkspacePlace | None, password: str | None) -> DatabaseUrl:
    """Keep the password of a shared workspace's server in the keyring; None removes it from there.

    Raises:
        UnusableInputError: the workspace is a folder, which has none; or the password cannot be kept.
        KeyStoreError: the keyring is locked or unavailable, or refuses.
    """
    if not isinstance(place, DatabaseUrl):
        raise UnusableInputError(
            msg("Only a workspace on a database server has a password."),
            remedy=msg("Name it with --workspace postgresql://user@host:port/database."),
        )
    if password is None:
        forget_password(place)
        return place
    try:
        keep_password(place, password)
    except ValueError:
        raise UnusableInputError(
            msg("The password is longer than a keyring takes."),
            remedy=msg("Put it into a password file (PGPASSFILE)."),
        ) from None
    return place
