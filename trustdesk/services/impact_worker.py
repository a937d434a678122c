"""Chains judged on both sides of a change: a pile in a worker process, or a few on a thread."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto

from trustdesk.core.trust import TrustList
from trustdesk.services.given_lists import NOTHING_GIVEN, GivenRevocation
from trustdesk.services.published_keys import published_keys
from trustdesk.verify.revocation.evidence import RevocationEvidence
from trustdesk.verify.standing import ChainStanding, Presented, StandingJudge


class After(Enum):
    """What is known beforehand of a chain on the side after."""

    OPEN = auto()
    NO_BETTER = auto()  # not trusted where it was not trusted before
    NOTHING_LEFT = auto()  # no anchor is above it any more


@dataclass(frozen=True, slots=True)
class Task:
    """A chain to judge by the lists of one comparison.

    Attributes:
        before: how it stands before; None where that has to be judged.
    """

    comparison: int
    presented: Presented
    after: After = After.OPEN
    before: ChainStanding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The lists of both sides, and their instants."""

    before: tuple[TrustList, ...]
    after: tuple[TrustList, ...]
    at: datetime
    at_after: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparisons:
    """Everything that tasks are judged by, as a value that another process understands.

    Attributes:
        revocation: what is at hand; the same on both sides, and nobody is asked.
    """

    each: tuple[Comparison, ...]
    revocation: GivenRevocation = NOTHING_GIVEN


Pair = tuple[ChainStanding, ChainStanding]
_NOT_TRUSTED = ChainStanding(trusted=False)


class PairJudge:
    """Judges tasks; made once in each process, not for two threads at once."""

    def __init__(self, comparisons: Comparisons) -> None:
        evidence = comparisons.revocation.evidence()
        self._pairs = [
            (_judge(one.before, one.at, evidence), _judge(one.after, one.at_after, evidence))
            for one in comparisons.each
        ]

    def judged(self, tasks: Sequence[Task]) -> list[Pair]:
        """Judge tasks in their order, before and after."""
        return [self._pair(task) for task in tasks]

    def _pair(self, task: Task) -> Pair:
        before_judge, after_judge = self._pairs[task.comparison]
        before = task.before or before_judge.standing(task.presented)
        known = settled(replace(task, before=before))
        return known or (before, after_judge.standing(task.presented))


def settled(task: Task) -> Pair | None:
    """Return both sides where what is known tells them already."""
    before = task.before
    if before is None:
        return None
    if task.after is After.NOTHING_LEFT:
        return before, _NOT_TRUSTED
    if task.after is After.NO_BETTER and not before.trusted and not before.was_limited:
        return before, before
    return None


def _judge(lists: Sequence[TrustList], at: datetime, evidence: RevocationEvidence) -> StandingJudge:
    return StandingJudge(lists, at=at, published_keys=published_keys(), revocation=evidence)


_ready: tuple[bytes, PairJudge] | None = None


def judge_pile(comparisons: bytes, tasks: Sequence[Task]) -> list[Pair]:
    """Judge tasks in a worker process, which keeps the judges of the last pile ready.

    Args:
        comparisons: pickled Comparisons of this program's own making.
    """
    global _ready  # noqa: PLW0603 - a worker process lives for this
    if _ready is None or _ready[0] != comparisons:
        made: Comparisons = pickle.loads(comparisons)  # noqa: S301 - from our own parent process
        _ready = (comparisons, PairJudge(made))
    return _ready[1].judged(tasks)


def wake_up() -> None:
    """Do nothing, in a process that has everything imported then."""
