"""Which files are read as rows, and what comes of them when they are."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import pki
from trustdesk.services.reading import Bytes, ReadingService
from trustdesk.services.row_reading import holds_many, read_rows
from trustdesk.services.row_values import MANY, RowsChunk

ROOT = pki.root()
KEY = b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"


@pytest.fixture
def reading() -> Iterator[ReadingService]:
    made = ReadingService()
    yield made
    made.close()


def test_many_are_more_than_a_tree_shows_in_all_sources_together(tmp_path: Path) -> None:
    half = tmp_path / "half.pem"
    half.write_bytes(ROOT.pem * (MANY // 2))
    pasted = Bytes("Pasted text 1", ROOT.pem * (MANY // 2))
    assert not holds_many([half, pasted])
    assert holds_many([half, pasted, Bytes("one more", ROOT.pem)])
    assert not holds_many([tmp_path, tmp_path / "missing.pem"])


def test_sources_are_read_in_their_order_and_what_is_no_certificate_is_counted(
    reading: ReadingService, tmp_path: Path
) -> None:
    file = tmp_path / "bundle.pem"
    file.write_bytes(ROOT.pem * 3 + KEY * 2)
    chunks: list[RowsChunk] = []
    sources: list[Path | Bytes] = [file, tmp_path / "missing.pem", Bytes("Pasted text 1", KEY + ROOT.pem)]
    read = read_rows(reading, sources, chunks.append, threading.Event())
    assert (read.count, read.unread, read.is_cancelled, read.is_partial) == (4, 3, False, True)
    assert [(chunk.source, len(chunk.rows)) for chunk in chunks if chunk.rows] == [
        (str(file), 3),
        ("Pasted text 1", 1),
    ]
    assert [chunk.share for chunk in chunks] == sorted(chunk.share for chunk in chunks)
    assert chunks[-1].share == 1.0
    (problem,) = read.problems
    assert dict(problem.params)["file"] == str(tmp_path / "missing.pem")


def test_cancelled_reading_keeps_what_had_come(reading: ReadingService) -> None:
    cancel = threading.Event()
    chunks: list[RowsChunk] = []

    def first(chunk: RowsChunk) -> None:
        chunks.append(chunk)
        cancel.set()

    read = read_rows(reading, [Bytes("bundle", ROOT.pem * 6_000)], first, cancel)
    assert read.is_cancelled
    assert read.is_partial
    assert read.count == len(chunks[0].rows) < 6_000
