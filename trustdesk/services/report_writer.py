"""Rows and reports into the words of a report, failing partners first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.probe import ProbeReport, Responsible
from trustdesk.services.board import BoardRow, State
from trustdesk.services.board_gaps import BoardGaps
from trustdesk.services.not_checked import Gap
from trustdesk.services.report_view import GapView, ReportView, Tile, TroubleView
from trustdesk.services.section_writer import WORST_FIRST, SectionWriter
from trustdesk.services.verdict_words import NOT_JUDGED, STATE_WORDS, WHO, action_of
from trustdesk.services.wording import Wording

MOST_SECTIONS = 300
"""Endpoints that are told one by one: more make a page that no browser opens gladly."""


def report_view(
    rows: Sequence[BoardRow],
    reports: Mapping[int, ProbeReport],
    *,
    title: Message,
    trust_list: Message,
    made_at: datetime,
    wording: Wording,
    evaluated_at: datetime | None = None,
    gaps: Sequence[Gap] | None = None,
) -> ReportView:
    """Return everything in words, failing partners first.

    Args:
        rows: in any order.
        reports: by endpoint id; an endpoint without one has a row and no section, and no more than
            `MOST_SECTIONS` have one.
        title: of the report.
        trust_list: the lists that judged, in words.
        made_at: the present.
        wording: the language.
        evaluated_at: what days left and validity are counted from; None for the present.
        gaps: what was not checked; None finds it out from `reports`, which hold all of them then.
    """
    ordered = sorted(rows, key=worst_first)
    writer = SectionWriter(wording, evaluated_at or made_at)
    told = [row.endpoint.id for row in ordered if row.endpoint.id in reports][:MOST_SECTIONS]
    shown = frozenset(told)
    views = [(writer.row(row, row.endpoint.id in shown), row) for row in ordered]
    left_out = sum(row.tested_at is not None and row.endpoint.id not in shown for row in ordered)
    if gaps is None:
        gaps = _gaps_of(ordered, reports)
    counts = Counter(_total_of(row.state) for row in rows)
    state, headline = headline_of(rows, evaluated_at)
    acting = Counter(
        row.explanation.responsible
        for row in rows
        if row.explanation is not None and row.state in {State.BAD, State.WARNING}
    )
    return ReportView(
        title=wording.text(title),
        made_at=wording.text(msg("{at}", at=made_at)),
        judged_for=""
        if evaluated_at is None
        else wording.text(
            msg(
                "Judged as of {at}. What happened in a test is told as of the day of the test.",
                at=evaluated_at,
            )
        ),
        trust_list=wording.text(trust_list),
        headline=wording.text(headline),
        headline_state=state.value,
        acting=tuple(
            (wording.text(WHO[who]), acting[who])
            for who in Responsible
            if acting[who] and who is not Responsible.NOBODY
        ),
        tiles=tuple(
            Tile(
                state=total.value,
                word=wording.text(
                    STATE_WORDS[total] if total is not State.UNKNOWN else _unknown_word(rows, evaluated_at)
                ),
                count=counts[total],
                share=round(100 * counts[total] / max(len(rows), 1), 2),
            )
            for total in (State.BAD, State.WARNING, State.GOOD, State.UNKNOWN)
        ),
        rows=tuple(view for view, _row in views),
        troubles=tuple(
            TroubleView(
                row=view,
                headline=wording.text(row.explanation.headline),
                action=wording.text(action_of(row.explanation)),
                who=wording.text(WHO[row.explanation.responsible]),
                cause="" if row.explanation.cause == "none" else row.explanation.cause,
            )
            for view, row in views
            if row.explanation is not None and row.state in {State.BAD, State.WARNING}
        ),
        sections=tuple(
            writer.section(view, row, reports[row.endpoint.id]) for view, row in views if view.has_section
        ),
        left_out=""
        if not left_out
        else wording.text(
            msg_n(
                "{count} more endpoint was tested and is not told here: write its own review sheet.",
                "{count} more endpoints were tested and are not told here: write their own review sheets.",
                left_out,
            )
        ),
        gaps=gap_views(gaps, wording),
    )


def gap_views(gaps: Sequence[Gap], wording: Wording) -> tuple[GapView, ...]:
    """Return what was not checked, in words."""
    return tuple(
        GapView(rule=gap.rule, what=wording.text(gap.what), why=wording.text(gap.why)) for gap in gaps
    )


def _gaps_of(rows: Sequence[BoardRow], reports: Mapping[int, ProbeReport]) -> tuple[Gap, ...]:
    found = BoardGaps()
    for row in rows:
        found.add(row, reports.get(row.endpoint.id))
    return found.gaps()


def _unknown_word(rows: Sequence[BoardRow], evaluated_at: datetime | None) -> Message:
    """Return the word of the total of which nothing is known."""
    if evaluated_at is not None:
        return NOT_JUDGED
    unknown = [row for row in rows if _total_of(row.state) is State.UNKNOWN]
    if any(row.tested_at is not None for row in unknown):
        return msg("Inconclusive or not run")
    return STATE_WORDS[State.UNKNOWN]


def worst_first(row: BoardRow) -> tuple[int, str, int]:
    """Return what rows are sorted by: failing first, then by partner."""
    return WORST_FIRST.index(row.state), row.endpoint.partner.casefold(), row.endpoint.id


def _total_of(state: State) -> State:
    return state if state in {State.BAD, State.WARNING, State.GOOD} else State.UNKNOWN


def headline_of(rows: Sequence[BoardRow], evaluated_at: datetime | None) -> tuple[State, Message]:
    """Return how endpoints stand together, in one sentence.

    Args:
        evaluated_at: what they are judged for; None for the present.
    """
    counts, total = Counter(_total_of(row.state) for row in rows), len(rows)
    if not total:
        return State.UNKNOWN, msg("There are no partners in this workspace yet.")
    if failing := counts[State.BAD]:
        return State.BAD, msg_n(
            "{count} of {total} endpoints fails.", "{count} of {total} endpoints fail.", failing, total=total
        )
    warned = counts[State.WARNING]
    if warned and counts[State.UNKNOWN]:
        return State.WARNING, msg_n(
            "No endpoint that gave a result fails. {count} of {total} needs attention soon, {unknown} gave "
            "no result.",
            "No endpoint that gave a result fails. {count} of {total} need attention soon, {unknown} gave no "
            "result.",
            warned,
            total=total,
            unknown=counts[State.UNKNOWN],
        )
    if warned:
        return State.WARNING, msg_n(
            "No endpoint fails. {count} of {total} needs attention soon.",
            "No endpoint fails. {count} of {total} need attention soon.",
            warned,
            total=total,
        )
    if (unjudged := counts[State.UNKNOWN]) and evaluated_at is not None:
        return State.UNKNOWN, msg_n(
            "No endpoint that can be judged for that day fails. {count} of {total} cannot.",
            "No endpoint that can be judged for that day fails. {count} of {total} cannot.",
            unjudged,
            total=total,
        )
    if (unknown := counts[State.UNKNOWN]) and any(
        row.tested_at is not None for row in rows if _total_of(row.state) is State.UNKNOWN
    ):
        return State.UNKNOWN, msg_n(
            "No endpoint that gave a result fails; {count} of {total} gave no result.",
            "No endpoint that gave a result fails; {count} of {total} gave no result.",
            unknown,
            total=total,
        )
    if untested := counts[State.UNKNOWN]:
        return State.UNKNOWN, msg_n(
            "No endpoint that was tested fails. {count} of {total} was not tested.",
            "No endpoint that was tested fails. {count} of {total} were not tested.",
            untested,
            total=total,
        )
    return State.GOOD, msg_n("The only endpoint passed.", "All {count} endpoints passed.", total)
