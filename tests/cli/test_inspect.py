"""`trustdesk inspect`: every item of every file, and what each certificate can be used as."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from tests.support import pki
from tests.support.command import trustdesk

ROOT = pki.root("Root")
SUB = pki.authority("Issuing CA", ROOT)
SERVER = pki.server(SUB, common_name="cargo.example")
CLIENT = pki.client(SUB)
AT = ("--at", pki.NOW.isoformat())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "root.pem").write_bytes(ROOT.pem)
    (tmp_path / "chain.pem").write_bytes(SERVER.pem + SUB.pem)
    (tmp_path / "client.p12").write_bytes(CLIENT.pkcs12("secret", SUB))
    (tmp_path / "password").write_text("secret\n")
    return tmp_path


def test_the_document_holds_every_item_of_every_file_as_the_contract_says(folder: Path) -> None:
    damaged = folder / "damaged.pem"
    damaged.write_bytes(
        SERVER.pem + b"-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n" + SUB.pem
    )
    ran = trustdesk(
        "inspect", folder / "chain.pem", damaged, "--trust-list", folder / "root.pem", *AT, "--json"
    )
    document = ran.document
    assert (ran.status, document["schema"]) == (0, "trustdesk.inspection/1")
    assert list(document) == ["schema", "items", "problems"]
    assert [(item["kind"], Path(item["source"]).name, item["position"]) for item in document["items"]] == [
        ("certificate", "chain.pem", 0),
        ("certificate", "chain.pem", 1),
        ("certificate", "damaged.pem", 0),
        ("unknown", "damaged.pem", 1),
        ("certificate", "damaged.pem", 2),
    ]
    assert all(
        list(item) == ["kind", "source", "position", "certificate", "problems"] for item in document["items"]
    )
    unknown = document["items"][3]
    assert unknown["certificate"] is None
    assert unknown["problems"]
    certificate = document["items"][0]["certificate"]
    assert list(certificate) == [
        "sha256", "sha1", "spki_sha256", "subject", "issuer", "serial_number", "not_before", "not_after",
        "key", "signature_algorithm", "version", "is_ca", "subject_alt_names", "key_usage",
        "extended_key_usage", "extensions", "usable_as",
    ]  # fmt: skip
    assert certificate["sha256"] == SERVER.sha256
    assert certificate["key"] == {"algorithm": "EC", "bits": 256, "curve": "P-256"}
    assert certificate["version"] == 3
    assert certificate["usable_as"] == {
        "server": {
            "usable": True,
            "why": "for DNS:cargo.example; cargo.example → Issuing CA → Root on the list root.pem",
        },
        "client": {"usable": False, "why": "extended key usage lacks clientAuth"},
    }


def test_intermediates_of_one_file_serve_the_certificates_of_another(folder: Path) -> None:
    (folder / "leaf.pem").write_bytes(SERVER.pem)
    (folder / "sub.pem").write_bytes(SUB.pem)
    ran = trustdesk(
        "inspect", folder / "leaf.pem", folder / "sub.pem", "--trust-list", folder / "root.pem", *AT, "--json"
    )
    assert ran.document["items"][0]["certificate"]["usable_as"]["server"]["usable"] is True


def test_a_protected_container_opens_with_the_password_of_a_file(folder: Path) -> None:
    ran = trustdesk(
        "inspect", folder / "client.p12", "--password-file", folder / "password",
        "--trust-list", folder / "root.pem", *AT, "--json",
    )  # fmt: skip
    assert ran.status == 0
    items = ran.document["items"]
    assert [item["kind"] for item in items] == ["pkcs12", "private_key", "certificate", "certificate"]
    assert items[2]["certificate"]["usable_as"]["client"]["usable"] is True
    assert "PRIVATE KEY" not in ran.out


def test_one_password_serves_all_files_of_the_call(folder: Path) -> None:
    (folder / "other.p12").write_bytes(SERVER.pkcs12("secret"))
    ran = trustdesk(
        "inspect", folder / "client.p12", folder / "other.p12", "--password-file", folder / "password",
        "--json",
    )  # fmt: skip
    assert ran.status == 0
    assert [item["kind"] for item in ran.document["items"]].count("certificate") == 3


def test_a_wrong_or_missing_password_is_unusable_input_and_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TD_PASSWORD", "wrong")
    for options in ((), ("--password-env", "TD_PASSWORD")):
        ran = trustdesk("inspect", folder / "client.p12", *options, "--json")
        assert ran.status == 2
        assert len(ran.err.splitlines()) == 1
        assert "client.p12" in ran.err
        assert "--password-file" in ran.err
        assert ran.document["items"][0]["kind"] == "pkcs12"


def test_a_missing_file_is_named_and_the_others_still_come_out(folder: Path) -> None:
    ran = trustdesk("inspect", folder / "none.pem", folder / "chain.pem", "--json")
    assert ran.status == 2
    assert "none.pem: There is no such file." in ran.err
    assert [item["kind"] for item in ran.document["items"]] == ["unknown", "certificate", "certificate"]


def test_a_file_of_nothing_known_is_unusable(folder: Path) -> None:
    (folder / "letter.txt").write_text("Dear partner, please find attached")
    assert trustdesk("inspect", folder / "letter.txt").status == 2


def test_a_folder_is_opened_with_all_that_lies_in_it(folder: Path) -> None:
    ran = trustdesk("inspect", folder, "--json")
    assert ran.status == 0
    assert {Path(item["source"]).name for item in ran.document["items"]} == {
        "root.pem", "chain.pem", "client.p12", "password",
    }  # fmt: skip


def test_standard_input_is_a_file_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SERVER.pem)))
    ran = trustdesk("inspect", "-", "--json")
    assert ran.status == 0
    assert [(item["kind"], item["source"]) for item in ran.document["items"]] == [("certificate", "-")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes of POSIX")
def test_pipe_is_read_here_for_the_reading_process_does_not_have_it() -> None:
    read, write = os.pipe()
    os.write(write, SERVER.pem)
    os.close(write)
    try:
        ran = trustdesk("inspect", f"/dev/fd/{read}", "--json")
    finally:
        os.close(read)
    assert ran.status == 0
    assert [item["kind"] for item in ran.document["items"]] == ["certificate"]


def test_people_read_the_verdicts_first(folder: Path) -> None:
    ran = trustdesk("inspect", folder / "chain.pem", "--trust-list", folder / "root.pem", *AT)
    lines = ran.out.splitlines()
    assert (ran.status, lines[0]) == (0, "CN=cargo.example")
    assert "Can be used as a ONE Record server: yes, for DNS:cargo.example;" in lines[1]
    assert "Can be used as a ONE Record client: no, extended key usage lacks clientAuth." in lines[2]
    assert any("CA: CN=Issuing CA" in line for line in lines)


def test_hostile_names_do_nothing_to_the_terminal(folder: Path) -> None:
    hostile = pki.server(SUB, common_name="[red]a\x1b[31m\u202eb\r\nc")
    (folder / "hostile.pem").write_bytes(hostile.pem)
    ran = trustdesk("inspect", folder / "hostile.pem")
    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out
    assert "[red]a" in ran.out
