"""The review sheet as printed pages: verdict, then each endpoint, then the box to sign in."""

from __future__ import annotations

from trustdesk.core.printed import (
    Ink,
    PrintedBanner,
    PrintedBlock,
    PrintedCell,
    PrintedColumn,
    PrintedDocument,
    PrintedFacts,
    PrintedHeading,
    PrintedLine,
    PrintedSignOff,
    PrintedSpace,
    PrintedTable,
    PrintedText,
    PrintedTop,
)
from trustdesk.services.board_pages import as_of, chip_cell, gap_blocks, printed, rows_table
from trustdesk.services.report_templates import fixed_words
from trustdesk.services.report_view import CertificateView, FindingView, SectionView
from trustdesk.services.review_view import (
    CallView,
    DatedView,
    EndpointView,
    HypothesisView,
    ReadinessView,
    SheetView,
)
from trustdesk.services.wording import Wording

Words = dict[str, str]


def sheet_pages(view: SheetView, wording: Wording) -> PrintedDocument:
    """Return a review sheet as what stands on paper; the timeline of messages is left to the screen."""
    words = fixed_words(wording)
    blocks: list[PrintedBlock] = [
        PrintedTop(title=view.partner, subtitle=view.title, asides=(view.made_at,)),
        *as_of(view.judged_for),
        PrintedBanner(
            state=view.headline_state,
            sentence=view.headline,
            lines=tuple(line for line in (view.action, view.trust_list) if line),
        ),
    ]
    if view.facts:
        blocks.append(PrintedFacts(facts=view.facts))
    alone = len(view.endpoints) == 1
    if not alone and view.endpoints:
        blocks.append(rows_table(tuple(one.row for one in view.endpoints), words))
    for endpoint in view.endpoints:
        blocks += _endpoint(endpoint, words, alone=alone)
    box = view.sign_off
    blocks += [
        PrintedSpace(),
        PrintedSignOff(
            title=box.title, choices=box.choices, comment=box.comment, signers=box.signers, basis=box.basis
        ),
    ]
    return printed(f"{view.partner} · {view.title}", (view.made_at, words["made_by"]), blocks, wording)


def _endpoint(view: EndpointView, words: Words, *, alone: bool) -> list[PrintedBlock]:
    blocks: list[PrintedBlock] = [PrintedHeading(text=view.row.endpoint, second="", new_page=not alone)]
    section = view.section
    if section is None and not alone:
        blocks.append(PrintedText(text=words["never_tested"]))
    if section is not None:
        if not alone:
            blocks.append(
                PrintedBanner(
                    state=view.row.row.state,
                    sentence=section.headline,
                    lines=(section.action,),
                    fact=section.loudest,
                )
            )
        blocks += _tested(section, view, words)
    if view.readiness is not None:
        blocks += _readiness(view.readiness, words)
    blocks += _dated(view.endings, words["endings"], words["no_endings"], words, with_distance=True)
    blocks += _dated(view.changes, words["changes"], words["no_changes"], words, with_distance=False)
    blocks += gap_blocks(view.gaps, words, level=2)
    if view.passed:
        heading = PrintedHeading(text=words["rules_that_passed"], level=2)
        blocks += [heading, _rules(view.passed, words)]
    return blocks


def _tested(section: SectionView, view: EndpointView, words: Words) -> list[PrintedBlock]:
    blocks: list[PrintedBlock] = [PrintedText(text=line, mark=True) for line in section.evidence]
    if blocks:
        blocks.append(PrintedSpace())
    facts = section.facts
    if section.cause:
        facts = (*facts, (words["cause"], (section.cause,)))
    if section.details:
        facts = (*facts, (words["details"], (section.details,)))
    blocks.append(PrintedFacts(facts=facts))
    if view.hypotheses:
        blocks += [PrintedHeading(text=words["causes"], level=2), _causes(view.hypotheses, words)]
    blocks.append(PrintedHeading(text=words["rules_that_failed"], level=2))
    if section.findings:
        blocks.append(_rules(section.findings, words))
    else:
        blocks.append(PrintedText(text=words["no_rules"], ink=Ink.SECOND))
    if section.chain:
        blocks += [PrintedHeading(text=words["chain"], level=2), _chain(section.chain, words)]
    return blocks


def _causes(causes: tuple[HypothesisView, ...], words: Words) -> PrintedTable:
    rows = []
    for cause in causes:
        lines = [PrintedLine(cause.statement, Ink.NAME)]
        lines += [PrintedLine(text, Ink.SECOND) for text in cause.evidence]
        lines += [PrintedLine(text) for text in (cause.remedy,) if text]
        if cause.log_hint:
            lines.append(PrintedLine(f"{words['log_line']}: {cause.log_hint}", Ink.FIXED))
        lines.append(PrintedLine(cause.cause, Ink.FIXED))
        rows.append(
            (
                PrintedCell((PrintedLine(str(cause.place)),)),
                PrintedCell(tuple(lines)),
                PrintedCell((PrintedLine(cause.who),)),
                PrintedCell((PrintedLine(cause.share),)),
            )
        )
    columns = (
        PrintedColumn(words["number"], 6, numbers=True),
        PrintedColumn(words["cause"], 68),
        PrintedColumn(words["who"], 13),
        PrintedColumn(words["confidence"], 13, numbers=True),
    )
    return PrintedTable(columns=columns, rows=tuple(rows))


