"""What a trust list says of one certificate.

Sources: ETSI TS 119 612 (status and history), CCADB's fields (distrust dates), RFC 5280 6.1 and RFC 5914
(constraints of anchors).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.trust import NO_LIMITS, AnchorLimits


class EntryKind(StrEnum):
    """What kind of certificate an entry is, by basicConstraints and by who signed it."""

    ROOT = "root"
    CROSS = "cross"  # a CA's key that is also in a root, certified by another CA
    INTERMEDIATE = "intermediate"
    END_ENTITY = "end_entity"


class AnchorMode(StrEnum):
    """Whether paths may end at an entry."""

    FULL_CHAIN = "full_chain"  # it is a root: paths end here as everywhere
    PARTIAL_CHAIN_ALLOWED = "partial_chain_allowed"  # an intermediate at which paths may end
    NOT_ANCHOR = "not_anchor"  # it helps to build paths, or is a pinned peer; it vouches for nobody


class Usage(StrEnum):
    """What may be signed below an entry."""

    TLS_SERVER = "tls_server"
    TLS_CLIENT = "tls_client"
    IDP_SIGNING = "idp_signing"
    EMAIL = "email"
    LIST_SIGNING = "list_signing"


class EntryStatus(StrEnum):
    """How the list stands to an entry. Only TRUSTED and TRUSTED_UNTIL let anything be trusted."""

    TRUSTED = "trusted"
    TRUSTED_UNTIL = "trusted_until"  # for what was issued up to a date: see Distrust
    DISTRUSTED = "distrusted"
    WITHDRAWN = "withdrawn"
    SUSPENDED = "suspended"
    PENDING = "pending"
    UNKNOWN = "unknown"


class AppliesTo(StrEnum):
    """What a distrust date is compared with."""

    NOT_BEFORE = "notBefore"  # with the start of the end entity's validity: CCADB's meaning
    NOW = "now"  # with the instant that is judged for: nothing below is trusted afterwards


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """A status that an entry had from a date on, as the list tells it.

    Attributes:
        since: None where the list gives no date.
        reason: in the list's own words; untrusted text.
        source: where the list has it from; untrusted text.
    """

    status: EntryStatus
    since: datetime | None = None
    reason: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Distrust:
    """Dates from which an entry is not trusted any more; None for no such date.

    Attributes:
        tls_after: for servers and clients.
        smime_after: for e-mail; kept and shown, judged by nothing here.
        sct_not_after: that signed certificate timestamps may not be later than; kept and shown.
        applies_to: what `tls_after` is compared with.
    """

    tls_after: datetime | None = None
    smime_after: datetime | None = None
    sct_not_after: datetime | None = None
    applies_to: AppliesTo = AppliesTo.NOT_BEFORE


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who runs a CA, in the list's own words; untrusted text, empty where it says nothing.

    Attributes:
        country: ISO 3166-1 alpha-2 where the list keeps to it.
        problem_reporting: an address to write to.
    """

    name: str = ""
    country: str = ""
    contact: str = ""
    problem_reporting: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """An audit that the list refers to; untrusted text.

    Attributes:
        kind: "WebTrust for CAs", "ETSI EN 319 411-1", as the list writes it.
        period: "2025-01-01 to 2025-12-31", as the list writes it.
        expires: None where the list gives no date.
    """

    kind: str = ""
    auditor: str = ""
    period: str = ""
    report_uri: str = ""
    expires: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatePolicy:
    """By what rules a CA issues; untrusted text, and dotted OIDs."""

    cp_uri: str = ""
    cps_uri: str = ""
    oids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEntry:
    """One certificate on a list, with all that the list says of it. Local decisions are not among it.

    Its identity is `sha256`. A re-issued root of the same key is another entry; `spki_sha256` joins them.

    Attributes:
        sha256: of the certificate's DER.
        certificate: None where the source names it by its digest alone: it can be no anchor then.
        subject: RFC 4514; from the certificate, or as the source writes it where there is none.
        spki_sha256: None where there is no certificate and the source does not say.
        id: UUID that the list gives it; "" for none.
        usages: None while nobody has decided (LST-12); an empty set is a decision: for nothing of ours.
        status: as the list has it today; what was before stands in `history`, newest first.
        status_since: None where the list gives no date.
        roles: what the list's scheme calls it ("1R Issuing CA"); untrusted text.
        revocation_urls: addresses for OCSP and CRLs that the list gives beside the certificate's own.
        caa_domains: names that the CA answers to in CAA records.
        notes: the alias in a key store, a comment; untrusted text.
        stores: status by root program ("Mozilla": "Included"), as CCADB writes it.
    """

    sha256: str
    certificate: CertificateFacts | None
    subject: str
    spki_sha256: str | None = None
    id: str = ""
    kind: EntryKind = EntryKind.ROOT
    anchor_mode: AnchorMode = AnchorMode.FULL_CHAIN
    usages: frozenset[Usage] | None = None
    status: EntryStatus = EntryStatus.TRUSTED
    status_since: datetime | None = None
    history: tuple[StatusChange, ...] = ()
    distrust: Distrust = Distrust()
    constraints: AnchorLimits = NO_LIMITS
    roles: tuple[str, ...] = ()
    owner: Owner = Owner()
    policy: CertificatePolicy = CertificatePolicy()
    audits: tuple[Audit, ...] = ()
    revocation_urls: tuple[str, ...] = ()
    caa_domains: tuple[str, ...] = ()
    notes: str = ""
    stores: tuple[tuple[str, str], ...] = ()

    def with_usages(self, usages: frozenset[Usage] | None) -> ListEntry:
        """Return it with usages decided where nobody had, or still open; itself where the list says them."""
        return self if self.usages is not None else replace(self, usages=usages)
