"""Probes through proxies: what is asked of them, what they answer, and what is told of it."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from dataclasses import replace

import pytest

from tests.support import peers
from tests.support.diagnosis import RULES
from tests.support.judges import FixedJudge
from tests.support.peers import Peer, PeerPki, Seen, drain, tls_peer
from tests.support.proxies import Heard, connect_proxy, socks_proxy
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.probe import Outcome, Phase, ProbeRecord, Responsible, StopReason
from trustdesk.core.proxy import Proxy, ProxyKind
from trustdesk.core.target import parse_target
from trustdesk.diagnose.explain import explain
from trustdesk.formats.documents import probe_document
from trustdesk.network.probe import probe
from trustdesk.network.request import ProbeLimits, ProbeRequest
from trustdesk.network.web_proxy import EnvironmentProxies, NamedProxy, NoProxy
from trustdesk.services.reporting import report_on
from trustdesk.services.wording import wording

MAKERS = {ProxyKind.HTTP: connect_proxy, ProxyKind.SOCKS5: socks_proxy}
LOGIN = ("ann", "s3cret")
HOST = "peer.example"
QUICK = ProbeLimits(proxy_s=0.4, connect_s=0.4, handshake_s=0.4, request_s=0.7, total_s=3.0)
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv(variable.upper(), raising=False)


def through(proxy: Proxy, *, limits: ProbeLimits | None = None, url: str = f"https://{HOST}") -> ProbeRecord:
    request = ProbeRequest(
        target=parse_target(url),
        judge=FixedJudge(trusted=True),
        proxy=proxy,
        limits=limits or ProbeLimits(),
    )
    return asyncio.run(probe(request))


def at(peer: Peer, kind: ProxyKind = ProxyKind.HTTP, login: tuple[str, str] | None = None) -> Proxy:
    proxy = Proxy(kind=kind, host="127.0.0.1", port=peer.port)
    return proxy if login is None else replace(proxy, user=login[0], password=login[1])


def told(record: ProbeRecord) -> str:
    assert record.error is not None
    return wording("en").text(record.error)


@pytest.mark.parametrize("kind", list(ProxyKind))
@pytest.mark.parametrize("login", [None, LOGIN])
def test_proxy_resolves_the_name_and_connects_and_the_probe_goes_through_it(
    pki: PeerPki, kind: ProxyKind, login: tuple[str, str] | None
) -> None:
    heard = Heard()
    with tls_peer(pki, Seen()) as server, Peer(MAKERS[kind](server.port, heard, login=login)) as peer:
        record = through(at(peer, kind, login))
        title = f"{kind}://127.0.0.1:{peer.port}"
    assert heard.authorities == [f"{HOST}:443"]
    assert record.outcome is Outcome.ACCEPTED
    assert (record.proxy, record.address, record.addresses) == (title, None, ())
    assert record.phases.proxy_ms is not None
    assert (record.phases.resolve_ms, record.phases.connect_ms) == (None, None)
    messages = [event.message for event in record.timeline]
    assert messages[:4] == ["tcp_connect", "proxy_request", "proxy_answer", "client_hello"]
    request = next(event for event in record.timeline if event.message == "proxy_request")
    assert request.detail == f"{HOST} port 443 through {title}"


@pytest.mark.parametrize("kind", list(ProxyKind))
@pytest.mark.parametrize("password", ["pass-right", "pass-wrong"])
def test_password_stands_nowhere_in_the_record(pki: PeerPki, kind: ProxyKind, password: str) -> None:
    heard = Heard()
    with tls_peer(pki, Seen()) as server:
        maker = MAKERS[kind](server.port, heard, login=("user-name", "pass-right"))
        with Peer(maker) as peer:
            record = through(at(peer, kind, ("user-name", password)))
    document = json.dumps(probe_document(report_on(record), wording("en").text)) + repr(record)
    for secret in ("user-name", "pass-", "Basic "):
        assert secret not in document


@pytest.mark.parametrize("kind", list(ProxyKind))
def test_proxy_that_wants_a_login_says_what_is_missing_or_wrong(kind: ProxyKind) -> None:
    with Peer(MAKERS[kind](1, Heard(), login=LOGIN)) as peer:
        without, wrong = through(at(peer, kind)), through(at(peer, kind, ("ann", "other")))
    for record in (without, wrong):
        assert (record.outcome, record.ended_in) == (Outcome.NOT_REACHED, Phase.PROXY)
        assert record.stopped_by is StopReason.PROXY_AUTH_REQUIRED
    assert told(without).endswith("asks for a user and a password.")
    assert told(wrong).endswith("does not accept the user or the password.")


def says(answer: bytes) -> peers.Handler:
    def handle(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(answer)
        drain(connection)

    return handle


@pytest.mark.parametrize(
    ("answer", "reason", "words"),
    [
        (
            b"HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: Negotiate\r\n\r\n",
            StopReason.PROXY_AUTH_UNSUPPORTED,
            "asks to log in by NTLM, Negotiate, which is not supported here.",
        ),
        (
            b"HTTP/1.1 403 Forbidden by policy\r\n\r\n",
            StopReason.PROXY_REFUSED,
            "did not connect us: 403 Forbidden by policy.",
        ),
        (
            b"HTTP/1.1 502 Bad Gateway\r\n\r\n",
            StopReason.PROXY_REFUSED,
            "did not connect us: 502 Bad Gateway.",
        ),
        (b"SSH-2.0-OpenSSH\r\n", StopReason.PROXY_REFUSED, "is no such proxy"),
    ],
)
def test_refusal_of_an_http_proxy_is_told_with_its_words(
    answer: bytes, reason: StopReason, words: str
) -> None:
    with Peer(says(answer)) as peer:
        record = through(at(peer))
    assert (record.outcome, record.ended_in) == (Outcome.NOT_REACHED, Phase.PROXY)
    assert record.stopped_by is reason
    assert words in told(record)


def test_refusal_of_a_socks_proxy_is_told_by_its_reply() -> None:
    def refuse(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"\x05\x00")
        connection.recv(65536)
        connection.sendall(b"\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00")
        drain(connection)

    with Peer(refuse) as peer:
        record = through(at(peer, ProxyKind.SOCKS5))
    assert record.stopped_by is StopReason.PROXY_REFUSED
    assert told(record).endswith("did not connect us: connection not allowed by ruleset.")


def test_proxy_that_stays_silent_is_waited_for_until_its_own_deadline() -> None:
    with Peer(peers.stalls) as peer:
        record = through(at(peer), limits=QUICK)
    assert (record.outcome, record.ended_in) == (Outcome.TIMED_OUT, Phase.PROXY)
    assert record.stopped_by is StopReason.DEADLINE
    assert told(record) == f"The proxy did not connect us to {HOST} in time."
    assert told_cause(record)[1] == "The proxy did not connect us with the server."


def test_proxy_that_is_not_there_is_told_from_a_server_that_is_not() -> None:
    gone = Proxy(kind=ProxyKind.HTTP, host="127.0.0.1", port=1)
    record = through(gone)
    assert (record.outcome, record.ended_in) == (Outcome.NOT_REACHED, Phase.PROXY)
    assert told(record).startswith("The proxy http://127.0.0.1:1 is not reached. Nothing listens on")
    assert told_cause(record) == ("proxy_refused", "The proxy itself is not reached.", Responsible.US)
    unresolved = through(replace(gone, host="proxy.invalid"))
    assert (unresolved.stopped_by, unresolved.ended_in) == (StopReason.NAME_UNRESOLVED, Phase.PROXY)
    assert "name of the proxy" in told(unresolved)


def test_proxy_whose_port_swallows_packets_is_what_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    async def connect(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.SelectorEventLoop, "sock_connect", connect)
    swallowing = Proxy(kind=ProxyKind.HTTP, host="192.0.2.1", port=3128)
    for limits in (QUICK, replace(QUICK, proxy_s=10.0, total_s=0.4)):
        record = through(swallowing, limits=limits)
        assert (record.outcome, record.ended_in) == (Outcome.TIMED_OUT, Phase.PROXY)
        assert [dict(event.fields)["result"] for event in record.timeline] == ["timed_out"]
        assert told(record) == (
            "The proxy http://192.0.2.1:3128 is not reached. 192.0.2.1 port 3128 did not answer in time."
        )
        assert told_cause(record) == ("proxy_refused", "The proxy itself is not reached.", Responsible.US)


def test_name_servers_that_stay_silent_about_the_proxy_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def hang(*_: object, **__: object) -> None:
        release.wait(10)

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    try:
        record = through(
            Proxy(kind=ProxyKind.HTTP, host="proxy.example", port=3128),
            limits=replace(QUICK, resolve_s=0.2),
        )
    finally:
        release.set()
    assert (record.stopped_by, record.ended_in) == (StopReason.NAME_UNRESOLVED, Phase.PROXY)
    assert told(record).startswith("No name server answers for the name of the proxy")
    assert told_cause(record)[1] == "The proxy itself is not reached."


def told_cause(record: ProbeRecord) -> tuple[str, str, Responsible]:
    explanation = explain(record, (), rules=RULES)
    return explanation.cause, wording("en").text(explanation.headline), explanation.responsible


def test_page_inside_the_tunnel_is_no_tls() -> None:
    """F60: a proxy that answers 200, and then a page of its own."""

    def handle(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n<html>log in</html>")
        drain(connection)

    with Peer(handle) as peer:
        record = through(at(peer))
    assert (record.outcome, record.stopped_by) == (Outcome.NOT_TLS, StopReason.HTTP)


# -- which proxy ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_environment_names_the_proxy_of_probes(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "socks5://ann:s3cret@proxy.example:1081")
    proxy = EnvironmentProxies().tunnel_to(HOST, 5671)
    assert proxy is not None
    assert (proxy.title, proxy.user, proxy.password) == ("socks5://proxy.example:1081", "ann", "s3cret")


@pytest.mark.parametrize(
    ("excepted", "host", "direct"),
    [
        ("", HOST, False),
        ("", "127.0.0.1", False),  # no exception by itself
        ("peer.example", HOST, True),
        (".example", HOST, True),
        ("other.example", HOST, False),
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.0/8", "127.0.0.1", True),
        ("*", HOST, True),
    ],
)
def test_only_no_proxy_lets_a_probe_go_out_directly(
    monkeypatch: pytest.MonkeyPatch, excepted: str, host: str, direct: bool
) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", excepted)
    assert (EnvironmentProxies().tunnel_to(host, 443) is None) is direct


def test_proxy_of_the_environment_that_cannot_be_used_is_not_gone_around(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("https_proxy", "https://ann:s3cret@proxy.example")
    with pytest.raises(UnusableInputError) as raised:
        EnvironmentProxies().tunnel_to(HOST, 443)
    assert "s3cret" not in str(raised.value)


def test_named_socks_proxy_serves_probes_and_refuses_downloads() -> None:
    choice = NamedProxy("socks5://proxy.example:1080", tunnels=True)
    proxy = choice.tunnel_to(HOST, 443)
    assert proxy is not None
    assert proxy.kind is ProxyKind.SOCKS5
    assert NoProxy().tunnel_to(HOST, 443) is None
