"""One CRL that a desk knows: where it came from, whether it is open, kept and ready to be asked."""

from __future__ import annotations

import hashlib
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime

from trustdesk.core.errors import CancelledByPersonError, TrustdeskError
from trustdesk.core.inspection import CrlFacts
from trustdesk.core.message import Message, msg
from trustdesk.core.ports import RevocationList
from trustdesk.core.revocation import RevocationSource
from trustdesk.services.crl_opening import CrlJob
from trustdesk.services.desk_values import OpenedCrl
from trustdesk.services.evidence_in_use import EvidenceState, ListInUse
from trustdesk.services.given_lists import GivenList, list_source
from trustdesk.services.unopened_list import UnopenedList, unopened_list
from trustdesk.storage.kept_lists import KeptList
from trustdesk.verify.revocation_list import ReadRevocationList

_ISSUING_DISTRIBUTION_POINT = "2.5.29.28"
_DELTA, _COMPLETE = "delta", "complete"
_BEING_OPENED = msg("The list is still being opened.")
_NOT_OPENED = msg("The list could not be opened.")


@dataclass(slots=True, kw_only=True)
class KnownList:
    """What changes about a list while a desk lives; its owner guards it.

    Attributes:
        name: of the file that it came from.
        about: what was read of it, without its bytes; None of one that was taken from the workspace.
        der: None of a long one, which lies in the cache.
        is_open: whether a person has it open.
        kept: None when the workspace does not keep it.
        opened: None while it is being opened, or when it could not be.
        job: that opens it; None when none runs.
        settled: ends once what came of the last job stands here, which is after the end of that job.
        problem: why it could not be opened.
    """

    name: str
    is_delta: bool
    about: CrlFacts | None = None
    der: bytes | None = None
    is_open: bool = False
    kept: KeptList | None = None
    opened: ReadRevocationList | None = None
    job: CrlJob | None = None
    settled: Future[None] = field(default_factory=Future)
    problem: Message | None = None

    @property
    def revocation_source(self) -> RevocationSource:
        """Where its answers come from."""
        return list_source(self.name, is_delta=self.is_delta, is_kept=self.kept is not None)

    @property
    def revocation_list(self) -> RevocationList | None:
        """What is asked; while it is not open, what says so. None when nothing at all is known of it."""
        return self.opened or self._unopened

    def take(self, done: Future[OpenedCrl]) -> None:
        """Note what came of its job, which has ended."""
        self.job = None
        error = None if done.cancelled() else done.exception()
        if done.cancelled() or isinstance(error, CancelledByPersonError):
            self.problem = msg("Opening it was cancelled.")
        elif isinstance(error, TrustdeskError):
            self.problem = error.problem
        elif error is not None:
            self.problem = msg("It could not be opened.")
        else:
            opened = done.result().revocation_list
            self.opened = opened if isinstance(opened, ReadRevocationList) else None

    def given(self, sha256: str) -> GivenList:
        """Return it as a value for another process."""
        unopened = None if self.opened is not None else self._unopened
        return GivenList(source=self.revocation_source, sha256=sha256, der=self.der, unopened=unopened)

    @property
    def _unopened(self) -> UnopenedList | None:
        about = self.about
        if about is None and self.kept is not None:
            about = _facts_of(self.kept)
        if about is None:
            return None
        return unopened_list(about, _BEING_OPENED if self.job is not None else self.problem or _NOT_OPENED)

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


def _facts_of(kept: KeptList) -> CrlFacts:
    return CrlFacts(
        der=b"",
        sha256=kept.sha256,
        issuer=kept.issuer,
        this_update=kept.this_update,
        next_update=kept.next_update,
        number=kept.number,
        is_delta=is_delta_scope(kept.scope),
    )


def scope_of(facts: CrlFacts) -> str:
    """Return what is the same for lists of one issuer that speak of the same certificates and reasons."""
    narrowing = b"".join(one.der for one in facts.extensions if one.oid == _ISSUING_DISTRIBUTION_POINT)
    return f"{_DELTA if facts.is_delta else _COMPLETE} {hashlib.sha256(narrowing).hexdigest()}"


def kept_list_of(
    facts: CrlFacts, *, signer: str | None, source: str, kept_at: datetime, size: int
) -> KeptList:
    """Return what the workspace keeps of a list beside its bytes.

    Args:
        signer: SHA-256 of the certificate whose key signed it; None when nobody knows.
        source: what it is called for people.
        size: octets of its DER.
    """
    return KeptList(
        sha256=facts.sha256,
        issuer=facts.issuer,
        scope=scope_of(facts),
        number=facts.number,
        this_update=facts.this_update,
        next_update=facts.next_update,
        signer=signer,
        source=source,
        kept_at=kept_at,
        size=size,
    )


def is_delta_scope(scope: str) -> bool:
    """Whether a list of this scope holds changes only."""
    return scope.startswith(_DELTA)
