"""The DER walker's edges: lengths, depth, and files made to cost time."""

from __future__ import annotations

import pytest

from trustdesk.formats.der import DerError, integer, object_identifier, read_element, read_whole
from trustdesk.formats.kinds import FileKind, kind_of


@pytest.mark.parametrize(
    ("data", "content"),
    [
        (b"\x04\x02ab", b"ab"),
        (b"\x04\x81\x02ab", b"ab"),
        (b"\x04\x00rest", b""),
        (b"\x1f\x81\x01\x01a", b"a"),
    ],
    ids=["short", "long form not minimal", "followed by more", "high tag number"],
)
def test_element_is_read(data: bytes, content: bytes) -> None:
    assert read_element(data).content == content


@pytest.mark.parametrize(
    "data",
    [b"", b"\x04", b"\x04\x02a", b"\x04\x82\x00", b"\x04\x89" + bytes(9), b"\x1f\x81", b"\x30\x80\x04\x00"],
)
def test_element_that_does_not_end_is_refused(data: bytes) -> None:
    with pytest.raises(DerError):
        read_element(data, indefinite=True)


def test_indefinite_length_is_read_where_it_is_allowed() -> None:
    data = b"\x30\x80\x04\x01a\x30\x80\x00\x00\x00\x00after"
    with pytest.raises(DerError):
        read_element(data)
    outer = read_element(data, indefinite=True)
    assert [child.tag for child in outer.children()] == [0x04, 0x30]
    assert data[outer.end :] == b"after"


@pytest.mark.parametrize(
    ("content", "dotted"),
    [("2a864886f70d01010b", "1.2.840.113549.1.1.11"), ("550403", "2.5.4.3"), ("883703", "2.999.3")],
)
def test_object_identifier(content: str, dotted: str) -> None:
    octets = bytes.fromhex(content)
    assert object_identifier(read_element(bytes([6, len(octets)]) + octets)) == dotted


@pytest.mark.parametrize("data", [b"\x06\x00", b"\x06\x01\x80", b"\x02\x00"])
def test_value_that_means_nothing_is_refused(data: bytes) -> None:
    element = read_element(data)
    with pytest.raises(DerError):
        (integer if data[0] == 2 else object_identifier)(element)


def test_bytes_after_the_element_are_refused() -> None:
    with pytest.raises(DerError):
        read_whole(b"\x30\x00\x00", 0x30)


@pytest.mark.parametrize(
    "data",
    [
        b"\x30\x80" * 4_000_000,
        b"\x30\x80" + b"\x30\x00" * 4_000_000,
        b"\x30\x83\x7a\x12\x00" + b"\x30\x00" * 4_000_000,
    ],
    ids=["deep", "wide without a length", "wide"],
)
def test_file_made_to_cost_time_is_no_certificate(data: bytes) -> None:
    assert kind_of(data) is FileKind.UNKNOWN
