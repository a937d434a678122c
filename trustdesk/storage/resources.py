"""Where the packaged resources lie: in a wheel, an editable install, a checkout or a frozen program."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg


@cache
def resource_folder() -> Path:
    """Return the folder with `icons`, `translations`, `themes` and `reports`.

    Raises:
        EnvironmentFailureError: the installation is incomplete.
    """
    package = Path(__file__).resolve().parent.parent
    bundle = getattr(sys, "_MEIPASS", None)
    candidates = [
        package / "_resources",
        package.parent / "resources",
        *([Path(bundle) / "trustdesk" / "_resources"] if bundle else []),
    ]
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise EnvironmentFailureError(
        msg("The files that belong to trustdesk are missing."),
        remedy=msg("Install trustdesk again."),
        place=str(candidates[0]),
    )
