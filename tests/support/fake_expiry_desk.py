"""What ends when, without a workspace: a test says what there is."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import TypeVar

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.expiry import Endings
from trustdesk.core.renewal import RenewalPlan
from trustdesk.core.workspace_settings import ExpiryThresholds, WorkspaceSettings
from trustdesk.services.expiry_values import Expiry, JudgingList
from trustdesk.services.renewal_plan import renewal_plan
from trustdesk.services.timeline_values import ExpiryTimeline

T = TypeVar("T")


class FakeExpiryDesk:
    """A `services.expiry_desk.ExpiryDesk`.

    Attributes:
        endings: what ends; None for nothing, as of the timeline's instant.
        in_force: the lists that judge.
        plan_now: what is planned; None for nothing.
        settings_now: what was agreed on.
        calendars: the spans that calendars were asked for.
        waits: whether questions stay open; `asked` are their answers, for a test to complete.
    """

    def __init__(
        self,
        timeline: Callable[[], ExpiryTimeline],
        failure: Callable[[], TrustdeskError | None],
    ) -> None:
        self._timeline = timeline
        self._failure = failure
        self.endings: Endings | None = None
        self.in_force: tuple[JudgingList, ...] = ()
        self.plan_now: RenewalPlan | None = None
        self.settings_now = WorkspaceSettings()
        self.calendars: list[int | None] = []
        self.waits = False
        self.asked: list[Future[Expiry]] = []

    def expiry(self) -> Future[Expiry]:
        if self.waits:
            self.asked.append(Future())
            return self.asked[-1]
        return self._answer(self.found())

    def found(self) -> Expiry:
        """What is answered."""
        timeline = self._timeline()
        return Expiry(
            timeline=timeline, endings=self.endings or Endings(at=timeline.at), in_force=self.in_force
        )

    def plan(self) -> Future[RenewalPlan]:
        return self._answer(self.plan_now or renewal_plan((), self._timeline().at))

    def calendar(self, within_days: int | None = None) -> Future[bytes]:
        self.calendars.append(within_days)
        return self._answer(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")

    def settings(self) -> Future[WorkspaceSettings]:
        return self._answer(self.settings_now)

    def agree(self, thresholds: ExpiryThresholds, *, notify: bool) -> Future[WorkspaceSettings]:
        self.settings_now = replace(self.settings_now, thresholds=thresholds, notify=notify)
        return self._answer(self.settings_now)

    def _answer(self, value: T) -> Future[T]:
        future: Future[T] = Future()
        failure = self._failure()
        if failure is None:
            future.set_result(value)
        else:
            future.set_exception(failure)
        return future
