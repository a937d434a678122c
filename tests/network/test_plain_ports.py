"""Ports without TLS, asked once: what they answer, and when nothing is known."""

from __future__ import annotations

import asyncio
import contextlib
import socket

import pytest

from tests.support.one_record_server import answer, plain_server
from tests.support.peers import Handler, Peer
from trustdesk.core.plain_answer import PlainOutcome
from trustdesk.core.proxy import parse_proxy
from trustdesk.core.target import parse_target
from trustdesk.network import plain_ports
from trustdesk.network.plain_ports import plain_amqp, plain_http

HTTPS = parse_target("https://partner.example:8443/api", connect="127.0.0.1")
AMQPS = parse_target("amqps://partner.example", connect="127.0.0.1")


def start_frame(mechanisms: bytes) -> bytes:
    """Connection.Start of AMQP 0-9-1, without properties."""
    payload = b"\x00\x0a\x00\x0a\x00\x09" + b"\0\0\0\0" + len(mechanisms).to_bytes(4, "big") + mechanisms
    payload += b"\0\0\0\5en_US"
    return b"\1\0\0" + len(payload).to_bytes(4, "big") + payload + b"\xce"


def saying(*replies: bytes, heard: list[bytes] | None = None) -> Handler:
    """Answer each connection with the next reply, when it has said something."""
    left = list(replies)

    def handle(connection: socket.socket) -> None:
        data = connection.recv(65536)
        if heard is not None:
            heard.append(data)
        if left:
            connection.sendall(left.pop(0))

    return handle


def test_http_gets_one_bare_get_of_the_base_path_and_the_answer_is_kept() -> None:
    redirect = answer(301, b"moved", more="Location: https://partner.example/api\r\n")
    with plain_server(lambda _: redirect) as (peer, book):
        found = asyncio.run(plain_http(HTTPS, None, peer.port))
    assert found.outcome is PlainOutcome.ANSWERED
    assert found.http is not None
    assert (found.http.status, found.http.location) == (301, "https://partner.example/api")
    assert found.http.body == b"moved"
    (asked,) = book.requests
    assert (asked.method, asked.path, asked.token, asked.body) == ("GET", "/api", None, b"")
    assert asked.headers["host"] == "partner.example"


def test_what_speaks_something_else_is_told_apart_from_what_ends_without_a_word() -> None:
    with Peer(saying(b"SSH-2.0-x\r\n")) as peer:
        assert asyncio.run(plain_http(HTTPS, None, peer.port)).outcome is PlainOutcome.SOMETHING_ELSE
    with Peer(lambda connection: connection.close()) as peer:
        assert asyncio.run(plain_http(HTTPS, None, peer.port)).outcome is PlainOutcome.CLOSED


def test_refused_is_not_the_same_as_silent_or_not_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    with Peer(lambda _: None) as peer:
        port = peer.port
    assert asyncio.run(plain_http(HTTPS, None, port)).outcome is PlainOutcome.REFUSED
    monkeypatch.setattr(plain_ports, "ANSWER_S", 0.1)

    def silent(connection: socket.socket) -> None:
        while connection.recv(65536):
            pass

    with Peer(silent) as peer:
        assert asyncio.run(plain_http(HTTPS, None, peer.port)).outcome is PlainOutcome.SILENT
    nowhere = parse_target("https://nowhere.invalid")
    assert asyncio.run(plain_http(nowhere, None, 80)).outcome is PlainOutcome.NOT_REACHED
    proxy = parse_proxy(f"http://127.0.0.1:{port}")
    assert asyncio.run(plain_http(HTTPS, proxy, 80)).outcome is not PlainOutcome.ANSWERED


def test_proxy_that_is_not_there_says_nothing_of_the_partner() -> None:
    """A proxy refused is no port of the partner's refused."""
    with Peer(lambda _: None) as peer:
        proxy = parse_proxy(f"http://127.0.0.1:{peer.port}")
    assert asyncio.run(plain_http(HTTPS, proxy, 80)).outcome is PlainOutcome.NOT_REACHED
    assert asyncio.run(plain_amqp(AMQPS, proxy, 5672)).outcome is PlainOutcome.NOT_REACHED


def test_endless_page_is_cut_off() -> None:
    def endless(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with contextlib.suppress(OSError):
            while True:
                connection.sendall(b"a" * 65536)

    with Peer(endless) as peer:
        found = asyncio.run(plain_http(HTTPS, None, peer.port))
    assert found.http is not None
    assert len(found.http.body) < 256 * 1024


def test_broker_is_asked_for_its_mechanisms_and_nothing_else() -> None:
    heard: list[bytes] = []
    with Peer(saying(start_frame(b"PLAIN AMQPLAIN"), heard=heard)) as peer:
        found = asyncio.run(plain_amqp(AMQPS, None, peer.port))
    assert found.amqp is not None
    assert found.amqp.mechanisms == ("PLAIN", "AMQPLAIN")
    assert heard == [b"AMQP\x00\x00\x09\x01"]


def test_broker_of_the_other_version_is_asked_in_that_too() -> None:
    header = b"AMQP\x03\x01\x00\x00"
    body = b"\x00\x53\x40\xc0\x08\x01\xa3\x05PLAIN"
    sasl = (len(body) + 8).to_bytes(4, "big") + b"\x02\x01\x00\x00" + body
    heard: list[bytes] = []
    with Peer(saying(header, header + sasl, heard=heard)) as peer:
        found = asyncio.run(plain_amqp(AMQPS, None, peer.port))
    assert found.amqp is not None
    assert (found.amqp.version, found.amqp.mechanisms) == ("1.0", ("PLAIN",))
    assert heard == [b"AMQP\x00\x00\x09\x01", header]


def test_cancelled_it_says_that_nothing_was_reached() -> None:
    async def cancelled() -> PlainOutcome:
        loop = asyncio.get_running_loop()

        def silent(connection: socket.socket) -> None:
            connection.recv(65536)
            loop.call_soon_threadsafe(task.cancel)
            while connection.recv(65536):
                pass

        with Peer(silent) as peer:
            task = asyncio.create_task(plain_http(HTTPS, None, peer.port))
            return (await task).outcome

    assert asyncio.run(cancelled()) is PlainOutcome.NOT_REACHED
