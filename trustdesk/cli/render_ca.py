"""Private CAs for people: what there is, what was issued, and what such a CA is not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from rich.console import Console
from rich.text import Text

from trustdesk.cli.render import marked
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.private_ca import WHAT_IT_IS_NOT, IssuedCertificate, IssuedCrl, PrivateAuthority
from trustdesk.core.untrusted import visible
from trustdesk.services.board import State
from trustdesk.services.wording import wording

CRL_DUE_SOON = timedelta(days=2)
"""Before a list runs out: time for whoever publishes it, over a weekend too."""

_GOOD, _REVOKED, _EXPIRED = msg("good"), msg("revoked"), msg("expired")


def print_authorities(out: Console, authorities: Sequence[PrivateAuthority], at: datetime) -> None:
    """Print each CA with what it issued; nothing to list is said.

    Args:
        at: now: whether its revocation list is current.
    """
    say = wording().text
    if not authorities:
        print_line(out, msg("There is no private CA yet. Make one with: trustdesk ca new --name NAME"))
    for authority in authorities:
        out.print(Text(visible(authority.name), style="bold"), soft_wrap=True)
        for line in _facts(authority):
            out.print(Text(f"  {say(line)}"), soft_wrap=True)
        _print_currency(out, authority, at)
        for one in authority.issued:
            _print_issued(out, one, at)


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
    return [
        msg("Root {sha256}, until {date}", sha256=authority.root.sha256, date=_end(authority, root=True)),
        msg(
            "Issuing CA {sha256}, until {date}",
            sha256=authority.issuing.sha256,
            date=_end(authority, root=False),
        ),
        msg("Keys in {store}", store=authority.issuing_key.store_title),
    ]


def _print_currency(out: Console, authority: PrivateAuthority, at: datetime) -> None:
    """Print how current the revocation list is, before servers refuse everybody because of it."""
    say, due = wording().text, authority.crl_next_update
    if authority.crl_number is None or due is None:
        out.print(Text(f"  {say(msg('No revocation list was issued yet.'))}"), soft_wrap=True)
        return
    if at > due:
        state = State.BAD
        words = msg(
            "Revocation list {number} ran out on {date}: servers that ask for it refuse everybody. Issue the"
            " next one with: trustdesk ca crl",
            number=authority.crl_number,
            date=due,
        )
    else:
        state = State.WARNING if due - at < CRL_DUE_SOON else State.GOOD
        words = msg(
            "Revocation list {number}; the next one is due on {date}.",
            number=authority.crl_number,
            date=due,
        )
    out.print(Text("  ").append_text(marked(state, say(words))), soft_wrap=True)


def what_deleting_means(authority: PrivateAuthority, at: datetime) -> Message:
    """Return the question that is asked before a CA is deleted."""
    stays = msg_n(
        "{count} certificate stays valid until it expires, and can be revoked no more.",
        "{count} certificates stay valid until they expire, and can be revoked no more.",
        len(authority.relied_upon(at)),
    )
    return msg(
        "The keys of {name} are deleted with it. {stays} Once its last revocation list has run out, servers"
        " that ask for it refuse everybody. Delete it?",
        name=authority.name,
        stays=stays,
    )


def _end(authority: PrivateAuthority, *, root: bool) -> str:
    facts = authority.root if root else authority.issuing
    return "?" if facts.not_after is None else f"{facts.not_after:%Y-%m-%d}"


def _print_issued(out: Console, one: IssuedCertificate, at: datetime) -> None:
    """Print a certificate on two lines, so that its number can be copied on every terminal."""
    say = wording().text
    state, word = State.GOOD, _GOOD
    if one.revoked_at is not None:
        state, word = State.BAD, _REVOKED
    elif one.has_expired(at):
        state, word = State.WARNING, _EXPIRED
    line = Text("  ").append_text(marked(state, say(word)))
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
