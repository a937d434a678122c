"""The desk's side of the table of partners: what was tested, judged again where it has to be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import Job
from trustdesk.core.probe import ProbeReport
from trustdesk.services.board import BoardRow, awaiting, board_row
from trustdesk.services.board_judging import BoardJudging, JudgingProcess
from trustdesk.services.desk_session import DeskSession
from trustdesk.services.rejudging import Freshness
from trustdesk.services.rejudging_worker import Viewpoint
from trustdesk.storage.directory import Directory


class BoardDesk:
    """Reads and judges kept results; `rejudge` has a thread of its own, the rest blocks."""

    def __init__(self, directory: Directory, session: DeskSession) -> None:
        self._directory = directory
        self._session = session
        self._rejudging = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-rejudging")
        self._process = JudgingProcess()
        self._run: BoardJudging | None = None

    def board(self) -> tuple[BoardRow, ...]:
        """Read all endpoints with their last result, by partner name."""
        endpoints = self._directory.endpoints().result()
        reports = self._directory.last_reports().result()
        viewpoint = self._session.viewpoint()
        freshness = Freshness(next(iter(viewpoint.trust_lists), None), viewpoint.now, viewpoint.own)
        rows = []
        for endpoint in endpoints:
            report = reports.get(endpoint.id)
            row = board_row(endpoint, report, viewpoint.at or viewpoint.now)
            is_due = report is not None and (viewpoint.at is not None or freshness.is_out_of_date(report))
            rows.append(awaiting(row) if is_due else row)
        return tuple(sorted(rows, key=lambda row: (row.endpoint.partner.casefold(), row.endpoint.id)))

    def last_report(self, endpoint_id: int, viewpoint: Viewpoint) -> ProbeReport | None:
        """Read the last probe of an endpoint and judge it; None when there was none."""
        report = self._directory.last_report(endpoint_id).result()
        return None if report is None else self.rejudged(report, viewpoint)

    def rejudged(self, report: ProbeReport, viewpoint: Viewpoint) -> ProbeReport:
        """Judge a report's certificates again."""
        return viewpoint.rejudger(self._session.judge(_names(viewpoint))).rejudge(report)

    def rejudge(
        self, endpoints: Sequence[Endpoint], on_rows: Callable[[Sequence[BoardRow]], None]
    ) -> Job[int]:
        """Judge the last results of endpoints again, a chunk at a time; a run before it stops."""
        if self._run is not None:
            self._run.cancel()
        viewpoint = self._session.viewpoint()
        job = self._run = BoardJudging(
            self._directory,
            endpoints,
            viewpoint,
            lambda: self._session.judge(_names(viewpoint)),
            self._process,
            on_rows,
        )
        self._rejudging.submit(job.run)
        return job

    def cancel(self) -> None:
        """Stop the run, if there is one."""
        if self._run is not None:
            self._run.cancel()

    def close(self) -> None:
        """End the run, its thread and its process."""
        self.cancel()
        self._rejudging.shutdown(cancel_futures=True)
        self._process.close()


def _names(viewpoint: Viewpoint) -> tuple[str, ...]:
    return tuple(trust_list.name for trust_list in viewpoint.trust_lists)
