"""Tunnels through proxies: what is sent to them, what they answer, and that no byte of the tunnel is lost."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace

import pytest

from tests.support import peers
from tests.support.proxies import Heard, connect_proxy, socks_proxy
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.proxy import Proxy, ProxyKind, parse_proxy
from trustdesk.network.tunnel import NoTunnelError, TunnelFailure, open_tunnel

GREETING = b"the target speaks first\r\n"
LOGIN = ("ann", "s3cret:with colon")
MAKERS = {ProxyKind.HTTP: connect_proxy, ProxyKind.SOCKS5: socks_proxy}


def tunnelled(proxy: Proxy, host: str = "partner.example", port: int = 443) -> bytes:
    """Open a tunnel and return the first bytes that come through it."""

    async def talk() -> bytes:
        loop = asyncio.get_running_loop()
        with socket.socket() as connected:
            connected.setblocking(False)
            await loop.sock_connect(connected, (proxy.host, proxy.port))
            async with asyncio.timeout(5):
                await open_tunnel(connected, proxy, host, port)
                data = b""
                while len(data) < len(GREETING):
                    data += await loop.sock_recv(connected, 1000)
            return data

    return asyncio.run(talk())


def through(
    kind: ProxyKind, login: tuple[str, str] | None, proxy_login: tuple[str, str] | None, host: str
) -> Heard:
    heard = Heard()
    with (
        peers.Peer(peers.says(GREETING, reads_first=False)) as target,
        peers.Peer(MAKERS[kind](target.port, heard, login=proxy_login)) as peer,
    ):
        proxy = Proxy(kind=kind, host="127.0.0.1", port=peer.port)
        if login is not None:
            proxy = replace(proxy, user=login[0], password=login[1])
        assert tunnelled(proxy, host) == GREETING
    return heard


@pytest.mark.parametrize("kind", list(ProxyKind))
@pytest.mark.parametrize("login", [None, LOGIN])
def test_target_is_named_to_the_proxy_and_speaks_through_it(
    kind: ProxyKind, login: tuple[str, str] | None
) -> None:
    heard = through(kind, login, login, "partner.example")
    assert heard.authorities == ["partner.example:443"]
    assert len(heard.authorizations) == (login is not None)


@pytest.mark.parametrize("host", ["192.0.2.7", "2001:db8::7"])
def test_address_is_given_to_socks_as_address(host: str) -> None:
    assert through(ProxyKind.SOCKS5, None, None, host).authorities == [f"{host}:443"]


def test_ipv6_address_stands_in_brackets_for_connect() -> None:
    assert through(ProxyKind.HTTP, None, None, "2001:db8::7").authorities == ["[2001:db8::7]:443"]


@pytest.mark.parametrize("kind", list(ProxyKind))
@pytest.mark.parametrize("login", [None, ("ann", "wrong")])
def test_login_that_is_missing_or_wrong(kind: ProxyKind, login: tuple[str, str] | None) -> None:
    with pytest.raises(NoTunnelError) as caught:
        through(kind, login, LOGIN, "partner.example")
    assert caught.value.failure is TunnelFailure.AUTHENTICATION
    assert "wrong" not in caught.value.detail


def failing(kind: ProxyKind, *says: bytes) -> NoTunnelError:
    """What comes of a proxy that answers each message with the next of these words, and then hangs up."""

    def handle(connection: socket.socket) -> None:
        for words in says:
            connection.recv(65536)
            connection.sendall(words)

    with peers.Peer(handle) as peer, pytest.raises(NoTunnelError) as caught:
        tunnelled(Proxy(kind=kind, host="127.0.0.1", port=peer.port))
    return caught.value


@pytest.mark.parametrize(
    ("answer", "failure", "detail"),
    [
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", TunnelFailure.REFUSED, "403 Forbidden"),
        (b"HTTP/1.0 502\r\n\r\n", TunnelFailure.REFUSED, "502"),
        (
            b"HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\nproxy-authenticate: NTLM\r\n\r\n",
            TunnelFailure.KIND_OF_AUTHENTICATION,
            "Negotiate, NTLM",
        ),
        (b"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\n\r\n", TunnelFailure.AUTHENTICATION, "407 No"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", TunnelFailure.NO_PROXY, "SSH-2"),
        (b"HTTP/9 x\r\n\r\n", TunnelFailure.NO_PROXY, "HTTP/9"),
        (b"HTTP/1.1 200 " + b"x" * 20000, TunnelFailure.NO_PROXY, "no end"),
        (b"HTTP/1.1 2", TunnelFailure.CLOSED, "closed"),
        (b"", TunnelFailure.CLOSED, ""),
    ],
)
def test_connect_that_fails(answer: bytes, failure: TunnelFailure, detail: str) -> None:
    error = failing(ProxyKind.HTTP, answer)
    assert error.failure is failure
    assert detail in error.detail
    assert len(error.detail) < 500


@pytest.mark.parametrize(
    ("answers", "failure", "detail"),
    [
        ([b"\x05\x00", b"\x05\x02\x00\x01"], TunnelFailure.REFUSED, "not allowed"),
        ([b"\x05\x00", b"\x05\x63\x00\x01"], TunnelFailure.REFUSED, "reply 99"),
        ([b"\x05\x00", b"\x05\x00\x00\x09"], TunnelFailure.NO_PROXY, "address type"),
        ([b"\x05\xff"], TunnelFailure.AUTHENTICATION, "no acceptable"),
        ([b"\x05\x01"], TunnelFailure.KIND_OF_AUTHENTICATION, "method 1"),
        ([b"HT"], TunnelFailure.NO_PROXY, "0x48"),
        ([b"\x05"], TunnelFailure.CLOSED, "closed"),
    ],
)
def test_socks_that_fails(answers: list[bytes], failure: TunnelFailure, detail: str) -> None:
    error = failing(ProxyKind.SOCKS5, *answers)
    assert error.failure is failure
    assert detail in error.detail


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("http://proxy.example:3128", "http://proxy.example:3128"),
        ("proxy.example:8080/", "http://proxy.example:8080"),
        ("http://proxy.example", "http://proxy.example:80"),
        ("socks5://[2001:db8::1]", "socks5://[2001:db8::1]:1080"),
        ("SOCKS5H://ann:p%40ss@proxy.example:1", "socks5://proxy.example:1"),
    ],
)
def test_proxy_is_read(text: str, title: str) -> None:
    assert parse_proxy(text).title == title


def test_password_is_read_and_shown_nowhere() -> None:
    proxy = parse_proxy("http://ann:p%40ss@proxy.example:1")
    assert (proxy.user, proxy.password) == ("ann", "p@ss")
    assert "p@ss" not in f"{proxy!r} {proxy.title}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://proxy.example",
        "socks4://proxy.example",
        "http://",
        "http://a:99999",
        "http://[::1",
        "http://ann:secret@/",
    ],
)
def test_what_is_no_proxy_is_refused_without_its_secret(text: str) -> None:
    with pytest.raises(UnusableInputError) as caught:
        parse_proxy(text)
    assert "secret" not in f"{caught.value} {caught.value.problem} {caught.value.remedy}"
