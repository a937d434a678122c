"""From what lists say and what people here decided to what a judge takes.

Decisions:
- 2026-11: only the status trusted, and trusted until a date that the list gives, let anything be trusted.
  What a list calls distrusted, withdrawn or suspended is distrusted on all lists that judge together; pending
  and unknown vouch for nothing on this one.
- 2026-11: a list's date of distrust holds for its key, whatever other list in force names it without a date:
  a bundle that lost the dates on its way is no reason to forget them.
- 2026-11: a limit on usage is a distrust for all other purposes. It holds by key too, and a broken seal takes
  nothing from it: so it can never widen anything.
- 2026-11: an entry that is not self-issued, and that the list does not allow as end of a path, helps to build
  paths and ends none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import Message, msg
from trustdesk.core.trust import (
    NO_LIMITS,
    DistrustedKey,
    LeftOut,
    TrustAnchor,
    TrustList,
    TrustListOrigin,
)
from trustdesk.core.trust_decision import DecisionKind, LocalDecision
from trustdesk.core.trust_entry import AnchorMode, AppliesTo, EntryKind, EntryStatus, ListEntry, Usage
from trustdesk.core.trust_version import ListVersion
from trustdesk.core.verification import Purpose
from trustdesk.services.trust_words import joined
from trustdesk.verify.anchor_candidates import may_be_anchor
from trustdesk.verify.decoded import decode
from trustdesk.verify.outline import outline
from trustdesk.verify.path_policy import NO_POLICY, PathPolicy, policy_of
from trustdesk.verify.path_sources import index_keys

USES = {Usage.TLS_SERVER: Purpose.SERVER, Usage.TLS_CLIENT: Purpose.CLIENT}
"""The usages that are judged here; the others are kept and shown."""

VOUCHING = frozenset({EntryStatus.TRUSTED, EntryStatus.TRUSTED_UNTIL})

_FOR_ALL_LISTS = frozenset({EntryStatus.DISTRUSTED, EntryStatus.WITHDRAWN, EntryStatus.SUSPENDED})
_EVERYTHING = frozenset(Purpose)


def judgeable(
    version: ListVersion, decisions: Sequence[LocalDecision] = (), at: datetime | None = None
) -> TrustList:
    """Return a version as a judge takes it, with what was decided here.

    Args:
        at: the instant that is judged for: decisions that are over by then are left out. None keeps them with
            their ends, so that the list is right for any instant.
    """
    parts = _Parts(version.list_name)
    for entry in version.content.entries:
        parts.take(entry)
    return with_decisions(
        TrustList(
            name=version.list_name,
            title=_title(version),
            origin=TrustListOrigin.IMPORTED,
            anchors=tuple(parts.plain),
            limited=tuple(parts.limited),
            left_out=tuple(parts.left_out),
            intermediates=tuple(parts.intermediates),
            distrusted=tuple(parts.distrusted),
            version=version.number,
        ),
        decisions,
        at,
    )


def with_decisions(
    trust_list: TrustList, decisions: Sequence[LocalDecision], at: datetime | None = None
) -> TrustList:
    """Return any list with what was decided here; nothing of it is ever trusted more.

    Args:
        at: as for `judgeable`.
    """
    distrusted = tuple(
        key
        for decision in decisions
        if at is None or decision.holds_at(at)
        if (key := _decided(decision)) is not None
    )
    return replace(trust_list, distrusted=(*trust_list.distrusted, *distrusted)) if distrusted else trust_list


def purposes_of(usages: frozenset[Usage] | None) -> frozenset[Purpose]:
    """Return what usages are judged as; undecided ones count for both (LST-12 warns), none for nothing."""
    if usages is None:
        return _EVERYTHING
    return frozenset(USES[usage] for usage in usages if usage in USES)


def vouching(trust_list: TrustList, at: datetime) -> frozenset[str]:
    """Return the digests of a list's anchors that are not distrusted as such at an instant."""
    policy = policy_of([trust_list])
    return frozenset(
        anchor.certificate.sha256
        for anchor in trust_list.trust_anchors
        if not anchor.distrusted
        and (anchor.ends is None or at < anchor.ends)
        and not is_distrusted_for_all(anchor.certificate, policy, at)
    )


def is_distrusted_for_all(facts: CertificateFacts, policy: PathPolicy, at: datetime) -> bool:
    """Whether a CA or its key is distrusted at an instant, for whatever it vouches for."""
    if policy is NO_POLICY or not policy.may_distrust(facts.sha256, index_keys(facts)[2]):
        return False
    anchor = decode(facts)
    return policy.distrust_of(anchor, anchor, at, None) is not None


def _title(version: ListVersion) -> Message:
    title = version.content.title
    if not title or title == version.list_name:
        return msg("{list}, version {number}", list=version.list_name, number=version.number)
    return msg(
        "{list}, version {number}: {title}", list=version.list_name, number=version.number, title=title
    )


def _decided(decision: LocalDecision) -> DistrustedKey | None:
    by, on, reason = decision.by, decision.at, decision.reason
    if decision.kind is DecisionKind.DISTRUST:
        purposes, why = (
            _EVERYTHING,
            msg("Decided here by {by} on {at}: {reason}", by=by, at=on, reason=reason),
        )
    else:
        purposes = _EVERYTHING - purposes_of(decision.usages)
        why = msg(
            "Limited here by {by} on {at} to {usages}: {reason}",
            by=by,
            at=on,
            usages=_limited_to(decision.usages),
            reason=reason,
        )
    if not purposes:
        return None
    return DistrustedKey(
        sha256=decision.sha256,
        spki_sha256=decision.spki_sha256,
        why=why,
        # Whoever breaks a seal must not be able to end what it was on.
        ends=None if decision.sealed is False else decision.expires,
        purposes=purposes,
    )


