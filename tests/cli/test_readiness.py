"""`trustdesk readiness`: documents, exit statuses, and a token that is in none of them."""

from __future__ import annotations

import io
import json
import logging
import os
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.support import peers
from tests.support.command import Ran, trustdesk
from tests.support.one_record_server import recording_server, well_behaved
from tests.support.peers import PeerPki
from trustdesk.core.target import parse_target
from trustdesk.storage.directory import Directory
from trustdesk.storage.readiness_checks import ReadinessChecks
from trustdesk.storage.workspace import Workspace

TOKEN = "eyJhbGciOiJFUzI1NiJ9.c2VjcmV0LXRva2Vu.c2lnbmF0dXJl"
BASE = "https://peer.example"


@pytest.fixture(scope="module")
def pki() -> Iterator[PeerPki]:
    with peers.pki_folder() as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "workspace"


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def roots(pki: PeerPki) -> str:
    return pki.file("roots.pem", pki.root.certificate.public_bytes(Encoding.PEM))


def check(folder: Path, pki: PeerPki, port: int, *options: object) -> Ran:
    where = (f"https://peer.example:{port}", "--connect", "127.0.0.1", "--trust-list", roots(pki))
    return trustdesk("--workspace", folder, "readiness", *where, "--no-proxy", *options)


def found(document: dict[str, Any], rule: str) -> dict[str, Any]:
    return next(one for one in document["checks"][0]["findings"] if one["rule"] == rule)


