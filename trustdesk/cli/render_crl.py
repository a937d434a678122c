"""What a CRL says, for people: the verdict in words, then the facts, then its entries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from trustdesk.cli.render import marked
from trustdesk.core.inspection import CrlFacts
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.revocation import CrlEntry, CrlSigner
from trustdesk.core.untrusted import visible
from trustdesk.services.board import State
from trustdesk.services.crl_view import lines_of, scope_of
from trustdesk.services.wording import wording


def print_crl(
    out: Console,
    facts: CrlFacts,
    signer: CrlSigner,
    at: datetime,
    entries: Sequence[CrlEntry],
    lookup: tuple[str, Sequence[CrlEntry]] | None,
) -> None:
    """Print the verdict, what was asked for, the facts and the first entries."""
    say = wording().text
    out.print(Text(visible(facts.issuer or "?"), style="bold"), soft_wrap=True)
    for line in lines_of(facts, signer, at):
        out.print(Text("  ").append_text(marked(line.state, say(line.words))), soft_wrap=True)
    if lookup is not None:
        out.print(Text("  ").append_text(_lookup(*lookup, facts)), soft_wrap=True)
        for entry in lookup[1]:
            out.print(_entries((entry,)))
    out.print()
    out.print(_facts(facts))
    if entries:
        out.print()
        out.print(_entries(entries))
        left = (facts.count or 0) - len(entries)
        if left > 0:
            words = msg_n(
                "{count} more entry: --limit shows it.", "{count} more entries: --limit shows them.", left
            )
            out.print(Text(say(words), style="dim"), soft_wrap=True)
    for problem in facts.problems:
        out.print(marked(State.WARNING, say(problem)), soft_wrap=True)


def _lookup(serial_number: str, found: Sequence[CrlEntry], facts: CrlFacts) -> Text:
    say = wording().text
    if found:
        return marked(State.BAD, say(msg("{serial} is on this list.", serial=serial_number)), bold=True)
    if facts.is_damaged:
        words = msg("Whether {serial} is on this list cannot be said: it is damaged.", serial=serial_number)
        return marked(State.UNKNOWN, say(words), bold=True)
    return marked(State.GOOD, say(msg("{serial} is not on this list.", serial=serial_number)), bold=True)


def _facts(facts: CrlFacts) -> Table:
    say = wording().text
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    rows: tuple[tuple[Message, str], ...] = (
        (msg("Number"), "–" if facts.number is None else str(facts.number)),
        (msg("Published"), _instant(facts.this_update)),
        (msg("Next update"), _instant(facts.next_update)),
        (msg("Speaks for"), "\n".join(say(line) for line in scope_of(facts))),
        (msg("Entries"), "?" if facts.count is None else str(facts.count)),
        (msg("Signature"), visible(facts.signature_algorithm or "?")),
        (msg("Version"), "?" if facts.version is None else str(facts.version)),
        (msg("SHA-256"), facts.sha256),
    )
    for label, words in rows:
        table.add_row(say(label), Text(words))
    return table


def _entries(entries: Sequence[CrlEntry]) -> Table:
    say = wording().text
    indirect = any(entry.certificate_issuer is not None for entry in entries)
    invalid = any(entry.invalidity_date is not None for entry in entries)
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column(say(msg("Serial number")), overflow="fold")
    table.add_column(say(msg("Revoked at")), no_wrap=True)
    table.add_column(say(msg("Reason")), no_wrap=True)
    if invalid:
        table.add_column(say(msg("Invalid since")), no_wrap=True)
    if indirect:
        table.add_column(say(msg("Issuer of the certificate")), overflow="fold")
    for entry in entries:
        cells = [str(entry.position), entry.serial_number, _instant(entry.revoked_at), entry.reason or "–"]
        if invalid:
            cells.append("–" if entry.invalidity_date is None else _instant(entry.invalidity_date))
        if indirect:
            cells.append(visible(entry.certificate_issuer or say(msg("the list's own"))))
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _instant(at: datetime | None) -> str:
    return "?" if at is None else at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
