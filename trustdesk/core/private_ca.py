"""A small CA of one's own, for closed groups: its certificates, what it issued, and its revocations.

It is no audited CA and has no hardware: its keys are in the same key store as all others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.certificate_request import RequestPurpose
from trustdesk.core.key_store import KeyKind, KeyStoreKind, StoredKey


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
        permitted_names: subtrees that the issuing CA is limited to, `DNS:partner.example` or
            `URI:.partner.example`; empty for no limit.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCrl:
    """A CRL that the CA issued; `der` is complete."""

    number: int
    der: bytes
    this_update: datetime
    next_update: datetime
    count: int
