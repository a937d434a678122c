"""The passphrase of a protected file: asked for below the field, handed over once, and forgotten."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.handshake.field_cell import line_edit, set_invalid
from trustdesk.gui.handshake.problem_line import ProblemLine
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_LONGEST = 1024


class PassphraseRow(QWidget):
    """A masked field with its eye, and what is wrong with what was typed.

    What was typed stands in the field alone: `forget` empties it, undo steps included. Whoever takes it
    calls that as soon as the answer is there, except after `show_wrong`, which leaves it to be typed over.

    Signals:
        submitted: the passphrase, never empty.
        given_up: the person does without the file.
    """

    submitted = Signal(str)
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_busy = False
        self._caps_lock: bool | None = None
        self._title = ElidedLabel(style=TypeStyle.LABEL, ink="text2", mode=Qt.TextElideMode.ElideMiddle)
        self._caps = Text(say(msg("Caps Lock is on")), TypeStyle.LABEL, "warning")
        self._edit = line_edit(say(msg("Password")))
        self._edit.setMaxLength(_LONGEST)
        self._edit.installEventFilter(self)
        self._eye = Button(icon="eye", name=say(msg("Show the password")))
        self._open = Button(say(msg("Open")), name=say(msg("Open the file")))
        self._cancel = Button(say(msg("Cancel")), kind=ButtonKind.BARE, name=say(msg("Do without the file")))
        self._problem = ProblemLine()
        self._hint = Text(
            say(msg("It is not kept. The private key stays in memory until trustdesk is closed.")),
            TypeStyle.SECOND_LINE,
            "text2",
            wrap=True,
        )
        self._build()
        self._edit.returnPressed.connect(self._submit)
        self._edit.textEdited.connect(lambda _text: set_invalid(self._edit, False))
        self._eye.clicked.connect(lambda: self._show_plain(self._is_masked))
        self._open.clicked.connect(self._submit)
        self._cancel.clicked.connect(self.given_up)
        self.forget()

    @property
    def edit(self) -> QLineEdit:
        """The field."""
        return self._edit

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What the keyboard reaches, in its order."""
        return (self._edit, self._eye, self._open, self._cancel)

    def ask(self, file: str) -> None:
        """Ask for the passphrase of a file; its name is harmless to show."""
        self.forget()
        self._title.setText(say(msg("Password of {file}", file=file)))
        self._edit.setAccessibleName(self._title.text())
        self.show()
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_busy(self, busy: bool) -> None:
        """Hold everything but Cancel still while the file is being opened."""
        self._is_busy = busy
        self._edit.setReadOnly(busy)
        self._open.setEnabled(not busy)

    def show_wrong(self, problem: str, remedy: str) -> None:
        """Say that it was the wrong one; what was typed is selected, so that typing replaces it."""
        self.show_busy(False)
        self._problem.show_problem(problem, remedy)
        self._problem.show()
        self._hint.hide()
        set_invalid(self._edit, True)
        self._edit.setAccessibleDescription(f"{problem} {remedy}")
        self._edit.selectAll()
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget(self) -> None:
        """Empty and mask the field, and hide what was wrong."""
        # Unlike clear(), this leaves no step that undo could take back.
        self._edit.setText("")
        self._show_plain(False)
        self.show_busy(False)
        self._problem.hide()
        self._hint.show()
        self._caps.hide()
        self._caps_lock = None
        set_invalid(self._edit, False)
        self._edit.setAccessibleDescription(self._hint.text())

    def event(self, event: QEvent) -> bool:
        """Keep Esc for the row: the page has other uses for it."""
        if event.type() is QEvent.Type.ShortcutOverride and _key(event) == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watch what is typed for signs of Caps Lock; nothing is taken away."""
        if watched is self._edit and event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._watch_caps_lock(event)
        return False

    @property
    def _is_masked(self) -> bool:
        return self._edit.echoMode() is QLineEdit.EchoMode.Password

    def _submit(self) -> None:
        if self._is_busy:
            return
        if not self._edit.text():
            self.show_wrong(
                say(msg("The password is empty.")),
                say(msg("Type it: a file with an empty password opens without one being asked for.")),
            )
            return
        self.submitted.emit(self._edit.text())

    def _show_plain(self, plain: bool) -> None:
        self._edit.setEchoMode(QLineEdit.EchoMode.Normal if plain else QLineEdit.EchoMode.Password)
        hint = Qt.InputMethodHint
        self._edit.setInputMethodHints(
            hint.ImhSensitiveData
            | hint.ImhNoPredictiveText
            | hint.ImhNoAutoUppercase
            | (hint.ImhNone if plain else hint.ImhHiddenText)
        )
        name = say(msg("Hide the password") if plain else msg("Show the password"))
        self._eye.show_as("", icon="eye-off" if plain else "eye", name=name)
        self._eye.setToolTip(name)

    def _watch_caps_lock(self, event: QKeyEvent) -> None:
        """Tell Caps Lock from what a key wrote: Qt does not say how the lock stands."""
        text = event.text()
        if event.key() == Qt.Key.Key_CapsLock and self._caps_lock is not None:
            self._caps_lock = not self._caps_lock
        elif len(text) == 1 and text.lower() != text.upper():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._caps_lock = text.isupper() is not shifted
        self._caps.setVisible(self._caps_lock is True)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._title, 1)
        head.addWidget(self._caps)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._edit, 1)
        for button in (self._eye, self._open, self._cancel):
            line.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addLayout(line)
        layout.addWidget(self._problem)
        layout.addWidget(self._hint)


def _key(event: QEvent) -> int:
    return event.key() if isinstance(event, QKeyEvent) else 0
