"""Dates at which trust in a CA changes: what lists say, what was decided here, what root programs announce.

Only what somebody said, each with its source: a CA without a date here is not thereby trusted for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import Message, msg
from trustdesk.core.trust import TrustList
from trustdesk.core.trust_decision import DecisionKind, LocalDecision
from trustdesk.core.trust_entry import AppliesTo, EntryKind, EntryStatus, ListEntry
from trustdesk.core.trust_impact import DropKind, RootDrop
from trustdesk.core.trust_version import ListVersion
from trustdesk.services.root_programs import Effect, RootPrograms
from trustdesk.services.trust_side import anchors_of

_ENDS_TRUST = {EntryStatus.DISTRUSTED, EntryStatus.WITHDRAWN, EntryStatus.SUSPENDED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Passers:
    """Whose path passes through a CA today: names of partners and of identities."""

    partners: tuple[str, ...] = ()
    identities: tuple[str, ...] = ()


NOBODY = Passers()


@dataclass(frozen=True, slots=True, kw_only=True)
class DropSources:
    """Where dates are taken from.

    Attributes:
        versions: applied versions of the lists in force.
        builtin: lists in force that have no versions: certifi's, and files of the session.
        decisions: that were made here.
        between: CA certificates of partners' and identities' paths that stand on no list.
        passers: whose path passes through a certificate, by its SHA-256.
        browser_roots: SHA-256 of the roots of the program whose schedule goes by age.
    """

    versions: Sequence[ListVersion] = ()
    builtin: Sequence[TrustList] = ()
    decisions: Sequence[LocalDecision] = ()
    between: Sequence[CertificateFacts] = ()
    passers: Mapping[str, Passers] = field(default_factory=lambda: MappingProxyType({}))
    browser_roots: frozenset[str] = frozenset()


def root_drops(sources: DropSources, programs: RootPrograms, at: datetime) -> tuple[RootDrop, ...]:
    """Return all dates that are known: the next first, then what is past, the latest first.

    Args:
        at: the instant that is judged for; what is before it is past.
    """
    found = [
        *(one for version in sources.versions for one in _of_version(version)),
        *(one for trust_list in sources.builtin for one in _of_list(trust_list)),
        *_of_decisions(sources.decisions),
        *(_expiry(facts, "", facts.issuer or "") for facts in sources.between),
        *_of_programs(programs, _certificates(sources), sources.browser_roots),
    ]
    known = {
        (one.at, one.kind, one.sha256, one.list_name, one.store): one for one in found if one is not None
    }
    passers = sources.passers
    drops = [
        replace(
            one,
            partners=passers.get(one.sha256, NOBODY).partners,
            identities=passers.get(one.sha256, NOBODY).identities,
            is_past=one.at <= at,
        )
        for one in known.values()
    ]
    coming = sorted((one for one in drops if not one.is_past), key=_order)
    return *coming, *sorted((one for one in drops if one.is_past), key=_order, reverse=True)


def _order(drop: RootDrop) -> tuple[datetime, str, str]:
    return drop.at, drop.subject.casefold(), drop.kind.value


def _of_version(version: ListVersion) -> Iterator[RootDrop | None]:
    name, source = version.list_name, version.reference
    next_update = version.content.next_update
    if next_update is not None and not version.content.is_closed:
        yield RootDrop(
            at=next_update,
            kind=DropKind.LIST_RUNS_OUT,
            sha256="",
            subject=version.content.title or name,
            what=msg(
                "The list {list} should have been replaced by a newer version by {at}.",
                list=name,
                at=next_update,
            ),
            source=source,
            list_name=name,
        )
    for entry in version.content.entries:
        if entry.kind is EntryKind.END_ENTITY:
            continue
        if entry.certificate is not None:
            yield _expiry(entry.certificate, name, source)
        yield from _distrust(entry, name, source)
        yield from _planned(entry, name, source)


def _of_list(trust_list: TrustList) -> Iterator[RootDrop | None]:
    source = trust_list.name
    for facts in anchors_of(trust_list):
        yield _expiry(facts, trust_list.name, source)
    for anchor in trust_list.limited:
        ca = anchor.certificate
        if anchor.distrust_after is not None:
            what = _issued_after(ca.title, trust_list.name, anchor.distrust_after)
            yield _drop(anchor.distrust_after, DropKind.DISTRUST_AFTER, ca, what, trust_list.name, source)
        if anchor.ends is not None:
            what = _nothing_after(ca.title, trust_list.name, anchor.ends)
            yield _drop(anchor.ends, DropKind.DISTRUST_NOW, ca, what, trust_list.name, source)


def _distrust(entry: ListEntry, name: str, source: str) -> Iterator[RootDrop]:
    date = entry.distrust.tls_after
    if date is None:
        return
    if entry.distrust.applies_to is AppliesTo.NOW:
        kind, what = DropKind.DISTRUST_NOW, _nothing_after(_title(entry), name, date)
    else:
        kind, what = DropKind.DISTRUST_AFTER, _issued_after(_title(entry), name, date)
    yield _of_entry(entry, date, kind, what, name, source)


def _planned(entry: ListEntry, name: str, source: str) -> Iterator[RootDrop]:
    """Yield from when the list takes trust away, where its status or its history has such a date."""
    changes = [(entry.status, entry.status_since), *((one.status, one.since) for one in entry.history)]
    for status, since in changes:
        if status in _ENDS_TRUST and since is not None:
            what = msg("The list {list} takes {ca} out on {at}.", list=name, ca=_title(entry), at=since)
            yield _of_entry(entry, since, DropKind.REMOVAL, what, name, source)


def _of_decisions(decisions: Iterable[LocalDecision]) -> Iterator[RootDrop]:
    for one in decisions:
        if one.expires is None:
            continue
        if one.kind is DecisionKind.DISTRUST:
            what = msg(
                "The distrust of {ca} that {by} decided is over on {at}.",
                ca=one.subject,
                by=one.by,
                at=one.expires,
            )
        else:
            what = msg(
                "The limit on {ca} that {by} decided is over on {at}.",
                ca=one.subject,
                by=one.by,
                at=one.expires,
            )
        yield RootDrop(
            at=one.expires,
            kind=DropKind.DECISION_ENDS,
            sha256=one.sha256,
            subject=one.subject,
            what=what,
            source=one.by,
        )


def _of_programs(
    programs: RootPrograms, certificates: Mapping[str, CertificateFacts], browser_roots: frozenset[str]
) -> Iterator[RootDrop]:
    for fact in programs.facts:
        if fact.effect is Effect.CLIENT_AUTH_ENDS:
            yield RootDrop(
                at=fact.at,
                kind=DropKind.BROWSER_STORE,
                sha256="",
                subject="clientAuth",
                what=fact.says_of(""),
                source=_address(fact.source, fact.section),
                store=fact.store,
            )
            continue
        for facts in certificates.values():
            if fact.is_about(facts):
                yield _of_program(
                    facts, fact.at, fact.says_of(facts.title), fact.store, _address(fact.source, fact.section)
                )
    for digest in browser_roots & certificates.keys():
        facts = certificates[digest]
        by_age = programs.schedule.fact_for(facts)
        if by_age is not None:
            yield _of_program(
                facts,
                by_age.at,
                by_age.says_of(facts.title),
                by_age.store,
                _address(by_age.source, by_age.section),
            )


def _certificates(sources: DropSources) -> dict[str, CertificateFacts]:
    entries = (entry.certificate for one in sources.versions for entry in one.content.entries)
    found = {facts.sha256: facts for facts in entries if facts is not None}
    found |= {facts.sha256: facts for one in sources.builtin for facts in anchors_of(one)}
    return found | {facts.sha256: facts for facts in sources.between}


def _expiry(facts: CertificateFacts, name: str, source: str) -> RootDrop | None:
    if facts.not_after is None:
        return None
    what = msg("The certificate of {ca} expires on {at}.", ca=facts.title, at=facts.not_after)
    return _drop(facts.not_after, DropKind.EXPIRES, facts, what, name, source)


def _issued_after(ca: str, name: str, at: datetime) -> Message:
    return msg("The list {list} does not trust what {ca} issued after {at}.", list=name, ca=ca, at=at)


def _nothing_after(ca: str, name: str, at: datetime) -> Message:
    return msg("The list {list} trusts nothing below {ca} from {at} on.", list=name, ca=ca, at=at)


def _drop(
    at: datetime, kind: DropKind, facts: CertificateFacts, what: Message, name: str, source: str
) -> RootDrop:
    return RootDrop(
        at=at, kind=kind, sha256=facts.sha256, subject=facts.title, what=what, source=source, list_name=name
    )


def _of_entry(
    entry: ListEntry, at: datetime, kind: DropKind, what: Message, name: str, source: str
) -> RootDrop:
    return RootDrop(
        at=at, kind=kind, sha256=entry.sha256, subject=_title(entry), what=what, source=source, list_name=name
    )


def _of_program(facts: CertificateFacts, at: datetime, what: Message, store: str, source: str) -> RootDrop:
    return RootDrop(
        at=at,
        kind=DropKind.BROWSER_STORE,
        sha256=facts.sha256,
        subject=facts.title,
        what=what,
        source=source,
        store=store,
    )


def _address(source: str, section: str) -> str:
    return f"{source}, {section}" if section else source


def _title(entry: ListEntry) -> str:
    return entry.certificate.title if entry.certificate is not None else entry.subject
