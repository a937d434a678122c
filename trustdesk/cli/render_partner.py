"""The partner directory for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from trustdesk.cli.render import board_sentence, marked
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.partner import Contact, PartnerEntry
from trustdesk.core.untrusted import visible
from trustdesk.services.board import BoardRow, State
from trustdesk.services.directory_values import DuplicateGroup, ImportPreview, ImportRow, ImportStanding
from trustdesk.services.partner_words import ROLE_WORDS, STANDING_STATES, STANDING_WORDS, duplicate_words
from trustdesk.services.wording import wording


def print_partners(out: Console, entries: Sequence[PartnerEntry]) -> None:
    """Print a line for each partner."""
    say = wording().text
    if not entries:
        words = msg("There is no partner. Add one with: trustdesk partner add NAME --endpoint TARGET")
        out.print(Text(say(words)), soft_wrap=True)
        return
    table = Table(box=None, pad_edge=False)
    for title in (msg("Partner"), msg("Company id"), msg("Role"), msg("Endpoints"), msg("Tags")):
        table.add_column(say(title), overflow="fold")
    for entry in entries:
        partner = entry.partner
        table.add_row(
            Text(visible(partner.name), style="bold"),
            Text(visible(partner.company_id)),
            Text("" if partner.role is None else say(ROLE_WORDS[partner.role])),
            Text("\n".join(visible(one.target.endpoint) for one in entry.endpoints)),
            Text(visible(", ".join(partner.tags))),
        )
    out.print(table)
    out.print(Text(say(msg_n("{count} partner", "{count} partners", len(entries))), style="dim"))


def print_partner(
    out: Console, entry: PartnerEntry, standings: Sequence[BoardRow] = (), changes: Sequence[str] = ()
) -> None:
    """Print one partner, how its endpoints stand, and the sentences of what changed there last."""
    say = wording().text
    partner = entry.partner
    out.print(Text(visible(partner.name), style="bold"), soft_wrap=True)
    rows: list[tuple[Message, str]] = [
        (msg("Company id"), visible(partner.company_id)),
        (msg("1R-IDs"), "\n".join(visible(one, 300) for one in partner.one_record_ids)),
        (msg("Role"), "" if partner.role is None else say(ROLE_WORDS[partner.role])),
        (msg("Contacts"), "\n".join(_contact_line(one) for one in partner.contacts)),
        (msg("Tags"), visible(", ".join(partner.tags))),
        (msg("Note"), "\n".join(visible(line) for line in partner.note.splitlines())),
        (msg("Endpoints"), "\n".join(visible(one.target.endpoint) for one in entry.endpoints)),
        (msg("Last test"), "\n".join(_standing_line(one, alone=len(standings) == 1) for one in standings)),
        (msg("Last changes"), "\n".join(visible(one, 1000) for one in changes)),
    ]
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in rows:
        if text:
            table.add_row(Text(say(label), style="dim"), Text(text))
    out.print(table)


def _standing_line(row: BoardRow, *, alone: bool) -> str:
    say = wording().text
    place = "" if alone else f"{visible(row.endpoint.target.endpoint)}: "
    if row.tested_at is None:
        return place + say(msg("Never tested."))
    return f"{place}{row.tested_at:%Y-%m-%d %H:%M} UTC: {board_sentence(row)}"


def print_preview(out: Console, preview: ImportPreview) -> None:
    """Print what a file would bring; what stays as it is, is only counted."""
    say = wording().text
    for row in preview.rows:
        if row.standing is not ImportStanding.SAME:
            _print_row(out, row)
    counts = preview.counts
    told = [
        f"{say(STANDING_WORDS[standing])}: {counts[standing]}"
        for standing in ImportStanding
        if counts[standing]
    ]
    out.print(Text(", ".join(told)), soft_wrap=True)
    if preview.ignored:
        names = visible(", ".join(preview.ignored))
        out.print(
            Text(say(msg("Passed over, because it is not known: {names}.", names=names))), soft_wrap=True
        )


def print_duplicates(out: Console, groups: Sequence[DuplicateGroup]) -> None:
    """Print what may be there twice."""
    say = wording().text
    if not groups:
        out.print(Text(say(msg("No partner seems to be there twice."))))
    for group in groups:
        out.print(marked(State.WARNING, say(duplicate_words(group))), soft_wrap=True)


def _print_row(out: Console, row: ImportRow) -> None:
    say = wording().text
    head = f"{say(STANDING_WORDS[row.standing])}: {visible(row.name) or '–'} ({row.place})"
    out.print(marked(STANDING_STATES[row.standing], head), soft_wrap=True)
    lines = [say(one) for one in (*row.changes, *row.resembles)]
    lines += [f"{one.place}: {say(one.message)}" for one in row.problems]
    for line in lines:
        out.print(Text(f"    {line}"), soft_wrap=True)


def _contact_line(contact: Contact) -> str:
    parts = (contact.name, contact.duty and f"({contact.duty})", contact.email, contact.phone)
    return visible(" ".join(part for part in parts if part))
