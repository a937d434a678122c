"""Revoke a certificate, or issue the next list: afterwards the list has to be published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trustdesk.core.file_name import plain_stem
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.ports import Job
from trustdesk.core.private_ca import IssuedCertificate, IssuedCrl, PrivateAuthority, RevocationReason
from trustdesk.core.untrusted import visible
from trustdesk.gui.authority.job_dialog import JobDialog
from trustdesk.gui.authority.words import REASON_WORDS, crl_standing
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.field_cell import FieldCell
from trustdesk.gui.requests.reason import Reason
from trustdesk.gui.requests.words import day
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.widgets.save_question import ask_file
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk

_DAYS = (7, 14, 30)
_KINDS = {
    ".crl": msg("The issuing CA's list, to be published"),
    ".pem": msg("Both lists of the path, for a server that checks all of it"),
}


def ask_crl_file(parent: QWidget, name: str) -> Path | None:
    """Ask where a revocation list shall be saved."""
    return ask_file(parent, name, kinds=_KINDS)


class CrlDialog(JobDialog):
    """What ends with a new revocation list, and its saving.

    Signals:
        issued: the IssuedCrl.
    """

    issued = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        bridge: Bridge,
        desk: Desk,
        authority: PrivateAuthority,
        title: Message,
        explanation: Message,
        *,
        verb: Message,
    ) -> None:
        super().__init__(parent, bridge, title, explanation, size=(580, 440))
        self._desk, self._authority = desk, authority
        self.ask_file: Callable[[QWidget, str], Path | None] = ask_crl_file
        self._crl: IssuedCrl | None = None
        self.body = QVBoxLayout(self.form)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(10)
        self.outcome = Reason()
        self.outcome.hide()
        self.content.addWidget(self.outcome)
        self.act_button = self.add_button(Button(say(verb)))
        self.save_button = self.add_button(Button(say(msg("Save the CRL …")), icon="export"))
        self.save_button.hide()
        self.act_button.clicked.connect(self.act)
        self.save_button.clicked.connect(self._save)

    def act(self) -> None:
        """Do it."""

    def wait(self, job: Job[IssuedCrl], words: Message) -> None:
        """Wait for the new list."""
        self.run(job, words, self._take)
        self.act_button.setEnabled(False)

    def show_progress_over(self) -> None:
        """Let it be tried again, as long as there is no list."""
        self.act_button.setEnabled(self._crl is None)
        self.form.setEnabled(self._crl is None)

    def _take(self, crl: IssuedCrl) -> None:
        self._crl = crl
        self.issued.emit(crl)
        if self.is_gone:
            return
        self.form.setEnabled(False)
        self.act_button.hide()
        self.save_button.show()
        self.save_button.set_kind(ButtonKind.PRIMARY)
        self.save_button.setFocus(Qt.FocusReason.OtherFocusReason)
        names = msg_n(
            "CRL {number} names {count} certificate, and is good until {date}.",
            "CRL {number} names {count} certificates, and is good until {date}.",
            crl.count,
            number=crl.number,
            date=day(crl.next_update),
        )
        where = self._authority.crl_url
        publish = (
            msg("Nobody knows of it until it lies at {address}.", address=where)
            if where
            else msg("Nobody knows of it until you give it to the servers of the group: no address is named.")
        )
        self.outcome.show_words(names, publish, is_warning=True)

    def _save(self) -> None:
        file = self.ask_file(self, f"{plain_stem(self._authority.name, 'ca')}.crl")
        if file is None:
            return
        future = self._desk.authority_desk.save_crl(self._authority.id, file)
        self._bridge.when_done(future, self._take_saved, self.show_error)

    def _take_saved(self, file: Path) -> None:
        if not self.is_gone:
            self.notice.say_done(say(msg("{file} is written.", file=file.name)))


class RevokeDialog(CrlDialog):
    """A reason, and what follows from revoking."""

    def __init__(
        self,
        parent: QWidget,
        bridge: Bridge,
        desk: Desk,
        authority: PrivateAuthority,
        issued: IssuedCertificate,
    ) -> None:
        super().__init__(
            parent,
            bridge,
            desk,
            authority,
            msg("Revoke {name}?", name=issued.certificate.title),
            msg("It cannot be taken back. The list that names it is issued in the same step."),
            verb=msg("Revoke it and issue the CRL"),
        )
        self._issued = issued
        self.reason = Combo(name=say(msg("Reason")))
        for reason in RevocationReason:
            self.reason.addItem(say(REASON_WORDS[reason]), reason)
        self.consequences = [
            msg("Servers that check the CRL refuse it as soon as they have the new one."),
            msg("Servers that do not check it take it until it expires."),
        ]
        self.body.addWidget(FieldCell(say(msg("Reason")), self.reason))
        for words in self.consequences:
            self.body.addWidget(Text(say(words), wrap=True))
        serial = visible(issued.certificate.serial_number or "–", 60)
        self.body.addWidget(Text(say(msg("Serial number {serial}", serial=serial)), ink="text2", wrap=True))
        self.body.addStretch(1)
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def act(self) -> None:
        """Revoke."""
        job = self._desk.authority_desk.revoke(
            self._authority.id,
            self._issued.certificate.sha256,
            RevocationReason(self.reason.currentData()),
        )
        self.wait(job, msg("Revoking. If the key store is locked, it waits for you."))


class IssueCrlDialog(CrlDialog):
    """How long the next list is good."""

    def __init__(
        self, parent: QWidget, bridge: Bridge, desk: Desk, authority: PrivateAuthority, now: datetime
    ) -> None:
        super().__init__(
            parent,
            bridge,
            desk,
            authority,
            msg("Issue the CRL of {name}", name=authority.name),
            msg("Who checks it must have a fresh one: publish the next before this one ends."),
            verb=msg("Issue it"),
        )
        self.days = Combo(name=say(msg("Good for")))
        for days in _DAYS:
            self.days.addItem(say(msg_n("{count} day", "{count} days", days)), days)
        self.body.addWidget(Text(say(crl_standing(authority, now).sentence), wrap=True))
        self.body.addWidget(FieldCell(say(msg("Good for")), self.days))
        self.body.addStretch(1)
        self.act_button.set_kind(ButtonKind.PRIMARY)
        self.act_button.setDefault(True)
        self.act_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def act(self) -> None:
        """Issue it."""
        job = self._desk.authority_desk.issue_crl(self._authority.id, days=int(self.days.currentData()))
        self.wait(job, msg("Signing the list. If the key store is locked, it waits for you."))
