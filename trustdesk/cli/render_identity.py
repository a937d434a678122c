"""Our own certificates for people at a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from trustdesk.cli.render import marked
from trustdesk.cli.render_lint import print_list_of_findings
from trustdesk.core.finding import FindingStatus
from trustdesk.core.identity import (
    ExportedFile,
    Identity,
    IdentityUse,
    IdentityView,
    ImportCandidate,
    ImportPreview,
    P12Diagnosis,
    Usable,
)
from trustdesk.core.key_store import KeyStoreState, KeyStoreStatus, StoredKey
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.untrusted import visible
from trustdesk.services.board import State
from trustdesk.services.wording import wording

USABLE_STATES: dict[Usable, State] = {
    Usable.YES: State.GOOD,
    Usable.WARNED: State.WARNING,
    Usable.NO: State.BAD,
    Usable.NOT_MEANT: State.NOT_APPLICABLE,
    Usable.UNKNOWN: State.UNKNOWN,
}
USABLE_WORDS: dict[Usable, Message] = {
    Usable.YES: msg("yes"),
    Usable.WARNED: msg("yes, for now"),
    Usable.NO: msg("no"),
    Usable.NOT_MEANT: msg("not meant to"),
    Usable.UNKNOWN: msg("not known"),
}
_STORE_STATES = {
    KeyStoreState.READY: State.GOOD,
    KeyStoreState.LOCKED: State.WARNING,
    KeyStoreState.UNAVAILABLE: State.BAD,
    KeyStoreState.REFUSED: State.BAD,
    KeyStoreState.ABSENT: State.NOT_APPLICABLE,
}


def print_identities(out: Console, views: Sequence[IdentityView], stores: Sequence[KeyStoreStatus]) -> None:
    """Print the table of identities, what to plan for, and how the key stores stand."""
    say = wording().text
    if not views:
        out.print(say(msg("There is no identity in this workspace; import one with: identity import FILE")))
    else:
        out.print(_table(views))
    for view in views:
        for advice in view.advice:
            out.print(Text(f"{visible(view.identity.name, 60)}: {say(advice)}"), soft_wrap=True)
    out.print()
    for store in stores:
        out.print(_store(store), soft_wrap=True)


def print_identity(out: Console, view: IdentityView, *, everything: bool) -> None:
    """Print one identity: what it can be used as, the facts, the advice, then what the rules say."""
    say = wording().text
    _print_verdicts(out, view)
    out.print()
    facts = Table.grid(padding=(0, 2, 0, 0))
    facts.add_column(style="bold", no_wrap=True)
    facts.add_column(overflow="fold")
    for label, value in _facts(view):
        facts.add_row(say(label), Text(value))
    out.print(facts)
    for advice in view.advice:
        out.print()
        out.print(Text(f"→ {say(advice)}"), soft_wrap=True)
    shown = (FindingStatus.FAIL, FindingStatus.WARN, FindingStatus.NOT_RUN)
    print_list_of_findings(out, [one for one in view.findings if everything or one.status in shown])


def print_check(out: Console, view: IdentityView, *, everything: bool, key_was_loaded: bool) -> None:
    """Print what an identity can be used as, and the rules that speak against it.

    Args:
        everything: also the rules that pass, do not apply or were not run; else they are counted.
        key_was_loaded: from its store, and it fits.
    """
    say = wording().text
    _print_verdicts(out, view)
    if key_was_loaded:
        out.print(marked(State.GOOD, say(msg("Its key is in its store, and fits."))), soft_wrap=True)
    shown = (FindingStatus.FAIL, FindingStatus.WARN)
    print_list_of_findings(out, [one for one in view.findings if everything or one.status in shown])
    if everything:
        return
    rest = msg(
        "Rules that were not run: {not_run}, that pass: {passed}, that do not apply: {not_applicable};"
        " --all shows them.",
        not_run=sum(one.status is FindingStatus.NOT_RUN for one in view.findings),
        passed=sum(one.status is FindingStatus.PASS for one in view.findings),
        not_applicable=sum(one.status is FindingStatus.NOT_APPLICABLE for one in view.findings),
    )
    out.print()
    out.print(Text(say(rest), style="dim"), soft_wrap=True)


def _print_verdicts(out: Console, view: IdentityView) -> None:
    say = wording().text
    for role, verdict in ((msg("Client"), view.client), (msg("Server"), view.server)):
        words = f"{say(role)}: {say(USABLE_WORDS[verdict.usable])}. {say(verdict.why)}"
        out.print(marked(USABLE_STATES[verdict.usable], words, bold=True), soft_wrap=True)


def print_consequences(out: Console, view: IdentityView) -> None:
    """Print what deleting an identity would mean for others."""
    out.print(Text(wording().text(consequences(view.use))), soft_wrap=True)


def consequences(use: IdentityUse) -> Message:
    """Say who uses an identity."""
    if not use.endpoints and not use.presented_to:
        return msg("No partner's endpoint names it, and it was presented to nobody in the last tests.")
    return msg(
        "{named} {presented}",
        named=msg_n(
            "{count} endpoint is tested with it, and is not tested until it names another.",
            "{count} endpoints are tested with it, and are not tested until they name another.",
            len(use.endpoints),
        ),
        presented=msg_n(
            "In the last tests it was presented to {count} partner; accepted by: {accepted}.",
            "In the last tests it was presented to {count} partners; accepted by: {accepted}.",
            use.presented_to,
            accepted=use.accepted_by,
        ),
    )


def print_preview(out: Console, preview: ImportPreview) -> None:
    """Print what files hold, key by key."""
    say = wording().text
    for candidate in preview.candidates:
        _print_candidate(out, candidate)
    for source in preview.locked:
        closed = msg("{file}: something stayed closed for want of its password.", file=source)
        out.print(marked(State.WARNING, say(closed)), soft_wrap=True)


def print_imported(out: Console, identities: Sequence[Identity]) -> None:
    """Print what was kept, and where."""
    for identity in identities:
        words = msg(
            "{name} was imported; its key is in: {store}.", name=identity.name, store=identity.key.store_title
        )
        out.print(marked(State.GOOD, wording().text(words)), soft_wrap=True)


def print_files(out: Console, files: Sequence[ExportedFile]) -> None:
    """Print what was written, and what to know about its place."""
    say = wording().text
    for file in files:
        words = msg("{file}: {holds}. It was read back.", file=file.path, holds=file.holds)
        out.print(marked(State.GOOD, say(words)), soft_wrap=True)
        for warning in file.warnings:
            out.print(marked(State.WARNING, say(warning)), soft_wrap=True)


def print_diagnosis(out: Console, diagnosis: P12Diagnosis) -> None:
    """Print a PKCS#12 file bag by bag, who opens it, and the advice."""
    say = wording().text
    headline = (
        msg("{file} opens.", file=diagnosis.source)
        if diagnosis.opened
        else msg("{file} did not open: give its password to see all of it.", file=diagnosis.source)
    )
    out.print(
        marked(State.GOOD if diagnosis.opened else State.WARNING, say(headline), bold=True), soft_wrap=True
    )
    for bag in diagnosis.bags:
        alias = f" ({visible(bag.alias, 60)})" if bag.alias else ""
        out.print(Text(f"  {say(bag.what)}{alias}: {say(bag.protection)}"), soft_wrap=True)
        if bag.problem is not None:
            out.print(Text("    ") + marked(State.BAD, say(bag.problem)), soft_wrap=True)
    mac = msg("none") if diagnosis.mac is None else diagnosis.mac
    out.print(Text(f"  {say(msg('MAC: {mac}', mac=mac))}"), soft_wrap=True)
    out.print()
    states = {True: State.GOOD, False: State.BAD, None: State.UNKNOWN}
    for opener in diagnosis.openers:
        out.print(marked(states[opener.opens], f"{opener.program}: {say(opener.why)}"), soft_wrap=True)
    for advice in diagnosis.advice:
        out.print()
        out.print(Text(f"→ {say(advice)}"), soft_wrap=True)


