"""What the AMQPS server says first: Connection.Start of AMQP 0-9-1, with its SASL mechanisms.

Source: AMQP 0-9-1, sections 1.4.2.1 (connection.start), 2.3.5 (frames), 4.2.2 (protocol header).
"""

from __future__ import annotations

import struct

from trustdesk.lab.application import Answer

PROTOCOL_HEADER = b"AMQP\x00\x00\x09\x01"
MECHANISMS = "PLAIN EXTERNAL"

_METHOD_FRAME, _FRAME_END = 1, 0xCE
_CONNECTION_CLASS, _START_METHOD = 10, 10


class AmqpApplication:
    """A broker up to its first frame; whatever a client answers to that ends the connection."""

    def __init__(self) -> None:
        self._header = b""
        self._started = False

    def receive(self, data: bytes) -> Answer:
        """Take bytes of the client; a foreign protocol header is answered with the one spoken here."""
        if self._started:
            return Answer(close=True)
        self._header += data[: len(PROTOCOL_HEADER)]
        if not PROTOCOL_HEADER.startswith(self._header[: len(PROTOCOL_HEADER)]):
            return Answer(PROTOCOL_HEADER, close=True)
        if len(self._header) < len(PROTOCOL_HEADER):
            return Answer()
        self._started = True
        return Answer(connection_start(), complete=True)


def connection_start() -> bytes:
    """Return the frame in which the broker names its version, itself, its mechanisms and locales."""
    properties = _table_entry("product", "trustdesk lab") + _table_entry("platform", "Python")
    payload = b"".join(
        (
            struct.pack(">HHBB", _CONNECTION_CLASS, _START_METHOD, 0, 9),
            _long_string(properties),
            _long_string(MECHANISMS.encode()),
            _long_string(b"en_US"),
        )
    )
    return struct.pack(">BHI", _METHOD_FRAME, 0, len(payload)) + payload + bytes((_FRAME_END,))


def _table_entry(name: str, value: str) -> bytes:
    return bytes((len(name),)) + name.encode() + b"S" + _long_string(value.encode())


def _long_string(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value
