"""Whether an endpoint goes to and fro between working and failing; pure.

Tests that a network kept from it are counted apart: they tell nothing of the partner.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from trustdesk.core.finding import Verdict
from trustdesk.core.observation import Observation
from trustdesk.core.probe import Outcome

WINDOW = timedelta(days=7)
AT_LEAST = 4
"""Changes to and fro in that time from which on it is said: twice down and up again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flapping:
    """How often it changed in a stretch of time.

    Attributes:
        tests: that reached it.
        failing: how many of those failed.
        changes: from working to failing or back, from one such test to the next.
        inconclusive: tests that did not reach it.
        reach_changes: from being reached to not being reached, or back.
        last_change_at: the newest of `changes`; None without any.
        certificate_changes: from one server certificate to another, from one test that saw one to the next.
        certificates: how many different ones were seen.
    """

    window: timedelta
    tests: int
    failing: int
    changes: int
    inconclusive: int
    reach_changes: int
    last_change_at: datetime | None = None
    certificate_changes: int = 0
    certificates: int = 0

    @property
    def is_flapping(self) -> bool:
        """Whether the partner works and fails by turns."""
        return self.changes >= AT_LEAST

    @property
    def is_reach_flapping(self) -> bool:
        """Whether it is reached and not reached by turns, which is the network's affair."""
        return self.reach_changes >= AT_LEAST

    @property
    def is_certificate_flapping(self) -> bool:
        """Whether several certificates are presented by turns, and not one after the other."""
        return self.certificate_changes >= AT_LEAST and self.certificates < self.certificate_changes


def flapping(observations: Iterable[Observation], now: datetime, *, window: timedelta = WINDOW) -> Flapping:
    """Count what went to and fro in the time before `now`.

    Args:
        observations: in any order. The last test before the window is what the first in it is compared with.
    """
    ordered = sorted(
        (one for one in observations if one.facts.outcome is not Outcome.CANCELLED and one.started_at <= now),
        key=lambda one: (one.started_at, one.id),
    )
    begins = now - window
    inside = [one for one in ordered if one.started_at > begins]
    reached = [one for one in ordered if one.is_conclusive]
    turns = [
        after.started_at
        for before, after in pairwise(reached)
        if after.started_at > begins and _fails(before) != _fails(after)
    ]
    reach_turns = [
        after
        for before, after in pairwise(ordered)
        if after.started_at > begins and before.is_conclusive != after.is_conclusive
    ]
    presented = [one for one in ordered if one.chain]
    swaps = [
        (before.chain[0], after.chain[0])
        for before, after in pairwise(presented)
        if after.started_at > begins and before.chain[0] != after.chain[0]
    ]
    conclusive = [one for one in inside if one.is_conclusive]
    return Flapping(
        window=window,
        tests=len(conclusive),
        failing=sum(map(_fails, conclusive)),
        changes=len(turns),
        inconclusive=len(inside) - len(conclusive),
        reach_changes=len(reach_turns),
        last_change_at=turns[-1] if turns else None,
        certificate_changes=len(swaps),
        certificates=len({one.chain[0] for one in inside if one.chain}),
    )


def _fails(observation: Observation) -> bool:
    return observation.facts.verdict is Verdict.FAIL
