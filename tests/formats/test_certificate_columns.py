"""The columns of a table say what the whole certificate says, also of damaged ones."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import pki, reader_files
from tests.support.pki import Issued
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.certificate_columns import RowReader


@cache
def issued() -> tuple[Issued, ...]:
    root = pki.root()
    named = pki.issue(pki.name('Quotes, "and" more; + <#>', "Org\0"), root)
    return (root, named, reader_files.full_certificate(root), pki.client(root, "\u202ePartner Ü"))


def same_as_read_out(der: bytes) -> None:
    row, facts = RowReader().row(der), read_certificate(der)
    assert (row.der, row.sha256) == (facts.der, facts.sha256)
    assert (row.subject, row.issuer) == (facts.subject, facts.issuer)
    assert (row.serial_number, row.not_before, row.not_after) == (
        facts.serial_number,
        facts.not_before,
        facts.not_after,
    )


@pytest.mark.parametrize("number", range(4))
def test_columns_of_a_whole_certificate(number: int) -> None:
    same_as_read_out(issued()[number].der)


@given(st.data())
@settings(deadline=None, max_examples=400)
def test_columns_of_a_damaged_certificate(data: st.DataObject) -> None:
    changed = bytearray(data.draw(st.sampled_from(issued())).der)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, min(len(changed) - 1, 300)))
        changed[at] = data.draw(st.sampled_from([0, 1, 2, 0x30, 0x31, 0x7F, 0x80, 0x81, 0xA0, 0xFF, 0x1F]))
    same_as_read_out(bytes(changed))


def test_names_and_dates_that_come_again_are_kept_once() -> None:
    reader = RowReader()
    first, second = reader.row(issued()[2].der), reader.row(issued()[3].der)
    assert first.issuer is second.issuer
    assert first.not_after is second.not_after
