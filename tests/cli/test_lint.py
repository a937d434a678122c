"""`trustdesk lint`: rule sets, roles, document and exit status."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from tests.support import pki
from tests.support.command import Ran, trustdesk
from tests.support.revocation_lists import revocation_list, revoked

ROOT = pki.root("Root")
SUB = pki.authority("Issuing CA", ROOT)
SERVER = pki.server(SUB, common_name="cargo.example")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "root.pem").write_bytes(ROOT.pem)
    (tmp_path / "server.pem").write_bytes(SERVER.pem + SUB.pem)
    (tmp_path / "ca.pem").write_bytes(SUB.pem)
    (tmp_path / "client.pem").write_bytes(pki.client(SUB).pem)
    request = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(pki.name("ACME"))
        .sign(SERVER.key, hashes.SHA256())
    )
    (tmp_path / "request.pem").write_bytes(request.public_bytes(Encoding.PEM))
    return tmp_path


def lint(folder: Path, file: str, *options: object) -> Ran:
    return trustdesk(
        "lint", folder / file, "--trust-list", folder / "root.pem", "--at", pki.NOW.isoformat(), *options
    )


@pytest.mark.parametrize(
    ("file", "role", "prefix"),
    [("server.pem", "server", "SRV-"), ("client.pem", "client", "CLI-"), ("request.pem", "csr", "CSR-")],
)
def test_the_role_is_what_the_file_says_of_itself(folder: Path, file: str, role: str, prefix: str) -> None:
    document = lint(folder, file, "--json").document
    assert list(document) == ["schema", "item", "role", "rules", "at", "findings", "verdict"]
    assert (document["schema"], document["role"]) == ("trustdesk.lint/1", role)
    assert document["rules"] == ["1r-2x", "1r-2020", "webpki", "org"]
    assert any(finding["rule"].startswith(prefix) for finding in document["findings"])
    assert list(document["findings"][0]) == [
        "rule", "status", "severity", "title", "evidence", "remedy", "source",
    ]  # fmt: skip


def test_a_ca_is_linted_as_one_and_a_server_as_a_client_when_asked(folder: Path) -> None:
    assert lint(folder, "ca.pem", "--json").document["role"] == "ca"
    document = lint(folder, "server.pem", "--role", "client", "--json").document
    failed = {finding["rule"] for finding in document["findings"] if finding["status"] == "fail"}
    assert "CLI-01" in failed or any(rule.startswith("CLI-") for rule in failed)


def test_pkilint_stands_beside_the_catalogue(folder: Path) -> None:
    findings = lint(folder, "server.pem", "--json").document["findings"]
    assert any(finding["rule"].startswith("pkilint:") for finding in findings)


def test_the_exit_status_is_the_verdict_of_the_findings(folder: Path) -> None:
    bad = lint(folder, "server.pem", "--role", "client", "--json")
    assert (bad.status, bad.document["verdict"]) == (1, "fail")
    request = lint(folder, "request.pem", "--json")
    assert request.status == (1 if request.document["verdict"] == "fail" else 0)


def test_chosen_rule_sets_are_applied_and_others_left_out(folder: Path) -> None:
    document = lint(folder, "server.pem", "--rules", "1r-2x, org", "--json").document
    assert document["rules"] == ["1r-2x", "org"]
    every = lint(folder, "server.pem", "--json").document
    assert len(document["findings"]) < len(every["findings"])


def test_the_organisations_file_weighs_rules(folder: Path) -> None:
    rules = folder / "rules.toml"
    rules.write_text("[keys]\nrsa_min_bits = 1\n")
    ran = lint(folder, "server.pem", "--org-file", rules)
    assert (ran.status, ran.out) == (2, "")
    assert "rules.toml" in ran.err
    assert "rsa_min_bits" in ran.err


@pytest.mark.parametrize(
    ("file", "options"),
    [
        ("server.pem", ("--rules", "1r-1999")),
        ("server.pem", ("--role", "csr")),
        ("request.pem", ("--role", "server")),
        ("none.pem", ()),
    ],
)
def test_what_cannot_be_linted_is_said_in_one_line(folder: Path, file: str, options: tuple[str, ...]) -> None:
    ran = lint(folder, file, *options)
    assert (ran.status, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1


@pytest.mark.parametrize(("is_listed", "status"), [(False, "pass"), (True, "fail")])
def test_a_list_in_a_file_says_whether_it_is_revoked(folder: Path, *, is_listed: bool, status: str) -> None:
    entries = [revoked(SERVER.certificate.serial_number)] if is_listed else []
    (folder / "sub.crl").write_bytes(revocation_list(SUB, entries))
    (folder / "root.crl").write_bytes(revocation_list(ROOT))
    files = ("--crl", folder / "sub.crl", "--crl", folder / "root.crl")
    document = lint(folder, "server.pem", *files, "--json").document
    found = {finding["rule"]: finding["status"] for finding in document["findings"]}
    assert found["REV-04"] == status
    silent = lint(folder, "server.pem", "--json").document
    assert {one["rule"]: one["status"] for one in silent["findings"]}["REV-04"] == "not_run"


def test_people_read_the_verdict_then_the_worst_first(folder: Path) -> None:
    ran = lint(folder, "server.pem", "--role", "client")
    lines = ran.out.splitlines()
    assert lines[0].startswith("✗ CN=cargo.example as a ONE Record client: rules that fail: ")
    signs = [line[0] for line in lines[1:-1] if line and line[0] in "✗!?✓–"]
    # A remark (severity information) that fails is marked with a dash, and stands below what warns.
    assert signs == sorted(signs, key="✗!–?".index)
    assert lines[-1].startswith("Rules that pass: ")


def test_everything_is_shown_when_asked_for(folder: Path) -> None:
    assert "✓" not in lint(folder, "server.pem").out
    assert "✓" in lint(folder, "server.pem", "--all").out
