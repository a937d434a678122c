from __future__ import annotations

import hashlib

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from tests.support.pki import root
from tests.support.revocation_lists import (
    der,
    entry,
    extension,
    issuer_of,
    revocation_list,
    revoked,
    signed_list,
)
from trustdesk.formats.revocation_entries import DecodedEntry, HeldEntries
from trustdesk.formats.revocation_index import RevocationIndex, index_chunks, open_index
from trustdesk.formats.revocation_list import read_revocation_list, revoked_certificates

REASON = der(0x30, extension(b"\x55\x1d\x15", b"\x0a\x01\x04"))
DATE = der(0x30, extension(b"\x55\x1d\x18", b"\x18\x0f20261001000000Z"))
UNKNOWN = der(0x30, extension(b"\x2a\x03\x04", b"\x05\x00", critical=True))
NAMED = der(
    0x30,
    extension(
        b"\x55\x1d\x1d",
        der(0x30, der(0xA4, root("First").certificate.subject.public_bytes())),
        critical=True,
    ),
)
LOST = der(0x30, extension(b"\x55\x1d\x1d", b"\x30\x00", critical=True))
EVERY_KIND = [
    entry(b"\x01"),
    entry(b"\x00\xff" * 10, REASON),
    entry(b"\xff", DATE),
    entry(b"\x01", date=b"\x18\x0f20511103093000Z"),
    entry(b"\x7f" * 200),
    entry(b"\x12\x34\x56\x78\x9a\xbc\xde\xf0", UNKNOWN),
    entry(b"\x99\x34\x56\x78\x9a\xbc\xde\xf0", NAMED),
    entry(b"\x01", REASON),
    entry(b"\x00\x01"),
    entry(b"\x77", b"\x30\x00"),
    entry(b"\x02"),
    entry(b"\x03", LOST),
    entry(b"\x04"),
    entry(b"\x05", NAMED),
    entry(b"\x06"),
]


def indexed(crl: bytes) -> RevocationIndex:
    facts = read_revocation_list(crl)
    index = b"".join(index_chunks(revoked_certificates(facts, crl), facts.sha256, lambda _part: None))
    opened = open_index(index, crl, facts.sha256)
    assert opened is not None
    return opened


def held(crl: bytes) -> HeldEntries:
    return HeldEntries(revoked_certificates(read_revocation_list(crl), crl))


def test_an_index_says_the_same_as_the_list_that_is_held() -> None:
    crl = signed_list(root(), der(0x30, *EVERY_KIND))
    ours, whole = indexed(crl), held(crl)
    assert list(ours.decoded(0, 100)) == list(whole.decoded(0, 100))
    assert (ours.count, ours.damaged, ours.unhandled) == (len(EVERY_KIND), whole.damaged, whole.unhandled)
    assert ours.names_others is whole.names_others is True
    assert whole.damaged == 4  # from the entry that may have named another issuer to the next name
    serials = {one.entry.serial_number for one in whole.decoded(0, 100) if one.entry}
    for serial in serials | {"8", "-2", "no number", ""}:
        assert list(ours.entries_of(serial)) == list(whole.entries_of(serial))


@given(st.lists(st.sampled_from(EVERY_KIND), max_size=12), st.data())
def test_whatever_is_changed_the_index_and_the_held_list_agree(
    kinds: list[bytes], data: st.DataObject
) -> None:
    body = bytearray(b"".join(kinds))
    if body:
        position = data.draw(st.integers(0, len(body) - 1))
        body[position] ^= data.draw(st.integers(0, 255))
    crl = signed_list(root(), der(0x30, bytes(body)))
    ours, whole = indexed(crl), held(crl)
    found: list[DecodedEntry] = list(whole.decoded(0, 100))
    assert list(ours.decoded(0, 100)) == found[: ours.count]
    assert all(one.entry is None for one in found[ours.count :])  # where no entry can be told apart
    assert (ours.damaged, ours.unhandled, ours.names_others) == (
        whole.damaged,
        whole.unhandled,
        whole.names_others,
    )
    for one in found:
        if one.entry is not None:
            serial = one.entry.serial_number
            assert list(ours.entries_of(serial)) == list(whole.entries_of(serial))


def test_many_entries_are_found_each() -> None:
    crl = revocation_list(root(), [revoked(number * 0x1_0000_0001 + 1) for number in range(3_000)])
    ours = indexed(crl)
    for position in (0, 1, 1_499, 2_999):
        serial = f"{position * 0x1_0000_0001 + 1:x}"
        assert [one.entry.position for one in ours.entries_of(serial) if one.entry] == [position]
    assert not list(ours.entries_of(f"{5_000 * 0x1_0000_0001 + 1:x}"))


def test_serial_numbers_with_the_same_end_are_told_apart() -> None:
    same_end = [(high << 64) + 5 for high in range(1, 40)]
    ours = indexed(revocation_list(root(), [revoked(number) for number in same_end]))
    assert [one.entry.position for one in ours.entries_of(f"{same_end[7]:x}") if one.entry] == [7]
    assert not list(ours.entries_of(f"{(99 << 64) + 5:x}"))


def test_an_indirect_list_keeps_whose_each_entry_is() -> None:
    other = issuer_of(root("Other"))
    entries = [revoked(1), revoked(2, extensions=[other]), *(revoked(number) for number in range(3, 9))]
    ours = indexed(revocation_list(root(), entries))
    assert [one.issuers for one in ours.decoded(0, 3)] == [None, ("CN=Other",), ("CN=Other",)]
    assert next(ours.entries_of("8")).issuers == ("CN=Other",)


@pytest.fixture(scope="module")
def made() -> tuple[bytes, bytes, str]:
    crl = revocation_list(root(), [revoked(number, x509.ReasonFlags.superseded) for number in range(1, 9)])
    sha256 = hashlib.sha256(crl).hexdigest()
    revoked_list = revoked_certificates(read_revocation_list(crl), crl)
    return b"".join(index_chunks(revoked_list, sha256, lambda _part: None)), crl, sha256


@given(data=st.data())
def test_a_changed_index_is_not_opened(data: st.DataObject, made: tuple[bytes, bytes, str]) -> None:
    index, crl, sha256 = made
    changed = bytearray(index)
    changed[data.draw(st.integers(0, len(index) - 1))] ^= data.draw(st.integers(1, 255))
    assert open_index(bytes(changed), crl, sha256) is None
    assert open_index(index[: data.draw(st.integers(0, len(index) - 1))], crl, sha256) is None


def test_an_index_of_another_list_or_another_form_is_not_opened(made: tuple[bytes, bytes, str]) -> None:
    index, crl, sha256 = made
    assert open_index(index, crl, sha256) is not None
    assert open_index(index, crl, "0" * 64) is None
    for foreign in (b"TDCRLIX0" + index[8:-32], index[:12] + b"[" + index[13:-32], index[:-32] + b"more"):
        assert open_index(foreign + hashlib.sha256(foreign).digest(), crl, sha256) is None


def test_it_is_said_how_far_it_is() -> None:
    crl = revocation_list(root(), [revoked(1)])
    parts: list[float] = []
    list(index_chunks(revoked_certificates(read_revocation_list(crl), crl), "0" * 64, parts.append))
    assert parts == sorted(parts)
    assert parts[-1] == 1.0
