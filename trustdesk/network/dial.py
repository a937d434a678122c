"""From addresses to a connected TCP socket: one after the other, within one deadline."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from trustdesk.network.file_limit import OUT_OF_SOCKETS, NoSocketLeftError
from trustdesk.network.resolve import Address


class DialFailure(StrEnum):
    """Why one address could not be connected to.

    RESET: the connection stood, and was reset before the system could tell us of it.
    """

    RESET = "reset"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class DialAttempt:
    """One address tried.

    Attributes:
        failure: None when it connected.
        detail: the system's own words; "" when it connected.
    """

    address: Address
    failure: DialFailure | None
    detail: str = ""


class NotConnectedError(Exception):
    """No address could be connected to. `attempts` holds each that was tried, in order; never empty."""

    def __init__(self, attempts: tuple[DialAttempt, ...]) -> None:
        super().__init__("no address could be connected to")
        self.attempts = attempts


async def dial(
    addresses: Sequence[Address], *, deadline: float, on_attempt: Callable[[DialAttempt], None]
) -> socket.socket:
    """Connect to the first address that answers; return its non-blocking socket.

    Each address gets an equal share of the time that is left, so that one that swallows packets leaves
    time for the next; one that refuses costs nothing. `deadline` is an instant of the loop's clock;
    `on_attempt` is called as each attempt ends.

    Raises:
        NotConnectedError: all failed.
        NoSocketLeftError: this machine has no socket left.
    """
    loop = asyncio.get_running_loop()
    attempts: list[DialAttempt] = []
    for position, address in enumerate(addresses):
        share = max(deadline - loop.time(), 0.0) / (len(addresses) - position)
        connected, attempt = await _try(address, share)
        attempts.append(attempt)
        on_attempt(attempt)
        if connected is not None:
            return connected
    raise NotConnectedError(tuple(attempts))


async def _try(address: Address, timeout_s: float) -> tuple[socket.socket | None, DialAttempt]:
    try:
        candidate = socket.socket(address.family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    except OSError as error:
        return None, _failed(address, error)
    connected = False
    try:
        candidate.setblocking(False)
        # One small write follows another in a handshake; Nagle would hold the second back.
        candidate.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        async with asyncio.timeout(timeout_s):
            await asyncio.get_running_loop().sock_connect(candidate, address.socket_address)
        connected = True
    except OSError as error:
        return None, _failed(address, error)
    finally:
        if not connected:
            candidate.close()
    return candidate, DialAttempt(address=address, failure=None)


def _failed(address: Address, error: OSError) -> DialAttempt:
    if error.errno in OUT_OF_SOCKETS:
        raise NoSocketLeftError(str(error.strerror)) from error
    # asyncio.timeout raises a TimeoutError without errno; the system's own has ETIMEDOUT.
    if isinstance(error, TimeoutError):
        failure = DialFailure.TIMED_OUT
    elif isinstance(error, ConnectionRefusedError):
        failure = DialFailure.REFUSED
    elif isinstance(error, ConnectionResetError):
        failure = DialFailure.RESET
    else:
        failure = DialFailure.UNREACHABLE
    return DialAttempt(address=address, failure=failure, detail=error.strerror or str(error) or "timed out")
