"""Files read in a process of its own: what hangs, crashes or asks in there stays a fact out here."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import pki
from tests.support.reader_files import zipped
from trustdesk.core.errors import CancelledByPersonError, UnusableInputError
from trustdesk.core.inspection import Inspection, ItemKind, ReadingLimits
from trustdesk.core.message import Message
from trustdesk.services.reading import Bytes, ReadingService
from trustdesk.services.wording import wording

PASSWORD = "a password"
needs_fifo = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")


@pytest.fixture
def service() -> Iterator[ReadingService]:
    reading = ReadingService()
    yield reading
    reading.close()


@pytest.fixture
def impatient() -> Iterator[ReadingService]:
    reading = ReadingService(deadline_s=3.0)
    yield reading
    reading.close()


def digests(inspection: Inspection) -> list[str]:
    return [item.certificate.facts.sha256 for item in inspection.items if item.certificate is not None]


def problem(inspection: Inspection, number: int = 0) -> str:
    return " ".join(wording("en").text(message) for message in inspection.items[number].problems)


def test_files_folders_and_pasted_bytes_in_one_call(service: ReadingService, tmp_path: Path) -> None:
    root = pki.root()
    leaf, other = pki.client(root), pki.client(root, "OTHER")
    folder = tmp_path / "from partner"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.pem").write_bytes(leaf.pem)
    (folder / "deep" / "b.zip").write_bytes(zipped({"root.der": root.der}))
    (tmp_path / "single.der").write_bytes(other.der)
    sources: list[Path | Bytes] = [folder, tmp_path / "single.der", Bytes("the clipboard", root.pem)]
    inspection = service.inspect(sources)
    assert digests(inspection) == [leaf.sha256, root.sha256, other.sha256, root.sha256]
    assert [item.source for item in inspection.items] == [
        str(folder / "a.pem"),
        str(folder / "deep" / "b.zip") + "/root.der",
        str(tmp_path / "single.der"),
        "the clipboard",
    ]
    assert inspection.problems == ()


def test_file_that_is_not_there_is_told_and_the_others_come_out(
    service: ReadingService, tmp_path: Path
) -> None:
    root = pki.root()
    inspection = service.inspect([tmp_path / "absent.pem", Bytes("x", root.pem)])
    assert [item.kind for item in inspection.items] == [ItemKind.UNKNOWN, ItemKind.CERTIFICATE]
    assert "no such file" in problem(inspection)


def test_links_out_of_a_folder_are_not_followed(service: ReadingService, tmp_path: Path) -> None:
    root = pki.root()
    (tmp_path / "outside.pem").write_bytes(root.pem)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.pem").symlink_to(tmp_path / "outside.pem")
    assert service.inspect([folder]).items == ()


def test_folder_with_too_many_files_is_cut_and_told(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"{number}.txt").write_text("x")
    reading = ReadingService(ReadingLimits(members=3))
    inspection = reading.inspect([tmp_path])
    reading.close()
    assert len(inspection.items) == 3
    assert "more than 3 files" in wording("en").text(inspection.problems[0])


def test_password_is_asked_for_once_and_used_for_every_file(service: ReadingService) -> None:
    leaf = pki.client(pki.root())
    asked: list[Message] = []

    def ask(subject: Message) -> str:
        asked.append(subject)
        return PASSWORD

    files = [Bytes("one.p12", leaf.pkcs12(PASSWORD)), Bytes("two.pem", leaf.key_pem(PASSWORD))]
    inspection = service.inspect(files, ask)
    assert not any(item.locked for item in inspection.items)
    assert [wording("en").text(subject) for subject in asked] == ["The password of one.p12"]


def test_known_passwords_are_tried_before_anybody_is_asked(service: ReadingService) -> None:
    leaf = pki.client(pki.root())
    protected = Bytes("a.p12", leaf.pkcs12(PASSWORD))
    asked: list[Message] = []

    def ask(subject: Message) -> str | None:
        asked.append(subject)
        return None

    inspection = service.inspect([protected], ask, known_passwords=["wrong", PASSWORD])
    assert digests(inspection) == [leaf.sha256]
    assert asked == []
    assert digests(service.inspect([protected], ask, known_passwords=["wrong"])) == []
    assert len(asked) == 1


def test_person_who_gives_no_password_is_not_asked_again(service: ReadingService) -> None:
    leaf = pki.client(pki.root())
    asked: list[Message] = []
    files = [Bytes(name, leaf.pkcs12(PASSWORD)) for name in ("one.p12", "two.p12")]
    inspection = service.inspect(files, asked.append)
    assert len(asked) == 1
    assert [item.locked for item in inspection.items if item.kind is ItemKind.PKCS12] == [True, True]


@needs_fifo
def test_file_that_never_ends_is_given_up_and_the_next_is_read(
    impatient: ReadingService, tmp_path: Path
) -> None:
    """A named pipe nobody writes to stands for everything that hangs."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    root = pki.root()
    inspection = impatient.inspect([pipe, Bytes("x", root.pem)])
    assert "longer than 3 seconds" in problem(inspection)
    assert digests(inspection) == [root.sha256]


