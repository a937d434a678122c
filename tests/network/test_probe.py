from __future__ import annotations

import asyncio
import errno
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.support import peers
from tests.support.judges import FixedJudge, broken_judge
from tests.support.peers import Peer, PeerPki, Seen, tls_peer
from trustdesk.core.handshake import (
    AlertDirection,
    CertificateRequested,
    ClientCertificateVerdict,
    TimelineEvent,
)
from trustdesk.core.probe import CertificateRefusal, Outcome, Phase, ProbeRecord, StopReason
from trustdesk.core.target import Target, parse_target
from trustdesk.core.trust import ServerJudgement
from trustdesk.formats.credential import ClientCredential
from trustdesk.network import conversation
from trustdesk.network.probe import probe
from trustdesk.network.request import ProbeLimits, ProbeListener, ProbeRequest

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
VERSIONS = [TLS12, TLS13]
QUICK = ProbeLimits(resolve_s=0.3, connect_s=0.3, handshake_s=0.3, request_s=0.7, total_s=3.0)


def target(peer: Peer, protocol: str = "https", alpn: tuple[str, ...] | None = None) -> Target:
    return parse_target(
        f"{protocol}://127.0.0.1:{peer.port}",
        server_name="peer.example",
        verify_name="peer.example",
        alpn=alpn,
    )


def probed(
    at: Target,
    *,
    trusted: bool = True,
    credential: ClientCredential | None = None,
    present_anyway: bool = False,
    limits: ProbeLimits | None = None,
    listener: ProbeListener | None = None,
) -> ProbeRecord:
    request = ProbeRequest(
        target=at,
        judge=FixedJudge(trusted=trusted),
        credential=credential,
        present_anyway=present_anyway,
        limits=limits or ProbeLimits(),
    )
    return asyncio.run(probe(request, listener))


def messages(record: ProbeRecord) -> list[str]:
    return [f"{event.direction} {event.message}" for event in record.timeline]


# -- answers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_answer_after_the_handshake_is_accepted(pki: PeerPki, version: ssl.TLSVersion) -> None:
    seen = Seen()
    with tls_peer(pki, seen, version=version) as peer:
        record = probed(target(peer))
    assert (record.outcome, record.ended_in) == (Outcome.ACCEPTED, Phase.DONE)
    assert record.error is None
    assert record.stopped_by is None
    assert record.http is not None
    assert (record.http.status, record.http.server) == (401, "peer")
    assert record.client_auth.requested is CertificateRequested.NO
    assert record.client_auth.verdict is ClientCertificateVerdict.NOT_ASKED
    assert record.presented_chain[0].der == pki.server.der
    assert len(record.presented_chain) == 2
    assert record.address == "127.0.0.1"
    assert record.addresses == ("127.0.0.1",)
    assert record.negotiated is not None
    assert record.negotiated.version == version.name.replace("_", ".")
    assert seen.requests[0].startswith(b"GET / HTTP/1.1\r\nHost: peer.example:")


def test_timeline_holds_connection_handshake_request_and_answer_in_order(pki: PeerPki) -> None:
    with tls_peer(pki, Seen(), version=TLS12) as peer:
        record = probed(target(peer))
    seen = messages(record)
    expected = ["out tcp_connect", "out client_hello", "in server_hello", "in certificate", "in finished"]
    expected += ["out http_request", "in http_response", "out alert", "out tcp_close"]
    assert [message for message in seen if message in expected] == expected
    assert "application_data" not in " ".join(seen)
    times = [event.at_ms for event in record.timeline]
    assert times == sorted(times)


def test_phases_are_timed_and_told(pki: PeerPki) -> None:
    told: list[object] = []
    with tls_peer(pki, Seen()) as peer:
        record = probed(target(peer), listener=told.append)
    phases = [Phase.RESOLVE, Phase.CONNECT, Phase.HANDSHAKE, Phase.SETTLE, Phase.REQUEST, Phase.DONE]
    assert [news for news in told if isinstance(news, Phase)] == phases
    assert tuple(news for news in told if not isinstance(news, Phase)) == record.timeline
    times = record.phases
    for took in (
        times.resolve_ms,
        times.connect_ms,
        times.handshake_ms,
        times.settle_ms,
        times.first_byte_ms,
    ):
        assert took is not None
        assert took >= 0


