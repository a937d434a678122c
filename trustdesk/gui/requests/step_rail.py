"""The steps of the wizard: circles joined by a line, each with its answer; in a narrow dialog one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, elided, font, metrics
from trustdesk.gui.widgets.painting import CONTROL_RADIUS, paint_focus, shows_focus
from trustdesk.gui.words import say

_CIRCLE = 22
_INSET = 22
_GAP = 10
_STEP = 61
WIDTH = 208


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step.

    Attributes:
        key: names it for the program.
        word: short enough for a button: "Next: key".
        next_word: the word in the middle of a sentence.
    """

    key: str
    word: Message
    next_word: Message


class StepRail(QWidget):
    """All steps below one another; what is done can be gone back to.

    Signals:
        chosen: place of a step that the person goes back to.
    """

    chosen = Signal(int)

    def __init__(self, steps: Sequence[Step], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._current = 0
        self.setAccessibleName(say(msg("Steps")))
        self.setFixedWidth(WIDTH)
        self.buttons = tuple(
            StepButton(place, say(step.word), is_last=place == len(steps) - 1)
            for place, step in enumerate(steps)
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 12)
        layout.setSpacing(0)
        for place, button in enumerate(self.buttons):
            button.clicked.connect(lambda _checked=False, at=place: self.chosen.emit(at))
            layout.addWidget(button)
        layout.addStretch(1)

    def show_steps(self, current: int, answers: Sequence[str], *, is_over: bool) -> None:
        """Show where the person is, and what was chosen at each step; `is_over`: nothing can be changed."""
        self._current = current
        for button, answer in zip(self.buttons, answers, strict=True):
            button.show_step(answer, current=current, is_over=is_over, count=len(self.buttons))


class StepButton(QPushButton):
    """Circle with number or tick, word and answer, and the line to the next one."""

    def __init__(self, place: int, word: str, *, is_last: bool) -> None:
        super().__init__(word)
        self._place, self._is_last = place, is_last
        self._answer = ""
        self._current = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setEnabled(False)

    def show_step(self, answer: str, *, current: int, is_over: bool, count: int) -> None:
        """Show an answer, and whether the step is behind the person."""
        self._answer, self._current = answer, current
        self.setEnabled(self._place < current and not is_over)
        stands = (
            msg("done") if self._is_done else msg("current") if self._place == current else msg("to come")
        )
        name = msg(
            "Step {number} of {count}, {word}: {answer}, {state}",
            number=self._place + 1,
            count=count,
            word=self.text(),
            answer=answer,
            state=stands,
        )
        self.setAccessibleName(say(name))
        self.update()

    @property
    def _is_done(self) -> bool:
        return self._place < self._current

    def sizeHint(self) -> QSize:
        """Return the height of two lines and the line to the next step."""
        lines = metrics(TypeStyle.ROW_TITLE).height() + metrics(TypeStyle.SECOND_LINE).height()
        return QSize(WIDTH, max(_STEP, lines + 27))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the step."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_current = self._place == self._current
        top = 10.0
        circle = QRectF(_INSET, top, _CIRCLE, _CIRCLE)
        words = QRect(_INSET + _CIRCLE + _GAP, 0, self.width() - _INSET - _CIRCLE - _GAP - 8, self.height())
        circle = QRectF(self.style().visualRect(self.layoutDirection(), self.rect(), circle.toRect()))
        words = self.style().visualRect(self.layoutDirection(), self.rect(), words)
        if not self._is_last:
            line = QRectF(circle.center().x() - 1, circle.bottom(), 2, self.height() - circle.bottom())
            painter.fillRect(line, QColor(tokens.accent if self._is_done else tokens.border))
        if self._place:
            above = QRectF(circle.center().x() - 1, 0, 2, top)
            painter.fillRect(above, QColor(tokens.accent if self._place <= self._current else tokens.border))
        self._paint_circle(painter, circle, is_current=is_current)
        align = int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        title = TypeStyle.ROW_TITLE_BAD if is_current else TypeStyle.ROW_TITLE
        first = QRect(words.left(), 4, words.width(), metrics(title).height())
        painter.setFont(font(title))
        painter.setPen(QColor(tokens.text if self._place <= self._current else tokens.text2))
        painter.drawText(first, align, elided(self.text(), title, first.width()))
        second = first.translated(0, first.height() + 2)
        painter.setFont(font(TypeStyle.SECOND_LINE))
        painter.setPen(QColor(tokens.text2))
        painter.drawText(second, align, elided(self._answer, TypeStyle.SECOND_LINE, second.width()))
        if shows_focus(self):
            paint_focus(painter, QRectF(self.rect()).adjusted(8, 0, -4, -12), CONTROL_RADIUS)
        painter.end()

    def _paint_circle(self, painter: QPainter, circle: QRectF, *, is_current: bool) -> None:
        tokens = current_theme().tokens
        painter.setPen(Qt.PenStyle.NoPen)
        outline = tokens.accent if self._is_done or is_current else tokens.control
        painter.setBrush(QColor(outline))
        painter.drawEllipse(circle)
        if self._is_done:
            tick = pixmap("tick", tokens.on_accent, 14, self.devicePixelRatioF())
            painter.drawPixmap(circle.topLeft() + QPointF(4, 4), tick)
            return
        line = 2.0 if is_current else 1.2
        painter.setBrush(QColor(tokens.surface))
        painter.drawEllipse(circle.adjusted(line, line, -line, -line))
        painter.setFont(font(TypeStyle.LABEL))
        painter.setPen(QColor(tokens.accent if is_current else tokens.text2))
        painter.drawText(circle, int(Qt.AlignmentFlag.AlignCenter), str(self._place + 1))
