"""Writing an identity to a file: as what, how protected, where; and what was found when it was read back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from trustdesk.core.errors import CancelledByPersonError, TrustdeskError
from trustdesk.core.file_name import plain_stem
from trustdesk.core.identity import ExportedFile, ExportForm, IdentityView
from trustdesk.core.message import Message, msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.field_cell import line_edit
from trustdesk.gui.identities.job_line import JobLine
from trustdesk.gui.identities.new_passphrase import NewPassphrase
from trustdesk.gui.identities.profile_choice import ProfileChoice
from trustdesk.gui.identities.remark_line import RemarkLine
from trustdesk.gui.identities.written_files import WrittenFiles
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.save_question import ask_file
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.identity_desk import IdentityDesk

_FORMS: dict[ExportForm, tuple[Message, Message, str]] = {
    ExportForm.PKCS12: (
        msg("PKCS#12: certificate, chain and key"),
        msg("One file with everything in it, for most programs; its passphrase protects the key."),
        ".p12",
    ),
    ExportForm.PEM: (
        msg("PEM: chain, and the key encrypted"),
        msg("For nginx, Apache, HAProxy and curl, which ask for the passphrase or are told it."),
        ".pem",
    ),
    ExportForm.CERTIFICATE: (
        msg("Certificate alone"),
        msg("What a partner needs to know you. There is no key in it, and nothing secret."),
        ".pem",
    ),
    ExportForm.CHAIN: (
        msg("Chain in order"),
        msg("The certificate and its intermediates, the end entity first. There is no key in it."),
        ".pem",
    ),
    ExportForm.JAVA_TRUST_STORE: (
        msg("Java trust store of its issuers"),
        msg("For a Java server that shall accept it: its CAs as trusted entries. There is no key in it."),
        ".p12",
    ),
    ExportForm.PLAIN_PEM: (
        msg("PEM with the key in the clear"),
        msg("Whoever gets this file is you, until the certificate is revoked. Take another form if you can."),
        ".pem",
    ),
}
_PROTECTED = frozenset({ExportForm.PKCS12, ExportForm.PEM, ExportForm.JAVA_TRUST_STORE})
_SENTENCE = msg("Whoever has this file has my key")

AskFile = Callable[[QWidget, str], Path | None]


class ExportDialog(PlainDialog):
    """Form, profile, passphrase; then the place."""

    def __init__(self, parent: QWidget, bridge: Bridge, desk: IdentityDesk, view: IdentityView) -> None:
        name = view.identity.name
        super().__init__(
            parent,
            msg("Export {identity}", identity=name),
            msg("The file is written for you alone (mode 0600), and read back."),
            size=(700, 680),
        )
        self._desk, self._view = desk, view
        self.ask_file: AskFile = ask_file
        self.form = Combo(name=say(msg("Form")))
        for title, _about, _ending in _FORMS.values():
            self.form.addItem(say(title))
        self._about = RemarkLine(icon="information")
        self.profile = ProfileChoice()
        self.passphrase = NewPassphrase((name, view.identity.certificate.title))
        self.sentence = line_edit(say(msg("The sentence, typed")))
        self._sentence_part = self._make_sentence()
        self.written = WrittenFiles()
        self.job = JobLine(bridge)
        self.export_button = self.add_button(
            Button(say(msg("Export …")), icon="export", kind=ButtonKind.PRIMARY)
        )
        self._build()
        self.form.currentIndexChanged.connect(self._turn)
        self.passphrase.changed.connect(self._refresh)
        self.sentence.textChanged.connect(self._refresh)
        self.job.changed.connect(self._refresh)
        self.export_button.clicked.connect(self._export)
        self._turn()
        self.form.setFocus()

    @property
    def chosen(self) -> ExportForm:
        """The form that was chosen."""
        return tuple(_FORMS)[self.form.currentIndex()]

    @property
    def is_agreed(self) -> bool:
        """Whether the sentence was typed."""
        return self.sentence.text().strip().casefold().rstrip(".") == say(_SENTENCE).casefold()

    def choose(self, form: ExportForm) -> None:
        """Choose a form."""
        self.form.setCurrentIndex(tuple(_FORMS).index(form))

    def done(self, result: int) -> None:
        """Close; what waits is not written, and the passphrase is let go."""
        self.job.give_up()
        self.passphrase.forget()
        super().done(result)

    def _turn(self) -> None:
        _title, about, _ending = _FORMS[self.chosen]
        plain = self.chosen is ExportForm.PLAIN_PEM
        self._about.show_as(
            say(about), icon="warning" if plain else "information", ink="bad" if plain else "text2"
        )
        self.profile.setVisible(self.chosen in {ExportForm.PKCS12, ExportForm.JAVA_TRUST_STORE})
        self.passphrase.setVisible(self.chosen in _PROTECTED)
        self._sentence_part.setVisible(plain)
        self.passphrase.hold(False)
        self.written.hide()
        self.notice.hide()
        self.error.hide()
        self._refresh()

    def _refresh(self) -> None:
        ready = True
        if self.chosen in _PROTECTED:
            ready = self.passphrase.passphrase is not None
        elif self.chosen is ExportForm.PLAIN_PEM:
            ready = self.is_agreed
        self.export_button.setEnabled(ready and not self.job.is_running)
        for part in (self.form, self.profile, self.passphrase, self.sentence):
            part.setEnabled(not self.job.is_running)

    def _export(self) -> None:
        form = self.chosen
        identity = self._view.identity
        stem = plain_stem(identity.name, identity.certificate.sha256[:16])
        file = self.ask_file(self, f"{stem}{_FORMS[form][2]}")
        if file is None or self.is_gone:
            return
        self.error.hide()
        self.written.hide()
        job = self._desk.export(
            identity.name,
            file,
            form,
            profile=self.profile.profile,
            passphrase=self.passphrase.passphrase if form in _PROTECTED else None,
            is_agreed=form is ExportForm.PLAIN_PEM and self.is_agreed,
        )
        self.job.run(job, msg("Writing {file} …", file=file.name), self._done, self._fail)

    def _done(self, files: tuple[ExportedFile, ...]) -> None:
        self.written.show_files(files)
        # The passphrase of a file that is there must not be swapped for another one.
        self.passphrase.hold(True)
        if self.chosen in _PROTECTED:
            self.notice.say_done(say(msg("Written. The passphrase stands above until you close this.")))
        else:
            self.notice.say_done(say(msg("Written.")))

    def _fail(self, error: TrustdeskError) -> None:
        if isinstance(error, CancelledByPersonError):
            self.notice.say_done(say(msg("Cancelled: nothing was written.")))
            return
        self.show_error(error)

    def _make_sentence(self) -> QWidget:
        part = QWidget()
        layout = QVBoxLayout(part)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        ask = msg("To go on, type: {sentence}", sentence=_SENTENCE)
        layout.addWidget(Text(say(ask), TypeStyle.LABEL, "text2", wrap=True))
        layout.addWidget(self.sentence)
        return part

    def _build(self) -> None:
        area = ScrolledColumn()
        inside = area.column
        inside.setSpacing(12)
        inside.addWidget(Text(say(msg("Form")), TypeStyle.LABEL, "text2"))
        for part in (
            self.form,
            self._about,
            self.profile,
            self.passphrase,
            self._sentence_part,
            self.written,
        ):
            inside.addWidget(part)
        inside.addStretch(1)
        self.content.addWidget(area, 1)
        self.content.addWidget(self.job)
