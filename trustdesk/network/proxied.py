"""To a target through a proxy: the proxy's name resolved, the proxy connected to, the tunnel made."""

from __future__ import annotations

import socket
from collections.abc import Callable

from trustdesk.core.proxy import Proxy
from trustdesk.network.dial import DialAttempt, dial
from trustdesk.network.resolve import resolve
from trustdesk.network.tunnel import open_tunnel


async def connect_through(
    proxy: Proxy,
    host: str,
    port: int,
    *,
    deadline: float,
    on_attempt: Callable[[DialAttempt], None],
    on_request: Callable[[], None],
) -> tuple[socket.socket, str]:
    """Return a non-blocking socket whose other end is the target, and what the proxy said.

    Args:
        host: A-labels or an IP literal; the proxy resolves it.
        deadline: an instant of the loop's clock, for connecting to the proxy; the rest is the caller's to
            bound.
        on_attempt: called as each attempt to connect to the proxy ends.
        on_request: called when the proxy is asked.

    Raises:
        NameUnresolvedError: the proxy's name has no address.
        NotConnectedError: the proxy cannot be connected to.
        NoTunnelError: it makes no tunnel.
        EnvironmentFailureError: this machine has no socket left.
    """
    addresses = await resolve(proxy.host, proxy.port)
    connected = await dial(addresses, deadline=deadline, on_attempt=on_attempt)
    made = False
    try:
        on_request()
        answer = await open_tunnel(connected, proxy, host, port)
        made = True
    finally:
        if not made:
            connected.close()
    return connected, answer.detail
