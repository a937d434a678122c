"""One comparison of two sides of trust, over everybody who is judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.certificate_path import CertificatePath
from trustdesk.core.errors import CancelledByPersonError
from trustdesk.core.message import Message
from trustdesk.core.trust_impact import AffectedChain, Impact, Standing
from trustdesk.services.given_lists import NOTHING_GIVEN, GivenRevocation
from trustdesk.services.impact_judging import JudgingPool
from trustdesk.services.impact_screen import Reached, Screen
from trustdesk.services.impact_subjects import Subject, Subjects, path_of
from trustdesk.services.impact_words import Turn, why_gained, why_lost
from trustdesk.services.impact_worker import After, Comparison, Comparisons, Pair, Task, settled
from trustdesk.services.kept_standings import KeptStandings
from trustdesk.services.side_index import SideIndex
from trustdesk.services.standing_memory import Remembered, StandingMemory
from trustdesk.services.trust_side import TrustSide
from trustdesk.verify.standing import ChainStanding
from trustdesk.verify.trust_basis import engine_of

Progress = Callable[[int, int], None]
"""Told of how many of how many are judged."""

_SHORT = 6
"""Certificates of a chain with which no search for paths comes to its limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathToday:
    """A path that holds.

    Attributes:
        certificates: SHA-256 digests, end entity first.
        between: its CA certificates.
    """

    subject: Subject
    certificates: tuple[str, ...]
    between: tuple[CertificateFacts, ...] = ()


