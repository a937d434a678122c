"""One partner's review sheet as a file: HTML and PDF for people, CSV for spreadsheets, JSON for programs."""

from __future__ import annotations

from pathlib import Path

from trustdesk.core.ports import PdfPrinter
from trustdesk.formats.json_text import json_text
from trustdesk.formats.review_documents import ReviewedEndpoint, review_document
from trustdesk.services.not_checked import gaps_of
from trustdesk.services.report_progress import ReportSteps
from trustdesk.services.report_templates import fixed_words, icons, template
from trustdesk.services.reports import require_ending
from trustdesk.services.review import EndpointReview, PartnerReview
from trustdesk.services.review_csv import review_csv
from trustdesk.services.review_pages import sheet_pages
from trustdesk.services.review_writer import sheet_view
from trustdesk.services.wording import Wording
from trustdesk.services.wording import wording as wording_of
from trustdesk.storage.atomic_file import PASSED_ON, written_atomically


def write_sheet(
    file: Path,
    review: PartnerReview,
    *,
    steps: ReportSteps,
    printer: PdfPrinter | None = None,
    wording: Wording | None = None,
) -> bool:
    """Write a review sheet, whole or not at all; the file's ending says in which form.

    Args:
        file: ends in .html, .pdf, .json or .csv, in either case.
        steps: told how far it is.
        printer: for a PDF; None where there is none.
        wording: the language; None for the person's own.

    Returns:
        Whether the file is written; False when it was cancelled.

    Raises:
        UnusableInputError: another ending.
        EnvironmentFailureError: the file cannot be written, or no PDF be made; what was there is untouched.
    """
    words = wording or wording_of()
    match require_ending(file, has_printer=printer is not None):
        case ".csv":
            data: bytes | None = review_csv(review, words)
        case ".json":
            data = review_json(review, words).encode("utf-8")
        case ".pdf":
            assert printer is not None  # noqa: S101 - an ending is refused where nothing prints it
            document = sheet_pages(sheet_view(review, words), words)
            data = printer.print_document(document, steps.share, lambda: steps.is_cancelled)
        case _:
            data = sheet_html(review, words).encode("utf-8", "replace")
    if data is None:
        return False
    return written_atomically(file, (data,), PASSED_ON, is_cancelled=lambda: steps.is_cancelled)


def sheet_html(review: PartnerReview, wording: Wording) -> str:
    """Return one self-contained page: no script, nothing loaded from anywhere, fit to print."""
    view = sheet_view(review, wording)
    return template("sheet.html.j2").render(sheet=view, words=fixed_words(wording), icons=icons())


def review_json(review: PartnerReview, wording: Wording) -> str:
    """Return `trustdesk.review/1`; see `formats.review_documents`."""
    document = review_document(
        review.partner,
        [_reviewed(one, review) for one in review.endpoints],
        wording.text,
        made_at=review.made_at,
        evaluated_at=review.evaluated_at,
    )
    return json_text(document, indent=1) + "\n"


def _reviewed(one: EndpointReview, review: PartnerReview) -> ReviewedEndpoint:
    at = review.evaluated_at or review.made_at
    return ReviewedEndpoint(
        endpoint=one.row.endpoint,
        state=one.row.state.value,
        report=one.report,
        diagnosis=one.diagnosis,
        readiness=one.readiness,
        changes=None
        if one.changes is None
        else [(change.at, change.words, change.details) for change in one.changes],
        endings=None
        if one.endings is None
        else [(it.what, it.ends_at, (it.ends_at - at).days, it.state.value) for it in one.endings],
        not_checked=[(gap.rule, gap.what, gap.why) for gap in gaps_of(one)],
    )
