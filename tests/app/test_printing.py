"""The printer of PDFs works without a display, stops when it is told to, and says so when it dies."""

from __future__ import annotations

from multiprocessing.connection import Connection

import pytest

from trustdesk.app.printing import QtPdfPrinter
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.printed import PrintedDocument, PrintedHeading
from trustdesk.gui.printing import process

DOCUMENT = PrintedDocument(
    title="Sheet",
    footer="foot",
    page_words="Page {page} of {pages}",
    blocks=(PrintedHeading(text="Partners"),),
)


def dies(pipe: Connection) -> None:
    """Take the work and end."""
    pipe.recv()


def never_ends(pipe: Connection) -> None:
    """Take the work and do nothing with it."""
    pipe.recv()
    pipe.recv()


def test_a_pdf_comes_from_another_process() -> None:
    told: list[tuple[int, int]] = []
    printed = QtPdfPrinter().print_document(
        DOCUMENT, lambda done, total: told.append((done, total)), lambda: False
    )
    assert printed is not None
    assert printed.startswith(b"%PDF-")
    assert told[-1] == (100, 100)


def test_a_printer_that_ends_by_itself_is_a_failure_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "print_documents", dies)
    with pytest.raises(EnvironmentFailureError) as caught:
        QtPdfPrinter().print_document(DOCUMENT, lambda _done, _total: None, lambda: False)
    assert ".html" in caught.value.remedy.id


def test_a_printer_is_ended_in_the_middle_of_its_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "print_documents", never_ends)
    answers = iter((False, True))
    assert QtPdfPrinter().print_document(DOCUMENT, lambda _done, _total: None, lambda: next(answers)) is None
