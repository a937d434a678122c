"""The folder where a running lab keeps its trust list, its certificates and its throw-away keys."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg

FOLDER_PREFIX = "trustdesk-lab-"


def make_folder() -> Path:
    """Make the lab's own folder, 0700, in the system's place for temporary files.

    Raises:
        EnvironmentFailureError: there is no such place that can be written.
    """
    try:
        return Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX))
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise EnvironmentFailureError(
            msg("The lab cannot make its temporary folder: {reason}.", reason=reason),
            remedy=msg("Free some space, or name a writable folder in the environment variable TMPDIR."),
            place=tempfile.tempdir,
        ) from problem


def remove_folder(folder: Path) -> None:
    """Remove the folder with all that is in it; one that is gone already is no trouble."""
    shutil.rmtree(folder, ignore_errors=True)
