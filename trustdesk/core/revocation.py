"""What is known of a certificate's revocation, from which source, and what follows from it.

Four statuses that are never confused. Sources: RFC 5280 sections 5 and 6.3, RFC 6960.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trustdesk.core.message import Message


class RevocationStatus(StrEnum):
    """UNKNOWN: no source was given or allowed, or it does not say. UNAVAILABLE: it could not be used."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    UNAVAILABLE = "unavailable"


class RevocationSourceKind(StrEnum):
    """What a source is. STAPLE: an OCSP response that came in the handshake."""

    OCSP = "ocsp"
    STAPLE = "staple"
    CRL = "crl"
    DELTA_CRL = "delta_crl"


class RevocationSourceOrigin(StrEnum):
    """Who named a source: the certificate itself, the server, or a person."""

    CERTIFICATE = "certificate"
    HANDSHAKE = "handshake"
    FILE = "file"
    TYPED = "typed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationSource:
    """Where an answer came from.

    Attributes:
        place: URL or name of a file, the peer's or a person's text; "staple" for a staple.
        cached: the answer was fetched earlier and kept.
    """

    kind: RevocationSourceKind
    origin: RevocationSourceOrigin
    place: str
    cached: bool = False


class RevocationRuleStatus(StrEnum):
    """What came of one requirement on an answer. Only PASS is a pass."""

    PASS = "pass"  # noqa: S105 - a status, not a password
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    NOT_RUN = "not_run"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationRuleCheck:
    """One requirement on an OCSP response or a CRL.

    Attributes:
        rule: id such as "ocsp.responder" or "crl.scope", stable.
        evidence: what was found, with values.
        source: "RFC 6960 4.2.2.2".
    """

    rule: str
    status: RevocationRuleStatus
    evidence: Message
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationAnswer:
    """What one source says of one certificate.

    Attributes:
        status: UNAVAILABLE when it could not be had, or may not be relied on.
        reason: why it is this status, in a sentence.
        signed_by: RFC 4514 name of who signed it; None when nobody is known to have.
        this_update: from when on the source says so.
        next_update: None when the source does not say when it will say more.
        produced_at: of an OCSP response.
        retrieved_at: when it was fetched; None for what was given.
        revoked_at: None unless REVOKED, as the two that follow.
        revocation_reason: name of RFC 5280 5.3.1 ("keyCompromise").
        invalidity_date: since when the key is thought to be lost (RFC 5280 5.3.2).
        checks: every requirement on the source, in the order in which they are asked.
    """

    source: RevocationSource
    status: RevocationStatus
    reason: Message
    signed_by: str | None = None
    this_update: datetime | None = None
    next_update: datetime | None = None
    produced_at: datetime | None = None
    retrieved_at: datetime | None = None
    revoked_at: datetime | None = None
    revocation_reason: str | None = None
    invalidity_date: datetime | None = None
    checks: tuple[RevocationRuleCheck, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationCheck:
    """What is known of one certificate's revocation, all sources together.

    Attributes:
        certificate: its SHA-256.
        source: the one that decided; None when there was none.
        reason: why it is this status, in a sentence; None when there is nothing to say.
        age_s: seconds between the source's thisUpdate and the instant judged for; None without one.
        revoked_at: None unless REVOKED, as the one that follows.
        revocation_reason: name of RFC 5280 5.3.1 ("keyCompromise").
        exempt: why nobody has to be asked about it (id-pkix-ocsp-nocheck, RFC 9608 noRevAvail); such a
            certificate counts as good under both fail modes. None for all others.
        answers: of every source that was asked, the deciding one first.
    """

    certificate: str
    status: RevocationStatus
    source: RevocationSource | None = None
    reason: Message | None = None
    age_s: int | None = None
    revoked_at: datetime | None = None
    revocation_reason: str | None = None
    exempt: Message | None = None
    answers: tuple[RevocationAnswer, ...] = ()


class StapleStatus(StrEnum):
    """What a server stapled. INVALID: it cannot be relied on, or be checked at all."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    ABSENT = "absent"
    INVALID = "invalid"


def staple_answer(checks: Sequence[RevocationCheck]) -> RevocationAnswer | None:
    """Return what the staple says of the end entity, the first of `checks`; None when none was looked at."""
    answers = checks[0].answers if checks else ()
    return next((one for one in answers if one.source.kind is RevocationSourceKind.STAPLE), None)


def staple_status(staple: bytes | None, checks: Sequence[RevocationCheck]) -> StapleStatus:
    """Return what came of a staple; a path's checks begin with the end entity's."""
    if staple is None:
        return StapleStatus.ABSENT
    answer = staple_answer(checks)
    if answer is None or answer.status is RevocationStatus.UNAVAILABLE:
        return StapleStatus.INVALID
    return StapleStatus(answer.status.value)


class FailMode(StrEnum):
    """What follows where nothing is known: SOFT goes on, HARD refuses. REVOKED is refused by both."""

    SOFT = "soft"
    HARD = "hard"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailModeVerdict:
    """Whether a path holds under one fail mode, by revocation alone.

    Attributes:
        accepted: no certificate below the anchor is in a status that the mode refuses.
        reason: names the certificate and status that decide.
    """

    mode: FailMode
    accepted: bool
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class CrlEntry:
    """One entry of a CRL (RFC 5280 5.3).

    Attributes:
        position: counted from 0.
        serial_number: lower-case hex without leading zeros ("-" before a negative one).
        revoked_at: None when it cannot be read.
        reason: name of RFC 5280 5.3.1; None without one.
        certificate_issuer: RFC 4514 name, as the entry or one before it says (5.3.3); None for the
            CRL's own issuer.
        unhandled: OIDs of critical extensions that nobody here understands.
        offset: octets from the start of the CRL's DER.
    """

    position: int
    serial_number: str
    revoked_at: datetime | None = None
    reason: str | None = None
    invalidity_date: datetime | None = None
    certificate_issuer: str | None = None
    unhandled: tuple[str, ...] = ()
    offset: int = 0


class CrlCurrency(StrEnum):
    """Where an instant lies between thisUpdate and nextUpdate; UNKNOWN where one of them does not say."""

    CURRENT = "current"
    STALE = "stale"
    NOT_YET_VALID = "not_yet_valid"
    UNKNOWN = "unknown"


class CrlSignature(StrEnum):
    """Whether a key made a CRL's signature.

    UNCHECKED: the key or the algorithm cannot be used here. NOT_CHECKED: no key was at hand.
    """

    VALID = "valid"
    INVALID = "invalid"
    UNCHECKED = "unchecked"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrlSigner:
    """What came of the search for the key that signed a CRL.

    Attributes:
        subject: RFC 4514 name of the certificate whose key it is; None unless VALID, INVALID or UNCHECKED.
        sha256: of that certificate.
        may_sign: whether its key usage allows cRLSign, or is absent (RFC 5280 4.2.1.3).
        is_issuer: whether it bears the name that the list gives as its issuer's.
    """

    state: CrlSignature
    subject: str | None = None
    sha256: str | None = None
    may_sign: bool = True
    is_issuer: bool = True
