"""CSV of RFC 4180, with the lines that records stand on."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustdesk.core.errors import UnusableInputError
from trustdesk.formats.csv_records import CsvRecords

CELLS = st.text(st.characters(codec="utf-8"), max_size=12)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=5)
)


@settings(max_examples=100, deadline=None)
@given(TABLES, st.sampled_from(["\r\n", "\n"]))
def test_what_is_written_is_read(table: list[list[str]], line_end: str) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator=line_end).writerows(
        [["name"] * len(table[0]), *table]
    )
    data = out.getvalue().encode()
    records = CsvRecords(data, "table.csv")
    found = list(records)
    assert [record.fields for record in found] == table
    assert [record.number for record in found] == list(range(1, len(table) + 1))
    if not any("\r" in cell for row in table for cell in row):
        # A lone carriage return ends no line of an editor's, and no line of Python's.
        lines = data.split(b"\n")
        for record in found:
            assert lines[record.line - 1].startswith(b'"')
        assert records.expected == len(table)


def test_lines_count_newlines_in_fields() -> None:
    records = list(CsvRecords(b'a,b\n"1\n2",x\n\n3,y\n', "table.csv"))
    assert [(record.number, record.line) for record in records] == [(1, 2), (2, 5)]


@pytest.mark.parametrize("data", [b"", b"\n", b"\xef\xbb\xbf"])
def test_nothing_has_no_header(data: bytes) -> None:
    with pytest.raises(UnusableInputError):
        CsvRecords(data, "table.csv")
