"""The desk's side of the table of partners: what was tested, judged again where it has to be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import Job
from trustdesk.core.probe import ProbeReport
from trustdesk.core.target import Target
from trustdesk.core.trust import TrustList
from trustdesk.services.board import BoardRow, awaiting, untested_row
from trustdesk.services.board_judging import BoardJudging, JudgingProcess
from trustdesk.services.board_standings import BoardStandings
from trustdesk.services.desk_session import DeskSession
from trustdesk.services.freshness import Freshness
from trustdesk.services.partner_policies import EndpointPlaces, shared_endpoints
from trustdesk.services.prepared_jobs import FailedJob
from trustdesk.services.rejudging_worker import Viewpoint
from trustdesk.services.standings import row_of
from trustdesk.storage.directory import Directory


class BoardDesk:
    """Reads and judges kept results; `rejudge` has a thread of its own, the rest blocks."""

    def __init__(self, directory: Directory, standings: BoardStandings, session: DeskSession) -> None:
        self._directory = directory
        self._standings = standings
        self._session = session
        self._rejudging = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-rejudging")
        self._process = JudgingProcess()
        self._run: BoardJudging | None = None

    def board(self) -> tuple[BoardRow, ...]:
        """Read all endpoints with their last result, by partner name."""
        self._session.look_again()
        stands = self._standings.all()
        viewpoint = self._with_shared(self._session.viewpoint(), [endpoint for endpoint, _ in stands])
        evidence = self._session.revocation.evidence()

        def freshness_by(lists: Sequence[TrustList]) -> Freshness:
            return Freshness(lists, viewpoint.now, viewpoint.own, evidence)

        by_bound: dict[tuple[str, ...], Freshness] = {(): freshness_by(viewpoint.trust_lists)}
        by_bound |= {bound: freshness_by(lists) for bound, lists in viewpoint.by_partners.items()}
        at = viewpoint.at or viewpoint.now
        rows = []
        for endpoint, standing in stands:
            if standing is None:
                rows.append(untested_row(endpoint))
                continue
            freshness = by_bound[viewpoint.bound(endpoint)]
            is_due = viewpoint.at is not None or freshness.have_passed(standing.grounds)
            row = row_of(endpoint, standing, at)
            rows.append(awaiting(row) if is_due else row)
        return tuple(rows)

    def last_report(self, endpoint_id: int, viewpoint: Viewpoint) -> ProbeReport | None:
        """Read the last probe of an endpoint and judge it; None when there was none."""
        report = self._directory.last_report(endpoint_id).result()
        if report is None:
            return None
        partners: tuple[str, ...] = ()
        if viewpoint.by_partners:
            places = self.places()
            endpoints = self._directory.endpoints().result()
            partners = next(
                (places.partners_at(one.target) for one in endpoints if one.id == endpoint_id), ()
            )
        return self._judged(report, viewpoint, partners)

    def rejudged(self, report: ProbeReport, viewpoint: Viewpoint) -> ProbeReport:
        """Judge a report's certificates again, by the policy of the partner whose endpoint the target is."""
        return self._judged(report, viewpoint, self.partners_at(report.record.target))

    def partners_at(self, target: Target) -> tuple[str, ...]:
        """Return the partners whose endpoint a target is, where any partner has a policy; blocks."""
        return self.places().partners_at(target)

    def places(self) -> EndpointPlaces:
        """Return who is at which target, where any partner has a policy; blocks."""
        return EndpointPlaces(self._directory.endpoints().result() if self._session.policies else ())

    def _judged(self, report: ProbeReport, viewpoint: Viewpoint, partners: tuple[str, ...]) -> ProbeReport:
        return viewpoint.rejudger(self._session.judge(viewpoint.names, partners)).rejudge(report)

    def rejudge(
        self, endpoints: Sequence[Endpoint], on_rows: Callable[[Sequence[BoardRow]], None]
    ) -> Job[int]:
        """Judge the last results of endpoints again, a chunk at a time; a run before it stops."""
        if self._run is not None:
            self._run.cancel()
        try:
            viewpoint = self._session.viewpoint()
            if viewpoint.by_partners:
                viewpoint = self._with_shared(viewpoint, self._directory.endpoints().result())
        except EnvironmentFailureError as error:
            return FailedJob(error)
        job = self._run = BoardJudging(
            self._directory,
            endpoints,
            viewpoint,
            partial(self._session.judge, viewpoint.names),
            self._process,
            on_rows,
        )
        self._rejudging.submit(job.run)
        return job

    def viewpoint(self, endpoints: Sequence[Endpoint]) -> Viewpoint:
        """Fix how these endpoints, which are all of them, are judged now."""
        return self._with_shared(self._session.viewpoint(), endpoints)

    def _with_shared(self, viewpoint: Viewpoint, endpoints: Sequence[Endpoint]) -> Viewpoint:
        """Join it with the policies of endpoints that several partners share."""
        if not viewpoint.by_partners:
            return viewpoint
        shared = shared_endpoints(endpoints, self._session.policies.partners)
        lists = {
            partners: self._session.lists(viewpoint.names, partners) for partners in set(shared.values())
        }
        return replace(viewpoint, by_partners={**viewpoint.by_partners, **lists}, shared=shared)

    def cancel(self) -> None:
        """Stop the run, if there is one."""
        if self._run is not None:
            self._run.cancel()

    def close(self) -> None:
        """End the run, its thread and its process."""
        self.cancel()
        self._rejudging.shutdown(cancel_futures=True)
        self._process.close()
