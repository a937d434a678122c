"""Many probes at once, a few at a time for each host, from a list that is read as places become free."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from trustdesk.core.probe import INCONCLUSIVE, Outcome, Phase, ProbeRecord
from trustdesk.network.address_book import AddressBook
from trustdesk.network.file_limit import NoSocketLeftError, probes_that_fit
from trustdesk.network.host_queue import HostQueue, Numbered
from trustdesk.network.observing_context import ContextPool
from trustdesk.network.probe import probe
from trustdesk.network.request import ProbeRequest

_STARTS_AT_ONCE = 4
"""Probes started before the loop turns: building a TLS client takes about a millisecond each."""

_FIRST_BACK_OFF_S = 0.1
_BACK_OFFS = 6
"""How often the wait doubles while no probe runs that could give a socket back: 6.3 s in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How hard a sweep goes.

    Attributes:
        concurrency: probes at once; fewer run where this process may not open so many files.
        per_host: of those, at one host.
        gap_s: seconds between the beginnings of two probes at one host that is not this machine.
        tries: of each target while it is not reached, or does not answer in time. The later ones come when
            all others have begun.
    """

    concurrency: int = 64
    per_host: int = 2
    gap_s: float = 0.0
    tries: int = 1


class SweepSwitch:
    """Pauses a sweep and lets it go on; methods may be called from any thread, any number of times."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_paused = False
        self._wake: Callable[[], None] | None = None

    @property
    def is_paused(self) -> bool:
        """Whether no probe begins; those that ran go on to their end."""
        return self._is_paused

    def pause(self) -> None:
        """Begin no more probes until `resume`."""
        self._set(True)

    def resume(self) -> None:
        """Go on."""
        self._set(False)

    def wire(self, wake: Callable[[], None] | None) -> None:
        """Name what is called, from any thread, when it was switched; None for nothing any more."""
        with self._lock:
            self._wake = wake

    def _set(self, is_paused: bool) -> None:
        with self._lock:
            self._is_paused = is_paused
            if self._wake is not None:
                self._wake()


async def sweep(
    requests: Iterable[Numbered],
    *,
    pace: Pace,
    on_phase: Callable[[int, Phase], None],
    on_record: Callable[[int, ProbeRecord], None],
    switch: SweepSwitch | None = None,
) -> int:
    """Probe everything in `requests`; return how many probes ended otherwise than by being cancelled.

    `requests` is read on the loop, one request each time a place is free; at most as many as run wait for
    their host. `on_phase` and `on_record` are called on the loop with the number that stands beside the
    request, `on_record` once for each; they must be quick and total. Cancelling ends the running probes,
    whose records say so, starts no others, and returns.

    Raises:
        EnvironmentFailureError: this machine cannot make connections; the other probes were cancelled.
    """
    return await _Sweep(requests, pace, on_phase, on_record, switch or SweepSwitch()).run()


