"""A report on thousands of endpoints, made in a worker process: what it does, and what goes through the pipe.

To judge and to write thousands of rows takes the interpreter for half a minute; a window whose thread
shares it with that stands still for up to a second (measured with 10,000 endpoints, 2026-11).
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection

from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import ProbeReport
from trustdesk.services.board_report import BoardReport, gather
from trustdesk.services.rejudging_worker import Viewpoint
from trustdesk.services.report_progress import ReportSteps
from trustdesk.services.report_sources import ViewpointJudge
from trustdesk.services.worker_process import settle_in
from trustdesk.storage.stored_reports import StoredReport, report_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be made; the endpoints follow it, some hundred at a time, and an empty part ends them."""

    ending: str
    viewpoint: Viewpoint
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which last reports the worker needs next; the answer is a list of StoredReport."""

    endpoint_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """How many steps are done, of how many."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Part:
    """The next octets of the file."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Pages:
    """A pickled PrintedDocument in place of octets."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Done:
    """All of it was sent."""


def make_report(pipe: Connection) -> None:
    """Make what is ordered through the pipe."""
    settle_in()
    order: Order = pipe.recv()
    endpoints: list[Endpoint] = []
    while some := pipe.recv():
        endpoints += some
    source = _AskedResults(pipe, order.viewpoint)
    steps = ReportSteps(lambda done, total: pipe.send(Told(done, total)))
    steps.begin(2 * len(endpoints))
    at = order.viewpoint.at
    gathered = gather(endpoints, source, at or order.made_at, steps)
    if gathered is not None:
        report = BoardReport(gathered, source, steps, made_at=order.made_at, evaluated_at=at)
        if order.ending == ".pdf":
            pipe.send(Pages(pickle.dumps(report.pages())))
        else:
            for part in report.parts(order.ending):
                pipe.send(Part(part))
    pipe.send(Done())
    pipe.close()


class _AskedResults:
    """Results whose records come through the pipe (`services.board_report.ResultSource`)."""

    def __init__(self, pipe: Connection, viewpoint: Viewpoint) -> None:
        self._pipe = pipe
        self._judge = ViewpointJudge(viewpoint)

    def results(self, endpoints: Sequence[Endpoint]) -> Mapping[int, ProbeReport]:
        """Return the last results by endpoint id."""
        self._pipe.send(Wanted(tuple(endpoint.id for endpoint in endpoints)))
        stored: list[StoredReport] = self._pipe.recv()
        read = {one.endpoint_id: report_from(one) for one in stored}
        return {
            endpoint.id: self._judge.judged(endpoint, report)
            for endpoint in endpoints
            if (report := read.get(endpoint.id)) is not None
        }
