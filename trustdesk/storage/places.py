"""Where a person's own workspace lies, and what can be made again."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
from pathlib import Path

from trustdesk.core.database_url import DatabaseUrl
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.storage.failures import file_failure

APPLICATION = "trustdesk"

FILE_NAME = "workspace.sqlite"
"""Of a workspace's database in its folder."""

MACHINE_FILE = "machine"
"""In the folder of this machine that goes with a shared workspace."""

WorkspacePlace = Path | DatabaseUrl
"""Where a workspace lies: its folder, or a database on a server."""


def workspace_folder() -> Path:
    """Return the folder of the person's workspace on this system; it need not exist yet.

    Linux: `$XDG_DATA_HOME/trustdesk`; macOS: Application Support; Windows: LocalAppData (not roaming: a
    database that is copied while it is open breaks).
    """
    import platformdirs

    return platformdirs.user_data_path(APPLICATION, appauthor=False) / "workspace"


def shared_folder(url: DatabaseUrl) -> Path:
    """Return the folder of this machine that goes with a shared workspace; it need not exist yet.

    What belongs to one machine lies there: the vault, locks, the window's settings. It is found by what the
    database is, and not by how it is reached.
    """
    import platformdirs

    digest = hashlib.sha256(url.address.encode()).hexdigest()[:16]
    name = re.sub(r"[^A-Za-z0-9]+", "-", url.database)[:40].strip("-") or "workspace"
    return platformdirs.user_data_path(APPLICATION, appauthor=False) / "shared" / f"{name}-{digest}"


def machine_of(folder: Path) -> str:
    """Return eight hex digits that stand for this machine beside others; they are made with the folder.

    Raises:
        EnvironmentFailureError: the folder cannot be read or written.
    """
    file = folder / MACHINE_FILE
    try:
        with contextlib.suppress(FileExistsError):
            made = secrets.token_hex(4).encode()
            with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as new:
                new.write(made)
        found = file.read_text("ascii", errors="replace")
    except OSError as error:
        raise file_failure(error, str(file)) from error
    if not re.fullmatch(r"[0-9a-f]{8}", found):
        raise EnvironmentFailureError(
            msg("The number of this computer in the shared workspace cannot be read."),
            remedy=msg("Move this file away and start trustdesk again."),
            place=str(file),
        )
    return found


def local_folder(place: WorkspacePlace | None) -> Path:
    """Return the folder of this machine that belongs to a workspace; None is the person's own workspace."""
    if isinstance(place, DatabaseUrl):
        return shared_folder(place)
    return place or workspace_folder()


def has_workspace(place: WorkspacePlace | None) -> bool:
    """Whether there is a workspace to look into; None is the person's own.

    A question makes none. A database on a server is not asked: who names one means that it is there.
    """
    return isinstance(place, DatabaseUrl) or ((place or workspace_folder()) / FILE_NAME).exists()


def revocation_cache_folder() -> Path:
    """Return the folder of revocation lists and their indexes; it need not exist yet, and may be deleted.

    Linux: `$XDG_CACHE_HOME/trustdesk`; macOS: Caches; Windows: LocalAppData. Each person has their own.
    """
    import platformdirs

    return platformdirs.user_cache_path(APPLICATION, appauthor=False) / "revocation"
