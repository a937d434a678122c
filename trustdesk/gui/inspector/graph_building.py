"""From what the judge said to the chain graph: which card stands where, and what its chip says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.inspection import CertificateDetails
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.revocation import RevocationStatus
from trustdesk.core.untrusted import visible
from trustdesk.core.verification import DeadEnd, PathReport, Purpose, RuleCheck, Verification
from trustdesk.gui.dates import iso_date
from trustdesk.gui.inspector.chain_graph import CardRole, ChainGraph, GraphCard, GraphEdge
from trustdesk.gui.inspector.examination import Examination, best_path, failures_of
from trustdesk.gui.words import say
from trustdesk.services.board import State
from trustdesk.services.fingerprints import in_pairs

_MAX_CARDS = 48
_MAX_SUPERFLUOUS = 8
_MAX_ENDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What the drawing is made of, before anything has a place."""

    steps: dict[str, int]
    edges: dict[tuple[str, str], None]
    missing: dict[str, str]
    superfluous: tuple[str, ...]


def chain_graph(
    examination: Examination,
    trust_list: str,
    purpose: Purpose,
    details: dict[str, CertificateDetails] | None = None,
) -> ChainGraph:
    """Return the graph for a list and a purpose; empty while that is not judged.

    `details` are what is known of certificates that are open, for key identifiers.
    """
    verification = examination.verifications.get((trust_list, purpose))
    if verification is None:
        return ChainGraph()
    path = best_path(verification, trust_list) or (verification.paths[0] if verification.paths else None)
    everything = [
        report
        for (_name, asked), one in examination.verifications.items()
        if asked is purpose
        for report in one.paths
    ]
    found = _found(examination, verification, path, everything)
    kept, left_out = _bounded(found, path)
    rows = _rows(kept, found, path)
    on_path = frozenset(path.certificates) if path is not None else frozenset[str]()
    anchors = _anchors(everything, examination, kept)
    links = _cross_signed(examination, kept)
    failures = failures_of(path, examination.certificate) if path is not None else ()
    revoked = _revoked(everything)
    accepted = path is not None and path.anchor_list is not None and not failures and not on_path & revoked
    context = _Context(
        examination, trust_list, verification, failures, accepted, on_path, anchors, links, found, revoked
    )
    cards = tuple(_card(key, context, found.steps[key], rows[key]) for key in kept)
    shown = frozenset(kept)
    pairs = _pairs(path)
    # Where the way goes on to another list is no dead end for a graph that shows all lists.
    on_a_way = {one for report in everything if report.anchor_list is not None for one in report.certificates}
    ends = [end for end in verification.dead_ends if end.certificate not in on_a_way]
    edges = tuple(
        GraphEdge(
            below=below,
            above=above,
            is_highlighted=(below, above) in pairs,
            words=_edge_words(examination, below, above, details or {}),
        )
        for below, above in found.edges
        if below in shown and above in shown
    )
    return ChainGraph(
        cards=cards,
        edges=edges,
        heads=_heads(examination, cards, path),
        is_accepted=None if path is None else accepted,
        fact=_fact(everything, ends),
        left_out=left_out,
        ends=tuple(dict.fromkeys(say(end.reason) for end in ends))[:_MAX_ENDS],
    )


@dataclass(frozen=True, slots=True)
class _Context:
    examination: Examination
    trust_list: str
    verification: Verification
    failures: tuple[RuleCheck, ...]
    is_accepted: bool
    on_path: frozenset[str]
    anchors: dict[str, tuple[str, ...]]
    links: frozenset[str]
    found: _Found
    revoked: frozenset[str]


def _revoked(reports: Iterable[PathReport]) -> frozenset[str]:
    """Return the certificates that any path knows as revoked: they are that on every path."""
    return frozenset(
        check.certificate
        for report in reports
        for check in report.revocation
        if check.status is RevocationStatus.REVOKED
    )


def _found(
    examination: Examination,
    verification: Verification,
    path: PathReport | None,
    everything: Iterable[PathReport],
) -> _Found:
    leaf = examination.certificate.sha256
    steps: dict[str, int] = {leaf: 0}
    edges: dict[tuple[str, str], None] = {}
    reports = [path, *everything] if path is not None else list(everything)
    for report in reports:
        for step, digest in enumerate(report.certificates):
            steps[digest] = max(steps.get(digest, 0), step)
        edges |= dict.fromkeys(pairwise(report.certificates))
    missing: dict[str, str] = {}
    for end in verification.dead_ends:
        way = (*end.below, end.certificate)
        for step, digest in enumerate(way):
            steps[digest] = max(steps.get(digest, 0), step)
        edges |= dict.fromkeys(pairwise(way))
        if end.issuer is not None and not any(end.certificate in one.certificates[:-1] for one in reports):
            key = f"missing:{end.issuer}"
            missing[key] = end.issuer
            steps[key] = max(steps.get(key, 0), len(way))
            edges[(end.certificate, key)] = None
    # Other leaves of a file are chains of their own; a CA's certificate has no chain that somebody sent.
    superfluous = tuple(
        digest
        for digest in examination.came_along
        if digest not in steps
        and not examination.certificate.is_ca
        and (facts := examination.facts_of(digest)) is not None
        and facts.is_ca
    )
    for digest in superfluous:
        facts = examination.facts_of(digest)
        steps[digest] = 1 if facts is None or not facts.is_self_issued else max(1, *steps.values())
    # An issuer stands right of all that it issued, also where the ways to it are of different lengths.
    for _round in range(len(steps)):
        moved = False
        for below, above in edges:
            if steps[above] <= steps[below] < 32:
                steps[above] = steps[below] + 1
                moved = True
        if not moved:
            break
    return _Found(steps=steps, edges=edges, missing=missing, superfluous=superfluous)


