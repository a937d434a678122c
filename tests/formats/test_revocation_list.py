from __future__ import annotations

import pytest
from cryptography import x509

from tests.support.pki import root
from tests.support.revocation_lists import der, entry, extension, revocation_list, revoked, signed_list
from trustdesk.formats.revocation_list import read_revocation_list

ONE = der(0x30, entry(b"\x01"))
NUMBER = extension(b"\x55\x1d\x14", b"\x02\x01\x05")


def test_a_list_whose_entries_nobody_looked_at_is_not_called_whole() -> None:
    facts = read_revocation_list(revocation_list(root(), [revoked(1)]))
    assert (facts.count, facts.entries_damaged, facts.is_damaged) == (1, None, True)
    assert not facts.structure_damaged
    assert not facts.extensions_damaged


@pytest.mark.parametrize(
    "crl",
    [
        signed_list(root(), ONE + ONE),
        signed_list(root(), b"\x31" + ONE[1:]),
        signed_list(root(), b"\x17" + ONE[1:], next_update=b""),
        signed_list(root(), b"\x17" + ONE[1:]),
        signed_list(root(), None, after=der(0xA0, der(0x30, NUMBER)) + ONE),
        signed_list(root(), ONE, after=b"\x30\x7f"),
        signed_list(root(), ONE, version=der(0x02, b"\1" * 9)),
        der(0x30, signed_list(root(), ONE)[4:], b"\x05\x00"),
        b"",
        b"\x30\x00",
    ],
    ids=[
        "two lists of entries",
        "entries under another tag",
        "entries under the tag of a date that is missing",
        "entries under the tag of a date",
        "entries after the extensions",
        "cut off",
        "a version that is too long to be one",
        "more than three parts",
        "nothing",
        "empty",
    ],
)
def test_a_part_out_of_place_makes_the_structure_damaged(crl: bytes) -> None:
    facts = read_revocation_list(crl)
    assert facts.structure_damaged
    assert facts.problems


@pytest.mark.parametrize(
    "after",
    [
        der(0xA0),
        der(0xA0, der(0x31, NUMBER)),
        der(0xA0, der(0x30, NUMBER), der(0x30, NUMBER)),
        der(0xA0, der(0x30, NUMBER, NUMBER)),
        der(0xA0, der(0x30, NUMBER, b"\x05\x00")),
        der(0xA0, der(0x30, extension(b"\x55\x1d\x1c", b"\x30\x02\x86\x00", critical=True))),
        der(0xA0, der(0x30, NUMBER, b"\x30\x7f")),
    ],
    ids=["empty", "no sequence", "two sequences", "doubled", "no extension", "undecodable scope", "cut off"],
)
def test_extensions_that_cannot_be_read_leave_the_scope_unknown(after: bytes) -> None:
    assert read_revocation_list(signed_list(root(), ONE, after=after)).extensions_damaged


def test_what_is_only_unusual_is_no_damage() -> None:
    scope = x509.IssuingDistributionPoint(None, None, False, True, None, False, False)
    crl = revocation_list(root(), [], extensions=[(scope, True), (x509.CRLNumber(7), False)])
    facts = read_revocation_list(crl + b"\n")
    assert (facts.structure_damaged, facts.extensions_damaged, facts.number, facts.count) == (
        False,
        False,
        7,
        0,
    )
    assert len(facts.problems) == 1
