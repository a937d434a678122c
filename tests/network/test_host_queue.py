"""The order of a sweep: as it is read, but for hosts that have their share."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.judges import FixedJudge
from trustdesk.core.target import parse_target
from trustdesk.network.host_queue import HostQueue, Numbered
from trustdesk.network.request import ProbeRequest


def request(host: str, connect: str | None = None) -> ProbeRequest:
    return ProbeRequest(
        target=parse_target(f"https://{host}", connect=connect), judge=FixedJudge(trusted=True)
    )


def queue(*hosts: str, per_host: int = 1, gap_s: float = 0.0, most_waiting: int = 100) -> HostQueue:
    requests = enumerate(map(request, hosts))
    return HostQueue(requests, per_host=per_host, gap_s=gap_s, most_waiting=most_waiting)


def taken(from_: HostQueue, now: float = 0.0) -> list[int]:
    found = []
    while (one := from_.take(now)) is not None:
        found.append(one[0])
    return found


def test_a_host_has_its_share_and_others_go_past_it() -> None:
    hosts = queue("a.example", "a.example", "a.example", "b.example", per_host=2)
    assert taken(hosts) == [0, 1, 3]
    assert not hosts.is_empty
    hosts.ended(request("a.example"), 0.0)
    assert taken(hosts) == [2]
    assert hosts.is_empty


def test_what_waits_is_bounded_and_the_rest_is_not_read() -> None:
    read: list[int] = []

    def many() -> Iterator[Numbered]:
        for number in range(1000):
            read.append(number)
            yield number, request("a.example")

    hosts = HostQueue(many(), per_host=1, gap_s=0.0, most_waiting=5)
    assert taken(hosts) == [0]
    assert len(read) == 6


def test_probes_of_one_host_begin_apart_and_the_queue_says_when() -> None:
    hosts = queue("a.example", "a.example", "b.example", per_host=5, gap_s=2.0)
    assert taken(hosts, 10.0) == [0, 2]
    assert hosts.next_at == 12.0
    assert taken(hosts, 11.9) == []
    assert taken(hosts, 12.0) == [1]
    assert hosts.next_at is None


def test_a_gap_holds_also_when_the_first_probe_has_ended() -> None:
    hosts = queue("a.example", "a.example", gap_s=2.0)
    assert taken(hosts, 0.0) == [0]
    hosts.ended(request("a.example"), 0.5)
    assert taken(hosts, 1.0) == []
    assert taken(hosts, 2.0) == [1]


def test_this_machine_needs_no_gap() -> None:
    for host, connect in (
        ("127.0.0.1", None),
        ("localhost", None),
        ("[::1]", None),
        ("a.example", "127.1.2.3"),
    ):
        hosts = HostQueue(
            enumerate([request(host, connect), request(host, connect)]), per_host=2, gap_s=2.0, most_waiting=9
        )
        assert taken(hosts) == [0, 1], host


def test_what_is_put_back_comes_before_what_waits_and_what_is_put_last_after_everything() -> None:
    hosts = queue("a.example", "a.example", "b.example")
    assert taken(hosts) == [0, 2]
    hosts.put_last((2, request("b.example")))
    hosts.ended(request("b.example"), 0.0)
    hosts.ended(request("a.example"), 0.0)
    hosts.put_back((0, request("a.example")))
    assert taken(hosts) == [0, 2]
    hosts.ended(request("a.example"), 0.0)
    assert taken(hosts) == [1]
    assert hosts.is_empty
