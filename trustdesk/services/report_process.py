"""The side of the desk: has a large report made in a worker process, and writes what comes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import PdfPrinter
from trustdesk.services.rejudging_worker import Viewpoint
from trustdesk.services.report_progress import ReportSteps
from trustdesk.services.report_worker import Done, Order, Pages, Part, Told, Wanted, make_report
from trustdesk.services.reports import require_ending
from trustdesk.services.worker_process import WorkerProcess
from trustdesk.storage.atomic_file import PASSED_ON, written_atomically
from trustdesk.storage.directory import Directory

_AT_ONCE = 500
_POLL_S = 0.1


def write_in_process(
    file: Path,
    endpoints: Sequence[Endpoint],
    viewpoint: Viewpoint,
    directory: Directory,
    *,
    made_at: datetime,
    steps: ReportSteps,
    printer: PdfPrinter | None,
) -> bool:
    """Write a report on endpoints as `services.board_report.write_board_report` does; blocks.

    Args:
        viewpoint: from where results are judged; its instant is what certificates are judged for.
        directory: has the results.

    Returns:
        Whether the file is written; False when it was cancelled.

    Raises:
        UnusableInputError: the ending of the file is no form of reports.
        EnvironmentFailureError: the file cannot be written, no PDF be made, or the process ended by itself.
    """
    ending = require_ending(file, has_printer=printer is not None)
    worker = WorkerProcess(make_report)
    try:
        worker.send(Order(ending=ending, viewpoint=viewpoint, made_at=made_at))
        for first in range(0, len(endpoints), _AT_ONCE):
            worker.send(list(endpoints[first : first + _AT_ONCE]))
        worker.send([])
        steps.begin(2 * len(endpoints))
        parts: Iterator[bytes] = _parts(worker, directory, steps)
        if printer is not None and ending == ".pdf":
            pages = next(parts, None)
            data = None
            if pages is not None and not steps.is_cancelled:
                data = printer.print_document(pages, steps.share, lambda: steps.is_cancelled)
            if data is None:
                return False
            parts = iter((data,))
        return written_atomically(file, parts, PASSED_ON, is_cancelled=lambda: steps.is_cancelled)
    finally:
        worker.kill()


def _parts(worker: WorkerProcess, directory: Directory, steps: ReportSteps) -> Iterator[bytes]:
    """Yield what the worker makes, and give it what it asks for; ends early when it is cancelled."""
    while not steps.is_cancelled:
        is_alive = worker.is_alive  # asked first: what it sent before its end is still read
        match worker.receive(_POLL_S):
            case Wanted(endpoint_ids=wanted):
                worker.send(directory.stored_reports(wanted).result())
            case Told(done=done):
                steps.reach(done)
            case Part(data=data) | Pages(data=data):
                yield data
            case Done():
                return
            case _ if not is_alive:
                raise EnvironmentFailureError(
                    msg("The process that makes the report ended before it was done."),
                    remedy=msg("Try again; if it stays so, report on fewer partners at once."),
                )
