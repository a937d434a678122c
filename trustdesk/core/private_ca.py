"""A small CA of one's own, for closed groups: its certificates, what it issued, and its revocations.

It is no audited CA and has no hardware: its keys are in the same key store as all others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.certificate_request import RequestPurpose
from trustdesk.core.key_store import KeyKind, KeyStoreKind, StoredKey
from trustdesk.core.message import msg

WHAT_IT_IS_NOT = msg(
    "This is a small CA for a closed group, and no audited CA: nobody examines how it works, no public list"
    " holds it, and its keys lie in the key store of this machine, not in a hardware module. Whoever can use"
    " this account can issue in its name."
)
"""What every face says of a private CA before a person relies on it."""


class RevocationReason(StrEnum):
    """Reasons that a person may give (RFC 5280 5.3.1)."""

    UNSPECIFIED = "unspecified"
    KEY_COMPROMISE = "keyCompromise"
    CA_COMPROMISE = "cACompromise"
    AFFILIATION_CHANGED = "affiliationChanged"
    SUPERSEDED = "superseded"
    CESSATION_OF_OPERATION = "cessationOfOperation"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityDraft:
    """A CA that shall be made: a root, and an issuing CA below it with path length 0.

    Attributes:
        name: of the CA; the root's CN is "<name> Root", the issuing CA's "<name> Issuing CA".
        permitted_names: subtrees that the issuing CA is limited to, `DNS:partner.example` (that host and
            all below it) or `URI:.partner.example` (all hosts below it); empty for no limit. With names of
            one kind alone, those of the other are limited to the same hosts: else a CA for the servers of
            one domain could certify clients of any. IP addresses are excluded with any limit.
        crl_url: where its CRL will be published (http); None to name none.
        root_days, issuing_days: validity.
    """

    name: str
    key: KeyKind = KeyKind.P256
    permitted_names: tuple[str, ...] = ()
    crl_url: str | None = None
    root_days: int = 3650
    issuing_days: int = 1825
    store: KeyStoreKind = KeyStoreKind.KEYRING


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateAuthority:
    """A CA of the workspace.

    Attributes:
        issued: certificates, the newest first.
        crl_number: of the last CRL; None while none was issued.
        crl_next_update: of the last CRL.
    """

    id: int
    name: str
    root: CertificateFacts
    issuing: CertificateFacts
    root_key: StoredKey
    issuing_key: StoredKey
    crl_url: str | None
    created_at: datetime
    issued: tuple[IssuedCertificate, ...] = ()
    crl_number: int | None = None
    crl_next_update: datetime | None = None

    def relied_upon(self, at: datetime) -> tuple[IssuedCertificate, ...]:
        """Return what it issued that is neither revoked nor expired at an instant."""
        return tuple(one for one in self.issued if one.revoked_at is None and not one.has_expired(at))


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCertificate:
    """A certificate that the CA issued.

    Attributes:
        revoked_at: None while it is good.
        reason: None while it is good.
    """

    certificate: CertificateFacts
    purpose: RequestPurpose
    issued_at: datetime
    revoked_at: datetime | None = None
    reason: RevocationReason | None = None

    def has_expired(self, at: datetime) -> bool:
        """Whether it is over at an instant."""
        return self.certificate.not_after is not None and self.certificate.not_after < at


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCrl:
    """A CRL that the issuing CA issued, complete, and beside it that of the root.

    A server that checks whole paths (nginx with `ssl_crl`, `openssl verify -crl_check_all`) needs both.

    Attributes:
        der: of the issuing CA; what is published at the address in certificates.
        root_der: of the root, of the same number and dates; it names nobody.
        count: certificates on the issuing CA's.
    """

    number: int
    der: bytes = field(repr=False)
    root_der: bytes = field(repr=False)
    this_update: datetime
    next_update: datetime
    count: int
