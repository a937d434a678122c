"""Sealing anew at the desk: what stands is shown to a person first, and nothing is sealed of itself."""

from __future__ import annotations

from collections.abc import Callable

from trustdesk.core.ports import Clock, Job
from trustdesk.core.seal_review import SealReview
from trustdesk.services.account import account_name
from trustdesk.services.live_trust_decisions import tell, with_reason
from trustdesk.services.trust_seals import TrustSeals
from trustdesk.storage.trust_log import LogNote


class LiveSealing:
    """The part of `services.trust_desk.TrustDesk` that looks at seals and makes them anew."""

    def __init__(self, seals: TrustSeals, clock: Clock, changed: Callable[[], None]) -> None:
        """Take what others own; `changed` is told that what is judged by may have changed."""
        self._seals = seals
        self._clock = clock
        self._sealed_anew = changed

    def review_seals(self) -> Job[SealReview]:
        """Say what would be sealed anew; nothing is. The person may be asked to unlock the keyring."""
        return self._seals.reviewed()

    def seal_anew(self, comment: str, seen: SealReview) -> Job[SealReview]:
        """Seal everything that the trust log tells with the key, or with a new one where it is lost."""
        note = LogNote(by=account_name(), at=self._clock.now(), comment=comment.strip())
        return self._seals.anew(seen, lambda: with_reason(note), lambda: tell(self._sealed_anew))
