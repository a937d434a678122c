"""What a review sheet shows, as words in their places: page and paper only lay them out."""

from __future__ import annotations

from dataclasses import dataclass

from trustdesk.services.report_view import Chip, FindingView, GapView, RowView, SectionView


@dataclass(frozen=True, slots=True, kw_only=True)
class HypothesisView:
    """One possible cause; `share` is its confidence in per cent."""

    place: int
    statement: str
    who: str
    share: str
    remedy: str
    cause: str
    log_hint: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedView:
    """Something with its date: what changed then, or what ends then; `distance` "" where it says nothing."""

    at: str
    words: str
    state: str
    distance: str = ""
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """One call of a readiness check: how it went, or why it was not made."""

    call: str
    outcome: str
    was_made: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessView:
    """A readiness check; `findings` failed or warned in it, and did not in the last test already."""

    at: str
    verdict: Chip
    words: str
    findings: tuple[FindingView, ...]
    calls: tuple[CallView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointView:
    """One endpoint. A part that nobody has looked into is None, and stands among the `gaps`.

    Attributes:
        section: what the last test showed; None when it was never tested.
        passed: rules that passed or do not apply, in the last test or the readiness check, by their ids.
    """

    row: RowView
    section: SectionView | None
    passed: tuple[FindingView, ...]
    hypotheses: tuple[HypothesisView, ...]
    readiness: ReadinessView | None
    changes: tuple[DatedView, ...] | None
    endings: tuple[DatedView, ...] | None
    gaps: tuple[GapView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOffView:
    """The box in which a person decides and signs; see `core.printed.PrintedSignOff`."""

    title: str
    basis: tuple[str, ...]
    choices: tuple[str, ...]
    comment: str
    signers: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetView:
    """The whole sheet.

    Attributes:
        partner: its name.
        facts: of the directory: label and lines.
    """

    title: str
    partner: str
    made_at: str
    judged_for: str
    trust_list: str
    headline: str
    headline_state: str
    action: str
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    endpoints: tuple[EndpointView, ...]
    sign_off: SignOffView
