"""The partner directory behind `services.directory_desk.DirectoryDesk`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.partner import PartnerEntry
from trustdesk.core.ports import Job
from trustdesk.services.directory_values import DirectoryChange, DuplicateGroup, ImportPreview
from trustdesk.services.thread_jobs import ThreadJobs
from trustdesk.storage.workspace import Workspace


class LiveDirectory:
    """The directory of one workspace; each method as in `DirectoryDesk`."""

    def __init__(self, workspace: Workspace, *, changed: Callable[[], None]) -> None:
        """Take what others own and close.

        Args:
            changed: is told when partners were changed; from any thread.
        """
        self._workspace = workspace
        self._changed = changed
        self._jobs = ThreadJobs("trustdesk-directory")

    def partners(self) -> Future[tuple[PartnerEntry, ...]]:
        """All partners with their endpoints, by name."""
        raise NotImplementedError

    def partner(self, name: str) -> Future[PartnerEntry]:
        """One partner with its endpoints."""
        raise NotImplementedError

    def save(self, entry: PartnerEntry) -> Future[DirectoryChange]:
        """Keep a partner as it is written."""
        raise NotImplementedError

    def remove(self, names: Sequence[str]) -> Future[DirectoryChange]:
        """Remove partners with all that was observed there."""
        raise NotImplementedError

    def undo(self, change: DirectoryChange) -> Future[None]:
        """Take a change back."""
        raise NotImplementedError

    def prepare_import(self, file: Path) -> Job[ImportPreview]:
        """Read a file beside the directory; nothing is kept."""
        raise NotImplementedError

    def apply_import(
        self, preview: ImportPreview, *, with_duplicates: Sequence[str] = ()
    ) -> Future[DirectoryChange]:
        """Keep what a preview shows, all of it or nothing."""
        raise NotImplementedError

    def export(self, file: Path, names: Sequence[str] | None = None) -> Future[int]:
        """Write partners as CSV or JSON."""
        raise NotImplementedError

    def duplicates(self) -> Future[tuple[DuplicateGroup, ...]]:
        """Partners that may be in the directory twice."""
        raise NotImplementedError

    def close(self) -> None:
        """End what runs."""
        self._jobs.close()


def no_such_partner(name: str) -> UnusableInputError:
    """Return the error for a name that the directory does not have."""
    return UnusableInputError(
        msg("There is no partner “{name}”.", name=name),
        remedy=msg("`trustdesk partner list` shows their names."),
    )
