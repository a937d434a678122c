"""Trust lists as a judge takes them, and what it says of a server.

What a list is as an object, with origin and versions, stands in `core.trust_version`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding
from trustdesk.core.message import Message
from trustdesk.core.revocation import FailModeVerdict, RevocationCheck
from trustdesk.core.verification import Purpose

PUBLIC_WEB_LIST = "certifi"
"""Name of the list that comes with the program: the public web's."""


class TrustListOrigin(StrEnum):
    """Where a trust list came from. Nothing is an IATA list unless it was imported as one."""

    PUBLIC_WEB = "public_web"
    FILE = "file"
    IMPORTED = "imported"  # a version that was reviewed and applied
    SYSTEM = "system"
    PARTNER = "partner"  # private roots of one partner's policy
    LAB = "lab"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorLimits:
    """What a trust list lets an anchor vouch for; None or empty leaves it open.

    Attributes:
        permitted_names: subtrees as `CertificateFacts` writes names (`DNS:example`, `URI:.example`,
            `IP:192.0.2.0/24`, `email:example`); names of a kind that is listed must lie in one of them.
        excluded_names: likewise; no name may lie in one of them.
        max_path_length: CA certificates below the anchor, self-issued ones not counted.
        policies: dotted OIDs; the path has to be valid for one of them.
        extended_key_usages: names of RFC 5280 4.2.1.12 or dotted OIDs; the end entity has no other.
        max_validity_days: of the end entity.

    Raises:
        ValueError: a name is of none of these four kinds, so that nothing could hold it.
    """

    permitted_names: tuple[str, ...] = ()
    excluded_names: tuple[str, ...] = ()
    max_path_length: int | None = None
    policies: tuple[str, ...] = ()
    extended_key_usages: tuple[str, ...] = ()
    max_validity_days: int | None = None

    def __post_init__(self) -> None:
        for name in (*self.permitted_names, *self.excluded_names):
            if name.partition(":")[0] not in {"DNS", "URI", "IP", "email"}:
                raise ValueError(f"a limit on names of another kind: {name[:80]}")


