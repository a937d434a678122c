"""Impact: whose verdict would change, from the chains that were seen last; no connection is made.

Decisions:
- 2026-11: only chains that reach something changed by names are judged (`services.impact_screen`), before
  and after; where no anchor is left above one, nothing has to be judged after. A test compares with judging
  everything twice on random PKIs.
- 2026-11: what was found against a server in its test by revocation stays on both sides: the evidence is the
  same, and its answer of then cannot be had again. Such a chain does not change.
- 2026-11: an endpoint is judged by the last chain that it showed, also where a later test got no answer. One
  that never showed any is named as not judged, never counted as unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import CancelledByPersonError
from trustdesk.core.message import Message
from trustdesk.core.ports import Job
from trustdesk.core.trust import ServerFault
from trustdesk.core.trust_impact import AffectedChain, Impact, Standing
from trustdesk.core.verification import Purpose
from trustdesk.formats.certificate import read_certificate
from trustdesk.services.given_lists import NOTHING_GIVEN, GivenRevocation
from trustdesk.services.impact_judging import JudgingPool
from trustdesk.services.impact_screen import Reached, Screen
from trustdesk.services.impact_words import Turn, why_gained, why_lost
from trustdesk.services.impact_worker import After, Comparison, Comparisons, Pair, Task
from trustdesk.services.thread_jobs import ThreadJobs
from trustdesk.services.trust_side import TrustSide, anchors_of
from trustdesk.storage.stored_chains import ChainStore, StoredCertificate, StoredChain
from trustdesk.storage.workspace import Workspace
from trustdesk.verify.outline import outline
from trustdesk.verify.standing import ChainStanding, Presented

_OF_REVOCATION = {ServerFault.REVOKED, ServerFault.NOT_STAPLED, ServerFault.REVOCATION_UNKNOWN}

OwnChains = Mapping[str, Sequence[CertificateFacts]]
"""What we send with each identity, by its name: end entity first."""

Progress = Callable[[int, int], None]


class TrustImpact:
    """Answers for one workspace, one question after the other, on a thread of its own."""

    def __init__(self, workspace: Workspace, own: Callable[[], OwnChains]) -> None:
        """Take what others own.

        Args:
            own: the identities, stored ones and those of the session; called on the thread, may block.
        """
        self._chains = ChainStore(workspace)
        self._own = own
        self._jobs = ThreadJobs("trustdesk-impact")
        self._pool = JudgingPool()

    def impact(
        self,
        title: Message,
        sides: Callable[[], tuple[TrustSide, TrustSide]],
        *,
        revocation: GivenRevocation = NOTHING_GIVEN,
        on_progress: Progress | None = None,
    ) -> Job[Impact]:
        """Compare two sides.

        The future fails with CancelledByPersonError where it is cancelled: half an impact says nothing.

        Args:
            sides: makes before and after, on the thread, where it may block.
            revocation: what is at hand; nobody is asked.
            on_progress: told of how many chains of how many were judged, on the thread.
        """

        def work(cancel: Event) -> Impact:
            before, after = sides()
            run = ImpactRun(before, after, revocation=revocation, pool=self._pool)
            chains = self._chains.last_chains().result()
            fixed = self._refused_by_revocation(chains)
            return run.result(title, chains, self._own(), fixed, on_progress=on_progress, cancel=cancel)

        return self._jobs.start(work)

    def close(self) -> None:
        """Cancel everything and wait for its end."""
        self._jobs.close()
        self._pool.close()

    def _refused_by_revocation(self, chains: Sequence[StoredChain]) -> dict[int, bytes | None]:
        """Read the reports of servers that were not trusted, and of those that have to staple.

        Returns:
            By endpoint: the staple, or None where what was found of revocation keeps it untrusted.
        """
        wanted = [
            one
            for one in chains
            if one.certificates and (one.was_untrusted or outline(one.certificates[0].der).may_ask_for_staple)
        ]
        return {
            endpoint: None
            if report.record.judgement is not None and _OF_REVOCATION & set(report.record.judgement.faults)
            else report.record.stapled_ocsp or b""
            for endpoint, report in self._chains.reports_of(wanted).result().items()
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """Who is asked about."""

    certificates: tuple[StoredCertificate, ...]
    presented: Presented
    partner: str | None = None
    endpoint_id: int | None = None
    place: str = ""
    identity: str | None = None


@dataclass(slots=True)
class ImpactRun:
    """One comparison of two sides; for one thread."""

    before: TrustSide
    after: TrustSide
    pool: JudgingPool
    revocation: GivenRevocation = NOTHING_GIVEN
    _screens: list[Screen] = field(default_factory=list)
    _places: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = field(default_factory=dict)
    _partners: list[str | None] = field(default_factory=list)

    def result(
        self,
        title: Message,
        chains: Sequence[StoredChain],
        own: OwnChains,
        fixed: Mapping[int, bytes | None],
        *,
        on_progress: Progress | None = None,
        cancel: Event | None = None,
    ) -> Impact:
        """Compare; see `TrustImpact.impact`.

        Args:
            fixed: by endpoint, the staple of its chain (b"" for none); None where its chain stays untrusted
                whatever becomes of trust.
        """
        stop = cancel or Event()
        subjects: list[_Subject] = []
        not_judged = dict[str, None]()
        for chain in chains:
            if not chain.certificates or not outline(chain.certificates[0].der).is_readable:
                not_judged[chain.partner] = None
            else:
                subjects.append(_of_endpoint(chain, fixed.get(chain.endpoint_id) or None))
        for name, path in own.items():
            subjects.extend(_of_identity(name, path))
        kept = {number for number, staple in fixed.items() if staple is None}
        asked = [one for one in subjects if one.endpoint_id not in kept or one.identity is not None]
        if stop.is_set():
            raise CancelledByPersonError
        touched, tasks, places = self._tasks(asked)
        if on_progress is not None:
            on_progress(0, len(tasks))
        pairs = self.pool.judge(
            self._comparisons(touched),
            tasks,
            on_done=(lambda done: on_progress(done, len(tasks))) if on_progress is not None else _ignore,
            cancel=stop,
        )
        affected = [
            one
            for (subject, _), place in zip(touched, places, strict=True)
            if (one := self._affected(subject, pairs[place])) is not None
        ]
        affected.sort(key=_loss_first)
        return Impact(
            title=title,
            partners=tuple(one for one in affected if one.identity is None),
            identities=tuple(one for one in affected if one.identity is not None),
            looked_at=len({(one.endpoint_id, one.identity) for one in subjects}),
            at=self.before.at,
            at_after=self.after.at,
            not_judged=tuple(sorted(not_judged, key=str.casefold)),
        )

    def _screen(self, partner: str | None) -> int:
        """Return the number of the comparison that holds for a partner; most share one."""
        before, after = self.before.lists_for(partner), self.after.lists_for(partner)
        key = tuple(map(id, before)), tuple(map(id, after))
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = len(self._screens)
            self._screens.append(Screen(before, after, at=self.before.at, at_after=self.after.at))
            self._partners.append(partner)
        return place

    def _tasks(
        self, subjects: Sequence[_Subject]
    ) -> tuple[list[tuple[_Subject, Reached]], list[Task], list[int]]:
        """Return who may be touched, the tasks that tell, each once, and which of them belongs to whom."""
        touched: list[tuple[_Subject, Reached]] = []
        known: dict[object, int] = {}
        tasks: list[Task] = []
        places: list[int] = []
        moves_evidence = self.before.at != self.after.at and self.revocation != NOTHING_GIVEN
        for subject in subjects:
            number = self._screen(subject.partner)
            screen = self._screens[number]
            reached = screen.reached(subject.certificates)
            has_staple = bool(subject.presented.staple) and self.before.at != self.after.at
            if not (moves_evidence or has_staple or screen.may_touch(subject.certificates, reached)):
                continue
            key = number, tuple(one.sha256 for one in subject.certificates), _without_bytes(subject.presented)
            place = known.get(key)
            if place is None:
                place = known[key] = len(tasks)
                tasks.append(Task(number, subject.presented, _known_of(screen, reached, subject)))
            touched.append((subject, reached))
            places.append(place)
        return touched, tasks, places

    def _comparisons(self, touched: Sequence[tuple[_Subject, Reached]]) -> Comparisons:
        reached: list[set[Reached]] = [set() for _ in self._screens]
        for subject, one in touched:
            reached[self._screen(subject.partner)].add(one)
        return Comparisons(
            each=tuple(
                Comparison(
                    before=screen.trimmed(self.before.lists_for(partner), above),
                    after=screen.trimmed(self.after.lists_for(partner), above),
                    at=self.before.at,
                    at_after=self.after.at,
                )
                for screen, partner, above in zip(self._screens, self._partners, reached, strict=True)
            ),
            revocation=self.revocation,
        )

    def _affected(self, subject: _Subject, pair: Pair) -> AffectedChain | None:
        before, after = pair
        if before.trusted == after.trusted:
            return None
        lost = self._path(subject, before, self.before)
        gained = self._path(subject, after, self.after)
        broken_by: str | None = None
        if before.trusted:
            why, broken_by = why_lost(self._turn(subject, lost, before, self.after, after.reason))
        else:
            why = why_gained(self._turn(subject, gained, after, self.before, before.reason), before.reason)
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
        subject: _Subject,
        path: tuple[CertificateFacts, ...],
        standing: ChainStanding,
        other: TrustSide,
        reason: Message | None,
    ) -> Turn:
        return Turn(
            path=path,
            on=standing.trust_list,
            lists=other.lists_for(subject.partner),
            at=other.at,
            has_moved=self.before.at != self.after.at,
            purpose=subject.presented.purpose,
            reason=reason,
        )

    def _path(
        self, subject: _Subject, standing: ChainStanding, side: TrustSide
    ) -> tuple[CertificateFacts, ...]:
        if not standing.path:
            return ()
        presented = {one.sha256: one.der for one in subject.certificates}
        missing = set(standing.path) - presented.keys()
        listed = {
            facts.sha256: facts
            for one in side.lists_for(subject.partner)
            for facts in (*anchors_of(one), *one.intermediates)
            if facts.sha256 in missing
        }
        return tuple(
            read_certificate(presented[digest]) if digest in presented else listed[digest]
            for digest in standing.path
        )


def _of_endpoint(chain: StoredChain, staple: bytes | None) -> _Subject:
    return _Subject(
        certificates=chain.certificates,
        presented=Presented(
            certificates=tuple(one.der for one in chain.certificates),
            reference_identifier=chain.verify_name,
            staple=staple,
        ),
        partner=chain.partner,
        endpoint_id=chain.endpoint_id,
        place=chain.place,
    )


def _of_identity(name: str, path: Sequence[CertificateFacts]) -> list[_Subject]:
    """As a client, and as a server where it says to be one."""
    usages = path[0].extended_key_usage
    purposes = (
        [Purpose.CLIENT] if usages is None or "clientAuth" in usages or "serverAuth" not in usages else []
    )
    if usages is not None and "serverAuth" in usages:
        purposes.append(Purpose.SERVER)
    certificates = tuple(
        StoredCertificate(sha256=one.sha256, der=one.der, not_before=one.not_before, not_after=one.not_after)
        for one in path
    )
    ders = tuple(one.der for one in path)
    return [
        _Subject(
            certificates=certificates,
            presented=Presented(certificates=ders, purpose=purpose),
            identity=name,
        )
        for purpose in purposes
    ]


def _known_of(screen: Screen, reached: Reached, subject: _Subject) -> After:
    if not reached.after:
        return After.NOTHING_LEFT
    if screen.only_takes_away and reached.is_small and len(subject.certificates) <= _SHORT:
        return After.NO_BETTER
    return After.OPEN


_SHORT = 6
"""Certificates of a chain with which no search for paths comes to its limits."""


def _without_bytes(presented: Presented) -> tuple[Purpose, str | None, bytes | None]:
    return presented.purpose, presented.reference_identifier, presented.staple


def _loss_first(one: AffectedChain) -> tuple[bool, str, int]:
    name = one.partner if one.partner is not None else one.identity or ""
    return not one.loses, name.casefold(), one.endpoint_id or 0


def _ignore(_done: int) -> None:
    """Nobody wants to know."""
