"""To a target through a proxy: the proxy's name resolved, the proxy connected to, the tunnel made."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

from trustdesk.core.proxy import Proxy
from trustdesk.network.dial import DialAttempt, dial
from trustdesk.network.resolve import Address, NameUnresolvedError, resolve
from trustdesk.network.tunnel import open_tunnel


async def connect_through(
    proxy: Proxy,
    host: str,
    port: int,
    *,
    deadline: float,
    resolve_s: float,
    connect_s: float,
    on_attempt: Callable[[DialAttempt], None],
    on_request: Callable[[], None],
) -> tuple[socket.socket, str]:
    """Return a non-blocking socket whose other end is the target, and what the proxy said.

    Args:
        host: A-labels or an IP literal; the proxy resolves it.
        deadline: an instant of the loop's clock, for all of it.
        resolve_s: seconds for the proxy's name, within the deadline.
        connect_s: seconds for connecting to the proxy, within the deadline.
        on_attempt: called as each attempt to connect to the proxy ends.
        on_request: called when the proxy is asked.

    Raises:
        NameUnresolvedError: the proxy's name has no address, or none in time.
        NotConnectedError: the proxy cannot be connected to.
        NoTunnelError: it makes no tunnel.
        TimeoutError: it was connected to, and made no tunnel in time.
        EnvironmentFailureError: this machine has no socket left.
    """
    loop = asyncio.get_running_loop()
    addresses = await _resolve(proxy, min(deadline, loop.time() + resolve_s))
    connected = await dial(addresses, deadline=min(deadline, loop.time() + connect_s), on_attempt=on_attempt)
    made = False
    try:
        on_request()
        async with asyncio.timeout_at(deadline):
            answer = await open_tunnel(connected, proxy, host, port)
        made = True
    finally:
        if not made:
            connected.close()
    return connected, answer.detail


async def _resolve(proxy: Proxy, deadline: float) -> tuple[Address, ...]:
    try:
        async with asyncio.timeout_at(deadline):
            return await resolve(proxy.host, proxy.port)
    except TimeoutError:
        raise NameUnresolvedError(temporary=True, detail="timed out") from None
