"""What is in some files, for people: the items as a table, then what each certificate can be used as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter

from rich.console import Console
from rich.table import Table
from rich.text import Text

from trustdesk.cli.render import marked
from trustdesk.cli.render_verification import judged_by
from trustdesk.core.inspection import InspectedItem, Inspection, ItemKind, Usability, UsableAs
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.trust import TrustList
from trustdesk.core.untrusted import visible
from trustdesk.services.board import State
from trustdesk.services.wording import wording

_MAX_VERDICTS = 50
"""Certificates whose verdicts are printed at length; the document of `--json` has all."""

_KINDS = {
    ItemKind.CERTIFICATE: msg("certificate"),
    ItemKind.PRIVATE_KEY: msg("private key"),
    ItemKind.CSR: msg("certificate request"),
    ItemKind.CRL: msg("revocation list"),
    ItemKind.PKCS12: msg("PKCS#12 container"),
    ItemKind.PKCS7: msg("PKCS#7 bundle"),
    ItemKind.JKS: msg("Java key store"),
    ItemKind.UNKNOWN: msg("cannot be read"),
}


def print_inspection(
    out: Console,
    inspection: Inspection,
    usable: Mapping[str, UsableAs],
    trust_lists: Sequence[TrustList],
) -> None:
    """Print the verdicts of each end entity, then the items of each file with what is wrong with them.

    Args:
        trust_lists: those that were judged by.
    """
    say = wording().text
    end_entities = _end_entities(inspection)
    for item in end_entities[:_MAX_VERDICTS]:
        _print_verdicts(out, item, usable)
    if end_entities:
        out.print(Text(say(judged_by(trust_lists)), style="dim"), soft_wrap=True)
        out.print()
    if len(end_entities) > _MAX_VERDICTS:
        more = len(end_entities) - _MAX_VERDICTS
        left_out = msg_n(
            "{count} more certificate: --json shows its verdicts.",
            "{count} more certificates: --json shows their verdicts.",
            more,
        )
        out.print(Text(say(left_out)), soft_wrap=True)
        out.print()
    for source, items in groupby(inspection.items, key=attrgetter("source")):
        out.print(Text(visible(source), style="bold"), soft_wrap=True)
        out.print(_table(tuple(items)))
    for problem in inspection.problems:
        out.print(marked(State.WARNING, say(problem)), soft_wrap=True)


def _end_entities(inspection: Inspection) -> list[InspectedItem]:
    """Return the certificates of servers and clients, each once; those of CAs where there are no others."""
    items = {item.certificate.facts.sha256: item for item in inspection.items if item.certificate is not None}
    leaves = [item for item in items.values() if item.certificate and not item.certificate.facts.is_ca]
    return leaves or list(items.values())


def _print_verdicts(out: Console, item: InspectedItem, usable: Mapping[str, UsableAs]) -> None:
    details = item.certificate
    if details is None:
        return
    verdicts = usable[details.facts.sha256]
    out.print(Text(visible(details.facts.subject or details.facts.title), style="bold"), soft_wrap=True)
    out.print(_verdict(msg("Can be used as a ONE Record server"), verdicts.server), soft_wrap=True)
    out.print(_verdict(msg("Can be used as a ONE Record client"), verdicts.client), soft_wrap=True)
    out.print()


def _verdict(what: Message, usability: Usability) -> Text:
    say = wording().text
    if usability.usable:
        words = msg("{what}: yes, {why}", what=what, why=usability.why)
        return Text("  ").append_text(marked(State.GOOD, _sentence(say(words))))
    words = msg("{what}: no, {why}", what=what, why=usability.why)
    return Text("  ").append_text(marked(State.BAD, _sentence(say(words))))


def _sentence(words: str) -> str:
    return words if words.endswith(".") else f"{words}."


def _table(items: Sequence[InspectedItem]) -> Table:
    say = wording().text
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column(say(msg("Item")), no_wrap=True)
    table.add_column(say(msg("What it says")), overflow="fold")
    table.add_column(say(msg("Valid until")), no_wrap=True)
    table.add_column("SHA-256", no_wrap=True)
    for item in items:
        state = State.BAD if item.kind is ItemKind.UNKNOWN else State.WARNING if item.problems else None
        kind = say(_KINDS[item.kind])
        facts = item.certificate.facts if item.certificate is not None else None
        ends = facts.not_after if facts is not None else item.crl.next_update if item.crl else None
        digest = next((one.sha256 for one in (facts, item.csr, item.crl) if one is not None), "")
        lines = [say(problem) for problem in item.problems]
        if item.kind is not ItemKind.UNKNOWN or not lines:
            lines.insert(0, say(_contents(item)))
        table.add_row(
            str(item.position),
            marked(state, kind) if state is not None else Text(f"  {kind}"),
            Text("\n".join(lines)),
            "" if ends is None else ends.strftime("%Y-%m-%d"),
            digest[:16],
        )
    return table


def _contents(item: InspectedItem) -> Message:
    """Say in a few words what an item says, and what its container calls it."""
    if item.alias:
        return msg("{contents}, called {alias}", contents=_own_contents(item), alias=item.alias)
    return _own_contents(item)


def _own_contents(item: InspectedItem) -> Message:
    if item.certificate is not None:
        facts = item.certificate.facts
        role = msg("CA: {subject}", subject=facts.subject or facts.title)
        return role if facts.is_ca else msg("{subject}", subject=facts.subject or facts.title)
    if item.csr is not None:
        return msg("{subject}", subject=item.csr.subject or "?")
    if item.crl is not None:
        return msg("{issuer}: {count} entries", issuer=item.crl.issuer or "?", count=item.crl.count or 0)
    if item.key is not None:
        key = f"{item.key.algorithm or '?'} {item.key.curve or item.key.bits or ''}".strip()
        if item.key.encrypted:
            return msg("{key}, {form}, under a password", key=key, form=item.key.form)
        return msg("{key}, {form}, without a password", key=key, form=item.key.form)
    if item.count is not None:
        return msg_n("holds {count} item", "holds {count} items", item.count)
    return msg("nothing that is known")
