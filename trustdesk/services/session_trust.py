"""By what a session judges: lists of the workspace and of the person's files, decisions, partners' policies.

Decisions:
- 2026-11: lists in force judge together. What a person selects for the session judges alone, until the
  workspace puts others in force; what was decided here and policies of partners hold whatever is selected.
- 2026-11: to name the first list in force means to judge by what is in force: a form that shows it selected
  does not take a second list, or the policy of the partner, away.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from trustdesk.core.message import msg
from trustdesk.core.trust import PUBLIC_WEB_LIST, TrustList, TrustListOrigin
from trustdesk.core.trust_decision import LocalDecision
from trustdesk.services.identity_names import unique_name
from trustdesk.services.kept_trust import KeptTrust, TrustSource
from trustdesk.services.lists_in_force import judgeable, with_decisions
from trustdesk.services.partner_policies import PolicyBook


@dataclass(frozen=True, slots=True)
class _State:
    """What was read of the workspace, joined with the session's own lists.

    Attributes:
        lists: all by name, with what was decided here; those in force first.
        in_force: names.
        own: names of the workspace's lists.
    """

    kept: KeptTrust
    lists: dict[str, TrustList]
    in_force: tuple[str, ...]
    own: frozenset[str]
    book: PolicyBook


class SessionTrust:
    """The lists of one session; methods may be called from any thread, and may wait for the workspace."""

    def __init__(
        self,
        given: Iterable[TrustList],
        source: TrustSource,
        in_force: Sequence[str] = (),
        revision: Callable[[], int] | None = None,
    ) -> None:
        """Take the session's own lists.

        Args:
            source: of what the workspace keeps.
            in_force: names that judge whatever the workspace says; empty for what it says, and for the first
                of `given` where it says nothing.
            revision: tells, whenever it is asked, whether the source would say something else; None where
                nobody else can have changed it.
        """
        self._source = source
        self._revision = revision
        self._seen: int | None = None
        self._lock = threading.RLock()
        self._given = {one.name: one for one in given}
        self._chosen = tuple(in_force)
        self._state: _State | None = None

    @property
    def lists(self) -> tuple[TrustList, ...]:
        """Lists that can be selected, those in force first, with what all in force have against keys."""
        state = self._current()
        in_force = tuple(state.lists[name] for name in state.in_force)
        others = tuple(one for name, one in state.lists.items() if name not in state.in_force)
        return (*_against_together(in_force, in_force), *others)

    @property
    def in_force(self) -> tuple[str, ...]:
        """Names of the lists that judge together where no other is named."""
        return self._current().in_force

    @property
    def book(self) -> PolicyBook:
        """The policies of partners."""
        return self._current().book

    @property
    def decisions(self) -> tuple[LocalDecision, ...]:
        """What was decided here about certificates."""
        return self._current().kept.decisions

    @property
    def needs_seals(self) -> bool:
        """Whether something in policies counts only with a seal that holds."""
        return self._current().kept.needs_seals

    def judging(
        self, names: Sequence[str] = (), partners: Sequence[str] = (), *, exactly: bool = False
    ) -> tuple[TrustList, ...]:
        """Return the lists that judge.

        Args:
            names: that a person named; empty for those in force.
            partners: whose endpoint is judged; empty for nobody's.
            exactly: whether the first in force means itself alone, where it is named.

        Raises:
            KeyError: a name that is not among `lists`.
        """
        state = self._current()
        in_force = [state.lists[name] for name in state.in_force]
        is_named = bool(names) and (exactly or tuple(names) != state.in_force[:1])
        chosen = [state.lists[name] for name in names] if is_named else None
        if chosen is not None and not exactly and set(names) <= set(state.in_force):
            # Named or not, what the others in force distrust is distrusted.
            chosen = list(_against_together(chosen, in_force))
        if not state.book or not partners:
            return tuple(in_force if chosen is None else chosen)
        lists = state.book.lists_for(partners, in_force, state.lists.get, chosen=chosen)
        return tuple(
            with_decisions(one, state.kept.decisions) if one.origin is TrustListOrigin.PARTNER else one
            for one in lists
        )

    def use(self, name: str) -> TrustList:
        """Put one list in force, alone, for this session.

        Raises:
            KeyError: a name that is not among `lists`.
        """
        with self._lock:
            chosen = self._current().lists[name]
            self._chosen = (name,)
            self._state = self._joined(self._current().kept)
            return chosen

    def add(self, trust_list: TrustList) -> TrustList:
        """Let a list be selected; one of a file that was opened before takes its place."""
        with self._lock:
            taken = self._current().own
            name = trust_list.name if trust_list.name not in taken else unique_name(trust_list.name, taken)
            self._given[name] = replace(trust_list, name=name)
            self._state = self._joined(self._current().kept)
            return self._state.lists[name]

    def read_again(self) -> None:
        """Take what the workspace keeps now; blocks.

        Raises:
            EnvironmentFailureError: a record is damaged. Whoever judges next reads again, and fails too: what
                was in force before is not judged by any more.
        """
        # One after the other: who read earlier must not have the last word.
        with self._lock:
            before, self._state = self._state, None
            kept = self._read()
            if before is not None and before.kept.in_force != kept.in_force:
                self._chosen = ()
            self._state = self._joined(kept)

    def is_outdated(self) -> bool:
        """Whether another program changed what the workspace keeps since it was read; blocks.

        Raises:
            EnvironmentFailureError: that cannot be read.
        """
        if self._revision is None:
            return False
        with self._lock:
            return self._state is not None and self._revision() != self._seen

    def _current(self) -> _State:
        with self._lock:
            if self._state is None:
                self._state = self._joined(self._read())
            return self._state

    def _read(self) -> KeptTrust:
        # Before the rest: what changes while that is read is seen the next time.
        self._seen = None if self._revision is None else self._revision()
        return self._source()

    def _joined(self, kept: KeptTrust) -> _State:
        own = {one.list_name: judgeable(one, kept.decisions) for one in kept.versions}
        for name in kept.in_force:
            own.setdefault(name, _without_version(name))
        given = {
            name: with_decisions(one, kept.decisions) for name, one in self._given.items() if name not in own
        }
        known = {**own, **given}
        in_force = tuple(name for name in self._chosen if name in known) or _in_force(kept, tuple(given))
        first = {name: known[name] for name in in_force}
        return _State(
            kept=kept,
            lists={**first, **known},
            in_force=in_force,
            own=frozenset(own),
            book=PolicyBook(kept.policies),
        )


def _against_together(lists: Sequence[TrustList], in_force: Sequence[TrustList]) -> tuple[TrustList, ...]:
    """Return lists with what any in force has against keys; themselves where nothing is said."""
    against = tuple(dict.fromkeys(key for one in in_force for key in one.distrusted))
    return tuple(replace(one, distrusted=against) if one.distrusted != against else one for one in lists)


def _in_force(kept: KeptTrust, given: tuple[str, ...]) -> tuple[str, ...]:
    if not kept.in_force:
        return given[:1]
    has_builtin = kept.builtin_in_force and PUBLIC_WEB_LIST in given
    return (*kept.in_force, *((PUBLIC_WEB_LIST,) if has_builtin else ()))


def _without_version(name: str) -> TrustList:
    return TrustList(
        name=name,
        title=msg("{list} (no version is applied)", list=name),
        origin=TrustListOrigin.IMPORTED,
        anchors=(),
    )
