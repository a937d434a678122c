"""Reports that nobody writes: a test plays how far they are, and what comes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path

from trustdesk.core.diagnosis import Diagnosis
from trustdesk.core.partner import Endpoint
from trustdesk.services.report_desk import ReportListener, WrittenReport


class FakeReport:
    """One report that was asked for (`core.ports.Job`).

    Attributes:
        partner: None for the board.
        endpoint_ids: None for all.
    """

    def __init__(
        self,
        file: Path,
        on_progress: ReportListener | None,
        *,
        partner: str | None = None,
        endpoint_ids: tuple[int, ...] | None = None,
        diagnoses: Mapping[int, Diagnosis] | None = None,
    ) -> None:
        self.future: Future[WrittenReport] = Future()
        self.file, self.partner, self.endpoint_ids = file, partner, endpoint_ids
        self.diagnoses = dict(diagnoses or {})
        self._on_progress = on_progress

    def cancel(self) -> None:
        if not self.future.done():
            self.future.set_result(WrittenReport(None))

    def go_on(self, done: int, total: int) -> None:
        """Tell how far it is."""
        if self._on_progress is not None:
            self._on_progress(done, total)

    def finish(self) -> None:
        """Say that it is written."""
        self.future.set_result(WrittenReport(self.file))


class FakeReportDesk:
    """Keeps what was asked for."""

    def __init__(self) -> None:
        self.reports: list[FakeReport] = []

    def write_board(
        self, file: Path, endpoints: Sequence[Endpoint] | None, on_progress: ReportListener | None = None
    ) -> FakeReport:
        ids = None if endpoints is None else tuple(one.id for one in endpoints)
        return self._keep(FakeReport(file, on_progress, endpoint_ids=ids))

    def write_sheet(
        self,
        file: Path,
        partner: str,
        on_progress: ReportListener | None = None,
        *,
        endpoint_ids: Sequence[int] | None = None,
        diagnoses: Mapping[int, Diagnosis] | None = None,
    ) -> FakeReport:
        ids = None if endpoint_ids is None else tuple(endpoint_ids)
        return self._keep(
            FakeReport(file, on_progress, partner=partner, endpoint_ids=ids, diagnoses=diagnoses)
        )

    def _keep(self, report: FakeReport) -> FakeReport:
        self.reports.append(report)
        return report
