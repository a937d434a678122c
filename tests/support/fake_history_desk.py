"""A past that a test makes up."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TypeVar

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.inspection import CertificateDetails
from trustdesk.services.flapping import WINDOW, Flapping
from trustdesk.services.history_desk import MOST_ENTRIES
from trustdesk.services.history_trend import Trend
from trustdesk.services.history_values import EndpointHistory, LatestChanges

T = TypeVar("T")

CALM = Flapping(window=WINDOW, tests=0, failing=0, changes=0, inconclusive=0, reach_changes=0)


class FakeHistoryDesk:
    """A `services.history_desk.HistoryDesk`.

    Attributes:
        histories: by endpoint; any other has none.
        changes: what changed last.
        certificates: what can be compared, by digest.
        failure: every question fails with it while it is set.
        asked: endpoints whose history was asked for, with the limit.
    """

    def __init__(self) -> None:
        self.histories: dict[int, EndpointHistory] = {}
        self.changes = LatestChanges(changes=())
        self.certificates: dict[str, CertificateDetails] = {}
        self.failure: TrustdeskError | None = None
        self.asked: list[tuple[int, int]] = []
        self.asked_latest: list[int] = []

    def history(self, endpoint_id: int, *, limit: int = MOST_ENTRIES) -> Future[EndpointHistory]:
        self.asked.append((endpoint_id, limit))
        return self._answer(self.histories.get(endpoint_id) or nothing_of(endpoint_id))

    def latest(self, limit: int = 3) -> Future[LatestChanges]:
        self.asked_latest.append(limit)
        shown = self.changes.changes[:limit]
        has_more = self.changes.has_more or len(shown) < len(self.changes.changes)
        return self._answer(LatestChanges(changes=shown, has_more=has_more))

    def pair(
        self, before: str, after: str
    ) -> Future[tuple[CertificateDetails | None, CertificateDetails | None]]:
        return self._answer((self.certificates.get(before), self.certificates.get(after)))

    def _answer(self, value: T) -> Future[T]:
        future: Future[T] = Future()
        if self.failure is not None:
            future.set_exception(self.failure)
        else:
            future.set_result(value)
        return future


def nothing_of(endpoint_id: int) -> EndpointHistory:
    """Return the past of an endpoint that was never tested."""
    return EndpointHistory(
        endpoint_id=endpoint_id,
        entries=(),
        has_more=False,
        tests=0,
        first_at=None,
        last_at=None,
        flapping=CALM,
        trend=Trend(),
    )
