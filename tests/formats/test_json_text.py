"""JSON text: letters stay, what cannot be seen is escaped, and it reads back the same."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from trustdesk.formats.json_text import json_text


def test_letters_stay_and_controls_do_not() -> None:
    document = {"name": "Cóndor 航空 \u202e\x9b\u2028\x1b\U000e0041"}
    text = json_text(document)
    assert "Cóndor 航空" in text
    assert text.isprintable()
    assert json.loads(text) == document


def test_one_document_is_one_line_for_every_reader_of_lines() -> None:
    assert len(json_text({"a": "\x85\u2028\u2029\x0b\x0c\x1c\n"}).splitlines()) == 1


@given(st.text())
def test_any_text_reads_back(text: str) -> None:
    assert json.loads(json_text([text])) == [text]
