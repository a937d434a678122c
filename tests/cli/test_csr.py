"""`trustdesk csr` as a person and a script use it, on a workspace with a vault; once with a real keyring."""

from __future__ import annotations

import hashlib
import stat
import subprocess
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.support import pki, profiles
from tests.support.command import Ran, trustdesk
from tests.support.csr import answered
from tests.support.pki import Issued
from tests.support.secret_service import SecretServiceDaemon
from trustdesk.services.chain_export import certificates_only

MAIN = "https://1r.halden.example/HAC"
PASSPHRASE = "seven words that nobody else would ever choose"
CLIENT = ("csr", "new", "--purpose", "client", "--id", MAIN)


@pytest.fixture
def csr(tmp_path: Path) -> Callable[..., Ran]:
    """Run a command on requests in a workspace of the test's own, with the vault's passphrase in a file."""
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    workspace = tmp_path / "workspace"

    def run(command: str, *arguments: object) -> Ran:
        options: list[object] = ["--workspace", workspace]
        if command in {"new", "drop"}:
            options += ["--password-file", secret]
        if command == "new" and "--on-server" not in arguments:
            options += ["--store", "vault"]
        return trustdesk("csr", command, *arguments, *options)

    return run


def issue(
    request: Path, answer: Path, *, days: int = 200, since: int = 1, san: bool = True, swapped: bool = False
) -> Issued:
    """Issue a certificate for a request, as a CA does, and write it with its chain.

    `since` counts days before today; without `san` and with `swapped` the CA does not do as it was asked.
    """
    csr = x509.load_pem_x509_csr(request.read_bytes())
    issuer = profiles.issuing_ca()
    not_before = datetime.now(UTC).replace(microsecond=0) - timedelta(days=since)
    extensions = [(one.value, one.critical) for one in csr.extensions]
    if not san:
        extensions = [one for one in extensions if not isinstance(one[0], x509.SubjectAlternativeName)]
    if swapped:
        other = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        extensions = [
            (other if isinstance(value, x509.ExtendedKeyUsage) else value, critical)
            for value, critical in extensions
        ]
    not_after = not_before + timedelta(days=days)
    certificate = answered(csr, issuer, not_before, not_after, extensions=extensions)
    answer.write_bytes(certificate.pem + issuer.pem)
    return certificate


def test_client_request_from_new_to_tested(csr: Callable[..., Ran], tmp_path: Path) -> None:
    file, reply = tmp_path / "halden.csr", tmp_path / "reply.pem"
    made = csr("new", "--purpose", "client", "--name", "halden", "--id", MAIN, "--output", file, "--json")
    assert (made.status, made.err) == (0, "")
    (request,) = made.document["requests"]
    assert made.document["schema"] == "trustdesk.csr/1"
    assert (request["case"]["name"], request["case"]["state"]) == ("halden", "requested")
    assert request["case"]["key"]["reference"].startswith("vault:")
    assert request["request"]["subject"] == "CN=HAC"
    assert request["file"] == str(file)
    rules = {one["rule"]: one["status"] for one in request["findings"]}
    assert (rules["CSR-1"], rules["CSR-8"]) == ("pass", "pass")
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    verified = subprocess.run(
        ["openssl", "req", "-in", file, "-verify", "-noout"], capture_output=True, text=True, check=True
    )
    assert "verify OK" in verified.stdout + verified.stderr

    issue(file, reply)
    seen = csr("match", reply, "--json")
    assert seen.status == 0
    (answer,) = seen.document["replies"]
    assert (answer["applied"], answer["differences"], answer["problem"]) == (False, [], None)
    assert csr("list", "--json").document["cases"][0]["state"] == "requested"
    taken = csr("match", reply, "--apply", "--json")
    assert taken.document["replies"][0]["applied"] is True
    assert taken.document["replies"][0]["case"]["identity"] == "halden"
    assert csr("match", reply, "--apply").status == 1
    untried = csr("state", "halden", "tested")
    assert (untried.status, untried.out) == (2, "")
    assert "handshake" in untried.err
    (case,) = csr("list", "--json").document["cases"]
    assert (case["state"], case["identity"]) == ("installed", "halden")
    noted = csr("state", "halden", "installed", "--json")
    assert [one["state"] for one in noted.document["cases"]] == ["installed"]
    dropped = csr("drop", "halden")
    assert (dropped.status, dropped.out) == (0, "halden was dropped.\n")
    assert csr("list", "--json").document == {"schema": "trustdesk.csr-list/1", "cases": []}