def test_a_check_with_a_token_from_a_file_passes_and_names_it_nowhere(
    pki: PeerPki, folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    token = tmp_path / "token.txt"
    token.write_text(f"{TOKEN}\n")
    with (
        caplog.at_level(logging.DEBUG),
        recording_server(pki, well_behaved(BASE)) as (peer, book),
    ):
        ran = check(folder, pki, peer.port, "--token-file", token, "--unknown-object", "--json")
    assert ran.status == 0
    document = ran.document
    assert document["schema"] == "trustdesk.readiness/1"
    assert [one.token for one in book.requests] == [None, f"Bearer {TOKEN}", f"Bearer {TOKEN}"]
    calls = {one["call"]: one for one in document["checks"][0]["calls"]}
    assert calls["authorised"]["outcome"] == "answered HTTP 200"
    assert calls["unknown_object"]["outcome"] == "answered HTTP 404"
    assert not calls["wrong_certificate"]["made"]
    assert found(document, "API-01")["status"] == "pass"
    assert found(document, "API-01")["source"] == "ONE Record API 2.3 server-information"
    assert document["checks"][0]["partner"] is None
    part = TOKEN.split(".")[1]
    assert part not in ran.out + ran.err + caplog.text
    written = [file for file in folder.rglob("*") if file.is_file()]
    assert written
    assert not [file for file in written if part.encode() in file.read_bytes()]


def test_without_a_token_people_read_what_was_not_run_and_why(pki: PeerPki, folder: Path) -> None:
    with recording_server(pki, well_behaved(BASE)) as (peer, _):
        ran = check(folder, pki, peer.port)
    assert ran.status == 0
    assert "Not run: API-01" in ran.out.replace("\n", " ")
    assert "No token was given." in ran.out
    assert "Rules that pass: " in ran.out


def test_server_that_is_not_trusted_fails_and_gets_no_token(
    pki: PeerPki, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTNER_TOKEN", TOKEN)
    where = ("readiness", "https://peer.example:{}", "--connect", "127.0.0.1", "--trust-list")
    with recording_server(pki, well_behaved(BASE)) as (peer, book):
        command = [part.format(peer.port) for part in where]
        others = peers.issue("another root", is_ca=True).certificate.public_bytes(Encoding.PEM)
        ran = trustdesk(
            *("--workspace", folder, *command, pki.file("others.pem", others)),
            *("--token-env", "PARTNER_TOKEN", "--json"),
        )
    assert ran.status == 1
    assert {one.token for one in book.requests} == {None}
    calls = {one["call"]: one for one in ran.document["checks"][0]["calls"]}
    assert "not trusted" in calls["authorised"]["not_made"]


def test_client_certificate_from_files_is_presented(pki: PeerPki, folder: Path) -> None:
    certificate = pki.file("client.pem", pki.client.pem())
    key = pki.file("client.key", pki.client.key_pem())
    with recording_server(pki, well_behaved(BASE), client_auth=ssl.CERT_REQUIRED) as (peer, book):
        ran = check(
            *(folder, pki, peer.port, "--client-cert", certificate, "--client-key", key),
            *("--claims-mtls", "--json"),
        )
    assert found(ran.document, "TLS-06")["status"] == "pass"
    assert found(ran.document, "TLS-07")["status"] == "pass"
    assert {one.certificates for one in book.requests} == {len(pki.client.path)}


def test_partner_by_name_is_checked_at_every_endpoint_and_the_outcome_is_kept(
    pki: PeerPki, folder: Path
) -> None:
    with recording_server(pki, well_behaved(BASE)) as (peer, book):
        workspace = Workspace.open(folder)
        directory = Directory(workspace)
        target = parse_target(f"https://peer.example:{peer.port}", connect="127.0.0.1")
        other = parse_target(f"tls://peer.example:{peer.port}", connect="127.0.0.1")
        ids = [directory.add_endpoint("Nordwind Cargo", one).result().id for one in (target, other)]
        workspace.close()
        named = ("--workspace", folder, "readiness", "nordwind cargo", "--trust-list", roots(pki))
        ran = trustdesk(*named, "--no-proxy", "--json")
        refused = trustdesk(*named, "--no-proxy", "--token-fd", _fd())
    assert [one["partner"] for one in ran.document["checks"]] == ["Nordwind Cargo"] * 2
    assert [one["target"]["protocol"] for one in ran.document["checks"]] == ["https", "tls"]
    assert [one.path for one in book.requests] == ["/"]
    workspace = Workspace.open(folder)
    kept = [ReadinessChecks(workspace).last(one).result() for one in ids]
    workspace.close()
    assert [one.verdict.value for one in kept if one is not None] == [
        one["verdict"] for one in ran.document["checks"]
    ]
    assert refused.status == 2
    assert "several endpoints" in refused.err


def _fd() -> int:
    reading, writing = os.pipe()
    os.write(writing, TOKEN.encode())
    os.close(writing)
    return reading


def test_our_endpoint_and_the_least_version_are_remembered_where_that_is_said(
    pki: PeerPki, folder: Path
) -> None:
    ours = ("--own-endpoint", "https://127.0.0.1:1", "--api-version", "2.2.0")
    with recording_server(pki, well_behaved(BASE)) as (peer, _):
        once = check(folder, pki, peer.port, *ours, "--json")
        after = check(folder, pki, peer.port, "--json")
        check(folder, pki, peer.port, *ours, "--remember", "--json")
        later = check(folder, pki, peer.port, "--json")
        refused = check(folder, pki, peer.port, "--api-version", "newest", "--remember")
    evidence = [found(ran.document, "TLS-11")["evidence"] for ran in (once, after, later)]
    assert ["https://127.0.0.1:1" in one for one in evidence] == [True, False, True]
    assert found(later.document, "API-08")["status"] == "not_run"
    assert refused.status == 2


def test_nobody_listening_ends_with_one_and_says_that_nothing_is_known(folder: Path) -> None:
    with peers.Peer(lambda _: None) as peer:
        port = peer.port
    ran = trustdesk("--workspace", folder, "readiness", f"https://127.0.0.1:{port}", "--no-proxy")
    assert ran.status == 1
    assert "Nothing is known of it" in ran.out


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("--present-anyway",), "presents nothing"),
        (("--token-prompt",), "no terminal"),
        (("--token-env", "NOWHERE_SET"), "not set"),
        (("--token-env", "BAD_TOKEN"), "no bearer token"),
        (("--token-env", "BAD_TOKEN", "--token-fd", "3"), "More than one source"),
    ],
)
def test_what_cannot_be_used_ends_before_anybody_is_asked(
    folder: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], problem: str
) -> None:
    monkeypatch.setenv("BAD_TOKEN", "two words-of-it")
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    ran = trustdesk("--workspace", folder, "readiness", "https://127.0.0.1:1", *options)
    assert ran.status == 2
    assert problem in ran.err
    assert "words-of-it" not in ran.err + ran.out
    assert json.dumps(ran.out) == '""'
