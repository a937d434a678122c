"""Lists of identity providers in our open form: the same envelope as trust lists, read and written.

Sources: ONE Record API 2.3 authn-application-layer (what a list of identity providers says), ONE Record API &
Security 2020 p. 72 (subject key identifiers of their signers).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import cast

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.identity_provider import IdentityProvider, ProviderList
from trustdesk.core.message import Message, msg
from trustdesk.core.trust_version import ListSource
from trustdesk.formats.json_text import json_text
from trustdesk.formats.list_envelope import Envelope, MemberKind, envelope_document, filled, read_envelope
from trustdesk.formats.list_fields import Fields
from trustdesk.formats.list_json import certificate_of
from trustdesk.formats.list_json_writing import certificate_document
from trustdesk.formats.list_source import ListBytes, NamedSigner
from trustdesk.formats.strict_json import JsonValue
from trustdesk.formats.web_key import read_key

MAX_PROVIDER_LIST_BYTES = 16 * 1024 * 1024
"""Of one file: what a workspace keeps of a list as one document."""

_URLS = ("token_url", "refresh_url", "jwks_uri", "discovery_url")


def read_provider_list(
    source: ListBytes,
    *,
    name: str,
    origin: ListSource,
    schema: str,
    signers: Sequence[NamedSigner] = (),
) -> ProviderList:
    """Read a list of identity providers and check its signature.

    Args:
        name: of the list here.
        origin: where the bytes came from.
        schema: text of the JSON Schema (`storage.list_schema.trust_list_schema`).
        signers: whose signature counts.

    Raises:
        UnusableInputError: as for `read_envelope`; it is a list of CAs; two providers have one issuer; an
            address is not https; a key is none, or not public. Names the path of what is wrong.
    """
    if len(source.data) > MAX_PROVIDER_LIST_BYTES:
        raise UnusableInputError(
            msg(
                "The list holds more than {megabytes} MB.",
                megabytes=MAX_PROVIDER_LIST_BYTES // (1024 * 1024),
            ),
            remedy=msg("Name the file with the list of identity providers."),
            place=source.place,
        )
    envelope = read_envelope(source, schema=schema, signers=signers)
    if envelope.kind is not MemberKind.PROVIDERS:
        raise UnusableInputError(
            msg("The list holds CAs, not identity providers."),
            remedy=msg("Import it as a trust list."),
            place=source.place,
        )
    return ProviderList(
        name=name,
        title=envelope.title,
        providers=_providers(envelope.members),
        source=origin,
        authenticity=envelope.authenticity,
        list_id=envelope.list_id,
        publisher=envelope.publisher,
        sequence=envelope.sequence,
        issued_at=envelope.issued_at,
        next_update=envelope.next_update,
    )


def provider_list_bytes(providers: ProviderList) -> bytes:
    """Return a list in our form, unsigned; the same list gives the same bytes."""
    envelope = Envelope(
        kind=MemberKind.PROVIDERS,
        title=providers.title,
        list_id=providers.list_id,
        publisher=providers.publisher,
        sequence=providers.sequence,
        issued_at=providers.issued_at,
        next_update=providers.next_update,
    )
    document = envelope_document(envelope, [provider_document(one) for one in providers.providers])
    return json_text(document, indent=1).encode() + b"\n"


def provider_document(provider: IdentityProvider) -> dict[str, object]:
    """Return a provider as a JSON-ready document; what is empty is left out."""
    return filled(
        {
            "issuer": provider.issuer,
            "name": provider.name,
            "token_url": provider.token_url,
            "refresh_url": provider.refresh_url,
            "jwks_uri": provider.jwks_uri,
            "discovery_url": provider.discovery_url,
            "algorithms": list(provider.algorithms),
            "signing_certificates": [certificate_document(one) for one in provider.signing_certificates],
            "signing_skis": list(provider.signing_skis),
            "keys": [json.loads(key) for key in provider.keys],
            "notes": provider.notes,
        }
    )


def _providers(members: Sequence[Fields]) -> tuple[IdentityProvider, ...]:
    found: dict[str, IdentityProvider] = {}
    for fields in members:
        provider = _provider(fields)
        if provider.issuer in found:
            raise fields.error("issuer", msg("it is the issuer of a provider before it"))
        found[provider.issuer] = provider
    return tuple(found.values())


def _provider(fields: Fields) -> IdentityProvider:
    for name in _URLS:
        if fields.text(name) and not fields.text(name).startswith("https://"):
            raise fields.error(name, msg("an https address is expected"))
    for name in ("issuer", *_URLS):
        # What stands before an @ may be a password: it would be kept, shown and handed on.
        if "@" in fields.text(name).partition("://")[2].partition("/")[0]:
            raise fields.error(name, msg("an address without a name and a password is expected"))
    return IdentityProvider(
        issuer=fields.text("issuer"),
        name=fields.text("name"),
        token_url=fields.text("token_url"),
        refresh_url=fields.text("refresh_url"),
        jwks_uri=fields.text("jwks_uri"),
        discovery_url=fields.text("discovery_url"),
        algorithms=fields.texts("algorithms"),
        signing_certificates=tuple(_certificate(one) for one in fields.parts("signing_certificates")),
        signing_skis=fields.texts("signing_skis"),
        keys=tuple(_key(one) for one in fields.parts("keys")),
        notes=fields.text("notes"),
    )


def _certificate(fields: Fields) -> CertificateFacts:
    facts = certificate_of(fields)
    if facts is None:
        raise fields.error("der", msg("the certificate itself is expected, not its digest alone"))
    return facts


def _key(fields: Fields) -> str:
    key = read_key(cast("Mapping[str, JsonValue]", fields.values))
    problem: Message | None = None
    if key.secrets:
        problem = msg("it is a private or a shared key, and whoever reads the list could sign with it")
    elif key.spki is None:
        problem = key.problems[0] if key.problems else msg("it is no public key")
    if problem is not None:
        raise fields.error("kty", problem)
    return key.document
