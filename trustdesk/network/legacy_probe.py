"""Does a server still accept TLS 1.1, TLS 1.0 or SSL 3.0 (RFC 8996)? One short connection for each."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Sequence

from trustdesk.core.diagnosis import LegacyAnswer, LegacyVersion
from trustdesk.core.target import Target
from trustdesk.network.dial import NotConnectedError, dial
from trustdesk.network.legacy_hello import LEGACY_VERSIONS, LegacyReading, legacy_client_hello
from trustdesk.network.resolve import Address

ANSWER_S = 5.0
"""Seconds for connecting and answering, for each version."""

_MAX_ANSWER = 64 * 1024
_CHUNK = 16 * 1024


async def probe_legacy_versions(target: Target, addresses: Sequence[Address]) -> tuple[LegacyVersion, ...]:
    """Ask for each old version, the newest first, one after the other.

    Nothing but the ClientHello is sent. What cannot be asked is UNKNOWN, never refused.

    Args:
        addresses: of the host; the first that connects is asked.

    Raises:
        EnvironmentFailureError: this machine has no socket left.
    """
    return tuple([await _ask(target, addresses, name) for name in LEGACY_VERSIONS])


async def _ask(target: Target, addresses: Sequence[Address], name: str) -> LegacyVersion:
    loop = asyncio.get_running_loop()
    reading = LegacyReading(name)
    deadline = loop.time() + ANSWER_S
    try:
        connected = await dial(addresses, deadline=deadline, on_attempt=lambda _attempt: None)
    except NotConnectedError:
        return LegacyVersion(version=name, answer=LegacyAnswer.UNKNOWN, detail="not connected")
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
    return reading.outcome or LegacyVersion(version=name, answer=LegacyAnswer.UNKNOWN)


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
