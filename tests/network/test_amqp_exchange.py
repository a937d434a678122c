from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.core.probe import AmqpFacts
from trustdesk.network.amqp_exchange import AmqpDialect, AmqpExchange


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


# -- AMQP 1.0 -------------------------------------------------------------------------------------------

SASL = b"AMQP\x03\x01\x00\x00"
DESCRIPTOR = b"\x00\x53\x40"


def sasl_frame(body: bytes, offset: int = 2) -> bytes:
    header = bytes([offset, 1, 0, 0]) + bytes(4 * (offset - 2))
    return (4 + len(header) + len(body)).to_bytes(4, "big") + header + body


def described(field: bytes, descriptor: bytes = DESCRIPTOR) -> bytes:
    return descriptor + b"\xc0" + bytes([len(field) + 1, 1]) + field


def symbols(*names: bytes) -> bytes:
    items = b"".join(bytes([len(name)]) + name for name in names)
    return b"\xe0" + bytes([len(items) + 2, len(names)]) + b"\xa3" + items


def sasl_heard(*parts: bytes) -> AmqpExchange:
    exchange = AmqpExchange(AmqpDialect.V_1_0)
    for part in parts:
        exchange.receive(part)
    return exchange


def test_request_of_1_0_is_the_header_of_its_sasl_layer() -> None:
    assert AmqpExchange(AmqpDialect.V_1_0).request() == SASL


@pytest.mark.parametrize(
    ("body", "mechanisms"),
    [
        (described(symbols(b"PLAIN", b"EXTERNAL")), ("PLAIN", "EXTERNAL")),
        (described(b"\xa3\x08EXTERNAL"), ("EXTERNAL",)),
        (described(b"\xb3\x00\x00\x00\x08EXTERNAL"), ("EXTERNAL",)),
        (described(symbols(b"EXTERNAL"), b"\x00\x80" + bytes(7) + b"\x40"), ("EXTERNAL",)),
        (DESCRIPTOR + b"\xd0\x00\x00\x00\x0e\x00\x00\x00\x01\xa3\x08EXTERNAL", ("EXTERNAL",)),
        (
            described(b"\xf0\x00\x00\x00\x11\x00\x00\x00\x01\xb3\x00\x00\x00\x08EXTERNAL"),
            ("EXTERNAL",),
        ),
        (described(symbols()), ()),
    ],
)
def test_sasl_frame_names_the_mechanisms(body: bytes, mechanisms: tuple[str, ...]) -> None:
    frame = sasl_frame(body)
    assert sasl_heard(SASL + frame).facts == AmqpFacts(version="1.0", mechanisms=mechanisms)
    in_bytes = (bytes([byte]) for byte in SASL + sasl_frame(body, offset=3))
    assert sasl_heard(*in_bytes).facts == AmqpFacts(version="1.0", mechanisms=mechanisms)


@pytest.mark.parametrize("header", [b"AMQP\x00\x00\x09\x01", b"AMQP\x00\x01\x00\x00"])
def test_another_header_than_that_of_the_sasl_layer_names_the_version_alone(header: bytes) -> None:
    exchange = sasl_heard(header)
    assert exchange.is_answered
    assert exchange.facts is not None
    assert exchange.facts.mechanisms == ()


@pytest.mark.parametrize(
    "frame",
    [
        b"\x00\x00\x00\x08\x02\x00\x00\x00",
        b"\x00\x00\x00\x07\x02\x01\x00\x00",
        b"\xff\xff\xff\xff\x02\x01\x00\x00",
        sasl_frame(b""),
        sasl_frame(b"\x00\x53\x41\x45"),
        sasl_frame(DESCRIPTOR + b"\x45"),
        sasl_frame(described(b"\xe0\x10\x02\xa3\x08EXTER")),
        sasl_frame(described(b"\xa1\x08EXTERNAL")),
    ],
)
def test_frame_that_names_no_mechanisms_is_broken(frame: bytes) -> None:
    exchange = sasl_heard(SASL + frame)
    assert exchange.broken is not None
    assert exchange.facts is None


@given(st.lists(st.binary(max_size=80), max_size=4))
def test_nothing_that_comes_in_the_sasl_layer_raises(parts: list[bytes]) -> None:
    exchange = sasl_heard(SASL, *parts)
    assert exchange.facts is None or exchange.broken is None
