"""Rows of the table judged again from what the workspace keeps: what a worker process does with a chunk."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import Judge
from trustdesk.core.trust import TrustList
from trustdesk.services.board import BoardRow, board_row
from trustdesk.services.given_lists import NOTHING_GIVEN, GivenRevocation
from trustdesk.services.published_keys import published_keys
from trustdesk.services.rejudging import OwnPath, Rejudger
from trustdesk.services.revocation import RevocationPolicy
from trustdesk.storage.stored_reports import StoredReport, report_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewpoint:
    """From where kept probes are judged again, as a value that another process understands.

    Attributes:
        trust_lists: by which servers are judged.
        by_partners: by which those of partners with a policy are, in place of them; by one partner, and by
            several where they share an endpoint.
        shared: partners of endpoints that several share, by the endpoint's id, where one has a policy.
        names: of the lists that a person named; empty for those in force.
        at: for which instant; None for the present.
        now: the present.
        own: the certificates that we send, by the digest of their end entity. No keys.
        revocation: lists and responses that are looked at; nobody is asked.
    """

    trust_lists: tuple[TrustList, ...]
    by_partners: Mapping[tuple[str, ...], tuple[TrustList, ...]] = field(default_factory=dict)
    shared: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    at: datetime | None
    now: datetime
    own: Mapping[str, OwnPath]
    revocation: GivenRevocation = NOTHING_GIVEN

    def bound(self, endpoint: Endpoint) -> tuple[str, ...]:
        """Return the partners whose policies hold at an endpoint; empty where nobody's does."""
        partners = self.shared.get(endpoint.id, (endpoint.partner,))
        return partners if partners in self.by_partners else ()

    def lists_for(self, bound: tuple[str, ...]) -> tuple[TrustList, ...]:
        """Return the lists by which endpoints are judged at which these policies hold."""
        return self.by_partners[bound] if bound else self.trust_lists

    def rejudger(self, judge: Judge) -> Rejudger:
        """Join it with a judge by its lists, or by those of a partner."""
        return Rejudger(judge, at=self.at, now=self.now, own=self.own)


class Rejudgers:
    """A rejudger for all endpoints at which the same policies hold; made when one is needed.

    For one thread.
    """

    def __init__(self, viewpoint: Viewpoint, judge: Callable[[tuple[str, ...]], Judge] | None = None) -> None:
        """Take a point of view.

        Args:
            judge: makes the judge of the viewpoint's lists for the endpoint of some partner, or of none; None
                makes it of what is in the viewpoint.
        """
        self._viewpoint = viewpoint
        self._made: dict[tuple[str, ...], Rejudger] = {}
        self._judge = judge or self._judge_of
        self._policy: RevocationPolicy | None = None

    def of(self, endpoint: Endpoint) -> Rejudger:
        """Return the one that judges the server at an endpoint."""
        bound = self._viewpoint.bound(endpoint)
        if bound not in self._made:
            self._made[bound] = self._viewpoint.rejudger(self._judge(bound))
        return self._made[bound]

    def _judge_of(self, partners: tuple[str, ...]) -> Judge:
        if self._policy is None:
            self._policy = RevocationPolicy(given=self._viewpoint.revocation.evidence())
        lists = self._viewpoint.lists_for(partners)
        return self._policy.judge(lists, published_keys=published_keys())


def judge_rows(
    endpoints: Sequence[Endpoint], stored: Sequence[StoredReport], rejudgers: Rejudgers, at: datetime
) -> list[BoardRow]:
    """Return the rows of the endpoints that have a report, in their order.

    Args:
        at: what days left are counted from.
    """
    reports = {one.endpoint_id: report_from(one) for one in stored}
    return [
        board_row(endpoint, rejudgers.of(endpoint).rejudge(report), at)
        for endpoint in endpoints
        if (report := reports.get(endpoint.id)) is not None
    ]


_ready: tuple[bytes, Rejudgers] | None = None


def judge_chunk(
    viewpoint: bytes, endpoints: Sequence[Endpoint], stored: Sequence[StoredReport], at: datetime
) -> list[BoardRow]:
    """Do the same in a worker process, which keeps the point of view of the last chunk ready.

    Args:
        viewpoint: a pickled Viewpoint of this program's own making.
    """
    global _ready  # noqa: PLW0603 - a worker process lives for this
    if _ready is None or _ready[0] != viewpoint:
        made: Viewpoint = pickle.loads(viewpoint)  # noqa: S301 - from our own parent process
        _ready = (viewpoint, Rejudgers(made))
    return judge_rows(endpoints, stored, _ready[1], at)
