"""What a PKCS#12 file is made of, who can open it, and writing it anew for somebody who cannot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.errors import CancelledByPersonError, TrustdeskError
from trustdesk.core.identity import ExportedFile, P12Diagnosis
from trustdesk.core.message import msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.identities.doctor_tables import bag_table, opener_table
from trustdesk.gui.identities.job_line import JobLine
from trustdesk.gui.identities.new_passphrase import NewPassphrase
from trustdesk.gui.identities.profile_choice import ProfileChoice
from trustdesk.gui.identities.remark_line import RemarkLine
from trustdesk.gui.identities.secret_field import SecretField
from trustdesk.gui.identities.written_files import WrittenFiles
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.plain_view import framed
from trustdesk.gui.widgets.save_question import ask_file
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.identity_desk import IdentityDesk

_KINDS = "PKCS#12 (*.p12 *.pfx);;* (*)"

AskOpen = Callable[[QWidget], Path | None]
AskSave = Callable[[QWidget, str], Path | None]


class DoctorDialog(PlainDialog):
    """File and password above; advice, openers and bags below; at the foot Re-export."""

    def __init__(self, parent: QWidget, bridge: Bridge, desk: IdentityDesk, file: Path | None) -> None:
        super().__init__(
            parent,
            msg("Who can open this P12 file?"),
            msg("How a PKCS#12 file is protected, bag by bag. Nothing of it is kept."),
            size=(860, 760),
        )
        self._bridge, self._desk = bridge, desk
        self._file: Path | None = None
        self._asked = 0
        self._password: str | None = None
        self._is_open = False
        self.ask_open: AskOpen = ask_open
        self.ask_save: AskSave = ask_file
        self.choose_button = Button(say(msg("Choose a file …")), icon="file")
        self.choose_button.setAutoDefault(False)
        self.name = ElidedLabel(say(msg("No file yet")), ink="text2", mode=Qt.TextElideMode.ElideMiddle)
        self.password = SecretField(say(msg("Password of the file")), placeholder=say(msg("Password")))
        self.open_button = Button(say(msg("Open")), icon="unlock", name=say(msg("Open the file")))
        self.open_button.setAutoDefault(False)
        self.state = RemarkLine(icon="unknown")
        self.advice = QVBoxLayout()
        self.openers = opener_table()
        self.bags = bag_table()
        self.mac = RemarkLine(icon="lock")
        self.profile = ProfileChoice()
        self.passphrase = NewPassphrase()
        self.written = WrittenFiles()
        self.job = JobLine(bridge)
        self.anew_button = self.add_button(Button(say(msg("Re-export …")), icon="export"))
        self.save_button = self.add_button(
            Button(say(msg("Write the new file …")), icon="export", kind=ButtonKind.PRIMARY)
        )
        self._result, self._anew = QWidget(), QWidget()
        self._build()
        self._connect()
        self._refresh()
        if file is None:
            self.choose_button.setFocus()
        else:
            self.examine(file)

    @property
    def advice_words(self) -> tuple[str, ...]:
        """What to do about the file."""
        found = (self.advice.itemAt(place) for place in range(self.advice.count()))
        lines = (None if item is None else item.widget() for item in found)
        return tuple(line.words for line in lines if isinstance(line, RemarkLine))

    def examine(self, file: Path) -> None:
        """Say what a file is made of, as far as can be seen without its password."""
        self._file, self._password = file, None
        self.password.forget()
        self.name.setText(visible(str(file)))
        self._anew.hide()
        self.written.hide()
        # What was found of the file before says nothing of this one.
        self._is_open = False
        self._result.hide()
        self._refresh()
        self._ask(None)

    def done(self, result: int) -> None:
        """Close; what was typed is let go."""
        self.job.give_up()
        self.password.forget()
        self.passphrase.forget()
        self._password = None
        super().done(result)

    def _ask(self, password: str | None) -> None:
        if self._file is None:
            return
        self.error.hide()
        self._asked += 1
        asked = self._asked

        def show(diagnosis: P12Diagnosis) -> None:
            if not self.is_gone and asked == self._asked:
                self._show(diagnosis, password)

        def fail(error: TrustdeskError) -> None:
            if not self.is_gone and asked == self._asked:
                self._is_open = False
                self._result.hide()
                self.show_error(error)
                self._refresh()

        self._bridge.when_done(self._desk.doctor(self._file, password), show, fail)

    def _show(self, diagnosis: P12Diagnosis, password: str | None) -> None:
        self._is_open = diagnosis.opened
        self._password = password if diagnosis.opened else None
        if diagnosis.opened:
            self.state.show_as(say(msg("It is open: all of it was looked at.")), icon="unlock", ink="text2")
        elif password is None:
            words = msg("It is closed: what lies in its encrypted parts is seen once it is open.")
            self.state.show_as(say(words), icon="lock", ink="text2")
        else:
            self.state.show_as(say(msg("This password does not open it.")), icon="bad", ink="bad")
            self.password.show_wrong()
        while (item := self.advice.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.hide()
                part.deleteLater()
        for words in diagnosis.advice:
            self.advice.addWidget(RemarkLine(say(words), icon="warning", ink="warning"))
        if not diagnosis.advice:
            words = (
                msg("It is protected as it should be.")
                if diagnosis.opened
                else msg("Nothing that can be seen speaks against it.")
            )
            self.advice.addWidget(RemarkLine(say(words), icon="tick"))
        self.openers.show_rows(diagnosis.openers)
        self.openers.setFixedHeight(self.openers.natural_height)
        self.bags.show_rows(diagnosis.bags)
        self.bags.setFixedHeight(self.bags.natural_height)
        if diagnosis.mac is None:
            words = msg("No MAC: nothing proves that nobody changed it.")
            self.mac.show_as(say(words), icon="warning", ink="warning")
        else:
            words = msg("MAC, which proves that nobody changed it: {mac}", mac=diagnosis.mac)
            self.mac.show_as(say(words), icon="lock", ink="text2")
        self._result.show()
        self._refresh()

    def _refresh(self) -> None:
        running, has_file = self.job.is_running, self._file is not None
        is_open = has_file and self._is_open
        self.password.setEnabled(has_file and not running)
        self.open_button.setEnabled(has_file and not running)
        self.choose_button.setEnabled(not running)
        self.anew_button.setVisible(self._anew.isHidden())
        self.anew_button.setEnabled(is_open and not running)
        self.save_button.setVisible(not self._anew.isHidden())
        self.save_button.setEnabled(is_open and self.passphrase.passphrase is not None and not running)

    def _choose(self) -> None:
        file = self.ask_open(self)
        if file is not None:
            self.examine(file)

    def _open_anew(self) -> None:
        self.passphrase.hold(False)
        self._anew.show()
        self._refresh()
        self.profile.switch.setFocus(Qt.FocusReason.OtherFocusReason)

    def _save(self) -> None:
        file, passphrase = self._file, self.passphrase.passphrase
        if file is None or passphrase is None:
            return
        to = self.ask_save(self, f"{file.stem}-new.p12")
        if to is None or self.is_gone:
            return
        self.error.hide()
        self.job.run(
            self._desk.reexport(file, self._password, to, self.profile.profile, passphrase),
            msg("Writing {file} …", file=to.name),
            self._saved,
            self._fail,
        )

    def _saved(self, file: ExportedFile) -> None:
        self.written.show_files((file,))
        self.passphrase.hold(True)
        self.notice.say_done(say(msg("Written. The passphrase stands above until you close this.")))

    def _fail(self, error: TrustdeskError) -> None:
        if isinstance(error, CancelledByPersonError):
            self.notice.say_done(say(msg("Cancelled: nothing was written.")))
        else:
            self.show_error(error)

    def _connect(self) -> None:
        self.choose_button.clicked.connect(self._choose)
        self.password.submitted.connect(lambda: self._ask(self.password.text))
        self.open_button.clicked.connect(lambda: self._ask(self.password.text))
        self.anew_button.clicked.connect(self._open_anew)
        self.save_button.clicked.connect(self._save)
        self.passphrase.changed.connect(self._refresh)
        self.job.changed.connect(self._refresh)

    def _build(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.choose_button)
        line.addWidget(self.name, 1)
        line.addWidget(self.password, 1)
        line.addWidget(self.open_button)
        result = QVBoxLayout(self._result)
        result.setContentsMargins(0, 0, 0, 0)
        result.setSpacing(8)
        result.addWidget(self.state)
        result.addLayout(self.advice)
        result.addWidget(Text(say(msg("Who can open it")), TypeStyle.SECTION))
        result.addWidget(framed(self.openers))
        result.addWidget(Text(say(msg("What is in it")), TypeStyle.SECTION))
        result.addWidget(framed(self.bags))
        result.addWidget(self.mac)
        anew = QVBoxLayout(self._anew)
        anew.setContentsMargins(0, 6, 0, 0)
        anew.setSpacing(10)
        anew.addWidget(Text(say(msg("Re-export")), TypeStyle.SECTION))
        for part in (self.profile, self.passphrase, self.written):
            anew.addWidget(part)
        area = ScrolledColumn()
        inside = area.column
        inside.addWidget(self._anew)
        inside.addWidget(self._result)
        inside.addStretch(1)
        self._result.hide()
        self._anew.hide()
        self.content.addLayout(line)
        self.content.addWidget(area, 1)
        self.content.addWidget(self.job)


def ask_open(parent: QWidget) -> Path | None:
    """Ask which file is to be looked at; None when the person thinks better of it."""
    name, _filter = QFileDialog.getOpenFileName(parent, say(msg("Choose a PKCS#12 file")), "", _KINDS)
    return Path(name) if name else None