def _bounded(found: _Found, path: PathReport | None) -> tuple[list[str], int]:
    first = list(path.certificates) if path is not None else []
    superfluous = frozenset(found.superfluous)
    linked = [key for key in found.steps if key not in superfluous]
    order = list(dict.fromkeys([*first, *linked]))[:_MAX_CARDS]
    order += list(found.superfluous)[:_MAX_SUPERFLUOUS]
    return order, len(found.steps) - len(order)


def _rows(kept: list[str], found: _Found, path: PathReport | None) -> dict[str, int]:
    main = frozenset(path.certificates) if path is not None else frozenset(kept[:1])
    rows: dict[str, int] = {key: 0 for key in kept if key in main}
    taken: dict[int, set[int]] = defaultdict(set)
    for key in rows:
        taken[found.steps[key]].add(0)
    below_of = {above: below for below, above in reversed(list(found.edges))}
    for key in kept:
        if key in rows:
            continue
        # A branch goes on in the row in which it began; the row of the path stays the path's own.
        below = below_of.get(key, "")
        # What is missing goes on where the path breaks off.
        goes_on = key in found.missing and path is not None and below == path.certificates[-1]
        row = 0 if goes_on else max(1, rows.get(below, 0))
        while row in taken[found.steps[key]]:
            row += 1
        rows[key] = row
        taken[found.steps[key]].add(row)
    return rows


def _card(key: str, context: _Context, column: int, row: int) -> GraphCard:
    examination = context.examination
    facts = examination.facts_of(key)
    highlighted = key in context.on_path
    role = _role(key, context)
    failing = [check for check in context.failures if check.certificate == key] if highlighted else []
    state, icon, word = _chip(key, context, role)
    revoked = key in context.revoked
    if revoked:
        state, icon, word = State.BAD, "bad", msg("Revoked")
    elif failing:
        state, icon, word = State.BAD, "bad", _failure_word(failing)
    title = visible(facts.title if facts is not None else context.found.missing.get(key, key), 80)
    second = "" if facts is None else _second_line(facts, context)
    if facts is None:
        second = say(msg("nobody has it"))
    chip = say(word)
    reason = say(failing[0].evidence) if failing else ""
    spoken = ", ".join(part for part in (title, second, chip, reason) if part)
    return GraphCard(
        key=key,
        title=title,
        second=second,
        chip=chip,
        chip_short=say(msg("On this list")) if state is State.GOOD else "",
        chip_icon=icon,
        state=state,
        role=role,
        column=column,
        row=row,
        is_highlighted=highlighted,
        fails=bool(failing) or revoked,
        is_cross_signed=key in context.links,
        spoken=spoken,
    )


def _role(key: str, context: _Context) -> CardRole:
    if key in context.found.missing:
        return CardRole.MISSING
    if any(key in report.fetched for report in context.verification.paths):
        return CardRole.FETCHED
    if key in context.found.superfluous:
        return CardRole.SUPERFLUOUS
    if key in context.anchors:
        return CardRole.ANCHOR
    return CardRole.SENT if key in context.examination.came_along else CardRole.BUILT


def _chip(key: str, context: _Context, role: CardRole) -> tuple[State | None, str, Message]:
    match role:
        case CardRole.MISSING:
            return State.WARNING, "warning", msg("Missing")
        case CardRole.FETCHED:
            return State.WARNING, "warning", msg("Missing, found by AIA")
        case CardRole.SUPERFLUOUS:
            return None, "unknown", msg("In the file, not needed")
        case CardRole.ANCHOR:
            return _anchor_chip(key, context)
        case CardRole.SENT if key in context.links:
            return None, "link", msg("Cross-sign")
        case CardRole.SENT:
            place = context.examination.came_along.index(key) + 1
            return None, "tick", msg("In the file, no. {place}", place=place)
        case CardRole.BUILT if key in context.links:
            return None, "link", msg("Cross-sign")
        case CardRole.BUILT:
            return None, "tick", msg("From another file")