def _table(views: Sequence[IdentityView]) -> Table:
    say = wording().text
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for title in (msg("Name"), msg("Subject"), msg("Client"), msg("Server"), msg("Days"), msg("Key")):
        table.add_column(say(title), overflow="fold")
    for view in views:
        table.add_row(
            visible(view.identity.name, 40),
            Text(visible(view.identity.certificate.subject or view.identity.certificate.title, 60)),
            _usable(view.client.usable),
            _usable(view.server.usable),
            "–" if view.days_left is None else str(view.days_left),
            Text(f"{key_words(view.identity.key)}, {view.identity.key.store_title}"),
        )
    return table


def _usable(usable: Usable) -> Text:
    return marked(USABLE_STATES[usable], wording().text(USABLE_WORDS[usable]))


def _facts(view: IdentityView) -> list[tuple[Message, str]]:
    say, identity = wording().text, view.identity
    certificate = identity.certificate
    facts = [
        (msg("Name"), visible(identity.name)),
        (msg("Subject"), visible(certificate.subject or certificate.title)),
        (msg("Issuer"), visible(certificate.issuer or "?")),
        (msg("1R-IDs"), "\n".join(map(visible, view.one_record_ids)) or "–"),
        (msg("Valid until"), _until(view)),
        (msg("SHA-256"), certificate.sha256),
        (
            msg("Key"),
            f"{key_words(identity.key)}, {identity.key.store_title} ({identity.key.reference.store})",
        ),
        (msg("From"), visible(identity.source)),
        (msg("Used"), say(consequences(view.use))),
        (msg("Chain"), "\n".join(visible(one.title) for one in identity.certification_path)),
    ]
    if identity.renews is not None:
        facts.append((msg("Follows"), visible(identity.renews)))
    return facts


