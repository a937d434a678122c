"""Proxies on loopback that relay to one target, whatever name they are asked for, and remember it."""

from __future__ import annotations

import base64
import contextlib
import socket
import threading
from dataclasses import dataclass, field

from tests.support.peers import Handler


@dataclass
class Heard:
    """What clients asked for, in their order."""

    authorities: list[str] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)


def relay(one: socket.socket, other: socket.socket) -> None:
    """Carry bytes both ways until one side ends."""

    def carry(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    back = threading.Thread(target=carry, args=(other, one))
    back.start()
    carry(one, other)
    back.join(5)


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = connection.recv(count - len(data))
        if not part:
            raise OSError("closed")
        data += part
    return data


def _head(connection: socket.socket) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += _exactly(connection, 1)
    return head


def connect_proxy(target_port: int, heard: Heard, *, login: tuple[str, str] | None = None) -> Handler:
    """An HTTP proxy that tunnels by CONNECT, to clients that log in by Basic where `login` is given."""
    wanted = None if login is None else "Basic " + base64.b64encode(":".join(login).encode()).decode()

    def handle(connection: socket.socket) -> None:
        lines = _head(connection).decode().split("\r\n")
        heard.authorities.append(lines[0].split()[1])
        given = next((line.partition(": ")[2] for line in lines if line.startswith("Proxy-Auth")), None)
        if given is not None:
            heard.authorizations.append(given)
        if wanted is not None and given != wanted:
            connection.sendall(
                b"HTTP/1.1 407 Proxy Authentication Required\r\n"
                b'Proxy-Authenticate: Basic realm="p"\r\nContent-Length: 0\r\n\r\n'
            )
            return
        with socket.create_connection(("127.0.0.1", target_port), 5) as target:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\nVia: 1.1 p\r\n\r\n")
            relay(connection, target)

    return handle


def socks_proxy(target_port: int, heard: Heard, *, login: tuple[str, str] | None = None) -> Handler:
    """A SOCKS5 proxy, to clients that log in where `login` is given."""

    def handle(connection: socket.socket) -> None:
        _, count = _exactly(connection, 2)
        methods = _exactly(connection, count)
        method = 0 if login is None else 2
        if method not in methods:
            connection.sendall(b"\x05\xff")
            return
        connection.sendall(bytes([5, method]))
        if login is not None:
            user = _exactly(connection, _exactly(connection, 2)[1]).decode()
            password = _exactly(connection, _exactly(connection, 1)[0]).decode()
            heard.authorizations.append(user)
            connection.sendall(b"\x01\x00" if (user, password) == login else b"\x01\x01")
            if (user, password) != login:
                return
        kind = _exactly(connection, 4)[3]
        if kind == 3:
            host = _exactly(connection, _exactly(connection, 1)[0]).decode()
        else:
            host = socket.inet_ntop(
                socket.AF_INET if kind == 1 else socket.AF_INET6, _exactly(connection, 4 if kind == 1 else 16)
            )
        heard.authorities.append(f"{host}:{int.from_bytes(_exactly(connection, 2), 'big')}")
        with socket.create_connection(("127.0.0.1", target_port), 5) as target:
            connection.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
            relay(connection, target)

    return handle
