"""One tile: a card that is one button, with a number, what it is of, and the worst of it in a line."""

from __future__ import annotations

import html
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QTextLayout
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, elided, font, metrics
from trustdesk.gui.widgets.painting import CARD_RADIUS, paint_focus, paint_rounded, shows_focus

_ICON = 16
_SIDE = 16
_TOP = 12
_GAP = 8
_SMALLEST = 180
_MOST_LINES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TileContent:
    """What a tile says, in the person's language.

    Attributes:
        icon, ink: of the state; the ink is the name of a token.
        number: "–" while it is not known.
        beside: "of 38"; "" for nothing.
        line: what names the worst; more than one line where it does not fit.
        short: the label where it would not fit; "" for the same.
    """

    icon: str
    ink: str
    label: str
    number: str
    beside: str = ""
    line: str = ""
    short: str = ""

    @property
    def words(self) -> str:
        """Everything in one sentence, for assistive technology."""
        number = f"{self.number} {self.beside}".strip()
        return ", ".join(part for part in (f"{self.label}: {number}", self.line) if part)


class Tile(QAbstractButton):
    """The button."""

    def __init__(self, content: TileContent, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self._lines: tuple[str, ...] = ("",)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        current_theme().changed.connect(self.update)
        self.show_content(content)

    @property
    def content(self) -> TileContent:
        """What it says."""
        return self._content

    def show_content(self, content: TileContent) -> None:
        """Say something else."""
        self._content = content
        self.setAccessibleName(content.words)
        # Qt guesses whether a tooltip is markup; escaped text is shown as it is either way.
        self.setToolTip(f"<span>{html.escape(content.line)}</span>" if content.line else "")
        self._break()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the line anew."""
        super().resizeEvent(event)
        self._break()

    def sizeHint(self) -> QSize:
        """Return room for label, number and all lines."""
        heads = metrics(TypeStyle.ROW_TITLE).height()
        heads += len(self._lines) * metrics(TypeStyle.SECOND_LINE).height()
        return QSize(260, 2 * _TOP + heads + metrics(TypeStyle.NUMBER).height() + 14)

    def minimumSizeHint(self) -> QSize:
        """Return what is narrow, and as high."""
        return QSize(_SMALLEST, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press with Enter too."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, outline, icon, label, number and line."""
        tokens, content = current_theme().tokens, self._content
        painter = QPainter(self)
        rect = QRectF(self.rect())
        is_pointed = self.underMouse() or self.isDown()
        paint_rounded(
            painter,
            rect,
            CARD_RADIUS,
            fill=tokens.hover if is_pointed else tokens.surface,
            outline=tokens.border,
        )
        ratio, width = self.devicePixelRatioF(), self.width() - 2 * _SIDE
        label = metrics(TypeStyle.ROW_TITLE).height()
        top = _TOP + (label - _ICON) // 2
        ink = str(getattr(tokens, content.ink))
        icon = self._mirrored(QRect(_SIDE, top, _ICON, _ICON))
        painter.drawPixmap(icon.topLeft(), pixmap(content.icon, ink, _ICON, ratio))
        chevron = self._mirrored(QRect(self.width() - _SIDE - _ICON + 6, top, _ICON, _ICON))
        painter.drawPixmap(chevron.topLeft(), pixmap("chevron-right", tokens.text2, _ICON, ratio))
        room = width - 2 * _ICON - _GAP + 2
        fits = metrics(TypeStyle.ROW_TITLE).horizontalAdvance(content.label) <= room
        label_words = content.label if fits or not content.short else content.short
        self._text(painter, label_words, TypeStyle.ROW_TITLE, tokens.text2, _SIDE + _ICON + _GAP, _TOP, room)
        number = _TOP + label + 8
        used = self._text(painter, content.number, TypeStyle.NUMBER, tokens.text, _SIDE, number, width)
        # Both stand on one baseline.
        base = number + metrics(TypeStyle.NUMBER).ascent() - metrics(TypeStyle.BODY).ascent()
        left = _SIDE + used + _GAP
        self._text(
            painter, content.beside, TypeStyle.BODY, tokens.text2, left, base, self.width() - left - _SIDE
        )
        line = number + metrics(TypeStyle.NUMBER).height() + 6
        for words in self._lines:
            self._text(painter, words, TypeStyle.SECOND_LINE, tokens.text2, _SIDE, line, width)
            line += metrics(TypeStyle.SECOND_LINE).height()
        if shows_focus(self):
            paint_focus(painter, rect, CARD_RADIUS)
        painter.end()

    def _break(self) -> None:
        """Break the line where it does not fit, and ask for the room."""
        before = len(self._lines)
        self._lines = _broken(self._content.line, max(1, self.width() - 2 * _SIDE))
        if len(self._lines) != before:
            self.updateGeometry()

    def _text(
        self, painter: QPainter, text: str, style: TypeStyle, ink: str, x: int, y: int, room: int
    ) -> int:
        """Paint one line that ends in an ellipsis where it has to, and return how wide it is."""
        shown = elided(text, style, max(0, room))
        width = metrics(style).horizontalAdvance(shown)
        painter.setFont(font(style))
        painter.setPen(QColor(ink))
        place = self._mirrored(QRect(x, y, width + 2, metrics(style).height()))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), shown)
        return width

    def _mirrored(self, rect: QRect) -> QRect:
        return self.style().visualRect(self.layoutDirection(), self.rect(), rect)


def _broken(text: str, room: int) -> tuple[str, ...]:
    """Return a text in as many lines as it takes, three at most; the last of them may still be too long."""
    if metrics(TypeStyle.SECOND_LINE).horizontalAdvance(text) <= room:
        return (text,)
    lines: list[str] = []
    layout = QTextLayout(text, font(TypeStyle.SECOND_LINE))
    layout.beginLayout()
    while (line := layout.createLine()).isValid() and len(lines) < _MOST_LINES:
        line.setLineWidth(room)
        is_last = len(lines) == _MOST_LINES - 1
        end = None if is_last else line.textStart() + line.textLength()
        lines.append(text[line.textStart() : end].rstrip())
    layout.endLayout()
    return tuple(lines)
