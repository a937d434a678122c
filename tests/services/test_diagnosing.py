"""The service that diagnoses: how many connections, how long, what is kept when it is cancelled."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.support import peers
from tests.support.judges import FixedJudge
from tests.support.peers import ANSWER, Handler, Peer, PeerPki, Seen, server_context, tls_peer
from trustdesk.core.diagnosis import CertificateChoice, Diagnosis, LegacyAnswer, ProbeVariant
from trustdesk.core.finding import Verdict
from trustdesk.core.message import Message
from trustdesk.core.probe import Outcome, Phase, ProbeRecord
from trustdesk.core.target import parse_target
from trustdesk.formats.credential import ClientCredential
from trustdesk.network import probe as probe_module
from trustdesk.network.request import ProbeRequest
from trustdesk.network.resolve import Address
from trustdesk.network.thread import NetworkThread
from trustdesk.services.diagnosing import (
    MAX_CONNECTIONS,
    DiagnosisProgress,
    DiagnosisRequest,
    start_diagnosis,
)
from trustdesk.services.revocation import RevocationPolicy, SecondJudgement
from trustdesk.services.wording import wording

CANCEL_S = 0.3


@pytest.fixture
def network() -> Iterator[NetworkThread]:
    thread = NetworkThread()
    thread.start()
    yield thread
    thread.close()


def asking(
    port: int,
    *,
    host: str = "127.0.0.1",
    credential: ClientCredential | None = None,
    total_s: float = 30.0,
) -> DiagnosisRequest:
    target = parse_target(f"https://{host}:{port}", server_name="peer.example", verify_name="peer.example")
    request = ProbeRequest(
        target=target,
        judge=FixedJudge(trusted=True),
        credential=credential,
    )
    return DiagnosisRequest(probe=request, total_s=total_s)


def said(message: Message | None) -> str:
    return wording("en").text(message) if message is not None else ""


def diagnosed(network: NetworkThread, request: DiagnosisRequest) -> Diagnosis:
    return start_diagnosis(network, request).future.result(60)


def test_healthy_server_has_one_cause_one_probe_and_the_time_of_a_second_request(
    network: NetworkThread, pki: PeerPki
) -> None:
    requests: list[bytes] = []

    def handle(connection: socket.socket) -> None:
        with server_context(pki).wrap_socket(connection, server_side=True) as tls:
            while request := tls.recv(65536):
                requests.append(request)
                tls.sendall(ANSWER)

    with Peer(handle) as peer:
        diagnosis = diagnosed(network, asking(peer.port))
    assert [one.cause for one in diagnosis.hypotheses] == ["none"]
    assert [one.id for one in diagnosis.probes] == ["P1"]
    assert diagnosis.probes[0].variant.certificate is CertificateChoice.NONE
    assert {one.answer for one in diagnosis.legacy} == {LegacyAnswer.REFUSED}
    http = diagnosis.probes[0].report.record.http
    assert http is not None
    assert http.reused_connection_ms is not None
    assert len(requests) == 2
    assert all(request.startswith(b"GET / HTTP/1.1\r\n") for request in requests)
    assert diagnosis.identity is None
    assert diagnosis.limit is None


def test_refused_client_certificate_is_probed_further_and_told_with_evidence_of_the_probes(
    network: NetworkThread, pki: PeerPki
) -> None:
    told: list[DiagnosisProgress] = []
    with tls_peer(pki, Seen(), client_auth=ssl.CERT_REQUIRED) as peer:
        request = asking(peer.port, credential=pki.stranger.credential)
        diagnosis = start_diagnosis(network, request, told.append).future.result(60)
    assert diagnosis.verdict is Verdict.FAIL
    assert diagnosis.identity is not None
    assert [probe.id for probe in diagnosis.probes] == [f"P{n + 1}" for n in range(len(diagnosis.probes))]
    assert len({probe.variant for probe in diagnosis.probes}) == len(diagnosis.probes)
    begun = [one.id for one in told if one.probe is None]
    ended = [one.id for one in told if one.probe is not None]
    assert begun == ended == [probe.id for probe in diagnosis.probes]
    assert diagnosis.hypotheses[0].evidence


def test_server_that_accepts_an_old_version_fails_although_the_probe_was_answered(
    network: NetworkThread, pki: PeerPki
) -> None:
    context = server_context(pki)
    with peers.warnings_allowed():
        context.minimum_version = ssl.TLSVersion.TLSv1_1
    with Peer(peers.tls_handler(context, Seen())) as peer:
        diagnosis = diagnosed(network, asking(peer.port))
    assert diagnosis.probes[0].report.record.outcome is Outcome.ACCEPTED
    answers = {one.version: one.answer for one in diagnosis.legacy}
    assert answers["TLSv1.1"] is LegacyAnswer.ACCEPTED
    assert diagnosis.verdict is Verdict.FAIL
    assert diagnosis.hypotheses[0].cause == "server_accepts_legacy_protocol"


# -- addresses ------------------------------------------------------------------------------------------


def at_addresses(monkeypatch: pytest.MonkeyPatch, addresses: dict[str, int]) -> None:
    """Give every name these addresses of this machine, each with a port of its own."""

    async def resolve(host: str, port: int) -> tuple[Address, ...]:
        known = (host,) if host in addresses else tuple(addresses)
        return tuple(
            Address(family=socket.AF_INET, socket_address=(one, addresses.get(one, port))) for one in known
        )

    monkeypatch.setattr(probe_module, "resolve", resolve)


def test_one_node_of_a_cluster_that_answers_otherwise_is_found(
    network: NetworkThread, pki: PeerPki, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F61: the first address is well, another is not."""
    with tls_peer(pki, Seen()) as good, Peer(peers.closes_after_client_hello) as bad:
        at_addresses(monkeypatch, {"127.0.0.1": good.port, "127.0.0.2": good.port, "127.0.0.3": bad.port})
        diagnosis = diagnosed(network, asking(good.port, host="cluster.example"))
    outcomes = {probe.variant.address: probe.report.record.outcome for probe in diagnosis.probes}
    assert outcomes[None] is Outcome.ACCEPTED
    assert set(outcomes) == {None, "127.0.0.2", "127.0.0.3"}
    assert outcomes["127.0.0.3"] is not Outcome.ACCEPTED
    assert diagnosis.hypotheses[0].cause == "address_differs"
    assert diagnosis.verdict is Verdict.FAIL


