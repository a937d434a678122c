"""Lines of plain text broken to a width."""

from __future__ import annotations

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