def test_judge_is_asked_once_with_chain_name_and_instant(pki: PeerPki) -> None:
    judge = FixedJudge(trusted=True)
    before = datetime.now(UTC)
    with tls_peer(pki, Seen()) as peer:
        request = ProbeRequest(target=target(peer), judge=judge)
        record = asyncio.run(probe(request))
    ((chain, name, instant),) = judge.asked
    assert chain == tuple(facts.der for facts in record.presented_chain)
    assert name == "peer.example"
    assert before <= instant <= datetime.now(UTC)
    assert record.judgement is not None
    assert record.judgement.trusted


class SlowJudge(FixedJudge):
    """Thinks until it is released, like one that got lost in a tangled chain."""

    def __init__(self) -> None:
        super().__init__(trusted=True)
        self.release = threading.Event()

    def judge_server(
        self,
        presented_chain: Sequence[bytes],
        reference_identifier: str,
        at: datetime,
        *,
        staple: bytes | None = None,
    ) -> ServerJudgement:
        self.release.wait(20)
        return super().judge_server(presented_chain, reference_identifier, at, staple=staple)


def test_judge_that_does_not_come_to_an_end_is_not_waited_for(
    pki: PeerPki, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "_JUDGE_S", 0.1)
    seen, judge = Seen(), SlowJudge()
    with tls_peer(pki, seen, client_auth=ssl.CERT_OPTIONAL) as peer:
        request = ProbeRequest(target=target(peer), judge=judge, credential=pki.client.credential)
        record = asyncio.run(probe(request))
    judge.release.set()
    assert (record.outcome, record.ended_in) == (Outcome.UNTRUSTED_PEER, Phase.HANDSHAKE)
    assert record.judgement is None
    assert seen.certificates == []
    assert "finished" not in [event.message for event in record.timeline if event.direction == "out"]


def test_judge_that_thinks_holds_up_no_other_probe(pki: PeerPki) -> None:
    judge = SlowJudge()

    async def both(peer: Peer) -> tuple[ProbeRecord, ProbeRecord]:
        slow = asyncio.ensure_future(probe(ProbeRequest(target=target(peer), judge=judge)))
        quick = await probe(ProbeRequest(target=target(peer), judge=FixedJudge(trusted=True)))
        judge.release.set()
        return await slow, quick

    with tls_peer(pki, Seen()) as peer:
        slow, quick = asyncio.run(both(peer))
    assert (slow.outcome, quick.outcome) == (Outcome.ACCEPTED, Outcome.ACCEPTED)


def test_stream_that_ends_while_the_judge_thinks_keeps_the_timeline_in_order(pki: PeerPki) -> None:
    judge = SlowJudge()

    def listen(news: object) -> None:
        if isinstance(news, TimelineEvent) and news.message in {"tcp_close", "tcp_reset"}:
            judge.release.set()

    context = peers.server_context(pki, version=TLS12)

    def only_the_first_flight(connection: socket.socket) -> None:
        connection.settimeout(0.1)
        peers.rewrites(context, lambda flight: flight)(connection)

    with Peer(only_the_first_flight) as peer:
        record = asyncio.run(probe(ProbeRequest(target=target(peer), judge=judge), listen))
    assert record.outcome is Outcome.REJECTED_BY_PEER
    assert "in server_hello_done" in messages(record)
    times = [event.at_ms for event in record.timeline]
    assert times == sorted(times)


def test_impossible_server_name_is_a_bug_that_loses_no_socket(pki: PeerPki) -> None:
    with tls_peer(pki, Seen()) as peer:
        wrong = replace(target(peer), server_name="127.0.0.1")
        with pytest.raises(ValueError, match="server name"):
            probed(wrong)


def test_answer_that_came_before_the_question_stands_in_the_timeline(pki: PeerPki) -> None:
    def speaks_first(tls: socket.socket) -> None:
        tls.sendall(peers.ANSWER)
        peers.drain(tls)

    with tls_peer(pki, Seen(), after=speaks_first, client_auth=ssl.CERT_OPTIONAL) as peer:
        record = probed(target(peer))
    assert record.outcome is Outcome.ACCEPTED
    assert messages(record).count("in http_response") == 1


def test_trouble_in_the_judge_reaches_the_caller(pki: PeerPki) -> None:
    with tls_peer(pki, Seen()) as peer, pytest.raises(LookupError):
        asyncio.run(probe(ProbeRequest(target=target(peer), judge=broken_judge(LookupError("a bug")))))


