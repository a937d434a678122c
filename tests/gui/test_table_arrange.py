"""Filtering and sorting of very many rows: every spelling, every order, and as a plain sort would."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.core.inspection import CertificateRow
from trustdesk.core.message import msg
from trustdesk.core.verification import BulkVerdict, BulkVerdicts
from trustdesk.gui.inspector.table_arrange import RowFilter, RowOrder, RowsWanted, arranging

NOW = datetime(2026, 11, 20, tzinfo=UTC)
YES, NO = BulkVerdict(True, "mine", msg("Good.")), BulkVerdict(False, None, msg("Bad."))


def row(
    number: int, subject: str | None = None, *, serial: str | None = None, days: int | None = 100
) -> CertificateRow:
    der = number.to_bytes(4, "big")
    return CertificateRow(
        der,
        hashlib.sha256(der).hexdigest(),
        subject,
        "CN=Issuing CA,O=Straße",
        serial,
        NOW - timedelta(days=400),
        None if days is None else NOW + timedelta(days=days),
    )


def places(
    rows: list[CertificateRow], wanted: RowsWanted, verdicts: list[BulkVerdicts | None] | None = None
) -> list[int]:
    found = list(arranging(rows, verdicts or [None] * len(rows), wanted, NOW))
    assert all(step is None for step in found[:-1])
    assert found[-1] is not None
    return found[-1]


ROWS = [
    row(0, "CN=data.example,O=ACME", serial="7b01f2"),
    row(1, "CN=Łódź Cargo,O=Other", serial="1000"),
    row(2, None, serial=None, days=None),
]
SHA256 = ROWS[1].sha256
PAIRS = ":".join(SHA256[at : at + 2] for at in range(0, 64, 2)).upper()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [0, 1, 2]),
        ("acme DATA", [0]),
        ("łódź", [1]),
        ("STRASSE issuing", [0, 1, 2]),
        ("nothing of the kind", []),
        ("00000", []),
        (SHA256, [1]),
        (PAIRS, [1]),
        (f"sha256 Fingerprint={PAIRS}", [1]),
        (PAIRS[:23].replace(":", " "), [1]),
        ("7B:01:F2", [0]),
        ("0x7b01f2", [0]),
        ("00:7b:01:f2", [0]),
        ("4096", [1]),
        (hashlib.sha1(ROWS[0].der, usedforsecurity=False).hexdigest(), [0]),
        (hashlib.md5(ROWS[1].der, usedforsecurity=False).hexdigest().upper(), [1]),
    ],
)
def test_text_finds_names_serial_numbers_and_fingerprints_in_any_spelling(
    text: str, expected: list[int]
) -> None:
    assert places(ROWS, RowsWanted(text=text)) == expected


def test_chips_combine_with_and_and_what_nobody_judged_is_no_neither() -> None:
    rows = [row(number, f"CN={number}", days=-1 if number == 2 else 10) for number in range(5)]
    verdicts = [
        BulkVerdicts(False, YES, YES),
        BulkVerdicts(False, YES, NO),
        BulkVerdicts(False, NO, NO),
        BulkVerdicts(True, NO, NO),
        None,
    ]
    expected = {
        (RowFilter.SERVER,): [0, 1],
        (RowFilter.CLIENT,): [0],
        (RowFilter.SERVER, RowFilter.CLIENT): [0],
        (RowFilter.NEITHER,): [2],
        (RowFilter.AUTHORITY,): [3],
        (RowFilter.NOT_JUDGED,): [4],
        (RowFilter.EXPIRED,): [2],
        (RowFilter.EXPIRED, RowFilter.SERVER): [],
    }
    for filters, left in expected.items():
        assert places(rows, RowsWanted(filters=frozenset(filters)), verdicts) == left
    by_server = places(rows, RowsWanted(order=RowOrder.SERVER), verdicts)
    assert by_server == [2, 0, 1, 3, 4]


def test_serial_numbers_sort_as_numbers_and_what_is_missing_goes_to_an_end() -> None:
    rows = [row(number, serial=serial) for number, serial in enumerate(["ff", "100", None, "9"])]
    assert places(rows, RowsWanted(order=RowOrder.SERIAL)) == [2, 3, 0, 1]
    undated = [row(0, days=None), row(1, days=5)]
    assert places(undated, RowsWanted(order=RowOrder.NOT_AFTER)) == [1, 0]


@given(
    st.lists(st.sampled_from(["CN=a", "CN=B", "CN=c", None]), min_size=0, max_size=40),
    st.booleans(),
)
def test_merged_runs_stand_as_one_stable_sort_would_have_them(
    subjects: list[str | None], descending: bool
) -> None:
    rows = [row(number, subject) for number, subject in enumerate(subjects * 120)]
    found = places(rows, RowsWanted(order=RowOrder.SUBJECT, descending=descending))

    def key(place: int) -> tuple[int, str]:
        subject = rows[place].subject
        return (0, subject.casefold()) if subject else (1, "")

    assert found == sorted(range(len(rows)), key=key, reverse=descending)


def test_rows_that_come_meanwhile_are_left_out() -> None:
    rows = [row(number) for number in range(3)]
    steps = arranging(rows, [None] * 3, RowsWanted(), NOW)
    assert next(steps) is None
    rows.append(row(3))
    assert [step for step in steps if step is not None] == [[0, 1, 2]]
