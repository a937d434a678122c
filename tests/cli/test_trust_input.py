"""What `trustdesk trust` cannot use: one line each, status 2, with the file, the place and what to do."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.support import pki
from tests.support.trust_commands import NAME, TrustCommands
from tests.support.trust_lab import pilot_14, pilot_pki
from trustdesk.core.errors import CancelledByPersonError
from trustdesk.core.list_form import ListForm
from trustdesk.formats.list_json_writing import json_list
from trustdesk.formats.list_writing import write_list
from trustdesk.services.live_trust import LiveTrust

PLAIN = json_list(pilot_14())
FINGERPRINT = "ab" * 32


def written(form: ListForm) -> bytes:
    return write_list(pilot_14(), form, at=pki.NOW).data


def changed(change: Callable[[Any], object]) -> bytes:
    document = json.loads(PLAIN)
    change(document)
    return json.dumps(document).encode()


def by_algorithm(algorithm: str) -> bytes:
    parts = (json.dumps({"alg": algorithm}).encode(), PLAIN, b"signature" if algorithm != "none" else b"")
    return b".".join(urlsafe_b64encode(part).rstrip(b"=") for part in parts)


BAD_FILES = {
    "empty.pem": (b"", "The file is empty."),
    "random.bin": (bytes(range(7, 250)), "nothing that is known here"),
    "cut.pem": (written(ListForm.PEM)[:1500], "Damaged is block"),
    "cut.p7b": (written(ListForm.PKCS7)[:600], "cut short or damaged"),
    "cut.p12": (written(ListForm.JAVA_TRUST_STORE)[:900], "cut short or damaged"),
    "cut.csv": (written(ListForm.CCADB)[:1500], "Record "),
    "cut.json": (PLAIN[:900], "This is no JSON from line 16 on, at byte 8"),
    "other.json": (b"{}", "its schema is not trustdesk.trust-list/1"),
    "sequence.json": (changed(lambda d: d.update(sequence="x")), "at sequence"),
    "digest.json": (
        changed(lambda d: d["entries"][1]["certificate"].update(sha256="00" * 32)),
        "at entries[1].certificate.sha256",
    ),
    "nobody.jws": (by_algorithm("none"), "signed by nobody (alg none)"),
    "keyed.jws": (by_algorithm("HS256"), "keyed digest (HS256)"),
    "entity.xml": (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b'<TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#">&x;</TrustServiceStatusList>',
        "document type declaration",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_named_with_its_place_and_nothing_is_kept(trust: TrustCommands, name: str) -> None:
    data, words = BAD_FILES[name]
    ran = trust.run("import", trust.file(data, name), "--name", NAME, "--apply")
    assert (ran.status, ran.out) == (2, "")
    assert words in ran.err
    assert name in ran.err
    assert len(ran.err.splitlines()) == 1
    assert [one["name"] for one in trust.document("list")["lists"]] == ["certifi"]


CALLS: list[tuple[tuple[object, ...], str]] = [
    (("import", "nowhere.json", "--name", "a"), "nowhere.json: There is no such file."),
    (("import", "FILE", "--name", "certifi"), "comes with the program"),
    (("import", "FILE", "--name", ""), "A list cannot be called this."),
    (("import", "FILE", "--name", "a@3"), "a@3: A list cannot be called this."),
    (("import", "FILE", "--name", "a", "--signer", "abc"), "abc: This is no SHA-256 fingerprint."),
    (("import", "FILE", "--name", "a", "--usage", "servers"), "'servers' is none of server, client"),
    (("import", "FILE", "--name", "a", "--apply", "--keep"), "Leave --apply or --keep away."),
    (("import", "FILE"), "--name"),
    (("import", "http://127.0.0.1/x", "--name", "a"), "Over http anybody on the way can change a list."),
    (("update", "nope"), "nope: "),
    (("update", "certifi"), "comes with the program"),
    (("show", "nope"), "nope: There is no trust list of this name."),
    (("show", "certifi@9"), "certifi@9: "),
    (("show", "certifi@x"), "Write NAME@NUMBER"),
    (("diff", "certifi@1", "nope@1"), "nope: There is no trust list"),
    (("lint", "nope"), "nope: There is no trust list"),
    (("impact",), "Give one of --to NAME@NUMBER, --without SHA256 and --date TIME."),
    (("impact", "--to", "certifi@1", "--date", "2030-01-01"), "One change at a time"),
    (("impact", "--from", "certifi@1"), "Add --to NAME@NUMBER."),
    (("impact", "--without", "abc"), "abc: This is no SHA-256 fingerprint."),
    (("impact", "--without", FINGERPRINT), "There is no certificate of this fingerprint"),
    (("impact", "--date", "yesterday"), "'yesterday' is no time"),
    (("export", "certifi", "--output", "x.docx"), "does not say what to write"),
    (("export", "certifi", "--output", "x.pem", "--usage", "server,client"), "One usage at a time."),
    (("export", "certifi", "--output", "x.pem", "--sign-with", "me"), "Only a list in JSON is signed."),
    (("undo", "nope"), "nope: There is no trust list"),
    (("undo", "certifi"), "certifi: The list of this name comes with the program"),
    (("refuse", "certifi"), "Write NAME@NUMBER."),
    (("refuse", "certifi@1"), "certifi: The list of this name comes with the program"),
    (("remove", "certifi", "--yes"), "certifi: The list of this name comes with the program"),
    (("forget-signer", "nope"), "nope: There is no trust list"),
    (("use", "nope"), "nope: There is no trust list"),
    (("use",), "Missing argument"),
    (("decide", "distrust", FINGERPRINT), "--comment"),
    (("decide", "withdraw", FINGERPRINT, "--comment", "x"), "Nothing was decided about this certificate."),
    (("decide", "fingerprint", "99", FINGERPRINT, "--comment", "x"), "There is no such endpoint any more."),
    (("policy", "set", "Nobody", "--only-ca", FINGERPRINT, "--comment", "x"), "Nobody: There is no partner"),
    (("policy", "set", "X", "--private-root", "nowhere.pem", "--comment", "x"), "nowhere.pem: "),
]


@pytest.mark.parametrize(("call", "words"), CALLS, ids=[" ".join(map(str, call))[:60] for call, _ in CALLS])
def test_a_bad_call_is_one_line_and_changes_nothing(
    trust: TrustCommands, monkeypatch: pytest.MonkeyPatch, call: tuple[object, ...], words: str
) -> None:
    monkeypatch.chdir(trust.folder)
    file = trust.plain() if "FILE" in call else None
    ran = trust.run(*(file if part == "FILE" else part for part in call))
    assert (ran.status, ran.out) == (2, "")
    assert words in ran.err
    assert len(ran.err.splitlines()) == 1
    assert trust.document("log")["entries"] == []


@pytest.mark.parametrize("command", [("export", "certifi"), ("log",)])
def test_a_folder_that_is_not_there_is_the_environments(
    trust: TrustCommands, command: tuple[str, ...]
) -> None:
    ran = trust.run(*command, "--output", trust.folder / "nowhere" / "x.json")
    assert ran.status == 3
    assert "The folder does not exist." in ran.err


def test_a_file_that_is_there_is_replaced_only_when_that_is_said(trust: TrustCommands) -> None:
    file = trust.file(b"mine", "mine.pem")
    refused = trust.run("export", "certifi", "--output", file)
    assert (refused.status, file.read_bytes()) == (2, b"mine")
    assert "--force" in refused.err
    assert trust.run("export", "certifi", "--output", file, "--force").status == 0


def test_an_address_that_does_not_answer_is_the_environments(trust: TrustCommands) -> None:
    ran = trust.run("import", "https://127.0.0.1:1/list.json", "--name", NAME)
    assert (ran.status, ran.out) == (3, "")
    assert "cannot be connected to" in ran.err


class Interrupted(Future[Any]):
    """An import that takes long, while the person presses Ctrl+C."""

    def result(self, timeout: float | None = None) -> Any:
        if not self.done():
            raise KeyboardInterrupt
        return super().result(timeout)


@dataclass(frozen=True)
class LongJob:
    future: Interrupted

    def cancel(self) -> None:
        self.future.set_exception(CancelledByPersonError())


def test_ctrl_c_cancels_and_exits_with_130(trust: TrustCommands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LiveTrust, "prepare_import", lambda *_: LongJob(Interrupted()))
    ran = trust.run("import", trust.plain(), "--name", NAME, "--apply")
    assert (ran.status, ran.out) == (130, "")
    assert trust.document("log")["entries"] == []


def test_a_folder_of_certificates_and_every_written_form_come_in_again(trust: TrustCommands) -> None:
    trust.run("import", trust.plain(), "--name", NAME, "--apply")
    for ending, lost in (
        (".json", []),
        (".pem", ["usages"]),
        (".p7b", ["usages"]),
        (".p12", ["usages"]),
        (".csv", ["audits"]),
    ):
        file = trust.folder / f"again{ending}"
        exported = trust.document("export", NAME, "--output", file)
        assert set(lost) <= set(exported["lost"])
        assert bool(lost) == bool(exported["lost"])
        back = trust.document("import", file, "--name", "again", "--usage", "server,client")
        assert back["entry_count"] == exported["entry_count"]
    said = trust.run("export", NAME, "--output", trust.folder / "said.pem").out
    assert (
        "This form cannot carry: Title, Publisher, Name that the publisher gives the list, Sequence" in said
    )
    folder = trust.folder / "folder"
    folder.mkdir()
    for called, issued in pilot_pki().cas.items():
        Path(folder / f"{called}.pem").write_bytes(issued.certificate.public_bytes(Encoding.PEM))
    review = trust.document("import", folder, "--name", "again")
    assert (review["entry_count"], len(review["undecided_usage"])) == (9, 9)
