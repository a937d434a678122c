"""One connected socket to a target, directly or through its proxy, and nothing said over it yet."""

from __future__ import annotations

import asyncio
import socket

from trustdesk.core.proxy import Proxy
from trustdesk.core.target import Target
from trustdesk.network.dial import dial
from trustdesk.network.proxied import connect_through
from trustdesk.network.resolve import resolve


async def connected_to(
    target: Target, proxy: Proxy | None, within_s: float, *, port: int | None = None
) -> socket.socket:
    """Return a non-blocking socket.

    Args:
        within_s: seconds for all of it.
        port: to connect to instead of the target's; None for that.

    Raises:
        NameUnresolvedError, NotConnectedError, NoTunnelError, TimeoutError: there is none.
        EnvironmentFailureError: this machine has no socket left.
    """
    deadline = asyncio.get_running_loop().time() + within_s
    host = target.connect_address or target.host
    number = port or target.connect_port or target.port
    if proxy is not None:
        connected, _ = await connect_through(
            proxy,
            host,
            number,
            deadline=deadline,
            resolve_s=within_s,
            connect_s=within_s,
            on_attempt=_nobody,
            on_request=_nobody,
        )
        return connected
    async with asyncio.timeout_at(deadline):
        addresses = await resolve(host, number)
    return await dial(addresses, deadline=deadline, on_attempt=_nobody)


def _nobody(*_: object) -> None:
    """Nobody watches."""
