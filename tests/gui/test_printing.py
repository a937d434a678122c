"""Pages of a PDF: nothing is lost between them, heads come again, and what belongs together stays so."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from tests.support import review_samples
from trustdesk.core.printed import (
    PrintedCell,
    PrintedColumn,
    PrintedDocument,
    PrintedFacts,
    PrintedHeading,
    PrintedLine,
    PrintedTable,
)
from trustdesk.gui.printing.pages import Page, paginate, pdf_of, pieces_of
from trustdesk.gui.printing.pen import Pen
from trustdesk.gui.printing.pieces import FactsPiece, HeadingPiece
from trustdesk.gui.printing.sign_off import SignOffPiece
from trustdesk.gui.printing.tables import HeadPiece, RowPiece
from trustdesk.gui.printing.typesetting import Face, broken, width_of
from trustdesk.services.review_pages import sheet_pages
from trustdesk.services.review_writer import sheet_view
from trustdesk.services.wording import wording

WIDTH, ROOM = 5100.0, 7400.0

pytestmark = pytest.mark.usefixtures("qapp")


def table(rows: int, text: str = "one") -> PrintedTable:
    return PrintedTable(
        columns=(PrintedColumn("No.", 10, numbers=True), PrintedColumn("Name", 90)),
        rows=tuple(
            (PrintedCell((PrintedLine(str(row)),)), PrintedCell((PrintedLine(text),), icon="good"))
            for row in range(rows)
        ),
    )


def pages_of(*blocks: PrintedTable | PrintedHeading) -> list[Page]:
    return paginate([piece for block in blocks for piece in pieces_of(block, WIDTH)], ROOM)


def test_rows_come_in_their_order_each_once_under_a_head_on_every_page() -> None:
    pages = pages_of(table(200))
    assert len(pages) > 3
    for page in pages:
        assert isinstance(page[0][1], HeadPiece)
        assert sum(isinstance(piece, HeadPiece) for _top, piece in page) == 1
    assert sum(isinstance(piece, RowPiece) for page in pages for _top, piece in page) == 200


@pytest.mark.parametrize("rows", [1, 38, 200])
def test_nothing_overlaps_and_nothing_runs_out_of_the_page(rows: int) -> None:
    for page in pages_of(PrintedHeading(text="Partners"), table(rows), PrintedHeading(text="More"), table(3)):
        below = 0.0
        for top, piece in page:
            assert top >= below
            below = top + piece.height
        assert below <= ROOM


def test_a_heading_never_stands_alone_at_the_foot() -> None:
    for rows in range(20, 60):
        for page in pages_of(table(rows), PrintedHeading(text="Next"), table(2)):
            assert not isinstance(page[-1][1], HeadingPiece | HeadPiece)


def test_a_row_higher_than_a_page_is_torn_between_lines_and_none_is_lost() -> None:
    text = " ".join(f"word{number}" for number in range(3000))
    pages = pages_of(PrintedHeading(text="Long"), table(1, text))
    rows = [piece for page in pages for _top, piece in page if isinstance(piece, RowPiece)]
    assert len(rows) > 1
    written = " ".join(line.text for row in rows for line in row.cells[1].lines)
    assert written == text


def test_a_fact_higher_than_a_page_is_torn_between_lines_and_none_is_lost() -> None:
    names = tuple(f"https://{'a' * 63}.example/{number}" for number in range(200))
    facts = PrintedFacts(facts=(("Role", ("Carrier",)), ("1R-IDs", names), ("Tags", ("pilot",))))
    pages = paginate(list(pieces_of(facts, WIDTH)), ROOM)
    assert len(pages) > 1
    pieces = [piece for page in pages for _top, piece in page if isinstance(piece, FactsPiece)]
    lines = [line.text for piece in pieces for one in piece.columns for line in one.lines]
    assert lines == ["Carrier", *names, "pilot"]
    for page in pages:
        assert all(top + piece.height <= ROOM for top, piece in page)
    assert [line.text for piece in pieces for one in piece.columns for line in one.label] == [
        "Role",
        "1R-IDs",
        "Tags",
    ]


def test_the_box_to_sign_stays_whole() -> None:
    document = sheet_pages(sheet_view(review_samples.whole(), wording("en")), wording("en"))
    pieces = [piece for block in document.blocks for piece in pieces_of(block, WIDTH)]
    (box,) = [piece for piece in pieces if isinstance(piece, SignOffPiece)]
    assert box.height < ROOM
    assert box.split(ROOM / 2) is None


@pytest.mark.parametrize(
    "text",
    ["https://" + "a" * 300 + ".example/NWC", "two words " * 40, "𝔘 \U0001f6eb " * 80, "日本貨物" * 60],
)
def test_every_line_fits_and_no_letter_is_lost(text: str) -> None:
    lines = broken(text, Face.BODY, 900)
    assert len(lines) > 1
    assert all(width_of(line, Face.BODY) <= 901 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_word_of_a_narrow_column_is_not_torn() -> None:
    block = PrintedTable(
        columns=(PrintedColumn("Rule", 3), PrintedColumn("Found", 97)),
        rows=((PrintedCell((PrintedLine("Unzutreffend"),), icon="bad"), PrintedCell((PrintedLine("x"),))),),
    )
    (row,) = [piece for piece in pieces_of(block, WIDTH) if isinstance(piece, RowPiece)]
    assert [line.text for line in row.cells[0].lines] == ["Unzutreffend"]


def test_a_pdf_has_its_pages_their_numbers_and_its_words() -> None:
    told: list[int] = []
    document = PrintedDocument(
        title="Board", footer="foot", page_words="Page {page} of {pages}", blocks=(table(200),)
    )
    pdf = pdf_of(document, lambda done, _total: told.append(done))
    assert pdf.startswith(b"%PDF-1.")
    pages = len(pages_of(table(200)))
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == pages
    assert told == sorted(told)
    assert told[-1] == 100
    assert b"\xfe\xff" + "Board".encode("utf-16-be") in pdf or b"Board" in pdf
    assert len(streams(pdf)) > pages


def test_pages_of_a_language_from_the_right_are_mirrored(qapp: QApplication) -> None:
    del qapp
    pictures = []
    for from_right in (False, True):
        picture = QImage(510, 60, QImage.Format.Format_RGB32)
        picture.fill(0xFFFFFFFF)
        painter = QPainter(picture)
        painter.scale(0.1, 0.1)
        Pen(painter, WIDTH, right_to_left=from_right).box(0, 0, 600, 600, fill="#000000")
        painter.end()
        pictures.append(picture)
    left, right = pictures
    assert left.pixel(10, 30) == right.pixel(500, 30) == 0xFF000000
    assert left.pixel(500, 30) == right.pixel(10, 30) == 0xFFFFFFFF
    assert QRectF(left.rect()).width() == 510


def test_a_whole_sheet_prints_in_both_directions() -> None:
    document = sheet_pages(sheet_view(review_samples.whole(), wording("en")), wording("en"))
    for one in (document, replace(document, right_to_left=True)):
        assert pdf_of(one, lambda _done, _total: None).endswith(b"%%EOF\n")


def streams(pdf: bytes) -> list[bytes]:
    """Return what the compressed streams of a PDF hold."""
    found = []
    for body in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompressobj().decompress(body))
        except zlib.error:
            found.append(body)
    return found
