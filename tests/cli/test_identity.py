"""`trustdesk identity …` on a real keyring: in, listed, used in a handshake, out again, gone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from tests.support import pki
from tests.support.command import Ran, trustdesk
from tests.support.key_files import KEY_PASSWORD, java_store
from tests.support.key_files import PASSWORD as STORE_PASSWORD
from tests.support.partners import add_partner
from tests.support.secret_service import SecretServiceDaemon
from trustdesk.core.target import Target
from trustdesk.lab.process import LabDescription, LabIdentity, LabServer

PASSWORD = "of the file"


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretServiceDaemon]:
    """A keyring of its own, unlocked."""
    with SecretServiceDaemon(tmp_path / "home") as running:
        for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
            monkeypatch.setenv(name, running.environ[name])
        yield running


@pytest.fixture
def workspace(tmp_path: Path) -> tuple[str, Path]:
    return "--workspace", tmp_path / "workspace"


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    return file


def client(lab: LabDescription) -> LabIdentity:
    return next(one for one in lab.identities if one.name == "client-good")


def mutual(lab: LabDescription) -> LabServer:
    """A healthy server that asks for our certificate."""
    return next(one for one in lab.servers if one.identity == "client-good" and one.fault is None)


def address(target: Target) -> list[str]:
    return [
        f"https://{target.host}:{target.port}",
        "--connect", f"{target.connect_address}:{target.connect_port}",
    ] if target.connect_address else [f"https://{target.host}:{target.port}"]  # fmt: skip


@pytest.fixture
def archive(lab: LabDescription, tmp_path: Path) -> Path:
    """What a CA sends: a PKCS#12 file, made by OpenSSL."""
    identity, file = client(lab), tmp_path / "client.p12"
    subprocess.run(
        [
            "openssl", "pkcs12", "-export", "-inkey", identity.key_file, "-in", identity.certificate_file,
            "-name", "client", "-out", str(file), "-passout", f"pass:{PASSWORD}",
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    return file


def imported(archive: Path, password_file: Path, workspace: tuple[str, Path], *more: object) -> Ran:
    return trustdesk(
        "identity", "import", archive, "--name", "acme", "--password-file", password_file, *more, *workspace
    )


@pytest.fixture
def acme(
    daemon: SecretServiceDaemon, archive: Path, password_file: Path, workspace: tuple[str, Path]
) -> tuple[str, Path]:
    """The workspace, with the identity of the archive: acme, its key in the keyring."""
    ran = imported(archive, password_file, workspace)
    assert ran.status == 0, ran.err
    return workspace


def listed(workspace: tuple[str, Path], *more: object) -> list[str]:
    ran = trustdesk("identity", "list", "--json", *more, *workspace)
    assert ran.status == 0, ran.err
    return [one["name"] for one in ran.document["identities"]]


def test_file_of_openssl_is_imported_used_exported_and_deleted(
    daemon: SecretServiceDaemon,
    lab: LabDescription,
    archive: Path,
    password_file: Path,
    workspace: tuple[str, Path],
    tmp_path: Path,
) -> None:
    made = imported(archive, password_file, workspace, "--json")
    assert made.status == 0, made.err
    (kept,) = made.document["imported"]
    assert (kept["name"], kept["key"]["store_title"]) == ("acme", "Secret Service")

    lists = ("--trust-list", lab.trust_list)
    document = trustdesk("identity", "list", "--json", *lists, *workspace).document
    (shown,) = document["identities"]
    assert document["schema"] == "trustdesk.identities/1"
    assert shown["usable_as"]["client"]["usable"] == "yes", shown["usable_as"]
    assert {one["store"]: one["state"] for one in document["key_stores"]} == {
        "keyring": "ready",
        "vault": "absent",
    }
    assert trustdesk("identity", "check", "acme", "--with-key", *lists, *workspace).status == 0

    probe = trustdesk(
        "probe", *address(mutual(lab).target), "--identity", "acme", "--json", *lists, *workspace
    )
    assert probe.status == 0, probe.err + probe.out
    assert probe.document["identity"] == {"name": "acme", "sha256": kept["certificate"]["sha256"]}
    assert (probe.document["client_auth"]["sent"], probe.document["client_auth"]["verdict"]) == (
        True,
        "accepted",
    )

    out = tmp_path / "out.p12"
    written = trustdesk(
        "identity", "export", "acme", "--output", out, "--print-passphrase", "--json", *workspace
    )
    assert written.status == 0, written.err
    assert out.stat().st_mode & 0o777 == 0o600
    opened = subprocess.run(
        ["openssl", "pkcs12", "-in", str(out), "-nodes", "-passin", "env:OUT"],
        env={**os.environ, "OUT": written.document["passphrase"]},
        capture_output=True,
        check=True,
    )
    own = load_pem_private_key(Path(client(lab).key_file).read_bytes(), None).public_key()
    begin = opened.stdout.index(b"-----BEGIN PRIVATE KEY-----")
    found = load_pem_private_key(opened.stdout[begin:], None).public_key()
    spki = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert found.public_bytes(*spki) == own.public_bytes(*spki)

    gone = trustdesk("identity", "delete", "acme", "--yes", *workspace)
    assert gone.status == 0, gone.err
    assert "KeePassXC" in gone.out, "what deletion means there"
    assert "revoked" in gone.out
    assert listed(workspace) == []


def test_locked_keyring_is_status_3_and_everything_public_still_works(
    daemon: SecretServiceDaemon,
    lab: LabDescription,
    archive: Path,
    password_file: Path,
    acme: tuple[str, Path],
    tmp_path: Path,
) -> None:
    daemon.lock()
    assert listed(acme) == ["acme"]
    probe = trustdesk("probe", *address(mutual(lab).target), "--identity", "acme", "--json", *acme)
    assert (probe.status, probe.out) == (3, "")
    assert "locked" in probe.err
    out = tmp_path / "out.p12"
    export = trustdesk("identity", "export", "acme", "--output", out, "--print-passphrase", *acme)
    assert export.status == 3
    assert not out.exists()
    assert trustdesk("identity", "delete", "acme", "--yes", *acme).status == 3
    assert trustdesk("identity", "check", "acme", "--with-key", *acme).status == 3
    other = trustdesk(
        "identity", "import", archive, "--number", 1, "--name", "other", "--password-file", password_file,
        *acme,
    )  # fmt: skip
    assert other.status == 3
    assert listed(acme) == ["acme"]
    forgotten = trustdesk("identity", "delete", "acme", "--yes", "--even-if-away", *acme)
    assert forgotten.status == 0, forgotten.err
    assert "did not delete it yet" in forgotten.out
    assert listed(acme) == []


def test_chain_needs_no_key(daemon: SecretServiceDaemon, acme: tuple[str, Path], tmp_path: Path) -> None:
    daemon.lock()
    out = tmp_path / "chain.pem"
    chain = trustdesk("identity", "export", "acme", "--form", "chain", "--output", out, *acme)
    assert chain.status == 0, chain.err


def test_check_says_what_speaks_against_it_and_show_the_rest(
    acme: tuple[str, Path], lab: LabDescription
) -> None:
    lists = ("--trust-list", lab.trust_list)
    check = trustdesk("identity", "check", "acme", *lists, *acme)
    document = trustdesk("identity", "check", "acme", "--json", *lists, *acme).document
    by_status = {
        status: [one["rule"] for one in document["findings"] if one["status"] == status]
        for status in ("pass", "fail", "warn", "not_run", "not_applicable")
    }
    assert check.status == 0, check.out
    assert "Client: yes" in check.out.splitlines()[0]
    assert "SHA-256" not in check.out
    counts = [len(by_status[status]) for status in ("not_run", "pass", "not_applicable")]
    assert [int(one) for one in re.findall(r": (\d+)", check.out.splitlines()[-1])] == counts
    assert by_status["not_run"]
    assert not any(rule in check.out for rule in by_status["not_run"])
    show = trustdesk("identity", "show", "acme", *lists, *acme).out
    assert "SHA-256" in show
    assert all(rule in show for rule in by_status["not_run"])
    everything = trustdesk("identity", "check", "acme", "--all", *lists, *acme).out
    assert all(one["rule"] in everything for one in document["findings"])
    unknown = trustdesk("identity", "check", "acme", *acme)
    assert unknown.status == 1, "the public web's list does not hold the lab's CA"
    assert "Client: no" in unknown.out


def test_two_lists_of_the_same_file_name_are_both_judged_by(
    acme: tuple[str, Path], lab: LabDescription, tmp_path: Path
) -> None:
    lists = [tmp_path / folder / "partners.pem" for folder in ("ours", "theirs")]
    for file, content in zip(lists, (Path(lab.trust_list).read_bytes(), pki.root().pem), strict=True):
        file.parent.mkdir()
        file.write_bytes(content)
    options = [part for file in (lists[0], *lists) for part in ("--trust-list", file)]
    ran = trustdesk("identity", "check", "acme", "--json", *options, *acme)
    assert ran.status == 0, ran.out
    assert ran.document["trust_lists"] == ["partners.pem", "partners.pem 2"]


def test_another_process_sees_what_was_imported(acme: tuple[str, Path]) -> None:
    other = subprocess.run(
        [sys.executable, "-m", "trustdesk", "identity", "check", "acme", "--with-key", "--json",
         *map(str, acme)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert other.returncode == 1, "the public web's list does not hold the lab's CA"
    assert '"key_was_loaded": true' in other.stdout


def test_sweep_presents_to_each_partner_what_it_is_tested_with(
    lab: LabDescription, acme: tuple[str, Path]
) -> None:
    add_partner(acme[1], "Named", mutual(lab).target, "acme")
    add_partner(acme[1], "Gone", mutual(lab).target, "nobody")
    ran = trustdesk("sweep", "--json", "--trust-list", lab.trust_list, *acme)
    assert ran.status == 1, "one of them was not tested"
    assert "nobody" in ran.err
    (result,) = ran.document["results"]
    assert result["identity"]["name"] == "acme"
    assert result["client_auth"]["verdict"] == "accepted"


def test_wrong_password_is_status_2_and_keeps_nothing(
    archive: Path, workspace: tuple[str, Path], tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("something else\n")
    for more in (("--password-file", wrong), ()):
        ran = trustdesk("identity", "import", archive, *more, *workspace)
        assert (ran.status, ran.out) == (2, ""), ran.err
    assert listed(workspace) == []


def test_certificate_and_key_in_two_files(
    daemon: SecretServiceDaemon, lab: LabDescription, workspace: tuple[str, Path]
) -> None:
    identity = client(lab)
    ran = trustdesk(
        "identity", "import", identity.certificate_file, "--key", identity.key_file, "--name", "two",
        *workspace,
    )  # fmt: skip
    assert ran.status == 0, ran.err
    assert listed(workspace) == ["two"]


def test_dry_run_shows_and_keeps_nothing(
    archive: Path, password_file: Path, workspace: tuple[str, Path]
) -> None:
    ran = trustdesk(
        "identity", "import", archive, "--dry-run", "--password-file", password_file, "--json", *workspace
    )
    assert ran.status == 0, ran.err
    (candidate,) = ran.document["candidates"]
    assert candidate["can_be_imported"]
    assert ran.document["imported"] == []
    assert listed(workspace) == []


def test_same_key_twice_is_said_and_not_kept_twice(
    archive: Path, password_file: Path, acme: tuple[str, Path]
) -> None:
    again = trustdesk("identity", "import", archive, "--password-file", password_file, *acme)
    assert again.status == 2
    assert "acme" in again.err
    assert listed(acme) == ["acme"]


def test_vault_where_it_was_named_and_no_keyring_is_there(
    lab: LabDescription,
    archive: Path,
    password_file: Path,
    workspace: tuple[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    refused = imported(archive, password_file, workspace)
    assert refused.status == 3
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("a passphrase of the test\n")
    vault = ("--vault-password-file", passphrase)
    made = imported(archive, password_file, workspace, "--store", "vault", *vault, "--json")
    assert made.status == 0, made.err
    assert made.document["imported"][0]["key"]["store"] == "vault"
    target = address(mutual(lab).target)
    shut = trustdesk("probe", *target, "--identity", "acme", *workspace)
    assert shut.status == 2
    assert "--vault-password-file" in shut.err
    wrong = tmp_path / "wrong"
    wrong.write_text("another\n")
    closed = trustdesk("probe", *target, "--identity", "acme", "--vault-password-file", wrong, *workspace)
    assert closed.status == 2
    probe = trustdesk(
        "probe", *target, "--identity", "acme", *vault, "--trust-list", lab.trust_list, "--json", *workspace
    )
    assert probe.status == 0, probe.err
    assert probe.document["client_auth"]["verdict"] == "accepted"


def test_passphrase_that_nobody_would_see_is_not_made(workspace: tuple[str, Path], tmp_path: Path) -> None:
    for more in ((), ("--json",)):
        ran = trustdesk("identity", "export", "acme", "--output", tmp_path / "x.p12", *more, *workspace)
        assert ran.status == 2
        assert "--print-passphrase" in ran.err


def test_plain_key_is_not_written_without_somebody_who_types(
    workspace: tuple[str, Path], tmp_path: Path
) -> None:
    ran = trustdesk(
        "identity", "export", "acme", "--form", "plain_pem", "--output", tmp_path / "x.pem", *workspace
    )
    assert ran.status == 2
    assert not (tmp_path / "x.pem").exists()


def test_hand_over_keeps_the_passphrase_out_of_both_files(acme: tuple[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "handover"
    ran = trustdesk("identity", "handover", "acme", "--output", folder, "--print-passphrase", "--json", *acme)
    assert ran.status == 0, ran.err
    passphrase = ran.document["passphrase"].encode()
    files = sorted(folder.iterdir())
    assert [str(file) for file in files] == sorted(
        ran.document[part]["path"] for part in ("archive", "sheet")
    )
    assert not any(passphrase in file.read_bytes() for file in files)


def test_doctor_says_who_opens_it_and_needs_no_workspace(
    archive: Path, password_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "nothing"))
    ran = trustdesk("identity", "doctor", archive, "--password-file", password_file, "--json")
    assert ran.status == 0, ran.err
    assert ran.document["opened"]
    assert {one["program"]: one["opens"] for one in ran.document["openers"]}["OpenSSL 3"] is True
    closed = trustdesk("identity", "doctor", archive, "--json")
    assert (closed.status, closed.document["verdict"]) == (1, "fail")
    assert not (tmp_path / "nothing").exists()


def test_delete_asks_before(workspace: tuple[str, Path]) -> None:
    unknown = trustdesk("identity", "delete", "acme", *workspace)
    assert unknown.status == 2
    assert "no identity of this name" in unknown.err


def test_identity_and_file_at_once_is_an_unusable_call(workspace: tuple[str, Path]) -> None:
    ran = trustdesk("probe", "127.0.0.1:1", "--identity", "acme", "--client-cert", "client.p12", *workspace)
    assert ran.status == 2
    assert "--identity" in ran.err


def test_no_key_is_in_any_file_of_the_workspace(lab: LabDescription, acme: tuple[str, Path]) -> None:
    key = load_pem_private_key(Path(client(lab).key_file).read_bytes(), None)
    number = key.private_numbers().private_value.to_bytes(32, "big")  # type: ignore[union-attr]
    for file in acme[1].rglob("*"):
        data = file.read_bytes() if file.is_file() else b""
        assert number not in data, file.name
        assert b"PRIVATE KEY" not in data, file.name


def test_java_store_of_two_keys_with_a_password_of_their_own(
    daemon: SecretServiceDaemon, workspace: tuple[str, Path], tmp_path: Path
) -> None:
    ca = pki.root()
    store = tmp_path / "keys.jks"
    made = [(pki.client(ca, name),) for name in ("ONE", "TWO")]
    store.write_bytes(java_store(tmp_path, "jks", *made, key_password=KEY_PASSWORD))
    for name, text in (("store", STORE_PASSWORD), ("key", KEY_PASSWORD)):
        (tmp_path / name).write_text(text)
    shut = trustdesk("identity", "import", store, "--password-file", tmp_path / "store", *workspace)
    assert shut.status == 2
    both = ("--password-file", tmp_path / "store", "--key-password-file", tmp_path / "key", *workspace)
    one_name = trustdesk("identity", "import", store, "--name", "java", *both)
    assert one_name.status == 2
    assert "--number" in one_name.err
    second = trustdesk("identity", "import", store, "--number", 2, "--name", "second", *both)
    assert second.status == 0, second.err
    rest = trustdesk("identity", "import", store, "--json", *both)
    assert rest.status == 0, rest.err
    assert len(rest.document["imported"]) == 1, "the other one is here already"
    subjects = trustdesk("identity", "list", "--json", *workspace).document["identities"]
    assert sorted(one["certificate"]["subject"] for one in subjects) == ["CN=ONE", "CN=TWO"]
