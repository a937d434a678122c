"""Two things that a list says of one certificate, into one entry: the stricter counts, and both are told."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from trustdesk.core.trust import AnchorLimits
from trustdesk.core.trust_entry import AnchorMode, Distrust, EntryStatus, ListEntry, StatusChange, Usage

T = TypeVar("T")

_STRICTNESS = (
    EntryStatus.TRUSTED,
    EntryStatus.TRUSTED_UNTIL,
    EntryStatus.PENDING,
    EntryStatus.UNKNOWN,
    EntryStatus.SUSPENDED,
    EntryStatus.WITHDRAWN,
    EntryStatus.DISTRUSTED,
)


def stricter(first: EntryStatus, second: EntryStatus) -> EntryStatus:
    """Return whichever of two statuses trusts less."""
    return max(first, second, key=_STRICTNESS.index)


def merged(first: ListEntry, second: ListEntry) -> ListEntry:
    """Return one entry for two of the same certificate.

    Usages are those of both; the status is the stricter one; dates are the earlier, limits those of both
    where one has none, and the other's status stands in the history. Limits that differ cannot be said in
    one entry: it is suspended then.
    """
    status = stricter(first.status, second.status)
    kept, other = (first, second) if first.status is status else (second, first)
    limits = _limits(first.constraints, second.constraints)
    if limits is None:
        status = stricter(status, EntryStatus.SUSPENDED)
    history = (*kept.history, *other.history)
    if other.status is not kept.status:
        beside = StatusChange(
            status=other.status, since=other.status_since, source=", ".join(other.roles) or other.notes
        )
        history = (*kept.history, beside, *other.history)
    is_anchor = first.anchor_mode is second.anchor_mode
    return replace(
        kept,
        anchor_mode=first.anchor_mode if is_anchor else AnchorMode.NOT_ANCHOR,
        usages=_usages(first.usages, second.usages),
        status=status,
        history=history,
        distrust=_distrust(first.distrust, second.distrust),
        constraints=kept.constraints if limits is None else limits,
        roles=_both(first.roles, second.roles),
        audits=_both(first.audits, second.audits),
        revocation_urls=_both(first.revocation_urls, second.revocation_urls),
        caa_domains=_both(first.caa_domains, second.caa_domains),
        notes="\n".join(_both((first.notes,), (second.notes,))).strip(),
        stores=_both(first.stores, second.stores),
    )


def _usages(first: frozenset[Usage] | None, second: frozenset[Usage] | None) -> frozenset[Usage] | None:
    if first is None or second is None:
        # "Not decided" beside "for this": what is said counts. Beside "for nothing" it stays open.
        return (first or second) or None
    return first | second


def _limits(first: AnchorLimits, second: AnchorLimits) -> AnchorLimits | None:
    nothing = AnchorLimits()
    if second in (first, nothing):
        return first
    return second if first == nothing else None


def _distrust(first: Distrust, second: Distrust) -> Distrust:
    return replace(
        first,
        tls_after=min((date for date in (first.tls_after, second.tls_after) if date), default=None),
        smime_after=min((date for date in (first.smime_after, second.smime_after) if date), default=None),
        sct_not_after=min(
            (date for date in (first.sct_not_after, second.sct_not_after) if date), default=None
        ),
    )


def _both(first: tuple[T, ...], second: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*first, *second)))
