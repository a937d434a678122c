"""An identity for whoever installs it, in two parts for two channels: the file, and its passphrase."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from trustdesk.core.errors import CancelledByPersonError, TrustdeskError
from trustdesk.core.identity import ExportForm, HandOver, IdentityView
from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.field_cell import TickBox
from trustdesk.gui.identities.job_line import JobLine
from trustdesk.gui.identities.profile_choice import ProfileChoice
from trustdesk.gui.identities.remark_line import RemarkLine
from trustdesk.gui.identities.written_files import WrittenFiles
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card, CardGround
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.segment import Segment
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.identity_desk import IdentityDesk

AskFolder = Callable[[QWidget], Path | None]


class HandOverDialog(PlainDialog):
    """First form and folder; then what was written, and the passphrase, once.

    While the passphrase is in view and the person has not said that it was sent, closing asks once more.
    """

    def __init__(self, parent: QWidget, bridge: Bridge, desk: IdentityDesk, view: IdentityView) -> None:
        super().__init__(
            parent,
            msg("Hand over {identity}", identity=view.identity.name),
            msg(
                "A protected file with an instruction sheet for whoever installs it. The passphrase is in "
                "neither: it goes another way."
            ),
            size=(700, 640),
        )
        self._desk, self._view = desk, view
        self._passphrase = ""
        self._was_warned = False
        self.ask_folder: AskFolder = ask_folder
        self.form = Segment(
            ((ExportForm.PKCS12.value, say(msg("PKCS#12"))), (ExportForm.PEM.value, say(msg("PEM")))),
            name=say(msg("Form")),
        )
        self.profile = ProfileChoice()
        self.written = WrittenFiles()
        self.job = JobLine(bridge)
        self.secret = Text(style=TypeStyle.FIXED)
        self.sent = TickBox(
            say(msg("I have sent it on another channel")),
            name=say(msg("I have sent the passphrase on another channel")),
        )
        self.unsent = RemarkLine(
            say(msg("The passphrase is not kept: once this window is closed nobody can open the file.")),
            icon="warning",
            ink="warning",
        )
        self.make_button = self.add_button(
            Button(say(msg("Choose a folder …")), icon="send", kind=ButtonKind.PRIMARY)
        )
        self.make_button.clicked.connect(self._make)
        self.form.changed.connect(self._turn)
        self.job.changed.connect(self._refresh)
        self._before, self._after = QWidget(), QWidget()
        self._build()
        self.form.setFocus()

    def done(self, result: int) -> None:
        """Close; ask once more while the passphrase was not sent."""
        if self._passphrase and not self.sent.isChecked() and not self._was_warned:
            self._was_warned = True
            self.unsent.show()
            self.close_button.show_as(say(msg("Close all the same")))
            self.sent.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.job.give_up()
        self._passphrase = ""
        self.secret.setText("")
        super().done(result)

    def _turn(self, key: str) -> None:
        self.profile.setVisible(key == ExportForm.PKCS12.value)

    def _refresh(self) -> None:
        for part in (self.make_button, self.form, self.profile):
            part.setEnabled(not self.job.is_running)

    def _make(self) -> None:
        folder = self.ask_folder(self)
        if folder is None or self.is_gone:
            return
        from trustdesk.services.passphrases import generate_passphrase

        self.error.hide()
        self.notice.hide()
        passphrase = generate_passphrase()

        def done(made: HandOver) -> None:
            self._show(made, passphrase)

        job = self._desk.hand_over(
            self._view.identity.name,
            folder,
            passphrase,
            form=ExportForm(self.form.current),
            profile=self.profile.profile,
        )
        self.job.run(job, msg("Writing the package …"), done, self._fail)

    def _show(self, made: HandOver, passphrase: str) -> None:
        self._passphrase = passphrase
        self.written.show_files((made.archive, made.sheet))
        self.secret.setText(passphrase)
        self.secret.setAccessibleName(say(msg("Passphrase: {passphrase}", passphrase=passphrase)))
        self._before.hide()
        self.make_button.hide()
        self._after.show()
        self.sent.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fail(self, error: TrustdeskError) -> None:
        if isinstance(error, CancelledByPersonError):
            self.notice.say_done(say(msg("Cancelled: nothing was written.")))
            return
        self.show_error(error)

    def _build(self) -> None:
        first = QVBoxLayout(self._before)
        first.setContentsMargins(0, 0, 0, 0)
        first.setSpacing(10)
        first.addWidget(Text(say(msg("Form")), TypeStyle.LABEL, "text2"))
        first.addWidget(self.form)
        first.addWidget(self.profile)
        for words in (
            msg("The passphrase is made here, and shown once the file is there."),
            msg("Send file and sheet one way (mail, a share), the passphrase another (telephone, paper)."),
        ):
            first.addWidget(RemarkLine(say(words), icon="information"))
        self.secret.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        card = Card(ground=CardGround.SUNKEN)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(14, 10, 14, 12)
        inside.setSpacing(6)
        inside.addWidget(Text(say(msg("Passphrase, shown this once")), TypeStyle.LABEL, "text2"))
        inside.addWidget(self.secret)
        hint = msg("Read it out or write it down: it is not kept, and not put on the clipboard.")
        inside.addWidget(Text(say(hint), TypeStyle.SECOND_LINE, "text2", wrap=True))
        inside.addWidget(self.sent, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(self.unsent)
        second = QVBoxLayout(self._after)
        second.setContentsMargins(0, 0, 0, 0)
        second.setSpacing(10)
        second.addWidget(card)
        second.addWidget(self.written)
        self.unsent.hide()
        self._after.hide()
        self.content.addWidget(self._before)
        self.content.addWidget(self._after)
        self.content.addStretch(1)
        self.content.addWidget(self.job)


def ask_folder(parent: QWidget) -> Path | None:
    """Ask where the package shall lie; None when the person thinks better of it."""
    name = QFileDialog.getExistingDirectory(parent, say(msg("Choose a folder for the package")))
    return Path(name) if name else None