@pytest.mark.parametrize("form", ["p7b", "der", "pem in several files", "zip"])
def test_reply_is_read_in_the_forms_that_cas_send(csr: Callable[..., Ran], tmp_path: Path, form: str) -> None:
    file, issuer = tmp_path / "halden.csr", profiles.issuing_ca()
    csr("new", "--purpose", "client", "--name", "halden", "--id", MAIN, "--output", file)
    certificate = issue(file, tmp_path / "reply.pem")
    replies, length = [tmp_path / "reply"], 2
    match form:
        case "p7b":
            replies[0].write_bytes(certificates_only((issuer.facts, certificate.facts)))
        case "der":
            replies[0].write_bytes(certificate.der)
            length = 1
        case "zip":
            with zipfile.ZipFile(replies[0], "w") as archive:
                archive.writestr("chain/issuing.crt", issuer.der)
                archive.writestr("halden.crt", certificate.der)
        case _:
            replies.append(tmp_path / "chain")
            replies[0].write_bytes(issuer.pem)
            replies[1].write_bytes(certificate.pem)
    taken = csr("match", *replies, "--apply", "--json")
    assert taken.status == 0
    (answer,) = taken.document["replies"]
    assert answer["certificate"]["sha256"] == certificate.sha256
    assert len(answer["path"]) == length
    assert answer["applied"] is True


def test_both_is_two_requests_and_says_why(csr: Callable[..., Ran], tmp_path: Path) -> None:
    made = csr(
        "new", "--purpose", "both", "--name", "halden", "--id", MAIN, "--output", tmp_path / "halden.csr"
    )
    assert made.status == 0
    assert "two requests" in made.err
    client = (tmp_path / "halden-client.csr").read_bytes()
    server = (tmp_path / "halden-server.csr").read_bytes()
    keys = {x509.load_pem_x509_csr(one).public_key().public_numbers() for one in (client, server)}  # type: ignore[union-attr]
    assert len(keys) == 2
    names = [case["name"] for case in csr("list", "--json").document["cases"]]
    assert sorted(names) == ["halden-client", "halden-server"]


def test_request_of_a_server_is_taken_in_matched_and_noted(csr: Callable[..., Ran], tmp_path: Path) -> None:
    lines = csr(
        *("new", "--purpose", "server", "--name", "halden-server", "--id", MAIN, "--on-server", "--json")
    )
    assert lines.document["schema"] == "trustdesk.csr-commands/1"
    openssl = lines.document["commands"][0]
    for name, text in openssl["files"].items():
        tmp_path.joinpath(name).write_text(text)
    for line in openssl["lines"]:
        subprocess.run(["sh", "-c", line], cwd=tmp_path, check=True, capture_output=True)
    file, reply = tmp_path / "halden-server.csr", tmp_path / "reply.pem"
    checked = csr("check", file, "--json")
    assert (checked.status, checked.document["requests"][0]["purpose"]) == (0, "server")
    assert csr("add", file, "--name", "halden-server", "--partner", "Cargo").status == 0
    assert csr("add", file, "--name", "again").status == 2
    issue(file, reply, days=90)
    taken = csr("match", reply, "--apply")
    assert taken.status == 0
    assert "install the certificate" in " ".join(taken.out.split())
    (case,) = csr("list", "--json").document["cases"]
    assert (case["state"], case["identity"], case["key"], case["partner"]) == ("issued", None, None, "Cargo")
    assert csr("state", "halden-server", "installed").status == 0
    assert csr("drop", "halden-server").status == 0


def test_harmful_difference_is_not_applied_unless_told_to(csr: Callable[..., Ran], tmp_path: Path) -> None:
    file, reply = tmp_path / "halden.csr", tmp_path / "reply.pem"
    csr("new", "--purpose", "client", "--name", "halden", "--id", MAIN, "--output", file)
    issue(file, reply, swapped=True)
    looked = csr("match", reply, "--apply", "--json")
    assert (looked.status, looked.document["verdict"]) == (1, "fail")
    assert looked.document["replies"][0]["applied"] is False
    assert csr("list", "--json").document["cases"][0]["state"] == "requested"
    told = csr("match", reply, "--apply")
    assert "Not taken" in told.out
    anyway = csr("match", reply, "--apply-anyway", "--json")
    assert (anyway.status, anyway.document["replies"][0]["applied"]) == (1, True)


def test_reply_to_nothing_and_expired_reply_fail(csr: Callable[..., Ran], tmp_path: Path) -> None:
    stranger, file, reply = tmp_path / "stranger.pem", tmp_path / "halden.csr", tmp_path / "reply.pem"
    stranger.write_bytes(pki.client(pki.root()).pem)
    assert csr("match", stranger, "--apply").status == 1
    csr("new", "--purpose", "client", "--name", "halden", "--id", MAIN, "--output", file)
    issue(file, reply, days=100, since=101)
    expired = csr("match", reply, "--apply")
    assert expired.status == 1
    assert "expired" in expired.out
    assert csr("list", "--json").document["cases"][0]["state"] == "requested"


