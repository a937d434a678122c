"""The first words with an AMQP listener: our protocol header, and what it offers.

Nothing is opened and no credentials are tried: the connection ends after the server's first frame.

A listener that speaks the other protocol answers with its own header and ends the connection.

Sources: AMQP 0-9-1, 4.2.2 (protocol header), 4.2.3 (frames), 1.4.2.1 (Connection.Start). AMQP 1.0, 1.6
(encoding), 2.3 (frames), 5.3.2, 5.3.3.1 (SASL header, sasl-mechanisms).
"""

from __future__ import annotations

from enum import StrEnum

from trustdesk.core.probe import AmqpFacts
from trustdesk.core.untrusted import bounded

MAX_FRAME = 128 * 1024
"""Payload bytes of a first frame that are accepted."""


class AmqpDialect(StrEnum):
    """The protocols of that name; 1.0 is asked for with its SASL layer."""

    V_0_9_1 = "0-9-1"
    V_1_0 = "1.0"


_HEADERS = {
    AmqpDialect.V_0_9_1: b"AMQP\x00\x00\x09\x01",
    AmqpDialect.V_1_0: b"AMQP\x03\x01\x00\x00",
}
_HEADER = 8
_FRAME_HEADER = 7
_SASL_FRAME_HEADER = 8
_SASL_FRAME = 1
_MECHANISMS_DESCRIPTORS = (b"\x00\x53\x40", b"\x00\x80\x00\x00\x00\x00\x00\x00\x00\x40")
_METHOD_FRAME = 1
_FRAME_END = 0xCE
_CONNECTION_START = b"\x00\x0a\x00\x0a"
_MAX_MECHANISMS = 50


class AmqpExchange:
    """Asks for one protocol and reads the mechanisms, or the header of the version that the server speaks.

    Attributes:
        facts: what it said; None until it did.
        broken: why the answer is not AMQP; None while it may be.
    """

    def __init__(self, dialect: AmqpDialect = AmqpDialect.V_0_9_1) -> None:
        self._dialect = dialect
        self._buffer = b""
        self.facts: AmqpFacts | None = None
        self.broken: str | None = None

    @property
    def is_answered(self) -> bool:
        """Whether it said enough."""
        return self.facts is not None

    def request(self) -> bytes:
        """Return the protocol header to send."""
        return _HEADERS[self._dialect]

    def receive(self, data: bytes) -> None:
        """Take application data."""
        if self.facts is not None or self.broken is not None:
            return
        self._buffer += data
        start = self._buffer[:_HEADER]
        if start[:4] == b"AMQP"[: len(start)]:
            if len(start) < _HEADER:
                return
            if self._dialect is AmqpDialect.V_1_0 and start == _HEADERS[self._dialect]:
                self._read_sasl_frame(self._buffer[_HEADER:])
            else:
                self.facts = AmqpFacts(version=_version(start))
            return
        self._read_frame()

    def summary(self) -> tuple[str, str]:
        """Return the answer's name in the timeline, and its detail."""
        facts = self.facts or AmqpFacts()
        name = "amqp_start" if facts.mechanisms else "amqp_header"
        return name, f"AMQP {facts.version}" if facts.version else "AMQP of another version"

    def _read_frame(self) -> None:
        buffer = self._buffer
        if buffer[0] != _METHOD_FRAME:
            self.broken = f"first byte 0x{buffer[0]:02x} begins no AMQP frame"
            return
        if len(buffer) < _FRAME_HEADER:
            return
        size = int.from_bytes(buffer[3:_FRAME_HEADER], "big")
        if size > MAX_FRAME:
            self.broken = f"first frame of {size} bytes"
            return
        if len(buffer) < _FRAME_HEADER + size + 1:
            return
        payload = buffer[_FRAME_HEADER : _FRAME_HEADER + size]
        mechanisms = _mechanisms(payload) if buffer[_FRAME_HEADER + size] == _FRAME_END else None
        if mechanisms is None:
            self.broken = "first frame is no Connection.Start"
        else:
            self.facts = AmqpFacts(version="0-9-1", mechanisms=mechanisms)

    def _read_sasl_frame(self, buffer: bytes) -> None:
        """Read the frame after the header: size, data offset in words, type, and its performative."""
        if len(buffer) < _SASL_FRAME_HEADER:
            return
        size, offset = int.from_bytes(buffer[:4], "big"), buffer[4] * 4
        if buffer[5] != _SASL_FRAME or not _SASL_FRAME_HEADER <= offset <= size <= MAX_FRAME:
            self.broken = "what follows the header is no SASL frame"
        elif len(buffer) >= size:
            mechanisms = sasl_mechanisms(buffer[offset:size])
            if mechanisms is None:
                self.broken = "first SASL frame names no mechanisms"
            else:
                self.facts = AmqpFacts(version="1.0", mechanisms=mechanisms)


def _version(header: bytes) -> str | None:
    """Read a counter-proposal: `AMQP`, protocol id, major, minor, revision."""
    if header == _HEADERS[AmqpDialect.V_0_9_1]:
        return "0-9-1"
    return "1.0" if header[5:] == b"\x01\x00\x00" else None


def _mechanisms(payload: bytes) -> tuple[str, ...] | None:
    """Read Connection.Start: two bytes of version, a table, then the mechanisms as one long string."""
    if payload[:4] != _CONNECTION_START:
        return None
    table_at = 6
    table_size = int.from_bytes(payload[table_at : table_at + 4], "big")
    text_at = table_at + 4 + table_size
    text_size = int.from_bytes(payload[text_at : text_at + 4], "big")
    text = payload[text_at + 4 : text_at + 4 + text_size]
    if len(payload) < text_at + 4 + text_size:
        return None
    return _names(text.split())


def sasl_mechanisms(body: bytes) -> tuple[str, ...] | None:
    """Read sasl-mechanisms: a described list, whose first field is one symbol or an array of them.

    Returns:
        None when it is something else, or cut short.
    """
    descriptor = next((one for one in _MECHANISMS_DESCRIPTORS if body.startswith(one)), None)
    if descriptor is None:
        return None
    rest = body[len(descriptor) :]
    width = {0xC0: 1, 0xD0: 4}.get(rest[0]) if rest else None
    if width is None:
        return None
    field = rest[1 + 2 * width :]  # after the list's size and count
    symbol = _symbol(field)
    if symbol is not None:
        return _names([symbol])
    return _symbols(field)


def _symbol(field: bytes) -> bytes | None:
    width = {0xA3: 1, 0xB3: 4}.get(field[0]) if field else None
    if width is None:
        return None
    size = int.from_bytes(field[1 : 1 + width], "big")
    text = field[1 + width : 1 + width + size]
    return text if len(text) == size else None


def _symbols(field: bytes) -> tuple[str, ...] | None:
    """Read an array: its size, count and constructor once, then the symbols without theirs."""
    width = {0xE0: 1, 0xF0: 4}.get(field[0]) if field else None
    if width is None or len(field) < 2 + 2 * width:
        return None
    count = int.from_bytes(field[1 + width : 1 + 2 * width], "big")
    constructor, items = field[1 + 2 * width : 2 + 2 * width], field[2 + 2 * width :]
    found = []
    for _ in range(min(count, _MAX_MECHANISMS)):
        symbol = _symbol(constructor + items)
        if symbol is None:
            return None
        found.append(symbol)
        items = items[(1 if constructor == b"\xa3" else 4) + len(symbol) :]
    return _names(found)


def _names(words: list[bytes]) -> tuple[str, ...]:
    return tuple(bounded(word.decode("utf-8", "replace"), 100) for word in words[:_MAX_MECHANISMS])
