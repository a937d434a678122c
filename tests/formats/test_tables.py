"""A table for spreadsheets is RFC 4180, and no cell of it is a formula."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.formats.tables import csv_table

FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def cell(text: str) -> str:
    return read(csv_table(["x"], [[text]]))[1][0]


def test_lines_end_in_crlf_after_a_byte_order_mark() -> None:
    data = csv_table(["Partner", "Days"], [["Nordwind", 3], ["Cóndor", None]])
    assert data == "\ufeffPartner,Days\r\nNordwind,3\r\nCóndor,\r\n".encode()


def test_commas_and_quotes_are_quoted() -> None:
    assert csv_table(["x"], [['Cargo "A", Ltd']]).endswith(b'"Cargo ""A"", Ltd"\r\n')


def test_numbers_stay_numbers_also_below_zero() -> None:
    assert read(csv_table(["x", "y"], [[-3, -1.5]]))[1] == ["-3", "-1.5"]


def test_instants_are_in_utc() -> None:
    assert read(csv_table(["x"], [[datetime(2026, 11, 20, 8, 41, 7, tzinfo=UTC)]]))[1] == [
        "2026-11-20 08:41:07"
    ]


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_a_formula_becomes_text(start: str) -> None:
    assert cell(f"{start}1+1").startswith("'")


@pytest.mark.parametrize("text", [" =1+1", "\u00a0@SUM(1)", "\u3000=1"])
def test_white_space_before_a_formula_does_not_help_it(text: str) -> None:
    assert cell(text).startswith("'")


@pytest.mark.parametrize("text", ["a;=1+1", "a; =1+1", 'a;"=1+1', "a|@SUM(1)"])
def test_a_formula_after_another_systems_separator_becomes_text(text: str) -> None:
    assert "'=" in cell(text) or "'@" in cell(text)


def test_plain_text_stays_as_it_is() -> None:
    assert cell("CN=Fjordsign Root 2021; O=Meridian") == "CN=Fjordsign Root 2021; O=Meridian"


def test_control_and_bidirectional_characters_are_escaped() -> None:
    assert cell("a\x1b[31m\u202eb\x00") == r"a\x1b[31m\u202eb\x00"


def test_a_long_text_is_bounded() -> None:
    assert len(cell("A" * 10_240)) < 1100


def test_a_header_is_no_formula_either() -> None:
    assert read(csv_table(["=1+1"], []))[0] == ["'=1+1"]


@given(st.lists(st.text(st.characters()), min_size=1))
def test_any_text_gives_one_row_that_reads_and_starts_no_formula(texts: list[str]) -> None:
    header, row = read(csv_table(["x"] * len(texts), [texts]))
    assert len(header) == len(row) == len(texts)
    assert not any(shown.lstrip()[:1] in tuple(FORMULA_STARTS) for shown in row)
    assert all(character.isprintable() for shown in row for character in shown)
