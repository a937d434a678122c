"""Requests, cases and replies for people at a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from trustdesk.cli.render import marked
from trustdesk.cli.render_lint import print_findings
from trustdesk.core.certificate_request import (
    CaseState,
    MatchedReply,
    RequestCase,
    RequestDifference,
    RequestDraft,
    RequestPurpose,
    ServerCommand,
)
from trustdesk.core.finding import Finding
from trustdesk.core.inspection import CsrFacts, InspectedItem, ItemKind
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import visible
from trustdesk.formats.request_writing import request_pem
from trustdesk.services.board import State
from trustdesk.services.wording import wording
from trustdesk.verify.profiles.context import Role

PURPOSE_WORDS: dict[RequestPurpose, Message] = {
    RequestPurpose.CLIENT: msg("ONE Record client"),
    RequestPurpose.SERVER: msg("ONE Record server"),
    RequestPurpose.FREE: msg("free form"),
}
STATE_WORDS: dict[CaseState, Message] = {
    CaseState.REQUESTED: msg("requested"),
    CaseState.ISSUED: msg("issued"),
    CaseState.INSTALLED: msg("installed"),
    CaseState.TESTED: msg("tested"),
}
_STATES = {
    CaseState.REQUESTED: State.RUNNING,
    CaseState.ISSUED: State.WARNING,
    CaseState.INSTALLED: State.WARNING,
    CaseState.TESTED: State.GOOD,
}


def print_requests(
    out: Console,
    checked: Sequence[tuple[CsrFacts, RequestPurpose, RequestCase | None, Sequence[Finding]]],
    files: Mapping[str, str],
    *,
    with_pem: bool = False,
) -> None:
    """Print requests with what the rules say.

    Args:
        files: where each was written to, by its SHA-256.
        with_pem: whether each is printed itself, too.
    """
    say = wording().text
    for position, (csr, purpose, case, findings) in enumerate(checked):
        if position:
            out.print()
        print_request(out, csr, purpose, case)
        out.print()
        title = case.name if case is not None else say(msg("The request"))
        item = InspectedItem(kind=ItemKind.CSR, source=title, position=0, csr=csr)
        print_findings(out, item, Role.CSR, findings, everything=False)
        file = files.get(csr.sha256)
        if file is not None:
            words = msg("The request is in {file}: send it to the CA.", file=file)
            out.print()
            out.print(Text(say(words)), soft_wrap=True)
        if with_pem:
            _print_pem(out, csr)


def print_request(
    out: Console,
    csr: CsrFacts,
    purpose: RequestPurpose,
    case: RequestCase | None,
    *,
    with_pem: bool = False,
) -> None:
    """Print what a request asks for."""
    say = wording().text
    if case is not None:
        out.print(_case_line(case), soft_wrap=True)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    none = say(msg("none"))
    rows: list[tuple[Message, str]] = [
        (msg("Purpose"), say(PURPOSE_WORDS[purpose])),
        (msg("Subject"), visible(csr.subject or "") or say(msg("empty"))),
        (msg("Names"), "\n".join(visible(name, 400) for name in csr.subject_alt_names) or none),
        (msg("Key usage"), ", ".join(csr.key_usage or ()) or none),
        (msg("Extended key usage"), ", ".join(csr.extended_key_usage or ()) or none),
        (msg("Key"), f"{csr.key_algorithm or '?'} {csr.curve or csr.key_bits or ''}".strip()),
        (msg("Signature"), _signature(csr)),
        (msg("SHA-256 of the key"), csr.spki_sha256 or "?"),
    ]
    if case is not None:
        rows.append(
            (
                msg("The key lives in"),
                say(msg("the server that made it")) if case.key is None else visible(case.key.store_title),
            )
        )
        rows += [(msg("Partner"), visible(case.partner))] if case.partner else []
        rows += [(msg("Follows"), visible(case.renews))] if case.renews else []
        rows += [(msg("Identity"), visible(case.identity))] if case.identity else []
    for label, words in rows:
        table.add_row(say(label), Text(words))
    out.print(table)
    for problem in csr.problems:
        out.print(marked(State.WARNING, say(problem)), soft_wrap=True)
    if with_pem:
        _print_pem(out, csr)


def print_cases(out: Console, cases: Sequence[RequestCase]) -> None:
    """Print cases as a table."""
    say = wording().text
    if not cases:
        out.print(Text(say(msg("There are no requests in this workspace."))), soft_wrap=True)
        return
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    own = (msg("State"), msg("Name"), msg("Purpose"), msg("Subject"), msg("Partner"))
    for title in (*own, msg("Made on"), msg("Key")):
        table.add_column(say(title), overflow="fold", no_wrap=title.id in {"State", "Name"})
    for case in cases:
        first = case.request.subject_alt_names[0].partition(":")[2] if case.request.subject_alt_names else ""
        table.add_row(
            marked(_STATES[case.state], say(STATE_WORDS[case.state])),
            Text(visible(case.name, 80)),
            Text(say(PURPOSE_WORDS[case.purpose])),
            Text(visible(case.request.subject or first or "–", 80)),
            Text(visible(case.partner or "–", 40)),
            case.created_at.strftime("%Y-%m-%d"),
            Text(say(msg("on the server")) if case.key is None else visible(case.key.store_title)),
        )
    out.print(table)


def print_commands(out: Console, draft: RequestDraft, commands: Sequence[ServerCommand]) -> None:
    """Print the lines for a server, ready to be copied."""
    say = wording().text
    for command in commands:
        out.print(Text(say(msg("{name} with {tool}", name=draft.name, tool=command.tool)), style="bold"))
        for name, text in command.files:
            out.print(Text(say(msg("Save this as {file}:", file=name))), soft_wrap=True)
            out.print(Text(f"\n{text}"), soft_wrap=True)
        if command.files:
            out.print(Text(say(msg("Then type:"))), soft_wrap=True)
        for line in command.lines:
            out.print(Text(line), soft_wrap=True)
        out.print()
    name = shlex.quote(visible(draft.name, 80))
    then = msg("Then take the request in: trustdesk csr add FILE --name {name}", name=name)
    out.print(Text(say(then), style="dim"), soft_wrap=True)


def print_replies(
    out: Console, replies: Sequence[MatchedReply], taken: Mapping[str, RequestCase], *, applies: bool
) -> None:
    """Print a CA's reply: what it answers, what differs, and what was made of it."""
    say = wording().text
    for position, reply in enumerate(replies):
        if position:
            out.print()
        out.print(_reply_line(reply), soft_wrap=True)
        facts = reply.certificate
        validity = msg(
            "{subject}, issued by {issuer}, valid until {not_after}",
            subject=facts.subject or facts.title,
            issuer=facts.issuer or "?",
            not_after="?" if facts.not_after is None else facts.not_after.strftime("%Y-%m-%d"),
        )
        out.print(Text(f"  {say(validity)}"), soft_wrap=True)
        path = " → ".join(visible(one.title, 60) for one in reply.certification_path)
        out.print(Text(f"  {say(msg('Chain: {path}', path=path))}", style="dim"), soft_wrap=True)
        for difference in reply.differences:
            _print_difference(out, difference)
        if reply.problem is not None:
            out.print(Text("  ").append_text(marked(State.BAD, say(reply.problem))), soft_wrap=True)
        if reply.remedy is not None:
            out.print(Text(f"    → {say(reply.remedy)}"), soft_wrap=True)
        _print_outcome(out, reply, taken.get(facts.sha256), applies=applies)


