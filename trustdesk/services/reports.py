"""Reports on partners whose results are in memory: HTML for people, CSV for spreadsheets, JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Verdict
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.probe import ProbeReport
from trustdesk.formats.documents import probe_document
from trustdesk.formats.tables import csv_table
from trustdesk.services.board import BoardRow
from trustdesk.services.board_csv import COLUMNS, csv_row
from trustdesk.services.report_templates import fixed_words, icons, template
from trustdesk.services.report_writer import report_view, worst_first
from trustdesk.services.wording import Wording
from trustdesk.services.wording import wording as wording_of
from trustdesk.storage.atomic_file import PASSED_ON, written_atomically

T = TypeVar("T")

REPORT_SCHEMA = "trustdesk.report/1"

TITLE = msg("Partner handshakes")


def html_report(
    rows: Sequence[BoardRow],
    reports: Mapping[int, ProbeReport],
    *,
    title: Message,
    trust_list: Message,
    made_at: datetime,
    wording: Wording,
    evaluated_at: datetime | None = None,
) -> str:
    """Return one self-contained page: no script, nothing loaded from anywhere, light and dark, fit to print.

    Args:
        rows: in any order; failing partners come first.
        reports: by endpoint id; an endpoint without one has only its line in the table.
        title: of the page.
        trust_list: which lists judged, in words.
        made_at: the present.
        wording: the language.
        evaluated_at: what certificates are judged for and days left are counted from; None for the present.
    """
    view = report_view(
        rows,
        reports,
        title=title,
        trust_list=trust_list,
        made_at=made_at,
        wording=wording,
        evaluated_at=evaluated_at,
    )
    return template("report.html.j2").render(report=view, words=fixed_words(wording), icons=icons())


def csv_report(
    rows: Sequence[BoardRow],
    reports: Mapping[int, ProbeReport],
    *,
    wording: Wording,
    evaluated_at: datetime | None = None,
) -> bytes:
    """Return the table of partners for a spreadsheet, failing first; no cell of it is a formula.

    The last column names the instant that certificates are judged for, and is empty for the present.
    """
    lines = [
        [*csv_row(row, reports.get(row.endpoint.id), wording), evaluated_at]
        for row in sorted(rows, key=worst_first)
    ]
    return csv_table([wording.text(column) for column in COLUMNS], lines)


def json_report(
    rows: Sequence[BoardRow],
    reports: Mapping[int, ProbeReport],
    *,
    made_at: datetime,
    wording: Wording,
    evaluated_at: datetime | None = None,
) -> str:
    """Return `trustdesk.report/1`: each partner with its last probe document, null where there is none.

    Keys: `schema`, `made_at`, `evaluated_at` (null for the present), `partners` (`partner`, `endpoint`,
    `identity`, `note`, `state`, `result`), `summary` (`pass`, `warn`, `fail`, `not_run`), in that order;
    partners failing first. What is not judged for the day counts as not run.
    """
    results = ((row, reports.get(row.endpoint.id)) for row in sorted(rows, key=worst_first))
    return "".join(json_parts(results, made_at, evaluated_at, wording))


def json_parts(
    results: Iterable[tuple[BoardRow, ProbeReport | None]],
    made_at: datetime,
    evaluated_at: datetime | None,
    wording: Wording,
) -> Iterator[str]:
    """Yield the document of `json_report` in pieces, one for each endpoint."""
    summary = {verdict.value: 0 for verdict in Verdict} | {"not_run": 0}
    head = {
        "schema": REPORT_SCHEMA,
        "made_at": _rfc_3339(made_at),
        "evaluated_at": None if evaluated_at is None else _rfc_3339(evaluated_at),
    }
    yield _json(head)[: -len("\n}")] + ',\n "partners": ['
    comma = ""
    for row, report in results:
        is_open = report is None or (report.rejudged is not None and report.rejudged.is_open)
        summary["not_run" if is_open or report is None else report.verdict.value] += 1
        entry = {
            "partner": row.endpoint.partner,
            "endpoint": row.endpoint.target.endpoint,
            "identity": row.endpoint.identity,
            "note": row.endpoint.note,
            "state": row.state.value,
            "result": None if report is None else probe_document(report, wording.text),
        }
        yield f"{comma}\n{_json(entry)}"
        comma = ","
    yield f'\n ],\n "summary": {_json(summary)}\n}}\n'


def render_report(
    path: Path,
    rows: Sequence[BoardRow],
    reports: Mapping[int, ProbeReport],
    *,
    made_at: datetime,
    title: Message | None = None,
    trust_list: Message | None = None,
    wording: Wording | None = None,
    evaluated_at: datetime | None = None,
) -> None:
    """Write a report on what is in memory, whole or not at all; the file's ending says in which form.

    Args:
        path: ends in .html, .json or .csv, in either case.
        rows: see `html_report`; so are `reports` and `made_at`.
        reports: by endpoint id.
        made_at: the present.
        title: of an HTML page; None for the usual one.
        trust_list: which lists judged; None takes their names from the reports.
        wording: the language; None for the person's own.
        evaluated_at: see `html_report`; rows and reports are judged for it already.

    Raises:
        UnusableInputError: another ending.
        EnvironmentFailureError: the file cannot be written; what was there is untouched.
    """
    words = wording or wording_of()

    def html() -> str:
        return html_report(
            rows,
            reports,
            title=title or TITLE,
            trust_list=trust_list or judged_by(reports),
            made_at=made_at,
            wording=words,
            evaluated_at=evaluated_at,
        )

    match require_ending(path, has_printer=False):
        case ".csv":
            data = csv_report(rows, reports, wording=words, evaluated_at=evaluated_at)
        case ".json":
            text = json_report(rows, reports, made_at=made_at, wording=words, evaluated_at=evaluated_at)
            data = text.encode("utf-8", "replace")
        case _:
            data = html().encode("utf-8", "replace")
    written_atomically(path, (data,), PASSED_ON)


def judged_by(reports: Mapping[int, ProbeReport]) -> Message:
    """Say which trust lists judged the servers of these reports."""
    judgements = [report.record.judgement for report in reports.values()]
    return lists_in_words({judgement.trust_list for judgement in judgements if judgement is not None})


def lists_in_words(names: Iterable[str]) -> Message:
    """Say which trust lists judged."""
    ordered = sorted(names)
    if not ordered:
        return msg("No server presented a certificate.")
    return msg_n("Trust list: {names}", "Trust lists: {names}", len(ordered), names=", ".join(ordered))


def require_ending(file: Path, *, has_printer: bool = True) -> str:
    """Return the ending of a report's file, in lower case.

    Raises:
        UnusableInputError: it is no form that reports have.
    """
    endings = [".html", *([".pdf"] if has_printer else []), ".json", ".csv"]
    ending = file.suffix.lower()
    if ending not in endings:
        raise UnusableInputError(
            msg("A report cannot be written in this form."),
            remedy=msg("Give the file a name that ends in {endings}.", endings=", ".join(endings)),
            place=str(file),
        )
    return ending


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1)


def _rfc_3339(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
