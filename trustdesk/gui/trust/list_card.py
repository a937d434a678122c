"""One list in the column: title, how many CAs, how it came, how old it is, and its chips."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from trustdesk.core.trust_version import ListSummary
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.trust.words import list_line, list_looks, summary_title
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.painting import CARD_RADIUS, paint_focus, paint_rounded, shows_focus
from trustdesk.gui.widgets.state_chip import StateChip

_ICON = 16
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class ListCard(QAbstractButton):
    """A card that is pressed to look at its list; arrow keys go on to the next one.

    Signals:
        moved: an arrow key wants the card so many places away.
    """

    moved = Signal(int)

    def __init__(self, summary: ListSummary, now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.summary = summary
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        title, line = summary_title(summary), list_line(summary, now)
        looks = list_looks(summary, now)
        chips = QWidget()
        flow = Flow(chips, gap=6)
        for look in looks:
            chip = StateChip()
            chip.show_state(look.state, look.word, icon=look.icon)
            flow.addWidget(chip)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(margins(12, 9, 10, 10))
        layout.setSpacing(4)
        self._title = ElidedLabel(title, TypeStyle.ROW_TITLE)
        self._title.setContentsMargins(0, 0, 0, 0)
        head = QVBoxLayout()
        head.setContentsMargins(margins(_ICON + 8, 0, 0, 0))
        head.addWidget(self._title)
        layout.addLayout(head)
        layout.addWidget(ElidedLabel(line, TypeStyle.SECOND_LINE, "text2"))
        layout.addWidget(chips)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(f"{title}, {line}, {', '.join(look.word for look in looks)}")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """Return the size of all lines."""
        layout = self.layout()
        return QSize(220, layout.totalHeightForWidth(max(180, self.width())) if layout else 90)

    def hasHeightForWidth(self) -> bool:
        """Whether the height follows from the width: chips wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height with the chips wrapped."""
        layout = self.layout()
        return layout.totalHeightForWidth(width) if layout else -1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to another card with the arrow keys, and press with Enter."""
        step = _STEPS.get(Qt.Key(event.key()), 0)
        if step:
            self.moved.emit(step)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, outline and icon."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        chosen = self.isChecked()
        fill = tokens.selection if chosen else tokens.hover if self.underMouse() else tokens.surface
        outline = tokens.accent if chosen else tokens.border
        rect = QRectF(self.rect())
        paint_rounded(painter, rect, CARD_RADIUS, fill=fill, outline=outline)
        line = self._title.geometry()
        top = line.top() + (line.height() - _ICON) // 2
        place = self.style().visualRect(self.layoutDirection(), self.rect(), QRect(12, top, _ICON, _ICON))
        name = "globe" if self.summary.is_builtin else "trust-lists"
        ink = tokens.accent if chosen else tokens.text2
        painter.drawPixmap(place.topLeft(), pixmap(name, ink, _ICON, self.devicePixelRatioF()))
        if shows_focus(self):
            paint_focus(painter, rect, CARD_RADIUS)
        painter.end()
