"""Moves bytes between a socket and the machine, and says when something has changed.

Neither streams nor transports of asyncio: a stream reader throws away what it has buffered when a reset
comes (11 of 50 alerts of RabbitMQ were lost), and a transport stops reading as soon as one send fails. A
server that refuses a client certificate sends its alert and a reset while we write, so here a failed send
only ends the sending, and reading goes on until the stream itself ends.

What raises in the loop's callback would only be logged there, and the probe would look like one of a server
that stays silent: it is kept, and raised to whoever waits.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from enum import StrEnum

from trustdesk.network.machine import TlsClientMachine

_READ = 1 << 14
"""Bytes of one read. A peer that sends one byte a record costs 15 µs for every 23 bytes: 11 ms a read."""


class StreamEnd(StrEnum):
    """How the peer's half of the connection ended."""

    CLOSED = "closed"
    RESET = "reset"
    TOO_MUCH = "too_much"


class Driver:
    """One socket and one machine, on the running loop.

    Attributes:
        machine: the TLS client that it feeds.
        ended: how reading ended; None while it goes on.
        end_detail: the system's own words where `ended` is RESET; None otherwise.
        received_bytes: bytes that came from the peer.
    """

    def __init__(
        self,
        connected: socket.socket,
        machine: TlsClientMachine,
        *,
        max_bytes: int,
        on_progress: Callable[[], None],
    ) -> None:
        """Take over a connected, non-blocking socket.

        Args:
            max_bytes: most bytes to read from the peer; more ends it as TOO_MUCH.
            on_progress: called after the machine has worked, and when the stream has ended.
        """
        self.machine = machine
        self.ended: StreamEnd | None = None
        self.end_detail: str | None = None
        self.received_bytes = 0
        self._socket = connected
        self._max_bytes = max_bytes
        self._on_progress = on_progress
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self._waiting = b""
        self._send_error: OSError | None = None
        self._is_open = True
        self._watches_writing = False
        self._fault: Exception | None = None

    def start(self) -> None:
        """Send the ClientHello and begin to read."""
        self._loop.add_reader(self._socket, self._readable)
        self.machine.start()
        self.moved()

    def moved(self) -> None:
        """Send what the machine put out; to be called after each call of the machine from outside."""
        self._waiting += self.machine.take_output()
        self._send()
        self._on_progress()
        self._changed.set()

    async def change(self) -> None:
        """Wait until something came, or the stream ended, since the last call.

        Raises:
            Exception: what `require_sound` raises.
        """
        await self._changed.wait()
        self._changed.clear()
        self.require_sound()

    def require_sound(self) -> None:
        """Raise again what was raised while what came was read: a fault of ours, and no silence.

        Raises:
            Exception: whatever it was.
        """
        if self._fault is not None:
            raise self._fault

    def close(self) -> bool:
        """Close the socket at once; return whether it was still open."""
        if not self._is_open:
            return False
        self._is_open = False
        # The owner holds the driver: without this, every probe would leave a cycle of some 200 objects,
        # and the collector would stop all threads for 40 ms during a sweep.
        self._on_progress = _nobody
        self._loop.remove_reader(self._socket)
        self._watch_writing(False)
        self._socket.close()
        return True

    def _readable(self) -> None:
        try:
            self._read()
        except Exception as error:  # noqa: BLE001 - the loop's edge: raised again where it is waited for
            self._fault = error
            self._on_progress = _nobody
            self._loop.remove_reader(self._socket)
            self._changed.set()

    def _read(self) -> None:
        try:
            data = self._socket.recv(_READ)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._end(StreamEnd.RESET, _words(error))
            return
        if not data:
            # A reset is told once, and to whoever asks first: the send that failed may have had it.
            reset = self._send_error if isinstance(self._send_error, ConnectionResetError) else None
            if reset is None:
                self._end(StreamEnd.CLOSED)
            else:
                self._end(StreamEnd.RESET, _words(reset))
            return
        self._acknowledge()
        self.received_bytes += len(data)
        self.machine.receive(data)
        self.moved()
        if self.received_bytes > self._max_bytes:
            self._end(StreamEnd.TOO_MUCH)

    def _acknowledge(self) -> None:
        """Let the system acknowledge at once, where it can (Linux; it forgets the option by itself).

        A server that sends tickets and then its answer, with Nagle's algorithm on, holds the answer back
        until the tickets are acknowledged, which otherwise takes 40 ms.
        """
        quick_ack = getattr(socket, "TCP_QUICKACK", None)
        if quick_ack is not None:
            with contextlib.suppress(OSError):
                self._socket.setsockopt(socket.IPPROTO_TCP, quick_ack, 1)

    def _end(self, how: StreamEnd, detail: str | None = None) -> None:
        self._loop.remove_reader(self._socket)
        self.ended = how
        self.end_detail = detail
        self._on_progress()
        self._changed.set()

    def _send(self) -> None:
        if not self._waiting or self._send_error is not None or not self._is_open:
            return
        try:
            sent = self._socket.send(self._waiting)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError as error:
            self._send_error = error.with_traceback(None)
            self._watch_writing(False)
            return
        self._waiting = self._waiting[sent:]
        self._watch_writing(bool(self._waiting))

    def _watch_writing(self, watches: bool) -> None:
        """Have the loop tell when the socket takes more, or not; mostly it never has to."""
        if watches and not self._watches_writing:
            self._loop.add_writer(self._socket, self._send)
        elif self._watches_writing and not watches:
            self._loop.remove_writer(self._socket)
        self._watches_writing = watches


def _nobody() -> None:
    """Nobody listens any more."""


def _words(error: OSError) -> str:
    return error.strerror or str(error)
