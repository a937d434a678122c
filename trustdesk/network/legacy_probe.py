"""Does a server still accept TLS 1.1, TLS 1.0 or SSL 3.0 (RFC 8996)? One short connection for each."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Sequence

from trustdesk.core.diagnosis import LegacyAnswer, LegacyVersion
from trustdesk.core.proxy import Proxy
from trustdesk.core.target import Target
from trustdesk.network.dial import NotConnectedError, dial
from trustdesk.network.legacy_hello import LEGACY_VERSIONS, LegacyReading, legacy_client_hello
from trustdesk.network.proxied import connect_through
from trustdesk.network.resolve import Address, NameUnresolvedError
from trustdesk.network.tunnel import NoTunnelError

ANSWER_S = 5.0
"""Seconds for connecting and answering, for each version."""

_MAX_ANSWER = 64 * 1024
_CHUNK = 16 * 1024


async def probe_legacy_versions(
    target: Target, addresses: Sequence[Address], proxy: Proxy | None = None
) -> tuple[LegacyVersion, ...]:
    """Ask for each old version, the newest first, one after the other.

    Nothing but the ClientHello is sent. What cannot be asked is UNKNOWN, never refused. Cancelling it does
    not raise: what was not asked yet is UNKNOWN then.

    Args:
        addresses: of the host; the first that connects is asked. Not looked at with a proxy.
        proxy: to go through; None connects directly.

    Raises:
        EnvironmentFailureError: this machine has no socket left.
    """
    answers = {name: _unknown(name, "not asked") for name in LEGACY_VERSIONS}
    with contextlib.suppress(asyncio.CancelledError):
        for name in LEGACY_VERSIONS:
            answers[name] = await _ask(target, addresses, proxy, name)
    return tuple(answers.values())


def _unknown(name: str, why: str) -> LegacyVersion:
    return LegacyVersion(version=name, answer=LegacyAnswer.UNKNOWN, detail=why)


async def _ask(target: Target, addresses: Sequence[Address], proxy: Proxy | None, name: str) -> LegacyVersion:
    loop = asyncio.get_running_loop()
    reading = LegacyReading(name)
    deadline = loop.time() + ANSWER_S
    try:
        connected = await _connect(target, addresses, proxy, deadline)
    except (NotConnectedError, NameUnresolvedError, NoTunnelError, TimeoutError):
        return _unknown(name, "not connected")
    try:
        async with asyncio.timeout_at(deadline):
            hello = legacy_client_hello(LEGACY_VERSIONS[name], target.server_name, os.urandom(32))
            await _converse(loop, connected, hello, reading)
    except TimeoutError:
        reading.silent()
    except OSError:
        reading.closed()
    finally:
        connected.close()
    reading.silent()
    return reading.outcome or _unknown(name, "")


async def _connect(
    target: Target, addresses: Sequence[Address], proxy: Proxy | None, deadline: float
) -> socket.socket:
    if proxy is None:
        return await dial(addresses, deadline=deadline, on_attempt=_nobody)
    host, port = target.connect_address or target.host, target.connect_port or target.port
    connected, _ = await connect_through(
        proxy,
        host,
        port,
        deadline=deadline,
        resolve_s=ANSWER_S,
        connect_s=ANSWER_S,
        on_attempt=_nobody,
        on_request=_nobody,
    )
    return connected


def _nobody(*_: object) -> None:
    """Nobody watches."""


async def _converse(
    loop: asyncio.AbstractEventLoop, connected: socket.socket, hello: bytes, reading: LegacyReading
) -> None:
    await loop.sock_sendall(connected, hello)
    received = 0
    while reading.outcome is None and received < _MAX_ANSWER:
        data = await loop.sock_recv(connected, _CHUNK)
        if not data:
            reading.closed()
            return
        received += len(data)
        reading.receive(data)
