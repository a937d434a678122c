"""Through a proxy to the target: HTTP CONNECT (RFC 9110 9.3.6) and SOCKS5 (RFC 1928, RFC 1929).

The proxy resolves the target's name: inside many networks nobody else can. What it answers is read to the
byte, so that the first byte of the tunnel is the target's.
"""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import re
import socket
from dataclasses import dataclass
from enum import StrEnum

from trustdesk import __version__
from trustdesk.core.proxy import Proxy, ProxyKind
from trustdesk.core.target import host_and_port, is_ip_literal
from trustdesk.core.untrusted import bounded

_MAX_HEAD = 16 * 1024
_END_OF_HEAD = b"\r\n\r\n"
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: ([^\r\n]*))?\r\n")
_CHALLENGE = re.compile(rb"^proxy-authenticate:[ \t]*([A-Za-z0-9_-]+)", re.IGNORECASE | re.MULTILINE)
_SOCKS, _SUBNEGOTIATION = 5, 1
_NO_AUTHENTICATION, _USER_AND_PASSWORD, _NONE_ACCEPTABLE = 0, 2, 0xFF
_CONNECT = 1
_IPV4, _NAME, _IPV6 = 1, 3, 4
_REPLIES = {
    1: "general SOCKS server failure",
    2: "connection not allowed by ruleset",
    3: "network unreachable",
    4: "host unreachable",
    5: "connection refused",
    6: "TTL expired",
    7: "command not supported",
    8: "address type not supported",
}


class TunnelFailure(StrEnum):
    """Why there is no tunnel.

    AUTHENTICATION: it wants a user and password, or others. KIND_OF_AUTHENTICATION: it wants one that is
    not spoken here (NTLM, Negotiate, Digest). REFUSED: it will not, or cannot, connect to the target.
    NO_PROXY: what answers there is no proxy of that kind. CLOSED: it ended the connection.
    """

    AUTHENTICATION = "authentication"
    KIND_OF_AUTHENTICATION = "kind_of_authentication"
    REFUSED = "refused"
    NO_PROXY = "no_proxy"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelAnswer:
    """What the proxy said when it made the tunnel; its text, bounded."""

    detail: str


class NoTunnelError(Exception):
    """The proxy made no tunnel.

    Attributes:
        detail: status and reason, or the reply; the proxy's text, bounded.
    """

    def __init__(self, failure: TunnelFailure, detail: str) -> None:
        super().__init__(failure)
        self.failure = failure
        self.detail = detail


async def open_tunnel(connected: socket.socket, proxy: Proxy, host: str, port: int) -> TunnelAnswer:
    """Have a connected proxy connect to the target.

    Args:
        connected: non-blocking, connected to the proxy; stays the caller's.
        host: A-labels, or an IP literal without brackets.

    Raises:
        NoTunnelError: there is none.
    """
    reader = _Reader(connected)
    try:
        if proxy.kind is ProxyKind.HTTP:
            return await _by_connect(reader, proxy, host, port)
        return await _by_socks(reader, proxy, host, port)
    except OSError as error:
        raise NoTunnelError(TunnelFailure.CLOSED, error.strerror or "reset") from None


