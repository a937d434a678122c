"""From a name to addresses, with a deadline and without blocking the loop.

`getaddrinfo` cannot be stopped. Each look-up therefore runs in a daemon thread of its own that is abandoned
when its deadline passes or the probe is cancelled: a pool would be filled by the stuck ones, and would hold
up the end of the process until the last of them returns.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from dataclasses import dataclass
from typing import cast

from trustdesk.core.target import is_ip_literal

SocketAddress = tuple[str, int] | tuple[str, int, int, int]
"""IPv4 and IPv6 addresses as the socket module takes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One address to connect to.

    Attributes:
        family: AF_INET or AF_INET6.
        socket_address: as `socket.connect` takes it.
    """

    family: int
    socket_address: SocketAddress

    @property
    def text(self) -> str:
        """The address alone, `192.0.2.1` or `2001:db8::1`, with the zone of a link-local one."""
        return self.socket_address[0]

    @property
    def port(self) -> int:
        """The TCP port."""
        return self.socket_address[1]


class NameUnresolvedError(Exception):
    """The name has no address, or the name servers did not say.

    Attributes:
        temporary: no name server answered, so that nothing is known of the name itself.
        detail: the system's own words.
    """

    def __init__(self, *, temporary: bool, detail: str) -> None:
        super().__init__(detail)
        self.temporary = temporary
        self.detail = detail


async def resolve(host: str, port: int) -> tuple[Address, ...]:
    """Return all addresses of `host`, each once, in the system's order (RFC 6724).

    An IP literal needs no look-up. Cancelling returns at once; the look-up's thread ends by itself.

    Raises:
        NameUnresolvedError: there is no address.
    """
    if is_ip_literal(host):
        return _addresses(_look_up(host, port, socket.AI_NUMERICHOST))
    loop = asyncio.get_running_loop()
    found: asyncio.Future[tuple[Address, ...]] = loop.create_future()

    def deliver(addresses: tuple[Address, ...] | NameUnresolvedError) -> None:
        if found.done():
            return
        if isinstance(addresses, NameUnresolvedError):
            found.set_exception(addresses)
        else:
            found.set_result(addresses)

    def look_up() -> None:
        answer: tuple[Address, ...] | NameUnresolvedError
        try:
            answer = _addresses(_look_up(host, port, 0))
        except NameUnresolvedError as error:
            answer = error
        # The loop may have been closed while the system was still searching: nobody waits then.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(deliver, answer)

    threading.Thread(target=look_up, name=f"resolve {host[:64]}", daemon=True).start()
    return await found


def _look_up(host: str, port: int, flags: int) -> list[Address]:
    try:
        entries = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=flags
        )
    except socket.gaierror as error:
        temporary = error.errno == socket.EAI_AGAIN
        raise NameUnresolvedError(temporary=temporary, detail=str(error.strerror)) from None
    except (OSError, UnicodeError) as error:
        raise NameUnresolvedError(temporary=False, detail=str(error)) from None
    return [
        Address(family=family, socket_address=cast("SocketAddress", address))
        for family, _, _, _, address in entries
    ]


def _addresses(entries: list[Address]) -> tuple[Address, ...]:
    if not entries:
        raise NameUnresolvedError(temporary=False, detail="no IPv4 or IPv6 address")
    return tuple(dict.fromkeys(entries))
