"""Servers that do not do TLS as the RFC has it."""

from __future__ import annotations

import os
import socket
import struct
from abc import abstractmethod

from OpenSSL import SSL

from trustdesk.lab.application import Application
from trustdesk.lab.connection import BoundedConnection, Crowd

GARBAGE = bytes.fromhex("c0ffee") * 32
"""What follows the ServerHello; no TLS record begins with that byte."""

_RECORD_HEADER = 5
_HANDSHAKE_RECORD = 22
_MAX_RECORD = 16_384 + 256


class PlainConnection(BoundedConnection):
    """Speaks an application protocol without TLS."""

    def __init__(self, crowd: Crowd, application: Application) -> None:
        super().__init__(crowd)
        self._application = application

    def received(self, data: bytes) -> None:
        """Answer at once."""
        answer = self._application.receive(data)
        self.transport.write(answer.data)
        if answer.close:
            self.finish()
        elif answer.complete:
            self.start_phase()


class StallingConnection(BoundedConnection):
    """Takes everything and never answers, until the client goes or its time is up."""

    def received(self, data: bytes) -> None:
        """Drop it."""


class HelloConnection(BoundedConnection):
    """Waits until the client's first record is complete, and does one thing then."""

    def __init__(self, crowd: Crowd) -> None:
        super().__init__(crowd)
        self._first_record = bytearray()
        self._answered = False

    @abstractmethod
    def hello_complete(self, first_record: bytes) -> None:
        """The first record is here, or so much else that none will come of it."""

    def received(self, data: bytes) -> None:
        """Collect the first record."""
        if self._answered:
            return
        self._first_record += data
        if _first_record_is_complete(self._first_record):
            self._answered = True
            self.hello_complete(bytes(self._first_record))


class ResettingConnection(HelloConnection):
    """Answers the ClientHello with RST."""

    def hello_complete(self, first_record: bytes) -> None:  # noqa: ARG002 - what it says does not matter
        """Cut the connection off with RST."""
        client: socket.socket | None = self.transport.get_extra_info("socket")
        if client is not None:
            # Closing with a linger time of zero sends RST instead of FIN; Windows packs two shorts.
            linger = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.transport.abort()


class GarbageConnection(HelloConnection):
    """Answers the ClientHello with a true ServerHello, and then with bytes that are no record."""

    def __init__(self, crowd: Crowd, context: SSL.Context) -> None:
        super().__init__(crowd)
        self._tls = SSL.Connection(context, None)
        self._tls.set_accept_state()

    def hello_complete(self, first_record: bytes) -> None:
        """Send the first record of OpenSSL's answer, and garbage."""
        self._tls.bio_write(first_record)
        try:
            self._tls.do_handshake()
        except SSL.WantReadError:
            flight = self._tls.bio_read(_MAX_RECORD)
            end_of_record = _RECORD_HEADER + int.from_bytes(flight[3:5], "big")
            self.transport.write(flight[:end_of_record] + GARBAGE)
            self.start_phase(self._crowd.limits.linger_s)
        except SSL.Error:  # not a ClientHello
            self.finish()


def _first_record_is_complete(received: bytearray) -> bool:
    if len(received) < _RECORD_HEADER:
        return False
    length = min(int.from_bytes(received[3:5], "big"), _MAX_RECORD)
    return received[0] != _HANDSHAKE_RECORD or len(received) >= _RECORD_HEADER + length
