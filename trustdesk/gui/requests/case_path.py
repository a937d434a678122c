"""How far a case has come: requested, issued, installed, tested, on a line."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from trustdesk.core.certificate_request import CaseState
from trustdesk.core.message import msg
from trustdesk.gui.requests.words import CASE_WORDS, UP_TO_NOW
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font, metrics
from trustdesk.gui.widgets.painting import hairline
from trustdesk.gui.words import say

_CIRCLE = 18
_TICK = 12


class CasePath(QWidget):
    """Four circles with their words; the last is green once a handshake has proved it."""

    def __init__(self) -> None:
        super().__init__()
        self._state = CaseState.REQUESTED
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_state(self, state: CaseState) -> None:
        """Show a state."""
        self._state = state
        place = UP_TO_NOW.index(state) + 1
        words = msg(
            "Step {number} of {count}: {state}", number=place, count=len(UP_TO_NOW), state=CASE_WORDS[state]
        )
        self.setAccessibleName(say(words))
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for the words."""
        widest = max(metrics(TypeStyle.LABEL).horizontalAdvance(say(CASE_WORDS[one])) for one in UP_TO_NOW)
        return QSize((widest + _CIRCLE + 40) * len(UP_TO_NOW), 28)

    def minimumSizeHint(self) -> QSize:
        """Return the least at which the words stand side by side."""
        wide = sum(metrics(TypeStyle.LABEL).horizontalAdvance(say(CASE_WORDS[one])) for one in UP_TO_NOW)
        return QSize(wide + (_CIRCLE + 18) * len(UP_TO_NOW), 28)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint circles, words and the line."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        at = UP_TO_NOW.index(self._state)
        share = self.width() / len(UP_TO_NOW)
        middle = self.height() / 2
        for place, state in enumerate(UP_TO_NOW):
            left = place * share
            word = say(CASE_WORDS[state])
            width = metrics(TypeStyle.LABEL).horizontalAdvance(word)
            circle = self._mirrored(QRect(round(left), round(middle - _CIRCLE / 2), _CIRCLE, _CIRCLE))
            words = self._mirrored(QRect(round(left) + _CIRCLE + 6, 0, width + 2, self.height()))
            is_done = place <= at
            color = tokens.good if is_done and state is CaseState.TESTED else tokens.text2
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(color if is_done else tokens.control))
            painter.drawEllipse(QRectF(circle))
            if not is_done:
                painter.setBrush(QColor(tokens.surface))
                painter.drawEllipse(QRectF(circle).adjusted(1.3, 1.3, -1.3, -1.3))
            else:
                tick = pixmap("tick", tokens.surface, _TICK, self.devicePixelRatioF())
                painter.drawPixmap(QPointF(circle.left() + 3, circle.top() + 3), tick)
            painter.setFont(font(TypeStyle.LABEL))
            painter.setPen(QColor(tokens.text if is_done else tokens.text3))
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), word)
            start, end = round(left) + _CIRCLE + 6 + width + 10, round(left + share) - 8
            if place < len(UP_TO_NOW) - 1 and end > start:
                line = hairline(self.devicePixelRatioF())
                rect = self._mirrored(QRect(start, round(middle), end - start, 1))
                painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), line), QColor(tokens.border))
        painter.end()

    def _mirrored(self, rect: QRect) -> QRect:
        return self.style().visualRect(self.layoutDirection(), self.rect(), rect)
