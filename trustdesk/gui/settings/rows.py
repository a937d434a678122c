"""One setting: its name and its meaning in a line, the control, and what is wrong with it, right there."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import Message, msg
from trustdesk.gui.handshake.field_cell import TickBox, line_edit, set_invalid
from trustdesk.gui.handshake.problem_line import ProblemLine
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_SIDE = 14
_FIELD_WIDTH = 120


class SettingRow(QWidget):
    """Words at the start, control at the end, or below where it needs the width."""

    def __init__(
        self,
        label: Message,
        meaning: Message,
        control: QWidget,
        *,
        is_wide: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.problem = ProblemLine()
        self.problem.hide()
        self.meaning = Text(say(meaning), TypeStyle.SECOND_LINE, "text2", wrap=True)
        self.kept = Text(say(msg("Kept")), TypeStyle.SECOND_LINE, "text2")
        self.kept.setSizePolicy(
            self.kept.sizePolicy().horizontalPolicy(), self.kept.sizePolicy().verticalPolicy()
        )
        self.kept.hide()
        control.setAccessibleName(say(label))
        control.setAccessibleDescription(say(meaning))
        title = Text(say(label), TypeStyle.ROW_TITLE, wrap=True)
        title.setBuddy(control)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(title)
        words.addWidget(self.meaning)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addLayout(words, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_SIDE, 10, _SIDE, 10)
        layout.setSpacing(6)
        layout.addLayout(top)
        top.addWidget(self.kept, 0, Qt.AlignmentFlag.AlignVCenter)
        if is_wide:
            layout.addWidget(control)
        else:
            top.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.problem)

    def show_kept(self) -> None:
        """Say that the choice holds."""
        self.problem.hide()
        self.kept.show()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.kept.text()))

    def show_problem(self, error: TrustdeskError) -> None:
        """Say why the choice does not hold, and what to do."""
        self.kept.hide()
        self.problem.show_problem(say(error.problem), say(error.remedy))
        self.problem.show()
        if QAccessible.isActive():
            words = self.problem.accessibleName()
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))


class TickRow(SettingRow):
    """A setting that is on or off.

    Signals:
        chosen: what the person wants.
    """

    chosen = Signal(bool)

    def __init__(self, label: Message, meaning: Message) -> None:
        self.tick = TickBox("", name=say(label))
        super().__init__(label, meaning, self.tick)
        self.tick.clicked.connect(self.chosen)


class FieldRow(SettingRow):
    """A setting that is typed; it is handed over once the field is left, or with Enter.

    Signals:
        entered: the text, when it is another than the one that holds.
    """

    entered = Signal(str)

    def __init__(
        self,
        label: Message,
        meaning: Message,
        *,
        placeholder: str = "",
        is_wide: bool = False,
    ) -> None:
        self.field: QLineEdit = line_edit(say(label), placeholder=placeholder)
        if not is_wide:
            self.field.setFixedWidth(_FIELD_WIDTH)
        super().__init__(label, meaning, self.field, is_wide=is_wide)
        self._entered: str | None = ""
        self.field.editingFinished.connect(self.commit)
        self.field.textEdited.connect(self._begin)

    def show_held(self, text: str) -> None:
        """Show what holds, unless something that cannot hold stands there to be corrected."""
        if self.field.property("invalid") is not True:
            self.field.setText(text)
            self._entered = text

    def commit(self) -> None:
        """Hand over what stands in the field, if it is something new."""
        text = self.field.text().strip()
        if text != self._entered and self.field.isEnabled():
            self._entered = text
            self.entered.emit(text)

    def show_kept(self) -> None:
        """Say that the choice holds."""
        set_invalid(self.field, False)
        super().show_kept()

    def show_problem(self, error: TrustdeskError) -> None:
        """Say why it does not hold; what was typed stays to be corrected."""
        self._entered = None
        set_invalid(self.field, True)
        super().show_problem(error)

    def _begin(self) -> None:
        set_invalid(self.field, False)
        self.problem.hide()
        self.kept.hide()
