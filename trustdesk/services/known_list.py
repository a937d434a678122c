"""One CRL that a desk knows: where it came from, whether it is open, kept and ready to be asked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from trustdesk.core.inspection import CrlFacts
from trustdesk.core.message import Message
from trustdesk.core.revocation import RevocationSource
from trustdesk.services.crl_opening import CrlJob
from trustdesk.services.evidence_in_use import EvidenceState, ListInUse
from trustdesk.services.given_lists import list_source
from trustdesk.storage.kept_lists import KeptList
from trustdesk.verify.revocation_list import ReadRevocationList

_ISSUING_DISTRIBUTION_POINT = "2.5.29.28"
_DELTA, _COMPLETE = "delta", "complete"


@dataclass(slots=True, kw_only=True)
class KnownList:
    """What changes about a list while a desk lives; its owner guards it.

    Attributes:
        name: of the file that it came from.
        der: None of a long one, which lies in the cache.
        is_open: whether a person has it open.
        kept: None when the workspace does not keep it.
        opened: None while it is being opened, or when it could not be.
        job: that opens it; None when none runs.
        problem: why it could not be opened.
    """

    name: str
    is_delta: bool
    der: bytes | None = None
    is_open: bool = False
    kept: KeptList | None = None
    opened: ReadRevocationList | None = None
    job: CrlJob | None = None
    problem: Message | None = None

    @property
    def revocation_source(self) -> RevocationSource:
        """Where its answers come from."""
        return list_source(self.name, is_delta=self.is_delta, is_kept=self.kept is not None)

    @property
    def standing(self) -> ListInUse:
        """How it stands, for a face."""
        state = EvidenceState.NOT_USED
        if self.opened is not None:
            state = EvidenceState.IN_USE
        elif self.job is not None:
            state = EvidenceState.OPENING
        return ListInUse(
            state=state,
            source=self.name,
            kept_at=None if self.kept is None else self.kept.kept_at,
            is_open=self.is_open,
            problem=self.problem,
        )


def scope_of(facts: CrlFacts) -> str:
    """Return what is the same for lists of one issuer that speak of the same certificates and reasons."""
    narrowing = b"".join(one.der for one in facts.extensions if one.oid == _ISSUING_DISTRIBUTION_POINT)
    return f"{_DELTA if facts.is_delta else _COMPLETE} {hashlib.sha256(narrowing).hexdigest()}"


def is_delta_scope(scope: str) -> bool:
    """Whether a list of this scope holds changes only."""
    return scope.startswith(_DELTA)