def test_certificate_is_compared_with_a_request_file_without_a_workspace(tmp_path: Path) -> None:
    request, reply = tmp_path / "a.csr", tmp_path / "a.pem"
    request.write_bytes(x509.load_der_x509_csr(profiles.request()).public_bytes(Encoding.PEM))
    issue(request, reply, san=False)
    workspace = tmp_path / "none"
    compared = trustdesk("csr", "match", reply, "--request", request, "--json", "--workspace", workspace)
    assert compared.status == 1
    (answer,) = compared.document["replies"]
    assert [one["harmful"] for one in answer["differences"]] == [True]
    assert not workspace.exists()
    assert trustdesk("csr", "match", reply, "--request", request, "--apply").status == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("--purpose", "client", "--id", f"{MAIN}/osl"),
        ("--purpose", "client"),
        ("--purpose", "client", "--id", MAIN, "--dns", "a.example"),
        ("--purpose", "server", "--id", MAIN, "--subject", "CN=a"),
        ("--purpose", "free", "--subject", "CN=a", "--id", MAIN),
        ("--purpose", "both", "--id", MAIN, "--renews", "x"),
        ("--purpose", "client", "--id", MAIN, "--renews", "nobody"),
        ("--purpose", "free", "--subject", "nonsense"),
        ("--purpose", "client", "--id", MAIN, "--output", "missing/folder/a.csr"),
    ],
)
def test_what_cannot_be_made_is_one_line_and_nothing_is_kept(
    csr: Callable[..., Ran], arguments: tuple[str, ...]
) -> None:
    ran = csr("new", "--name", "halden", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.count("\n") == 1 or ("--purpose" in arguments[0] and "both" in arguments)
    assert csr("list", "--json").document["cases"] == []


def test_two_segments_are_answered_with_what_to_write(csr: Callable[..., Ran]) -> None:
    ran = csr("new", "--purpose", "client", "--name", "halden", "--id", f"{MAIN}/osl")
    assert "A 1R-ID has exactly one path segment." in ran.err
    assert "https://1r.halden.example/HAC-OSL" in ran.err


def test_nothing_is_written_over(csr: Callable[..., Ran], tmp_path: Path) -> None:
    file = tmp_path / "precious.key"
    file.write_text("precious")
    assert csr("new", "--purpose", "client", "--name", "halden", "--id", MAIN, "--output", file).status == 2
    assert file.read_text() == "precious"
    assert csr("list", "--json").document["cases"] == []


def test_wrong_passphrase_makes_nothing(csr: Callable[..., Ran], tmp_path: Path) -> None:
    assert csr("new", "--purpose", "client", "--name", "halden", "--id", MAIN).status == 0
    (tmp_path / "passphrase").write_text("another")
    assert csr("new", "--purpose", "client", "--name", "other", "--id", MAIN).status == 2
    assert csr("drop", "halden", "--yes").status == 2
    assert [case["name"] for case in csr("list", "--json").document["cases"]] == ["halden"]


def test_show_and_check_find_a_case_or_a_file(csr: Callable[..., Ran], tmp_path: Path) -> None:
    csr("new", "--purpose", "client", "--name", "halden", "--id", MAIN, "--partner", "Cargo")
    file = tmp_path / "again.csr"
    shown = csr("show", "HALDEN", "--output", file, "--json")
    assert shown.document["requests"][0]["case"]["partner"] == "Cargo"
    assert "verdict" not in shown.document
    of_file = csr("show", file, "--json").document["requests"][0]
    assert of_file["case"]["name"] == "halden"
    assert "CN=HAC" in csr("show", "halden").out
    assert "BEGIN CERTIFICATE REQUEST" in csr("show", "halden").out
    assert csr("check", "halden").status == 0
    assert csr("show", "nobody").status == 2


def test_check_fails_on_a_wrong_signature(csr: Callable[..., Ran], tmp_path: Path) -> None:
    file = tmp_path / "wrong.csr"
    der = bytearray(profiles.request())
    der[-1] ^= 1
    file.write_bytes(bytes(der))
    ran = csr("check", file, "--json")
    assert (ran.status, ran.document["verdict"]) == (1, "fail")
    assert csr("add", file, "--name", "wrong").status == 2
    assert not (tmp_path / "workspace").exists() or csr("list", "--json").document["cases"] == []


def test_keyring_keeps_the_key_and_drop_takes_it_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = ("--workspace", tmp_path / "workspace")
    with SecretServiceDaemon(tmp_path / "home") as daemon:
        for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
            monkeypatch.setenv(name, daemon.environ[name])
        made = trustdesk(*CLIENT, "--name", "halden", "--json", *workspace)
        assert made.status == 0, made.err
        assert made.document["requests"][0]["case"]["key"]["store"] == "Secret Service"
        assert trustdesk("csr", "drop", "halden", "--yes", *workspace).status == 0
        assert trustdesk("csr", "list", "--json", *workspace).document["cases"] == []
    gone = trustdesk(*CLIENT, "--name", "halden", "--json", *workspace)
    assert (gone.status, gone.out) == (3, "")
    assert trustdesk("csr", "list", "--json", *workspace).document["cases"] == []


def test_no_key_is_in_any_file_or_output(csr: Callable[..., Ran], tmp_path: Path) -> None:
    ran = csr("new", "--purpose", "client", "--name", "halden", "--id", MAIN)
    assert "PRIVATE" not in ran.out + ran.err
    for file in (tmp_path / "workspace").rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            assert b"TD1|" not in data, hashlib.sha256(data).hexdigest()
            assert b"PRIVATE KEY" not in data
