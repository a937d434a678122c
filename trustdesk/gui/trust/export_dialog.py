"""Write a version of a list: in which form, for which usage, signed by whom, and what the form loses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trustdesk.core.file_name import plain_stem
from trustdesk.core.message import Message, listed, msg, msg_n
from trustdesk.core.trust_entry import Usage
from trustdesk.core.trust_version import ListVersion
from trustdesk.gui.authority.job_dialog import JobDialog
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.field_cell import FieldCell, TickBox
from trustdesk.gui.identities.new_passphrase import NewPassphrase
from trustdesk.gui.requests.reason import Reason
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.widgets.save_question import ask_file
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import fingerprint_text, say
from trustdesk.services.trust_desk import ExportWish, ListForm, TrustDesk, WrittenList
from trustdesk.services.trust_words import USAGE_WORDS

_FORMS: dict[ListForm, tuple[Message, str, Message]] = {
    ListForm.JSON: (msg("List as JSON"), ".json", msg("It carries everything, and can be signed.")),
    ListForm.PEM: (
        msg("PEM bundle"),
        ".pem",
        msg("Certificates alone: no usage, no dates, no owner, no signature."),
    ),
    ListForm.PKCS7: (
        msg("PKCS#7"),
        ".p7b",
        msg("Certificates alone: no usage, no dates, no owner, no signature."),
    ),
    ListForm.JAVA_TRUST_STORE: (
        msg("Java trust store"),
        ".p12",
        msg("Certificates with an alias, and a password that keeps others from changing it unseen."),
    ),
    ListForm.CCADB: (
        msg("CSV like CCADB's"),
        ".csv",
        msg("Owner, trust bits and dates; no history, no limits beyond names, no signature."),
    ),
}


class ExportListDialog(JobDialog):
    """Form, usage, signature, and what was lost."""

    def __init__(
        self,
        parent: QWidget,
        bridge: Bridge,
        desk: TrustDesk,
        version: ListVersion,
        identities: Sequence[str],
    ) -> None:
        super().__init__(
            parent,
            bridge,
            msg("Export version {number} of {list}", number=version.number, list=version.list_name),
            msg("The file is written whole or not at all, and read back."),
            size=(600, 560),
        )
        self._desk, self._version = desk, version
        self.ask_file: Callable[[QWidget, str], Path | None] = ask_file
        self.list_form = Combo(name=say(msg("Form")))
        for form, (words, _ending, _tells) in _FORMS.items():
            self.list_form.addItem(say(words), form)
        self.usage = Combo(name=say(msg("Usage")))
        self.usage.addItem(say(msg("All entries")), None)
        for usage in (Usage.TLS_SERVER, Usage.TLS_CLIENT, Usage.IDP_SIGNING):
            self.usage.addItem(say(msg("Trusted for: {usage}", usage=USAGE_WORDS[usage])), usage)
        self.identity = Combo(name=say(msg("Sign with")))
        self.identity.addItem(say(msg("No signature")), None)
        for name in identities:
            self.identity.addItem(name, name)
        self.protected = TickBox(
            say(msg("With a passphrase of its own")), name=say(msg("Protect it with a passphrase of its own"))
        )
        self.passphrase = NewPassphrase((version.list_name,))
        self.local = TickBox(
            say(msg("With what was decided here")), name=say(msg("Apply what was decided here"))
        )
        self._tells = Text(ink="text2", wrap=True)
        self._usual = Text(
            say(msg("Without one it gets Java's usual password, which protects nothing.")),
            TypeStyle.SECOND_LINE,
            "text2",
            wrap=True,
        )
        self.outcome = Reason()
        self.outcome.hide()
        self.digest = Text(style=TypeStyle.FIXED, ink="text2")
        self.digest.hide()
        body = QVBoxLayout(self.form)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(10)
        body.addWidget(FieldCell(say(msg("Form")), self.list_form))
        body.addWidget(self._tells)
        body.addWidget(FieldCell(say(msg("Usage")), self.usage))
        self._signing = FieldCell(say(msg("Sign with")), self.identity)
        body.addWidget(self._signing)
        body.addWidget(self.local)
        body.addWidget(self.protected)
        body.addWidget(self._usual)
        body.addWidget(self.passphrase)
        body.addStretch(1)
        self.content.addWidget(self.outcome)
        self.content.addWidget(self.digest)
        self.save_button = self.add_button(Button(say(msg("Save …")), icon="export", kind=ButtonKind.PRIMARY))
        self.save_button.clicked.connect(self._save)
        self.list_form.currentIndexChanged.connect(lambda _place: self._turn())
        self.protected.toggled.connect(lambda _on: self._turn())
        self.passphrase.changed.connect(self._settle)
        self._turn()
        self.list_form.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def chosen_form(self) -> ListForm:
        """The form that is chosen."""
        return ListForm(self.list_form.currentData())

    def show_progress_over(self) -> None:
        """Let another file be written."""
        self._settle()

    def done(self, result: int) -> None:
        """Close, and let the passphrase go."""
        self.passphrase.forget()
        super().done(result)

    @property
    def _is_protected(self) -> bool:
        return self.chosen_form is ListForm.JAVA_TRUST_STORE and self.protected.isChecked()

    def _settle(self) -> None:
        ready = not self._is_protected or self.passphrase.passphrase is not None
        self.save_button.setEnabled(ready and not self.is_running)

    def _turn(self) -> None:
        is_store = self.chosen_form is ListForm.JAVA_TRUST_STORE
        self.protected.setVisible(is_store)
        self._usual.setVisible(is_store and not self._is_protected)
        self.passphrase.setVisible(self._is_protected)
        self.passphrase.hold(False)
        self.outcome.hide()
        self.digest.hide()
        self._settle()
        self._tells.setText(say(_FORMS[self.chosen_form][2]))
        self._signing.setVisible(self.chosen_form is ListForm.JSON)

    def _save(self) -> None:
        form = self.chosen_form
        file = self.ask_file(self, export_name(self._version, _FORMS[form][1]))
        if file is None:
            return
        identity = self.identity.currentData() if form is ListForm.JSON else None
        usage = self.usage.currentData()
        wish = ExportWish(
            form=form,
            usage=None if usage is None else Usage(usage),
            identity=None if identity is None else str(identity),
            passphrase=self.passphrase.passphrase if self._is_protected else None,
            with_local=self.local.isChecked(),
        )
        self.save_button.setEnabled(False)
        job = self._desk.export(self._version.list_name, self._version.number, file, wish)
        self.run(job, msg("Writing. If the key store is locked, it waits for you."), self._take)

    def _take(self, written: WrittenList) -> None:
        if self.is_gone:
            return
        done = msg_n(
            "{file} is written, with {count} entry.",
            "{file} is written, with {count} entries.",
            written.entries,
            file=written.file.name,
        )
        lost = msg("This form cannot carry, and some entry has: {fields}.", fields=listed(list(written.lost)))
        # The passphrase of a file that is there must not be swapped for another one.
        self.passphrase.hold(self._is_protected)
        self.outcome.show_words(done, lost if written.lost else None, is_warning=bool(written.lost))
        self.digest.setText(fingerprint_text(written.sha256))
        self.digest.setAccessibleName(say(msg("SHA-256 of the file: {digest}", digest=written.sha256)))
        self.digest.show()


def export_name(version: ListVersion, ending: str) -> str:
    """Return a name for a file with a version."""
    return f"{plain_stem(version.list_name, 'list')}-{version.number}{ending}"
