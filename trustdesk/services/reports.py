"""Reports on all partners as one file: HTML for people, CSV for spreadsheets, JSON for programs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Verdict
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.probe import Outcome, ProbeReport
from trustdesk.formats.documents import probe_document
from trustdesk.formats.tables import Value, csv_table
from trustdesk.services.board import BoardRow
from trustdesk.services.report_writer import report_view, worst_first
from trustdesk.services.verdict_words import OUTCOME_WORDS, WHO, row_word
from trustdesk.services.wording import Wording
from trustdesk.services.wording import wording as wording_of
from trustdesk.storage.atomic_file import PASSED_ON, write_atomically
from trustdesk.storage.resources import resource_folder

if TYPE_CHECKING:
    from jinja2 import Environment

REPORT_SCHEMA = "trustdesk.report/1"

_ICONS = (
    "logo",
    "good",
    "warning",
    "bad",
    "unknown",
    "running",
    "not-applicable",
    "tick",
    "lock",
    "chevron-right",
)

_ARROW = '<path d="M3 12h17M14.5 6.5L20 12l-5.5 5.5"/>'

_WORDS: dict[str, Message] = {
    # Translators: the code of your language (de, pt-BR) and the direction of its script (ltr, rtl).
    "language": msg("en"),
    "text_direction": msg("ltr"),
    "partners": msg("Partners"),
    "partner": msg("Partner"),
    "server": msg("Server"),
    "on_list": msg("On list"),
    "days": msg("Days"),
    "tested": msg("Tested (UTC)"),
    "who_acts": msg("Who has to act:"),
    "one_by_one": msg("One by one"),
    "to_the_table": msg("To the table"),
    "evidence": msg("Evidence"),
    "cause": msg("Cause"),
    "details": msg("Details"),
    "rules": msg("Rules"),
    "rules_that_failed": msg("Rules that failed or warn"),
    "rule": msg("Rule"),
    "result": msg("Result"),
    "found": msg("Found"),
    "source": msg("Source"),
    "chain": msg("Presented certificates"),
    "number": msg("No."),
    "certificate": msg("Certificate"),
    "validity": msg("Validity"),
    "key": msg("Key"),
    "issuer": msg("Issuer"),
    "names": msg("Names"),
    "timeline": msg("Timeline"),
    "direction": msg("Direction"),
    "message": msg("Message"),
    "summary": msg("Summary"),
    "bytes": msg("Bytes"),
    "encrypted": msg("encrypted"),
    "made_by": msg("Made by trustdesk. Times are UTC."),
}

_COLUMNS: tuple[Message, ...] = (
    msg("Partner"),
    msg("Endpoint"),
    msg("State"),
    msg("TLS"),
    msg("Server"),
    msg("mTLS"),
    msg("On list"),
    msg("Days left"),
    msg("Tested (UTC)"),
    msg("Outcome"),
    msg("What is wrong"),
    msg("Who has to act"),
    msg("What to do"),
    msg("Cause"),
    msg("Alert"),
    msg("Subject"),
    msg("Issuer"),
    msg("Valid until (UTC)"),
    msg("SHA-256"),
    msg("Identity"),
    msg("Note"),
    msg("Judged for (UTC)"),
)


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
    words = {name: wording.text(message) for name, message in _WORDS.items()}
    return _environment().get_template("report.html.j2").render(report=view, words=words, icons=_icons())


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
    header = [wording.text(column) for column in _COLUMNS]
    lines = [
        [*_csv_row(row, reports.get(row.endpoint.id), wording), evaluated_at]
        for row in sorted(rows, key=worst_first)
    ]
    return csv_table(header, lines)


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
    summary = {verdict.value: 0 for verdict in Verdict} | {"not_run": 0}
    partners: list[dict[str, object]] = []
    for row in sorted(rows, key=worst_first):
        report = reports.get(row.endpoint.id)
        summary["not_run" if report is None or _is_not_judged(report) else report.verdict.value] += 1
        partners.append(
            {
                "partner": row.endpoint.partner,
                "endpoint": row.endpoint.target.endpoint,
                "identity": row.endpoint.identity,
                "note": row.endpoint.note,
                "state": row.state.value,
                "result": None if report is None else probe_document(report, wording.text),
            }
        )
    document = {
        "schema": REPORT_SCHEMA,
        "made_at": _rfc_3339(made_at),
        "evaluated_at": None if evaluated_at is None else _rfc_3339(evaluated_at),
        "partners": partners,
        "summary": summary,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


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
    """Write a report, whole or not at all; the file's ending says in which form.

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

    def html() -> bytes:
        return html_report(
            rows,
            reports,
            title=title or msg("Partner handshakes"),
            trust_list=trust_list or judged_by(reports),
            made_at=made_at,
            wording=words,
            evaluated_at=evaluated_at,
        ).encode("utf-8")

    forms: dict[str, Callable[[], bytes]] = {
        ".html": html,
        ".json": lambda: json_report(
            rows, reports, made_at=made_at, wording=words, evaluated_at=evaluated_at
        ).encode("utf-8", "replace"),
        ".csv": lambda: csv_report(rows, reports, wording=words, evaluated_at=evaluated_at),
    }
    form = forms.get(path.suffix.lower())
    if form is None:
        raise UnusableInputError(
            msg("A report cannot be written in this form."),
            remedy=msg("Give the file a name that ends in {endings}.", endings=", ".join(forms)),
            place=str(path),
        )
    write_atomically(path, form(), PASSED_ON)


