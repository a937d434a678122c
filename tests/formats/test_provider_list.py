"""Lists of identity providers: read, written, signed, and what is wrong with one."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import pki, tokens
from tests.support.pki import NOW
from tests.support.tokens import public_jwk
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.identity_provider import ProviderList
from trustdesk.core.trust_version import AuthenticityState, ListSource, SourceKind
from trustdesk.formats.list_json_writing import certificate_document
from trustdesk.formats.list_signing import sign_list
from trustdesk.formats.list_source import ListBytes, NamedSigner
from trustdesk.formats.provider_list import MAX_PROVIDER_LIST_BYTES, provider_list_bytes, read_provider_list
from trustdesk.services.wording import wording
from trustdesk.storage.list_schema import trust_list_schema

SIGNER = pki.client(None, "Publisher", not_before=NOW - timedelta(days=9))
ORIGIN = ListSource(
    kind=SourceKind.JSON, place="p.json", retrieved_at=NOW, retrieved_by="ann", sha256="ab" * 32
)


def document(**changes: Any) -> dict[str, Any]:
    values = {
        "schema": "trustdesk.trust-list/1",
        "title": "Providers",
        "list_id": "urn:uuid:1",
        "publisher": {"name": "Halden", "uri": "https://halden.example"},
        "sequence": 7,
        "issued_at": "2026-11-01T00:00:00Z",
        "next_update": "2027-05-01T00:00:00Z",
        "providers": [
            {
                "issuer": tokens.ISSUER,
                "name": "Cargo",
                "token_url": f"{tokens.ISSUER}/token",
                "refresh_url": f"{tokens.ISSUER}/refresh",
                "jwks_uri": f"{tokens.ISSUER}/keys",
                "discovery_url": f"{tokens.ISSUER}/.well-known/openid-configuration",
                "algorithms": ["ES256", "RS256"],
                "signing_skis": ["ab" * 20],
                "keys": [public_jwk(), public_jwk("2048", kid="k2")],
                "notes": "first",
            },
            {"issuer": "https://other.example"},
        ],
        **changes,
    }
    return {name: value for name, value in values.items() if value is not None}


def read(data: bytes, *signers: str) -> ProviderList:
    return read_provider_list(
        ListBytes(place="p.json", data=data),
        name="ours",
        origin=ORIGIN,
        schema=trust_list_schema(),
        signers=[NamedSigner(sha256=signer) for signer in signers],
    )


@pytest.mark.parametrize("name", ["issuer", "token_url", "refresh_url", "jwks_uri", "discovery_url"])
def test_an_address_with_a_password_is_refused_and_not_repeated(name: str) -> None:
    given = document()
    given["providers"][0][name] = "https://cargo:secret-word@idp.example/keys"
    with pytest.raises(UnusableInputError) as refused:
        read(json.dumps(given).encode())
    assert f"providers[0].{name}" in wording("en").text(refused.value.problem)
    assert "secret-word" not in repr(refused.value.problem)


def test_everything_that_stands_there_is_read_and_written_again() -> None:
    first = read(json.dumps(document()).encode())
    assert (first.sequence, first.list_id, first.publisher.name) == (7, "urn:uuid:1", "Halden")
    assert first.authenticity.state is AuthenticityState.UNSIGNED
    provider = first.providers[0]
    assert (provider.algorithms, provider.signing_skis, len(provider.keys)) == (
        ("ES256", "RS256"),
        ("ab" * 20,),
        2,
    )
    assert read(provider_list_bytes(first)) == first


def test_signing_certificates_come_through() -> None:
    values = {"issuer": tokens.ISSUER, "signing_certificates": [certificate_document(SIGNER.facts)]}
    found = read(json.dumps(document(providers=[values])).encode())
    assert found.providers[0].signing_certificates == (SIGNER.facts,)
    assert read(provider_list_bytes(found)) == found
    values["signing_certificates"] = [{"sha256": SIGNER.sha256}]
    with pytest.raises(UnusableInputError):
        read(json.dumps(document(providers=[values])).encode())


def test_a_signature_counts_when_its_signer_was_named() -> None:
    signed = sign_list(json.dumps(document()).encode(), SIGNER.key, [SIGNER.der], signed_at=NOW)
    assert read(signed).authenticity.state is AuthenticityState.UNKNOWN_SIGNER
    assert read(signed, SIGNER.sha256).authenticity.state is AuthenticityState.VERIFIED
    assert read(signed, "cd" * 32).authenticity.state is AuthenticityState.UNKNOWN_SIGNER


def test_a_signature_over_something_else_does_not_hold() -> None:
    def signed(values: dict[str, Any]) -> list[str]:
        data = sign_list(json.dumps(values).encode(), SIGNER.key, [SIGNER.der], signed_at=NOW)
        return data.decode().strip().split(".")

    honest, other = signed(document()), signed(document(title="Other"))
    swapped = ".".join([honest[0], other[1], honest[2]]).encode()
    assert read(swapped, SIGNER.sha256).authenticity.state is AuthenticityState.FAILED


def test_a_list_that_is_cut_short_is_none() -> None:
    data = json.dumps(document()).encode()
    for end in range(0, len(data), 37):
        with pytest.raises(UnusableInputError):
            read(data[:end])


def test_a_list_that_is_too_large_is_not_read() -> None:
    with pytest.raises(UnusableInputError) as raised:
        read(b" " * (MAX_PROVIDER_LIST_BYTES + 1))
    assert "16 MB" in wording("en").text(raised.value.problem)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_a_list_or_refused(data: bytes) -> None:
    with pytest.raises(UnusableInputError):
        read(data)
