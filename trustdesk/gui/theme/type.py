"""The type scale, in device-independent pixels, grown from the system font."""

from __future__ import annotations

from enum import Enum
from functools import cache, lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QFontMetrics

BASE_PX = 13
"""Size of body text; the system's size where that is larger, and everything scales with it."""

_MEDIUM = QFont.Weight.Medium
_BOLD = QFont.Weight.DemiBold
_NORMAL = QFont.Weight.Normal


class TypeStyle(Enum):
    """A place in the scale: pixels at base 13, weight, and whether all letters are of one width."""

    NUMBER = (28, _BOLD, False)
    HEADLINE = (24, _BOLD, False)
    PAGE_TITLE = (20, _BOLD, False)
    SUBJECT_TITLE = (18, _BOLD, False)
    SECTION = (15, _BOLD, False)
    ROW_TITLE = (13, _MEDIUM, False)
    ROW_TITLE_BAD = (13, _BOLD, False)
    BODY = (13, _NORMAL, False)
    LABEL = (12, _MEDIUM, False)
    SECOND_LINE = (12, _NORMAL, False)
    AXIS = (11, _NORMAL, False)
    FIXED = (12, _NORMAL, True)


@cache
def font(style: TypeStyle) -> QFont:
    """Return the font of a style, with figures of equal width; treat it as read-only.

    Needs a QGuiApplication; the system font is read once.
    """
    pixels, weight, fixed = style.value
    system = QFontDatabase.SystemFont
    made = QFontDatabase.systemFont(system.FixedFont if fixed else system.GeneralFont)
    made.setPixelSize(round(pixels * base_px() / BASE_PX))
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


@cache
def metrics(style: TypeStyle) -> QFontMetrics:
    """Return the metrics of a style's font."""
    return QFontMetrics(font(style))


@lru_cache(maxsize=8192)
def elided(text: str, style: TypeStyle, width: int) -> str:
    """Return `text` cut to `width` with an ellipsis at its end; remembered, for tables paint it often."""
    return metrics(style).elidedText(text, Qt.TextElideMode.ElideRight, width)


@cache
def base_px() -> int:
    """Return the pixel size of body text on this system."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    return max(BASE_PX, QFontInfo(system).pixelSize())
