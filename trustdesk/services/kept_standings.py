"""How stored chains stand, told from the judgement that was kept with them: for thousands at once.

A chain that was trusted when it was seen need not be judged again where judging could say nothing else: the
same rules, lists, decisions and policy, the same name, one way only up to one anchor of one list, and no date
of anything on it between then and the instant asked for. Everything else is judged. Evidence of revocation
only ever takes trust away, so what was trusted with some is trusted without; with any at hand now, nothing
here must be used.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from trustdesk.services.impact_screen import Reached
from trustdesk.services.impact_subjects import Subject
from trustdesk.services.side_index import SideIndex
from trustdesk.services.trust_side import Lists
from trustdesk.storage.stored_chains import KeptTrust, StoredCertificate
from trustdesk.verify.comparable_names import ComparableName
from trustdesk.verify.judge import MAX_PRESENTED
from trustdesk.verify.outline import outline
from trustdesk.verify.standing import ChainStanding
from trustdesk.verify.trust_basis import basis_of

_MARGIN = timedelta(seconds=1)
"""Instants are judged in whole seconds."""


class KeptStandings:
    """What kept judgements say by some lists, for an instant; for one thread."""

    def __init__(self, lists: Lists, at: datetime, *, engine: str) -> None:
        """Take what is judged by.

        Args:
            engine: the rules that judge now (`verify.trust_basis.engine_of`).
        """
        self._at = at
        self._engine = engine
        self._basis = basis_of(lists)
        self._index = SideIndex(lists)
        self._instants = tuple(_instants(lists))
        # By its certificate alone, what is distrusted depends on what else the lists left out.
        self._is_told_by_basis = all(key.spki_sha256 is not None for one in lists for key in one.distrusted)
        self._ways: dict[tuple[Reached, tuple[str, ...]], bool] = {}

    def find(self, subject: Subject, reached: Reached) -> ChainStanding | None:
        """Return how a chain stands; None where it has to be judged."""
        kept = subject.kept
        if (
            kept is None
            or not self._is_of_the_same(kept, subject)
            or not self._is_way(kept, subject, reached)
        ):
            return None
        begins, ends = min(kept.judged_at, self._at) - _MARGIN, max(kept.judged_at, self._at) + _MARGIN
        anchor = self._index.facts[kept.path[-1]]
        dates = [at for one in subject.certificates for at in (one.not_before, one.not_after)]
        if any(at is None or begins <= at <= ends for at in (*dates, anchor.not_before, anchor.not_after)):
            return None
        if any(begins <= at <= ends for at in self._instants):
            return None
        return ChainStanding(trusted=True, path=kept.path, trust_list=kept.trust_list)

    def _is_of_the_same(self, kept: KeptTrust, subject: Subject) -> bool:
        presented = subject.presented
        return (
            self._is_told_by_basis
            and kept.basis == self._basis
            and kept.engine == self._engine
            and kept.verify_name == presented.reference_identifier
            and presented.staple is None
            and len(subject.certificates) <= MAX_PRESENTED
            and not outline(presented.certificates[0]).may_ask_for_staple
        )

    def _is_way(self, kept: KeptTrust, subject: Subject, reached: Reached) -> bool:
        """Whether its path is the only one that names allow."""
        own, *above = subject.certificates
        if len(kept.path) < 2 or kept.path[0] != own.sha256 or reached.before != {kept.path[-1]}:
            return False
        entries = self._index.entries.get(kept.path[-1], ())
        if [one.name for one, _ in entries] != [kept.trust_list] or reached.others:
            return False
        key = reached, tuple(one.sha256 for one in above)
        found = self._ways.get(key)
        if found is None:
            found = self._ways[key] = self._is_one_way(above, kept.path[-1])
        return found and set(kept.path[1:-1]) <= set(key[1])

    def _is_one_way(self, above: Sequence[StoredCertificate], anchor: str) -> bool:
        """Whether no two certificates above the end entity have one name."""
        ders = {one.sha256: one.der for one in above} | {anchor: self._index.facts[anchor].der}
        names: set[ComparableName | None] = {outline(der).subject for der in ders.values()}
        return None not in names and len(names) == len(ders)


def _instants(lists: Lists) -> list[datetime]:
    """Return when what the lists say changes by itself."""
    ends = [one.ends for each in lists for one in each.trust_anchors]
    spans = [at for each in lists for key in each.distrusted for at in (key.begins, key.ends)]
    return [at for at in (*ends, *spans) if at is not None]
