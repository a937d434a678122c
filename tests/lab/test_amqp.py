"""AMQP 0-9-1 up to Connection.Start."""

from __future__ import annotations

import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.lab.amqp import MECHANISMS, PROTOCOL_HEADER, AmqpApplication, connection_start
from trustdesk.lab.application import Answer


def long_string(frame: bytes, offset: int) -> tuple[bytes, int]:
    (length,) = struct.unpack_from(">I", frame, offset)
    return frame[offset + 4 : offset + 4 + length], offset + 4 + length


def test_connection_start_is_one_well_formed_frame_with_the_mechanisms() -> None:
    frame = connection_start()
    kind, channel, size = struct.unpack_from(">BHI", frame)
    assert (kind, channel) == (1, 0)
    assert len(frame) == 7 + size + 1
    assert frame[-1] == 0xCE
    assert struct.unpack_from(">HHBB", frame, 7) == (10, 10, 0, 9)
    _, after_properties = long_string(frame, 13)
    mechanisms, after_mechanisms = long_string(frame, after_properties)
    locales, end = long_string(frame, after_mechanisms)
    assert (mechanisms, locales) == (MECHANISMS.encode(), b"en_US")
    assert end == len(frame) - 1


def test_header_is_answered_with_start_and_the_next_frame_ends_it() -> None:
    broker = AmqpApplication()
    assert broker.receive(PROTOCOL_HEADER) == Answer(connection_start(), complete=True)
    assert broker.receive(b"\x01") == Answer(close=True)


@pytest.mark.parametrize(
    "foreign", [b"AMQP\x03\x01\x00\x00", b"AMQP\x00\x01\x00\x00", b"GET / HTTP/1.1\r\n", b"X"]
)
def test_foreign_header_is_answered_with_our_own(foreign: bytes) -> None:
    assert AmqpApplication().receive(foreign) == Answer(PROTOCOL_HEADER, close=True)


@given(cuts=st.lists(st.integers(1, len(PROTOCOL_HEADER) - 1), max_size=4))
def test_header_in_pieces_is_the_same_header(cuts: list[int]) -> None:
    bounds = [0, *sorted(set(cuts)), len(PROTOCOL_HEADER)]
    broker = AmqpApplication()
    answers = [broker.receive(PROTOCOL_HEADER[start:end]) for start, end in pairwise(bounds)]
    assert answers[:-1] == [Answer()] * (len(answers) - 1)
    assert answers[-1].data == connection_start()
