"""What surrounds the last test of an endpoint, put together for its review: readiness, history, ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from trustdesk.core.diagnosis import Diagnosis
from trustdesk.core.expiry import Ending as KnownEnding
from trustdesk.core.expiry import EndingKind, Nearness
from trustdesk.core.message import Message, msg
from trustdesk.core.partner import Endpoint, Partner
from trustdesk.core.probe import ProbeReport
from trustdesk.core.readiness import Readiness
from trustdesk.services.board import State, board_row
from trustdesk.services.expiry_values import Expiry
from trustdesk.services.history_values import EndpointHistory
from trustdesk.services.reports import judged_by
from trustdesk.services.review import DatedRemark, Ending, EndpointReview, PartnerReview
from trustdesk.services.trend_words import decision_words, flapping_sentences, trend_sentences

_STATES = {
    Nearness.ENDED: State.BAD,
    Nearness.URGENT: State.WARNING,
    Nearness.SOON: State.WARNING,
    Nearness.LATER: State.NOT_APPLICABLE,
    Nearness.UNKNOWN: State.UNKNOWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Who is asked for what surrounds a test; None for a part that nobody here can tell.

    Attributes:
        readiness: the last check of an endpoint, by its id; None when there was none.
        history: the past of an endpoint, by its id.
        expiry: everything that ends, as of the day in view.
    """

    readiness: Callable[[int], Future[Readiness | None]] | None = None
    history: Callable[[int], Future[EndpointHistory]] | None = None
    expiry: Callable[[], Future[Expiry]] | None = None


def read_review(
    partner: Partner,
    endpoints: Sequence[Endpoint],
    reports: Mapping[int, ProbeReport],
    surroundings: Surroundings,
    *,
    made_at: datetime,
    evaluated_at: datetime | None,
    diagnoses: Mapping[int, Diagnosis] = MappingProxyType({}),
) -> PartnerReview:
    """Put together what is known of endpoints of a partner; blocks.

    Args:
        reports: last results by endpoint id, judged for `evaluated_at`; one never tested has none.
        made_at: the present.
        evaluated_at: None for the present.
        diagnoses: by endpoint id.
    """
    at = evaluated_at or made_at
    asked = surroundings.expiry
    known = None if asked is None else asked().result().endings.all

    def review(endpoint: Endpoint) -> EndpointReview:
        report, is_kept = reports.get(endpoint.id), endpoint.id > 0
        readiness, history = surroundings.readiness, surroundings.history
        past = history(endpoint.id).result() if history is not None and is_kept else None
        return EndpointReview(
            row=board_row(endpoint, report, at),
            report=report,
            diagnosis=diagnoses.get(endpoint.id),
            readiness=readiness(endpoint.id).result() if readiness is not None and is_kept else None,
            changes=None if past is None else changes_of(past),
            awaits_decision=past is not None and past.awaiting is not None,
            endings=None if known is None else endings_of(endpoint, report, known),
        )

    return PartnerReview(
        partner=partner,
        endpoints=tuple(review(one) for one in endpoints),
        trust_list=judged_by(reports),
        made_at=made_at,
        evaluated_at=evaluated_at,
    )


def changes_of(history: EndpointHistory) -> tuple[DatedRemark, ...]:
    """Return what goes by turns and how it went, then what changed, newest first, with what was decided."""
    remarks: list[DatedRemark] = []
    if history.last_at is not None:
        remarks += [
            DatedRemark(at=history.last_at, words=words, state=State.WARNING)
            for words in flapping_sentences(history.flapping)
        ]
        remarks += [
            DatedRemark(at=history.last_at, words=words, state=State.NOT_APPLICABLE)
            for words in trend_sentences(history.trend)
        ]
    changes = (
        DatedRemark(
            at=one.at,
            words=one.title,
            details=(*one.details, *(() if one.decided is None else (decision_words(one.decided),))),
            state=one.state,
        )
        for one in history.entries
    )
    return (*remarks, *changes)


def endings_of(
    endpoint: Endpoint, report: ProbeReport | None, known: Sequence[KnownEnding]
) -> tuple[Ending, ...]:
    """Return what ends at an endpoint: its certificate, its CAs, our certificate, the lists that judged."""
    return tuple(
        Ending(what=words, ends_at=one.ends, state=_STATES[one.nearness])
        for one in known
        if one.ends is not None and (words := _words(one, endpoint, report)) is not None
    )


def _words(one: KnownEnding, endpoint: Endpoint, report: ProbeReport | None) -> Message | None:
    """Return what it is, where it concerns the endpoint; None where it does not."""
    match one.kind:
        case EndingKind.PARTNER if one.sha256 in set(_presented(report)):
            return msg("Server certificate of {name}", name=one.place or one.name)
        case EndingKind.AUTHORITY if one.sha256 in {*_presented(report), *_path(report)}:
            return msg("CA {name}", name=one.name)
        case EndingKind.IDENTITY if one.name == endpoint.identity and not one.is_settled:
            return msg("Our certificate {name}", name=one.name)
        case EndingKind.TRUST_LIST if one.name in _lists(report):
            return msg("Next update of the trust list {name}", name=one.name)
        case _:
            return None


def _presented(report: ProbeReport | None) -> Iterator[str]:
    if report is not None:
        yield from (one.sha256 for one in report.record.presented_chain)


def _path(report: ProbeReport | None) -> tuple[str, ...]:
    judgement = None if report is None else report.record.judgement
    return () if judgement is None else judgement.path


def _lists(report: ProbeReport | None) -> tuple[str, ...]:
    judgement = None if report is None else report.record.judgement
    return () if judgement is None else (judgement.trust_list,)
