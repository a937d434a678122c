"""What a rule on tokens looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding, Verdict
from trustdesk.core.identity_provider import IdentityProvider
from trustdesk.core.message import Message
from trustdesk.core.trust_entry import ListEntry
from trustdesk.core.trust_version import AuthenticityState
from trustdesk.formats.token import ReadToken
from trustdesk.formats.web_key import WebKey


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedProvider:
    """A provider with what is known of the list that names it.

    Attributes:
        next_update: of the list; None where it says nothing.
    """

    provider: IdentityProvider
    list_name: str
    authenticity: AuthenticityState = AuthenticityState.UNSIGNED
    next_update: datetime | None = None


class SignatureState(StrEnum):
    """What came of a signature. Only VALID says who made the token."""

    VALID = "valid"
    INVALID = "invalid"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureOutcome:
    """What came of checking a signature.

    Attributes:
        key: that made it, or that the token's header names; None where there is none.
        reason: in a sentence.
        remedy: None where there is nothing to do.
    """

    state: SignatureState
    reason: Message
    key: WebKey | None = None
    remedy: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSeen:
    """One TLS endpoint of a provider, as the probe left it.

    Attributes:
        endpoint: `https://host:port`.
        trusted: None when no certificate was presented.
        findings: on its certificate and connection.
        verdict: of those findings.
        trouble: why nothing is known of it, in a sentence; None when something is.
    """

    endpoint: str
    trusted: bool | None = None
    findings: tuple[Finding, ...] = ()
    verdict: Verdict = Verdict.FAIL
    trouble: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCase:
    """A token with what is known around it.

    Attributes:
        at: the instant judged for.
        providers: on the lists; None where there is no list at all.
        provider: the one that `iss` names, to the letter; None when none is.
        signature: what came of checking it.
        client: certificate that `cnf` has to name; None where nobody chose one.
        signing_entries: of trust lists, for signers of identity providers; None where there is no such list.
        servers: of the provider that were looked at for its keys; empty where nobody was asked.
    """

    token: ReadToken
    at: datetime
    signature: SignatureOutcome
    providers: tuple[ListedProvider, ...] | None = None
    provider: ListedProvider | None = None
    client: CertificateFacts | None = None
    signing_entries: tuple[ListEntry, ...] | None = None
    servers: tuple[ServerSeen, ...] = ()

    def text(self, name: str) -> str | None:
        """Return a claim that is a text; None where it is missing or none."""
        value = None if self.token.claims is None else self.token.claims.get(name)
        return value if isinstance(value, str) else None

    def header_text(self, name: str) -> str | None:
        """Return a header parameter that is a text; None where it is missing or none."""
        value = None if self.token.header is None else self.token.header.get(name)
        return value if isinstance(value, str) else None
