"""`trustdesk idp` and `trustdesk token`: documents, exit statuses, and a token that is in none of them."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.support import pki, tokens
from tests.support.command import Ran, trustdesk
from tests.support.provider_servers import KEYS, ProviderServer, answer, provider_server
from tests.support.tokens import public_jwk
from trustdesk.formats.list_signing import sign_list
from trustdesk.verify.tokens.thumbprints import sha256_thumbprint


@pytest.fixture(scope="module")
def server() -> Iterator[ProviderServer]:
    with provider_server() as running:
        yield running


@pytest.fixture
def roots(server: ProviderServer, tmp_path: Path) -> Path:
    file = tmp_path / "roots.pem"
    file.write_bytes(server.root.certificate.public_bytes(Encoding.PEM))
    return file


@pytest.fixture(autouse=True)
def _own_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No keyring: what is kept is kept unsealed, and nobody is asked."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def listed(
    folder: Path, issuer: str, *keys: dict[str, Any], name: str = "partners.json", **changes: Any
) -> Path:
    provider = {"issuer": issuer, "name": "Cargo [bold]IdP", "keys": list(keys)}
    document = {
        "schema": "trustdesk.trust-list/1",
        "title": "Partners' providers",
        "sequence": 1,
        "providers": [provider],
        **changes,
    }
    file = folder / name
    file.write_text(json.dumps(document))
    return file


def inspect(token: str, *arguments: object) -> Ran:
    before = sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(token.encode()))
    try:
        return trustdesk("token", "inspect", *arguments)
    finally:
        sys.stdin = before


def good_token(issuer: str = tokens.ISSUER, **changes: Any) -> str:
    return tokens.token(**{**tokens.claims(datetime.now(UTC)), "iss": issuer, **changes})


def test_a_list_is_imported_listed_shown_and_removed(tmp_path: Path) -> None:
    space = ("--workspace", tmp_path / "space")
    file = listed(tmp_path, tokens.ISSUER, public_jwk())
    review = trustdesk("idp", "import", file, "--review", *space, "--json")
    assert (review.status, review.document["kept"]) == (0, False)
    ran = trustdesk("idp", "import", file, "--comment", "they told us", *space, "--json")
    assert ran.status == 0, ran.err
    assert ran.document["schema"] == "trustdesk.idp-import/1"
    assert "Nothing proves who published" in ran.err
    found = trustdesk("idp", "list", *space, "--json").document
    assert found["schema"] == "trustdesk.idp-list/1"
    (one,) = found["lists"]
    assert (one["name"], one["sequence"], one["authenticity"]["state"]) == ("partners", 1, "unsigned")
    (provider,) = one["providers"]
    assert (provider["issuer"], provider["keys"][0]["kid"]) == (tokens.ISSUER, "k1")
    assert tokens.ISSUER in "".join(trustdesk("idp", "list", *space).out.split())
    assert "Cargo [bold]IdP" in trustdesk("idp", "show", "partners", *space).out
    assert trustdesk("idp", "show", "others", *space).status == 2
    written = tmp_path / "written.json"
    assert trustdesk("idp", "export", "partners", "--output", written, *space).status == 0
    assert trustdesk("idp", "export", "partners", "--output", written, *space).status == 2
    again = trustdesk("idp", "import", written, "--review", *space, "--json").document["list"]
    assert again["providers"] == one["providers"]
    assert trustdesk("idp", "remove", "partners", *space).status == 0
    assert trustdesk("idp", "list", *space, "--json").document["lists"] == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"providers": [{"issuer": "http://idp.example"}]}, "providers[0].issuer"),
        (
            {"providers": [{"issuer": "https://a.example", "jwks_uri": "http://a.example"}]},
            "providers[0].jwks_uri",
        ),
        (
            {"providers": [{"issuer": "https://a.example"}, {"issuer": "https://a.example"}]},
            "providers[1].issuer",
        ),
        (
            {"providers": [{"issuer": "https://a.example", "keys": [{"kty": "RSA", "n": "x"}]}]},
            "providers[0].keys[0]",
        ),
        (
            {"providers": [{"issuer": "https://a.example", "keys": [{"kty": "oct", "k": "x"}]}]},
            "providers[0].keys[0]",
        ),
        (
            {"providers": [{"issuer": "https://a.example", "keys": [{**public_jwk("2048"), "p": "AAAA"}]}]},
            "providers[0].keys[0]",
        ),
        ({"providers": [{"issuer": "https://a.example", "surprise": 1}]}, "surprise"),
        ({"entries": []}, "either entries or providers"),
    ],
)
def test_what_is_wrong_with_a_list_is_named_with_its_place(
    tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    file = listed(tmp_path, tokens.ISSUER, **changes)
    ran = trustdesk("idp", "import", file, "--workspace", tmp_path / "space")
    assert ran.status == 2
    assert words in ran.err
    assert "partners.json" in ran.err
    assert trustdesk("idp", "list", "--workspace", tmp_path / "space", "--json").document["lists"] == []


def test_a_signed_list_counts_when_its_signer_is_named(tmp_path: Path) -> None:
    publisher = pki.client(None, "Publisher")
    plain = listed(tmp_path, tokens.ISSUER, public_jwk())
    file = tmp_path / "signed.jws"
    file.write_bytes(sign_list(plain.read_bytes(), publisher.key, [publisher.der]))
    space = ("--workspace", tmp_path / "space")
    ran = trustdesk("idp", "import", file, "--review", *space, "--json")
    assert ran.document["list"]["authenticity"]["state"] == "unknown_signer"
    assert publisher.sha256 in ran.err
    spelled = ":".join(publisher.sha256[at : at + 2].upper() for at in range(0, 64, 2))
    ran = trustdesk("idp", "import", file, "--review", "--signer", spelled, *space, "--json")
    assert ran.document["list"]["authenticity"]["state"] == "verified"
    for signer, words in (("ab" * 32, "not signed by"), ("hello", "no SHA-256")):
        ran = trustdesk("idp", "import", file, "--signer", signer, *space)
        assert (ran.status, words in ran.err) == (2, True), ran.err


def test_a_list_of_cas_is_none_of_providers(tmp_path: Path) -> None:
    file = tmp_path / "cas.json"
    file.write_text(json.dumps({"schema": "trustdesk.trust-list/1", "title": "CAs", "entries": []}))
    ran = trustdesk("idp", "import", file, "--workspace", tmp_path / "space")
    assert (ran.status, "holds CAs" in ran.err) == (2, True)


def test_a_provider_is_checked_and_its_keys_kept(server: ProviderServer, roots: Path, tmp_path: Path) -> None:
    space = ("--workspace", tmp_path / "space")
    trustdesk("idp", "import", listed(tmp_path, server.issuer), *space)
    ran = trustdesk(
        "idp", "check", server.issuer, "--trust-list", roots, "--no-proxy", "--keep-keys", *space, "--json"
    )
    assert ran.status == 0, ran.out + ran.err
    document = ran.document
    assert (document["schema"], document["verdict"], document["keys_kept"]) == (
        "trustdesk.idp-check/1",
        "pass",
        True,
    )
    rules = {finding["rule"]: finding["status"] for finding in document["findings"]}
    assert (rules["IDP-01"], rules["JWT-11"], rules["SRV-01"]) == ("pass", "pass", "pass")
    token = inspect(good_token(server.issuer), *space, "--json")
    assert (token.status, token.document["signature"], token.document["verdict"]) == (0, "valid", "pass")


def test_a_provider_that_fails_exits_with_1(server: ProviderServer, roots: Path, tmp_path: Path) -> None:
    space = ("--workspace", tmp_path / "space")
    ran = trustdesk("idp", "check", server.issuer, "--no-proxy", *space)
    assert ran.status == 1  # not of a CA of the public web
    assert "does not pass" in ran.out
    good = server.answers[KEYS]
    server.answers[KEYS] = answer(b"<html>")
    try:
        ran = trustdesk("idp", "check", server.issuer, "--no-proxy", "--trust-list", roots, *space)
    finally:
        server.answers[KEYS] = good
    assert (ran.status, "IDP-05" in ran.out) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("https://idp.example", "--offline"), "--offline forbids"),
        (("http://idp.example",), "https URL"),
        (("https://idp.example", "--proxy", "http://p.example", "--no-proxy"), "at once"),
    ],
)
def test_checks_that_are_refused(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    ran = trustdesk("idp", "check", *arguments, "--workspace", tmp_path / "space")
    assert ran.status == 2
    assert words in ran.err


def test_a_token_is_judged_with_a_list_that_is_not_imported(tmp_path: Path) -> None:
    file = listed(tmp_path, tokens.ISSUER, public_jwk())
    space = ("--workspace", tmp_path / "space")
    ran = inspect(good_token(), "--idp-list", file, *space, "--json")
    document = ran.document
    assert (ran.status, document["schema"], document["signature"]) == (0, "trustdesk.token/1", "valid")
    assert document["claims"]["iss"] == tokens.ISSUER
    assert [finding["rule"] for finding in document["findings"]] == [f"JWT-{at:02}" for at in range(1, 13)]
    assert trustdesk("idp", "list", *space, "--json").document["lists"] == []
    text = inspect(good_token(), "--idp-list", file, *space).out
    assert "The signature holds." in text
    assert tokens.AGENT in "".join(text.split())


def test_a_token_that_nobody_checked_is_no_pass(tmp_path: Path) -> None:
    ran = inspect(good_token(), "--workspace", tmp_path / "space", "--json")
    assert (ran.document["signature"], ran.document["verdict"]) == ("not_checked", "warn")
    assert "not checked" in inspect(good_token(), "--workspace", tmp_path / "space").out


def test_a_bad_token_exits_with_1(tmp_path: Path) -> None:
    ran = inspect(good_token(exp=5), "--workspace", tmp_path / "space", "--json")
    assert (ran.status, ran.document["verdict"]) == (1, "fail")
    ran = inspect("hello", "--workspace", tmp_path / "space", "--json")
    assert (ran.status, ran.document["verdict"]) == (1, "fail")


def test_a_bound_token_is_compared_with_a_certificate_file(tmp_path: Path) -> None:
    ours = pki.client(None)
    file = tmp_path / "client.pem"
    file.write_bytes(ours.pem)
    text = good_token(cnf={"x5t#S256": sha256_thumbprint(ours.facts)})
    more = ("--client-cert", file, "--workspace", tmp_path / "space", "--json")
    found = {one["rule"]: one["status"] for one in inspect(text, *more).document["findings"]}
    assert found["JWT-09"] == "pass"


def test_a_token_from_a_descriptor(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, good_token().encode())
    os.close(writing)
    try:
        ran = trustdesk(
            "token", "inspect", "--token-fd", reading, "--workspace", tmp_path / "space", "--json"
        )
    finally:
        os.close(reading)
    assert ran.document["claims"]["iss"] == tokens.ISSUER


def test_a_token_as_an_argument_is_refused_and_not_repeated(tmp_path: Path) -> None:
    text = good_token()
    for arguments in ((text,), (text, text), ("--json", text), (f"--token={text}",), (f"-t{text}",)):
        ran = trustdesk("token", "inspect", "--workspace", tmp_path / "space", *arguments)
        assert ran.status == 2
        assert without(ran.out + ran.err, text)


@pytest.mark.parametrize("arguments", [(), ("--json",), ("--all",), ("--json", "--fetch-keys")])
def test_what_is_printed_holds_no_token(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    file = listed(tmp_path, tokens.ISSUER, public_jwk())
    inner = good_token(sub="inner")
    text = good_token(act=inner)
    for given in (text, f"Bearer {text}", f"{text}\n{text}", text + "!", f"{text}.x.y"):
        ran = inspect(given, "--idp-list", file, "--workspace", tmp_path / "space", *arguments)
        assert without(ran.out + ran.err, text)
        assert without(ran.out + ran.err, inner)
    for path in (tmp_path / "space").rglob("*"):
        assert path.is_dir() or without(path.read_bytes().decode("latin-1"), text)


def without(printed: str, token: str) -> bool:
    squeezed = "".join(printed.split())
    return all(part not in squeezed and part[:30] not in squeezed for part in token.split("."))
