"""The chain graph as values: certificates are cards, signatures are edges, one path is highlighted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trustdesk.services.board import State


class CardRole(StrEnum):
    """How a certificate came into the graph; the style of its outline says so too."""

    SENT = "sent"
    BUILT = "built"
    ANCHOR = "anchor"
    FETCHED = "fetched"
    MISSING = "missing"
    SUPERFLUOUS = "superfluous"


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphCard:
    """One certificate.

    Attributes:
        key: its SHA-256; "missing:…" for one that nobody has.
        second: the line below the title.
        state: of the chip; None for a neutral one.
        chip: the chip's word, `chip_short` where there is no room for it; `chip_icon` stands before it.
        column: steps from the end entity.
        row: 0 for the highlighted path.
        is_highlighted: on the path of the list that is chosen.
        fails: whether a rule fails on it there.
        spoken: what a screen reader says.
    """

    key: str
    title: str
    second: str
    chip: str
    chip_short: str = ""
    chip_icon: str
    state: State | None
    role: CardRole
    column: int
    row: int
    is_highlighted: bool = False
    fails: bool = False
    is_cross_signed: bool = False
    spoken: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphEdge:
    """A signature, drawn from the certificate to its issuer; `words` name key identifier and algorithm."""

    below: str
    above: str
    is_highlighted: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainGraph:
    """All of it.

    Attributes:
        heads: the word above each column.
        ends: why the search went no further, a sentence each, where it found no way.
        is_accepted: whether the highlighted path is accepted; None without one.
        fact: how many paths and dead ends there are.
        left_out: how many certificates are not drawn.
    """

    cards: tuple[GraphCard, ...] = ()
    edges: tuple[GraphEdge, ...] = ()
    heads: tuple[str, ...] = ()
    is_accepted: bool | None = None
    fact: str = ""
    left_out: int = 0
    ends: tuple[str, ...] = ()

    def card(self, key: str) -> GraphCard | None:
        """Return a card; None when it is not drawn."""
        return next((card for card in self.cards if card.key == key), None)
