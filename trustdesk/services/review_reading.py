"""What surrounds the last test of an endpoint, put together for its review: readiness, history, ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from trustdesk.core.expiry import Ending as KnownEnding
from trustdesk.core.expiry import EndingKind, Nearness
from trustdesk.core.message import Message, msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import ProbeReport
from trustdesk.core.readiness import Readiness
from trustdesk.services.board import State
from trustdesk.services.expiry_values import Expiry
from trustdesk.services.review import DatedRemark, Ending

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
        changes: what changed at an endpoint, newest first, by its id.
        expiry: everything that ends, as of the day in view.
    """

    readiness: Callable[[int], Future[Readiness | None]] | None = None
    changes: Callable[[int], Sequence[DatedRemark]] | None = None
    expiry: Callable[[], Future[Expiry]] | None = None


def endings_of(
    endpoint: Endpoint, report: ProbeReport | None, known: Sequence[KnownEnding]
) -> tuple[Ending, ...]:
    """Return what ends at an endpoint: its certificate, its CAs, our certificate, and the lists that judged."""
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