@dataclass(slots=True)
class ImpactRun:
    """Compares two sides; for one thread, once.

    Attributes:
        revocation: what is at hand; the same on both sides, and nobody is asked.
        memory: of how chains stood before; None asks anew.
    """

    before: TrustSide
    after: TrustSide
    pool: JudgingPool
    revocation: GivenRevocation = NOTHING_GIVEN
    on_progress: Progress | None = None
    cancel: Event = field(default_factory=Event)
    memory: StandingMemory | None = None
    _screens: list[Screen] = field(default_factory=list)
    _indexes: dict[int, tuple[SideIndex, SideIndex]] = field(default_factory=dict)
    _remembered: list[Remembered | None] = field(default_factory=list)
    _reaches: dict[int, tuple[Subject, Reached]] = field(default_factory=dict)
    _kept: list[KeptStandings | None] = field(default_factory=list)
    _places: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = field(default_factory=dict)

    def impact(self, title: Message, subjects: Subjects) -> Impact:
        """Say who changes.

        Raises:
            CancelledByPersonError: `cancel` was set.
        """
        asked = [one for one in subjects.each if not one.is_refused and self._may_change(one)]
        affected = [
            one
            for subject, pair in self._judged(asked, self._known_beforehand)
            if (one := self._affected(subject, pair)) is not None
        ]
        affected.sort(key=_loss_first)
        return Impact(
            title=title,
            partners=tuple(one for one in affected if one.identity is None),
            identities=tuple(one for one in affected if one.identity is not None),
            looked_at=len({(one.endpoint_id, one.identity) for one in subjects.each}),
            at=self.before.at,
            at_after=self.after.at,
            not_judged=subjects.not_judged,
            unchanged=_unchanged(subjects, affected),
        )

    def paths(self, subjects: Subjects) -> tuple[PathToday, ...]:
        """Return the paths that hold on the side before.

        Raises:
            CancelledByPersonError: `cancel` was set.
        """
        asked = [one for one in subjects.each if not one.is_refused]
        found = []
        for subject, (before, _) in self._judged(asked, lambda _subject: After.NOTHING_LEFT):
            if before.trusted:
                facts = path_of(before.path, subject, self._index(subject)[0])
                found.append(PathToday(subject=subject, certificates=before.path, between=tuple(facts[1:])))
        return tuple(found)

    def _judged(
        self, subjects: Sequence[Subject], known_of: Callable[[Subject], After]
    ) -> list[tuple[Subject, Pair]]:
        """Judge everybody, those on whom the same is said once."""
        known: dict[tuple[object, ...], int] = {}
        pairs: list[Pair | None] = []
        tasks: list[Task] = []
        asked: list[tuple[int, Subject]] = []
        places: list[int] = []
        for subject in subjects:
            if self.cancel.is_set():
                raise CancelledByPersonError
            number = self._screen(subject)
            key = number, *subject.key
            place = known.get(key)
            if place is None:
                place = known[key] = len(pairs)
                before = self._known_before(subject, number)
                task = Task(number, subject.presented, known_of(subject), before)
                pair = settled(task)
                pairs.append(pair)
                if pair is None:
                    tasks.append(task)
                    asked.append((place, subject))
            places.append(place)
        self._tell(0, len(tasks))
        judged = self.pool.judge(
            self._comparisons([subject for _, subject in asked]),
            tasks,
            on_done=lambda done: self._tell(done, len(tasks)),
            cancel=self.cancel,
        )
        for (place, subject), task, pair in zip(asked, tasks, judged, strict=True):
            pairs[place] = pair
            remembered = self._remembered[task.comparison]
            if remembered is not None:
                remembered.keep(subject, pair[0])
        return [
            (subject, pair)
            for subject, place in zip(subjects, places, strict=True)
            if (pair := pairs[place]) is not None
        ]

    def _known_before(self, subject: Subject, number: int) -> ChainStanding | None:
        """Return how a chain stands before, where that is known without judging."""
        kept, remembered = self._kept[number], self._remembered[number]
        found = None if kept is None else kept.find(subject, self._reached(subject))
        return found or (None if remembered is None else remembered.find(subject))

    def _tell(self, done: int, total: int) -> None:
        if self.on_progress is not None:
            self.on_progress(done, total)

    def _screen(self, subject: Subject) -> int:
        """Return the number of the comparison that holds for somebody; most partners share one."""
        before, after = (
            self.before.lists_for(subject.partner, subject.endpoint_id),
            self.after.lists_for(subject.partner, subject.endpoint_id),
        )
        key = tuple(map(id, before)), tuple(map(id, after))
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = len(self._screens)
            self._screens.append(Screen(before, after, at=self.before.at, at_after=self.after.at))
            # What is said of revocation has dates of its own, and comes and goes.
            is_asked_alone = self.revocation == NOTHING_GIVEN
            memory = self.memory if is_asked_alone else None
            self._remembered.append(None if memory is None else memory.of(before, self.before.at))
            engine = engine_of(knows_published_keys=True)
            kept = KeptStandings(before, self.before.at, engine=engine) if is_asked_alone else None
            self._kept.append(kept)
        return place

    def _index(self, subject: Subject) -> tuple[SideIndex, SideIndex]:
        number = self._screen(subject)
        found = self._indexes.get(number)
        if found is None:
            screen = self._screens[number]
            found = self._indexes[number] = SideIndex(screen.before), SideIndex(screen.after)
        return found

    def _reached(self, subject: Subject) -> Reached:
        found = self._reaches.get(id(subject))
        if found is None:
            # With the subject, so that no other object gets the same id.
            reached = self._screens[self._screen(subject)].reached(subject.certificates)
            found = self._reaches[id(subject)] = subject, reached
        return found[1]

    def _may_change(self, subject: Subject) -> bool:
        # Evidence of revocation has dates of its own.
        has_evidence = self.revocation != NOTHING_GIVEN or bool(subject.presented.staple)
        if has_evidence and self.before.at != self.after.at:
            return True
        screen = self._screens[self._screen(subject)]
        return screen.may_touch(subject.certificates, self._reached(subject))

    def _known_beforehand(self, subject: Subject) -> After:
        reached = self._reached(subject)
        if not reached.after:
            return After.NOTHING_LEFT
        screen = self._screens[self._screen(subject)]
        if screen.only_takes_away and reached.is_small and len(subject.certificates) <= _SHORT:
            return After.NO_BETTER
        return After.OPEN

    def _comparisons(self, subjects: Sequence[Subject]) -> Comparisons:
        reached: list[set[Reached]] = [set() for _ in self._screens]
        for subject in subjects:
            reached[self._screen(subject)].add(self._reached(subject))
        return Comparisons(
            each=tuple(
                Comparison(
                    before=screen.trimmed(screen.before, above),
                    after=screen.trimmed(screen.after, above),
                    at=self.before.at,
                    at_after=self.after.at,
                )
                for screen, above in zip(self._screens, reached, strict=True)
            ),
            revocation=self.revocation,
        )

    def _affected(self, subject: Subject, pair: Pair) -> AffectedChain | None:
        before, after = pair
        if before.trusted == after.trusted:
            return None
        index, index_after = self._index(subject)
        lost, gained = path_of(before.path, subject, index), path_of(after.path, subject, index_after)
        broken_by: str | None = None
        if before.trusted:
            why, broken_by = why_lost(
                self._turn(subject, lost, before, index_after, self.after.at, after.reason)
            )
        else:
            why = why_gained(
                self._turn(subject, gained, after, index, self.before.at, before.reason), before.reason
            )
        return AffectedChain(
            before=Standing.TRUSTED if before.trusted else Standing.NOT_TRUSTED,
            after=Standing.TRUSTED if after.trusted else Standing.NOT_TRUSTED,
            why=why,
            partner=subject.partner,
            endpoint_id=subject.endpoint_id,
            place=subject.place,
            identity=subject.identity,
            purpose=subject.presented.purpose,
            lost_path=lost,
            gained_path=gained,
            broken_by=broken_by,
        )

    def _turn(
        self,
        subject: Subject,
        path: CertificatePath,
        standing: ChainStanding,
        other: SideIndex,
        at: datetime,
        reason: Message | None,
    ) -> Turn:
        return Turn(
            path=path,
            on=standing.trust_list,
            other=other,
            at=at,
            has_moved=self.before.at != self.after.at,
            purpose=subject.presented.purpose,
            reason=reason,
        )


def _unchanged(subjects: Subjects, affected: Sequence[AffectedChain]) -> tuple[tuple[str, str], ...]:
    changed = {(one.endpoint_id, one.identity) for one in affected}
    same = {
        (one.endpoint_id, one.identity): (one.partner or one.identity or "", one.place)
        for one in subjects.each
        if (one.endpoint_id, one.identity) not in changed
    }
    return tuple(sorted(same.values(), key=lambda one: (one[0].casefold(), one[1])))


def _loss_first(one: AffectedChain) -> tuple[bool, str, int]:
    name = one.partner if one.partner is not None else one.identity or ""
    return not one.loses, name.casefold(), one.endpoint_id or 0
