"""What is allowed to every source of revocation alike, CRL or OCSP response."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far the clocks of who made it and of whoever judges may be apart."""
UNDATED_LIFE = timedelta(hours=24)
"""How long it counts that does not say when there will be a newer one (there always is: RFC 6960 4.2.2.1)."""
BROKEN_DIGESTS = ("md2", "md4", "md5")
"""With these something else can be made that has the same signature."""
WEAK_DIGESTS = (*BROKEN_DIGESTS, "sha1")
"""Those, and what is named and relied on nevertheless."""


def uses_digest(algorithm: str | None, digests: Sequence[str]) -> bool:
    """Whether the name of a signature algorithm has one of some digests in it."""
    name = (algorithm or "").lower().replace("-", "")
    return any(one in name for one in digests)
