"""What a person asks of a readiness check: a token, what is done only on request, and the start."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.bearer_token import MAX_TOKEN
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import Message, msg
from trustdesk.core.target import TargetProtocol
from trustdesk.gui.handshake.field_cell import TickBox
from trustdesk.gui.identities.secret_field import SecretField
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_ROOM_FOR_SCHEME = 64


class ReadinessForm(QWidget):
    """Fields above one button, which cancels while a check runs.

    The token stands in its field alone until `take_token`, which empties it.

    Signals:
        check_wanted: begin.
        cancel_wanted: stop.
        expectations_wanted: look at what checks go by.
    """

    check_wanted = Signal()
    cancel_wanted = Signal()
    expectations_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_running = False
        self.token = SecretField(say(msg("Token")), placeholder=say(msg("Bearer token, if you have one")))
        self.token.edit.setMaxLength(MAX_TOKEN + _ROOM_FOR_SCHEME)
        self._label = Text(say(msg("Token")), TypeStyle.LABEL, "text2")
        self._label.setBuddy(self.token.edit)
        self._hint = Text(
            say(
                msg(
                    "Sent once, over a connection whose certificate is verified before, and then forgotten. "
                    "Without it, most of the API rules are not run."
                )
            ),
            TypeStyle.SECOND_LINE,
            "text2",
            wrap=True,
        )
        self.unknown_object = TickBox(
            say(msg("Ask for an object that nobody has")),
            name=say(msg("Ask for an object that nobody has: a GET whose answer should be 404")),
        )
        self.wrong_certificate = TickBox(
            say(msg("Present a throw-away certificate")),
            name=say(msg("Present a throw-away certificate: the partner should refuse it, and may log it")),
        )
        self.button = Button(say(msg("Check readiness")), icon="run")
        self.button.clicked.connect(self._press)
        self.token.submitted.connect(self._submit)
        self.expectations = Button(say(msg("What checks go by …")), kind=ButtonKind.BARE)
        self.expectations.clicked.connect(self.expectations_wanted)
        self._step = Text(ink="text2", wrap=True)
        self._problem = Text(ink="bad", wrap=True)
        self._problem.hide()
        self._build()

    def show_for(self, protocol: TargetProtocol) -> None:
        """Offer what there is for a protocol: tokens and objects are of https."""
        for part in (self._label, self.token, self._hint, self.unknown_object):
            part.setVisible(protocol is TargetProtocol.HTTPS)

    def take_token(self) -> str:
        """Return what was typed as token, and empty the field; "" for none."""
        text = self.token.text
        self.token.forget()
        return text

    def show_running(self, words: Message | None) -> None:
        """Show that a check runs and how far it is; None that none does."""
        self._is_running = words is not None
        self._step.setText("" if words is None else say(words))
        self._step.setVisible(self._is_running)
        self.expectations.setVisible(not self._is_running)
        if self._is_running:
            self._problem.hide()
            self.button.show_as(say(msg("Cancel")), icon="stop")
        else:
            self.button.show_as(say(msg("Check readiness")), icon="run")
        self.button.setEnabled(True)
        for part in (self.token, self.unknown_object, self.wrong_certificate):
            part.setEnabled(not self._is_running)

    def show_problem(self, error: TrustdeskError) -> None:
        """Say what is wrong with what was typed, or why nothing could be checked."""
        self._problem.setText(f"{say(error.problem)} {say(error.remedy)}")
        self._problem.show()

    def hide_problem(self) -> None:
        """Say nothing of that any more."""
        self._problem.hide()

    def _press(self) -> None:
        if self._is_running:
            self.button.setEnabled(False)
            self.cancel_wanted.emit()
        else:
            self.check_wanted.emit()

    def _submit(self) -> None:
        if not self._is_running:
            self.check_wanted.emit()

    def _build(self) -> None:
        options = QVBoxLayout()
        options.setSpacing(6)
        options.addWidget(self.unknown_object)
        options.addWidget(self.wrong_certificate)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.button)
        foot.addWidget(self._step, 1, Qt.AlignmentFlag.AlignVCenter)
        foot.addStretch(0)
        foot.addWidget(self.expectations)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._label)
        layout.addWidget(self.token)
        layout.addWidget(self._hint)
        layout.addLayout(options)
        layout.addWidget(self._problem)
        layout.addLayout(foot)