def _limited_to(usages: frozenset[Usage]) -> Message:
    return joined([_USAGE_WORDS[usage] for usage in Usage if usage in usages]) if usages else msg("nothing")


@dataclass(slots=True)
class _Parts:
    """The entries of a version, sorted by what they are to a judge."""

    list_name: str
    plain: list[CertificateFacts] = field(default_factory=list)
    limited: list[TrustAnchor] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    intermediates: list[CertificateFacts] = field(default_factory=list)
    distrusted: list[DistrustedKey] = field(default_factory=list)

    def take(self, entry: ListEntry) -> None:
        self.distrusted.extend(self._distrusts(entry))
        facts = entry.certificate
        if facts is None:
            missing = CertificateFacts(der=b"", sha256=entry.sha256, subject=entry.subject or None)
            self._leave_out(missing, _NO_CERTIFICATE)
        elif entry.kind is EntryKind.END_ENTITY or not may_be_anchor(facts):
            self._leave_out(facts, _VOUCHES_FOR_NOBODY)
        elif not _may_end_paths(entry, facts):
            if entry.status in VOUCHING:
                self.intermediates.append(facts)
            else:
                self._leave_out(facts, self._status(entry))
        else:
            self._take_anchor(entry, facts)

    def _take_anchor(self, entry: ListEntry, facts: CertificateFacts) -> None:
        uses = purposes_of(entry.usages)
        has_no_date = entry.status is EntryStatus.TRUSTED_UNTIL and entry.distrust.tls_after is None
        is_distrusted = entry.status not in VOUCHING or has_no_date
        until = entry.distrust.tls_after
        at_once = entry.distrust.applies_to is AppliesTo.NOW
        if uses == _EVERYTHING and not is_distrusted and until is None and entry.constraints == NO_LIMITS:
            self.plain.append(facts)
            return
        why = None
        if is_distrusted:
            why = _NO_DATE if has_no_date else self._status(entry)
        self.limited.append(
            TrustAnchor(
                certificate=facts,
                uses=uses,
                distrusted=is_distrusted,
                distrust_after=None if at_once else until,
                ends=until if at_once else None,
                limits=entry.constraints,
                why=why,
            )
        )

    def _distrusts(self, entry: ListEntry) -> Iterator[DistrustedKey]:
        """Yield what this list says against an entry, for all lists that judge together."""
        after = entry.distrust.tls_after
        if entry.status in _FOR_ALL_LISTS:
            yield DistrustedKey(sha256=entry.sha256, spki_sha256=usual_key_of(entry), why=self._status(entry))
        elif after is not None:
            at_once = entry.distrust.applies_to is AppliesTo.NOW
            yield DistrustedKey(
                sha256=entry.sha256,
                spki_sha256=usual_key_of(entry),
                why=msg("The list {list} distrusts it from {after} on.", list=self.list_name, after=after),
                begins=after if at_once else None,
                issued_after=None if at_once else after,
            )

    def _status(self, entry: ListEntry) -> Message:
        """Say how the list stands to an entry, with date and reason where it gives them."""
        said = _STATUS[entry.status]
        current = next((one for one in entry.history if one.status is entry.status), None)
        since = entry.status_since or (current.since if current is not None else None)
        words = (
            msg("The list {list} has it as {status}.", list=self.list_name, status=said)
            if since is None
            else msg(
                "The list {list} has it as {status} since {since}.",
                list=self.list_name,
                status=said,
                since=since,
            )
        )
        if current is not None and current.reason:
            return msg("{said} Its reason: {reason}", said=words, reason=current.reason)
        return words

    def _leave_out(self, facts: CertificateFacts, reason: Message) -> None:
        self.left_out.append(LeftOut(certificate=facts, reason=reason))


def usual_key_of(entry: ListEntry) -> str | None:
    """Return the digest of an entry's key as it is usually written, by which all encodings are found."""
    keys = () if entry.certificate is None else outline(entry.certificate.der).key_digests
    return keys[-1] if keys else entry.spki_sha256


def _may_end_paths(entry: ListEntry, facts: CertificateFacts) -> bool:
    match entry.anchor_mode:
        case AnchorMode.PARTIAL_CHAIN_ALLOWED:
            return True
        case AnchorMode.FULL_CHAIN:
            return facts.is_self_issued
        case AnchorMode.NOT_ANCHOR:
            return False


_NO_CERTIFICATE = msg("The list names it by its digest alone; without the certificate it is no anchor.")
_VOUCHES_FOR_NOBODY = msg("It is the certificate of a server or client, which vouches for nobody.")
_NO_DATE = msg("The list trusts it up to a date, and does not say which.")
_USAGE_WORDS = {
    Usage.TLS_SERVER: msg("servers"),
    Usage.TLS_CLIENT: msg("clients"),
    Usage.IDP_SIGNING: msg("identity providers"),
    Usage.EMAIL: msg("e-mail"),
    Usage.LIST_SIGNING: msg("signing of lists"),
}
_STATUS = {
    EntryStatus.TRUSTED: msg("trusted"),
    EntryStatus.TRUSTED_UNTIL: msg("trusted until a date"),
    EntryStatus.DISTRUSTED: msg("distrusted"),
    EntryStatus.WITHDRAWN: msg("withdrawn"),
    EntryStatus.SUSPENDED: msg("suspended"),
    EntryStatus.PENDING: msg("pending"),
    EntryStatus.UNKNOWN: msg("of unknown standing"),
}
