"""The report on all partners, however many: results are read a hundred at a time.

Once to see how everybody stands, and once, worst first, to write: ten thousand of them at once would take a
gigabyte.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import PdfPrinter
from trustdesk.core.printed import PrintedDocument
from trustdesk.core.probe import ProbeReport
from trustdesk.formats.tables import csv_table
from trustdesk.services.board import BoardRow, board_row
from trustdesk.services.board_csv import COLUMNS, csv_row
from trustdesk.services.board_gaps import BoardGaps
from trustdesk.services.board_pages import board_pages
from trustdesk.services.not_checked import Gap
from trustdesk.services.report_progress import ReportSteps
from trustdesk.services.report_templates import fixed_words, icons, template
from trustdesk.services.report_view import ReportView
from trustdesk.services.report_writer import MOST_SECTIONS, report_view, worst_first
from trustdesk.services.reports import TITLE, json_parts, lists_in_words, require_ending
from trustdesk.services.wording import Wording
from trustdesk.services.wording import wording as wording_of
from trustdesk.storage.atomic_file import PASSED_ON, written_atomically

T = TypeVar("T")

_BUFFERED = 500
"""Pieces of a page that are written together."""

_AT_ONCE = 100
"""Reports that are in memory together: some 100 kB each."""


class ResultSource(Protocol):
    """Has the last result of every endpoint, judged as the report wants it."""

    def results(self, endpoints: Sequence[Endpoint]) -> Mapping[int, ProbeReport]:
        """Return the last results by endpoint id, of a hundred endpoints or so; one never tested has none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """How everybody stands, before it is written.

    Attributes:
        rows: failing partners first.
        gaps: what was not checked.
        list_names: of the lists that judged.
    """

    rows: tuple[BoardRow, ...]
    gaps: tuple[Gap, ...]
    list_names: frozenset[str]


def gather(
    endpoints: Sequence[Endpoint], source: ResultSource, at: datetime, steps: ReportSteps
) -> Gathered | None:
    """Read every result once; None when it was cancelled.

    Args:
        at: what days left are counted from.
    """
    rows: list[BoardRow] = []
    gaps = BoardGaps()
    names = set[str]()
    for chunk in _chunks(endpoints):
        if steps.is_cancelled:
            return None
        found = source.results(chunk)
        for endpoint in chunk:
            report = found.get(endpoint.id)
            row = board_row(endpoint, report, at)
            rows.append(row)
            gaps.add(row, report)
            if report is not None and report.record.judgement is not None:
                names.add(report.record.judgement.trust_list)
        steps.advance(len(chunk))
    return Gathered(rows=tuple(sorted(rows, key=worst_first)), gaps=gaps.gaps(), list_names=frozenset(names))


def write_board_report(
    file: Path,
    endpoints: Sequence[Endpoint],
    source: ResultSource,
    *,
    made_at: datetime,
    steps: ReportSteps,
    printer: PdfPrinter | None = None,
    evaluated_at: datetime | None = None,
    wording: Wording | None = None,
) -> bool:
    """Write a report on endpoints, whole or not at all; the file's ending says in which form.

    Args:
        file: ends in .html, .pdf, .json or .csv, in either case.
        endpoints: in any order; failing ones come first in the file.
        source: judges for `evaluated_at` already.
        made_at: the present.
        printer: for a PDF; None where there is none.
        evaluated_at: what certificates are judged for; None for the present.
        wording: the language; None for the person's own.

    Returns:
        Whether the file is written; False when it was cancelled.

    Raises:
        UnusableInputError: another ending.
        EnvironmentFailureError: the file cannot be written, or no PDF be made; what was there is untouched.
    """
    form = require_ending(file, has_printer=printer is not None)
    steps.begin(2 * len(endpoints))
    gathered = gather(endpoints, source, evaluated_at or made_at, steps)
    if gathered is None:
        return False
    report = BoardReport(gathered, source, steps, made_at=made_at, evaluated_at=evaluated_at, wording=wording)
    if printer is not None and form == ".pdf":
        data = printer.print_document(report.pages(), steps.share, lambda: steps.is_cancelled)
        if data is None:
            return False
        parts: Iterator[bytes] = iter((data,))
    else:
        parts = report.parts(form)
    return written_atomically(file, parts, PASSED_ON, is_cancelled=lambda: steps.is_cancelled)


class BoardReport:
    """Makes a report's octets, a piece at a time."""

    def __init__(
        self,
        gathered: Gathered,
        source: ResultSource,
        steps: ReportSteps,
        *,
        made_at: datetime,
        evaluated_at: datetime | None,
        wording: Wording | None = None,
    ) -> None:
        """Take what was gathered; the other arguments are those of `write_board_report`."""
        self._gathered = gathered
        self._source = source
        self._made_at = made_at
        self._evaluated_at = evaluated_at
        self._wording = wording or wording_of()
        self._steps = steps

    def parts(self, ending: str) -> Iterator[bytes]:
        """Yield the file of an ending, which is not that of a PDF."""
        match ending:
            case ".csv":
                return self._csv()
            case ".json":
                return self._json()
            case _:
                return self._html()

    def pages(self) -> PrintedDocument:
        """Return what is to be printed."""
        return board_pages(self._view(0), self._wording)

    def _csv(self) -> Iterator[bytes]:
        lines = (
            [*csv_row(row, report, self._wording), self._evaluated_at] for row, report in self._results()
        )
        yield csv_table([self._wording.text(column) for column in COLUMNS], lines)

    def _json(self) -> Iterator[bytes]:
        document = json_parts(self._results(), self._made_at, self._evaluated_at, self._wording)
        return (text.encode("utf-8", "replace") for text in document)

    def _html(self) -> Iterator[bytes]:
        view = self._view(MOST_SECTIONS)
        stream = template("report.html.j2").stream(
            report=view, words=fixed_words(self._wording), icons=icons()
        )
        stream.enable_buffering(_BUFFERED)
        return (part.encode("utf-8", "replace") for part in stream)

    def _view(self, sections: int) -> ReportView:
        told = [row.endpoint for row in self._gathered.rows if row.tested_at is not None][:sections]
        reports: dict[int, ProbeReport] = {}
        for chunk in _chunks(told):
            reports |= self._source.results(chunk)
        return report_view(
            self._gathered.rows,
            reports,
            title=TITLE,
            trust_list=lists_in_words(self._gathered.list_names),
            made_at=self._made_at,
            wording=self._wording,
            evaluated_at=self._evaluated_at,
            gaps=self._gathered.gaps,
        )

    def _results(self) -> Iterator[tuple[BoardRow, ProbeReport | None]]:
        for chunk in _chunks(self._gathered.rows):
            found = self._source.results([row.endpoint for row in chunk])
            for row in chunk:
                yield row, found.get(row.endpoint.id)
            self._steps.advance(len(chunk))


def _chunks(things: Sequence[T]) -> Iterator[Sequence[T]]:
    for first in range(0, len(things), _AT_ONCE):
        yield things[first : first + _AT_ONCE]
