from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.support import peers
from tests.support.judges import FixedJudge
from tests.support.peers import Peer, PeerPki, Seen, tls_peer
from trustdesk.core.probe import Outcome, Phase, ProbeRecord
from trustdesk.core.target import parse_target
from trustdesk.network.request import ProbeRequest
from trustdesk.network.sweep import Pace
from trustdesk.network.thread import NetworkThread


@pytest.fixture(scope="module")
def pki() -> Iterator[PeerPki]:
    with peers.pki_folder() as made:
        yield made


@pytest.fixture
def network() -> Iterator[NetworkThread]:
    thread = NetworkThread()
    thread.start()
    yield thread
    thread.close()


def request(peer: Peer, host: str = "127.0.0.1") -> ProbeRequest:
    target = parse_target(f"https://{host}:{peer.port}", connect="127.0.0.1")
    return ProbeRequest(target=target, judge=FixedJudge(trusted=True))


class Log:
    """What a sweep told, and how many probes ran at once."""

    def __init__(self) -> None:
        self.records: dict[int, ProbeRecord] = {}
        self.running: set[int] = set()
        self.most = 0
        self.most_of_host: Counter[str] = Counter()
        self.hosts: dict[int, str] = {}
        self.first_handshake = threading.Event()

    def on_phase(self, number: int, phase: Phase) -> None:
        self.running.add(number)
        self.most = max(self.most, len(self.running))
        for host, count in Counter(self.hosts.get(n, "") for n in self.running).items():
            self.most_of_host[host] = max(self.most_of_host[host], count)
        if phase is Phase.HANDSHAKE:
            self.first_handshake.set()

    def on_record(self, number: int, record: ProbeRecord) -> None:
        self.running.discard(number)
        self.records[number] = record


def test_every_request_gets_its_record_and_is_counted(network: NetworkThread, pki: PeerPki) -> None:
    log = Log()
    with tls_peer(pki, Seen()) as peer:
        job = network.sweep(
            ((number, request(peer)) for number in range(30)),
            pace=Pace(concurrency=8, per_host=8),
            on_phase=log.on_phase,
            on_record=log.on_record,
        )
        assert job.future.result(20) == 30
    assert sorted(log.records) == list(range(30))
    assert {record.outcome for record in log.records.values()} == {Outcome.ACCEPTED}
    assert log.most == 8


def test_no_host_gets_more_than_its_share_and_others_do_not_wait_for_it(
    network: NetworkThread, pki: PeerPki
) -> None:
    log = Log()
    hosts = ["a.example"] * 12 + ["b.example", "c.example"]
    log.hosts = dict(enumerate(hosts))
    with tls_peer(pki, Seen()) as peer:
        job = network.sweep(
            ((number, request(peer, host)) for number, host in enumerate(hosts)),
            pace=Pace(concurrency=16, per_host=2),
            on_phase=log.on_phase,
            on_record=log.on_record,
        )
        assert job.future.result(20) == 14
    assert log.most_of_host["a.example"] == 2
    order = list(log.records)
    assert order.index(12) < 8
    assert order.index(13) < 8


def test_requests_are_built_only_when_there_is_a_place(network: NetworkThread) -> None:
    log = Log()
    built: list[int] = []

    def build(peer: Peer) -> Iterator[tuple[int, ProbeRequest]]:
        for number in range(100):
            built.append(number)
            yield number, request(peer, f"host-{number}.example")

    with Peer(peers.stalls) as peer:
        job = network.sweep(
            build(peer), pace=Pace(concurrency=5, per_host=1), on_phase=log.on_phase, on_record=log.on_record
        )
        assert log.first_handshake.wait(5)
        job.cancel()
        job.future.result(5)
    assert len(built) <= 6


def test_cancelled_sweep_ends_running_probes_and_starts_no_others(network: NetworkThread) -> None:
    log = Log()
    with Peer(peers.stalls) as peer:
        job = network.sweep(
            ((number, request(peer)) for number in range(50)),
            pace=Pace(concurrency=6, per_host=6),
            on_phase=log.on_phase,
            on_record=log.on_record,
        )
        assert log.first_handshake.wait(5)
        start = time.perf_counter()
        job.cancel()
        assert job.future.result(5) == 0
        assert time.perf_counter() - start < 0.3
    assert 1 <= len(log.records) <= 6
    assert {record.outcome for record in log.records.values()} == {Outcome.CANCELLED}
    assert log.running == set()


def test_empty_sweep_ends_at_once(network: NetworkThread) -> None:
    log = Log()
    job = network.sweep(iter(()), on_phase=log.on_phase, on_record=log.on_record)
    assert job.future.result(5) == 0


def test_trouble_in_the_requests_reaches_the_caller_and_ends_the_others(network: NetworkThread) -> None:
    log = Log()

    def build(peer: Peer) -> Iterator[tuple[int, ProbeRequest]]:
        yield 0, request(peer)
        raise LookupError("a bug")

    with Peer(peers.stalls) as peer:
        job = network.sweep(build(peer), on_phase=log.on_phase, on_record=log.on_record)
        with pytest.raises(LookupError):
            job.future.result(5)
    assert [record.outcome for record in log.records.values()] == [Outcome.CANCELLED]