class _Sweep:
    """The running probes of one sweep, and how many there may be."""

    def __init__(
        self,
        requests: Iterable[Numbered],
        pace: Pace,
        on_phase: Callable[[int, Phase], None],
        on_record: Callable[[int, ProbeRecord], None],
        switch: SweepSwitch,
    ) -> None:
        self._pace = pace
        self._most = self._room = probes_that_fit(pace.concurrency)
        self._queue = HostQueue(
            iter(requests), per_host=pace.per_host, gap_s=pace.gap_s, most_waiting=self._most
        )
        self._on_phase = on_phase
        self._on_record = on_record
        self._switch = switch
        self._loop = asyncio.get_running_loop()
        self._names = AddressBook()
        self._contexts = ContextPool()
        self._running: dict[asyncio.Task[ProbeRecord], Numbered] = {}
        self._ended: deque[asyncio.Task[ProbeRecord]] = deque()
        self._stir = asyncio.Event()
        self._tried: dict[int, tuple[int, ProbeRecord]] = {}  # how often, and how the last try ended
        self._not_before = 0.0
        self._back_offs = 0
        self._finished = 0

    async def run(self) -> int:
        self._switch.wire(self._wake)
        try:
            await self._go()
        except asyncio.CancelledError:
            pass  # what runs is ended, and told
        finally:
            self._switch.wire(None)
            await self._end_all()
            self._names.close()
        return self._finished

    async def _go(self) -> None:
        while True:
            await self._fill()
            if not self._running and self._queue.is_empty:
                return
            await self._something()
            self._reap()

    async def _fill(self) -> None:
        """Start what may start; let the loop turn now and then, so that no single turn is long."""
        started = 0
        while self._may_start() and (chosen := self._queue.take(self._loop.time())) is not None:
            self._start(*chosen)
            started += 1
            if started % _STARTS_AT_ONCE == 0:
                await asyncio.sleep(0)

    def _may_start(self) -> bool:
        return (
            len(self._running) < self._room
            and not self._switch.is_paused
            and self._loop.time() >= self._not_before
        )

    async def _something(self) -> None:
        """Wait until a probe ended, it was switched, or a host or the machine has waited long enough."""
        now = self._loop.time()
        instants = [one for one in (self._not_before, self._queue.next_at) if one is not None and one > now]
        alarm = self._loop.call_at(min(instants), self._stir.set) if instants else None
        try:
            if not self._ended:
                await self._stir.wait()
        finally:
            self._stir.clear()
            if alarm is not None:
                alarm.cancel()

    def _wake(self) -> None:
        self._loop.call_soon_threadsafe(self._stir.set)

    def _start(self, number: int, request: ProbeRequest) -> None:
        def tell(news: object) -> None:
            if isinstance(news, Phase):
                self._on_phase(number, news)

        task = self._loop.create_task(
            probe(request, tell, self._names.resolve, self._contexts), name=f"probe {number}"
        )
        self._running[task] = (number, request)
        task.add_done_callback(self._note)

    def _note(self, task: asyncio.Task[ProbeRecord]) -> None:
        self._ended.append(task)
        self._stir.set()

    def _reap(self) -> None:
        """Deliver the records of the probes that have ended; the first one's trouble is raised after that."""
        trouble: BaseException | None = None
        while self._ended:
            task = self._ended.popleft()
            one = self._running.pop(task)
            self._queue.ended(one[1], self._loop.time())
            error = task.exception()
            if error is None:
                self._take(one, task.result())
            elif isinstance(error, NoSocketLeftError) and self._back_off(one):
                continue
            else:
                trouble = trouble or error
        if trouble is not None:
            raise trouble

    def _take(self, one: Numbered, record: ProbeRecord) -> None:
        """Deliver a record, unless it is worth another try."""
        number = one[0]
        self._back_offs = 0
        self._room = min(self._room + 1, self._most)
        tries, before = self._tried.pop(number, (0, None))
        if record.outcome in INCONCLUSIVE and tries + 1 < self._pace.tries:
            self._tried[number] = (tries + 1, record)
            self._queue.put_last(one)
            return
        self._deliver(
            number, before if record.outcome is Outcome.CANCELLED and before is not None else record
        )

    def _deliver(self, number: int, record: ProbeRecord) -> None:
        if record.outcome is not Outcome.CANCELLED:
            self._finished += 1
        self._on_record(number, record)

    def _back_off(self, one: Numbered) -> bool:
        """Go on with fewer probes, and this one again in a while; False when that did not help."""
        if not self._running:
            self._back_offs += 1
            if self._back_offs > _BACK_OFFS:
                return False
        self._room = max(1, min(self._room, len(self._running)))
        self._not_before = self._loop.time() + _FIRST_BACK_OFF_S * 2 ** max(0, self._back_offs - 1)
        self._queue.put_back(one)
        return True

    async def _end_all(self) -> None:
        """End what still runs, and deliver what it has; then what was tried, and should have been again."""
        for task in self._running:
            # One turn later, so that each probe has begun and can say what it has.
            self._loop.call_soon(task.cancel)
        while unfinished := [task for task in self._running if not task.done()]:
            # Nothing can hold this up: a cancelled probe ends within a turn of the loop.
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait(unfinished)
        while len(self._ended) < len(self._running):
            await asyncio.sleep(0)  # the loop tells of the last ones in its next turn
        try:
            self._reap()
        finally:
            for number, (_, record) in self._tried.items():
                self._deliver(number, record)
            self._tried.clear()