def test_answer_that_no_cause_delays_takes_less_than_60_ms(pki: PeerPki) -> None:
    with tls_peer(pki, Seen(), client_auth=ssl.CERT_REQUIRED) as peer:
        probed(target(peer), credential=pki.client.credential)
        best = min(_seconds(lambda: probed(target(peer), credential=pki.client.credential)) for _ in range(5))
    assert best < 0.06


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def test_redirect_is_an_answer_and_is_not_followed(pki: PeerPki) -> None:
    seen = Seen()
    answer = b"HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    with tls_peer(pki, seen, answer=answer) as peer:
        record = probed(target(peer))
    assert record.outcome is Outcome.ACCEPTED
    assert record.http is not None
    assert record.http.status == 302
    assert len(seen.requests) == 1


def test_server_error_is_an_answer(pki: PeerPki) -> None:
    with tls_peer(pki, Seen(), answer=b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n") as peer:
        record = probed(target(peer))
    assert record.outcome is Outcome.ACCEPTED


def test_chosen_alpn_is_recorded(pki: PeerPki) -> None:
    with tls_peer(pki, Seen(), alpn=("http/1.1",)) as peer:
        record = probed(target(peer))
    assert record.negotiated is not None
    assert record.negotiated.alpn == "http/1.1"


def test_no_http_1_request_goes_where_alpn_chose_another_protocol(pki: PeerPki) -> None:
    seen = Seen()
    with tls_peer(pki, seen, alpn=("h2",), answer=None) as peer:
        record = probed(target(peer, alpn=("h2",)))
    assert record.outcome is Outcome.ACCEPTED
    assert record.http is None
    assert seen.requests == [b""]


def test_tls11_server_is_seen_and_answers(pki: PeerPki) -> None:
    seen = Seen()
    with tls_peer(pki, seen, version=ssl.TLSVersion.TLSv1_1, client_auth=ssl.CERT_OPTIONAL) as peer:
        record = probed(target(peer), credential=pki.client.credential)
    assert record.outcome is Outcome.ACCEPTED
    assert record.negotiated is not None
    assert record.negotiated.version == "TLSv1.1"
    assert record.credential_error is not None
    assert seen.certificates == [0]


# -- the client certificate ---------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_required_certificate_that_is_known_is_accepted(pki: PeerPki, version: ssl.TLSVersion) -> None:
    seen = Seen()
    with tls_peer(pki, seen, version=version, client_auth=ssl.CERT_REQUIRED) as peer:
        record = probed(target(peer), credential=pki.client.credential)
    assert record.outcome is Outcome.ACCEPTED
    assert record.client_auth.sent
    assert record.client_auth.verdict is ClientCertificateVerdict.ACCEPTED
    assert record.identity == pki.client.credential.label
    assert seen.certificates == [2]


@pytest.mark.parametrize("version", VERSIONS)
def test_required_certificate_of_an_unknown_ca_is_rejected_by_an_alert(
    pki: PeerPki, version: ssl.TLSVersion
) -> None:
    with tls_peer(pki, Seen(), version=version, client_auth=ssl.CERT_REQUIRED) as peer:
        record = probed(target(peer), credential=pki.stranger.credential)
    assert record.outcome is Outcome.REJECTED_BY_PEER
    assert record.stopped_by is StopReason.ALERT
    assert record.ended_in is (Phase.SETTLE if version is TLS13 else Phase.HANDSHAKE)
    (alert,) = [alert for alert in record.alerts if alert.level == "fatal"]
    assert (alert.direction, alert.code, alert.name) == (AlertDirection.RECEIVED, 48, "unknown_ca")
    assert record.client_auth.verdict is ClientCertificateVerdict.REJECTED
    assert record.client_auth.sent


@pytest.mark.parametrize("version", VERSIONS)
def test_required_certificate_that_is_missing_is_told(pki: PeerPki, version: ssl.TLSVersion) -> None:
    with tls_peer(pki, Seen(), version=version, client_auth=ssl.CERT_REQUIRED) as peer:
        record = probed(target(peer))
    assert record.outcome is Outcome.REJECTED_BY_PEER
    assert [alert.code for alert in record.alerts] == [116 if version is TLS13 else 40]
    assert record.client_auth.requested is CertificateRequested.REQUIRED
    assert record.client_auth.verdict is ClientCertificateVerdict.REJECTED
    assert not record.client_auth.sent


@pytest.mark.parametrize("version", VERSIONS)
def test_optional_certificate_that_is_missing_is_ignored(pki: PeerPki, version: ssl.TLSVersion) -> None:
    with tls_peer(pki, Seen(), version=version, client_auth=ssl.CERT_OPTIONAL) as peer:
        record = probed(target(peer))
    assert record.outcome is Outcome.ACCEPTED
    assert record.client_auth.requested is CertificateRequested.OPTIONAL
    assert record.client_auth.verdict is ClientCertificateVerdict.IGNORED


@pytest.mark.parametrize("version", VERSIONS)
def test_untrusted_server_gets_no_certificate_but_the_bare_request(
    pki: PeerPki, version: ssl.TLSVersion
) -> None:
    seen = Seen()
    with tls_peer(pki, seen, version=version, client_auth=ssl.CERT_OPTIONAL) as peer:
        record = probed(target(peer), trusted=False, credential=pki.client.credential)
    assert record.outcome is Outcome.UNTRUSTED_PEER
    assert not record.client_auth.sent
    assert record.client_auth.request is not None
    assert seen.certificates == [0]
    assert b"client.example" not in seen.requests[0]
    assert record.http is not None


@pytest.mark.parametrize("version", VERSIONS)
def test_untrusted_wins_over_the_servers_own_refusal(pki: PeerPki, version: ssl.TLSVersion) -> None:
    seen = Seen()
    with tls_peer(pki, seen, version=version, client_auth=ssl.CERT_REQUIRED) as peer:
        record = probed(target(peer), trusted=False, credential=pki.client.credential)
    assert record.outcome is Outcome.UNTRUSTED_PEER
    assert record.stopped_by is StopReason.ALERT
    assert record.client_auth.requested is CertificateRequested.REQUIRED
    assert seen.certificates == []


def test_untrusted_server_gets_the_certificate_when_the_person_insists(pki: PeerPki) -> None:
    seen = Seen()
    with tls_peer(pki, seen, client_auth=ssl.CERT_REQUIRED) as peer:
        record = probed(target(peer), trusted=False, credential=pki.client.credential, present_anyway=True)
    assert record.outcome is Outcome.UNTRUSTED_PEER
    assert record.client_auth.sent
    assert seen.certificates == [2]


@pytest.mark.parametrize(
    ("text", "refusal", "requested"),
    [
        ("No required SSL certificate was sent", CertificateRefusal.NONE_SENT, CertificateRequested.REQUIRED),
        ("The SSL certificate error", CertificateRefusal.CERTIFICATE_ERROR, CertificateRequested.UNKNOWN),
    ],
)
def test_front_ends_page_is_a_rejection_after_a_clean_handshake(
    pki: PeerPki, text: str, refusal: CertificateRefusal, requested: CertificateRequested
) -> None:
    page = peers.nginx_page(text)
    with tls_peer(pki, Seen(), client_auth=ssl.CERT_OPTIONAL, answer=page) as peer:
        record = probed(target(peer))
    assert record.outcome is Outcome.REJECTED_BY_PEER
    assert (record.ended_in, record.stopped_by) == (Phase.DONE, StopReason.HTTP_REFUSAL)
    assert record.http is not None
    assert record.http.certificate_refusal is refusal
    assert record.client_auth.requested is requested
    assert record.client_auth.verdict is ClientCertificateVerdict.REJECTED


def test_silent_close_instead_of_an_alert_after_our_flight_is_a_rejection(pki: PeerPki) -> None:
    def close(tls: socket.socket) -> None:
        """Say nothing."""

    with tls_peer(pki, Seen(), client_auth=ssl.CERT_OPTIONAL, after=close) as peer:
        record = probed(target(peer), credential=pki.client.credential)
    assert record.outcome is Outcome.REJECTED_BY_PEER
    assert record.stopped_by in {StopReason.CLOSED, StopReason.RESET}
    assert record.client_auth.verdict is ClientCertificateVerdict.REJECTED


# -- what is not an answer ----------------------------------------------------------------------------


def test_name_that_does_not_resolve_is_not_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    record = probed(parse_target("https://absent.example/"))
    assert (record.outcome, record.ended_in) == (Outcome.NOT_REACHED, Phase.RESOLVE)
    assert record.stopped_by is StopReason.NAME_UNRESOLVED
    assert record.error is not None
    assert record.error.id == "The name {host} does not resolve."
    assert record.error_detail == "Name or service not known"
    assert record.timeline == ()


def test_name_servers_that_stay_silent_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def hang(*_: object, **__: object) -> list[object]:
        release.wait(20)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    record = probed(parse_target("https://slow.example/"), limits=QUICK)
    release.set()
    assert (record.outcome, record.ended_in) == (Outcome.TIMED_OUT, Phase.RESOLVE)
    assert record.phases.resolve_ms is None


def test_closed_port_is_not_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    record = probed(parse_target(f"https://127.0.0.1:{port}/"))
    assert (record.outcome, record.ended_in) == (Outcome.NOT_REACHED, Phase.CONNECT)
    assert record.stopped_by is StopReason.REFUSED
    assert record.error is not None
    assert dict(record.error.params) == {"address": "127.0.0.1", "port": port}
    assert record.address is None
    assert messages(record) == ["out tcp_connect"]
    assert dict(record.timeline[0].fields)["result"] == "refused"


def test_address_that_swallows_packets_times_out_in_connect(monkeypatch: pytest.MonkeyPatch) -> None:
    async def connect(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.SelectorEventLoop, "sock_connect", connect)
    record = probed(parse_target("https://192.0.2.1/"), limits=QUICK)
    assert (record.outcome, record.ended_in) == (Outcome.TIMED_OUT, Phase.CONNECT)
    assert dict(record.timeline[0].fields)["result"] == "timed_out"


@pytest.mark.parametrize(
    ("first_words", "reads_first", "reason"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", True, StopReason.HTTP),
        (b"<html><body>no</body></html>", True, StopReason.HTTP),
        (b"SSH-2.0-OpenSSH_9.2\r\n", False, StopReason.SSH),
        (b"220 mail.example ESMTP\r\n", False, StopReason.SMTP),
        (b"AMQP\x00\x00\x09\x01", True, StopReason.AMQP),
        (b"\x00\x01\x02\x03\x04\x05\x06\x07\x08", True, StopReason.OTHER_PROTOCOL),
    ],
)
def test_other_protocol_on_the_port_is_not_tls_and_is_named(
    first_words: bytes, reads_first: bool, reason: StopReason
) -> None:
    with Peer(peers.says(first_words, reads_first=reads_first)) as peer:
        record = probed(target(peer))
    assert (record.outcome, record.ended_in) == (Outcome.NOT_TLS, Phase.HANDSHAKE)
    assert record.stopped_by is reason
    assert record.negotiated is None
    assert record.judgement is None
    assert "in not_tls" in messages(record)


def test_greeting_in_single_bytes_is_named_all_the_same() -> None:
    pause = threading.Event()
    with Peer(peers.trickles(lambda: b"HTTP/1.1 400 Bad Request\r\n\r\n", pause, step_s=0.01)) as peer:
        record = probed(target(peer))
        pause.set()
    assert record.stopped_by is StopReason.HTTP


def test_silent_server_times_out_in_the_handshake() -> None:
    with Peer(peers.stalls) as peer:
        record = probed(target(peer), limits=QUICK)
    assert (record.outcome, record.ended_in) == (Outcome.TIMED_OUT, Phase.HANDSHAKE)
    assert record.stopped_by is StopReason.DEADLINE
    assert messages(record) == ["out tcp_connect", "out client_hello", "out tcp_close"]


def test_one_byte_now_and_then_does_not_reset_the_deadline(pki: PeerPki) -> None:
    flights: list[bytes] = []

    def keep(flight: bytes) -> bytes:
        flights.append(flight)
        return b""

    with Peer(peers.rewrites(peers.server_context(pki), keep)) as peer:
        probed(target(peer), limits=QUICK)
    pause = threading.Event()
    with Peer(peers.trickles(lambda: flights[0], pause, step_s=0.05)) as peer:
        start = time.perf_counter()
        record = probed(target(peer), limits=QUICK)
        seconds = time.perf_counter() - start
        pause.set()
    assert (record.outcome, record.ended_in) == (Outcome.TIMED_OUT, Phase.HANDSHAKE)
    assert 0.25 < seconds < 1.0


@pytest.mark.parametrize(
    ("handler", "reasons"),
    [
        (peers.closes_at_once, {StopReason.CLOSED, StopReason.RESET}),
        (peers.closes_after_client_hello, {StopReason.CLOSED}),
        (peers.resets_after_client_hello, {StopReason.RESET}),
        (peers.reset, {StopReason.RESET}),
    ],
)
def test_end_before_any_answer_is_a_rejection_in_the_handshake(
    handler: peers.Handler, reasons: set[StopReason]
) -> None:
    with Peer(handler) as peer:
        record = probed(target(peer))
    assert (record.outcome, record.ended_in) == (Outcome.REJECTED_BY_PEER, Phase.HANDSHAKE)
    assert record.stopped_by in reasons
    assert record.error is not None
    assert "before it answered our first message" in record.error.id
    assert {"in tcp_close", "in tcp_reset"} & set(messages(record))
    assert record.client_auth.verdict is ClientCertificateVerdict.UNKNOWN


def test_reset_that_the_system_tells_as_a_failed_connect_is_a_rejection_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def connect(*_: object) -> None:
        raise ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")

    monkeypatch.setattr(asyncio.SelectorEventLoop, "sock_connect", connect)
    record = probed(parse_target("https://192.0.2.1/"))
    assert (record.outcome, record.ended_in) == (Outcome.REJECTED_BY_PEER, Phase.HANDSHAKE)
    assert record.stopped_by is StopReason.RESET
    assert record.address == "192.0.2.1"
    assert messages(record) == ["out tcp_connect", "in tcp_reset"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("garbage", [b"garbage", b"\x16\x03\x03\x00\x04\x63\x00\x00\x00"])
def test_garbage_after_the_server_hello_is_a_violation(
    pki: PeerPki, version: ssl.TLSVersion, garbage: bytes
) -> None:
    context = peers.server_context(pki, version=version)
    with Peer(peers.rewrites(context, lambda flight: peers.after_server_hello(flight, garbage))) as peer:
        record = probed(target(peer))
    assert (record.outcome, record.ended_in) == (Outcome.NOT_TLS, Phase.HANDSHAKE)
    assert record.stopped_by is StopReason.PROTOCOL_VIOLATION
    assert record.negotiated is not None
    assert "in server_hello" in messages(record)


def test_broken_signature_of_the_server_is_a_violation(pki: PeerPki) -> None:
    def spoil(flight: bytes) -> bytes:
        """Change the last byte of the ServerKeyExchange, which ends with its signature."""
        done = b"\x16\x03\x03\x00\x04\x0e\x00\x00\x00"
        assert flight.endswith(done)
        at = len(flight) - len(done) - 1
        return flight[:at] + bytes([flight[at] ^ 1]) + flight[at + 1 :]

    with Peer(peers.rewrites(peers.server_context(pki, version=TLS12), spoil)) as peer:
        record = probed(target(peer), credential=pki.client.credential)
    assert record.outcome is Outcome.NOT_TLS
    assert record.stopped_by is StopReason.PROTOCOL_VIOLATION
    assert [alert.direction for alert in record.alerts] == [AlertDirection.SENT]
    assert not record.client_auth.sent


def test_refused_hello_is_a_rejection_with_its_alert() -> None:
    alert = b"\x15\x03\x03\x00\x02\x02\x28"
    with Peer(peers.says(alert)) as peer:
        record = probed(target(peer))
    assert (record.outcome, record.ended_in) == (Outcome.REJECTED_BY_PEER, Phase.HANDSHAKE)
    assert record.stopped_by is StopReason.ALERT
    assert [(alert.code, alert.name) for alert in record.alerts] == [(40, "handshake_failure")]


@pytest.mark.parametrize("version", VERSIONS)
def test_server_that_never_answers_the_request_times_out(pki: PeerPki, version: ssl.TLSVersion) -> None:
    with tls_peer(pki, Seen(), version=version, answer=None) as peer:
        record = probed(target(peer), limits=QUICK)
    assert (record.outcome, record.ended_in) == (Outcome.TIMED_OUT, Phase.REQUEST)


@pytest.mark.parametrize("version", VERSIONS)
def test_server_that_closes_instead_of_answering_is_a_rejection(
    pki: PeerPki, version: ssl.TLSVersion
) -> None:
    with tls_peer(pki, Seen(), version=version, answer=b"") as peer:
        record = probed(target(peer))
    assert record.outcome is Outcome.REJECTED_BY_PEER
    assert record.stopped_by is StopReason.CLOSED
    assert record.client_auth.verdict is ClientCertificateVerdict.NOT_ASKED


@pytest.mark.parametrize("answer", [b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000])
def test_answer_that_is_not_http_is_neither_accepted_nor_refused(pki: PeerPki, answer: bytes) -> None:
    with tls_peer(pki, Seen(), answer=answer) as peer:
        record = probed(target(peer))
    assert (record.outcome, record.ended_in) == (Outcome.NOT_TLS, Phase.REQUEST)
    assert record.stopped_by is StopReason.ANSWER_UNREADABLE


def test_flood_is_cut_off(pki: PeerPki) -> None:
    limits = ProbeLimits(max_bytes=100_000)
    with Peer(peers.says(b"\x14\x03\x03\x00\x01\x01" * 100_000)) as peer:
        record = probed(target(peer), limits=limits)
    assert record.outcome is Outcome.NOT_TLS
    assert len(record.timeline) < limits.max_events


# -- AMQP and plain TLS -------------------------------------------------------------------------------


def test_amqp_listener_names_its_mechanisms(pki: PeerPki) -> None:
    payload = b"\x00\x0a\x00\x0a\x00\x09" + bytes(4) + b"\x00\x00\x00\x0ePLAIN EXTERNAL\x00\x00\x00\x05en_US"
    frame = b"\x01\x00\x00" + len(payload).to_bytes(4, "big") + payload + b"\xce"
    seen = Seen()
    with tls_peer(pki, seen, answer=frame, client_auth=ssl.CERT_REQUIRED) as peer:
        record = probed(target(peer, "amqps"), credential=pki.client.credential)
    assert record.outcome is Outcome.ACCEPTED
    assert record.amqp is not None
    assert record.amqp.mechanisms == ("PLAIN", "EXTERNAL")
    assert seen.requests == [b"AMQP\x00\x00\x09\x01"]
    assert [message for message in messages(record) if "amqp" in message] == [
        "out amqp_header",
        "in amqp_start",
    ]
    assert record.client_auth.verdict is ClientCertificateVerdict.ACCEPTED


def test_untrusted_amqp_listener_is_asked_nothing(pki: PeerPki) -> None:
    seen = Seen()
    with tls_peer(pki, seen, answer=None, client_auth=ssl.CERT_OPTIONAL) as peer:
        record = probed(target(peer, "amqps"), trusted=False, credential=pki.client.credential)
    assert record.outcome is Outcome.UNTRUSTED_PEER
    assert record.amqp is None
    assert seen.certificates == [0]
    assert seen.requests in ([b""], [])


@pytest.mark.parametrize("version", VERSIONS)
def test_plain_tls_target_gets_no_request(pki: PeerPki, version: ssl.TLSVersion) -> None:
    seen = Seen()
    with tls_peer(pki, seen, version=version, client_auth=ssl.CERT_REQUIRED, answer=None) as peer:
        record = probed(target(peer, "tls"), credential=pki.client.credential)
    assert (record.outcome, record.ended_in) == (Outcome.ACCEPTED, Phase.DONE)
    assert seen.requests in ([b""], [])
    expected = ClientCertificateVerdict.UNKNOWN if version is TLS13 else ClientCertificateVerdict.ACCEPTED
    assert record.client_auth.verdict is expected


def test_plain_tls_target_without_tickets_answers_by_ending_in_order(pki: PeerPki) -> None:
    context = peers.server_context(pki)
    context.num_tickets = 0
    with Peer(peers.tls_handler(context, Seen(), answer=b"")) as peer:
        record = probed(target(peer, "tls"))
    assert record.outcome is Outcome.ACCEPTED


def test_plain_tls_target_that_stays_silent_times_out_in_settle(pki: PeerPki) -> None:
    context = peers.server_context(pki)
    context.num_tickets = 0
    release = threading.Event()

    def stay(tls: socket.socket) -> None:
        release.wait(20)

    with Peer(peers.tls_handler(context, Seen(), after=stay)) as peer:
        record = probed(target(peer, "tls"))
        release.set()
    assert (record.outcome, record.ended_in) == (Outcome.TIMED_OUT, Phase.SETTLE)


def test_plain_tls_target_that_refuses_our_certificate_is_a_rejection(pki: PeerPki) -> None:
    with tls_peer(pki, Seen(), client_auth=ssl.CERT_REQUIRED) as peer:
        record = probed(target(peer, "tls"), credential=pki.stranger.credential)
    assert record.outcome is Outcome.REJECTED_BY_PEER
    assert record.client_auth.verdict is ClientCertificateVerdict.REJECTED
