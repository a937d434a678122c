"""`diagnose` at the command line: documents, letter, bundle, and what a person reads first."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.support.command import Ran, trustdesk
from tests.support.peers import Peer, PeerPki, Seen, pki_folder, tls_peer
from tests.support.proxies import Heard, connect_proxy
from trustdesk.lab.process import LabDescription, LabServer

KEYS = ["schema", "target", "identity", "probes", "hypotheses", "verdict"]
PROBE_KEYS = {"id", "variant", "outcome", "alert", "http_status"}
HYPOTHESIS_KEYS = {"cause", "confidence", "responsible", "statement", "evidence", "remedy", "log_hint"}


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv(variable.upper(), raising=False)


@pytest.fixture(scope="module")
def pki() -> Iterator[PeerPki]:
    with pki_folder() as made:
        yield made


def diagnose(lab: LabDescription, server: LabServer, *further: object) -> Ran:
    client = [
        option
        for identity in lab.identities
        if identity.name == server.identity
        for option in ("--client-cert", identity.certificate_file, "--client-key", identity.key_file)
    ]
    return trustdesk(
        "diagnose", f"{server.protocol}://{server.host}:{server.port}", "--server-name", server.server_name,
        "--verify-name", server.verify_name, "--trust-list", lab.trust_list, "--timeout", "6",
        *client, *further,
    )  # fmt: skip


def test_every_lab_server_is_diagnosed_as_its_line_says(lab: LabDescription) -> None:
    wrong = []
    for server in lab.servers:
        ran = diagnose(lab, server, "--json")
        document = ran.document
        assert list(document)[: len(KEYS)] == KEYS
        assert document["schema"] == "trustdesk.diagnosis/1"
        assert all(set(probe) == PROBE_KEYS for probe in document["probes"])
        assert all(set(one) >= HYPOTHESIS_KEYS for one in document["hypotheses"])
        confidences = [one["confidence"] for one in document["hypotheses"]]
        assert confidences == sorted(confidences, reverse=True)
        assert sum(confidences) <= 1.0
        first = document["hypotheses"][0]["cause"]
        if first != server.expected_cause or (ran.status == 0) is not (first == "none"):
            wrong.append((server.name, first, server.expected_cause, ran.status))
        if server.expected_cause == "none":
            assert len(document["hypotheses"]) == 1
    assert wrong == []


def refusing(lab: LabDescription) -> LabServer:
    return next(
        server
        for server in lab.servers
        if server.expected_cause.startswith("client_") and server.identity is not None
    )


def test_person_reads_first_what_is_wrong_and_who_acts_then_what_to_do(lab: LabDescription) -> None:
    ran = diagnose(lab, refusing(lab), "--show-commands")
    first, second = ran.out.splitlines()[:2]
    assert first.startswith("✗ ")
    assert first.endswith("to act.")
    assert second.startswith("  ")
    assert "█" in ran.out
    assert "P1" in ran.out
    assert "openssl s_client" in ran.out
    assert "client.pem" in ran.out
    assert str(Path(lab.trust_list).parent) not in ran.out


def test_letter_and_bundle_are_written_and_hold_no_secret(lab: LabDescription, tmp_path: Path) -> None:
    text, markdown, bundle = tmp_path / "letter.txt", tmp_path / "letter.MD", tmp_path / "case.zip"
    server = refusing(lab)
    ran = diagnose(lab, server, "--letter", text, "--bundle", bundle, "--json")
    assert ran.document["verdict"] == "fail"
    assert text.read_text(encoding="utf-8").startswith("Subject: TLS test of ")
    text.write_text("old", encoding="utf-8")
    diagnose(lab, server, "--letter", markdown)
    assert markdown.read_text(encoding="utf-8").startswith("# TLS test of ")
    with zipfile.ZipFile(bundle) as archive:
        names = archive.namelist()
        everything = b"".join(archive.read(name) for name in names)
    assert {"diagnosis.json", "letter.txt", "commands.txt", "probes/P1.json"} <= set(names)
    assert b"PRIVATE KEY" not in everything


@pytest.mark.parametrize(("option", "name"), [("--letter", "letter.doc"), ("--bundle", "case.tar")])
def test_other_ending_is_said_before_anything_is_tested(tmp_path: Path, option: str, name: str) -> None:
    ran = trustdesk("diagnose", "host.invalid", option, tmp_path / name)
    assert ran.status == 2
    assert name in ran.err
    assert ran.out == ""


@contextlib.contextmanager
def behind_a_proxy(pki: PeerPki, heard: Heard) -> Iterator[Peer]:
    with tls_peer(pki, Seen()) as server, Peer(connect_proxy(server.port, heard)) as proxy:
        yield proxy


@pytest.mark.parametrize("command", ["probe", "diagnose"])
def test_commands_go_through_the_named_proxy(pki: PeerPki, command: str) -> None:
    heard = Heard()
    root = pki.file("root.pem", pki.root.certificate.public_bytes(Encoding.PEM))
    with behind_a_proxy(pki, heard) as proxy:
        named = f"http://127.0.0.1:{proxy.port}"
        ran = trustdesk(command, "https://peer.example", "--proxy", named, "--trust-list", root, "--json")
    assert ran.status == 0, ran.out
    assert set(heard.authorities) == {"peer.example:443"}
    if command == "diagnose":
        # The old versions go through it too.
        assert len(heard.authorities) == 4
        assert ran.document["hypotheses"][0]["cause"] == "none"


@pytest.mark.parametrize("command", ["probe", "diagnose"])
def test_commands_go_through_the_environments_proxy_unless_told_not_to(
    pki: PeerPki, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    heard = Heard()
    with behind_a_proxy(pki, heard) as proxy:
        monkeypatch.setenv("https_proxy", f"http://ann:s3cret@127.0.0.1:{proxy.port}")
        through = trustdesk(command, "https://peer.example", "--json")
        assert heard.authorities
        heard.authorities.clear()
        direct = trustdesk(command, "https://127.0.0.1:1", "--no-proxy", "--json")
    assert "s3cret" not in through.out + through.err
    assert heard.authorities == []
    assert direct.status == 1


def test_one_version_and_classic_groups_can_be_asked_for(pki: PeerPki) -> None:
    root = pki.file("root.pem", pki.root.certificate.public_bytes(Encoding.PEM))
    with tls_peer(pki, Seen()) as peer:
        options = ("--verify-name", "peer.example", "--trust-list", root, "--groups", "classic", "--json")
        ran = trustdesk("probe", f"https://127.0.0.1:{peer.port}", *options)
        refused = trustdesk("probe", f"https://127.0.0.1:{peer.port}", *options, "--tls", "1.2")
    assert ran.document["negotiated"]["group"] == "secp256r1"
    assert refused.document["outcome"] == "rejected_by_peer"
