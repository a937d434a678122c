"""BER into DER: the same values, definite lengths, and nothing endless."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from tests.support import pki
from tests.support.reader_files import with_indefinite_lengths
from trustdesk.formats.ber import octets, to_der, write_element
from trustdesk.formats.der import DerError, count_children, read_element, small_integer, whole_children


def test_der_stays_as_it_is() -> None:
    der = pki.root().der
    assert to_der(der) == der


def test_ber_becomes_the_der_it_came_from() -> None:
    der = pkcs7.serialize_certificates([pki.root().certificate], Encoding.DER)
    ber = with_indefinite_lengths(der)
    assert ber != der
    assert to_der(ber) == der


def test_lengths_become_minimal() -> None:
    assert to_der(bytes.fromhex("30 83 000005 04 82 0001 61")) == bytes.fromhex("30 03 04 01 61")


@pytest.mark.parametrize(
    ("size", "head"), [(0, "3000"), (127, "307f"), (128, "308180"), (65_536, "3083010000")]
)
def test_an_element_is_written_as_der(size: int, head: str) -> None:
    assert write_element(0x30, b"a" * size, b"") == bytes.fromhex(head) + b"a" * size


def test_high_tag_numbers_keep_their_identifier() -> None:
    data = bytes.fromhex("30 05 9f8101 01 61".replace(" ", ""))
    assert to_der(data) == data


def test_segments_inside_segments_are_joined() -> None:
    data = bytes.fromhex("24 80 24 80 04 01 61 04 01 62 00 00 04 01 63 00 00")
    assert octets(read_element(data, indefinite=True)) == b"abc"
    assert to_der(data) == b"\x04\x03abc"


@pytest.mark.parametrize(
    "data",
    [b"\x24\x80" * 200, b"\x30\x80" * 100_000, b"\x30\x80" + b"\x05\x00" * 300_000 + b"\0\0", b"\x30\x80"],
)
def test_endless_nesting_is_refused(data: bytes) -> None:
    with pytest.raises(DerError):
        to_der(data)


def test_elements_before_damage_are_kept_with_its_offset() -> None:
    found, damaged_at = whole_children(read_element(bytes.fromhex("30 07 0500 0101ff 02ff")))
    assert [element.tag for element in found] == [0x05, 0x01]
    assert damaged_at == 7


def test_counting_refuses_an_element_over_the_end() -> None:
    with pytest.raises(DerError):
        count_children(read_element(bytes.fromhex("30 03 02 05 01")))
    assert count_children(read_element(bytes.fromhex("30 05 02 01 01 05 00"))) == 2


def test_small_integer_takes_no_large_one() -> None:
    assert small_integer(read_element(b"\x02\x01\xff")) == -1
    with pytest.raises(DerError):
        small_integer(read_element(b"\x02\x09" + b"\x01" * 9))


def test_wide_and_deep_ber_is_refused_before_it_is_scanned_again_and_again() -> None:
    level = b"\x05\x00" * 3_000
    data = b"".join(b"\x30\x80" + level for _ in range(50)) + b"\0\0" * 50
    with pytest.raises(DerError):
        read_element(data, indefinite=True)


def test_tag_number_without_end_is_refused() -> None:
    with pytest.raises(DerError):
        read_element(b"\x1f" + b"\xff" * 100_000)
