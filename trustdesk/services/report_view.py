"""What a report shows, as words in their places: a template only lays them out.

Every text here is plain and bounded, and every foreign one has its invisible characters escaped; markup
in it is escaped by the template, which cannot be switched off.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A state with its word. `state` is the name of icon and colour, of `State`."""

    state: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One total; `share` of all endpoints from 0 to 100."""

    state: str
    word: str
    count: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One line of the table of partners. `days_state` is "" where the number is nothing to act on."""

    id: int
    partner: str
    endpoint: str
    row: Chip
    tls: str
    server: Chip
    mtls: Chip
    on_list: Chip
    days: str
    days_state: str
    tested: str
    has_section: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """One rule with what came of it; `remedy` "" where nothing has to be done."""

    rule: str
    result: Chip
    severity: str
    title: str
    evidence: str
    remedy: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateView:
    """One certificate of a presented chain; `digest` in two lines of upper-case pairs."""

    position: int
    title: str
    issuer: str
    names: str
    valid: str
    validity: Chip
    key: str
    digest: tuple[str, str]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """One event of the timeline; `is_trouble` for a fatal alert and a reset."""

    at: str
    direction: str
    is_ours: bool
    name: str
    detail: str
    size: str
    encrypted: bool
    is_trouble: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """One endpoint with everything that its last probe showed.

    Attributes:
        open: whether it is unfolded: everything but what passed.
        loudest: the one fact beside the headline; "" for none.
        cause: code of the vocabulary of causes; "" when nothing is wrong.
        facts: label and lines.
        details: the library's own words; "" for none.
        findings: rules that failed or warned, worst first.
        quiet_findings: all others; `quiet_words` counts them.
    """

    row: RowView
    open: bool
    headline: str
    action: str
    loudest: str
    cause: str
    evidence: tuple[str, ...]
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    details: str
    findings: tuple[FindingView, ...]
    quiet_findings: tuple[FindingView, ...]
    quiet_words: str
    chain: tuple[CertificateView, ...]
    timeline: tuple[EventView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GapView:
    """One thing that was not checked, and why; `rule` is "" where it is no rule."""

    rule: str
    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleView:
    """One endpoint on which somebody has to act."""

    row: RowView
    headline: str
    action: str
    who: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """The whole report; `acting` counts who has to act on how many endpoints.

    `left_out` says how many endpoints have no section although they were tested; "" for none. `gaps` is
    what was not checked, over all endpoints.

    `judged_for` says for which day certificates are judged; "" when that is the day it was made.
    """

    title: str
    made_at: str
    judged_for: str
    trust_list: str
    headline: str
    headline_state: str
    acting: tuple[tuple[str, int], ...]
    tiles: tuple[Tile, ...]
    rows: tuple[RowView, ...]
    troubles: tuple[TroubleView, ...]
    sections: tuple[SectionView, ...]
    left_out: str
    gaps: tuple[GapView, ...]
