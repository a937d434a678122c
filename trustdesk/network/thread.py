"""The one thread in which everything of the network runs: an asyncio loop that takes jobs from any thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

from trustdesk.core.connections import OfflineError
from trustdesk.core.diagnosis import LegacyVersion
from trustdesk.core.plain_answer import PlainAnswer
from trustdesk.core.ports import Job
from trustdesk.core.probe import Phase, ProbeRecord
from trustdesk.core.proxy import Proxy
from trustdesk.core.target import Target
from trustdesk.network.legacy_probe import probe_legacy_versions
from trustdesk.network.plain_ports import plain_amqp, plain_http
from trustdesk.network.probe import probe
from trustdesk.network.request import ProbeListener, ProbeRequest
from trustdesk.network.resolve import resolve
from trustdesk.network.strict_exchange import StrictOutcome, StrictRequest, strict_exchange
from trustdesk.network.sweep import Pace, SweepSwitch, sweep

T = TypeVar("T")

_STOP_S = 2.0


class NetworkThread:
    """A daemon thread with a loop of its own.

    Futures complete on it and listeners are called on it: a face brings them to its own thread.
    """

    def __init__(self) -> None:
        # A selector loop on every system: the driver watches sockets, which Windows' default cannot.
        self._loop = asyncio.SelectorEventLoop()
        self._thread = threading.Thread(target=self._run, name="network", daemon=True)
        self._jobs: set[_LoopJob[Any]] = set()
        self._lock = threading.Lock()
        self._is_open = False
        self._is_offline = False

    def start(self) -> None:
        """Start the thread; before the first job, and once."""
        self._is_open = True
        self._thread.start()

    def close(self) -> None:
        """Cancel what runs, let it deliver what it has, and end the thread; any number of times."""
        with self._lock:
            if not self._is_open:
                return
            self._is_open = False
            jobs = tuple(self._jobs)
        for job in jobs:
            job.cancel()
        asyncio.run_coroutine_threadsafe(_ended(jobs), self._loop).result(_STOP_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_STOP_S)

    def set_offline(self, is_offline: bool) -> None:
        """Begin nothing more and cancel what runs, or begin again; from any thread.

        While it is offline, what is asked for raises OfflineError.
        """
        with self._lock:
            self._is_offline = is_offline
            jobs = tuple(self._jobs) if is_offline else ()
        for job in jobs:
            job.cancel()

    def probe(self, request: ProbeRequest, listener: ProbeListener | None = None) -> Job[ProbeRecord]:
        """Make one probe. Cancelled, it delivers the record of what was seen so far."""
        return self._submit(probe(request, listener))

    def sweep(
        self,
        requests: Iterable[tuple[int, ProbeRequest]],
        *,
        pace: Pace | None = None,
        on_phase: Callable[[int, Phase], None],
        on_record: Callable[[int, ProbeRecord], None],
        switch: SweepSwitch | None = None,
    ) -> Job[int]:
        """Probe everything in `requests`; the result counts the probes that were not cancelled.

        `requests` is read on this thread as places become free, so that it may build each request only
        then; it must be quick.

        Args:
            pace: how hard it goes; None for the usual.
            on_phase: is told which request entered which phase.
            on_record: is given each record once.
            switch: pauses it.
        """
        return self._submit(
            sweep(
                requests,
                pace=pace or Pace(),
                on_phase=on_phase,
                on_record=on_record,
                switch=switch,
            )
        )

    def legacy_versions(
        self, target: Target, address: str | None, proxy: Proxy | None = None
    ) -> Job[tuple[LegacyVersion, ...]]:
        """Ask which old versions a server accepts. Cancelled, it delivers what it has, the rest unknown.

        Args:
            address: IP literal to connect to; None with a proxy.
        """
        return self._submit(_legacy_versions(target, address, proxy))

    def plain_http(self, target: Target, proxy: Proxy | None, port: int) -> Job[PlainAnswer]:
        """Ask a port without TLS for the target's base path, as `network.plain_ports`."""
        return self._submit(plain_http(target, proxy, port))

    def plain_amqp(self, target: Target, proxy: Proxy | None, port: int) -> Job[PlainAnswer]:
        """Ask a port without TLS for its SASL mechanisms, likewise."""
        return self._submit(plain_amqp(target, proxy, port))

    def strict_exchange(self, request: StrictRequest) -> Job[StrictOutcome]:
        """GET over a connection that is verified first, as `network.strict_exchange`."""
        return self._submit(strict_exchange(request))

    def _submit(self, work: Coroutine[None, None, T]) -> _LoopJob[T]:
        job = _LoopJob(work, self._loop, self._forget)
        with self._lock:
            if not self._is_open:
                work.close()
                raise RuntimeError("the network thread is not running")
            if self._is_offline:
                work.close()
                raise OfflineError
            self._jobs.add(job)
        self._loop.call_soon_threadsafe(job.begin)
        return job

    def _forget(self, job: _LoopJob[Any]) -> None:
        with self._lock:
            self._jobs.discard(job)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            self._loop.close()


class _LoopJob(Generic[T]):
    """One coroutine on the loop, and its result for the other threads."""

    def __init__(
        self,
        work: Coroutine[None, None, T],
        loop: asyncio.AbstractEventLoop,
        on_end: Callable[[_LoopJob[Any]], None],
    ) -> None:
        self._work = work
        self._loop = loop
        self._on_end = on_end
        self._task: asyncio.Task[T] | None = None
        self._is_cancelled = False
        self._future: Future[T] = Future()
        # A job is cancelled by `cancel`, which delivers what there is; never by its future.
        self._future.set_running_or_notify_cancel()

    @property
    def future(self) -> Future[T]:
        """The result to come."""
        return self._future

    def cancel(self) -> None:
        """Ask it to stop; from any thread, any number of times."""
        if not self._future.done():
            self._loop.call_soon_threadsafe(self._cancel)

    def begin(self) -> None:
        """Start the work; on the loop's thread."""
        self._task = self._loop.create_task(self._work)
        self._task.add_done_callback(self._deliver)

    async def ended(self) -> None:
        """Wait until the result is delivered; on the loop's thread."""
        if self._task is not None:
            await asyncio.wait([self._task])

    def _cancel(self) -> None:
        if self._is_cancelled or self._task is None:
            return
        self._is_cancelled = True
        # One turn later, so that the work has begun and can say what it has.
        self._loop.call_soon(self._task.cancel)

    def _deliver(self, task: asyncio.Task[T]) -> None:
        self._on_end(self)
        error = task.exception()
        if error is not None:
            self._future.set_exception(error)
        else:
            self._future.set_result(task.result())


async def _legacy_versions(
    target: Target, address: str | None, proxy: Proxy | None
) -> tuple[LegacyVersion, ...]:
    port = target.connect_port or target.port
    addresses = () if address is None or proxy is not None else await resolve(address, port)
    return await probe_legacy_versions(target, addresses, proxy)


async def _ended(jobs: Iterable[_LoopJob[Any]]) -> None:
    for job in jobs:
        await job.ended()