def _anchor_chip(key: str, context: _Context) -> tuple[State | None, str, Message]:
    lists = context.anchors[key]
    here = context.trust_list in lists
    name = context.trust_list if here else lists[0]
    title = context.examination.title_of(name) or msg("{value}", value=name)
    facts = context.examination.facts_of(key)
    ends = None if facts is None else facts.not_after
    if key not in context.on_path and ends is not None and ends < context.verification.at:
        # Why this other way is none, as of an old root above a cross-certificate.
        return State.BAD, "bad", msg("Expired")
    if here and context.is_accepted and key in context.on_path:
        return State.GOOD, "good", msg("On {list}", list=title)
    if here:
        return None, "tick", msg("On {list}", list=title)
    return None, "globe", msg("Only on {list}", list=title)


def _failure_word(failing: list[RuleCheck]) -> Message:
    rules = {check.rule for check in failing}
    if rules == {"chain.anchor"}:
        return msg("No way to the list")
    if rules == {"validity.not_after"}:
        return msg("Expired")
    if rules == {"validity.not_before"}:
        return msg("Not yet valid")
    return msg_n("{count} rule fails", "{count} rules fail", len(failing))


def _second_line(facts: CertificateFacts, context: _Context) -> str:
    key = " ".join(str(part) for part in (facts.key_algorithm, facts.key_bits) if part)
    if facts.not_after is None:
        return visible(key) or say(msg("validity unknown"))
    at = context.verification.at
    if at > facts.not_after:
        return say(msg("expired {date}", date=iso_date(facts.not_after).strip("\u2068\u2069")))
    if facts.not_before is not None and at < facts.not_before:
        return say(msg("valid from {date}", date=iso_date(facts.not_before).strip("\u2068\u2069")))
    return say(
        msg("{key}, until {date}", key=key or "–", date=iso_date(facts.not_after).strip("\u2068\u2069"))
    )


def _anchors(
    reports: Iterable[PathReport], examination: Examination, kept: list[str]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for report in reports:
        if report.anchor_list is not None:
            found[report.certificates[-1]][report.anchor_list] = None
    for one in examination.lists:
        for digest in kept:
            if digest in one.anchors:
                found[digest][one.name] = None
    return {digest: tuple(names) for digest, names in found.items()}


def _cross_signed(examination: Examination, kept: list[str]) -> frozenset[str]:
    """Return the certificates that are not self-issued and share the name of another card that is a CA."""
    names: dict[str, list[CertificateFacts]] = defaultdict(list)
    for key in kept:
        facts = examination.facts_of(key)
        if facts is not None and facts.is_ca and facts.subject:
            names[facts.subject].append(facts)
    return frozenset(
        facts.sha256
        for group in names.values()
        if len(group) > 1
        for facts in group
        if not facts.is_self_issued
    )


def _pairs(path: PathReport | None) -> frozenset[tuple[str, str]]:
    if path is None:
        return frozenset()
    return frozenset(pairwise(path.certificates))


def _edge_words(
    examination: Examination, below: str, above: str, details: dict[str, CertificateDetails]
) -> str:
    lower, upper = examination.facts_of(below), examination.facts_of(above)
    if lower is None:
        return ""
    if upper is None:
        return say(msg("{name} names an issuer that nobody has.", name=lower.title))
    words = say(
        msg(
            "{issuer} signed {name} with {algorithm}.",
            issuer=upper.title,
            name=lower.title,
            algorithm=lower.signature_algorithm or "–",
        )
    )
    found = details.get(below)
    key_id = found.authority_key_id if found is not None else None
    if key_id is None:
        return words
    return f"{words} {say(msg('Key identifier {key_id}.', key_id=in_pairs(key_id)))}"


def _heads(
    examination: Examination, cards: tuple[GraphCard, ...], path: PathReport | None
) -> tuple[str, ...]:
    last = max((card.column for card in cards), default=-1)
    anchored = path is not None and path.anchor_list is not None
    root = len(path.certificates) - 1 if path is not None and anchored else last + 1
    heads = []
    for column in range(last + 1):
        if column == 0:
            word = msg("CA") if examination.certificate.is_ca else msg("Leaf")
        elif column == root:
            word = msg("Root")
        elif column > root:
            word = msg("Other issuer")
        else:
            word = msg("Issuing CA") if column == 1 else msg("CA")
        heads.append(say(word))
    return tuple(heads)


def _fact(reports: list[PathReport], ends: list[DeadEnd]) -> str:
    ways = {report.certificates for report in reports if report.anchor_list is not None}
    paths = say(msg_n("{count} path", "{count} paths", len(ways)))
    if not ends:
        return paths
    return f"{paths}, {say(msg_n('{count} dead end', '{count} dead ends', len(ends)))}"