def test_no_more_than_four_addresses_of_a_host_are_asked(
    network: NetworkThread, pki: PeerPki, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tls_peer(pki, Seen()) as peer:
        at_addresses(monkeypatch, {f"127.0.0.{n}": peer.port for n in range(1, 10)})
        diagnosis = diagnosed(network, asking(peer.port, host="cluster.example"))
    assert len(diagnosis.probes) == 4
    assert len(diagnosis.probes[0].report.record.addresses) == 9


# -- limits ---------------------------------------------------------------------------------------------


class Counting:
    """A handler that counts the connections, and those that are open at once."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._lock = threading.Lock()
        self._open = 0
        self.connections = 0
        self.most_at_once = 0

    def __call__(self, connection: socket.socket) -> None:
        with self._lock:
            self.connections += 1
            self._open += 1
            self.most_at_once = max(self.most_at_once, self._open)
        try:
            self._handler(connection)
        finally:
            with self._lock:
                self._open -= 1


def alerts(code: int) -> Handler:
    """Refuse every ClientHello with one alert."""

    def handle(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(bytes([21, 3, 3, 0, 2, 2, code]))

    return handle


@pytest.mark.parametrize("code", [40, 70, 80, 112])
def test_refused_hello_costs_at_most_twelve_connections_and_four_at_once(
    network: NetworkThread, code: int
) -> None:
    counting = Counting(alerts(code))
    with Peer(counting) as peer:
        diagnosis = diagnosed(network, asking(peer.port))
    assert 4 <= counting.connections <= MAX_CONNECTIONS
    assert counting.most_at_once <= 4
    assert diagnosis.verdict is Verdict.FAIL
    assert diagnosis.hypotheses


def test_stalled_server_is_bounded_by_the_deadline_of_the_diagnosis(network: NetworkThread) -> None:
    with Peer(peers.stalls) as peer:
        job = start_diagnosis(network, asking(peer.port, total_s=1.0))
        # One probe alone would wait for ten seconds.
        diagnosis = job.future.result(5)
    assert diagnosis.probes[0].report.record.outcome is Outcome.TIMED_OUT
    assert diagnosis.legacy == ()
    assert diagnosis.hypotheses[0].cause == "handshake_stalled"


class SlowSecond(SecondJudgement):
    """Judges as before, after a while, or when it is told to stop."""

    def __init__(self, *seconds: float) -> None:
        super().__init__((), RevocationPolicy())
        self._seconds = list(seconds)
        self.stopped = threading.Event()

    def cancel(self) -> None:
        self.stopped.set()

    def judged(self, record: ProbeRecord) -> ProbeRecord:
        self.stopped.wait(self._seconds.pop(0))
        return record


def test_no_further_address_is_asked_once_the_time_is_over(
    network: NetworkThread, pki: PeerPki, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A short time for the second address would look as if it answered otherwise."""
    second = SlowSecond(30.0)
    with tls_peer(pki, Seen()) as peer:
        at_addresses(monkeypatch, {"127.0.0.1": peer.port, "127.0.0.2": peer.port})
        request = replace(asking(peer.port, host="cluster.example", total_s=1.0), second=second)
        diagnosis = start_diagnosis(network, request).future.result(10)
    assert second.stopped.is_set()
    assert len(diagnosis.probes) == 1
    assert [one.cause for one in diagnosis.hypotheses] == ["none"]
    assert said(diagnosis.limit) == "The time for this diagnosis, 1.0 s, is over."


def test_a_further_probe_that_is_still_running_when_the_time_is_over_proves_nothing(
    network: NetworkThread, pki: PeerPki, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tls_peer(pki, Seen()) as peer, socket.create_server(("127.0.0.2", 0)) as silent:
        at_addresses(monkeypatch, {"127.0.0.1": peer.port, "127.0.0.2": silent.getsockname()[1]})
        diagnosis = diagnosed(network, asking(peer.port, host="cluster.example", total_s=2.0))
    outcomes = [probe.report.record.outcome for probe in diagnosis.probes]
    assert outcomes == [Outcome.ACCEPTED, Outcome.CANCELLED]
    assert [one.cause for one in diagnosis.hypotheses] == ["none"]
    assert diagnosis.verdict is not Verdict.FAIL
    assert said(diagnosis.limit) == "The time for this diagnosis, 2.0 s, is over."


def test_an_address_whose_revocation_was_not_found_out_in_time_proves_nothing(
    network: NetworkThread, pki: PeerPki, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tls_peer(pki, Seen()) as peer:
        at_addresses(monkeypatch, {"127.0.0.1": peer.port, "127.0.0.2": peer.port})
        request = asking(peer.port, host="cluster.example", total_s=2.0)
        diagnosis = diagnosed(network, replace(request, second=SlowSecond(0.0, 30.0)))
    outcomes = [probe.report.record.outcome for probe in diagnosis.probes]
    assert outcomes == [Outcome.ACCEPTED, Outcome.CANCELLED]
    assert [one.cause for one in diagnosis.hypotheses] == ["none"]
    assert diagnosis.limit is not None


def test_server_that_is_not_there_is_asked_for_no_old_version(network: NetworkThread) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    diagnosis = diagnosed(network, asking(port))
    assert diagnosis.hypotheses[0].cause == "connection_refused"
    assert (diagnosis.legacy, len(diagnosis.probes)) == ((), 1)


# -- cancelling -----------------------------------------------------------------------------------------


def test_cancelled_in_the_first_probe_it_proves_nothing(network: NetworkThread) -> None:
    begun = threading.Event()

    def handle(connection: socket.socket) -> None:
        begun.set()
        peers.stalls(connection)

    with Peer(handle) as peer:
        job = start_diagnosis(network, asking(peer.port))
        assert begun.wait(5)
        job.cancel()
        diagnosis = job.future.result(CANCEL_S)
    assert diagnosis.hypotheses == ()
    assert diagnosis.probes[0].report.record.outcome is Outcome.CANCELLED
    assert diagnosis.probes[0].report.record.ended_in in {Phase.CONNECT, Phase.HANDSHAKE}
    assert job.is_cancelled


def test_cancelled_later_it_keeps_what_it_has(network: NetworkThread) -> None:
    first, second = threading.Event(), threading.Event()

    def handle(connection: socket.socket) -> None:
        if not first.is_set():
            first.set()
            connection.recv(65536)
            return  # closes: what follows is another probe
        second.set()
        peers.stalls(connection)

    with Peer(handle) as peer:
        job = start_diagnosis(network, asking(peer.port))
        assert second.wait(10)
        job.cancel()
        job.cancel()
        diagnosis = job.future.result(CANCEL_S)
    assert diagnosis.probes[0].report.record.outcome is not Outcome.CANCELLED
    assert diagnosis.probes[-1].report.record.outcome is Outcome.CANCELLED
    assert diagnosis.hypotheses
    assert diagnosis.limit is not None


def test_bug_in_the_diagnosis_reaches_whoever_waits(network: NetworkThread) -> None:
    def fails(_: DiagnosisProgress) -> None:
        raise ZeroDivisionError

    job = start_diagnosis(network, asking(1), fails)
    with pytest.raises(ZeroDivisionError):
        job.future.result(10)


def test_variant_of_the_request_is_the_first_probes(network: NetworkThread, pki: PeerPki) -> None:
    variant = ProbeVariant(offers_post_handshake_auth=False)
    with tls_peer(pki, Seen()) as peer:
        request = asking(peer.port)
        diagnosis = diagnosed(network, replace(request, probe=replace(request.probe, variant=variant)))
    assert diagnosis.probes[0].variant.offers_post_handshake_auth is False
    assert diagnosis.probes[0].variant.certificate is CertificateChoice.NONE
