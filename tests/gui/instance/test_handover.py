"""What a second start sends: read as it was written, and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.gui.instance.handover import MAX_FILES, MAX_OCTETS, Handover, read, token_in, written

GOOD = {"version": 1, "files": ["/a/b.pem"], "token": None}


@pytest.mark.parametrize(
    "handover",
    [
        Handover(files=()),
        Handover(files=(Path("/a/b.pem"), Path("/c d/ü\n.p12")), token="gnome-shell/x/1-2"),
        Handover(files=(Path("/not/\udcffutf8"),)),
    ],
)
def test_message_is_one_line_and_says_what_was_handed_over(handover: Handover) -> None:
    message = written(handover)

    assert message is not None
    assert message.count(b"\n") == 1
    assert read(message) == handover


@pytest.mark.parametrize("count", [MAX_FILES + 1, 60])
def test_more_than_the_first_start_reads_is_not_written(count: int) -> None:
    name = "/" + "n" * (1 if count > MAX_FILES else MAX_OCTETS // count)

    assert written(Handover(files=tuple(Path(name) for _ in range(count)))) is None


@pytest.mark.parametrize(
    "document",
    [
        [],
        {},
        {**GOOD, "version": 2},
        {**GOOD, "more": 1},
        {**GOOD, "files": "/a"},
        {**GOOD, "files": [1]},
        {**GOOD, "files": [""]},
        {**GOOD, "files": ["relative.pem"]},
        {**GOOD, "files": ["/a\0b"]},
        {**GOOD, "files": ["/" + "a" * 5000]},
        {**GOOD, "files": ["/a"] * (MAX_FILES + 1)},
        {**GOOD, "token": 7},
        {**GOOD, "token": "a" * 300},
        {**GOOD, "token": "a\nb"},
    ],
)
def test_message_of_another_shape_is_refused(document: object) -> None:
    assert read(json.dumps(document).encode()) is None


@given(st.binary(max_size=200))
def test_octets_of_anybody_are_refused(octets: bytes) -> None:
    assert read(octets) is None


def test_deep_nesting_is_refused() -> None:
    assert read(b"[" * 60_000) is None


def test_token_is_what_desktops_make() -> None:
    assert token_in([None, "", "two\nlines", "x" * 300, "good"]) == "good"
    assert token_in([None]) is None
