from __future__ import annotations

import errno
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from tests.support import peers
from tests.support.judges import FixedJudge
from tests.support.peers import Peer, PeerPki, Seen, tls_peer
from trustdesk.core.probe import Outcome, Phase, ProbeRecord
from trustdesk.core.target import parse_target
from trustdesk.network.file_limit import NoSocketLeftError
from trustdesk.network.request import ProbeRequest
from trustdesk.network.sweep import Pace, SweepSwitch
from trustdesk.network.thread import NetworkThread


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


def test_a_paused_sweep_begins_nothing_and_goes_on_where_it_was(network: NetworkThread, pki: PeerPki) -> None:
    log, switch = Log(), SweepSwitch()
    switch.pause()
    with tls_peer(pki, Seen()) as peer:
        job = network.sweep(
            ((number, request(peer)) for number in range(6)),
            pace=Pace(concurrency=2, per_host=2),
            on_phase=log.on_phase,
            on_record=log.on_record,
            switch=switch,
        )
        network.probe(request(peer)).future.result(10)  # the loop has turned many times
        assert switch.is_paused
        assert not log.records
        assert not log.running
        switch.resume()
        assert job.future.result(20) == 6
    assert not switch.is_paused


def test_a_paused_sweep_can_be_cancelled(network: NetworkThread, pki: PeerPki) -> None:
    log, switch = Log(), SweepSwitch()
    switch.pause()
    with tls_peer(pki, Seen()) as peer:
        job = network.sweep(
            ((number, request(peer)) for number in range(6)),
            on_phase=log.on_phase,
            on_record=log.on_record,
            switch=switch,
        )
        job.cancel()
        assert job.future.result(5) == 0
    assert log.records == {}


def test_cancelling_while_some_have_just_ended_and_others_run(network: NetworkThread, pki: PeerPki) -> None:
    records: list[tuple[int, Outcome]] = []
    cancelled = threading.Event()

    def on_record(number: int, record: ProbeRecord) -> None:
        records.append((number, record.outcome))
        if not cancelled.is_set():
            cancelled.set()
            job.cancel()

    with tls_peer(pki, Seen()) as peer, Peer(peers.stalls) as silent:
        targets = [request(one) for one in (peer, silent) * 6]
        job = network.sweep(
            enumerate(targets),
            pace=Pace(concurrency=12, per_host=12),
            on_phase=lambda _number, _phase: None,
            on_record=on_record,
        )
        job.future.result(5)
    assert sorted(number for number, _ in records) == list(range(12))


def unreached() -> ProbeRequest:
    return ProbeRequest(target=parse_target("https://127.0.0.1:1"), judge=FixedJudge(trusted=True))


def test_what_is_not_reached_is_tried_again_after_all_others_and_told_once(
    network: NetworkThread, pki: PeerPki
) -> None:
    told: list[tuple[int, Phase]] = []
    records: list[tuple[int, Outcome]] = []
    with tls_peer(pki, Seen()) as peer:
        targets = [unreached(), *(request(peer) for _ in range(4))]
        job = network.sweep(
            enumerate(targets),
            pace=Pace(concurrency=1, per_host=1, tries=2),
            on_phase=lambda number, phase: told.append((number, phase)),
            on_record=lambda number, record: records.append((number, record.outcome)),
        )
        assert job.future.result(20) == 5
    begun = [number for number, phase in told if phase is Phase.RESOLVE]
    assert begun == [0, 1, 2, 3, 4, 0]
    assert records == [*((number, Outcome.ACCEPTED) for number in (1, 2, 3, 4)), (0, Outcome.NOT_REACHED)]


def test_what_was_tried_once_is_told_when_the_second_try_is_cancelled(network: NetworkThread) -> None:
    log = Log()
    with Peer(peers.stalls) as peer:
        job = network.sweep(
            enumerate([unreached(), request(peer)]),
            pace=Pace(concurrency=1, per_host=1, tries=2),
            on_phase=log.on_phase,
            on_record=log.on_record,
        )
        assert log.first_handshake.wait(5)
        job.cancel()
        assert job.future.result(5) == 1
    outcomes = {number: record.outcome for number, record in log.records.items()}
    assert outcomes == {0: Outcome.NOT_REACHED, 1: Outcome.CANCELLED}


class FewSockets:
    """A machine that has a socket only while fewer than so many are open."""

    def __init__(self, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.refused = 0
        self.open: list[socket.socket] = []
        self._most = most
        make = socket.socket

        def made(*arguments: int) -> socket.socket:
            self.open = [one for one in self.open if one.fileno() >= 0]
            if len(self.open) >= self._most:
                self.refused += 1
                raise OSError(errno.EMFILE, "Too many open files")
            self.open.append(make(*arguments))
            return self.open[-1]

        monkeypatch.setattr(
            "trustdesk.network.dial.socket", SimpleNamespace(**vars(socket) | {"socket": made})
        )


def test_a_machine_without_sockets_slows_the_sweep_down_and_loses_nothing(
    network: NetworkThread, pki: PeerPki, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log()
    with tls_peer(pki, Seen()) as peer:
        few = FewSockets(2, monkeypatch)
        job = network.sweep(
            ((number, request(peer)) for number in range(12)),
            pace=Pace(concurrency=8, per_host=8),
            on_phase=log.on_phase,
            on_record=log.on_record,
        )
        assert job.future.result(20) == 12
    assert few.refused
    assert {record.outcome for record in log.records.values()} == {Outcome.ACCEPTED}


def test_a_machine_that_never_has_a_socket_ends_the_sweep(
    network: NetworkThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log()
    FewSockets(0, monkeypatch)
    monkeypatch.setattr("trustdesk.network.sweep._FIRST_BACK_OFF_S", 0.001)
    job = network.sweep(enumerate([unreached()]), on_phase=log.on_phase, on_record=log.on_record)
    with pytest.raises(NoSocketLeftError):
        job.future.result(5)
