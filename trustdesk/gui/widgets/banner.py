"""The verdict in words: who has to act, and why. The only loud thing of a page."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.accessible import announce
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import state_look
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.widgets.painting import CARD_RADIUS, paint_rounded
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.board import State

_ICON = 20
_TOP = 12
INKS: dict[State, str] = {
    State.GOOD: "good",
    State.WARNING: "warning",
    State.BAD: "bad",
    State.UNKNOWN: "unknown",
    State.RUNNING: "accent",
    State.NOT_APPLICABLE: "text2",
}


class VerdictBanner(QWidget):
    """Icon, sentence in the state's colour, what to do in plain text, buttons, one fact at the end.

    Details, where there are any, open below on a press; Copy takes everything that is shown.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = State.UNKNOWN
        self._has_buttons = False
        self._sentence = Text(style=TypeStyle.SECTION, wrap=True)
        self._action = Text(wrap=True)
        self._fact = Text(style=TypeStyle.SECOND_LINE, ink="text2")
        self._details_text = Text(style=TypeStyle.FIXED, ink="text", wrap=True)
        self._details = Button(say(msg("Details")), icon="chevron-down")
        self._details.setCheckable(True)
        self._details.toggled.connect(self._open_details)
        self._copy = Button(say(msg("Copy")), icon="copy")
        self._copy.clicked.connect(self._copy_all)
        self._line = QHBoxLayout()
        self._line.setSpacing(16)
        self._line.addWidget(self._action, 1)
        # In a narrow pane buttons take another line; a box would squeeze their words.
        pressed = QWidget()
        self._flow = Flow(pressed)
        self._flow.addWidget(self._details)
        self._flow.addWidget(self._copy)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.addWidget(pressed, 1)
        layout = QVBoxLayout()
        layout.setSpacing(4)
        layout.addWidget(self._sentence)
        layout.addLayout(self._line)
        layout.addLayout(self._buttons)
        layout.addWidget(self._details_text)
        # The icon's room is an item and no margin: margins do not change sides in right-to-left.
        sides = QHBoxLayout(self)
        sides.setContentsMargins(16, _TOP, 16, 14)
        sides.setSpacing(0)
        sides.addSpacing(_ICON + 12)
        sides.addLayout(layout, 1)
        self.show_verdict(State.UNKNOWN, "", None)

    @property
    def state(self) -> State:
        """The state that icon and colour show."""
        return self._state

    def show_verdict(
        self, state: State, sentence: str, action: str | None, fact: str = "", *, details: str = ""
    ) -> None:
        """Say a verdict; None for `action` where nobody has to act."""
        self._state = state
        self._sentence.setText(sentence)
        self._sentence.set_ink(INKS[state])
        self._action.setText(action or "")
        self._action.setVisible(bool(action))
        self._fact.setText(fact)
        self._fact.setVisible(bool(fact))
        self._details_text.setText(details)
        self._details.setVisible(bool(details))
        self._details.setChecked(False)
        self._open_details(False)
        self._copy.setVisible(bool(details))
        self._place_fact(beside_buttons=bool(details) or self._has_buttons)
        self.setAccessibleName(sentence)
        self.setAccessibleDescription(action or "")
        self.updateGeometry()
        self.update()

    def show_error(self, error: TrustdeskError, *, details: str = "") -> None:
        """Say what failed and what to do; the place stands in the details."""
        place = visible(error.place) if error.place else ""
        lines = "\n".join(line for line in (place, details) if line)
        self.show_verdict(State.BAD, say(error.problem), say(error.remedy), details=lines)
        announce(self, f"{say(error.problem)} {say(error.remedy)}")

    def add_button(self, button: Button) -> None:
        """Put a button before those of the banner itself; two at most."""
        self._has_buttons = True
        self._flow.insert_widget(self._flow.count() - 2, button)
        self._place_fact(beside_buttons=True)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground of the state and its icon."""
        look = state_look(self._state)
        painter = QPainter(self)
        paint_rounded(painter, QRectF(self.rect()), CARD_RADIUS, fill=look.ground)
        left = 16 if self.layoutDirection() is Qt.LayoutDirection.LeftToRight else self.width() - 16 - _ICON
        line = self._sentence.fontMetrics().height()
        top = _TOP + max(0, (line - _ICON) // 2)
        painter.drawPixmap(left, top, pixmap(look.icon, look.color, _ICON, self.devicePixelRatioF()))
        painter.end()

    def _place_fact(self, *, beside_buttons: bool) -> None:
        old, new = (self._line, self._buttons) if beside_buttons else (self._buttons, self._line)
        old.removeWidget(self._fact)
        if new.indexOf(self._fact) < 0:
            new.addWidget(self._fact, 0, Qt.AlignmentFlag.AlignVCenter)
        self._buttons.setContentsMargins(0, 6 if beside_buttons else 0, 0, 0)

    def _open_details(self, opened: bool) -> None:
        self._details_text.setVisible(opened and bool(self._details_text.text()))
        self._details.show_as(say(msg("Details")), icon="chevron-up" if opened else "chevron-down")

    def _copy_all(self) -> None:
        parts = (self._sentence.text(), self._action.text(), self._fact.text(), self._details_text.text())
        QGuiApplication.clipboard().setText("\n".join(part for part in parts if part))
