"""Which CRL was last had from an address, and when: a note for each, beside the lists themselves.

The bytes lie in the `RevocationCache` by their digest, once for all addresses. They are hashed again before
they are used. Nobody else may read the folder: it tells whose certificates a desk looks at.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.storage.atomic_file import write_atomically
from trustdesk.storage.revocation_cache import RevocationCache


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCrl:
    """A list that was had from an address.

    Attributes:
        sha256: of its DER, lower-case hex.
        fetched_at: when it came.
    """

    url: str
    sha256: str
    fetched_at: datetime


class CrlAddresses:
    """The notes of one cache; several programs may use it at the same time."""

    def __init__(self, cache: RevocationCache) -> None:
        self._cache = cache

    def find(self, url: str) -> KeptCrl | None:
        """Return what was last kept for an address; None without, and for what others may have written."""
        try:
            self._cache.prepare()
            note = json.loads(self._note(url).read_text("utf-8"))
            kept = KeptCrl(
                url=url, sha256=note["sha256"], fetched_at=datetime.fromisoformat(note["fetched_at"])
            )
            is_sound = note["url"] == url and kept.fetched_at.tzinfo is not None and _is_digest(kept.sha256)
        except (EnvironmentFailureError, OSError, ValueError, KeyError, TypeError):
            return None
        return kept if is_sound else None

    def keep(self, url: str, sha256: str, der: bytes, fetched_at: datetime) -> KeptCrl:
        """Keep a list, and let an address lead to it; notes that lead nowhere any more go.

        Raises:
            EnvironmentFailureError: it cannot be written, or the folder is not to be trusted.
        """
        self._cache.prepare()
        self._cache.keep(sha256, der)
        at = fetched_at.astimezone(UTC)
        note = {"url": url, "sha256": sha256, "fetched_at": at.isoformat()}
        write_atomically(self._note(url), json.dumps(note).encode())
        for other in self._cache.folder.glob("*.json"):
            if not self._leads_to_a_list(other):
                with contextlib.suppress(OSError):
                    other.unlink()
        return KeptCrl(url=url, sha256=sha256, fetched_at=at)

    def _leads_to_a_list(self, note: Path) -> bool:
        try:
            sha256 = json.loads(note.read_text("utf-8"))["sha256"]
        except (OSError, ValueError, KeyError, TypeError):
            return False
        return _is_digest(sha256) and self._cache.list_file(sha256).exists()

    def _note(self, url: str) -> Path:
        return self._cache.folder / f"{hashlib.sha256(url.encode()).hexdigest()}.json"


def _is_digest(text: object) -> bool:
    return isinstance(text, str) and len(text) == 64 and set(text) <= set("0123456789abcdef")
