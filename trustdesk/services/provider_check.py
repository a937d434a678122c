"""What an identity provider publishes, asked for and judged: discovery document, keys, TLS endpoints."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from trustdesk.core.identity_provider import IdentityProvider, ProviderCheck
from trustdesk.core.message import Message, msg
from trustdesk.core.trust_entry import ListEntry
from trustdesk.formats.discovery import (
    MAX_DISCOVERY_BYTES,
    DiscoveryDocument,
    discovery_urls,
    read_discovery,
)
from trustdesk.formats.strict_json import JsonFault
from trustdesk.formats.web_key import (
    MAX_KEY_SET_BYTES,
    WebKey,
    key_of_certificate,
    read_key_set,
    read_key_text,
)
from trustdesk.services.provider_web import ProviderWeb
from trustdesk.services.published_keys import published_keys
from trustdesk.verify.profiles.rule import Held, NotRun, Outcome, Violated
from trustdesk.verify.tokens.case import ListedProvider
from trustdesk.verify.tokens.provider import ProviderCase, judge_provider

_ASK = msg("Ask the identity provider.")


def check_provider(
    issuer: str,
    *,
    web: ProviderWeb,
    at: datetime,
    listed: ListedProvider | None,
    has_lists: bool,
    signing_entries: Sequence[ListEntry] | None,
) -> ProviderCheck:
    """Ask and judge; blocks.

    Raises:
        CancelledByPersonError: it was stopped.
    """
    provider = None if listed is None else listed.provider
    document, document_outcome = ask_for_document(issuer, provider, web)
    uri = _keys_at(issuer, provider, document)
    keys, keys_outcome = ask_for_keys(uri, web)
    token_url = (provider.token_url if provider is not None else "") or (
        document.token_endpoint if document is not None and document.issuer == issuer else ""
    )
    if token_url.startswith("https://"):
        web.look_at(token_url)
    findings, verdict = judge_provider(
        ProviderCase(
            issuer=issuer,
            at=at,
            document_outcome=document_outcome,
            keys_outcome=keys_outcome,
            listed=listed,
            has_lists=has_lists,
            document=document,
            keys=keys,
            servers=web.servers,
            signing_entries=None if signing_entries is None else tuple(signing_entries),
            published=published_keys(),
        )
    )
    return ProviderCheck(
        issuer=issuer,
        findings=findings,
        verdict=verdict,
        checked_at=at,
        keys=tuple(key.document for key in public_keys(keys or ())),
    )


def fetch_keys(provider: IdentityProvider, web: ProviderWeb) -> tuple[WebKey, ...] | Message:
    """Return a provider's keys from where its list says, else its own document; or why there are none.

    Raises:
        CancelledByPersonError: it was stopped.
    """
    uri = provider.jwks_uri
    if not uri:
        document, outcome = ask_for_document(provider.issuer, provider, web)
        if document is None:
            return outcome.evidence
        uri = _keys_at(provider.issuer, provider, document)
    keys, outcome = ask_for_keys(uri, web)
    return outcome.evidence if keys is None else public_keys(keys)


def kept_keys(provider: IdentityProvider) -> tuple[WebKey, ...]:
    """Return the keys that a list carries: those it names, and those of the signing certificates on it."""
    found = []
    for text in provider.keys:
        try:
            found.append(read_key_text(text))
        except JsonFault:
            continue
    certified = (key_of_certificate(facts) for facts in provider.signing_certificates)
    return public_keys((*found, *(key for key in certified if key is not None)))


def public_keys(keys: Sequence[WebKey]) -> tuple[WebKey, ...]:
    """Return the keys that can be read and whose secret was not published, here or anywhere that we know."""
    told, known = {key.spki for key in keys if key.secrets}, published_keys()
    return tuple(
        key
        for key in keys
        if key.spki is not None and key.spki not in told and hashlib.sha256(key.spki).hexdigest() not in known
    )


def ask_for_document(
    issuer: str, provider: IdentityProvider | None, web: ProviderWeb
) -> tuple[DiscoveryDocument | None, Outcome]:
    """Ask for the discovery document at the listed place, else at the usual ones."""
    named = provider.discovery_url if provider is not None else ""
    first: Outcome | None = None
    for url in (named,) if named else discovery_urls(issuer):
        answer = web.fetch(url, MAX_DISCOVERY_BYTES)
        if isinstance(answer, bytes):
            try:
                return read_discovery(answer), Held(msg("It is at {url}.", url=url))
            except JsonFault as fault:
                answer = Violated(
                    msg("What is at {url} is none: {reason}.", url=url, reason=fault.reason), _ASK
                )
        first = first or answer
    return None, first or NotRun(msg("Nobody says where it is."))


def ask_for_keys(uri: str, web: ProviderWeb) -> tuple[tuple[WebKey, ...] | None, Outcome]:
    """Ask for the key set; None with what came of it where there is none."""
    if not uri:
        return None, NotRun(msg("Nobody says where its keys are."))
    answer = web.fetch(uri, MAX_KEY_SET_BYTES)
    if not isinstance(answer, bytes):
        return None, answer
    try:
        return read_key_set(answer), Held(msg("They are at {uri}.", uri=uri))
    except JsonFault as fault:
        return None, Violated(
            msg("What is at {uri} is no key set: {reason}.", uri=uri, reason=fault.reason), _ASK
        )


def _keys_at(issuer: str, provider: IdentityProvider | None, document: DiscoveryDocument | None) -> str:
    """Return where the keys are: the list's word counts, then that of a document that names the issuer."""
    if provider is not None and provider.jwks_uri:
        return provider.jwks_uri
    return document.jwks_uri if document is not None and document.issuer == issuer else ""
