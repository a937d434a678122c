"""A partner directory without a workspace: it holds what it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from trustdesk.core.errors import TrustdeskError, UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.partner import PartnerEntry
from trustdesk.core.ports import Job
from trustdesk.services.directory_values import DirectoryChange, DuplicateGroup, ImportPreview
from trustdesk.services.last_seen import LastSeen
from trustdesk.services.prepared_jobs import DoneJob, FailedJob

T = TypeVar("T")


class FakeDirectoryDesk:
    """A `services.directory_desk.DirectoryDesk`.

    Attributes:
        entries: the partners.
        failure: raised by every question while it is set.
        preview: what any file would bring.
        saved, removed, undone, exported: what was asked, in order.
    """

    def __init__(self, *entries: PartnerEntry) -> None:
        self.entries = list(entries)
        self.failure: TrustdeskError | None = None
        self.preview = ImportPreview(file=Path("partners.csv"), rows=())
        self.groups: tuple[DuplicateGroup, ...] = ()
        self.seen: dict[int, LastSeen] = {}
        self.asked_last_seen = 0
        self.saved: list[PartnerEntry] = []
        self.removed: list[tuple[str, ...]] = []
        self.undone: list[DirectoryChange] = []
        self.applied: list[tuple[ImportPreview, tuple[str, ...]]] = []
        self.exported: list[tuple[Path, tuple[str, ...] | None]] = []

    def partners(self) -> Future[tuple[PartnerEntry, ...]]:
        return self._answer(tuple(self.entries))

    def partner(self, name: str) -> Future[PartnerEntry]:
        found = next((one for one in self.entries if one.partner.name == name), None)
        if found is None:
            missing = UnusableInputError(msg("There is no such partner."), remedy=msg("Look at the table."))
            return FailedJob[PartnerEntry](self.failure or missing).future
        return self._answer(found)

    def save(self, entry: PartnerEntry) -> Future[DirectoryChange]:
        if self.failure is None:
            self.saved.append(entry)
            self.entries = [one for one in self.entries if one.partner.id != entry.partner.id]
            self.entries.append(
                replace(entry, partner=replace(entry.partner, id=entry.partner.id or 1000 + len(self.saved)))
            )
        is_new = entry.partner.id == 0
        return self._answer(DirectoryChange(added=int(is_new), changed=int(not is_new), undo=len(self.saved)))

    def remove(self, names: Sequence[str], *, for_good: bool = False) -> Future[DirectoryChange]:
        assert not for_good
        self.removed.append(tuple(names))
        self.entries = [one for one in self.entries if one.partner.name not in names]
        return self._answer(DirectoryChange(removed=len(names), undo=100 + len(self.removed)))

    def undo(self, change: DirectoryChange) -> Future[None]:
        self.undone.append(change)
        return self._answer(None)

    def prepare_import(self, file: Path) -> Job[ImportPreview]:
        if self.failure is not None:
            return FailedJob(self.failure)
        return DoneJob(replace(self.preview, file=file))

    def apply_import(
        self, preview: ImportPreview, *, with_duplicates: Sequence[str] = ()
    ) -> Future[DirectoryChange]:
        self.applied.append((preview, tuple(with_duplicates)))
        return self._answer(DirectoryChange(added=len(preview.rows), undo=1000))

    def export(self, file: Path, names: Sequence[str] | None = None) -> Future[int]:
        self.exported.append((file, None if names is None else tuple(names)))
        return self._answer(len(self.entries) if names is None else len(names))

    def last_seen(self) -> Future[Mapping[int, LastSeen]]:
        self.asked_last_seen += 1
        return self._answer(self.seen)

    def duplicates(self) -> Future[tuple[DuplicateGroup, ...]]:
        return self._answer(self.groups)

    def _answer(self, value: T) -> Future[T]:
        return FailedJob[T](self.failure).future if self.failure is not None else DoneJob(value).future
