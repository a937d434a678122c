"""The verdict lines in a card: icon, the verdict in bold, the reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QStyle, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.inspector.verdicts import VerdictLine
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme, state_look
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.painting import is_right_to_left
from trustdesk.gui.words import say

_ICON = 16
_GAP = 10


class VerdictCard(Card):
    """One line for each verdict, worst not hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[VerdictLineView] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(14, 9, 14, 9)
        self._layout.setSpacing(4)
        self.setAccessibleName(say(msg("Verdict")))
        # Not Maximum: that would be the height of the hint's width, and cut what wraps in a narrower place.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    @property
    def words(self) -> tuple[str, ...]:
        """The lines in words."""
        return tuple(line.accessibleName() for line in self._lines)

    def show_lines(self, lines: Sequence[VerdictLine]) -> None:
        """Show other lines."""
        while len(self._lines) > len(lines):
            line = self._lines.pop()
            self._layout.removeWidget(line)
            line.hide()
            line.deleteLater()
        while len(self._lines) < len(lines):
            line = VerdictLineView()
            self._lines.append(line)
            self._layout.addWidget(line)
        for view, shown in zip(self._lines, lines, strict=True):
            view.show_line(shown)
        self.setAccessibleDescription(" ".join(self.words))


class VerdictLineView(QWidget):
    """Icon, bold lead, reason; the words wrap."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line: VerdictLine | None = None
        self._lead = self._reason = ""
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_line(self, line: VerdictLine) -> None:
        """Show another line."""
        self._line = line
        self._lead, self._reason = say(line.lead), say(line.reason)
        self.setAccessibleName(f"{self._lead} {self._reason}")
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Whether the height follows from the width: yes."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the wrapped words."""
        return max(_ICON + 4, round(self._lay_out(width)[1] + 4.5))

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(520, self.heightForWidth(520))

    def minimumSizeHint(self) -> QSize:
        """Return the narrowest that can be read."""
        return QSize(160, _ICON + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint icon and words."""
        if self._line is None:
            return
        look = state_look(self._line.state)
        painter = QPainter(self)
        line = QFontMetricsF(font(TypeStyle.BODY)).height()
        top = round(2 + (line - _ICON) / 2)
        place = self.style().visualRect(self.layoutDirection(), self.rect(), QRect(0, top, _ICON, _ICON))
        picture = pixmap(look.icon, look.color, _ICON, self.devicePixelRatioF())
        painter.drawPixmap(place.topLeft(), picture)
        painter.setPen(QColor(current_theme().tokens.text))
        layout, _height = self._lay_out(self.width())
        left = 0 if is_right_to_left(self) else _ICON + _GAP
        layout.draw(painter, QPointF(left, 2), [])
        painter.end()

    def _lay_out(self, width: int) -> tuple[QTextLayout, float]:
        layout = QTextLayout(f"{self._lead}  {self._reason}", font(TypeStyle.BODY))
        option = QTextOption(QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignLeading))
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(self.layoutDirection())
        layout.setTextOption(option)
        bold = QTextLayout.FormatRange()
        bold.start, bold.length = 0, len(self._lead)
        strong = QTextCharFormat()
        strong.setFontWeight(font(TypeStyle.ROW_TITLE_BAD).weight())
        bold.format = strong
        layout.setFormats([bold])
        height = 0.0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(60.0, width - _ICON - _GAP))
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        return layout, height
