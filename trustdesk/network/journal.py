"""The diary of one probe: which phase it is in, how long each took, and the events in their order."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from types import TracebackType

from trustdesk.core.handshake import Direction, TimelineEvent
from trustdesk.core.probe import Phase, PhaseTimes
from trustdesk.network.request import ProbeListener


class Journal:
    """Keeps phases and events of one probe and tells the listener of each, on the running loop.

    Attributes:
        phase: the phase that runs, or in which the probe ended.
        first_byte_ms: from the request to the first byte of its answer; None before that.
    """

    def __init__(self, listener: ProbeListener | None, *, max_events: int, total_s: float) -> None:
        self._listener = listener
        self._max_events = max_events
        self._loop = asyncio.get_running_loop()
        self._start = self._loop.time()
        self._end = self._start + total_s
        self._times: dict[Phase, float] = {}
        self._events: list[TimelineEvent] = []
        self.phase = Phase.RESOLVE
        self.first_byte_ms: float | None = None

    def now_ms(self) -> float:
        """Milliseconds since the probe started."""
        return (self._loop.time() - self._start) * 1000

    def deadline(self, seconds: float) -> float:
        """Return the loop's time at which a phase of `seconds` must end, never beyond the whole's end."""
        return min(self._loop.time() + seconds, self._end)

    def enter(self, phase: Phase) -> None:
        """Begin a phase."""
        self.phase = phase
        if self._listener is not None:
            self._listener(phase)

    def within(self, phase: Phase, deadline: float | None) -> AbstractAsyncContextManager[None]:
        """Run one phase until its end or its deadline, an instant of the loop's clock; None for none.

        Raises:
            TimeoutError: the deadline passed.
        """
        return _Within(self, phase, deadline)

    def took(self, phase: Phase, duration_ms: float) -> None:
        """Note that a phase came to its end."""
        self._times[phase] = duration_ms

    def add(self, event: TimelineEvent) -> None:
        """Append an event; beyond the limit it is dropped."""
        if len(self._events) >= self._max_events:
            return
        self._events.append(event)
        if self._listener is not None:
            self._listener(event)

    def note(
        self,
        direction: Direction,
        message: str,
        size: int = 0,
        detail: str = "",
        *,
        encrypted: bool = False,
        fields: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Append an event of this moment that is no TLS message; `size` in bytes."""
        self.add(
            TimelineEvent(
                at_ms=self.now_ms(),
                direction=direction,
                message=message,
                bytes=size,
                detail=detail,
                encrypted=encrypted,
                fields=fields,
            )
        )

    def took_ms(self, phase: Phase) -> float | None:
        """Return how long a phase took; None when it did not end."""
        return self._times.get(phase)

    def times(self) -> PhaseTimes:
        """Return the times of all phases."""
        return PhaseTimes(
            resolve_ms=self.took_ms(Phase.RESOLVE),
            proxy_ms=self.took_ms(Phase.PROXY),
            connect_ms=self.took_ms(Phase.CONNECT),
            handshake_ms=self.took_ms(Phase.HANDSHAKE),
            settle_ms=self.took_ms(Phase.SETTLE),
            first_byte_ms=self.first_byte_ms,
        )

    def timeline(self) -> tuple[TimelineEvent, ...]:
        """Return the events so far, by their time.

        They come in that order, but for records that waited for the judge while the stream ended.
        """
        return tuple(sorted(self._events, key=lambda event: event.at_ms))


class _Within(AbstractAsyncContextManager[None]):
    """One phase; by hand, for the library's generators take three times as long, five times a probe."""

    def __init__(self, journal: Journal, phase: Phase, deadline: float | None) -> None:
        self._journal = journal
        self._phase = phase
        self._timeout = asyncio.timeout_at(deadline)
        self._begun_ms = 0.0

    async def __aenter__(self) -> None:
        self._journal.enter(self._phase)
        self._begun_ms = self._journal.now_ms()
        await self._timeout.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._timeout.__aexit__(kind, error, trace)
        if kind is None:
            self._journal.took(self._phase, self._journal.now_ms() - self._begun_ms)