def _rfc_3339(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def judged_by(reports: Mapping[int, ProbeReport]) -> Message:
    """Say which trust lists judged the servers of these reports."""
    judgements = [report.record.judgement for report in reports.values()]
    names = sorted({judgement.trust_list for judgement in judgements if judgement is not None})
    if not names:
        return msg("No server presented a certificate.")
    return msg_n("Trust list: {names}", "Trust lists: {names}", len(names), names=", ".join(names))


def _csv_row(row: BoardRow, report: ProbeReport | None, wording: Wording) -> list[Value]:
    say = wording.text
    explanation = row.explanation
    record = None if report is None else report.record
    leaf = record.presented_chain[0] if record is not None and record.presented_chain else None
    fatal = [] if record is None else [alert for alert in record.alerts if alert.level == "fatal"]
    return [
        row.endpoint.partner,
        row.endpoint.target.endpoint,
        say(row_word(row)),
        row.tls_version,
        say(row.server.word),
        say(row.mtls.word),
        say(row.on_list.word),
        row.days_left,
        row.tested_at,
        None if report is None else say(OUTCOME_WORDS[_outcome_of_test(report)]),
        None if explanation is None else say(explanation.headline),
        None if explanation is None else say(WHO[explanation.responsible]),
        None if explanation is None or explanation.action is None else say(explanation.action),
        None if explanation is None else explanation.cause,
        f"{fatal[-1].name} ({fatal[-1].code})" if fatal else None,
        None if leaf is None else leaf.subject,
        None if leaf is None else leaf.issuer,
        None if leaf is None else leaf.not_after,
        None if leaf is None else leaf.sha256,
        row.endpoint.identity,
        row.endpoint.note,
    ]


def _is_not_judged(report: ProbeReport) -> bool:
    return report.rejudged is not None and report.rejudged.is_open


def _outcome_of_test(report: ProbeReport) -> Outcome:
    return report.record.outcome if report.rejudged is None else report.rejudged.outcome


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(resource_folder() / "reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _icons() -> dict[str, object]:
    """Return the drawings by the names that the templates use: what stands inside each SVG element."""
    from markupsafe import Markup

    icons: dict[str, object] = {"arrow": Markup(_ARROW)}  # noqa: S704 - our own drawing
    for name in _ICONS:
        source = (resource_folder() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
        drawing = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
        if drawing is None:
            raise ValueError(name)
        icons[name.replace("not-applicable", "not_applicable")] = Markup(drawing[1].strip())  # noqa: S704
    return icons
