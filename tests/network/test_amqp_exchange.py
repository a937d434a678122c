from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.core.probe import AmqpFacts
from trustdesk.network.amqp_exchange import AmqpExchange


def connection_start(mechanisms: bytes = b"PLAIN EXTERNAL", table: bytes = b"") -> bytes:
    payload = b"\x00\x0a\x00\x0a\x00\x09" + len(table).to_bytes(4, "big") + table
    payload += len(mechanisms).to_bytes(4, "big") + mechanisms + b"\x00\x00\x00\x05en_US"
    return b"\x01\x00\x00" + len(payload).to_bytes(4, "big") + payload + b"\xce"


def heard(*parts: bytes) -> AmqpExchange:
    exchange = AmqpExchange()
    for part in parts:
        exchange.receive(part)
    return exchange


def test_request_is_the_header_of_0_9_1() -> None:
    assert AmqpExchange().request() == b"AMQP\x00\x00\x09\x01"


def test_connection_start_names_the_mechanisms() -> None:
    facts = heard(connection_start(table=b"\x07productS\x00\x00\x00\x01x")).facts
    assert facts == AmqpFacts(version="0-9-1", mechanisms=("PLAIN", "EXTERNAL"))


def test_connection_start_in_single_bytes_gives_the_same_facts() -> None:
    frame = connection_start()
    assert heard(*(bytes([byte]) for byte in frame)).facts == heard(frame).facts


@pytest.mark.parametrize(
    ("header", "version"),
    [
        (b"AMQP\x00\x01\x00\x00", "1.0"),
        (b"AMQP\x03\x01\x00\x00", "1.0"),
        (b"AMQP\x00\x00\x09\x01", "0-9-1"),
        (b"AMQP\x01\x01\x08\x00", None),
    ],
)
def test_counter_header_names_the_version(header: bytes, version: str | None) -> None:
    exchange = heard(header[:3], header[3:])
    assert exchange.is_answered
    assert exchange.facts == AmqpFacts(version=version)


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x01\x00\x00\x7f\xff\xff\xff",
        b"\x01\x00\x00\x00\x00\x00\x04\x00\x0a\x00\x0b\xce",
        connection_start()[:-1] + b"\x00",
        b"\x01\x00\x00\x00\x00\x00\x0a\x00\x0a\x00\x0a\x00\x09\xff\xff\xff\xff\xce",
    ],
)
def test_what_is_no_amqp_is_broken(data: bytes) -> None:
    exchange = heard(data)
    assert exchange.broken
    assert exchange.facts is None


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=6))
def test_no_bytes_make_it_raise(parts: list[bytes]) -> None:
    heard(*parts)
    heard(connection_start()[:-3], *parts)
