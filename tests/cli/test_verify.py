"""`trustdesk verify`: options, document, exit status and what people read."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from tests.support import pki
from tests.support.command import Ran, trustdesk
from tests.support.revocation import crl

ROOT = pki.root("Root")
SUB = pki.authority("Issuing CA", ROOT)
SERVER = pki.server(SUB, common_name="cargo.example")
CLIENT = pki.client(SUB)
CRL = crl(ROOT, SUB)
REQUEST = (
    x509.CertificateSigningRequestBuilder()
    .subject_name(pki.name("ACME"))
    .sign(SERVER.key, hashes.SHA256())
    .public_bytes(Encoding.PEM)
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "root.pem").write_bytes(ROOT.pem)
    (tmp_path / "sub.pem").write_bytes(SUB.pem)
    (tmp_path / "server.pem").write_bytes(SERVER.pem)
    (tmp_path / "chain.pem").write_bytes(SERVER.pem + SUB.pem)
    (tmp_path / "client.p12").write_bytes(CLIENT.pkcs12("secret", SUB))
    (tmp_path / "password").write_text("secret\n")
    return tmp_path


def verify(folder: Path, file: str, *options: object) -> Ran:
    return trustdesk(
        "verify", folder / file, "--trust-list", folder / "root.pem", "--at", pki.NOW.isoformat(), *options
    )


def test_the_document_is_the_contracts(folder: Path) -> None:
    ran = verify(folder, "chain.pem", "--hostname", "Cargo.Example", "--json")
    document = ran.document
    assert (ran.status, ran.err) == (0, "")
    assert list(document) == [
        "schema", "certificate", "purpose", "reference_identifier", "at", "trusted", "paths", "dead_ends",
        "verdicts", "verdict",
    ]  # fmt: skip
    assert document["schema"] == "trustdesk.verification/1"
    assert document["certificate"]["sha256"] == SERVER.sha256
    assert (document["purpose"], document["reference_identifier"]) == ("server", "cargo.example")
    assert (document["at"], document["trusted"], document["verdict"]) == (
        "2026-11-20T12:00:00Z",
        True,
        "pass",
    )
    (path,) = document["paths"]
    assert list(path) == ["certificates", "anchor_list", "accepted", "checks", "revocation", "fail_modes"]
    assert path["certificates"] == [SERVER.sha256, SUB.sha256, ROOT.sha256]
    assert (path["anchor_list"], path["accepted"]) == ("root.pem", True)
    assert document["dead_ends"] == []
    assert document["verdicts"]["own"]["accepted"] is True
    assert document["verdicts"]["cryptography"]["accepted"] is True


def test_every_rule_is_there_for_every_certificate_from_the_end_entity_up(folder: Path) -> None:
    (path,) = verify(folder, "chain.pem", "--json").document["paths"]
    order = list(dict.fromkeys(check["certificate"] for check in path["checks"]))
    assert order == path["certificates"]
    rules = {
        digest: [check["rule"] for check in path["checks"] if check["certificate"] == digest]
        for digest in order
    }
    assert len({tuple(sorted(names)) for names in rules.values()}) == 1
    assert {check["status"] for check in path["checks"]} <= {"pass", "fail", "not_applicable", "not_run"}
    assert all(check["evidence"] and check["source"] for check in path["checks"])
    assert [row["certificate"] for row in path["revocation"]] == path["certificates"][:-1]
    assert {row["status"] for row in path["revocation"]} == {"unknown"}


def test_intermediates_come_from_a_file_of_their_own(folder: Path) -> None:
    assert verify(folder, "server.pem").status == 1
    assert verify(folder, "server.pem", "--intermediates", folder / "sub.pem").status == 0


def test_the_end_entity_is_of_the_file_and_not_of_the_intermediates(folder: Path) -> None:
    ran = verify(folder, "sub.pem", "--intermediates", folder / "chain.pem", "--json")
    assert ran.document["certificate"]["sha256"] == SUB.sha256


def test_a_name_that_does_not_match_is_not_trusted(folder: Path) -> None:
    ran = verify(folder, "chain.pem", "--hostname", "other.example", "--json")
    assert (ran.status, ran.document["trusted"]) == (1, False)
    assert "Rule leaf.peer_name (RFC 9525 6.3) on cargo.example." in ran.document["verdicts"]["own"]["reason"]


def test_a_client_is_judged_as_one(folder: Path) -> None:
    options = ("--password-file", folder / "password")
    assert verify(folder, "client.p12", "--purpose", "client", *options).status == 0
    assert verify(folder, "client.p12", *options).status == 1
    named = verify(folder, "client.p12", "--purpose", "client", "--hostname", "cargo.example", *options)
    assert named.status == 0
    assert "not compared" in named.err


def test_time_is_an_input(folder: Path) -> None:
    later = (pki.NOW + timedelta(days=400)).isoformat()
    ran = trustdesk(
        "verify", folder / "chain.pem", "--trust-list", folder / "root.pem", "--at", later, "--json"
    )
    assert ran.status == 1
    assert "expired on 2027-08-12" in ran.document["verdicts"]["own"]["reason"]


def test_people_read_the_verdict_first_then_paths_dead_ends_and_both_opinions(folder: Path) -> None:
    lines = verify(folder, "chain.pem").out.splitlines()
    assert lines[0] == (
        "✓ Trusted as a ONE Record server:"
        " cargo.example → Issuing CA → Root is a valid path to the list root.pem."
    )
    assert lines[1].startswith(
        "✗ Not trusted as a ONE Record client: The extended key usage of cargo.example"
    )
    assert lines[2].strip().startswith("Judged by the list: ")
    assert "root.pem" in lines[2]
    assert lines[3].strip().startswith("Judged for no name: --hostname")
    assert "✓ Path 1 to the list root.pem: valid" in lines
    tree = [line for line in lines if "CN=" in line]
    assert [line.index("CN=") for line in tree] == sorted(line.index("CN=") for line in tree)
    assert any(line.startswith("✓ cryptography's verifier: accepted.") for line in lines)
    assert "Revocation" in lines
    assert any(line.startswith("  ? cargo.example: unknown") for line in lines)
    assert lines[-2].startswith("  ✓ Soft fail: Nothing says that a certificate was revoked")
    assert lines[-1].startswith("  ✗ Hard fail: cargo.example is unknown.")


def test_people_see_the_rule_that_fails_and_the_dead_end(folder: Path) -> None:
    out = verify(folder, "server.pem").out
    assert out.startswith("✗ Not trusted as a ONE Record server: cargo.example was issued by CN=Issuing CA,")
    assert "✗ chain.anchor (RFC 5280 6.1.1 (d))" in out
    assert "Dead ends" in out
    assert "cryptography's verifier: not accepted." in out


def test_several_end_entities_in_a_file_are_told_apart_aloud(folder: Path) -> None:
    (folder / "two.pem").write_bytes(SERVER.pem + CLIENT.pem + SUB.pem)
    ran = verify(folder, "two.pem", "--json")
    assert ran.document["certificate"]["sha256"] == SERVER.sha256
    assert "1 more certificate that could be meant; cargo.example is judged." in ran.err


@pytest.mark.parametrize(
    "options",
    [
        ("--purpose", "email"),
        ("--hostname", "a b"),
        ("--at", "yesterday"),
        ("--intermediates", "none.pem"),
        ("--trust-list", "none.pem"),
    ],
)
def test_unusable_options_are_said_in_one_line(folder: Path, options: tuple[str, str]) -> None:
    ran = verify(folder, "chain.pem", *options, "--json")
    assert (ran.status, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "problem", "remedy"),
    [
        (SERVER.key_pem(), "It holds a private key, and no certificate.", "its certificate"),
        (REQUEST, "It holds a request, and no certificate yet.", "trustdesk lint FILE --role csr"),
        (CRL, "It holds a revocation list, and no certificate.", "trustdesk crl show FILE"),
        (b"Dear partner", "It holds nothing that is known here", "Ask whoever sent it"),
        (SERVER.der[:200], "cut short or damaged", "Ask whoever sent it"),
        (b"", "The file is empty.", "Ask whoever sent it"),
    ],
)
def test_a_file_without_a_certificate_is_unusable_and_says_what_to_do(
    folder: Path, content: bytes, problem: str, remedy: str
) -> None:
    (folder / "other.pem").write_bytes(content)
    ran = verify(folder, "other.pem")
    assert (ran.status, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1
    assert problem in ran.err
    assert remedy in ran.err


def test_the_working_folder_is_a_folder_like_others(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    ran = trustdesk("verify", ".", "--trust-list", "root.pem", "--at", pki.NOW.isoformat(), "--json")
    assert "certificate" in ran.document


def test_a_name_that_is_no_host_is_answered_without_talk_of_targets(folder: Path) -> None:
    ran = verify(folder, "chain.pem", "--hostname", "a b")
    assert ran.status == 2
    assert "a b: It is no host name. Give a name such as 1r.partner.example, or an IP address." in ran.err


def test_a_revoked_issuer_that_the_second_engine_cannot_see_is_explained(folder: Path) -> None:
    (folder / "root.crl").write_bytes(CRL)
    ran = verify(folder, "chain.pem", "--crl", folder / "root.crl")
    assert ran.status == 1
    assert "Issuing CA was revoked on" in ran.out.splitlines()[0]
    assert "Only revocation is against the path" in ran.out
