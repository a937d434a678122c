"""A field that adds one name to a list, and says while one types what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.certificate_request import FieldRemark
from trustdesk.core.message import msg
from trustdesk.gui.handshake.field_cell import line_edit, set_invalid
from trustdesk.gui.requests.remark_line import RemarkLine
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class EntryField(QWidget):
    """Field, Add, and what is said of the text.

    Signals:
        added: a text that nothing keeps from being added.
        typed: the text has changed.
    """

    added = Signal(str)
    typed = Signal()

    def __init__(
        self,
        *,
        name: str,
        hint: str,
        judge: Callable[[str], FieldRemark | None],
        parent: QWidget | None = None,
    ) -> None:
        """Make it; `judge` says what is to be said of a text in its place."""
        super().__init__(parent)
        self._judge = judge
        self.edit = line_edit(name, placeholder=hint)
        self.add_button = Button(say(msg("Add")), icon="add")
        self.remark = RemarkLine()
        self.remark.hide()
        self.question = QWidget()
        self._add_it = Button(say(msg("Add it")), kind=ButtonKind.LINK)
        self._leave_it = Button(say(msg("Leave it out")), kind=ButtonKind.LINK)
        asked = QHBoxLayout(self.question)
        asked.setContentsMargins(0, 0, 0, 0)
        asked.setSpacing(8)
        asked.addWidget(Text(say(msg("This one is not on the list yet.")), ink="warning"))
        for button in (self._add_it, self._leave_it):
            asked.addWidget(button)
        asked.addStretch(1)
        self.question.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.edit, 1)
        row.addWidget(self.add_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(row)
        layout.addWidget(self.remark)
        layout.addWidget(self.question)
        self.edit.installEventFilter(self)
        self.edit.textChanged.connect(self._type)
        self.add_button.clicked.connect(self.add)
        self.remark.repair_wanted.connect(self.write)
        self._add_it.clicked.connect(self.add)
        self._leave_it.clicked.connect(lambda: self.write(""))

    @property
    def text(self) -> str:
        """What stands in the field, without blanks around it."""
        return self.edit.text().strip()

    def write(self, text: str, *, is_edited: bool = False) -> None:
        """Write a text into the field, and move the keyboard there."""
        self.edit.setText(text)
        self.show_edited(is_edited)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_edited(self, is_edited: bool) -> None:
        """Say on the button whether a name is added, or one that is there changed."""
        if is_edited:
            self.add_button.show_as(say(msg("Change")), icon="tick")
        else:
            self.add_button.show_as(say(msg("Add")), icon="add")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Add with Enter; an empty field leaves it to the dialog, and Enter with Ctrl goes on."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.text:
            plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
            if event.key() in _ENTER and plain:
                self.add()
                return True
        return super().eventFilter(watched, event)

    def add(self) -> None:
        """Hand the text over, where nothing keeps it from being added."""
        text = self.text
        if not text:
            return
        remark = self._judge(text)
        self._show(remark)
        if remark is not None and (remark.is_obstacle or remark.correction == ""):
            self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        # Emptied without a word: whoever listens would take it for a name that is given up.
        blocked = self.edit.blockSignals(True)
        self.edit.clear()
        self.edit.blockSignals(blocked)
        self.question.hide()
        self._show(None)
        self.show_edited(False)
        self.added.emit(text)
        self.typed.emit()

    def ask(self) -> None:
        """Ask what shall become of a text that was not added."""
        self.question.show()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def judge_again(self) -> None:
        """Say again what is to be said of the text: something else has changed."""
        self._show(self._judge(self.text) if self.text else None)

    def _type(self) -> None:
        self.question.hide()
        self.judge_again()
        self.typed.emit()

    def _show(self, remark: FieldRemark | None) -> None:
        self.remark.show_remark(remark)
        set_invalid(self.edit, remark is not None and remark.is_obstacle)
