"""Lines of plain text broken to a width."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import bidirectional

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle


def lay_out(
    text: str,
    font: QFont,
    width: float,
    *,
    direction: Qt.LayoutDirection = Qt.LayoutDirection.LeftToRight,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeading,
) -> tuple[QTextLayout, float]:
    """Return the lines and their height; a word longer than the line is broken, so nothing is ever wider."""
    # A text layout breaks lines at U+2028 only.
    layout = QTextLayout(text.replace("\n", "\u2028"), font)
    option = QTextOption(QStyle.visualAlignment(direction, align))
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(direction)
    layout.setTextOption(option)
    height = 0.0
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1.0, width))
        line.setPosition(QPointF(0, height))
        height += line.height()
    layout.endLayout()
    return layout, height


@lru_cache(maxsize=4096)
def runs_left_to_right(text: str) -> bool:
    """Return whether a text has no letter that runs to the left: a name, a host, a number.

    In a window that runs to the left its full stop, bracket or ellipsis would stand at the wrong end.
    """
    return text.isascii() or not any(bidirectional(letter) in {"R", "AL"} for letter in text)
