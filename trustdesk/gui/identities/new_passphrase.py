"""The passphrase of a file that is made: suggested, or the person's own. It is shown and never copied."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.identities.secret_field import SecretField
from trustdesk.gui.identities.strength_line import StrengthLine
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card, CardGround
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.segment import Segment
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_SUGGESTED, _OWN = "suggested", "own"
_MASK = "\u2022"


class NewPassphrase(QWidget):
    """A suggestion behind dots with its eye, or a field with the strength of what is typed.

    Signals:
        changed: another passphrase, or one that can or cannot be used.
    """

    changed = Signal()

    def __init__(self, about: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._about = tuple(about)
        self._suggestion = ""
        self._is_shown = False
        self.switch = Segment(
            ((_SUGGESTED, say(msg("Suggested"))), (_OWN, say(msg("Type your own")))),
            name=say(msg("Passphrase")),
        )
        self.switch.changed.connect(self._turn)
        # No field: what stands in one can be copied.
        self._shown = Text(style=TypeStyle.FIXED)
        self._shown.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.eye = Button(icon="eye", name=say(msg("Show the passphrase")))
        self.again = Button(icon="refresh", name=say(msg("Suggest another one")))
        for button in (self.eye, self.again):
            button.setAutoDefault(False)
        self.eye.clicked.connect(lambda: self._show(not self._is_shown))
        self.again.clicked.connect(self._suggest)
        self.own = SecretField(say(msg("Your own passphrase")))
        self.strength = StrengthLine()
        self.own.edited.connect(self._judge)
        self._pages = QStackedWidget()
        self._build()
        self._suggest()

    @property
    def passphrase(self) -> str | None:
        """The passphrase; None while there is none that can be used."""
        if self.switch.current == _SUGGESTED:
            return self._suggestion
        return self.own.text if self.strength.is_strong else None

    @property
    def shown(self) -> str:
        """What can be read of the suggestion."""
        return self._shown.text()

    def hold(self, held: bool) -> None:
        """Keep the passphrase as it is, because a file has it; or let it be changed again."""
        self.again.setVisible(not held)
        self.switch.setEnabled(not held)
        self.own.edit.setReadOnly(held)

    def forget(self) -> None:
        """Let go of both."""
        self._suggestion = ""
        self._show(False)
        self.own.forget()

    def _suggest(self) -> None:
        from trustdesk.services.passphrases import generate_passphrase

        self._suggestion = generate_passphrase()
        self._show(self._is_shown)
        self.changed.emit()

    def _show(self, shown: bool) -> None:
        self._is_shown = shown
        self._shown.setText(self._suggestion if shown else _MASK * len(self._suggestion))
        # A screen reader says it only while it is to be seen.
        self._shown.setAccessibleName(
            self._suggestion if shown else say(msg("A passphrase that is not shown"))
        )
        name = say(msg("Hide the passphrase") if shown else msg("Show the passphrase"))
        self.eye.show_as("", icon="eye-off" if shown else "eye", name=name)
        self.eye.setToolTip(name)

    def _judge(self) -> None:
        self.strength.judge(self.own.text, self._about)
        self.changed.emit()

    def _turn(self, key: str) -> None:
        self._pages.setCurrentIndex(0 if key == _SUGGESTED else 1)
        if key == _OWN:
            self.own.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _build(self) -> None:
        card = Card(ground=CardGround.SUNKEN)
        line = QHBoxLayout(card)
        line.setContentsMargins(margins(12, 2, 2, 2))
        line.setSpacing(6)
        line.addWidget(self._shown, 1)
        line.addWidget(self.again)
        line.addWidget(self.eye)
        suggested = QWidget()
        above = QVBoxLayout(suggested)
        above.setContentsMargins(0, 0, 0, 0)
        above.addWidget(card)
        above.addStretch(1)
        typed = QWidget()
        below = QVBoxLayout(typed)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(4)
        below.addWidget(self.own)
        below.addWidget(self.strength)
        below.addStretch(1)
        self._pages.addWidget(suggested)
        self._pages.addWidget(typed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(Text(say(msg("Passphrase")), TypeStyle.LABEL, "text2"))
        head.addStretch(1)
        head.addWidget(self.switch)
        layout.addLayout(head)
        layout.addWidget(self._pages)
        hint = msg(
            "It is not kept, and not put on the clipboard: write it down or read it out, and send it on "
            "another way than the file."
        )
        layout.addWidget(Text(say(hint), TypeStyle.SECOND_LINE, "text2", wrap=True))
