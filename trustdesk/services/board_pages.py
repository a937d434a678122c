"""The report on all partners as printed pages: totals, who has to act, the table, what was not checked."""

from __future__ import annotations

from trustdesk.core.message import msg
from trustdesk.core.printed import (
    Ink,
    PrintedBanner,
    PrintedBlock,
    PrintedCell,
    PrintedColumn,
    PrintedDocument,
    PrintedHeading,
    PrintedLine,
    PrintedTable,
    PrintedText,
    PrintedTop,
    PrintedTotals,
)
from trustdesk.services.report_templates import fixed_words
from trustdesk.services.report_view import Chip, GapView, ReportView, RowView, TroubleView
from trustdesk.services.wording import Wording

_PAGE_WORDS = msg("Page {page} of {pages}", page="{page}", pages="{pages}")


def board_pages(view: ReportView, wording: Wording) -> PrintedDocument:
    """Return a report as what stands on paper; endpoints one by one are left to their own review sheets."""
    words = fixed_words(wording)
    blocks: list[PrintedBlock] = [
        PrintedTop(title=view.title, subtitle=view.trust_list, asides=(view.made_at,)),
        *as_of(view.judged_for),
        PrintedBanner(
            state=view.headline_state,
            sentence=view.headline,
            lines=_acting(view, words["who_acts"]),
        ),
    ]
    if view.rows:
        totals = tuple((tile.state, tile.word, tile.count) for tile in view.tiles)
        blocks.append(PrintedTotals(parts=totals, total=len(view.rows)))
    if view.troubles:
        blocks += [PrintedHeading(text=words["to_act_on"]), _troubles(view.troubles, words)]
    if view.rows:
        blocks += [PrintedHeading(text=words["partners"]), rows_table(view.rows, words)]
    blocks += gap_blocks(view.gaps, words, level=1)
    return printed(view.title, (view.made_at, words["made_by"]), blocks, wording)


def printed(
    title: str, foot: tuple[str, ...], blocks: list[PrintedBlock], wording: Wording
) -> PrintedDocument:
    """Return the document of some blocks."""
    return PrintedDocument(
        title=f"{title} · trustdesk",
        footer=" · ".join((title, *foot)),
        page_words=wording.text(_PAGE_WORDS),
        blocks=tuple(blocks),
        right_to_left=fixed_words(wording)["text_direction"] == "rtl",
    )


def as_of(judged_for: str) -> tuple[PrintedBanner, ...]:
    """Return the banner that says for which day it is judged; none for the present."""
    return (PrintedBanner(state="warning", sentence=judged_for),) if judged_for else ()


def gap_blocks(gaps: tuple[GapView, ...], words: dict[str, str], *, level: int) -> list[PrintedBlock]:
    """Return what was not checked, or that there is nothing of it; `level` is that of the heading."""
    heading = PrintedHeading(text=words["not_checked"], level=level)
    if not gaps:
        return [heading, PrintedText(text=words["everything_checked"], ink=Ink.SECOND)]
    columns = (
        PrintedColumn(words["rule"], 9),
        PrintedColumn(words["what"], 36),
        PrintedColumn(words["why"], 55),
    )
    rows = tuple(
        (
            PrintedCell((PrintedLine(gap.rule or "–"),), icon="unknown"),
            PrintedCell((PrintedLine(gap.what, Ink.NAME),)),
            PrintedCell((PrintedLine(gap.why),)),
        )
        for gap in gaps
    )
    return [heading, PrintedTable(columns=columns, rows=rows)]


def chip_cell(chip: Chip) -> PrintedCell:
    """Return a state as icon and word."""
    return PrintedCell((PrintedLine(chip.word, state=_word_color(chip.state)),), icon=chip.state)


def _word_color(state: str) -> str:
    """Only trouble is coloured: a page full of green says less."""
    return state if state in {"bad", "warning"} else ""


def _acting(view: ReportView, who_acts: str) -> tuple[str, ...]:
    if not view.acting:
        return ()
    return (f"{who_acts} " + ", ".join(f"{who} {count}" for who, count in view.acting),)


def _name_cell(row: RowView) -> PrintedCell:
    lines = (PrintedLine(row.partner, Ink.NAME), PrintedLine(row.endpoint, Ink.SECOND))
    return PrintedCell(lines, icon=row.row.state)


def _troubles(troubles: tuple[TroubleView, ...], words: dict[str, str]) -> PrintedTable:
    rows = []
    for trouble in troubles:
        lines = [PrintedLine(trouble.headline, Ink.NAME), PrintedLine(trouble.action)]
        if trouble.cause:
            lines.append(PrintedLine(trouble.cause, Ink.FIXED))
        rows.append(
            (
                _name_cell(trouble.row),
                PrintedCell(tuple(lines)),
                PrintedCell((PrintedLine(trouble.who),)),
            )
        )
    columns = (
        PrintedColumn(words["partner"], 33),
        PrintedColumn(words["found"], 55),
        PrintedColumn(words["who"], 12),
    )
    return PrintedTable(columns=columns, rows=tuple(rows))


def rows_table(rows: tuple[RowView, ...], words: dict[str, str]) -> PrintedTable:
    """Return the table of endpoints."""
    columns = (
        PrintedColumn(words["partner"], 32),
        PrintedColumn("TLS", 6),
        PrintedColumn(words["server"], 15),
        PrintedColumn("mTLS", 14),
        PrintedColumn(words["on_list"], 12),
        PrintedColumn(words["days"], 8, numbers=True),
        PrintedColumn(words["tested"], 13),
    )
    return PrintedTable(columns=columns, rows=tuple(_row(row) for row in rows))


def _row(row: RowView) -> tuple[PrintedCell, ...]:
    return (
        _name_cell(row),
        PrintedCell((PrintedLine(row.tls),)),
        chip_cell(row.server),
        chip_cell(row.mtls),
        chip_cell(row.on_list),
        PrintedCell((PrintedLine(row.days, state=row.days_state),)),
        PrintedCell((PrintedLine(row.tested, Ink.SECOND),)),
    )
