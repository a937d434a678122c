"""JSON documents on identity providers: `trustdesk.idp-list/1`, `…idp-import/1`, `…idp-check/1`, `…token/1`.

Every key is always there; null says that there is nothing to tell. No token is in any of them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from trustdesk.core.identity_provider import IdentityProvider, ProviderCheck, ProviderList, TokenReading
from trustdesk.formats.document_values import (
    Words,
    certificate_in_short,
    finding_value,
    instant,
    optional,
    utf8,
)
from trustdesk.formats.trust_documents import authenticity_value, source_value

LIST_SCHEMA = "trustdesk.idp-list/1"
IMPORT_SCHEMA = "trustdesk.idp-import/1"
CHECK_SCHEMA = "trustdesk.idp-check/1"
TOKEN_SCHEMA = "trustdesk.token/1"  # noqa: S105 - the name of a document


def provider_lists_document(lists: Sequence[ProviderList]) -> dict[str, object]:
    """Return lists of identity providers, with the providers on them."""
    return {"schema": LIST_SCHEMA, "lists": [_list(one) for one in lists]}


def provider_import_document(providers: ProviderList, *, kept: bool) -> dict[str, object]:
    """Return a list that was read, and whether it was kept."""
    return {"schema": IMPORT_SCHEMA, "kept": kept, "list": _list(providers)}


def provider_check_document(check: ProviderCheck, *, keys_kept: bool, text: Words) -> dict[str, object]:
    """Return what a provider publishes, and what the rules say of it."""
    return {
        "schema": CHECK_SCHEMA,
        "issuer": utf8(check.issuer),
        "checked_at": instant(check.checked_at),
        "keys": [json.loads(key) for key in check.keys],
        "keys_kept": keys_kept,
        "findings": [finding_value(finding, text) for finding in check.findings],
        "verdict": check.verdict.value,
    }


def token_document(reading: TokenReading, *, at: datetime, text: Words) -> dict[str, object]:
    """Return what stands in a token, and what the rules say of it."""
    return {
        "schema": TOKEN_SCHEMA,
        "at": instant(at),
        "header": {utf8(name): utf8(value) for name, value in reading.header},
        "claims": {utf8(name): utf8(value) for name, value in reading.claims},
        "issued_at": optional(reading.issued_at, instant),
        "expires_at": optional(reading.expires_at, instant),
        "provider": utf8(reading.provider),
        "signature": {True: "valid", False: "invalid", None: "not_checked"}[reading.signature_valid],
        "summary": None if reading.summary is None else utf8(text(reading.summary)),
        "findings": [finding_value(finding, text) for finding in reading.findings],
        "verdict": reading.verdict.value,
    }


def _list(one: ProviderList) -> dict[str, object]:
    return {
        "name": utf8(one.name),
        "title": utf8(one.title),
        "list_id": utf8(one.list_id),
        "publisher": {
            "name": utf8(one.publisher.name),
            "uri": utf8(one.publisher.uri),
            "contact": utf8(one.publisher.contact),
        },
        "sequence": one.sequence,
        "issued_at": optional(one.issued_at, instant),
        "next_update": optional(one.next_update, instant),
        "imported_at": optional(one.imported_at, instant),
        "authenticity": authenticity_value(one.authenticity),
        "source": source_value(one.source),
        "providers": [_provider(provider) for provider in one.providers],
    }


def _provider(provider: IdentityProvider) -> dict[str, object]:
    return {
        "issuer": utf8(provider.issuer),
        "name": utf8(provider.name),
        "token_url": utf8(provider.token_url),
        "refresh_url": utf8(provider.refresh_url),
        "jwks_uri": utf8(provider.jwks_uri),
        "discovery_url": utf8(provider.discovery_url),
        "algorithms": list(provider.algorithms),
        "signing_certificates": [certificate_in_short(one) for one in provider.signing_certificates],
        "signing_skis": list(provider.signing_skis),
        "keys": [json.loads(key) for key in provider.keys],
        "notes": utf8(provider.notes),
    }
