from __future__ import annotations

import gc
import os
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import peers
from tests.support.judges import FixedJudge
from tests.support.peers import Peer, PeerPki, Seen, tls_peer
from trustdesk.core.handshake import TimelineEvent
from trustdesk.core.probe import Outcome, Phase, ProbeRecord
from trustdesk.core.target import Target, parse_target
from trustdesk.network.request import ProbeRequest
from trustdesk.network.thread import NetworkThread

CANCEL_S = 0.3


@pytest.fixture
def network() -> Iterator[NetworkThread]:
    thread = NetworkThread()
    thread.start()
    yield thread
    thread.close()


def asking(target: Target) -> ProbeRequest:
    return ProbeRequest(target=target, judge=FixedJudge(trusted=True))


def at(peer: Peer, protocol: str = "https") -> Target:
    return parse_target(f"{protocol}://127.0.0.1:{peer.port}")


class PhaseReached:
    """A listener that tells when a phase has begun."""

    def __init__(self, phase: Phase) -> None:
        self._phase = phase
        self.event = threading.Event()

    def __call__(self, news: Phase | TimelineEvent) -> None:
        if news is self._phase:
            self.event.set()


def cancelled_in(network: NetworkThread, request: ProbeRequest, phase: Phase) -> ProbeRecord:
    """Cancel a probe as soon as it is in `phase`; assert that this takes no longer than it may."""
    reached = PhaseReached(phase)
    job = network.probe(request, reached)
    assert reached.event.wait(5)
    start = time.perf_counter()
    job.cancel()
    record = job.future.result(5)
    assert time.perf_counter() - start < CANCEL_S
    assert (record.outcome, record.ended_in) == (Outcome.CANCELLED, phase)
    return record


def test_probe_delivers_its_record_to_another_thread(network: NetworkThread, pki: PeerPki) -> None:
    threads: set[str] = set()
    with tls_peer(pki, Seen()) as peer:
        job = network.probe(asking(at(peer)), lambda news: threads.add(threading.current_thread().name))
        assert job.future.result(5).outcome is Outcome.ACCEPTED
    assert threads == {"network"}


def test_cancel_while_the_system_searches_for_a_name(
    network: NetworkThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()

    def hang(*_: object, **__: object) -> list[object]:
        release.wait(20)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    record = cancelled_in(network, asking(parse_target("https://slow.example")), Phase.RESOLVE)
    release.set()
    assert record.timeline == ()


def test_cancel_while_connecting(network: NetworkThread) -> None:
    with full_backlog() as port:
        record = cancelled_in(network, asking(parse_target(f"https://127.0.0.1:{port}")), Phase.CONNECT)
    assert record.address is None
    assert record.addresses == ("127.0.0.1",)


class full_backlog:  # noqa: N801 - reads as a function
    """A port that takes no further connection and refuses none: its queue is full."""

    def __enter__(self) -> int:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=0)
        port: int = self._listener.getsockname()[1]
        self._clients = []
        for _ in range(8):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", port))
            self._clients.append(client)
        return port

    def __exit__(self, *_: object) -> None:
        for client in self._clients:
            client.close()
        self._listener.close()


def test_cancel_in_a_silent_handshake_keeps_what_was_seen(network: NetworkThread) -> None:
    with Peer(peers.stalls) as peer:
        record = cancelled_in(network, asking(at(peer)), Phase.HANDSHAKE)
    assert "client_hello" in [event.message for event in record.timeline]
    assert record.address == "127.0.0.1"


def test_cancel_while_settling(network: NetworkThread, pki: PeerPki) -> None:
    context = peers.server_context(pki, client_auth=ssl.CERT_OPTIONAL)
    context.num_tickets = 0
    with Peer(peers.tls_handler(context, Seen(), answer=None)) as peer:
        record = cancelled_in(network, asking(at(peer)), Phase.SETTLE)
    assert record.negotiated is not None
    assert record.presented_chain
    assert record.client_auth.request is not None


def test_cancel_while_waiting_for_the_answer(network: NetworkThread, pki: PeerPki) -> None:
    with tls_peer(pki, Seen(), answer=None) as peer:
        record = cancelled_in(network, asking(at(peer)), Phase.REQUEST)
    assert record.phases.handshake_ms is not None
    assert record.phases.first_byte_ms is None


def test_cancel_at_once_and_many_times_delivers_one_record(network: NetworkThread) -> None:
    with Peer(peers.stalls) as peer:
        job = network.probe(asking(at(peer)))
        for _ in range(5):
            job.cancel()
        assert job.future.result(5).outcome is Outcome.CANCELLED
        job.cancel()


def test_cancel_after_the_end_changes_nothing(network: NetworkThread, pki: PeerPki) -> None:
    with tls_peer(pki, Seen()) as peer:
        job = network.probe(asking(at(peer)))
        record = job.future.result(5)
        job.cancel()
    assert job.future.result() is record


def test_trouble_in_a_listener_reaches_the_caller_and_closes_the_connection(
    network: NetworkThread,
) -> None:
    def broken(news: Phase | TimelineEvent) -> None:
        if news is Phase.HANDSHAKE:
            raise LookupError("a bug")

    with Peer(peers.stalls) as peer:
        with pytest.raises(LookupError):
            network.probe(asking(at(peer)), broken).future.result(5)
        assert descriptors_of_clients(peer) == 0


def test_close_cancels_what_runs_and_delivers_it() -> None:
    thread = NetworkThread()
    thread.start()
    with Peer(peers.stalls) as peer:
        job = thread.probe(asking(at(peer)))
        start = time.perf_counter()
        thread.close()
        assert time.perf_counter() - start < 1
    assert job.future.result(0).outcome is Outcome.CANCELLED
    thread.close()
    with pytest.raises(RuntimeError):
        thread.probe(asking(parse_target("127.0.0.1")))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts descriptors by /proc")
def test_200_cancelled_probes_leave_no_descriptor(network: NetworkThread) -> None:
    with Peer(peers.stalls) as peer:
        jobs = []
        for _ in range(200):
            reached = PhaseReached(Phase.HANDSHAKE)
            jobs.append(network.probe(asking(at(peer)), reached))
            assert reached.event.wait(5)
        assert descriptors_of_clients(peer) == 200
        for job in jobs:
            job.cancel()
        outcomes = {job.future.result(5).outcome for job in jobs}
        gc.collect()
        assert outcomes == {Outcome.CANCELLED}
        assert descriptors_of_clients(peer) == 0


def descriptors_of_clients(peer: Peer) -> int:
    """Count this process's sockets that are connected to the peer's port; its own ends are not among them."""
    count = 0
    for name in os.listdir("/proc/self/fd"):
        try:
            with socket.socket(fileno=os.dup(int(name))) as copy:
                count += copy.getpeername()[1:2] == (peer.port,)
        except OSError:
            continue
    return count


def test_probes_leave_nothing_to_the_garbage_collector(network: NetworkThread, pki: PeerPki) -> None:
    """Its pauses stop the window too: cycles of every probe of a sweep would make one of 40 ms."""
    with tls_peer(pki, Seen()) as peer:
        requests = [asking(at(peer)) for _ in range(10)]
        network.probe(requests[0]).future.result(5)
        gc.collect()
        gc.disable()
        try:
            for request in requests:
                network.probe(request).future.result(5)
            assert gc.collect() < 10 * len(requests)
        finally:
            gc.enable()
