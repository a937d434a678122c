"""What follows from trust, and who decided it, for people at a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from trustdesk.cli.render import marked
from trustdesk.cli.render_trust import print_line
from trustdesk.core.message import Message, listed, msg, msg_n
from trustdesk.core.trust_decision import (
    AwaitingDecision,
    DecisionKind,
    LocalDecision,
    PartnerPolicy,
    TrustLog,
)
from trustdesk.core.trust_impact import AffectedChain, DropKind, Impact, RootDrop
from trustdesk.core.untrusted import visible
from trustdesk.services import trust_words as words
from trustdesk.services.board import State
from trustdesk.services.wording import wording


def print_impact(out: Console, impact: Impact) -> None:
    """Print who would lose or gain trust, those who lose first."""
    say = wording().text
    everybody = (*impact.partners, *impact.identities)
    lose, gain = sum(one.loses for one in everybody), sum(one.gains for one in everybody)
    head = msg(
        "{title}: {lose} would lose trust, {gain} would gain it; {rest} of {all} stay as they are.",
        title=impact.title,
        lose=lose,
        gain=gain,
        rest=impact.looked_at - len(everybody),
        all=impact.looked_at,
    )
    if impact.looked_at:
        state = State.BAD if lose else State.WARNING if impact.not_judged else State.GOOD
        out.print(marked(state, say(head), bold=True), soft_wrap=True)
    else:
        nobody = msg("{title}: nothing is known, for no chain of a partner was seen yet.", title=impact.title)
        out.print(marked(State.UNKNOWN, say(nobody), bold=True), soft_wrap=True)
    for one in everybody:
        _print_affected(out, one)
    if impact.not_judged:
        line = msg_n(
            "Nothing is said of {count} partner, whose chain was never seen or could not be judged: {names}.",
            "Nothing is said of {count} partners, whose chains were never seen or could not be judged:"
            " {names}.",
            len(impact.not_judged),
            names=", ".join(visible(name, 40) for name in impact.not_judged[:10]),
        )
        out.print(marked(State.UNKNOWN, say(line)), soft_wrap=True)


def print_drops(out: Console, drops: Sequence[RootDrop], *, everything: bool) -> None:
    """Print the dates at which trust in a CA changes.

    Args:
        everything: also certificates that expire with nobody of ours below them, and what is over; else they
            are counted.
    """
    if not drops:
        print_line(out, msg("No date is known at which trust in a CA of yours changes."))
    say = wording().text
    shown = [one for one in drops if everything or _concerns_us(one)]
    for one in shown:
        state = State.NOT_APPLICABLE if one.is_past else State.WARNING
        touched = len(one.partners) + len(one.identities)
        line = Text(f"{one.at:%Y-%m-%d}  ").append_text(marked(state, say(words.DROP_WORDS[one.kind])))
        line.append(f"  {visible(one.subject, 120)}")
        out.print(line, soft_wrap=True)
        print_line(out, one.what, indent=12)
        below = msg_n(
            "{count} partner or identity of yours is below it.",
            "{count} partners and identities of yours are below it.",
            touched,
        )
        names = listed([visible(name, 40) for name in (*one.partners, *one.identities)]) if touched else ""
        line = Text(f"            {say(below)}")
        if names:
            line.append(f" {say(names) if isinstance(names, Message) else names}")
        out.print(line.append(f"  {visible(one.source, 200)}", style="dim"), soft_wrap=True)
    if len(shown) < len(drops):
        rest = msg_n(
            "{count} more date, with nobody of yours below it or behind us; --all shows it.",
            "{count} more dates, with nobody of yours below them or behind us; --all shows them.",
            len(drops) - len(shown),
        )
        out.print(Text(say(rest), style="dim"), soft_wrap=True)


def _concerns_us(drop: RootDrop) -> bool:
    if drop.partners or drop.identities:
        return True
    return not drop.is_past and drop.kind is not DropKind.EXPIRES


def print_decisions(out: Console, decisions: Sequence[LocalDecision]) -> None:
    """Print what was decided here, the newest first."""
    if not decisions:
        print_line(out, msg("Nothing was decided here beside what the lists say."))
    say = wording().text
    for one in decisions:
        state = State.BAD if one.kind is DecisionKind.DISTRUST else State.WARNING
        line = marked(state, say(words.DECISION_WORDS[one.kind]))
        line.append(f"  {visible(one.subject, 160)}")
        out.print(line, soft_wrap=True)
        if one.kind is DecisionKind.LIMIT_USAGE:
            print_line(out, msg("For no more than: {usages}", usages=words.usage_words(one.usages)), indent=4)
        print_line(
            out, msg("{by}, {date}: {reason}", by=one.by, date=one.at, reason=one.reason or "–"), indent=4
        )
        if one.expires is not None:
            print_line(out, msg("Until {date}.", date=one.expires), indent=4)
        _print_seal(out, one.sealed)
        out.print(Text(f"    {one.sha256}", style="dim"), soft_wrap=True)


def print_policies(out: Console, policies: Sequence[PartnerPolicy]) -> None:
    """Print the partners that are judged otherwise than all."""
    if not policies:
        print_line(out, msg("All partners are judged by the lists in force."))
    for one in policies:
        out.print(Text(visible(one.partner, 80), style="bold"), soft_wrap=True)
        if one.lists:
            print_line(out, msg("By the lists: {names}", names=", ".join(one.lists)), indent=2)
        for sha256 in one.only_cas:
            print_line(out, msg("Only through the CA {sha256}", sha256=sha256), indent=2)
        for sha256 in one.pins:
            print_line(out, msg("Pinned key {sha256}", sha256=sha256), indent=2)
        for root in one.private_roots:
            print_line(
                out, msg("Private root {subject}, {sha256}", subject=root.title, sha256=root.sha256), indent=2
            )
        if one.reason:
            print_line(out, msg("Why: {reason}", reason=one.reason), indent=2)
        _print_seal(out, one.sealed)
        unsealed = words.unsealed_words(one)
        if unsealed is not None:
            print_line(out, unsealed, indent=4)


def print_queue(out: Console, queue: Sequence[AwaitingDecision]) -> None:
    """Print what waits for a decision."""
    if not queue:
        print_line(out, msg("Nothing waits for a decision."))
    for one in queue:
        out.print(marked(State.WARNING, wording().text(one.what)), soft_wrap=True)
        if one.now is not None:
            out.print(Text(f"    {one.now.sha256}", style="dim"), soft_wrap=True)
            command = f"trustdesk trust decide fingerprint {one.endpoint_id} {one.now.sha256} --comment …"
        else:
            command = f"trustdesk trust update {_quoted(f'{one.list_name}@{one.version}')}"
        print_line(out, msg("Decide with: {command}", command=command), indent=4)


def print_log(out: Console, log: TrustLog) -> None:
    """Print the log, oldest first, with whether it holds."""
    say = wording().text
    for one in log.entries:
        line = Text(f"{one.number:>4}  {one.at:%Y-%m-%d %H:%M}  ", style="dim")
        line.append(f"{say(words.ACTION_WORDS[one.action])}: {visible(one.subject, 120)}", style="bold")
        line.append(f"  {visible(one.by, 40)}")
        out.print(line, soft_wrap=True)
        if one.comment:
            out.print(Text(f"      {visible(one.comment, 400)}"), soft_wrap=True)
        if one.fingerprint:
            out.print(Text(f"      {one.fingerprint}", style="dim"), soft_wrap=True)
    if log.broken_at is not None:
        broken = msg("The chain of the log is broken at line {number}.", number=log.broken_at)
        out.print(marked(State.BAD, say(broken), bold=True), soft_wrap=True)
        if log.broken_why is not None:
            print_line(out, log.broken_why, indent=2)
    elif log.sealed is False:
        out.print(
            marked(
                State.BAD,
                say(msg("The seal of the log does not hold: it was changed, or its key is another.")),
                bold=True,
            ),
            soft_wrap=True,
        )
    elif log.sealed is None:
        out.print(
            marked(State.UNKNOWN, say(msg("The chain holds; its seal could not be checked."))), soft_wrap=True
        )
    else:
        out.print(marked(State.GOOD, say(msg("The chain and its seal hold."))), soft_wrap=True)
    if log.wants_sealing and log.broken_at is None:
        remedy = msg("Where its key is lost, look at what stands and seal it anew: trustdesk trust seal")
        print_line(out, remedy, indent=2)
    for sentence in log.untold:
        out.print(marked(State.BAD, visible(say(sentence), 400), bold=True), soft_wrap=True)


def _quoted(text: str) -> str:
    """Return a name as a shell takes it; what no terminal shows is shown, and then cannot be typed."""
    return shlex.quote(visible(text, 200))


def _print_affected(out: Console, one: AffectedChain) -> None:
    say = wording().text
    line = Text("  ").append_text(
        marked(words.STANDING_STATES[one.after], say(words.STANDING_WORDS[one.after]))
    )
    name = one.partner if one.partner is not None else one.identity or ""
    line.append(f"  {visible(name, 80)}")
    if one.place:
        line.append(f"  {visible(one.place, 120)}", style="dim")
    out.print(line, soft_wrap=True)
    print_line(out, one.why, indent=6)
    for title, path in ((msg("Lost path"), one.lost_path), (msg("New path"), one.gained_path)):
        if path:
            steps = " › ".join(visible(facts.title, 60) for facts in path)
            out.print(Text(f"      {say(title)}: {steps}", style="dim"), soft_wrap=True)


def _print_seal(out: Console, sealed: bool | None) -> None:
    if sealed is False:
        broken = msg("Its seal does not hold: it was changed elsewhere, or has another key or none.")
        out.print(Text("    ").append_text(marked(State.BAD, wording().text(broken))), soft_wrap=True)
    elif sealed is None:
        unknown = msg("It is not sealed yet, or its seal could not be checked: is the key store locked?")
        out.print(Text("    ").append_text(marked(State.UNKNOWN, wording().text(unknown))), soft_wrap=True)
