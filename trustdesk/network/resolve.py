"""From a name to addresses, without blocking the loop."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from functools import partial
from typing import cast

from trustdesk.core.target import is_ip_literal
from trustdesk.network.file_limit import OUT_OF_SOCKETS, NoSocketLeftError
from trustdesk.network.own_thread import in_own_thread

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
        NoSocketLeftError: this machine has no socket left to ask with.
    """
    if is_ip_literal(host):
        return _addresses(_look_up(host, port, socket.AI_NUMERICHOST))
    look_up = partial(_look_up, host, port, 0)
    return _addresses(await in_own_thread(f"resolve {host[:64]}", look_up))


def _look_up(host: str, port: int, flags: int) -> list[Address]:
    try:
        entries = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=flags
        )
    except socket.gaierror as error:
        temporary = error.errno == socket.EAI_AGAIN
        raise NameUnresolvedError(temporary=temporary, detail=str(error.strerror)) from None
    except OSError as error:
        if error.errno in OUT_OF_SOCKETS:
            raise NoSocketLeftError(str(error.strerror)) from None
        raise NameUnresolvedError(temporary=False, detail=str(error)) from None
    except UnicodeError as error:
        raise NameUnresolvedError(temporary=False, detail=str(error)) from None
    return [
        Address(family=family, socket_address=cast("SocketAddress", address))
        for family, _, _, _, address in entries
    ]


def _addresses(entries: list[Address]) -> tuple[Address, ...]:
    if not entries:
        raise NameUnresolvedError(temporary=False, detail="no IPv4 or IPv6 address")
    return tuple(dict.fromkeys(entries))
