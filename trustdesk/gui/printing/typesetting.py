"""Letters on paper: which font each kind of text has, how wide a text is, and where its lines end.

All lengths are tenths of a point, which is the resolution of the PDF: a letter is measured as it is painted.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QTextLayout, QTextOption

from trustdesk.core.printed import Ink

RESOLUTION = 720
"""Dots per inch of the PDF: ten for each point."""

_FAMILIES = ("Inter", "Segoe UI", "Helvetica Neue", "Roboto", "Noto Sans", "Liberation Sans", "DejaVu Sans")
_LINES_MOST = 400
"""Lines of one text; every text is bounded, this is for one that is not."""


class Face(Enum):
    """A place in the scale of the paper: size, weight, distance of lines, letters of one width."""

    TITLE = (165, QFont.Weight.DemiBold, 210, False)
    NUMBER = (190, QFont.Weight.DemiBold, 230, False)
    SENTENCE = (115, QFont.Weight.DemiBold, 150, False)
    PART = (125, QFont.Weight.DemiBold, 165, False)
    SECTION = (95, QFont.Weight.DemiBold, 130, False)
    NAME = (85, QFont.Weight.DemiBold, 116, False)
    BODY = (85, QFont.Weight.Normal, 116, False)
    HEAD = (75, QFont.Weight.DemiBold, 105, False)
    SECOND = (76, QFont.Weight.Normal, 106, False)
    FIXED = (70, QFont.Weight.Normal, 102, True)


FACE_OF_INK = {
    Ink.BODY: Face.BODY,
    Ink.NAME: Face.NAME,
    Ink.SECOND: Face.SECOND,
    Ink.FIXED: Face.FIXED,
}


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line as it is painted: colour is `#RRGGBB`."""

    text: str
    face: Face
    color: str

    @property
    def height(self) -> float:
        """Distance to the next line."""
        return line_height(self.face)


@cache
def font_of(face: Face) -> QFont:
    """Return the font of a place in the scale; treat it as read-only. Needs a QGuiApplication."""
    size, weight, _distance, fixed = face.value
    if fixed:
        made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    else:
        made = QFont()
        made.setFamilies(
            [*_FAMILIES, QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()]
        )
    made.setPixelSize(size)
    made.setWeight(weight)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


@cache
def _metrics(face: Face) -> QFontMetricsF:
    return QFontMetricsF(font_of(face))


def line_height(face: Face) -> float:
    """Return the distance from one line to the next."""
    return float(face.value[2])


@cache
def baseline(face: Face) -> float:
    """Return how far below the top of its line a text stands."""
    metrics = _metrics(face)
    return (line_height(face) + metrics.ascent() - metrics.descent()) / 2


@lru_cache(maxsize=16384)
def width_of(text: str, face: Face) -> float:
    """Return how wide a text is on one line."""
    return _metrics(face).horizontalAdvance(text)


@lru_cache(maxsize=16384)
def broken(text: str, face: Face, width: float) -> tuple[str, ...]:
    """Return the lines of a text that is to be `width` wide: between words, else anywhere."""
    if width_of(text, face) <= width:
        return (text,)
    layout = QTextLayout(text, font_of(face))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    # Qt counts UTF-16 units, Python code points.
    units = text.encode("utf-16-le", "surrogatepass")
    lines: list[str] = []
    layout.beginLayout()
    while len(lines) < _LINES_MOST:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(max(width, 1.0))
        start, end = 2 * line.textStart(), 2 * (line.textStart() + line.textLength())
        lines.append(units[start:end].decode("utf-16-le", "replace").rstrip())
    layout.endLayout()
    return tuple(lines)


def lines_of(text: str, face: Face, color: str, width: float) -> tuple[TextLine, ...]:
    """Return a text as lines to paint."""
    return tuple(TextLine(line, face, color) for line in broken(text, face, width))
