"""The painted ladder at every pixel ratio: sharp lines, and what has no room is left out whole."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from tests.support import samples
from trustdesk.gui.handshake.ladder_layout import Box, TextRole, lay_out
from trustdesk.gui.handshake.ladder_paint import LadderPainter, LadderWords, elided_detail, measure_text
from trustdesk.gui.handshake.ladder_rows import RowKind, ladder_rows
from trustdesk.gui.theme.theme import current_theme

_WORDS = LadderWords(
    us="Us",
    our_name="client-good",
    partner="Partner",
    partner_name="1r.example",
    time_head="ms",
    size_head="bytes",
    encrypted="encrypted",
    refused="refused",
)


@pytest.fixture(scope="module", autouse=True)
def _ladder_app() -> None:
    if not isinstance(QApplication.instance(), QApplication):
        current_theme().apply(QApplication([]))


def _paint(ratio: float, width: float = 720) -> tuple[QImage, float, float]:
    rows = ladder_rows(samples.rejected_client().record.timeline)
    layout = lay_out(
        rows,
        width=width,
        measure=measure_text,
        encrypted_word=_WORDS.encrypted,
        refused_word=_WORDS.refused,
        size_word=_WORDS.size_head,
    )
    image = QImage(round(width * ratio), round(layout.height * ratio), QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(current_theme().tokens.surface))
    painter = QPainter(image)
    drawing = LadderPainter(painter, layout, _WORDS)
    drawing.paint(rows, Box(0, 0, layout.width, layout.height), None, False)
    drawing.paint_head(layout.width)
    painter.end()
    return image, (layout.our_x + layout.partner_x) / 2, layout.rows[1].arrow_y


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 1.75, 2.0])
def test_an_arrow_is_pure_colour_at_every_ratio(ratio: float) -> None:
    image, x, y = _paint(ratio)
    tokens = current_theme().tokens
    across = range(round((y - 5) * ratio), round((y + 5) * ratio))
    column = {image.pixelColor(round(x * ratio), place).name() for place in across}
    assert column == {tokens.accent.lower(), tokens.surface.lower()}


def test_a_narrow_ladder_cuts_details_and_never_names_times_or_sizes() -> None:
    rows = ladder_rows(samples.rejected_client().record.timeline)
    layout = lay_out(
        rows,
        width=430,
        measure=measure_text,
        encrypted_word=_WORDS.encrypted,
        refused_word=_WORDS.refused,
        size_word=_WORDS.size_head,
    )
    cut = 0
    for row, placed in zip(rows, layout.rows, strict=True):
        if row.kind is not RowKind.TROUBLE:
            assert placed.name.width >= measure_text(row.name, TextRole.NAME)
        assert placed.time.width >= measure_text(row.time, TextRole.NUMBER)
        assert placed.size.width >= measure_text(row.size, TextRole.NUMBER)
        cut += elided_detail(row, placed) != row.detail
    assert cut
