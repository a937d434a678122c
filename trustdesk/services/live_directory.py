"""The partner directory behind `services.directory_desk.DirectoryDesk`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TypeVar

from trustdesk.core.errors import CancelledByPersonError, UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.partner import PartnerEntry
from trustdesk.core.ports import Clock, Job
from trustdesk.services.account import account_name
from trustdesk.services.directory_values import DirectoryChange, DuplicateGroup, ImportPreview
from trustdesk.services.last_seen import LastSeen, last_seen_by
from trustdesk.services.partner_duplicates import duplicate_groups
from trustdesk.services.partner_export import export_partners
from trustdesk.services.partner_import import entries_of, preview_import
from trustdesk.services.partner_rules import usable_entry
from trustdesk.services.thread_jobs import Stop, ThreadJobs
from trustdesk.services.trust_seals import TrustSeals
from trustdesk.storage.partner_register import PartnerRegister, RegisterChange
from trustdesk.storage.schema import partner_policies
from trustdesk.storage.sealing import NO_SEALER, Sealer
from trustdesk.storage.trust_log import LogNote
from trustdesk.storage.workspace import Workspace

T = TypeVar("T")

_UNDOS = 8
"""Changes that can be undone: each holds what was removed by it."""


class LiveDirectory:
    """The directory of one workspace; each method as in `DirectoryDesk`."""

    def __init__(
        self,
        workspace: Workspace,
        seals: TrustSeals | None = None,
        *,
        clock: Clock,
        changed: Callable[[], None] = lambda: None,
        policies_changed: Callable[[], None] = lambda: None,
    ) -> None:
        """Take what others own and close.

        Args:
            seals: seal what the trust log tells of partners with a policy; None leaves it unsealed.
            changed: is told when partners were changed; from any thread.
            policies_changed: is told when a partner that has a trust policy went, came or was renamed.
        """
        sealer: Callable[[], Sealer] = (lambda: NO_SEALER) if seals is None else seals.current
        self._register = PartnerRegister(workspace, sealer)
        self._seals = seals
        self._clock = clock
        self._changed = changed
        self._policies_changed = policies_changed
        self._jobs = ThreadJobs("trustdesk-directory")
        self._numbers = count(1)
        self._undos: OrderedDict[int, RegisterChange] = OrderedDict()

    def partners(self) -> Future[tuple[PartnerEntry, ...]]:
        """All partners with their endpoints, by name."""
        return self._register.entries()

    def partner(self, name: str) -> Future[PartnerEntry]:
        """One partner with its endpoints."""
        return self._run(lambda: self._named(name))

    def save(self, entry: PartnerEntry) -> Future[DirectoryChange]:
        """Keep a partner as it is written."""
        return self._run(lambda: self._keep([usable_entry(entry)]))

    def remove(self, names: Sequence[str], *, for_good: bool = False) -> Future[DirectoryChange]:
        """Remove partners with all that was observed there."""
        return self._run(lambda: self._do(lambda note: self._register.remove(names, note, for_good=for_good)))

    def undo(self, change: DirectoryChange) -> Future[None]:
        """Take a change back."""
        return self._run(lambda: self._undo(change))

    def prepare_import(self, file: Path) -> Job[ImportPreview]:
        """Read a file beside the directory; nothing is kept."""
        return self._jobs.start(lambda stop: self._preview(file, stop))

    def apply_import(
        self, preview: ImportPreview, *, with_duplicates: Sequence[str] = ()
    ) -> Future[DirectoryChange]:
        """Keep what a preview shows, all of it or nothing."""
        return self._run(lambda: self._keep(entries_of(preview, with_duplicates)))

    def export(self, file: Path, names: Sequence[str] | None = None) -> Future[int]:
        """Write partners as CSV or JSON."""
        return self._run(lambda: export_partners(file, self._chosen(names)))

    def last_seen(self) -> Future[Mapping[int, LastSeen]]:
        """What each endpoint presented last and what changed there last."""
        return self._run(lambda: last_seen_by(self._register.last_seen().result()))

    def duplicates(self) -> Future[tuple[DuplicateGroup, ...]]:
        """Partners that may be in the directory twice."""
        return self._run(lambda: duplicate_groups(self._register.entries().result()))

    def close(self) -> None:
        """End what runs."""
        self._jobs.close()

    # --- on the directory's thread, which may wait ---

    def _named(self, name: str) -> PartnerEntry:
        wanted = " ".join(name.split()).casefold()
        for entry in self._register.entries().result():
            if entry.partner.name.casefold() == wanted:
                tested = self._register.tested_at([one.id for one in entry.endpoints]).result()
                return replace(
                    entry,
                    endpoints=tuple(
                        replace(one, last_tested_at=tested.get(one.id)) for one in entry.endpoints
                    ),
                )
        raise no_such_partner(name)

    def _chosen(self, names: Sequence[str] | None) -> tuple[PartnerEntry, ...]:
        entries = self._register.entries().result()
        if names is None:
            return entries
        known = {entry.partner.name for entry in entries}
        for name in names:
            if name not in known:
                raise no_such_partner(name)
        wanted = frozenset(names)
        return tuple(entry for entry in entries if entry.partner.name in wanted)

    def _preview(self, file: Path, stop: Stop) -> ImportPreview:
        preview = preview_import(file, self._register.entries().result(), is_cancelled=stop.is_set)
        if stop.is_set():
            raise CancelledByPersonError
        return preview

    def _keep(self, entries: Sequence[PartnerEntry]) -> DirectoryChange:
        return self._do(lambda note: self._register.keep(entries, note))

    def _do(self, deed: Callable[[LogNote], Future[RegisterChange]]) -> DirectoryChange:
        done = self._write(deed)
        number = None
        if done.can_be_undone:
            number = next(self._numbers)
            self._undos[number] = done
            while len(self._undos) > _UNDOS:
                self._undos.popitem(last=False)
        return DirectoryChange(
            added=len(done.added), changed=len(done.changed), removed=len(done.removed), undo=number
        )

    def _undo(self, change: DirectoryChange) -> None:
        done = None if change.undo is None else self._undos.get(change.undo)
        if done is None or change.undo is None:
            raise UnusableInputError(
                msg("It cannot be undone any more."), remedy=msg("Make the change by hand.")
            )
        had_policy = done.aside is not None and bool(done.aside.rows.get(partner_policies.name))
        self._write(lambda note: self._register.undo(done, note), touches_policies=had_policy)
        del self._undos[change.undo]

    def _write(self, deed: Callable[[LogNote], Future[T]], *, touches_policies: bool = False) -> T:
        """Do it, with seals where a partner has a policy: the trust log tells of those by their names."""
        note = LogNote(by=account_name(), at=self._clock.now())
        before = self._register.names_with_policy().result()
        if (before or touches_policies) and self._seals is not None:
            result = self._seals.sealed(lambda: deed(note), may_ask=False).future.result()
        else:
            result = deed(note).result()
        self._changed()
        if before != self._register.names_with_policy().result():
            self._policies_changed()
        return result

    def _run(self, work: Callable[[], T]) -> Future[T]:
        return self._jobs.start(lambda _stop: work()).future


def no_such_partner(name: str) -> UnusableInputError:
    """Return the error for a name that the directory does not have."""
    return UnusableInputError(
        msg("There is no partner “{name}”.", name=name),
        remedy=msg("`trustdesk partner list` shows their names."),
    )
