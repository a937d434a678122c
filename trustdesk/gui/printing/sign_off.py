"""The box in which a person decides and signs."""

from __future__ import annotations

from trustdesk.core.printed import PrintedSignOff
from trustdesk.gui.printing.pen import Pen
from trustdesk.gui.printing.pieces import Whole
from trustdesk.gui.printing.typesetting import Face, TextLine, lines_of, width_of
from trustdesk.gui.theme.tokens import LIGHT

_PAD = 130.0
_TICK = 110.0
_COMMENT_LINES = 3
_WRITING = 230.0
"""Room for a line of handwriting."""


class SignOffPiece(Whole):
    """Title, boxes to tick, lines to write on."""

    def __init__(self, block: PrintedSignOff, width: float) -> None:
        self._block = block
        room = width - 2 * _PAD
        self._basis = tuple(
            line for text in block.basis for line in lines_of(text, Face.SECOND, LIGHT.text2, room)
        )
        self._choices = self._placed(room)
        rows = 1 + max((row for row, _x, _text in self._choices), default=0)
        self._choices_height = rows * 200.0
        self._inside = (
            2 * _PAD
            + 200
            + sum(line.height for line in self._basis)
            + 80
            + self._choices_height
            + 110
            + _COMMENT_LINES * _WRITING
            + len(block.signers) * (_WRITING + 190)
        )
        self.height = self._inside + 100

    def paint(self, pen: Pen, top: float) -> None:
        """Paint the frame and what is filled in by hand."""
        block = self._block
        pen.box(0, top, pen.width, self._inside, line=LIGHT.control, radius=60)
        at = top + _PAD
        pen.text(TextLine(block.title, Face.PART, LIGHT.text), _PAD, at)
        at = pen.texts(self._basis, _PAD, at + 200) + 80
        for row, x, text in self._choices:
            pen.box(_PAD + x, at + row * 200 + 5, _TICK, _TICK, line=LIGHT.text2)
            pen.text(TextLine(text, Face.BODY, LIGHT.text), _PAD + x + _TICK + 60, at + row * 200)
        at += self._choices_height
        pen.text(TextLine(block.comment, Face.SECOND, LIGHT.text2), _PAD, at)
        at += 110
        for line in range(_COMMENT_LINES):
            pen.rule(_PAD, at + (line + 1) * _WRITING - 40, pen.width - 2 * _PAD, LIGHT.control)
        at += _COMMENT_LINES * _WRITING
        for labels in block.signers:
            each = (pen.width - 2 * _PAD - 120 * (len(labels) - 1)) / len(labels)
            for place, label in enumerate(labels):
                x = _PAD + place * (each + 120)
                pen.rule(x, at + _WRITING + 30, each, LIGHT.control)
                pen.text(TextLine(label, Face.SECOND, LIGHT.text2), x, at + _WRITING + 50)
            at += _WRITING + 190

    def _placed(self, room: float) -> list[tuple[int, float, str]]:
        """Return row and place of each choice: side by side as long as there is room."""
        placed: list[tuple[int, float, str]] = []
        row, x = 0, 0.0
        for text in self._block.choices:
            width = _TICK + 60 + width_of(text, Face.BODY) + 300
            if x and x + width - 300 > room:
                row, x = row + 1, 0.0
            placed.append((row, x, text))
            x += width
        return placed
