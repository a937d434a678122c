"""What a person decided about connections, as a file of this computer beside the workspace.

Decisions:
- 2026-11: not in the workspace, which an office may share: whether this computer may connect, and by which
  proxy, is its own affair.
- 2026-11: a file that cannot be read means offline. It may have said so, and what was sent is not taken back.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

from trustdesk.core.connections import Connections, ProxyUse
from trustdesk.storage.atomic_file import write_atomically

FILE_NAME = "connections.json"
"""In the folder of this computer that goes with a workspace."""

_MAX_BYTES = 16 * 1024
_DAMAGED = Connections(is_offline=True)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """The file in a folder; None keeps the choice nowhere."""

    folder: Path | None

    @property
    def file(self) -> Path | None:
        """Where the choice is kept; None for nowhere."""
        return None if self.folder is None else self.folder / FILE_NAME

    def read(self) -> Connections:
        """Return what was chosen; what holds until somebody chooses where nobody has."""
        if self.file is None:
            return Connections()
        try:
            with self.file.open("rb") as opened:
                data = opened.read(_MAX_BYTES + 1)
        except FileNotFoundError:
            return Connections()
        except OSError:
            return _damaged()
        if len(data) > _MAX_BYTES:
            return _damaged()
        try:
            return _chosen(json.loads(data))
        except (ValueError, TypeError, KeyError, RecursionError):
            return _damaged()

    def write(self, chosen: Connections) -> None:
        """Keep a choice, whole or not at all.

        Raises:
            EnvironmentFailureError: it cannot be written.
        """
        if self.file is not None:
            write_atomically(self.file, json.dumps(asdict(chosen), indent=1).encode() + b"\n")


def _chosen(document: object) -> Connections:
    if not isinstance(document, dict):
        raise TypeError
    proxy, offline = document["proxy"], document["is_offline"]
    if not isinstance(proxy, str) or not isinstance(offline, bool):
        raise TypeError
    return Connections(proxy_use=ProxyUse(document["proxy_use"]), proxy=proxy, is_offline=offline)


def _damaged() -> Connections:
    _log.warning("what was chosen about connections cannot be read; nothing leaves until it is chosen again")
    return _DAMAGED
