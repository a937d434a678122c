"""How many connections this process may hold at once: one file each, of a number that the system limits."""

from __future__ import annotations

import contextlib
import errno
import sys
from pathlib import Path

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg

OUT_OF_SOCKETS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
"""What the system says when it has no file or no memory for a connection."""

_MOST_FILES = 65_536
"""The limit is raised to no more: far beyond what a sweep needs, and some systems say "unlimited"."""

_FILES_A_PROBE = 2
"""Its socket; and one to ask for a name, or the second connection to an AMQP listener."""

_RESERVE = 32
"""Files for everything else that may be opened meanwhile: the workspace, lists, the CAs that are asked."""

_FILES_OF_SELECT = 512
"""Windows: what `select` takes."""


class NoSocketLeftError(EnvironmentFailureError):
    """This machine, or the limit of this process, has no socket left for now."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            msg("This machine has no network connection left to give: {reason}.", reason=reason),
            remedy=msg("Test fewer endpoints at once, or raise the limit of open files."),
        )


def probes_that_fit(wanted: int) -> int:
    """Return how many probes may run at once, at least one; raises this process' limit as far as it may."""
    free = _free_files()
    return wanted if free is None else max(1, min(wanted, (free - _RESERVE) // _FILES_A_PROBE))


def _free_files() -> int | None:
    """Return how many more files may be opened; None where that cannot be told."""
    if sys.platform == "win32":
        return _FILES_OF_SELECT
    else:  # noqa: RET505 - mypy leaves out what is not of this platform only in a branch
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
        if soft != resource.RLIM_INFINITY and soft < most:
            # macOS refuses what its kernel does not give, whatever the hard limit says.
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
                soft = most
        if soft == resource.RLIM_INFINITY:
            return None
        return int(soft) - _open_files()


def _open_files() -> int:
    for folder in ("/proc/self/fd", "/dev/fd"):
        with contextlib.suppress(OSError):
            return sum(1 for _ in Path(folder).iterdir())
    return 0
