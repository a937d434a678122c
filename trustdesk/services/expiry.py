"""Everything that ends, put together from the workspace: certificates, lists, and decisions for a time.

Nothing is judged here: ends are what certificates and lists say of themselves, and what people decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import NameOID

from trustdesk.core.certificate_request import RequestCase
from trustdesk.core.expiry import Ending, EndingKind, Endings, Nearness, in_order, nearness
from trustdesk.core.identity import Identity
from trustdesk.core.message import msg
from trustdesk.core.trust import TrustList, TrustListOrigin
from trustdesk.core.trust_decision import LocalDecision
from trustdesk.core.trust_version import ListSummary
from trustdesk.core.workspace_settings import ExpiryThresholds
from trustdesk.services.expiry_timeline import TimelineReader
from trustdesk.services.expiry_values import Expiry, JudgingList
from trustdesk.services.timeline_values import TimelineGroup, Validity
from trustdesk.services.trust_side import anchors_of
from trustdesk.storage.kept_lists import KeptList, KeptLists
from trustdesk.storage.requests import request_cases
from trustdesk.storage.trust_lists import TrustLists
from trustdesk.storage.workspace import Workspace

_KINDS = {
    TimelineGroup.PARTNERS: EndingKind.PARTNER,
    TimelineGroup.IDENTITIES: EndingKind.IDENTITY,
    TimelineGroup.AUTHORITIES: EndingKind.AUTHORITY,
}


class ExpiryReader:
    """Reads it all; blocks."""

    def __init__(
        self,
        workspace: Workspace,
        timeline: TimelineReader,
        *,
        identities: Callable[[], Sequence[Identity]],
        decisions: Callable[[], Sequence[LocalDecision]],
        thresholds: Callable[[], ExpiryThresholds],
    ) -> None:
        """Take what others own.

        Args:
            identities: those that are kept; may block.
            decisions: that were made here about certificates.
            thresholds: that the workspace has agreed on; may block.
        """
        self._workspace = workspace
        self._timeline = timeline
        self._crls = KeptLists(workspace)
        self._versions = TrustLists(workspace)
        self._identities = identities
        self._decisions = decisions
        self._thresholds = thresholds

    def read(self, lists: Sequence[TrustList], at: datetime) -> Expiry:
        """Read everything that ends, as of an instant.

        Args:
            lists: those in force.
        """
        thresholds = self._thresholds()
        found = self._timeline.read(lists, at)
        dated = (*_of_lists(self._versions.summaries().result()), *_of_crls(self._crls.all().result()))
        cases: tuple[RequestCase, ...] = self._workspace.submit(request_cases).result()
        followed = {one.name for one in self._identities() if one.renewed_by is not None}
        anchors = {facts.sha256 for one in lists for facts in anchors_of(one)}
        endings = (
            *_of_validities(found.validities, at, thresholds, followed=followed, anchors=anchors),
            *_of_dated(dated, at, thresholds),
            *_of_cases(cases, at, thresholds),
            *_of_decisions(self._decisions(), at, thresholds),
        )
        return Expiry(
            timeline=replace(
                found, validities=(*found.validities, *_of_requests(cases), *dated), thresholds=thresholds
            ),
            endings=Endings(at=at, thresholds=thresholds, all=in_order(endings)),
            in_force=tuple(
                JudgingList(
                    name=one.name,
                    title=one.title,
                    is_public_web=one.origin is TrustListOrigin.PUBLIC_WEB,
                )
                for one in lists
            ),
        )


def _of_validities(
    validities: Iterable[Validity],
    at: datetime,
    thresholds: ExpiryThresholds,
    *,
    followed: set[str],
    anchors: set[str],
) -> Iterator[Ending]:
    for one in validities:
        near = nearness(one.begins, one.ends, at, thresholds)
        is_over = near is Nearness.ENDED and one.sha256 in anchors
        yield Ending(
            kind=_KINDS[one.group],
            name=one.name,
            place=one.place,
            sha256=one.sha256,
            begins=one.begins,
            ends=one.ends,
            nearness=near,
            is_settled=(one.group is TimelineGroup.AUTHORITIES and is_over)
            or (one.group is TimelineGroup.IDENTITIES and one.name in followed),
        )


def _of_lists(summaries: Iterable[ListSummary]) -> Iterator[Validity]:
    """Yield the trust lists in force that say when their next version is due."""
    for one in summaries:
        applied = one.applied
        if one.in_force and not one.is_builtin and applied is not None and applied.next_update is not None:
            yield Validity(
                group=TimelineGroup.LISTS,
                name=one.name,
                role=_TRUST_LIST,
                sha256="",
                begins=applied.issued_at or applied.kept_at,
                ends=applied.next_update,
            )


def _of_crls(kept: Iterable[KeptList]) -> Iterator[Validity]:
    for one in kept:
        yield Validity(
            group=TimelineGroup.LISTS,
            name=_short(one.issuer) or one.source,
            role=_REVOCATION_LIST,
            sha256=one.sha256,
            begins=one.this_update,
            ends=one.next_update,
        )


def _short(name: str | None) -> str:
    """Return the common name of an RFC 4514 name, else all of it; "" for None."""
    try:
        found = x509.Name.from_rfc4514_string(name or "").get_attributes_for_oid(NameOID.COMMON_NAME)
    except ValueError:
        return name or ""
    return str(found[0].value) if found else name or ""


def _of_dated(validities: Iterable[Validity], at: datetime, thresholds: ExpiryThresholds) -> Iterator[Ending]:
    for one in validities:
        yield Ending(
            kind=EndingKind.REVOCATION_LIST if one.sha256 else EndingKind.TRUST_LIST,
            name=one.name,
            sha256=one.sha256,
            begins=one.begins,
            ends=one.ends,
            nearness=nearness(one.begins, one.ends, at, thresholds),
        )


def _of_requests(cases: Iterable[RequestCase]) -> Iterator[Validity]:
    """Yield the same certificates to be drawn: they are ours, wherever their keys are."""
    for case in cases:
        facts = case.certificate
        if facts is not None and case.identity is None:
            is_client = "clientAuth" in (facts.extended_key_usage or ())
            yield Validity(
                group=TimelineGroup.IDENTITIES,
                name=case.name,
                role=_CLIENT if is_client else _SERVER,
                sha256=facts.sha256,
                begins=facts.not_before,
                ends=facts.not_after,
                certificate=facts,
            )


def _of_cases(cases: Iterable[RequestCase], at: datetime, thresholds: ExpiryThresholds) -> Iterator[Ending]:
    """Yield certificates that came for requests whose keys are elsewhere: no identity stands for them."""
    for case in cases:
        facts = case.certificate
        if facts is not None and case.identity is None:
            yield Ending(
                kind=EndingKind.REQUEST,
                name=case.name,
                place=case.partner or "",
                sha256=facts.sha256,
                begins=facts.not_before,
                ends=facts.not_after,
                nearness=nearness(facts.not_before, facts.not_after, at, thresholds),
            )


def _of_decisions(
    decisions: Iterable[LocalDecision], at: datetime, thresholds: ExpiryThresholds
) -> Iterator[Ending]:
    for one in decisions:
        if one.expires is None or one.sealed is False:
            continue  # It holds for good.
        # A decision is announced by days whatever it was made for: nobody renews it in time by itself.
        near = nearness(None, one.expires, at, thresholds)
        yield Ending(
            kind=EndingKind.DECISION,
            name=one.subject,
            sha256=one.sha256,
            begins=one.at,
            ends=one.expires,
            nearness=near,
            is_settled=near is Nearness.ENDED,
        )


_SERVER, _CLIENT = msg("server"), msg("client")
_TRUST_LIST, _REVOCATION_LIST = msg("trust list"), msg("revocation list")
