"""Downloads through a proxy: by CONNECT and in the absolute form, and never around one that is set."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Sequence

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.support.peers import Peer, PeerPki, Seen, drain, server_context, tls_handler
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.ports import FetchFailure
from trustdesk.network.download import FetchLimits
from trustdesk.network.fetch import WebFetcher
from trustdesk.network.resolve import Address, NameUnresolvedError
from trustdesk.network.web_proxy import EnvironmentProxies, NamedProxy, NoProxy, as_they_stand
from trustdesk.network.web_url import parsed_url
from trustdesk.services.wording import wording

BODY = b"\x30\x03\x02\x01\x07"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + BODY
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv(variable.upper(), raising=False)


def only_the_proxy(host: str, port: int) -> Sequence[Address]:
    """A resolver inside a network in which nothing but the proxy has a name."""
    if host != "proxy.example":
        raise NameUnresolvedError(temporary=False, detail=f"{host} was looked up")
    return [Address(family=socket.AF_INET, socket_address=("127.0.0.1", port))]


def to_loopback(host: str, port: int) -> Sequence[Address]:
    return [Address(family=socket.AF_INET, socket_address=("127.0.0.1", port))]


def reason(outcome: bytes | FetchFailure) -> str:
    assert isinstance(outcome, FetchFailure), outcome
    return wording("en").text(outcome.reason)


class ForwardingProxy:
    """Answers what is asked in the absolute form, and tunnels CONNECT to one port of this machine."""

    def __init__(self, tunnel_to: int = 0, refusal: bytes | None = None) -> None:
        self.requests: list[str] = []
        self._tunnel_to = tunnel_to
        self._refusal = refusal

    def __call__(self, connection: socket.socket) -> None:
        request = connection.recv(65536).decode()
        self.requests.append(request)
        if self._refusal is not None:
            connection.sendall(self._refusal)
        elif request.startswith("CONNECT "):
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with socket.create_connection(("127.0.0.1", self._tunnel_to)) as server:
                back = threading.Thread(target=_pour, args=(server, connection))
                back.start()
                _pour(connection, server)
                back.join()
            return
        else:
            connection.sendall(ANSWER)
        connection.shutdown(socket.SHUT_WR)
        drain(connection)


def _pour(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def test_http_asks_the_proxy_in_the_absolute_form_and_looks_up_no_other_name() -> None:
    proxy = ForwardingProxy()
    with Peer(proxy) as peer:
        choice = NamedProxy(f"http://proxy.example:{peer.port}")
        fetcher = WebFetcher(proxies=choice, resolver=only_the_proxy)
        assert fetcher.fetch("http://ca.example/a.crl?v=1") == BODY
    lines = proxy.requests[0].split("\r\n")
    assert lines[0] == "GET http://ca.example/a.crl?v=1 HTTP/1.1"
    assert "Host: ca.example" in lines


def test_https_goes_through_a_tunnel_and_is_checked_for_its_own_name(pki: PeerPki) -> None:
    def trusting() -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=pki.root.certificate.public_bytes(Encoding.PEM).decode())
        return context

    seen = Seen()
    with Peer(tls_handler(server_context(pki), seen, answer=ANSWER)) as server:
        proxy = ForwardingProxy(server.port)
        with Peer(proxy) as peer:
            choice = NamedProxy(f"http://proxy.example:{peer.port}")
            fetcher = WebFetcher(proxies=choice, resolver=only_the_proxy, tls=trusting)
            assert fetcher.fetch("https://peer.example/a.cer") == BODY
            assert "Hostname mismatch" in reason(fetcher.fetch("https://other.example/a.cer"))
    assert re.match(r"CONNECT peer\.example:443 HTTP/1\.[01]\r\n", proxy.requests[0])
    assert seen.requests[0].startswith(b"GET /a.cer HTTP/1.1")


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy"])
def test_the_environments_proxy_is_the_default(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    proxy = ForwardingProxy()
    with Peer(proxy) as peer:
        monkeypatch.setenv(name, f"http://someone:p%40ss@proxy.example:{peer.port}")
        assert WebFetcher(resolver=only_the_proxy).fetch("http://ca.example/") == BODY
    assert "Proxy-Authorization: Basic c29tZW9uZTpwQHNz" in proxy.requests[0].split("\r\n")


@pytest.mark.parametrize(
    ("url", "excepted"),
    [
        ("http://ca.example:{port}/", "ca.example"),
        ("http://a.ca.example:{port}/", "ca.example"),
        ("http://127.0.0.1:{port}/", "10.0.0.0/8,127.0.0.0/8"),
        ("http://ca.example:{port}/", "*"),
    ],
)
def test_no_proxy_lets_a_host_be_asked_directly(
    monkeypatch: pytest.MonkeyPatch, url: str, excepted: str
) -> None:
    direct = ForwardingProxy()
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", excepted)
    with Peer(direct) as peer:
        fetcher = WebFetcher(FetchLimits(allow_private_addresses=True), resolver=to_loopback)
        assert fetcher.fetch(url.format(port=peer.port)) == BODY
    assert direct.requests[0].startswith("GET / HTTP/1.1")


def test_a_proxy_that_is_set_is_never_gone_around(monkeypatch: pytest.MonkeyPatch) -> None:
    direct = ForwardingProxy()
    with Peer(direct) as peer:
        url = f"http://ca.example:{peer.port}/"
        for setting, why in (
            ("http://127.0.0.1:1", "the proxy http://127.0.0.1:1 does not connect: Connection refused"),
            ("socks5://127.0.0.1:1", "a SOCKS proxy is set, and downloads go through http:// proxies only"),
            (
                "https://127.0.0.1:1",
                "no proxy that can be used is set: Proxies of the kind https are not spoken here.",
            ),
            ("http://[::1", "no proxy that can be used is set: The proxy that is set is no URL."),
        ):
            monkeypatch.setenv("http_proxy", setting)
            limits = FetchLimits(allow_private_addresses=True)
            assert reason(WebFetcher(limits, resolver=to_loopback).fetch(url)) == why
        near = FetchLimits(allow_private_addresses=True)
        assert WebFetcher(near, proxies=NoProxy(), resolver=to_loopback).fetch(url) == BODY
    assert len(direct.requests) == 1


@pytest.mark.parametrize(
    ("refusal", "why"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", "407"),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "403"),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_proxys_refusal_is_told(refusal: bytes, why: str, scheme: str) -> None:
    with Peer(ForwardingProxy(refusal=refusal)) as peer:
        choice = NamedProxy(f"proxy.example:{peer.port}")
        outcome = WebFetcher(proxies=choice, resolver=only_the_proxy).fetch(f"{scheme}://ca.example/")
    assert why in reason(outcome)


def test_log_in_that_the_server_asks_for_inside_a_tunnel_is_not_the_proxys(pki: PeerPki) -> None:
    def trusting() -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=pki.root.certificate.public_bytes(Encoding.PEM).decode())
        return context

    asks = b"HTTP/1.1 407 Log in\r\nContent-Length: 0\r\n\r\n"
    with (
        Peer(tls_handler(server_context(pki), Seen(), answer=asks)) as server,
        Peer(ForwardingProxy(server.port)) as peer,
    ):
        choice = NamedProxy(f"http://proxy.example:{peer.port}")
        fetcher = WebFetcher(proxies=choice, resolver=only_the_proxy, tls=trusting)
        assert reason(fetcher.fetch("https://peer.example/")) == "the server answers with HTTP status 407"
    with Peer(ForwardingProxy(refusal=asks)) as peer:
        choice = NamedProxy(f"http://proxy.example:{peer.port}")
        outcome = WebFetcher(proxies=choice, resolver=only_the_proxy).fetch("http://ca.example/")
    assert "the proxy asks for a name and a password" in reason(outcome)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "10.0.0.1", "localhost", "0x7f.1", "2130706433"])
def test_what_is_written_out_as_near_is_not_asked_of_a_proxy_either(host: str) -> None:
    proxy = ForwardingProxy()
    with Peer(proxy) as peer:
        choice = NamedProxy(f"http://127.0.0.1:{peer.port}")
        outcome = WebFetcher(proxies=choice, resolver=to_loopback).fetch(f"http://{host}/")
        assert reason(outcome).startswith("nothing is fetched from there: ")
    assert proxy.requests == []


@pytest.mark.parametrize(
    "text", ["socks5://proxy.example:1080", "https://proxy.example", "http://", "ftp://x"]
)
def test_a_named_proxy_of_another_kind_is_no_usable_option(text: str) -> None:
    with pytest.raises(UnusableInputError):
        NamedProxy(text)


def test_a_password_in_the_named_proxy_is_refused_because_arguments_are_seen_by_all() -> None:
    with pytest.raises(UnusableInputError) as raised:
        NamedProxy("http://someone:secret@proxy.example:3128")
    assert "secret" not in str(raised.value)


def test_no_representation_of_a_proxy_holds_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://ann:s3cret@proxy.example:3128")
    proxy = EnvironmentProxies().proxy_for(parsed_url("http://ca.example/ca.crl"))
    assert proxy is not None
    assert proxy.password == "s3cret"
    assert "YW5uOnMzY3JldA" not in repr(proxy)


def test_without_a_proxy_in_the_environment_there_is_none() -> None:
    assert EnvironmentProxies().proxy_for(parsed_url("http://ca.example/")) is None


def test_a_choice_for_a_sweep_is_that_of_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://first.example:3128")
    monkeypatch.setenv("NO_PROXY", "inside.example")
    fixed = as_they_stand(EnvironmentProxies())
    monkeypatch.setenv("HTTPS_PROXY", "http://second.example:3128")
    monkeypatch.delenv("NO_PROXY")
    proxy = fixed.tunnel_to("p.example", 443)
    assert proxy is not None
    assert proxy.host == "first.example"
    assert fixed.tunnel_to("inside.example", 443) is None
    assert as_they_stand(NoProxy()).tunnel_to("p.example", 443) is None
