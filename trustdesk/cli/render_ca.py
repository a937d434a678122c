"""Private CAs for people: what there is, what was issued, and what such a CA is not."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from trustdesk.cli.render import marked
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.private_ca import WHAT_IT_IS_NOT, IssuedCertificate, IssuedCrl, PrivateAuthority
from trustdesk.core.untrusted import visible
from trustdesk.services.board import State
from trustdesk.services.wording import wording

_GOOD, _REVOKED = msg("good"), msg("revoked")


def print_authorities(out: Console, authorities: Sequence[PrivateAuthority]) -> None:
    """Print each CA with what it issued; nothing to list is said."""
    say = wording().text
    if not authorities:
        print_line(out, msg("There is no private CA yet. Make one with: trustdesk ca new --name NAME"))
    for authority in authorities:
        out.print(Text(visible(authority.name), style="bold"), soft_wrap=True)
        for line in _facts(authority):
            out.print(Text(f"  {say(line)}"), soft_wrap=True)
        for one in authority.issued:
            _print_issued(out, one)


def print_notice(out: Console) -> None:
    """Print what a private CA is not."""
    out.print(Text(wording().text(WHAT_IT_IS_NOT), style="yellow"), soft_wrap=True)


def print_list(out: Console, crl: IssuedCrl, place: str | None) -> None:
    """Print which list was issued, when the next one is due, and where it is."""
    print_line(
        out,
        msg_n(
            "Revocation list {number}, with {count} entry, is current until {next_update}.",
            "Revocation list {number}, with {count} entries, is current until {next_update}.",
            crl.count,
            number=crl.number,
            next_update=crl.next_update,
        ),
    )
    if place is not None:
        print_line(out, msg("It is in {file}.", file=place))


def print_line(out: Console, words: Message) -> None:
    """Print one sentence."""
    out.print(Text(wording().text(words)), soft_wrap=True)


def _facts(authority: PrivateAuthority) -> list[Message]:
    lines = [
        msg("Root {sha256}, until {date}", sha256=authority.root.sha256, date=_end(authority, root=True)),
        msg(
            "Issuing CA {sha256}, until {date}",
            sha256=authority.issuing.sha256,
            date=_end(authority, root=False),
        ),
        msg("Keys in {store}", store=authority.issuing_key.store_title),
    ]
    if authority.crl_number is None or authority.crl_next_update is None:
        lines.append(msg("No revocation list was issued yet."))
    else:
        lines.append(
            msg(
                "Revocation list {number}; the next one is due on {date}.",
                number=authority.crl_number,
                date=authority.crl_next_update,
            )
        )
    return lines


def _end(authority: PrivateAuthority, *, root: bool) -> str:
    facts = authority.root if root else authority.issuing
    return "?" if facts.not_after is None else f"{facts.not_after:%Y-%m-%d}"


def _print_issued(out: Console, one: IssuedCertificate) -> None:
    """Print a certificate on two lines, so that its number can be copied on every terminal."""
    say = wording().text
    is_good = one.revoked_at is None
    line = Text("  ").append_text(
        marked(State.GOOD if is_good else State.BAD, say(_GOOD if is_good else _REVOKED))
    )
    if one.reason is not None:
        line.append(f" ({one.reason.value})")
    facts = one.certificate
    until = "?" if facts.not_after is None else f"{facts.not_after:%Y-%m-%d}"
    words = msg(
        "{subject} as {purpose} until {date}", subject=facts.title, purpose=one.purpose.value, date=until
    )
    line.append(f"  {say(words)}")
    out.print(line, soft_wrap=True)
    number = msg("serial number {number}", number=facts.serial_number or "?")
    out.print(Text(f"      {say(number)}", style="dim"), soft_wrap=True)
