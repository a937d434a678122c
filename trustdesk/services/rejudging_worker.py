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
from trustdesk.storage.directory import StoredReport, report_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewpoint:
    """From where kept probes are judged again, as a value that another process understands.

    Attributes:
        trust_lists: by which servers are judged.
        by_partner: by which those of partners with a policy are, in place of them.
        names: of the lists that a person named; empty for those in force.
        at: for which instant; None for the present.
        now: the present.
        own: the certificates that we send, by the digest of their end entity. No keys.
        revocation: lists and responses that are looked at; nobody is asked.
    """

    trust_lists: tuple[TrustList, ...]
    by_partner: Mapping[str, tuple[TrustList, ...]] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    at: datetime | None
    now: datetime
    own: Mapping[str, OwnPath]
    revocation: GivenRevocation = NOTHING_GIVEN

    def lists_for(self, partner: str) -> tuple[TrustList, ...]:
        """Return the lists by which a partner's servers are judged."""
        return self.by_partner.get(partner, self.trust_lists)

    def rejudger(self, judge: Judge) -> Rejudger:
        """Join it with a judge by its lists, or by those of a partner."""
        return Rejudger(judge, at=self.at, now=self.now, own=self.own)


class Rejudgers:
    """A rejudger for each partner that has a policy, and one for all others; made when one is needed.

    For one thread.
    """

    def __init__(self, viewpoint: Viewpoint, judge: Callable[[tuple[str, ...]], Judge] | None = None) -> None:
        """Take a point of view.

        Args:
            judge: makes the judge of the viewpoint's lists for the endpoint of some partner, or of none; None
                makes it of what is in the viewpoint.
        """
        self._viewpoint = viewpoint
        self._made: dict[str | None, Rejudger] = {}
        self._judge = judge or self._judge_of
        self._policy: RevocationPolicy | None = None

    def of(self, partner: str) -> Rejudger:
        """Return the one that judges a partner's servers."""
        bound = partner if partner in self._viewpoint.by_partner else None
        if bound not in self._made:
            judge = self._judge(() if bound is None else (bound,))
            self._made[bound] = self._viewpoint.rejudger(judge)
        return self._made[bound]

    def _judge_of(self, partners: tuple[str, ...]) -> Judge:
        if self._policy is None:
            self._policy = RevocationPolicy(given=self._viewpoint.revocation.evidence())
        lists = self._viewpoint.lists_for(partners[0]) if partners else self._viewpoint.trust_lists
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
        board_row(endpoint, rejudgers.of(endpoint.partner).rejudge(report), at)
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
