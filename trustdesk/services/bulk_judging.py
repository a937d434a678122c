"""Very many certificates judged side by side, in as many processes as there are processors.

What a certificate does to its judge stays in that process: one that dies or never ends is taken out of the
pile by halves, the others still get their verdicts.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce
from itertools import islice
from multiprocessing.connection import Connection, wait
from threading import Event
from typing import TypeVar

from trustdesk.core.inspection import CertificateRow
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.trust import TrustList
from trustdesk.core.verification import BulkVerdict, BulkVerdicts
from trustdesk.services import bulk_worker
from trustdesk.services.bulk_worker import Anchors, Begin, Intermediates, Judged, ListEnd, Pile, Ready
from trustdesk.services.given_lists import NOTHING_GIVEN, GivenRevocation
from trustdesk.services.likely_issuers import issuers_among
from trustdesk.services.row_values import JudgedRows, JudgingTotals
from trustdesk.services.trust_side import with_keys
from trustdesk.services.worker_process import WorkerProcess

MAX_POOL = 20_000
"""CA certificates of one file that are used as intermediates; each takes 20 kB in each process."""

_PILE = 200
_PART = 100
_LOOK_S = 0.05
_DEADLINE_S = 30.0
_MAX_DEATHS = 40
_REMEMBERED = 4_096

T = TypeVar("T")


def judge_rows(
    rows: Sequence[CertificateRow],
    trust_lists: Sequence[TrustList],
    *,
    at: datetime,
    on_verdicts: Callable[[JudgedRows], None],
    cancel: Event,
    work: Callable[[Connection], None] = bulk_worker.work,
    deadline_s: float = _DEADLINE_S,
    revocation: GivenRevocation = NOTHING_GIVEN,
) -> JudgingTotals:
    """Judge rows for both purposes; those among them that others name as issuer serve as intermediates.

    Args:
        trust_lists: that judge together; none is no list, so that nothing is trusted.
        on_verdicts: called in this thread, in whatever order the piles are done.
        cancel: set from any thread; what is judged by then stands, and the processes are ended at once.
        work: what the processes run.
        deadline_s: for one pile.
        revocation: lists and responses that are looked at; nobody is asked.
    """
    begun = time.monotonic()
    run = _Run(rows, trust_lists, at, on_verdicts, work, deadline_s, revocation)
    try:
        while run.is_open and not cancel.is_set():
            run.step()
    finally:
        run.close()
    return JudgingTotals(
        total=len(rows),
        judged=run.judged,
        at=at,
        trust_list=_titles(trust_lists),
        is_cancelled=cancel.is_set() and run.judged < len(rows),
        duration_ms=(time.monotonic() - begun) * 1000,
        problems=tuple(run.problems()),
    )


@dataclass(slots=True, eq=False)
class _Judge:
    """A process, and what it has in hand: None before it is ready."""

    process: WorkerProcess
    due: float
    pile: range | None = None


@dataclass(slots=True)
class _Run:
    rows: Sequence[CertificateRow]
    trust_lists: Sequence[TrustList]
    at: datetime
    on_verdicts: Callable[[JudgedRows], None]
    work: Callable[[Connection], None]
    deadline_s: float
    revocation: GivenRevocation
    judged: int = 0
    _waiting: deque[range] = field(default_factory=deque)
    _judges: list[_Judge] = field(default_factory=list)
    _pool: tuple[CertificateRow, ...] = ()
    _left_out: int = 0
    _unjudged: int = 0
    _deaths: int = 0
    _known: dict[BulkVerdict, BulkVerdict] = field(default_factory=dict)

    def __post_init__(self) -> None:
        processors = os.cpu_count() or 1
        # Small enough that all processes have something to do, and that rows come to the window evenly.
        size = max(1, min(_PILE, -(-len(self.rows) // (4 * processors))))
        starts = range(0, len(self.rows), size)
        self._waiting.extend(range(start, min(start + size, len(self.rows))) for start in starts)
        for _ in range(min(processors, len(self._waiting))):
            self._start()
        # The processes come up meanwhile.
        pool = issuers_among(self.rows)
        self._pool, self._left_out = pool[:MAX_POOL], max(0, len(pool) - MAX_POOL)

    @property
    def is_open(self) -> bool:
        """Whether anything has still to be judged."""
        return bool(self._waiting) or any(judge.pile for judge in self._judges)

    def step(self) -> None:
        """Wait a little for answers, and give out what is next."""
        if not self._judges:
            self._start()
        ready = wait([judge.process.pipe for judge in self._judges], _LOOK_S)
        for judge in tuple(self._judges):
            if judge.process.pipe in ready:
                self._take(judge)
            elif time.monotonic() > judge.due:
                self._lose(judge)

    def close(self) -> None:
        """End the processes."""
        for judge in self._judges:
            judge.process.kill()
        self._judges.clear()

    def problems(self) -> Iterator[Message]:
        """Yield what was left out."""
        if self._unjudged:
            yield msg_n(
                "{count} certificate brought its judge down and has no verdict.",
                "{count} certificates brought their judge down and have no verdict.",
                self._unjudged,
            )
        if self._left_out:
            yield msg_n(
                "{count} CA certificate was not used as intermediate: there are more than {limit}.",
                "{count} CA certificates were not used as intermediates: there are more than {limit}.",
                self._left_out,
                limit=MAX_POOL,
            )

    def _start(self) -> None:
        self._judges.append(_Judge(WorkerProcess(self.work), time.monotonic() + _DEADLINE_S))

    def _take(self, judge: _Judge) -> None:
        match judge.process.receive(0):
            case Ready():
                for part in self._what_to_judge_by():
                    judge.process.send(part)
                self._give(judge)
            case Judged(verdicts=verdicts) if judge.pile is not None and len(verdicts) == len(judge.pile):
                self.judged += len(verdicts)
                kept = tuple(map(self._kept, verdicts))
                start = judge.pile.start
                # The process goes on before the window is told.
                self._give(judge)
                self.on_verdicts(JudgedRows(start=start, verdicts=kept))
            case _:
                self._lose(judge)

    def _give(self, judge: _Judge) -> None:
        judge.pile = self._waiting.popleft() if self._waiting else None
        judge.due = time.monotonic() + self.deadline_s if judge.pile is not None else float("inf")
        if judge.pile is not None:
            judge.process.send(Pile(tuple(self.rows[place].der for place in judge.pile)))

    def _lose(self, judge: _Judge) -> None:
        """End a process that died or does not end, and judge its pile by halves."""
        self._judges.remove(judge)
        judge.process.kill()
        self._deaths += 1
        pile = judge.pile
        if pile is not None and len(pile) > 1:
            middle = len(pile) // 2
            self._waiting.extendleft((pile[middle:], pile[:middle]))
        elif pile is not None:
            self._unjudged += 1
        if self._deaths >= _MAX_DEATHS:
            self._unjudged += sum(map(len, self._waiting))
            self._waiting.clear()
        if self._waiting:
            self._start()

    def _what_to_judge_by(self) -> Iterator[object]:
        """Yield the pool and the lists in parts, none of which takes long to pack."""
        for pool in _parts(self._pool):
            yield Intermediates(tuple(row.der for row in pool))
        for trust_list in with_keys(tuple(self.trust_lists)):
            for plain in _parts(trust_list.anchors):
                yield Anchors(plain=plain)
            for limited in _parts(trust_list.limited):
                yield Anchors(limited=limited)
            for issuers in _parts(trust_list.intermediates):
                yield Anchors(intermediates=issuers)
            yield ListEnd(replace(trust_list, anchors=(), limited=(), intermediates=(), left_out=()))
        yield Begin(self.at, self.revocation)

    def _kept(self, verdicts: BulkVerdicts) -> BulkVerdicts:
        """Keep equal verdicts once: most of 100,000 say the same."""
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        return BulkVerdicts(
            verdicts.is_ca,
            self._known.setdefault(verdicts.server, verdicts.server),
            self._known.setdefault(verdicts.client, verdicts.client),
        )


def _titles(trust_lists: Sequence[TrustList]) -> Message | None:
    titles = [one.title for one in trust_lists]
    if not titles:
        return None
    return reduce(lambda before, one: msg("{before}, {one}", before=before, one=one), titles)


def _parts(values: Sequence[T]) -> Iterator[tuple[T, ...]]:
    rest = iter(values)
    while part := tuple(islice(rest, _PART)):
        yield part