def _until(view: IdentityView) -> str:
    not_after = view.identity.certificate.not_after
    if not_after is None or view.days_left is None:
        return "?"
    left = msg_n("{count} day left", "{count} days left", view.days_left)
    return f"{not_after:%Y-%m-%d} ({wording().text(left)})"


def key_words(key: StoredKey) -> str:
    """Return a key in short: "EC P-256", "RSA 3072"."""
    return f"{key.algorithm} {key.curve or key.bits}"


def _store(status: KeyStoreStatus) -> Text:
    say = wording().text
    if status.problem is None:
        words = say(msg("{store} is ready.", store=status.title))
    else:
        words = say(msg("{store}: {problem}", store=status.title, problem=status.problem))
    if status.remedy is not None and status.state is not KeyStoreState.ABSENT:
        words = f"{words} {say(status.remedy)}"
    return marked(_STORE_STATES[status.state], words)


def _print_candidate(out: Console, candidate: ImportCandidate) -> None:
    say = wording().text
    key = candidate.key
    what = (
        "?"
        if key is None or key.algorithm is None
        else f"{key.algorithm} {key.curve or key.bits or ''}".strip()
    )
    subject = candidate.certification_path[0].title if candidate.certification_path else "–"
    head = f"{candidate.position + 1}. {visible(subject, 80)} ({what}), {visible(candidate.source)}"
    state = State.GOOD if candidate.can_be_imported and candidate.already_here is None else State.WARNING
    out.print(marked(state, head, bold=True), soft_wrap=True)
    for above in candidate.certification_path[1:]:
        out.print(Text(f"    ↑ {visible(above.title, 80)}"), soft_wrap=True)
    for facts, found in candidate.completed:
        out.print(Text(f"    + {visible(facts.title, 80)}: {say(found)}", style="dim"), soft_wrap=True)
    for place, problem in enumerate(candidate.problems):
        remedy = candidate.remedies[place] if place < len(candidate.remedies) else None
        words = say(problem) if remedy is None else f"{say(problem)} {say(remedy)}"
        out.print(Text("    ") + marked(State.BAD, words), soft_wrap=True)
    for remark in candidate.remarks:
        out.print(Text(f"    {say(remark)}", style="dim"), soft_wrap=True)
