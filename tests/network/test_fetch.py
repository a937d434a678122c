"""The fetcher against servers that are slow, huge, redirecting and lying, and against names that move."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Sequence

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.support.peers import (
    Handler,
    Peer,
    PeerPki,
    Seen,
    closes_at_once,
    drain,
    server_context,
    stalls,
    tls_handler,
    trickles,
)
from trustdesk.core.ports import FetchFailure
from trustdesk.network.download import Downloader, FetchLimits
from trustdesk.network.fetch import WebFetcher
from trustdesk.network.resolve import Address, NameUnresolvedError
from trustdesk.network.web_connection import Answer, WebRequest
from trustdesk.services.wording import wording

NAME = "ca.example"
NEAR = FetchLimits(allow_private_addresses=True)
BODY = b"\x30\x03\x02\x01\x07"


def answer(body: bytes = BODY, status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Length: {len(body) if length is None else length}",
        *headers,
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + body


class Asked:
    """A handler that answers by path and keeps what it was asked."""

    def __init__(self, *answers: bytes, by_path: dict[str, bytes] | None = None) -> None:
        self.requests: list[str] = []
        self._answers = list(answers)
        self._by_path = by_path or {}

    def __call__(self, connection: socket.socket) -> None:
        request = connection.recv(65536).decode()
        self.requests.append(request)
        path = request.split(" ")[1]
        connection.sendall(self._by_path.get(path) or self._answers[len(self.requests) - 1])
        connection.shutdown(socket.SHUT_WR)
        drain(connection)


def to_loopback(host: str, port: int) -> Sequence[Address]:
    return [Address(family=socket.AF_INET, socket_address=("127.0.0.1", port))]


def reason(outcome: bytes | FetchFailure) -> str:
    assert isinstance(outcome, FetchFailure), outcome
    return wording("en").text(outcome.reason)


def fetched(handler: Handler, limits: FetchLimits = NEAR, path: str = "/ca.cer") -> bytes | FetchFailure:
    with Peer(handler) as peer:
        return WebFetcher(limits, resolver=to_loopback).fetch(f"http://{NAME}:{peer.port}{path}")


def test_one_bare_get_with_the_name_as_host_and_nothing_that_tells_of_us() -> None:
    asked = Asked(answer())
    with Peer(asked) as peer:
        url = f"http://{NAME}:{peer.port}/a/ca.cer?v=1"
        assert WebFetcher(NEAR, resolver=to_loopback).fetch(url) == BODY
    (request,) = asked.requests
    lines = request.split("\r\n")
    assert lines[0] == "GET /a/ca.cer?v=1 HTTP/1.1"
    assert f"Host: {NAME}:{peer.port}" in lines
    assert {line.partition(":")[0] for line in lines[1:-2]} == {
        "Host", "User-Agent", "Accept", "Accept-Encoding", "Connection",
    }  # fmt: skip


def test_a_url_is_asked_for_once_also_when_it_failed() -> None:
    asked = Asked(answer(), answer(b"", "500 Oops"))
    with Peer(asked) as peer:
        fetcher = WebFetcher(NEAR, resolver=to_loopback)
        good, bad = (f"http://{NAME}:{peer.port}/{number}" for number in (1, 2))
        assert [fetcher.fetch(good), fetcher.fetch(good)] == [BODY, BODY]
        assert fetcher.fetch(bad) == fetcher.fetch(bad)
    assert len(asked.requests) == 2


@pytest.mark.parametrize(
    "said",
    [
        answer(b"x" * 1001),
        answer(b"", length=10**12),
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"200\r\n" + b"x" * 512 + b"\r\n"
        + b"200\r\n" + b"x" * 512 + b"\r\n0\r\n\r\n",
    ],
    ids=["long body", "long by its own word", "no length", "chunked"],
)  # fmt: skip
def test_more_than_the_limit_is_refused(said: bytes) -> None:
    limits = FetchLimits(bytes=1000, allow_private_addresses=True)
    assert reason(fetched(Asked(said), limits)) == "it holds more than 1000 bytes"


def test_the_limit_itself_is_allowed() -> None:
    assert fetched(Asked(answer(b"x" * 1000)), FetchLimits(bytes=1000, allow_private_addresses=True))


def test_a_server_that_promises_more_than_it_sends_is_not_believed() -> None:
    assert "the answer cannot be used" in reason(fetched(Asked(answer(BODY, length=50))))


def test_a_server_that_sends_more_than_it_promises_is_read_to_its_promise() -> None:
    assert fetched(Asked(answer(BODY + b"more", length=len(BODY)))) == BODY


@pytest.mark.parametrize("handler", [closes_at_once, Asked(b"220 mail.example ESMTP\r\n")])
def test_what_is_not_http_is_a_failure(handler: Handler) -> None:
    assert "the answer cannot be used" in reason(fetched(handler))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (answer(b"", "404 Not Found"), "the server answers with HTTP status 404"),
        (answer(b"", "204 No Content"), "the server answers with HTTP status 204"),
        (answer(b""), "the answer is empty"),
        (
            answer(BODY, "200 OK", "Content-Encoding: gzip"),
            "the answer is compressed, which was not asked for",
        ),
        (answer(b"", "302 Found"), "the server answers with HTTP status 302"),
        (answer(b"", "407 Log in"), "the server answers with HTTP status 407"),
    ],
)
def test_answers_without_a_file_say_why(said: bytes, why: str) -> None:
    assert reason(fetched(Asked(said))) == why


def test_redirects_are_followed_to_the_limit_and_no_further() -> None:
    hops = {f"/{n}": answer(b"", "302 Found", f"Location: /{n + 1}") for n in range(4)}
    assert fetched(Asked(by_path=hops | {"/3": answer()}), path="/0") == BODY
    assert reason(fetched(Asked(by_path=hops), path="/0")) == "it redirects more than 3 times"


def test_every_redirect_is_checked_like_the_first_url() -> None:
    def resolver(host: str, port: int) -> Sequence[Address]:
        address = "127.0.0.1" if host == NAME else "224.0.0.1"
        return [Address(family=socket.AF_INET, socket_address=(address, port))]

    def refused(location: str) -> str:
        with Peer(Asked(answer(b"", "301 Moved", f"Location: {location}"))) as peer:
            fetcher = WebFetcher(NEAR, resolver=resolver)
            return reason(fetcher.fetch(f"http://{NAME}:{peer.port}/"))

    assert "224.0.0.1 is a multicast address" in refused("http://elsewhere.example/latest")
    assert refused("file:///etc/passwd") == "only http and https are fetched"
    assert refused("gopher://x/") == "only http and https are fetched"


def test_without_leave_no_near_address_is_connected_to_whatever_it_is_called() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0)
    port = listener.getsockname()[1]
    try:
        for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"):
            outcome = WebFetcher().fetch(f"http://{host}:{port}/")
            assert isinstance(outcome, FetchFailure), host
        with pytest.raises(BlockingIOError):
            listener.accept()
    finally:
        listener.close()


def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    def mixed(host: str, port: int) -> Sequence[Address]:
        return [
            Address(family=socket.AF_INET, socket_address=(address, port))
            for address in ("93.184.215.14", "10.1.2.3")
        ]

    outcome = WebFetcher(resolver=mixed).fetch("http://rebinding.example/ca.cer")
    assert reason(outcome) == "nothing is fetched from there: 10.1.2.3 is an address of a private network"


def test_a_name_that_moves_after_the_check_is_still_fetched_from_the_checked_address() -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    asked_of: list[str] = []

    def moving(host: str, port: int) -> Sequence[Address]:
        asked_of.append(host)
        return [Address(family=socket.AF_INET, socket_address=(address, port)) for address in next(answers)]

    with Peer(Asked(answer())) as peer:
        url = f"http://{NAME}:{peer.port}/"
        assert WebFetcher(NEAR, resolver=moving).fetch(url) == BODY
    assert asked_of == [NAME]


def test_the_next_address_is_tried_where_one_does_not_listen() -> None:
    def two(host: str, port: int) -> Sequence[Address]:
        return [
            Address(family=socket.AF_INET, socket_address=("127.0.0.3", port)),
            *to_loopback(host, port),
        ]

    with Peer(Asked(answer())) as peer:
        assert WebFetcher(NEAR, resolver=two).fetch(f"http://{NAME}:{peer.port}/") == BODY


@pytest.mark.parametrize(
    "url",
    [
        "ftp://ca.example/ca.cer",
        "ldap://ca.example/cn=CA",
        "ca.example/ca.cer",
        "http://",
        "http://user:secret@ca.example/",
        "http://ca.example:99999/",
        "http://ca.example/\r\nX-Injected: 1",
        "http://kä.example/",
        "http://[::1",
        "http://ca.example/" + "a" * 3000,
        "",
    ],
)
def test_what_is_no_plain_http_url_is_refused_before_any_name_is_looked_up(url: str) -> None:
    def never(host: str, port: int) -> Sequence[Address]:
        raise AssertionError(host)

    assert reason(WebFetcher(resolver=never).fetch(url))


def test_a_name_without_an_address_says_so() -> None:
    def unknown(host: str, port: int) -> Sequence[Address]:
        raise NameUnresolvedError(temporary=False, detail="Name or service not known")

    outcome = WebFetcher(resolver=unknown).fetch("http://nowhere.example/")
    assert reason(outcome) == ("the name nowhere.example cannot be resolved: Name or service not known")


def _trickled(start: bytes) -> Handler:
    return trickles(lambda: start + b"x" * 10_000, threading.Event(), 0.05)


@pytest.mark.parametrize(
    "handler",
    [
        stalls,
        _trickled(b"HTTP/1.1 200 OK\r\nX-Long: "),
        _trickled(b"HTTP/1.1 200 OK\r\n\r\n"),
    ],
    ids=["says nothing", "a header without end", "a body without end"],
)
def test_the_time_for_everything_is_kept_byte_by_byte(handler: Handler) -> None:
    began = time.monotonic()
    limits = FetchLimits(total_s=0.4, allow_private_addresses=True)
    assert reason(fetched(handler, limits)) == "it took longer than 0.4 s"
    assert time.monotonic() - began < 3


def test_a_name_server_that_does_not_answer_costs_no_more_than_the_time_for_everything() -> None:
    release = threading.Event()

    def hangs(host: str, port: int) -> Sequence[Address]:
        release.wait(20)
        return ()

    limits = FetchLimits(total_s=0.2)
    try:
        outcome = WebFetcher(limits, resolver=hangs).fetch("http://slow.example/")
    finally:
        release.set()
    assert reason(outcome) == "it took longer than 0.2 s"


def _says_and_hangs(start: bytes, at: threading.Event) -> Handler:
    def handle(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(start)
        at.set()
        drain(connection)

    return handle


@pytest.mark.parametrize(
    ("scheme", "start"),
    [
        ("http", b""),
        ("http", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\nx"),
        ("http", b"HTTP/1.1 200 OK\r\n\r\nx"),
        ("https", b""),
        ("https", b"\x16\x03\x03\x00\x50\x02"),
    ],
    ids=["before an answer", "in a body", "in a body without length", "in a handshake", "in a ServerHello"],
)
def test_cancelling_ends_the_download_and_refuses_the_next_ones(scheme: str, start: bytes) -> None:
    """During a TLS handshake urllib3's own socket is detached, and in a body it is the answer's."""
    waiting = threading.Event()
    with Peer(_says_and_hangs(start, waiting)) as peer:
        fetcher = WebFetcher(FetchLimits(total_s=30, allow_private_addresses=True), resolver=to_loopback)

        def cancel() -> None:
            waiting.wait(10)
            fetcher.cancel()

        canceller = threading.Thread(target=cancel)
        canceller.start()
        url = f"{scheme}://{NAME}:{peer.port}/"
        began = time.monotonic()
        assert reason(fetcher.fetch(url)) == "cancelled"
        assert time.monotonic() - began < 5
        canceller.join()
        assert reason(fetcher.fetch(url)) == "cancelled"


def test_a_connection_that_is_prepared_while_it_is_cancelled_ends_too() -> None:
    def context() -> ssl.SSLContext:
        downloader.cancel()
        return ssl.create_default_context()

    with Peer(_says_and_hangs(b"", threading.Event())) as peer:
        downloader = Downloader(resolver=to_loopback, tls=context)
        limits = FetchLimits(total_s=30, allow_private_addresses=True)
        began = time.monotonic()
        outcome = downloader.download(WebRequest(url=f"https://{NAME}:{peer.port}/"), limits, bytes)
    assert isinstance(outcome, FetchFailure)
    assert wording("en").text(outcome.reason) == "cancelled"
    assert time.monotonic() - began < 5


def test_the_time_for_everything_is_kept_in_a_handshake() -> None:
    def trickle(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"\x16\x03\x03\x40\x00")
        with contextlib.suppress(OSError):
            for _ in range(100):
                connection.sendall(b"\x02")
                if ended.wait(0.05):
                    return

    ended = threading.Event()
    limits = FetchLimits(total_s=0.4, allow_private_addresses=True)
    with Peer(trickle) as peer:
        began = time.monotonic()
        outcome = WebFetcher(limits, resolver=to_loopback).fetch(f"https://{NAME}:{peer.port}/")
        took_s = time.monotonic() - began
        ended.set()
    assert reason(outcome) == "it took longer than 0.4 s"
    assert took_s < 3


def test_words_of_the_library_that_quote_the_peer_are_bounded() -> None:
    outcome = fetched(Asked(b"NOPE/9 " + b"a" * 30_000 + b"\r\n\r\n"))
    assert isinstance(outcome, FetchFailure)
    assert all(len(str(value)) <= 200 for _, value in outcome.reason.params)


def _trusting(pki: PeerPki) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=pki.root.certificate.public_bytes(Encoding.PEM).decode())
    return context


def test_https_is_checked_for_the_name_and_not_for_the_address(pki: PeerPki) -> None:
    seen, names = Seen(), []
    context = server_context(pki)
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    with Peer(tls_handler(context, seen, answer=answer())) as peer:
        fetcher = WebFetcher(NEAR, resolver=to_loopback, tls=lambda: _trusting(pki))
        assert fetcher.fetch(f"https://peer.example:{peer.port}/") == BODY
        other = fetcher.fetch(f"https://other.example:{peer.port}/")
        assert "Hostname mismatch" in reason(other)
    assert names == ["peer.example", "other.example"]
    assert f"Host: peer.example:{peer.port}".encode() in seen.requests[0]


def test_https_of_a_ca_that_is_not_on_the_public_web_list_is_refused(pki: PeerPki) -> None:
    with Peer(tls_handler(server_context(pki), Seen(), answer=answer())) as peer:
        outcome = WebFetcher(NEAR, resolver=to_loopback).fetch(f"https://peer.example:{peer.port}/")
    assert "is not trusted: unable to get local issuer" in reason(outcome)


def downloaded(handler: Handler, etag: str = "", limits: FetchLimits = NEAR) -> Answer | FetchFailure:
    with Peer(handler) as peer:
        downloader = Downloader(resolver=to_loopback)
        request = WebRequest(url=f"http://{NAME}:{peer.port}/", etag=etag)
        return downloader.download(request, limits, lambda _part: None)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ('"v1"', '"v1"'),
        ('W/"v1"', 'W/"v1"'),
        ("v1", ""),
        ('"a" , "b"', ""),
        ('"' + "x" * 201 + '"', ""),
        ('"a\tb"', ""),
        ("*", ""),
    ],
)
def test_only_an_entity_tag_is_kept_to_be_sent_back(said: str, kept: str) -> None:
    outcome = downloaded(Asked(answer(BODY, "200 OK", f"ETag: {said}")))
    assert isinstance(outcome, Answer)
    assert (outcome.etag, outcome.is_unchanged) == (kept, False)


def test_an_answer_that_still_holds_is_told_only_where_that_was_asked() -> None:
    unchanged = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    asked = Asked(unchanged)
    outcome = downloaded(asked, '"v1"')
    assert isinstance(outcome, Answer)
    assert (outcome.is_unchanged, outcome.etag) == (True, '"v1"')
    assert 'If-None-Match: "v1"\r\n' in asked.requests[0]
    refused = downloaded(Asked(unchanged))
    assert isinstance(refused, FetchFailure)
    assert wording("en").text(refused.reason) == "the server answers with HTTP status 304"


def test_where_https_alone_is_wanted_http_is_not_asked() -> None:
    asked = Asked(answer())
    refused = downloaded(asked, limits=FetchLimits(allow_private_addresses=True, https_only=True))
    assert isinstance(refused, FetchFailure)
    assert asked.requests == []


def test_a_private_address_is_asked_for_the_host_that_a_person_named_and_for_no_other() -> None:
    named = FetchLimits(private_host=NAME.upper())
    assert isinstance(downloaded(Asked(answer()), limits=named), Answer)
    moved = Asked(answer(b"", "302 Found", "Location: http://other.example/"))
    assert isinstance(downloaded(moved, limits=named), FetchFailure)
    assert isinstance(downloaded(Asked(answer()), limits=FetchLimits(private_host="other")), FetchFailure)
