"""How chains stood by some lists when they were judged last.

Who asks about one CA after the other shares what stands before. What is remembered counts for another instant
only where no date of the chain, or of what is above it on the lists, lies between the two.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

from trustdesk.services.impact_screen import Screen
from trustdesk.services.impact_subjects import Subject
from trustdesk.services.trust_side import Lists
from trustdesk.verify.standing import ChainStanding

_SETS = 4
"""Sets of lists that are remembered: those in force, and those of a few policies."""

_Known = dict[tuple[object, ...], tuple[ChainStanding, datetime]]


class StandingMemory:
    """For one thread at a time. Evidence of revocation is no part of it: with any, it must not be used."""

    def __init__(self) -> None:
        self._known: OrderedDict[Lists, _Known] = OrderedDict()

    def of(self, lists: Lists, at: datetime) -> Remembered:
        """Return what is known by some lists, for an instant; it grows with what is kept there."""
        known = self._known.setdefault(lists, {})
        self._known.move_to_end(lists)
        while len(self._known) > _SETS:
            self._known.popitem(last=False)
        return Remembered(known, lists, at)


class Remembered:
    """How chains stand by some lists at an instant, as far as that is known."""

    def __init__(self, known: _Known, lists: Lists, at: datetime) -> None:
        self._known = known
        self._lists = lists
        self._at = at
        self._screens: dict[datetime, Screen] = {}

    def find(self, subject: Subject) -> ChainStanding | None:
        """Return how a chain stands; None where that is not known."""
        found = self._known.get(subject.key)
        if found is None:
            return None
        standing, then = found
        return standing if then == self._at or self._is_lasting(subject, then) else None

    def keep(self, subject: Subject, standing: ChainStanding) -> None:
        """Remember how a chain stands."""
        self._known[subject.key] = standing, self._at

    def _is_lasting(self, subject: Subject, then: datetime) -> bool:
        if subject.presented.staple is not None:
            return False
        screen = self._screens.get(then)
        if screen is None:
            screen = self._screens[then] = Screen(self._lists, self._lists, at=then, at_after=self._at)
        return not screen.may_touch(subject.certificates, screen.reached(subject.certificates))
