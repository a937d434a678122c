"""The order in which a sweep's probes begin: as they are read, but no host gets more than its share."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address

from trustdesk.core.target import is_ip_literal
from trustdesk.network.request import ProbeRequest

Numbered = tuple[int, ProbeRequest]


@dataclass(slots=True)
class _Host:
    running: int = 0
    not_before: float = 0.0
    waiting: deque[Numbered] = field(default_factory=deque)
    is_paced: bool = False  # stands in the heap


class HostQueue:
    """Probes that are still to come, and how many run at each host.

    Instants are those of a loop's clock, in seconds.
    """

    def __init__(
        self, requests: Iterator[Numbered], *, per_host: int, gap_s: float, most_waiting: int
    ) -> None:
        """Take what is to be probed; it is read as it is needed.

        Args:
            per_host: probes at one host at a time.
            gap_s: between the beginnings of two of them; what is on this machine needs none.
            most_waiting: read ahead, past those whose host has no place.
        """
        self._requests: Iterator[Numbered] | None = requests
        self._per_host = per_host
        self._gap_s = gap_s
        self._most_waiting = most_waiting
        self._hosts: dict[str, _Host] = {}
        self._count = 0
        self._ready: deque[str] = deque()  # hosts that may have a place again
        self._paced: list[tuple[float, str]] = []
        self._later: deque[Numbered] = deque()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to begin."""
        return self._requests is None and not self._count and not self._later

    @property
    def next_at(self) -> float | None:
        """When the next host has waited long enough; None when none waits for that."""
        return self._paced[0][0] if self._paced else None

    def take(self, now: float) -> Numbered | None:
        """Return the next probe and count it as running; None when no host has a place now."""
        while self._paced and self._paced[0][0] <= now:
            name = heapq.heappop(self._paced)[1]
            self._hosts[name].is_paced = False
            self._ready.append(name)
        while self._ready:
            name = self._ready[0]
            host = self._hosts.get(name)
            if host is None or not host.waiting or not self._has_place(name, host, now):
                self._ready.popleft()
                continue
            self._count -= 1
            return self._begun(host.waiting.popleft(), host, now)
        while self._count < self._most_waiting and (read := self._read()) is not None:
            name = read[1].target.host
            host = self._hosts.setdefault(name, _Host())
            if not host.waiting and self._has_place(name, host, now):
                return self._begun(read, host, now)
            host.waiting.append(read)
            self._count += 1
        return None

    def ended(self, request: ProbeRequest, now: float) -> None:
        """Give a host its place back."""
        name = request.target.host
        host = self._hosts[name]
        host.running -= 1
        if host.waiting:
            self._ready.append(name)
        elif not host.running and host.not_before <= now and not host.is_paced:
            del self._hosts[name]

    def put_back(self, one: Numbered) -> None:
        """Have one begin again before those that wait; its place is not given back by this."""
        name = one[1].target.host
        self._hosts.setdefault(name, _Host()).waiting.appendleft(one)
        self._count += 1
        self._ready.append(name)

    def put_last(self, one: Numbered) -> None:
        """Have one begin when everything else has begun."""
        self._later.append(one)

    def left(self) -> Iterator[Numbered]:
        """Yield those that were put back or put last, and did not begin."""
        yield from self._later
        for host in self._hosts.values():
            yield from host.waiting

    def _read(self) -> Numbered | None:
        if self._requests is not None:
            read = next(self._requests, None)
            if read is not None:
                return read
            self._requests = None
        return self._later.popleft() if self._later else None

    def _has_place(self, name: str, host: _Host, now: float) -> bool:
        if host.running >= self._per_host:
            return False
        if host.not_before <= now:
            return True
        if not host.is_paced:
            host.is_paced = True
            heapq.heappush(self._paced, (host.not_before, name))
        return False

    def _begun(self, one: Numbered, host: _Host, now: float) -> Numbered:
        host.running += 1
        if self._gap_s and not _is_here(one[1]):
            host.not_before = now + self._gap_s
        return one


def _is_here(request: ProbeRequest) -> bool:
    """Whether a target names this machine by its own address or name."""
    address = request.target.connect_address or request.target.host
    if not is_ip_literal(address):
        return address == "localhost"
    return ip_address(address.partition("%")[0]).is_loopback
