"""Identity providers and their tokens: the list beside the CAs' (domain notes 4.4, 5.5).

A token is a secret: it is read, judged and forgotten; no value here holds one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding, Verdict
from trustdesk.core.message import Message
from trustdesk.core.trust_version import NOBODY, Authenticity, ListSource, Publisher


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProvider:
    """One identity provider on a list.

    Attributes:
        issuer: what `iss` of its tokens has to be, to the letter.
        refresh_url, discovery_url: "" where the list gives none; discovery is `issuer` with the well-known
            path of RFC 8414 or OpenID Connect Discovery then.
        algorithms: that its tokens may be signed with; empty for all that are asymmetric.
        signing_certificates: that the list gives; may be empty.
        signing_skis: subject key identifiers in hex, as the lists of 2020 name them.
        keys: public keys (JWK documents as canonical JSON text) that the list carries or that a person
            fetched from `jwks_uri`; public data.
    """

    issuer: str
    name: str = ""
    token_url: str = ""
    refresh_url: str = ""
    jwks_uri: str = ""
    discovery_url: str = ""
    algorithms: tuple[str, ...] = ()
    signing_certificates: tuple[CertificateFacts, ...] = ()
    signing_skis: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderList:
    """A list of identity providers, in the same envelope as a list of CAs."""

    name: str
    title: str
    providers: tuple[IdentityProvider, ...]
    source: ListSource
    authenticity: Authenticity
    list_id: str = ""
    publisher: Publisher = NOBODY
    sequence: int | None = None
    issued_at: datetime | None = None
    next_update: datetime | None = None
    imported_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderCheck:
    """What was found when a provider was asked: its documents, its keys, its TLS endpoint.

    Attributes:
        findings: JWT-10 to JWT-12 and what concerns the discovery document.
        keys: JWK documents as canonical JSON text, as `jwks_uri` gave them; empty when it gave none.
    """

    issuer: str
    findings: tuple[Finding, ...]
    verdict: Verdict
    checked_at: datetime
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenReading:
    """What stands in a token, without the token: nothing here can be presented to anybody.

    Attributes:
        header, claims: names and values as a person may see them; untrusted text, bounded.
        issued_at, expires_at: None where the claim is missing or no number.
        provider: issuer of the provider on the list that it belongs to; None when none matches.
        signature_valid: None when it could not be checked, with the reason in the findings.
        findings: JWT-01 to JWT-12.
    """

    header: tuple[tuple[str, str], ...]
    claims: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    verdict: Verdict
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    provider: str | None = None
    signature_valid: bool | None = None
    summary: Message | None = None
