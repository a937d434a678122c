"""What an endpoint presented last, and what changed there last: for columns that not everybody wants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from trustdesk.core.message import Message, msg
from trustdesk.core.observation import ChangeKind

if TYPE_CHECKING:  # the window's first paint needs no database
    from trustdesk.storage.seen_rows import SeenRow


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSeen:
    """What is known of one endpoint.

    Attributes:
        sha256: of the end-entity certificate of the last test; None where it presented none.
        changed: the weightiest change of the last test that showed one; None where none did.
        changed_at: start of that test.
    """

    sha256: str | None = None
    changed: ChangeKind | None = None
    changed_at: datetime | None = None


SHORT_CHANGES: Mapping[ChangeKind, Message] = {
    ChangeKind.NOW_FAILS: msg("Fails now"),
    ChangeKind.NOW_WORKS: msg("Works again"),
    ChangeKind.TRUST_LOST: msg("Not trusted now"),
    ChangeKind.TRUST_GAINED: msg("Trusted now"),
    ChangeKind.UNREACHABLE: msg("Not reached"),
    ChangeKind.REACHABLE: msg("Reached again"),
    ChangeKind.ISSUER: msg("Another issuer"),
    ChangeKind.KEY: msg("New key"),
    ChangeKind.CERTIFICATE: msg("New certificate"),
    ChangeKind.NAMES: msg("Other names"),
    ChangeKind.CHAIN: msg("Another chain"),
    ChangeKind.ANCHOR: msg("Another root"),
    ChangeKind.CAUSE: msg("Another cause"),
    ChangeKind.CLIENT_VERDICT: msg("mTLS verdict"),
    ChangeKind.CLIENT_CERTIFICATE: msg("mTLS request"),
    ChangeKind.TLS_VERSION: msg("TLS version"),
    ChangeKind.CIPHER_SUITE: msg("Cipher suite"),
    ChangeKind.SERVER_SOFTWARE: msg("Server software"),
    ChangeKind.HTTP_STATUS: msg("HTTP status"),
    ChangeKind.MECHANISMS: msg("SASL mechanisms"),
    ChangeKind.IDENTITY: msg("Our identity"),
}
"""Each in a word or two, the weightiest first."""


def weightiest(kinds: Iterable[ChangeKind]) -> ChangeKind | None:
    """Return the change that says the most; None where there is none."""
    order = list(SHORT_CHANGES)
    return min(kinds, key=order.index, default=None)


def last_seen_by(rows: Iterable[SeenRow]) -> dict[int, LastSeen]:
    """Return what was seen last, by endpoint."""
    return {
        row.endpoint_id: LastSeen(
            sha256=row.sha256, changed=weightiest(row.changed), changed_at=row.changed_at
        )
        for row in rows
    }
