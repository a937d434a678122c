"""How far a run came, phase by phase, in one line where there is room and in two where there is not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from trustdesk.gui.handshake.phase_facts import PHASE_HINTS, PHASE_NAMES, PhaseStep, StepState
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.painting import hairline
from trustdesk.gui.widgets.ring import paint_ring, ring_clock
from trustdesk.gui.words import say

_LOOKS = {
    StepState.DONE: ("tick", "text2", "text"),
    StepState.RUNNING: ("running", "accent", "accent"),
    StepState.FAILED: ("bad", "bad", "bad"),
    StepState.CANCELLED: ("unknown", "unknown", "text2"),
    StepState.SKIPPED: ("not-applicable", "text3", "text2"),
    StepState.NOT_RUN: ("unknown", "text3", "text2"),
}
_ICON = 16
_GAP = 8
_PADDING = 16
_LEAST_LINE = 16


class PhaseStrip(Card):
    """One icon and two words for each phase; the words name the time where there is one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[PhaseStep, ...] = ()
        self._stacked = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        hints = [f"{say(PHASE_NAMES[phase])}: {say(hint)}" for phase, hint in PHASE_HINTS.items()]
        self.setToolTip("\n".join(hints))
        ring_clock().moved.connect(self.update)

    @property
    def steps(self) -> tuple[PhaseStep, ...]:
        """The steps as shown."""
        return self._steps

    def show_steps(self, steps: Sequence[PhaseStep]) -> None:
        """Show other steps."""
        self._steps = tuple(steps)
        words = [f"{say(PHASE_NAMES[step.phase])} {say(step.word)}" for step in steps]
        self.setAccessibleName(", ".join(words))
        ring_clock().run_for(self, any(step.state is StepState.RUNNING for step in steps))
        self._arrange()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of one line, or of two."""
        line = QFontMetrics(font(TypeStyle.LABEL)).height()
        return QSize(420, 2 * line + 20 if self._stacked else line + 26)

    def minimumSizeHint(self) -> QSize:
        """Return the same height; the width gives way."""
        return QSize(280, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take two lines where one is too short."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint icons, words, and the line that joins the steps."""
        super().paintEvent(event)
        if not self._steps:
            return
        painter = QPainter(self)
        tokens = current_theme().tokens
        ratio = self.devicePixelRatioF()
        width = (self.width() - 2 * _PADDING) / len(self._steps)
        last = len(self._steps) - 1
        for place, step in enumerate(self._steps):
            name_ink, mark = _LOOKS[step.state][2], _LOOKS[step.state][0]
            x = _PADDING + place * width
            box = self._mirrored(QRectF(x, (self.height() - _ICON) / 2, _ICON, _ICON))
            color = str(getattr(tokens, _LOOKS[step.state][1]))
            if step.state is StepState.RUNNING:
                paint_ring(painter, box, color)
            else:
                painter.drawPixmap(box.topLeft(), pixmap(mark, color, _ICON, ratio))
            used = self._paint_words(painter, step, x + _ICON + _GAP, name_ink, width - _ICON - 2 * _GAP)
            if place < last:
                start, end = x + _ICON + _GAP + used + 10, x + width - 10
                if end - start >= _LEAST_LINE:
                    line = QRectF(start, round(self.height() / 2), end - start, hairline(ratio))
                    painter.fillRect(self._mirrored(line), QColor(tokens.border))
        painter.end()

    def _paint_words(self, painter: QPainter, step: PhaseStep, x: float, ink: str, room: float) -> float:
        tokens = current_theme().tokens
        name, word = say(PHASE_NAMES[step.phase]), say(step.word)
        name_width = QFontMetrics(font(TypeStyle.LABEL)).horizontalAdvance(name) + 1.0
        word_width = QFontMetrics(font(TypeStyle.SECOND_LINE)).horizontalAdvance(word) + 1.0
        middle = self.height() / 2
        line = QFontMetrics(font(TypeStyle.LABEL)).height()
        if self._stacked:
            places = (QRectF(x, middle - line, room, line), QRectF(x, middle, room, line))
            used = min(room, max(name_width, word_width))
        else:
            top = middle - line / 2
            places = (
                QRectF(x, top, name_width, line),
                QRectF(x + name_width + _GAP, top, word_width, line),
            )
            used = name_width + _GAP + word_width
        word_ink = ink if step.state in {StepState.FAILED, StepState.RUNNING} else "text2"
        drawn = ((name, TypeStyle.LABEL, ink, places[0]), (word, TypeStyle.SECOND_LINE, word_ink, places[1]))
        for text, style, color, place in drawn:
            painter.setFont(font(style))
            painter.setPen(QColor(str(getattr(tokens, color))))
            shown = QFontMetrics(font(style)).elidedText(
                text, Qt.TextElideMode.ElideRight, int(place.width()) + 1
            )
            painter.drawText(self._mirrored(place), int(Qt.AlignmentFlag.AlignVCenter), shown)
        return used

    def _arrange(self) -> None:
        metrics, second = QFontMetrics(font(TypeStyle.LABEL)), QFontMetrics(font(TypeStyle.SECOND_LINE))
        widest = max(
            (
                metrics.horizontalAdvance(say(PHASE_NAMES[step.phase]))
                + second.horizontalAdvance(say(step.word))
                for step in self._steps
            ),
            default=0,
        )
        room = (self.width() - 2 * _PADDING) / max(1, len(self._steps))
        stacked = widest + _ICON + 3 * _GAP + _LEAST_LINE > room
        if stacked is not self._stacked:
            self._stacked = stacked
            self.updateGeometry()

    def _mirrored(self, rect: QRectF) -> QRectF:
        if self.layoutDirection() is Qt.LayoutDirection.LeftToRight:
            return rect
        return QRectF(self.width() - rect.right(), rect.y(), rect.width(), rect.height())
