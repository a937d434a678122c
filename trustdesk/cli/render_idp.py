"""Identity providers and tokens for people: the verdict in words, then the facts, then the findings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from trustdesk.cli.render import marked
from trustdesk.cli.render_lint import print_list_of_findings
from trustdesk.core.finding import Finding, FindingStatus, Verdict
from trustdesk.core.identity_provider import IdentityProvider, ProviderCheck, ProviderList, TokenReading
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.untrusted import visible
from trustdesk.services.board import State
from trustdesk.services.trust_words import AUTHENTICITY_STATES, AUTHENTICITY_WORDS
from trustdesk.services.wording import wording

_STATES = {Verdict.PASS: State.GOOD, Verdict.WARN: State.WARNING, Verdict.FAIL: State.BAD}
_SHOWN = frozenset({FindingStatus.FAIL, FindingStatus.WARN, FindingStatus.NOT_RUN})


def print_provider_lists(out: Console, lists: Sequence[ProviderList], now: datetime) -> None:
    """Print the lists with the providers on each."""
    say = wording().text
    if not lists:
        words = msg("There is no list of identity providers. Import one with: trustdesk idp import FILE")
        out.print(Text(say(words)), soft_wrap=True)
        return
    for position, one in enumerate(lists):
        if position:
            out.print()
        _print_head(out, one, now)
        for provider in one.providers:
            _print_line(out, provider)


def print_provider_list(out: Console, one: ProviderList, now: datetime) -> None:
    """Print one list, with all that it says of each provider."""
    _print_head(out, one, now)
    say = wording().text
    for provider in one.providers:
        out.print()
        out.print(Text(visible(provider.name or provider.issuer), style="bold"), soft_wrap=True)
        rows: tuple[tuple[Message, str], ...] = (
            (msg("Issuer"), visible(provider.issuer)),
            (msg("Tokens"), visible(provider.token_url)),
            (msg("Renewal"), visible(provider.refresh_url)),
            (msg("Keys"), visible(provider.jwks_uri)),
            (msg("Discovery"), visible(provider.discovery_url)),
            (msg("Algorithms"), ", ".join(provider.algorithms)),
            (msg("Keys at hand"), str(_keys_at_hand(provider))),
            (msg("Signers"), "\n".join(visible(ski) for ski in provider.signing_skis)),
            (msg("Notes"), visible(provider.notes)),
        )
        out.print(_grid([(say(label), text) for label, text in rows if text]))


def print_check(out: Console, check: ProviderCheck, *, everything: bool) -> None:
    """Print what a provider publishes, worst first.

    Args:
        everything: also what passed and what does not apply; else they are counted.
    """
    say = wording().text
    failed = [one.rule for one in check.findings if one.is_failure]
    if check.verdict is Verdict.PASS:
        words = msg("{issuer} passes.", issuer=check.issuer)
    elif failed:
        words = msg(
            "{issuer} does not pass: {rules}.", issuer=check.issuer, rules=", ".join(dict.fromkeys(failed))
        )
    elif check.verdict is Verdict.FAIL:
        words = msg("{issuer} could not be asked, so that nothing is known of it.", issuer=check.issuer)
    else:
        words = msg("{issuer} passes, with warnings.", issuer=check.issuer)
    out.print(marked(_STATES[check.verdict], say(words), bold=True), soft_wrap=True)
    count = msg_n("{count} key was found.", "{count} keys were found.", len(check.keys))
    out.print(Text(f"  {say(count)}"), soft_wrap=True)
    _print_findings(out, check.findings, everything=everything)


def print_token(out: Console, reading: TokenReading, *, everything: bool) -> None:
    """Print what stands in a token, and what the rules say of it, worst first.

    Args:
        everything: also what passed and what does not apply; else they are counted.
    """
    say = wording().text
    summary = reading.summary or msg("It was read.")
    out.print(marked(_STATES[reading.verdict], say(summary), bold=True), soft_wrap=True)
    for label, values in ((msg("Header"), reading.header), (msg("Claims"), reading.claims)):
        if values:
            out.print()
            out.print(Text(say(label), style="bold"))
            out.print(_grid([(visible(name), _value(name, text, reading)) for name, text in values]))
    _print_findings(out, reading.findings, everything=everything)


def _value(name: str, text: str, reading: TokenReading) -> str:
    """Return a claim's value, a date beside the number that it is."""
    instant = {"exp": reading.expires_at, "iat": reading.issued_at}.get(name)
    shown = visible(text)
    return shown if instant is None else f"{shown}  ({_instant(instant)})"


def _print_head(out: Console, one: ProviderList, now: datetime) -> None:
    say = wording().text
    out.print(
        Text(visible(one.name), style="bold").append(f"  {visible(one.title)}", style="none"), soft_wrap=True
    )
    state = one.authenticity.state
    line = marked(AUTHENTICITY_STATES[state], say(AUTHENTICITY_WORDS[state]))
    if one.authenticity.signer is not None:
        line.append(f"  {one.authenticity.signer}", style="dim")
    out.print(Text("  ").append_text(line), soft_wrap=True)
    if one.next_update is not None:
        is_over = one.next_update <= now
        words = (
            msg("Its next version was due on {date}.", date=one.next_update)
            if is_over
            else msg("Its next version comes by {date}.", date=one.next_update)
        )
        out.print(
            Text("  ").append_text(marked(State.WARNING if is_over else State.GOOD, say(words))),
            soft_wrap=True,
        )
    facts = [
        say(msg("sequence {sequence}", sequence="–" if one.sequence is None else str(one.sequence))),
        visible(one.publisher.name),
        visible(one.source.place),
    ]
    out.print(Text(f"  {' · '.join(fact for fact in facts if fact)}", style="dim"), soft_wrap=True)


def _print_line(out: Console, one: IdentityProvider) -> None:
    """Print a provider in two lines: its issuer, which people copy, is never broken."""
    say = wording().text
    out.print(Text(f"  {visible(one.issuer)}"), soft_wrap=True)
    facts = [
        visible(one.name),
        ", ".join(one.algorithms),
        say(msg_n("{count} key at hand", "{count} keys at hand", _keys_at_hand(one))),
    ]
    out.print(Text(f"      {' · '.join(fact for fact in facts if fact)}", style="dim"), soft_wrap=True)


def _grid(rows: Sequence[tuple[str, str]]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in rows:
        table.add_row(Text(f"  {label}"), Text(text))
    return table


def _print_findings(out: Console, findings: Sequence[Finding], *, everything: bool) -> None:
    print_list_of_findings(out, [one for one in findings if everything or one.status in _SHOWN])
    if everything:
        return
    passed = sum(one.status is FindingStatus.PASS for one in findings)
    other = sum(one.status is FindingStatus.NOT_APPLICABLE for one in findings)
    rest = msg(
        "Rules that pass: {passed}, that do not apply: {not_applicable}; --all shows them.",
        passed=passed,
        not_applicable=other,
    )
    out.print()
    out.print(Text(wording().text(rest), style="dim"), soft_wrap=True)


def _keys_at_hand(provider: IdentityProvider) -> int:
    return len(provider.keys) + len(provider.signing_certificates)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
