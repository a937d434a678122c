"""What the partner directory's desk gives and takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from trustdesk.core.message import Message
from trustdesk.core.partner import PartnerEntry


class ImportStanding(StrEnum):
    """What an import makes of one partner of a file."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    DUPLICATE = "duplicate"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProblem:
    """Something in a file that stands against it.

    Attributes:
        place: where: "line 7", "partners[3].endpoints[0]".
    """

    place: str
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """One partner of a file beside what the directory has.

    Attributes:
        place: where it begins in the file, as `ImportProblem.place`.
        name: of the partner, as the file has it; "" where it has none.
        entry: the partner as it would be kept, joined with what is kept already; None when it cannot be.
        before: the partner as it is kept; None for a new one.
        changes: what would change of a partner that is kept, one sentence each.
        resembles: why it may be there twice: what it shares with whom; only of a new one.
        problems: why it cannot be used; empty when it can.
    """

    place: str
    name: str
    standing: ImportStanding
    entry: PartnerEntry | None = None
    before: PartnerEntry | None = None
    changes: tuple[Message, ...] = ()
    resembles: tuple[Message, ...] = ()
    problems: tuple[ImportProblem, ...] = ()

    @property
    def applies(self) -> bool:
        """Whether taking it changes anything, without a person's further choice."""
        return self.standing in {ImportStanding.NEW, ImportStanding.CHANGED}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview:
    """What a file would bring; nothing of it is kept yet.

    Attributes:
        rows: one for each partner, in the order of the file.
        ignored: columns or keys that are not known and were passed over.
    """

    file: Path
    rows: tuple[ImportRow, ...]
    ignored: tuple[str, ...] = ()

    @property
    def counts(self) -> Mapping[ImportStanding, int]:
        """How many rows stand how; 0 where there is none."""
        return Counter(row.standing for row in self.rows)

    @property
    def is_usable(self) -> bool:
        """Whether nothing stands against any row: a file is taken whole or not at all."""
        return not self.counts[ImportStanding.UNUSABLE]


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryChange:
    """What was done to the directory, and what undoes it.

    Attributes:
        added, changed, removed: numbers of partners.
        undo: for `DirectoryDesk.undo`, in this session; None when it cannot be undone.
    """

    added: int = 0
    changed: int = 0
    removed: int = 0
    undo: int | None = None


class Resemblance(StrEnum):
    """What two partners of the directory have in common that each should have alone."""

    COMPANY_ID = "company_id"
    ONE_RECORD_ID = "one_record_id"
    ENDPOINT = "endpoint"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateGroup:
    """Partners that may be one and the same.

    Attributes:
        shared: the value that they share; for near-equal names, the name without what differs.
        partners: their names, two or more, in order.
    """

    resemblance: Resemblance
    shared: str
    partners: tuple[str, ...]
