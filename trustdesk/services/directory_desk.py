"""The partner directory at the desk: what the partners' dialogs and `trustdesk partner` ask for.

Nothing here blocks. Nothing that is refused is applied in part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a face is painted before the values are needed
    from trustdesk.core.partner import PartnerEntry
    from trustdesk.core.ports import Job
    from trustdesk.services.directory_values import DirectoryChange, DuplicateGroup, ImportPreview
    from trustdesk.services.last_seen import LastSeen


class DirectoryDesk(Protocol):
    """What a face does with the partner directory."""

    def partners(self) -> Future[tuple[PartnerEntry, ...]]:
        """All partners with their endpoints, by name."""
        ...

    def partner(self, name: str) -> Future[PartnerEntry]:
        """One partner with its endpoints, and when these were tested last.

        The future fails with UnusableInputError where there is none of this name.
        """
        ...

    def save(self, entry: PartnerEntry) -> Future[DirectoryChange]:
        """Keep a partner as it is written: a new one where its id is 0, else in place of the kept one.

        An endpoint with a known id is changed and keeps its history while it names the same server; one that
        is no longer there is removed with its history. The future fails with UnusableInputError where
        something of it is unusable, its name is taken, or it was changed since it was read (`revision`).
        """
        ...

    def remove(self, names: Sequence[str], *, for_good: bool = False) -> Future[DirectoryChange]:
        """Remove partners with their endpoints and all that was observed there; it can be undone.

        The future fails with UnusableInputError where there is none of a name, or where so much was observed
        there that it could not be undone; then all stay.

        Args:
            for_good: remove them also where it could not be undone: the person agreed to it.
        """
        ...

    def undo(self, change: DirectoryChange) -> Future[None]:
        """Take a change back, with everything that went with it.

        The future fails with UnusableInputError where it was undone already, or what it touched was changed
        again since.
        """
        ...

    def prepare_import(self, file: Path) -> Job[ImportPreview]:
        """Read a CSV or JSON file beside the directory; nothing is kept.

        The future fails with UnusableInputError where the file as a whole cannot be read.
        """
        ...

    def apply_import(
        self, preview: ImportPreview, *, with_duplicates: Sequence[str] = ()
    ) -> Future[DirectoryChange]:
        """Keep what a preview shows as new and changed, all of it or nothing.

        The future fails with UnusableInputError where a row is unusable, or the directory was changed since.

        Args:
            with_duplicates: names of rows that resemble a kept partner and are wanted all the same.
        """
        ...

    def export(self, file: Path, names: Sequence[str] | None = None) -> Future[int]:
        """Write partners as CSV or JSON, by the file's ending; an import takes it back.

        The future holds how many there were, and fails with UnusableInputError for another ending.

        Args:
            names: those to write; None for all.
        """
        ...

    def last_seen(self) -> Future[Mapping[int, LastSeen]]:
        """What each endpoint presented last and what changed there last, by its id; nothing for no test."""
        ...

    def duplicates(self) -> Future[tuple[DuplicateGroup, ...]]:
        """Partners that may be in the directory twice."""
        ...
