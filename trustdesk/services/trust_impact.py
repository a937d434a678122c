"""Impact: whose verdict would change, from the chains that were seen last; no connection is made.

Decisions:
- 2026-11: only chains that reach something changed by names are judged (`services.impact_screen`), before
  and after; where no anchor is left above one, nothing has to be judged after. A test compares with judging
  everything twice on random PKIs.
- 2026-11: what was found against a server in its test by revocation stays on both sides: the evidence is the
  same, and its answer of then cannot be had again. Such a chain does not change.
- 2026-11: an endpoint is judged by the last chain that it showed, also where a later test got no answer. One
  that never showed any is named as not judged, never counted as unchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from trustdesk.core.message import Message
from trustdesk.core.ports import Job
from trustdesk.core.trust_impact import Impact
from trustdesk.services.given_lists import NOTHING_GIVEN, GivenRevocation
from trustdesk.services.impact_judging import JudgingPool
from trustdesk.services.impact_run import ImpactRun, PathToday, Progress
from trustdesk.services.impact_subjects import OwnChains, read_subjects
from trustdesk.services.standing_memory import StandingMemory
from trustdesk.services.thread_jobs import ThreadJobs
from trustdesk.services.trust_side import TrustSide
from trustdesk.storage.stored_chains import ChainStore
from trustdesk.storage.workspace import Workspace


class TrustImpact:
    """Answers for one workspace, one question after the other, on a thread of its own."""

    def __init__(self, workspace: Workspace, own: Callable[[], OwnChains]) -> None:
        """Take what others own.

        Args:
            own: the identities, stored ones and those of the session; called on the thread, may block.
        """
        self._chains = ChainStore(workspace)
        self._own = own
        self._jobs = ThreadJobs("trustdesk-impact")
        self._pool = JudgingPool()
        self._memory = StandingMemory()

    def impact(
        self,
        title: Message,
        sides: Callable[[], tuple[TrustSide, TrustSide]],
        *,
        revocation: GivenRevocation = NOTHING_GIVEN,
        on_progress: Progress | None = None,
    ) -> Job[Impact]:
        """Compare two sides.

        The future fails with CancelledByPersonError where it is cancelled: half an impact says nothing.

        Args:
            sides: makes before and after, on the thread, where it may block.
            revocation: what is at hand; nobody is asked.
            on_progress: told of how many chains of how many were judged, on the thread.
        """

        def work(cancel: Event) -> Impact:
            before, after = sides()
            run = self._run(before, after, revocation, on_progress, cancel)
            return run.impact(title, read_subjects(self._chains, self._own()))

        return self._jobs.start(work)

    def paths(
        self,
        side: Callable[[], TrustSide],
        *,
        revocation: GivenRevocation = NOTHING_GIVEN,
        on_progress: Progress | None = None,
    ) -> Job[tuple[PathToday, ...]]:
        """Judge every chain that is stored; those that are not trusted have no path.

        The future fails with CancelledByPersonError where it is cancelled.
        """

        def work(cancel: Event) -> tuple[PathToday, ...]:
            today = side()
            run = self._run(today, today, revocation, on_progress, cancel)
            return run.paths(read_subjects(self._chains, self._own()))

        return self._jobs.start(work)

    def close(self) -> None:
        """Cancel everything and wait for its end."""
        self._jobs.close()
        self._pool.close()

    def _run(
        self,
        before: TrustSide,
        after: TrustSide,
        revocation: GivenRevocation,
        on_progress: Progress | None,
        cancel: Event,
    ) -> ImpactRun:
        return ImpactRun(
            before=before,
            after=after,
            pool=self._pool,
            revocation=revocation,
            on_progress=on_progress,
            cancel=cancel,
            memory=self._memory,
        )
