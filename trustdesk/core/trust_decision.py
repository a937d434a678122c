"""What people here decided about trust: kept apart from what lists say, sealed, and written into a log.

A local decision only ever takes trust away or says what a list leaves open; where it and a list differ, the
stricter of the two holds. Seals are HMACs whose key is in the key store: what was changed in the database by
another program is seen, a distrust still holds then, and nothing that grants does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import Message
from trustdesk.core.trust_entry import Usage


class DecisionKind(StrEnum):
    """What was decided about a certificate, on every list of the workspace."""

    DISTRUST = "distrust"  # nothing that passes through its key is trusted, whatever list names it
    LIMIT_USAGE = "limit_usage"  # no more than these usages, and these where a list leaves them open


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalDecision:
    """A decision about one certificate and, for a distrust, about its key.

    Attributes:
        sha256: of the certificate.
        spki_sha256: None where the certificate was not at hand.
        subject: as a person saw it when deciding.
        usages: for LIMIT_USAGE.
        expires: None for never. A distrust that expired is over; a limit too.
        sealed: whether the seal holds; None while the keyring cannot be asked. With a broken one it holds
            whatever `expires` says.
    """

    sha256: str
    spki_sha256: str | None
    subject: str
    kind: DecisionKind
    by: str
    at: datetime
    reason: str
    usages: frozenset[Usage] = frozenset()
    expires: datetime | None = None
    sealed: bool | None = True

    def holds_at(self, at: datetime) -> bool:
        """Whether it has not expired; with a broken seal it holds for good.

        It only ever takes trust away: whoever breaks its seal, or moves its end, must not give any back.
        """
        return self.sealed is False or self.expires is None or at < self.expires


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerPolicy:
    """By what one partner's servers are judged; everything empty is the same as no policy.

    Attributes:
        lists: names of lists in place of those in force; empty for those in force.
        only_cas: SHA-256 of CA certificates, one of which the path has to pass through; empty for any.
        pins: SHA-256 of SubjectPublicKeyInfo, one of which has to be in the path (RFC 7469's meaning);
            empty for any. A pin never makes trusted what no list does.
        private_roots: anchors for this partner and for nobody else.
        sealed: whether the seal holds; None while the keyring cannot be asked. With a broken one private
            roots count for nothing, and what narrows still does.
    """

    partner: str
    lists: tuple[str, ...] = ()
    only_cas: tuple[str, ...] = ()
    pins: tuple[str, ...] = ()
    private_roots: tuple[CertificateFacts, ...] = ()
    by: str = ""
    at: datetime | None = None
    reason: str = ""
    sealed: bool | None = True

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing."""
        return not (self.lists or self.only_cas or self.pins or self.private_roots)


class LogAction(StrEnum):
    """What happened to trust."""

    IMPORTED = "imported"  # a version was kept, and waits
    APPLIED = "applied"
    REFUSED = "refused"
    UNDONE = "undone"
    REMOVED = "removed"
    PUT_IN_FORCE = "put_in_force"
    TAKEN_OUT_OF_FORCE = "taken_out_of_force"
    SIGNER_PINNED = "signer_pinned"
    SIGNER_UNPINNED = "signer_unpinned"
    DISTRUSTED = "distrusted"
    USAGE_LIMITED = "usage_limited"
    DECISION_WITHDRAWN = "decision_withdrawn"
    POLICY_SET = "policy_set"
    POLICY_CLEARED = "policy_cleared"
    FINGERPRINT_ACCEPTED = "fingerprint_accepted"
    FINGERPRINT_REFUSED = "fingerprint_refused"
    SEALED_ANEW = "sealed_anew"  # with another key, after a person has looked at what stands


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One line of the trust log; each names the one before it by digest.

    Attributes:
        number: counted from 1 without a gap.
        by: account of the person on this machine.
        subject: the list, partner or certificate that it is about; untrusted text.
        fingerprint: SHA-256 that was decided on (source, certificate, signer); "" for none.
        comment: why, in the person's words.
        details: further values by name, as the document of the log carries them.
        previous: hash of the entry before; 64 zeros for the first.
        hash: SHA-256 over the canonical JSON of everything else here (RFC 8785).
    """

    number: int
    at: datetime
    by: str
    action: LogAction
    subject: str
    fingerprint: str
    comment: str
    details: tuple[tuple[str, str], ...]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustLog:
    """The log as it was read, oldest first.

    Attributes:
        broken_at: number of the first entry that does not follow from those before it; None when all do.
        broken_why: in a sentence; None when nothing is broken.
        sealed: whether the seal over the newest hash holds; None while the keyring cannot be asked, or where
            none was made, or where newer lines were written without it.
        untold: in sentences, what stands in the workspace and the log tells otherwise: another program has
            changed it. Looked for only while the chain holds.
        key_is_lost: whether there is no key to check seals with, although nothing is locked that it could lie
            in: another machine, an emptied keyring, or no key store at all.
        unsealed: whether something that the log tells has no seal that holds, such as what was decided where
            there was no key store. Looked for only with the key.
    """

    entries: tuple[LogEntry, ...]
    broken_at: int | None = None
    broken_why: Message | None = None
    sealed: bool | None = None
    untold: tuple[Message, ...] = ()
    key_is_lost: bool = False
    unsealed: bool = False

    @property
    def wants_sealing(self) -> bool:
        """Whether only sealing anew, by a person who has looked, makes all seals hold again."""
        is_lost = self.sealed is None and self.key_is_lost
        return bool(self.entries) and (self.sealed is False or is_lost or self.unsealed)


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitingDecision:
    """Something in the review queue.

    Attributes:
        list_name: for a version that waits; None for a fingerprint.
        version: its number.
        partner: for a server certificate that was not seen there before; None for a version.
        endpoint_id: of that partner.
        before, now: certificates by digest; None where there was none.
        since: when it came up.
        what: one sentence.
    """

    what: Message
    since: datetime
    list_name: str | None = None
    version: int | None = None
    partner: str | None = None
    endpoint_id: int | None = None
    before: CertificateFacts | None = None
    now: CertificateFacts | None = None
