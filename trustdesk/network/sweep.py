"""Many probes at once, a few at a time for each host, from a list that is read as places become free."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator

from trustdesk.core.probe import Outcome, Phase, ProbeRecord
from trustdesk.network.probe import probe
from trustdesk.network.request import ProbeRequest

_STARTS_AT_ONCE = 4
"""Probes started before the loop turns: building a TLS client takes about a millisecond each."""


async def sweep(
    requests: Iterable[tuple[int, ProbeRequest]],
    *,
    concurrency: int,
    per_host: int,
    on_phase: Callable[[int, Phase], None],
    on_record: Callable[[int, ProbeRecord], None],
) -> int:
    """Probe everything in `requests`; return how many probes ended otherwise than by being cancelled.

    `requests` is read on the loop, one request each time a place is free; at most `concurrency` of them
    wait for their host. `on_phase` and `on_record` are called on the loop with the number that stands
    beside the request; they must be quick and total. Cancelling ends the running probes, whose records
    say so, starts no others, and returns.

    Raises:
        EnvironmentFailureError: this machine cannot make connections; the other probes were cancelled.
    """
    return await _Sweep(iter(requests), concurrency, per_host, on_phase, on_record).run()


class _Sweep:
    """The running probes of one sweep, and those that wait for their host."""

    def __init__(
        self,
        requests: Iterator[tuple[int, ProbeRequest]],
        concurrency: int,
        per_host: int,
        on_phase: Callable[[int, Phase], None],
        on_record: Callable[[int, ProbeRecord], None],
    ) -> None:
        self._requests = requests
        self._concurrency = concurrency
        self._per_host = per_host
        self._on_phase = on_phase
        self._on_record = on_record
        self._running: dict[asyncio.Task[ProbeRecord], tuple[int, str]] = {}
        self._of_host: Counter[str] = Counter()
        self._waiting: deque[tuple[int, ProbeRequest]] = deque()
        self._finished = 0

    async def run(self) -> int:
        try:
            while True:
                await self._fill()
                if not self._running:
                    return self._finished
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
                self._reap()
        except asyncio.CancelledError:
            return self._finished
        finally:
            await self._end_all()

    async def _fill(self) -> None:
        """Start what may start; let the loop turn now and then, so that no single turn is long."""
        started = 0
        while len(self._running) < self._concurrency and (chosen := self._next()) is not None:
            self._start(*chosen)
            started += 1
            if started % _STARTS_AT_ONCE == 0:
                await asyncio.sleep(0)

    def _next(self) -> tuple[int, ProbeRequest] | None:
        """Return the first request whose host has a place free; None when there is none now."""
        for position, (_, request) in enumerate(self._waiting):
            if self._has_place(request):
                chosen = self._waiting[position]
                del self._waiting[position]
                return chosen
        while len(self._waiting) < self._concurrency:
            following = next(self._requests, None)
            if following is None:
                return None
            if self._has_place(following[1]):
                return following
            self._waiting.append(following)
        return None

    def _has_place(self, request: ProbeRequest) -> bool:
        return self._of_host[request.target.host] < self._per_host

    def _start(self, number: int, request: ProbeRequest) -> None:
        def tell(news: object) -> None:
            if isinstance(news, Phase):
                self._on_phase(number, news)

        host = request.target.host
        task = asyncio.get_running_loop().create_task(probe(request, tell), name=f"probe {number}")
        self._running[task] = (number, host)
        self._of_host[host] += 1

    def _reap(self) -> None:
        """Deliver the records of the probes that have ended; the first one's trouble is raised after that."""
        trouble: BaseException | None = None
        for task in [task for task in self._running if task.done()]:
            number, host = self._running.pop(task)
            self._of_host[host] -= 1
            error = task.exception()
            if error is not None:
                trouble = trouble or error
                continue
            record = task.result()
            if record.outcome is not Outcome.CANCELLED:
                self._finished += 1
            self._on_record(number, record)
        if trouble is not None:
            raise trouble

    async def _end_all(self) -> None:
        """End what still runs, and deliver what it has; without running probes this does nothing."""
        loop = asyncio.get_running_loop()
        for task in self._running:
            # One turn later, so that each probe has begun and can say what it has.
            loop.call_soon(task.cancel)
        while unfinished := [task for task in self._running if not task.done()]:
            # Nothing can hold this up: a cancelled probe ends within a turn of the loop.
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait(unfinished)
        self._reap()
