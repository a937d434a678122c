"""Reports at work (`services.report_desk.ReportDesk`): one after the other, on a thread of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trustdesk.core.diagnosis import Diagnosis
from trustdesk.core.partner import Endpoint, PartnerEntry
from trustdesk.core.ports import Job, PdfPrinter
from trustdesk.services.board_report import write_board_report
from trustdesk.services.desk_session import DeskSession
from trustdesk.services.rejudging_worker import Viewpoint
from trustdesk.services.report_desk import ReportListener, WrittenReport
from trustdesk.services.report_process import write_in_process
from trustdesk.services.report_progress import ReportSteps
from trustdesk.services.report_sources import KeptResults, ViewpointJudge
from trustdesk.services.reports import require_ending
from trustdesk.services.review_reading import Surroundings, read_review
from trustdesk.services.review_sheets import write_sheet
from trustdesk.services.thread_jobs import Stop, ThreadJobs
from trustdesk.storage.directory import Directory

IN_PROCESS_FROM = 300
"""Endpoints of which there have to be more for a process of their own: it takes a second to start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportParts:
    """What reports are made of.

    Attributes:
        partner: reads one partner by its name; fails with UnusableInputError where there is none.
        viewpoint: fixes how endpoints are judged now, with the policies of those that share one.
        printer: of PDFs; None where nothing prints them.
    """

    directory: Directory
    session: DeskSession
    partner: Callable[[str], PartnerEntry]
    viewpoint: Callable[[Sequence[Endpoint]], Viewpoint]
    surroundings: Surroundings
    printer: PdfPrinter | None


class LiveReports:
    """Writes reports of what the workspace keeps; it connects to nobody."""

    def __init__(self, parts: ReportParts) -> None:
        self._parts = parts
        self._jobs = ThreadJobs("trustdesk-reports")

    def write_board(
        self, file: Path, endpoints: Sequence[Endpoint] | None, on_progress: ReportListener | None = None
    ) -> Job[WrittenReport]:
        """Write how endpoints stand, failing first; None for all of them."""

        def work(stop: Stop) -> WrittenReport:
            parts = self._parts
            require_ending(file, has_printer=parts.printer is not None)
            parts.session.look_again()
            every = parts.directory.endpoints().result()
            view = parts.viewpoint(every)
            wanted = every if endpoints is None else endpoints
            steps = _steps(stop, on_progress)
            if len(wanted) > IN_PROCESS_FROM:
                written = write_in_process(
                    file,
                    wanted,
                    view,
                    parts.directory,
                    made_at=view.now,
                    steps=steps,
                    printer=parts.printer,
                )
            else:
                written = write_board_report(
                    file,
                    wanted,
                    self._source(view),
                    made_at=view.now,
                    evaluated_at=view.at,
                    steps=steps,
                    printer=parts.printer,
                )
            return WrittenReport(file if written else None)

        return self._jobs.start(work)

    def write_sheet(
        self,
        file: Path,
        partner: str,
        on_progress: ReportListener | None = None,
        *,
        endpoint_ids: Sequence[int] | None = None,
        diagnoses: Mapping[int, Diagnosis] | None = None,
    ) -> Job[WrittenReport]:
        """Write the review sheet of one partner, with a box to sign in."""

        def work(stop: Stop) -> WrittenReport:
            parts = self._parts
            require_ending(file, has_printer=parts.printer is not None)
            parts.session.look_again()
            entry = parts.partner(partner)
            wanted = [one for one in entry.endpoints if endpoint_ids is None or one.id in endpoint_ids]
            view = parts.viewpoint(parts.directory.endpoints().result())
            review = read_review(
                entry.partner,
                wanted,
                self._source(view).results(wanted),
                parts.surroundings,
                made_at=view.now,
                evaluated_at=view.at,
                diagnoses=diagnoses or {},
            )
            steps = _steps(stop, on_progress)
            steps.begin(1)
            return WrittenReport(
                file if write_sheet(file, review, steps=steps, printer=parts.printer) else None
            )

        return self._jobs.start(work)

    def close(self) -> None:
        """End what is being written; what was there before stays."""
        self._jobs.close()

    def _source(self, view: Viewpoint) -> KeptResults:
        session = self._parts.session
        judge = ViewpointJudge(view, lambda partners: session.judge(view.names, partners))
        return KeptResults(self._parts.directory, judge.judged)


def _steps(stop: Stop, on_progress: ReportListener | None) -> ReportSteps:
    return ReportSteps(on_progress or (lambda _done, _total: None), stop.is_set)
