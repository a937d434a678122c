"""Pieces onto pages, and pages into a PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import assert_never

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from trustdesk.core.printed import (
    PrintedBanner,
    PrintedBlock,
    PrintedDocument,
    PrintedFacts,
    PrintedHeading,
    PrintedSignOff,
    PrintedSpace,
    PrintedTable,
    PrintedText,
    PrintedTop,
    PrintedTotals,
)
from trustdesk.gui.printing.pen import Pen
from trustdesk.gui.printing.pieces import (
    BannerPiece,
    HeadingPiece,
    Piece,
    SpacePiece,
    TextPiece,
    TopPiece,
    TotalsPiece,
    facts_pieces,
)
from trustdesk.gui.printing.sign_off import SignOffPiece
from trustdesk.gui.printing.tables import table_pieces
from trustdesk.gui.printing.typesetting import RESOLUTION, Face, TextLine, broken, line_height, width_of
from trustdesk.gui.theme.tokens import LIGHT

_MARGINS_MM = QMarginsF(15, 14, 15, 12)
_FOOT = 230.0
_LAYOUT_SHARE = 40
"""How much of the work the measuring counts for, of 100."""

_TELL_EVERY = 200

Page = list[tuple[float, Piece]]
"""Pieces with how far below the top each stands."""


def pdf_of(document: PrintedDocument, on_progress: Callable[[int, int], None]) -> bytes:
    """Return a document as PDF, on A4. Needs a QGuiApplication.

    Args:
        on_progress: told how much is done, of 100.
    """
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(RESOLUTION)
    writer.setTitle(document.title)
    writer.setCreator("trustdesk")
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            _MARGINS_MM,
            QPageLayout.Unit.Millimeter,
        )
    )
    width, height = float(writer.width()), float(writer.height())
    pages = _pages(document.blocks, width, height - _FOOT, on_progress)
    painter = QPainter(writer)
    pen = Pen(painter, width, right_to_left=document.right_to_left)
    for number, page in enumerate(pages, start=1):
        if number > 1:
            writer.newPage()
        for top, piece in page:
            piece.paint(pen, top)
        _paint_foot(pen, document, number, len(pages), height)
        on_progress(_LAYOUT_SHARE + (100 - _LAYOUT_SHARE) * number // len(pages), 100)
    painter.end()
    buffer.close()
    return bytes(data.data())


def pieces_of(block: PrintedBlock, width: float) -> Iterator[Piece]:
    """Yield the pieces of a block, measured."""
    match block:
        case PrintedTop():
            yield TopPiece(block, width)
        case PrintedBanner():
            yield BannerPiece(block, width)
        case PrintedTotals():
            yield TotalsPiece(block)
        case PrintedHeading():
            yield HeadingPiece(block, width)
        case PrintedText():
            yield TextPiece(block, width)
        case PrintedSpace():
            yield SpacePiece()
        case PrintedFacts():
            yield from facts_pieces(block, width)
        case PrintedTable():
            yield from table_pieces(block, width)
        case PrintedSignOff():
            yield SignOffPiece(block, width)
        case _:
            assert_never(block)


def paginate(pieces: Sequence[Piece], room: float) -> list[Page]:
    """Return pages of a height: pieces in their order, each whole where a page has room for it."""
    pages: list[Page] = [[]]
    used = 0.0
    for place, piece in enumerate(pieces):
        is_first = not pages[-1]
        if not is_first and (piece.breaks or used + _needed(pieces, place, room) > room):
            pages.append([])
            used, is_first = 0.0, True
        if is_first and piece.head is not None:
            pages[-1].append((0.0, piece.head))
            used = piece.head.height
        left: Piece | None = piece
        while left is not None and used + left.height > room:
            halves = left.split(room - used)
            if halves is None:
                break
            pages[-1].append((used, halves[0]))
            pages.append([])
            left = halves[1]
            used = 0.0
            if left.head is not None:
                pages[-1].append((0.0, left.head))
                used = left.head.height
        if left is not None:
            pages[-1].append((used, left))
            used += left.height
    return pages


def _needed(pieces: Sequence[Piece], place: int, room: float) -> float:
    """Return the height of a piece with those that it must not be parted from.

    A row higher than a page counts as a line of its own: it is torn apart in any case.
    """
    height = 0.0
    for piece in pieces[place:]:
        height += piece.height if piece.height <= room - (piece.head.height if piece.head else 0.0) else 300.0
        if not piece.stays:
            break
    return height


def _pages(
    blocks: Sequence[PrintedBlock], width: float, room: float, on_progress: Callable[[int, int], None]
) -> list[Page]:
    total = sum(len(block.rows) if isinstance(block, PrintedTable) else 1 for block in blocks)
    pieces: list[Piece] = []
    for block in blocks:
        for piece in pieces_of(block, width):
            pieces.append(piece)
            if len(pieces) % _TELL_EVERY == 0:
                on_progress(min(_LAYOUT_SHARE, _LAYOUT_SHARE * len(pieces) // max(total, 1)), 100)
    return paginate(pieces, room)


def _paint_foot(pen: Pen, document: PrintedDocument, number: int, pages: int, height: float) -> None:
    top = height - line_height(Face.SECOND) - 10
    words = TextLine(document.page_words.format(page=number, pages=pages), Face.SECOND, LIGHT.text3)
    room = pen.width - width_of(words.text, Face.SECOND) - 200
    pen.rule(0, top - 45, pen.width, LIGHT.border)
    lines = broken(document.footer, Face.SECOND, room)
    pen.text(TextLine(lines[0] + (" …" if len(lines) > 1 else ""), Face.SECOND, LIGHT.text3), 0, top)
    pen.text(words, 0, top, room=pen.width)