def _rules(findings: tuple[FindingView, ...], words: Words) -> PrintedTable:
    rows = []
    for finding in findings:
        found = [PrintedLine(finding.title, Ink.NAME), PrintedLine(finding.evidence)]
        if finding.remedy:
            found.append(PrintedLine(finding.remedy, Ink.SECOND))
        rows.append(
            (
                PrintedCell((PrintedLine(finding.rule), PrintedLine(finding.severity, Ink.SECOND))),
                chip_cell(finding.result),
                PrintedCell(tuple(found)),
                PrintedCell((PrintedLine(finding.source, Ink.SECOND),)),
            )
        )
    columns = (
        PrintedColumn(words["rule"], 12),
        PrintedColumn(words["result"], 14),
        PrintedColumn(words["found"], 54),
        PrintedColumn(words["source"], 20),
    )
    return PrintedTable(columns=columns, rows=tuple(rows))


def _chain(chain: tuple[CertificateView, ...], words: Words) -> PrintedTable:
    rows = []
    for one in chain:
        lines = [
            PrintedLine(one.title, Ink.NAME),
            PrintedLine(f"{words['issuer']} {one.issuer}", Ink.SECOND),
        ]
        if one.names:
            lines.append(PrintedLine(f"{words['names']} {one.names}", Ink.SECOND))
        lines += [PrintedLine(text, state="bad") for text in one.problems]
        lines += [PrintedLine(half, Ink.FIXED) for half in one.digest]
        validity = chip_cell(one.validity)
        rows.append(
            (
                PrintedCell((PrintedLine(str(one.position)),)),
                PrintedCell(tuple(lines)),
                PrintedCell((*validity.lines, PrintedLine(one.valid, Ink.SECOND)), icon=validity.icon),
                PrintedCell((PrintedLine(one.key, Ink.SECOND),)),
            )
        )
    columns = (
        PrintedColumn(words["number"], 6, numbers=True),
        PrintedColumn(words["certificate"], 57),
        PrintedColumn(words["validity"], 25),
        PrintedColumn(words["key"], 12),
    )
    return PrintedTable(columns=columns, rows=tuple(rows))


def _readiness(view: ReadinessView, words: Words) -> list[PrintedBlock]:
    blocks: list[PrintedBlock] = [
        PrintedHeading(
            text=f"{words['readiness']}: {view.verdict.word}",
            level=2,
            second=f"{view.words} {words['readiness_of']} {view.at}",
        )
    ]
    if view.findings:
        blocks.append(_rules(view.findings, words))
    if view.calls:
        blocks += [PrintedHeading(text=words["calls"], level=2), _calls(view.calls, words)]
    return blocks


def _calls(calls: tuple[CallView, ...], words: Words) -> PrintedTable:
    rows = tuple(
        (
            PrintedCell((PrintedLine(one.call),), icon="tick" if one.was_made else "unknown"),
            PrintedCell(
                (PrintedLine(one.outcome if one.was_made else f"{words['not_made']} {one.outcome}"),)
            ),
        )
        for one in calls
    )
    return PrintedTable(
        columns=(PrintedColumn(words["call"], 35), PrintedColumn(words["result"], 65)), rows=rows
    )


def _dated(
    lines: tuple[DatedView, ...] | None, title: str, nothing: str, words: Words, *, with_distance: bool
) -> list[PrintedBlock]:
    if lines is None:
        return []  # It stands among what was not checked.
    heading = PrintedHeading(text=title, level=2)
    if not lines:
        return [heading, PrintedText(text=nothing, ink=Ink.SECOND)]
    columns = [PrintedColumn(words["date"], 15), PrintedColumn(words["what"], 65)]
    if with_distance:
        columns.append(PrintedColumn(words["distance"], 20))
    rows = []
    for one in lines:
        cells = [
            PrintedCell((PrintedLine(one.at),), icon=one.state),
            PrintedCell((PrintedLine(one.words), *(PrintedLine(line, Ink.SECOND) for line in one.details))),
        ]
        if with_distance:
            color = one.state if one.state in {"bad", "warning"} else ""
            cells.append(PrintedCell((PrintedLine(one.distance, state=color),)))
        rows.append(tuple(cells))
    return [heading, PrintedTable(columns=tuple(columns), rows=tuple(rows))]