@needs_fifo
def test_cancelling_ends_the_reading_at_once(service: ReadingService, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(CancelledByPersonError):
        service.inspect([pipe], cancel=cancel)
    root = pki.root()
    assert digests(service.inspect([Bytes("x", root.pem)])) == [root.sha256]


@pytest.mark.skipif(sys.platform == "win32", reason="kills a process as POSIX does")
def test_reader_that_dies_costs_its_file_alone(service: ReadingService) -> None:
    leaf = pki.client(pki.root())

    def kill_the_reader(_: Message) -> str:
        worker = service._worker
        assert worker is not None
        pid = worker._process.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        return PASSWORD

    files = [Bytes("bad.p12", leaf.pkcs12(PASSWORD)), Bytes("good.pem", leaf.pem)]
    inspection = service.inspect(files, kill_the_reader)
    assert "brought its reader down" in problem(inspection)
    assert digests(inspection) == [leaf.sha256]


def test_question_that_fails_leaves_the_service_usable(service: ReadingService) -> None:
    leaf = pki.client(pki.root())

    def fail(_: Message) -> str:
        raise RuntimeError("the terminal is gone")

    with pytest.raises(RuntimeError):
        service.inspect([Bytes("one.p12", leaf.pkcs12(PASSWORD))], fail)
    assert digests(service.inspect([Bytes("x", leaf.pem)])) == [leaf.sha256]


def test_columns_of_a_bundle_are_those_of_the_certificates(service: ReadingService, tmp_path: Path) -> None:
    root = pki.root()
    issued = [pki.client(root, f"ACME {number}", serial_number=number + 1) for number in range(5)]
    damaged = b"-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----\n"
    quoted = b"> " + root.pem.replace(b"\n", b"\n> ")
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(b"".join(one.pem for one in issued) + damaged + quoted)
    chunks = list(service.certificate_rows(bundle))
    rows = [row for chunk in chunks for row in chunk.rows]
    expected = [one.facts for one in (*issued, root)]
    assert [row.der for row in rows] == [facts.der for facts in expected]
    for row, facts in zip(rows, expected, strict=True):
        assert (row.sha256, row.subject, row.issuer) == (facts.sha256, facts.subject, facts.issuer)
        assert (row.serial_number, row.not_before, row.not_after) == (
            facts.serial_number,
            facts.not_before,
            facts.not_after,
        )
    assert chunks[-1].last
    assert chunks[-1].unread == 1


def test_bundle_that_is_left_half_read_does_not_disturb_the_next_call(
    service: ReadingService, tmp_path: Path
) -> None:
    root = pki.root()
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(root.pem * 5_000)
    rows = service.certificate_rows(bundle)
    assert len(next(rows).rows) == 2_000
    rows.close()  # type: ignore[attr-defined]  # an Iterator to its callers, a generator to this test
    assert digests(service.inspect([Bytes("x", root.pem)])) == [root.sha256]


@pytest.mark.parametrize("content", [None, b""])
def test_bundle_that_cannot_be_read_raises(
    service: ReadingService, tmp_path: Path, content: bytes | None
) -> None:
    bundle = tmp_path / "bundle.pem"
    if content is not None:
        bundle.write_bytes(content)
    with pytest.raises(UnusableInputError) as caught:
        list(service.certificate_rows(bundle))
    assert caught.value.place == str(bundle)
    shutil.rmtree(tmp_path)
