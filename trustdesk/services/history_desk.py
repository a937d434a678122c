"""What the window and the commands can ask of the past: what changed, how it went, what is new.

Nothing here blocks, and nothing makes a connection: it is told from what the workspace has kept. What a
person says of a new certificate is kept by `TrustDesk.decide_fingerprint`.
"""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a face is painted before the values are needed
    from trustdesk.core.inspection import CertificateDetails
    from trustdesk.services.history_values import EndpointHistory, LatestChanges

MOST_ENTRIES = 100
"""Changes of one endpoint that are told at once."""

MOST_LATEST = 500
"""Changes of a workspace that are told at once."""


class HistoryDesk(Protocol):
    """What was observed, and what became of it."""

    def history(self, endpoint_id: int, *, limit: int = MOST_ENTRIES) -> Future[EndpointHistory]:
        """The past of one endpoint, as of the present; empty for one that is not in the directory.

        Args:
            limit: tests whose changes are told at most, the newest of them; at least 1.
        """
        ...

    def latest(self, limit: int = 3) -> Future[LatestChanges]:
        """What changed last in the whole workspace, and versions of lists that wait.

        Args:
            limit: from 1 to MOST_LATEST.
        """
        ...

    def pair(
        self, before: str, after: str
    ) -> Future[tuple[CertificateDetails | None, CertificateDetails | None]]:
        """Two certificates that were presented, to compare them; None for one that is not at hand.

        Args:
            before, after: SHA-256.
        """
        ...
