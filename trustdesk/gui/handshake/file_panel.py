"""Below a field: what becomes of a file that was chosen for it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.handshake.passphrase_row import PassphraseRow
from trustdesk.gui.handshake.problem_line import ProblemLine
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.words import say


class FilePanel(QWidget):
    """One of: the file is being read, its passphrase is asked for, or why it cannot be used.

    Signals:
        key_file_wanted: the person wants to choose the file with the private key.
        given_up: Esc, or the button that closes.
    """

    key_file_wanted = Signal()
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ElidedLabel(style=TypeStyle.SECOND_LINE, ink="text2", mode=Qt.TextElideMode.ElideMiddle)
        self._stop = Button(say(msg("Cancel")), kind=ButtonKind.BARE, name=say(msg("Stop reading the file")))
        self._passphrase = PassphraseRow()
        self._problem = ProblemLine()
        self._key = Button(icon="key")
        self._close = Button(icon="close", kind=ButtonKind.BARE, name=say(msg("Close this notice")))
        self._reading = _row(self._words, self._stop)
        self._trouble = self._trouble_part()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (self._reading, self._passphrase, self._trouble):
            layout.addWidget(part)
        # It takes the width that the fields above it leave; its words never move them.
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._key.clicked.connect(self.key_file_wanted)
        for signal in (self._stop.clicked, self._close.clicked, self._passphrase.given_up):
            signal.connect(self.given_up)
        self.close_all()

    @property
    def passphrase(self) -> PassphraseRow:
        """The row that asks for a passphrase."""
        return self._passphrase

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What the keyboard reaches, in its order."""
        return (self._stop, *self._passphrase.controls, self._key, self._close)

    @property
    def asks(self) -> bool:
        """Whether the passphrase is being asked for."""
        return not self._passphrase.isHidden()

    def show_reading(self, file: str) -> None:
        """Say that a file is being read; its name is harmless to show."""
        self._words.setText(say(msg("Reading {file} …", file=file)))
        self._show_part(self._reading)

    def ask(self, file: str) -> None:
        """Ask for the passphrase of a file."""
        self._show_part(self._passphrase)
        self._passphrase.ask(file)

    def show_problem(self, problem: str, remedy: str, *, key_words: str = "") -> None:
        """Say why the file cannot be used; with `key_words` offer to choose the one with the key."""
        self._problem.show_problem(problem, remedy)
        self._key.setVisible(bool(key_words))
        self._key.show_as(key_words, icon="key")
        self._show_part(self._trouble)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"{problem} {remedy}"))

    def focus_key(self) -> None:
        """Move the keyboard to the offer to choose the file with the key."""
        self._key.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_all(self) -> None:
        """Show nothing, and forget what was typed."""
        self._show_part(None)

    def event(self, event: QEvent) -> bool:
        """Keep Esc for the panel: the page has other uses for it."""
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape and event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
            return
        super().keyPressEvent(event)

    def _show_part(self, shown: QWidget | None) -> None:
        if shown is not self._passphrase:
            self._passphrase.forget()
        for part in (self._reading, self._passphrase, self._trouble):
            part.setVisible(part is shown)
        self.setVisible(shown is not None)

    def _trouble_part(self) -> QWidget:
        part = QWidget()
        words = QVBoxLayout()
        words.setContentsMargins(0, 7, 0, 0)
        words.setSpacing(8)
        words.addWidget(self._problem)
        words.addWidget(self._key, 0, Qt.AlignmentFlag.AlignLeft)
        layout = QHBoxLayout(part)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(words, 1)
        layout.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        return part


def _row(words: QWidget, button: QWidget) -> QWidget:
    part = QWidget()
    layout = QHBoxLayout(part)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    layout.addWidget(words, 1)
    layout.addWidget(button)
    return part
