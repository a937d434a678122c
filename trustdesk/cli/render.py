"""What people read at a terminal: the verdict in words first, then the facts.

Foreign text reaches the terminal only through `Wording` or `visible`, and as `rich.text.Text`, so that
neither escape sequences nor rich's own markup in it do anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import ProbeReport, Responsible
from trustdesk.core.untrusted import visible
from trustdesk.services.board import BoardRow, Cell, State
from trustdesk.services.desk_values import SweepTotals
from trustdesk.services.probe_facts import facts_of
from trustdesk.services.verdict_words import STATE_OF_STATUS, STATUS_WORDS, WHO_ACTS, state_of
from trustdesk.services.wording import wording

_STYLE = {
    State.GOOD: "green",
    State.WARNING: "yellow",
    State.BAD: "red",
    State.UNKNOWN: "dim",
    State.RUNNING: "blue",
    State.NOT_APPLICABLE: "dim",
}
_SIGN = {
    State.GOOD: "✓",
    State.WARNING: "!",
    State.BAD: "✗",
    State.UNKNOWN: "?",
    State.RUNNING: "…",
    State.NOT_APPLICABLE: "–",
}

_WIDE = 130
_BETWEEN = 2
_DAYS = 5
"""The column of numbers, which stand at its right."""

_LINES_AT_ONCE = 200


def console(*, for_errors: bool = False) -> Console:
    """Return a console that never interprets what it prints."""
    return Console(stderr=for_errors, markup=False, highlight=False, emoji=False)


def marked(state: State, words: str, *, bold: bool = False) -> Text:
    """Return words with the sign and the colour of a state."""
    return Text(f"{_SIGN[state]} {words}", style=f"bold {_STYLE[state]}" if bold else _STYLE[state])


def print_probe(out: Console, report: ProbeReport) -> None:
    """Print one probe: what is wrong and who acts, what to do, then the facts."""
    say = wording().text
    state = state_of(report)
    explanation = report.explanation
    headline = Text(f"{_SIGN[state]} {say(explanation.headline)}", style=f"bold {_STYLE[state]}")
    if explanation.responsible is not Responsible.NOBODY:
        headline.append(f" {say(WHO_ACTS[explanation.responsible])}", style="bold")
    out.print(headline, soft_wrap=True)
    if explanation.action is not None:
        out.print(Text(f"  {say(explanation.action)}"), soft_wrap=True)
    for evidence in explanation.evidence:
        out.print(Text(f"  · {say(evidence)}", style="dim"), soft_wrap=True)
    out.print()
    out.print(_facts(report))
    if report.record.presented_chain:
        out.print(_chain(report.record.presented_chain))
    out.print(_findings(report.findings))


def print_board(out: Console, rows: Iterable[BoardRow], totals: SweepTotals | None = None) -> None:
    """Print the table of partners, failing first; on a narrow terminal the sentences come below it."""
    say = wording().text
    ordered = sorted(rows, key=_worst_first)
    wide = out.width >= _WIDE
    titles = [say(msg("Partner"))]
    titles += [say(title) for title in (msg("TLS"), msg("Server"), msg("mTLS"), msg("On list"))]
    titles.append(say(msg("Days")))
    if wide:
        titles.append(say(msg("What is wrong, and who has to act")))
    body = [_board_cells(row, wide=wide) for row in ordered]
    widths = [
        max(map(cell_len, column)) for column in zip(titles, *(_plain(one) for one in body), strict=True)
    ]
    if _fits(widths, out.width):
        _print_lines(
            out, (_board_line(one, widths) for one in [[Text(one, "bold") for one in titles], *body])
        )
    else:
        out.print(_board_table(titles, body))
    if not wide:
        _print_lines(out, _board_sentences(ordered))
    if totals is not None:
        out.print()
        out.print(Text(say(totals_sentence(totals)), style="bold"), soft_wrap=True)


def _board_cells(row: BoardRow, *, wide: bool) -> list[Text]:
    cells = [
        Text(f"{_SIGN[row.state]} {visible(row.endpoint.partner, 40)}", style=_STYLE[row.state]),
        Text(row.tls_version or "–"),
        _cell(row.server),
        _cell(row.mtls),
        _cell(row.on_list),
        Text("–" if row.days_left is None else str(row.days_left)),
    ]
    return [*cells, Text(board_sentence(row))] if wide else cells


def _fits(widths: Sequence[int], room: int) -> bool:
    return sum(widths) + _BETWEEN * (len(widths) - 1) <= room


def _plain(cells: Iterable[Text]) -> list[str]:
    return [one.plain for one in cells]


def _board_line(cells: Sequence[Text], widths: Sequence[int]) -> Text:
    """Lay a row out where all columns have their full width: thousands of rows cost rich's table a second."""
    line = Text()
    for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        gap = " " * (width - cell_len(cell.plain))
        is_last = place == len(widths) - 1
        line.append(gap if place == _DAYS else "").append_text(cell)
        line.append("" if is_last else " " * _BETWEEN if place == _DAYS else gap + " " * _BETWEEN)
    return line


