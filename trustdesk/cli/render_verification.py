"""A verification for people: the verdict in words, then every path as a tree with what fails on it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from trustdesk.cli.render import marked
from trustdesk.cli.render_revocation import print_revocation
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.trust import TrustList
from trustdesk.core.untrusted import visible
from trustdesk.core.verification import (
    Opinion,
    PathReport,
    Purpose,
    RuleCheck,
    RuleKind,
    RuleStatus,
    Verification,
)
from trustdesk.services.board import State
from trustdesk.services.verification import explanation, fetchable_issuers
from trustdesk.services.wording import wording
from trustdesk.verify.rules import RULE_BY_ID

_MAX_PATHS = 8

_TRUSTED = {
    Purpose.SERVER: msg("Trusted as a ONE Record server"),
    Purpose.CLIENT: msg("Trusted as a ONE Record client"),
}
_NOT_TRUSTED = {
    Purpose.SERVER: msg("Not trusted as a ONE Record server"),
    Purpose.CLIENT: msg("Not trusted as a ONE Record client"),
}


def print_verification(
    out: Console,
    verification: Verification,
    other: Verification,
    *,
    trust_lists: Sequence[TrustList],
    aia_allowed: bool,
) -> None:
    """Print the verdict, that for the other purpose, paths, dead ends and both opinions.

    Args:
        other: the same certificate judged for the purpose that was not asked for.
        trust_lists: those that were judged by.
        aia_allowed: whether missing issuers were fetched; else it is said where they could be had.
    """
    say = wording().text
    out.print(_verdict(verification, bold=True), soft_wrap=True)
    out.print(_verdict(other, bold=False), soft_wrap=True)
    out.print(Text(f"  {say(judged_by(trust_lists))}", style="dim"), soft_wrap=True)
    if verification.reference_identifier is not None:
        asked = msg("Judged for the name {name}", name=verification.reference_identifier)
        out.print(Text(f"  {say(asked)}", style="dim"), soft_wrap=True)
    elif verification.purpose is Purpose.SERVER:
        unasked = msg("Judged for no name: --hostname says which one the server must carry")
        out.print(Text(f"  {say(unasked)}", style="dim"), soft_wrap=True)
    out.print(Text(f"  {say(msg('Judged as of {at}', at=verification.at))}", style="dim"))
    known = {facts.sha256: facts for facts in verification.known}
    for number, path in enumerate(verification.paths[:_MAX_PATHS], start=1):
        out.print()
        _print_path(out, number, path, known)
    if len(verification.paths) > _MAX_PATHS:
        more = msg_n(
            "{count} more path: --json shows it.",
            "{count} more paths: --json shows them.",
            len(verification.paths) - _MAX_PATHS,
        )
        out.print(Text(say(more)))
    _print_dead_ends(out, verification, aia_allowed=aia_allowed)
    out.print()
    out.print(_opinion(msg("Our rules"), verification.own, explanation(verification)), soft_wrap=True)
    second = verification.cryptography
    out.print(_opinion(msg("cryptography's verifier"), second, second.reason), soft_wrap=True)
    if second.accepted and not verification.own.accepted and verification.disagreement is None:
        blind = msg("Only revocation is against the path, of which cryptography's verifier is not asked.")
        out.print(Text(f"  {say(blind)}", style="dim"), soft_wrap=True)
    if verification.disagreement is not None:
        out.print(marked(State.WARNING, say(verification.disagreement), bold=True), soft_wrap=True)
    if verification.search_limit_hit is not None:
        out.print(marked(State.WARNING, say(verification.search_limit_hit)), soft_wrap=True)
    best = verification.paths[0]
    titles = {facts.sha256: facts.title for facts in verification.known}
    print_revocation(out, msg("Revocation"), best.revocation, best.fail_modes, titles)


def judged_by(trust_lists: Sequence[TrustList]) -> Message:
    """Say which lists a verdict rests on, first the one in force."""
    words = msg("{list}", list=trust_lists[0].title)
    for further in trust_lists[1:]:
        words = msg("{lists}; {list}", lists=words, list=further.title)
    return msg_n("Judged by the list: {lists}", "Judged by the lists: {lists}", len(trust_lists), lists=words)


def _verdict(verification: Verification, *, bold: bool) -> Text:
    verdict = (_TRUSTED if verification.trusted else _NOT_TRUSTED)[verification.purpose]
    sentence = msg("{verdict}: {why}", verdict=verdict, why=explanation(verification))
    state = State.GOOD if verification.trusted else State.BAD
    return marked(state, wording().text(sentence), bold=bold)


def _print_path(out: Console, number: int, path: PathReport, known: dict[str, CertificateFacts]) -> None:
    say = wording().text
    if path.accepted:
        title = msg("Path {number} to the list {list}: valid", number=number, list=path.anchor_list or "?")
    elif path.anchor_list is not None:
        title = msg("Path {number} to the list {list}: not valid", number=number, list=path.anchor_list)
    else:
        title = msg("Path {number}: ends at no list", number=number)
    out.print(marked(State.GOOD if path.accepted else State.BAD, say(title), bold=True), soft_wrap=True)
    for index, digest in enumerate(path.certificates):
        facts = known.get(digest)
        indent = "   " * index
        branch = "└─ " if index else ""
        name = visible(facts.subject or facts.title) if facts is not None else digest[:16]
        line = Text(f"  {indent}{branch}{name}")
        line.append(f"  {_validity(facts)}", style="dim")
        if digest in path.fetched:
            line.append(f"  {say(msg('fetched'))}", style="blue")
        if index == len(path.certificates) - 1 and path.anchor_list is not None:
            line.append(f"  {say(msg('anchor'))}", style="bold")
        out.print(line, soft_wrap=True)
        for check in path.checks:
            if check.index == index and check.status in {RuleStatus.FAIL, RuleStatus.WARN}:
                out.print(_failed(check, f"  {indent}   "), soft_wrap=True)
    if path.difference is not None and not path.failures:
        out.print(Text(f"  {say(path.difference)}", style="dim"), soft_wrap=True)


def _validity(facts: CertificateFacts | None) -> str:
    if facts is None or facts.not_before is None or facts.not_after is None:
        return ""
    return f"{facts.not_before:%Y-%m-%d} – {facts.not_after:%Y-%m-%d}"


def _failed(check: RuleCheck, indent: str) -> Text:
    say = wording().text
    denies = check.status is RuleStatus.FAIL and check.kind is not RuleKind.CONFORMANCE
    rule = RULE_BY_ID.get(check.rule)
    words = f"{check.rule} ({check.source}): {say(check.evidence)}"
    line = Text(indent).append_text(marked(State.BAD if denies else State.WARNING, words))
    if rule is not None and denies:
        line.append(f" {say(msg('Asked for: {title}', title=rule.title))}", style="dim")
    return line


def _print_dead_ends(out: Console, verification: Verification, *, aia_allowed: bool) -> None:
    say = wording().text
    if not verification.dead_ends:
        return
    out.print()
    out.print(Text(say(msg("Dead ends")), style="bold"))
    for end in verification.dead_ends:
        out.print(Text("  ").append_text(marked(State.UNKNOWN, say(end.reason))), soft_wrap=True)
    if not aia_allowed and not verification.trusted:
        for url in fetchable_issuers(verification):
            hint = msg("Its issuer may lie at {url}: --aia fetches it.", url=url)
            out.print(Text(f"  {say(hint)}", style="dim"), soft_wrap=True)


def _opinion(engine: Message, opinion: Opinion, reason: Message) -> Text:
    say = wording().text
    if opinion.accepted is None:
        return marked(State.UNKNOWN, say(msg("{engine}: not asked. {reason}", engine=engine, reason=reason)))
    if opinion.accepted:
        return marked(State.GOOD, say(msg("{engine}: accepted. {reason}", engine=engine, reason=reason)))
    return marked(State.BAD, say(msg("{engine}: not accepted. {reason}", engine=engine, reason=reason)))