def _print_outcome(out: Console, reply: MatchedReply, case: RequestCase | None, *, applies: bool) -> None:
    say = wording().text
    if case is not None:
        done = (
            msg("Taken: it is the identity {name} now.", name=case.identity)
            if case.identity is not None
            else msg("Taken for the request {name}.", name=case.name)
        )
        out.print(Text("  ").append_text(marked(State.GOOD, say(done), bold=True)), soft_wrap=True)
    elif applies and reply.problem is None and reply.case is not None:
        left = msg("Not taken, because a difference does harm: --apply-anyway takes it all the same.")
        out.print(Text("  ").append_text(marked(State.BAD, say(left), bold=True)), soft_wrap=True)
    elif reply.next_step is not None and not applies:
        harms = any(one.is_harmful for one in reply.differences)
        how = msg("Take it all the same with --apply-anyway.") if harms else msg("Take it with --apply.")
        out.print(Text(f"  {say(how)}"), soft_wrap=True)
    if reply.next_step is not None:
        out.print(Text(f"    → {say(reply.next_step)}"), soft_wrap=True)


def _print_difference(out: Console, difference: RequestDifference) -> None:
    say = wording().text
    none = msg("none")
    state = State.BAD if difference.is_harmful else State.WARNING
    words = msg(
        "{subject}: asked for {asked}, issued {issued}",
        subject=difference.subject,
        asked=difference.asked or none,
        issued=difference.issued or none,
    )
    out.print(Text("  ").append_text(marked(state, say(words))), soft_wrap=True)
    out.print(Text(f"    {say(difference.meaning)}", style="dim"), soft_wrap=True)


def _reply_line(reply: MatchedReply) -> Text:
    say = wording().text
    title = reply.certificate.title
    if reply.case is None:
        words = msg("{certificate} answers no request.", certificate=title)
        return marked(State.BAD, say(words), bold=True)
    if reply.problem is not None or any(one.is_harmful for one in reply.differences):
        state = State.BAD
    else:
        state = State.WARNING if reply.differences else State.GOOD
    name = reply.case.name
    words = (
        msg("{certificate} answers {name}, with differences.", certificate=title, name=name)
        if reply.differences
        else msg("{certificate} answers {name}: all is as it was asked.", certificate=title, name=name)
    )
    return marked(state, say(words), bold=True)


def _print_pem(out: Console, csr: CsrFacts) -> None:
    """Print a request that can be written; a damaged one is in its file."""
    if csr.signature_valid is not None:
        out.print()
        out.print(Text(request_pem(csr.der).decode().strip()), soft_wrap=True)


def _case_line(case: RequestCase) -> Text:
    words = msg("{name}: {state}", name=case.name, state=STATE_WORDS[case.state])
    return marked(_STATES[case.state], wording().text(words), bold=True)


def _signature(csr: CsrFacts) -> str:
    say = wording().text
    algorithm = visible(csr.signature_algorithm or "?")
    match csr.signature_valid:
        case True:
            return say(msg("{algorithm}, made with the request's key", algorithm=algorithm))
        case False:
            return say(msg("{algorithm}, wrong", algorithm=algorithm))
        case None:
            return say(msg("{algorithm}, cannot be checked", algorithm=algorithm))