def _board_table(titles: Sequence[str], body: Iterable[Sequence[Text]]) -> Table:
    """Have rich shorten the columns to what there is room for."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, _BETWEEN, 0, 0))
    for place, title in enumerate(titles):
        if place > _DAYS:
            table.add_column(title, overflow="fold")
        else:
            table.add_column(title, justify="right" if place == _DAYS else "left", no_wrap=True)
    for cells in body:
        table.add_row(*cells)
    return table


def _board_sentences(rows: Iterable[BoardRow]) -> Iterator[Text]:
    for row in rows:
        if row.state in {State.BAD, State.WARNING}:
            yield Text()
            yield Text(f"{_SIGN[row.state]} {visible(row.endpoint.partner, 60)}", style=_STYLE[row.state])
            yield Text(f"  {board_sentence(row)}")


def _print_lines(out: Console, lines: Iterable[Text]) -> None:
    """Print lines as they are, some hundred at a time: each call of rich costs more than a line."""
    waiting = iter(lines)
    while some := list(islice(waiting, _LINES_AT_ONCE)):
        out.print(Text("\n").join(some), soft_wrap=True)


def totals_sentence(totals: SweepTotals) -> Message:
    """Return what a sweep came to, in one sentence."""
    if totals.inconclusive:
        return msg(
            "{passed} passed, {warned} with warnings, {failed} failed, {inconclusive} inconclusive (not "
            "reached, or no answer in time), {cancelled} cancelled, in {seconds} s.",
            passed=totals.passed,
            warned=totals.warned,
            failed=totals.failed,
            inconclusive=totals.inconclusive,
            cancelled=totals.cancelled,
            seconds=f"{totals.duration_ms / 1000:.1f}",
        )
    return msg(
        "{passed} passed, {warned} with warnings, {failed} failed, {cancelled} cancelled, in {seconds} s.",
        passed=totals.passed,
        warned=totals.warned,
        failed=totals.failed,
        cancelled=totals.cancelled,
        seconds=f"{totals.duration_ms / 1000:.1f}",
    )


def _worst_first(row: BoardRow) -> tuple[int, str]:
    order = (State.BAD, State.WARNING, State.UNKNOWN, State.RUNNING, State.GOOD, State.NOT_APPLICABLE)
    return order.index(row.state), row.endpoint.partner.casefold()


def _cell(cell: Cell) -> Text:
    style = "" if cell.state is State.GOOD else _STYLE[cell.state]
    return Text(f"{_SIGN[cell.state]} {wording().text(cell.word)}", style=style)


def board_sentence(row: BoardRow) -> str:
    """Return what is wrong in a row and who has to act; "" while it is not judged."""
    if row.explanation is None:
        return ""
    say = wording().text
    headline = say(row.explanation.headline)
    if row.explanation.responsible is Responsible.NOBODY:
        return headline
    return f"{headline} {say(WHO_ACTS[row.explanation.responsible])}"


def _facts(report: ProbeReport) -> Table:
    say = wording().text
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(say(msg("Target")), Text(visible(report.record.target.endpoint, 400)))
    for label, lines in facts_of(report):
        table.add_row(say(label), Text("\n".join(say(line) for line in lines)))
    if report.record.error_detail:
        table.add_row(say(msg("Details")), Text(visible(report.record.error_detail, 400)))
    return table


def _chain(chain: tuple[CertificateFacts, ...]) -> Table:
    say = wording().text
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column(say(msg("Presented certificate")), overflow="fold")
    table.add_column(say(msg("Issuer")), overflow="fold")
    table.add_column(say(msg("Valid until")), no_wrap=True)
    table.add_column("SHA-256", no_wrap=True)
    for certificate in chain:
        table.add_row(
            Text(visible(certificate.subject or certificate.title)),
            Text(visible(certificate.issuer or "?")),
            "?" if certificate.not_after is None else certificate.not_after.strftime("%Y-%m-%d"),
            certificate.sha256[:16],
        )
    return table


def _findings(findings: tuple[Finding, ...]) -> Table:
    say = wording().text
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column(say(msg("Rule")), no_wrap=True)
    table.add_column(say(msg("Result")), no_wrap=True)
    table.add_column(say(msg("Evidence")), overflow="fold")
    for finding in findings:
        state = STATE_OF_STATUS[finding.status]
        table.add_row(
            finding.rule,
            Text(f"{_SIGN[state]} {say(STATUS_WORDS[finding.status])}", style=_STYLE[state]),
            Text(say(finding.evidence)),
        )
    return table
