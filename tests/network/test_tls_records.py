"""Cutting a stream into records, whatever its pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.network.tls_records import MAX_PAYLOAD, NotTlsError, RecordCutter

RECORDS = st.lists(
    st.builds(
        lambda kind, minor, payload: bytes([kind, 3, minor]) + len(payload).to_bytes(2, "big") + payload,
        st.integers(20, 24),
        st.integers(0, 4),
        st.binary(max_size=40),
    ),
    max_size=8,
)


def record(payload: bytes, kind: int = 22) -> bytes:
    return bytes([kind, 3, 3]) + len(payload).to_bytes(2, "big") + payload


@given(RECORDS, st.data())
def test_any_pieces_of_a_stream_give_the_same_records(records: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(records)
    cutter = RecordCutter()
    cut: list[bytes] = []
    position = 0
    while position < len(stream):
        length = data.draw(st.integers(1, len(stream) - position))
        cut += cutter.feed(stream[position : position + length])
        position += length
    assert cut == records
    assert cutter.pending == b""


def test_unfinished_record_is_pending() -> None:
    cutter = RecordCutter()
    whole = record(b"abc")
    assert cutter.feed(whole + whole[:6]) == [whole]
    assert cutter.pending == whole[:6]
    assert cutter.feed(whole[6:]) == [whole]


@pytest.mark.parametrize(
    "banner",
    [
        pytest.param(b"HTTP/1.1 400 Bad Request\r\n", id="http"),
        pytest.param(b"SSH-2.0-OpenSSH_9.2\r\n", id="ssh"),
        pytest.param(b"220 mail.example ESMTP\r\n", id="smtp"),
        pytest.param(b"AMQP\x00\x00\x09\x01", id="amqp"),
        pytest.param(b"\x19\x03\x03\x00\x00", id="content type beyond heartbeat"),
        pytest.param(b"\x16\x02\x00\x00\x01\x00", id="major version 2"),
        pytest.param(b"\x16\x03\x03" + (MAX_PAYLOAD + 1).to_bytes(2, "big"), id="one byte too long"),
        pytest.param(b"\x13", id="wrong in the first byte already"),
    ],
)
def test_what_is_no_record_is_told_at_once_with_its_bytes(banner: bytes) -> None:
    with pytest.raises(NotTlsError) as caught:
        RecordCutter().feed(banner)
    assert caught.value.first_bytes == banner
    assert caught.value.records == ()


def test_longest_record_of_any_version_is_taken() -> None:
    longest = record(bytes(MAX_PAYLOAD))
    assert RecordCutter().feed(longest) == [longest]


def test_records_before_garbage_come_with_the_error() -> None:
    good = record(b"hello")
    with pytest.raises(NotTlsError) as caught:
        RecordCutter().feed(good + good + b"garbage")
    assert caught.value.records == (good, good)
    assert caught.value.first_bytes == b"garbage"


def test_kept_bytes_of_garbage_are_bounded() -> None:
    cutter = RecordCutter()
    for _ in range(3):
        with pytest.raises(NotTlsError) as caught:
            cutter.feed(b"x" * 100_000)
        assert caught.value.first_bytes == b"x" * 4096
    assert len(cutter.pending) == 4096
