"""Rehearse: a local server in a partner's style, and what it makes of each client that comes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QFrame, QGridLayout, QHBoxLayout, QListWidget, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.field_cell import FieldCell
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.code_line import CodeLine
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.plain_view import framed
from trustdesk.gui.widgets.ring import Ring
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk
from trustdesk.services.desk_values import RunningRehearsal

_STYLES: tuple[tuple[str, Message], ...] = (
    ("nginx", msg("nginx: HTTP 400 after a clean handshake")),
    ("openssl", msg("OpenSSL, Apache, HAProxy: an alert that names the fault")),
    ("go", msg("Go: bad_certificate for every fault")),
    ("java", msg("Java: closed without a word")),
    ("strict", msg("Strict: HTTP 403 that names each ONE Record rule that fails")),
)
_MAX_LINES = 500


def ask_ca_file(parent: QWidget) -> Path | None:
    """Ask for the CAs whose clients are taken; None when the person thinks better of it."""
    name, _kind = QFileDialog.getOpenFileName(
        parent, say(msg("CAs whose clients are taken")), "", "*.pem *.crt *.cer *.p7b *.der;;*"
    )
    return Path(name) if name else None


class RehearsalDialog(PlainDialog):
    """Style and CAs, Start and Stop, where it listens, and its verdicts; the server ends with it."""

    def __init__(self, parent: QWidget, bridge: Bridge, desk: Desk) -> None:
        super().__init__(
            parent,
            msg("Rehearse"),
            msg("A server on this machine alone takes client certificates in the manner of a partner's."),
            size=(780, 640),
        )
        self._bridge, self._desk = bridge, desk
        self._running: RunningRehearsal | None = None
        self._number = 0
        self._ca_file: Path | None = None
        self.ask_ca_file: Callable[[QWidget], Path | None] = ask_ca_file
        self.manner = Combo(name=say(msg("Style")))
        for key, words in _STYLES:
            self.manner.addItem(say(words), key)
        self._ca_name = ElidedLabel(say(msg("the lab's own")), ink="text2")
        self.choose_button = Button(say(msg("Choose …")), icon="file", name=say(msg("Choose the CA file")))
        self.choose_button.setAutoDefault(False)
        self.choose_button.clicked.connect(self._choose)
        authorities = QWidget()
        row = QHBoxLayout(authorities)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._ca_name, 1)
        row.addWidget(self.choose_button)
        form = QHBoxLayout()
        form.setSpacing(16)
        form.addWidget(FieldCell(say(msg("Style")), self.manner), 3)
        form.addWidget(FieldCell(say(msg("CAs whose clients it takes")), authorities), 2)
        self._where = QWidget()
        where = QGridLayout(self._where)
        where.setContentsMargins(0, 4, 0, 4)
        where.setHorizontalSpacing(12)
        where.setVerticalSpacing(6)
        where.setColumnStretch(1, 1)
        self.address = CodeLine(name=say(msg("Address")))
        self.server_name = CodeLine(name=say(msg("Server name (SNI)")))
        self.trust_list = CodeLine(name=say(msg("Its root, for your client")))
        for place, line in enumerate((self.address, self.server_name, self.trust_list)):
            where.addWidget(Text(line.accessibleName(), TypeStyle.LABEL, "text2"), place, 0)
            where.addWidget(line, place, 1)
        self._where.hide()
        self._ring = Ring(16)
        self._state = Text(say(msg("Not started")), ink="text2")
        state = QHBoxLayout()
        state.setSpacing(8)
        state.addWidget(self._ring)
        state.addWidget(self._state, 1)
        self.verdicts = QListWidget()
        self.verdicts.setAccessibleName(say(msg("Clients")))
        self.verdicts.setFrameShape(QFrame.Shape.NoFrame)
        self.verdicts.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.verdicts.setWordWrap(True)
        self.verdicts.setSpacing(4)
        self.content.addLayout(form)
        self.content.addWidget(self._where)
        self.content.addLayout(state)
        self.content.addWidget(framed(self.verdicts), 1)
        self.start_button = self.add_button(Button(say(msg("Start")), icon="run", kind=ButtonKind.PRIMARY))
        self.start_button.clicked.connect(self._press)
        self._ring.set_running(False)
        self._ring.hide()
        self.manner.setFocus()

    @property
    def is_running(self) -> bool:
        """Whether a server listens."""
        return self._running is not None

    @property
    def state_words(self) -> str:
        """What the line above the verdicts says."""
        return self._state.text()

    def choose_ca_file(self, file: Path | None) -> None:
        """Take clients of these CAs; None for the lab's own."""
        self._ca_file = file
        self._ca_name.setText(say(msg("the lab's own")) if file is None else visible(file.name))

    def done(self, result: int) -> None:
        """Close, and end the server."""
        self._ring.set_running(False)
        if self._running is not None:
            self._running.stop()
            self._running = None
        super().done(result)

    def _choose(self) -> None:
        file = self.ask_ca_file(self)
        if file is not None:
            self.choose_ca_file(file)

    def _press(self) -> None:
        if self._running is None:
            self._start()
        else:
            self._stop()

    def _start(self) -> None:
        self._number += 1
        number = self._number
        self.error.hide()
        self.verdicts.clear()
        self.start_button.setEnabled(False)
        self._show_state(msg("Starting …"), running=True)

        def tell(verdict: Message) -> None:
            self._bridge.post(lambda: self._take_verdict(number, verdict))

        style = str(self.manner.currentData())
        self._bridge.when_done(
            self._desk.rehearse(style, self._ca_file, tell), self._take_running, self._fail
        )

    def _take_running(self, running: RunningRehearsal) -> None:
        if self.is_gone:
            # It came up after the dialog had gone.
            running.stop()
            return
        self._running = running
        target = running.target
        address = f"{target.connect_address or target.host}:{target.connect_port or target.port}"
        self.address.show_text(address)
        self.server_name.show_text(target.server_name or target.host)
        self.trust_list.show_text(str(running.trust_list))
        self._where.show()
        self.start_button.show_as(say(msg("Stop")), icon="stop")
        self.start_button.set_kind(ButtonKind.QUIET)
        self._set_form(False)
        self._show_state(msg("Listening on this machine alone. Point your client at it."), running=True)

    def _fail(self, error: TrustdeskError) -> None:
        if self.is_gone:
            return
        self.start_button.setEnabled(True)
        self._show_state(msg("Not started"), running=False)
        self.show_error(error)

    def _take_verdict(self, number: int, verdict: Message) -> None:
        if number != self._number or self.is_gone:
            return
        self.verdicts.addItem(say(verdict))
        if self.verdicts.count() > _MAX_LINES:
            self.verdicts.takeItem(0)
        self.verdicts.scrollToBottom()

    def _stop(self) -> None:
        if self._running is not None:
            self._running.stop()
        self._running = None
        self._number += 1
        self._where.hide()
        self.start_button.show_as(say(msg("Start")), icon="run")
        self.start_button.set_kind(ButtonKind.PRIMARY)
        self._set_form(True)
        self._show_state(msg("Stopped"), running=False)

    def _set_form(self, free: bool) -> None:
        self.start_button.setEnabled(True)
        self.start_button.setFocus()
        self.manner.setEnabled(free)
        self.choose_button.setEnabled(free)

    def _show_state(self, words: Message, *, running: bool) -> None:
        self._state.setText(say(words))
        self._ring.setVisible(running)
        self._ring.set_running(running)
