"""What ends when, at work (`services.expiry_desk.ExpiryDesk`)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from trustdesk.core.identity import IdentityView
from trustdesk.core.renewal import RenewalPlan
from trustdesk.core.workspace_settings import ExpiryThresholds, WorkspaceSettings
from trustdesk.services.calendar_file import calendar_file
from trustdesk.services.desk_session import DeskSession
from trustdesk.services.expiry import ExpiryReader
from trustdesk.services.expiry_timeline import TimelineReader
from trustdesk.services.expiry_values import Expiry
from trustdesk.services.identities_in_use import IdentitiesInUse
from trustdesk.services.renewal_plan import renewal_plan
from trustdesk.services.wording import wording
from trustdesk.storage.settings import SettingsStore
from trustdesk.storage.workspace import Workspace

Views = Callable[[], Future[tuple[IdentityView, ...]]]


class LiveExpiry:
    """Reads on a thread of its own: judging identities waits for revocation lists to be opened."""

    def __init__(
        self,
        workspace: Workspace,
        session: DeskSession,
        timeline: TimelineReader,
        in_use: IdentitiesInUse,
        views: Views,
        settings: SettingsStore,
    ) -> None:
        """Take what others own.

        Args:
            views: all identities, judged as of the evaluation time.
        """
        self._session = session
        self._views = views
        self._settings = settings
        self._reader = ExpiryReader(
            workspace,
            timeline,
            identities=in_use.stored,
            decisions=lambda: session.decisions,
            thresholds=lambda: self._settings.read().result().thresholds,
        )
        self._working = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-expiry")
        # A calendar of ten thousand partners takes seconds, in which the page goes on.
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-calendar")

    def expiry(self) -> Future[Expiry]:
        """All that ends, as of the evaluation time."""
        return self._working.submit(self._read)

    def plan(self) -> Future[RenewalPlan]:
        """What there is to do about our own certificates."""
        return self._working.submit(self._plan)

    def calendar(self, within_days: int | None = None) -> Future[bytes]:
        """All that is to end, and what is planned, as a calendar file."""

        def made() -> bytes:
            return calendar_file(
                self._read().endings,
                self._plan(),
                made_at=self._session.clock.now(),
                say=wording().text,
                within_days=within_days,
            )

        return self._writing.submit(made)

    def settings(self) -> Future[WorkspaceSettings]:
        """What the office has agreed on for the workspace."""
        return self._settings.read()

    def agree(self, thresholds: ExpiryThresholds, *, notify: bool) -> Future[WorkspaceSettings]:
        """Agree on when an end counts as near, and whether the desktop tells of it."""
        return self._settings.change(lambda now: replace(now, thresholds=thresholds, notify=notify))

    def close(self) -> None:
        """End its threads."""
        self._writing.shutdown(cancel_futures=True)
        self._working.shutdown(cancel_futures=True)

    def _read(self) -> Expiry:
        return self._reader.read(self._session.lists(), self._session.at)

    def _plan(self) -> RenewalPlan:
        at = self._session.at
        return renewal_plan(self._views().result(), at, self._settings.read().result().thresholds)
