"""Where a person's own workspace lies, and what can be made again."""

from __future__ import annotations

from pathlib import Path

APPLICATION = "trustdesk"


def workspace_folder() -> Path:
    """Return the folder of the person's workspace on this system; it need not exist yet.

    Linux: `$XDG_DATA_HOME/trustdesk`; macOS: Application Support; Windows: LocalAppData (not roaming: a
    database that is copied while it is open breaks).
    """
    import platformdirs

    return platformdirs.user_data_path(APPLICATION, appauthor=False) / "workspace"


def revocation_cache_folder() -> Path:
    """Return the folder of revocation lists and their indexes; it need not exist yet, and may be deleted.

    Linux: `$XDG_CACHE_HOME/trustdesk`; macOS: Caches; Windows: LocalAppData. Each person has their own.
    """
    import platformdirs

    return platformdirs.user_cache_path(APPLICATION, appauthor=False) / "revocation"
