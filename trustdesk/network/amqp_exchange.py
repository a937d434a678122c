"""The first words with an AMQP listener: our protocol header, and what it offers.

Nothing is opened and no credentials are tried: the connection ends after the server's first frame.

Source: AMQP 0-9-1, 4.2.2 (protocol header), 4.2.3 (frames), 1.4.2.1 (Connection.Start).
"""

from __future__ import annotations

from trustdesk.core.probe import AmqpFacts
from trustdesk.core.untrusted import bounded

MAX_FRAME = 128 * 1024
"""Payload bytes of a first frame that are accepted."""

_HEADER = b"AMQP\x00\x00\x09\x01"
_FRAME_HEADER = 7
_METHOD_FRAME = 1
_FRAME_END = 0xCE
_CONNECTION_START = b"\x00\x0a\x00\x0a"
_MAX_MECHANISMS = 50


class AmqpExchange:
    """Asks for AMQP 0-9-1 and reads Connection.Start, or the header of the version that the server speaks.

    Attributes:
        facts: what it said; None until it did.
        broken: why the answer is not AMQP; None while it may be.
    """

    def __init__(self) -> None:
        self._buffer = b""
        self.facts: AmqpFacts | None = None
        self.broken: str | None = None

    @property
    def is_answered(self) -> bool:
        """Whether it said enough."""
        return self.facts is not None

    def request(self) -> bytes:
        """Return the protocol header to send."""
        return _HEADER

    def receive(self, data: bytes) -> None:
        """Take application data."""
        if self.facts is not None or self.broken is not None:
            return
        self._buffer += data
        start = self._buffer[: len(_HEADER)]
        if start[:4] == b"AMQP"[: len(start)]:
            if len(start) == len(_HEADER):
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


def _version(header: bytes) -> str | None:
    """Read a counter-proposal: `AMQP`, protocol id, major, minor, revision."""
    if header[4:] == _HEADER[4:]:
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
    return tuple(bounded(word, 100) for word in text.decode("utf-8", "replace").split()[:_MAX_MECHANISMS])
