"""One client's connection, whatever is spoken on it: bounded in time, in number, and closed so that the
last word arrives.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a client may cost.

    Attributes:
        phase_s: seconds for a whole handshake, a whole request, or a pause between requests.
        linger_s: seconds for which a closed connection still swallows what the client sends.
        connections: open connections of all servers together; one more is cut off at once.
    """

    phase_s: float = 30.0
    linger_s: float = 2.0
    connections: int = 2048


class Crowd:
    """The open connections of all servers of a lab.

    Attributes:
        limits: what each of them may cost.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._transports: set[asyncio.Transport] = set()

    def __len__(self) -> int:
        return len(self._transports)

    def admit(self, transport: asyncio.Transport) -> bool:
        """Count a connection in; False when there is no room, and it must go."""
        if len(self._transports) >= self.limits.connections:
            return False
        self._transports.add(transport)
        return True

    def leave(self, transport: asyncio.Transport) -> None:
        """Count a connection out."""
        self._transports.discard(transport)

    def disperse(self) -> None:
        """Cut every connection off."""
        for transport in tuple(self._transports):
            transport.abort()


class BoundedConnection(asyncio.Protocol, ABC):
    """A connection with a deadline and an orderly end; subclasses say what is done with the bytes.

    A server that closes while bytes of the client are unread sends RST, and RST destroys the alert or the
    answer that is still on its way. So `finish` closes the sending side only and swallows what comes until
    the client closes too, for a bounded time.

    Attributes:
        transport: the connection; set before `opened` is called.
        paused: whether the client reads slower than we write; whoever produces output waits for `resumed`.
        finished: whether `finish` was called.
    """

    transport: asyncio.Transport

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._deadline: asyncio.TimerHandle | None = None
        self.paused = False
        self.finished = False

    def opened(self) -> None:
        """The connection is admitted."""

    @abstractmethod
    def received(self, data: bytes) -> None:
        """Bytes came in; not called any more after `finish`."""

    def resumed(self) -> None:
        """The client reads again."""

    def closed(self) -> None:
        """The connection is gone, whoever ended it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Admit the connection, or cut it off."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - asyncio's TCP servers make no others
        self.transport = transport
        if not self._crowd.admit(transport):
            transport.abort()
            return
        self.start_phase()
        self.opened()

    def data_received(self, data: bytes) -> None:
        """Hand bytes on, or swallow them after `finish`."""
        if not self.finished:
            self.received(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Count the connection out."""
        if self._deadline is not None:
            self._deadline.cancel()
        self._crowd.leave(self.transport)
        self.closed()

    def pause_writing(self) -> None:
        """Read no more from a client that does not read."""
        self.paused = True
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on with a client that reads again."""
        self.paused = False
        self.transport.resume_reading()
        if not self.finished:
            self.resumed()

    def start_phase(self, seconds: float | None = None) -> None:
        """Give the client so much time from now; None for the phase limit. Bytes alone do not extend it."""
        if self._deadline is not None:
            self._deadline.cancel()
        allowed = self._crowd.limits.phase_s if seconds is None else seconds
        self._deadline = asyncio.get_running_loop().call_later(allowed, self.transport.abort)

    def finish(self) -> None:
        """Close after what was written, and see that it arrives."""
        if self.finished or self.transport.is_closing():
            return
        self.finished = True
        self.transport.write_eof()
        self.start_phase(self._crowd.limits.linger_s)
