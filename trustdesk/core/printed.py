"""What stands on printed pages: blocks of plain words, from top to bottom, that a printer lays out.

Every text is final, bounded and in the person's language; a printer measures, breaks and paints, and
knows nothing of what it prints. Colours and icons go by the state's name (`services.board.State`), or
"tick" for the plain mark of what passed; "" is neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Ink(StrEnum):
    """How a line of a cell is written. NAME is the row's own name, FIXED hex digits and codes."""

    BODY = "body"
    NAME = "name"
    SECOND = "second"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One text of a cell; it may take several lines of the page. `state` gives it a colour."""

    text: str
    ink: Ink = Ink.BODY
    state: str = ""


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """One cell of a table; `icon` is the state whose icon stands before its first line."""

    lines: tuple[PrintedLine, ...]
    icon: str = ""


@dataclass(frozen=True, slots=True)
class PrintedColumn:
    """One column: its head, its share of the width against the others', and whether it is for numbers."""

    title: str
    share: float
    numbers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTop:
    """The head of the first page; `asides` stand at its far side."""

    title: str
    subtitle: str
    asides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedBanner:
    """The verdict: a sentence on the ground of its state; `fact` stands at the far side."""

    state: str
    sentence: str
    lines: tuple[str, ...] = ()
    fact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTotals:
    """Counts side by side, of `total`, with the share of each as a bar: state, word, count."""

    parts: tuple[tuple[str, str, int], ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedHeading:
    """A heading; `level` 1 for a part, 2 for a table in it. `second` stands below it."""

    text: str
    level: int = 1
    second: str = ""
    new_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedText:
    """A paragraph; with `mark` one of a list."""

    text: str
    ink: Ink = Ink.BODY
    mark: bool = False


@dataclass(frozen=True, slots=True)
class PrintedSpace:
    """Room between two blocks that belong to different things."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedFacts:
    """Labels with their lines, in two columns, read from left to right."""

    facts: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTable:
    """A table whose head comes again on every page; a row stays whole where a page has room for it."""

    columns: tuple[PrintedColumn, ...]
    rows: tuple[tuple[PrintedCell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedSignOff:
    """The box in which a person decides and signs; it is not torn apart.

    Attributes:
        choices: each with a box to tick.
        comment: label of the room for conditions.
        signers: for each who signs, the labels of the lines to fill in.
        basis: what is signed, in small letters.
    """

    title: str
    choices: tuple[str, ...]
    comment: str
    signers: tuple[tuple[str, ...], ...]
    basis: tuple[str, ...] = ()


PrintedBlock = (
    PrintedTop
    | PrintedBanner
    | PrintedTotals
    | PrintedHeading
    | PrintedText
    | PrintedSpace
    | PrintedFacts
    | PrintedTable
    | PrintedSignOff
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedDocument:
    """Everything that is printed into one file.

    Attributes:
        title: of the file, for the viewer's window.
        footer: stands at the foot of every page, beside the page's number.
        page_words: "Page {page} of {pages}" in the person's language; both places stand in it.
        right_to_left: the pages are mirrored.
    """

    title: str
    footer: str
    page_words: str
    blocks: tuple[PrintedBlock, ...]
    right_to_left: bool = False
