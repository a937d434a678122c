"""Rows of the table judged again from what the workspace keeps: what a worker process does with a chunk."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
        at: for which instant; None for the present.
        now: the present.
        own: the certificates that we send, by the digest of their end entity. No keys.
        revocation: lists and responses that are looked at; nobody is asked.
    """

    trust_lists: tuple[TrustList, ...]
    at: datetime | None
    now: datetime
    own: Mapping[str, OwnPath]
    revocation: GivenRevocation = NOTHING_GIVEN

    def rejudger(self, judge: Judge | None = None) -> Rejudger:
        """Make it ready; `judge` is one of the same lists, where there is one already."""
        if judge is None:
            policy = RevocationPolicy(given=self.revocation.evidence())
            judge = policy.judge(self.trust_lists, published_keys=published_keys())
        return Rejudger(judge, at=self.at, now=self.now, own=self.own)


def judge_rows(
    endpoints: Sequence[Endpoint], stored: Sequence[StoredReport], rejudger: Rejudger, at: datetime
) -> list[BoardRow]:
    """Return the rows of the endpoints that have a report, in their order.

    Args:
        at: what days left are counted from.
    """
    reports = {one.endpoint_id: report_from(one) for one in stored}
    return [
        board_row(endpoint, rejudger.rejudge(report), at)
        for endpoint in endpoints
        if (report := reports.get(endpoint.id)) is not None
    ]


_ready: tuple[bytes, Rejudger] | None = None


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
        _ready = (viewpoint, made.rejudger())
    return judge_rows(endpoints, stored, _ready[1], at)