NO_LIMITS = AnchorLimits()
"""An anchor that vouches for whatever its certificate lets it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustAnchor:
    """A CA certificate with what a list says of it.

    Attributes:
        uses: what end entities below it may be used as.
        distrusted: nothing below it is trusted; it is kept so that this can be said.
        distrust_after: end entities whose notBefore is later are not trusted (CCADB's meaning); None for
            no such date.
        ends: nothing below it is trusted from this instant on; None for no such date.
        why: who decided that it is distrusted, or limited, and for what reason; None where the list says
            no more than that.
    """

    certificate: CertificateFacts
    uses: frozenset[Purpose] = frozenset(Purpose)
    distrusted: bool = False
    distrust_after: datetime | None = None
    ends: datetime | None = None
    limits: AnchorLimits = NO_LIMITS
    why: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrustedKey:
    """A certificate, and its key wherever it stands: no path that passes through it is trusted.

    Attributes:
        spki_sha256: None where only the one certificate is known.
        ends: when the distrust is over; None for never.
        begins: from when on it holds; None for ever since.
        issued_after: only end entities whose notBefore is later are distrusted (CCADB's meaning); None for
            all of them.
        purposes: what end entities below it are distrusted as.
        why: who decided it, when, and for what reason.
    """

    sha256: str
    spki_sha256: str | None
    why: Message
    ends: datetime | None = None
    begins: datetime | None = None
    issued_after: datetime | None = None
    purposes: frozenset[Purpose] = frozenset(Purpose)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A certificate that a list's file holds and that is no anchor, with the reason."""

    certificate: CertificateFacts
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustList:
    """A named set of trust anchors.

    Attributes:
        name: what a person calls it; for a file, the file's name.
        title: the name in words, with the origin said.
        anchors: CA certificates that are trusted as they stand.
        limited: anchors that the list says more of; one that is among `anchors` too counts as limited.
        left_out: what its file holds beside the anchors.
        intermediates: CA certificates that it holds and at which no path may end; they help to build paths.
        distrusted: keys that no path may pass through, wherever it ends: what the list says, and what people
            here decided (`core.trust_decision`).
        only_through: SHA-256 of CA certificates, one of which every path has to pass through; empty for any.
        pins: SHA-256 of SubjectPublicKeyInfo, one of which has to be in the path; empty for any.
        version: of the list, as `core.trust_version` counts them; None for a list without versions.
    """

    name: str
    title: Message
    origin: TrustListOrigin
    anchors: tuple[CertificateFacts, ...]
    limited: tuple[TrustAnchor, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    intermediates: tuple[CertificateFacts, ...] = ()
    distrusted: tuple[DistrustedKey, ...] = ()
    only_through: tuple[str, ...] = ()
    pins: tuple[str, ...] = ()
    version: int | None = None

    @property
    def trust_anchors(self) -> tuple[TrustAnchor, ...]:
        """All anchors, each once, with what the list says of it."""
        limited = {anchor.certificate.sha256: anchor for anchor in self.limited}
        plain = {
            facts.sha256: TrustAnchor(certificate=facts)
            for facts in self.anchors
            if facts.sha256 not in limited
        }
        return (*plain.values(), *limited.values())


class ServerFault(StrEnum):
    """Why a server's certificate is not trusted, as facts that a diagnosis matches on.

    The order is that in which a person wants to hear of them: what is certain whatever list is selected
    comes before what depends on the list. REFUSED stands alone: the verifier refused, and no rule of our
    own says why.
    """

    UNREADABLE = "unreadable"
    KEY_PUBLISHED = "key_published"
    DISTRUSTED = "distrusted"
    SELF_SIGNED = "self_signed"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    INTERMEDIATE_EXPIRED = "intermediate_expired"
    REVOKED = "revoked"
    MISSING_INTERMEDIATE = "missing_intermediate"
    CA_NOT_IN_LIST = "ca_not_in_list"
    NOT_THROUGH_CHOSEN_CA = "not_through_chosen_ca"
    PIN_MISMATCH = "pin_mismatch"
    COMMON_NAME_ONLY = "common_name_only"
    NAME_MISMATCH = "name_mismatch"
    PURPOSE = "purpose"
    WEAK_SIGNATURE = "weak_signature"
    WEAK_KEY = "weak_key"
    NAME_CONSTRAINTS = "name_constraints"
    PATH_LENGTH = "path_length"
    ISSUER_NOT_CA = "issuer_not_ca"
    ISSUER_PURPOSE = "issuer_purpose"
    CRITICAL_EXTENSION = "critical_extension"
    CA_AS_SERVER = "ca_as_server"
    NOT_STAPLED = "not_stapled"
    REVOCATION_UNKNOWN = "revocation_unknown"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerJudgement:
    """What a judge says of the chain that a server presented.

    Attributes:
        trusted: the best path has no failed validity rule and the name matches.
        trust_list: name of the list it was judged against: the first that trusts it, else the first on
            which a path ends, else the first.
        path: SHA-256 digests, end entity first, anchor last; empty when no path was found.
        name_matched: whether a SAN matches the reference identifier; None when the certificate could not
            be read.
        matched_by: the SAN that matched, as `DNS:*.example`; None when none did.
        findings: every rule that was applied.
        faults: why it is not trusted, in the order of `ServerFault`; empty when it is.
        opinion: what cryptography's verifier said, as it said it; shown, never parsed. None when it agreed.
        disagreement: in a sentence, where that verifier and our own rules differ; None where they do not.
        revocation: of each certificate of the best path below its anchor, the server's first.
        fail_modes: what follows from `revocation`, soft fail first; empty where nothing was looked at.
        basis: digest of all that it was judged by (`verify.trust_basis`): lists with their versions, local
            decisions and the partner's policy; "" for a judgement that was kept before there was one.
        judged_at: the instant it is for; None for one that was kept before this was said.
        engine: versions of what judged (`verify.trust_basis.engine_of`); "" for one of before. Neither makes
            two judgements differ.
    """

    trusted: bool
    trust_list: str
    path: tuple[str, ...] = ()
    name_matched: bool | None = None
    matched_by: str | None = None
    findings: tuple[Finding, ...] = ()
    faults: tuple[ServerFault, ...] = ()
    opinion: str | None = None
    disagreement: Message | None = None
    revocation: tuple[RevocationCheck, ...] = ()
    fail_modes: tuple[FailModeVerdict, ...] = ()
    basis: str = ""
    judged_at: datetime | None = field(default=None, compare=False)
    engine: str = field(default="", compare=False)