class _Reader:
    """Reads exactly what is asked for and leaves the rest in the socket."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._loop = asyncio.get_running_loop()

    async def send(self, data: bytes) -> None:
        await self._loop.sock_sendall(self._socket, data)

    async def exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            part = await self._loop.sock_recv(self._socket, count - len(data))
            if not part:
                raise NoTunnelError(TunnelFailure.CLOSED, "closed")
            data += part
        return data

    async def until(self, end: bytes, limit: int) -> bytes:
        """Read up to and with `end`, a byte at a time: nothing of the tunnel is taken along."""
        data = bytearray()
        while not data.endswith(end):
            if len(data) >= limit:
                raise NoTunnelError(TunnelFailure.NO_PROXY, "no end of its header section")
            data += await self.exactly(1)
        return bytes(data)


async def _by_connect(reader: _Reader, proxy: Proxy, host: str, port: int) -> TunnelAnswer:
    authority = host_and_port(host, port)
    lines = [
        f"CONNECT {authority} HTTP/1.1",
        f"Host: {authority}",
        f"User-Agent: trustdesk/{__version__}",
    ]
    if proxy.user is not None:
        credentials = base64.b64encode(f"{proxy.user}:{proxy.password or ''}".encode()).decode("ascii")
        lines.append(f"Proxy-Authorization: Basic {credentials}")
    await reader.send("\r\n".join([*lines, "", ""]).encode("ascii"))
    first = await reader.exactly(5)
    if first != b"HTTP/":
        raise NoTunnelError(TunnelFailure.NO_PROXY, f"first bytes {first!r}")
    head = first + await reader.until(_END_OF_HEAD, _MAX_HEAD)
    status_line = _STATUS_LINE.match(head)
    if status_line is None:
        raise NoTunnelError(TunnelFailure.NO_PROXY, bounded(head[:64].decode("latin-1")))
    status = int(status_line[1])
    detail = bounded(f"{status} {(status_line[2] or b'').decode('latin-1')}".strip())
    if 200 <= status < 300:
        return TunnelAnswer(detail=detail)
    if status == 407:
        kinds = [kind.decode("ascii") for kind in _CHALLENGE.findall(head)]
        if kinds and "basic" not in {kind.lower() for kind in kinds}:
            raise NoTunnelError(TunnelFailure.KIND_OF_AUTHENTICATION, bounded(", ".join(kinds)))
        raise NoTunnelError(TunnelFailure.AUTHENTICATION, detail)
    raise NoTunnelError(TunnelFailure.REFUSED, detail)


async def _by_socks(reader: _Reader, proxy: Proxy, host: str, port: int) -> TunnelAnswer:
    methods = bytes([_NO_AUTHENTICATION] if proxy.user is None else [_NO_AUTHENTICATION, _USER_AND_PASSWORD])
    await reader.send(bytes([_SOCKS, len(methods)]) + methods)
    version, method = await reader.exactly(2)
    if version != _SOCKS:
        raise NoTunnelError(TunnelFailure.NO_PROXY, f"first byte 0x{version:02x}")
    if method == _USER_AND_PASSWORD and proxy.user is not None:
        await _log_in(reader, proxy)
    elif method == _NONE_ACCEPTABLE:
        failure = TunnelFailure.AUTHENTICATION if proxy.user is None else TunnelFailure.KIND_OF_AUTHENTICATION
        raise NoTunnelError(failure, "no acceptable authentication method")
    elif method != _NO_AUTHENTICATION:
        raise NoTunnelError(TunnelFailure.KIND_OF_AUTHENTICATION, f"method {method}")
    await reader.send(bytes([_SOCKS, _CONNECT, 0]) + _address(host) + port.to_bytes(2, "big"))
    version, reply, _, kind = await reader.exactly(4)
    if version != _SOCKS:
        raise NoTunnelError(TunnelFailure.NO_PROXY, f"first byte 0x{version:02x}")
    if reply != 0:
        raise NoTunnelError(TunnelFailure.REFUSED, _REPLIES.get(reply, f"reply {reply}"))
    length = {_IPV4: 4, _IPV6: 16}.get(kind)
    if length is None:
        if kind != _NAME:
            raise NoTunnelError(TunnelFailure.NO_PROXY, f"address type {kind}")
        length = (await reader.exactly(1))[0]
    await reader.exactly(length + 2)
    return TunnelAnswer(detail="succeeded")


async def _log_in(reader: _Reader, proxy: Proxy) -> None:
    user, password = (proxy.user or "").encode()[:255], (proxy.password or "").encode()[:255]
    await reader.send(bytes([_SUBNEGOTIATION, len(user)]) + user + bytes([len(password)]) + password)
    _, status = await reader.exactly(2)
    if status != 0:
        raise NoTunnelError(TunnelFailure.AUTHENTICATION, "user or password refused")


def _address(host: str) -> bytes:
    if is_ip_literal(host):
        address = ipaddress.ip_address(host)
        return bytes([_IPV4 if address.version == 4 else _IPV6]) + address.packed
    name = host.encode("ascii")
    return bytes([_NAME, len(name)]) + name
