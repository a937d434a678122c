"""Where a person's own workspace lies, and what can be made again."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from trustdesk.core.database_url import DatabaseUrl

APPLICATION = "trustdesk"

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


def local_folder(place: WorkspacePlace | None) -> Path:
    """Return the folder of this machine that belongs to a workspace; None is the person's own workspace."""
    if isinstance(place, DatabaseUrl):
        return shared_folder(place)
    return place or workspace_folder()


def revocation_cache_folder() -> Path:
    """Return the folder of revocation lists and their indexes; it need not exist yet, and may be deleted.

    Linux: `$XDG_CACHE_HOME/trustdesk`; macOS: Caches; Windows: LocalAppData. Each person has their own.
    """
    import platformdirs

    return platformdirs.user_cache_path(APPLICATION, appauthor=False) / "revocation"
