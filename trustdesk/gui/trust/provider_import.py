"""Import a list of identity providers: who signed it, what is on it, and only then keep it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.identity_provider import ProviderList
from trustdesk.core.message import msg
from trustdesk.core.trust_version import AuthenticityState
from trustdesk.core.untrusted import visible
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.dates import iso_date
from trustdesk.gui.handshake.field_cell import FieldCell, line_edit, set_invalid
from trustdesk.gui.identities.job_line import JobLine
from trustdesk.gui.inspector.fact import Fact
from trustdesk.gui.inspector.fact_grid import FactGrid
from trustdesk.gui.requests.reason import Reason
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.words import say
from trustdesk.services.fingerprints import MAX_TEXT, sha256_in
from trustdesk.services.provider_desk import ProviderDesk
from trustdesk.services.trust_words import AUTHENTICITY_WORDS


def ask_list_file(parent: QWidget) -> Path | None:
    """Ask for a list's file; None when the person thinks better of it."""
    name, _kind = QFileDialog.getOpenFileName(
        parent, say(msg("List of identity providers")), "", "*.json *.jws *.jwt;;*"
    )
    return Path(name) if name else None


class ProviderImportDialog(PlainDialog):
    """File, name, fingerprint to compare, what is on it, and why.

    Signals:
        kept: the ProviderList as it is kept now.
    """

    kept = Signal(object)

    def __init__(self, parent: QWidget, bridge: Bridge, desk: ProviderDesk) -> None:
        super().__init__(
            parent,
            msg("Import identity providers"),
            msg("A list says whose tokens are accepted, with whose keys. Nothing is kept until you say so."),
            size=(700, 640),
        )
        self._bridge, self._desk = bridge, desk
        self._path: Path | None = None
        self._read: ProviderList | None = None
        self.ask_file: Callable[[QWidget], Path | None] = ask_list_file
        self.take_drops(lambda files: self.read(files[0]))
        self._file = ElidedLabel(say(msg("None yet: choose a file, or drop one here")), ink="text2")
        self.choose_button = Button(
            say(msg("Choose …")), icon="file", name=say(msg("Choose the list's file"))
        )
        self.name = line_edit(say(msg("Name of the list")))
        self.name.setMaxLength(100)
        self.signer = line_edit(
            say(msg("Fingerprint of the signer, as you were given it")),
            placeholder=say(msg("SHA-256, in any spelling; leave it empty where there is none")),
        )
        self.signer.setMaxLength(MAX_TEXT)
        self.comment = line_edit(say(msg("Why")), placeholder=say(msg("It is written into the trust log")))
        self.comment.setMaxLength(500)
        self.facts = FactGrid(name=say(msg("What the list says")))
        self.warning = Reason()
        self.warning.hide()
        self.job_line = JobLine(bridge)
        self.read_again = self.add_button(Button(say(msg("Read again")), icon="refresh"))
        self.keep_button = self.add_button(
            Button(say(msg("Keep it")), icon="import", kind=ButtonKind.PRIMARY)
        )
        self._build()
        self.choose_button.clicked.connect(self._choose)
        self.read_again.clicked.connect(self._read_again)
        self.keep_button.clicked.connect(self._keep)
        for edit in (self.name, self.signer):
            edit.textChanged.connect(self._changed)
        self._show_buttons()
        self.choose_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def read(self, file: Path) -> None:
        """Read a file and check its signature; nothing is kept."""
        self._path = file
        self._file.setText(visible(file.name))
        if not self.name.text():
            self.name.setText(file.stem[:100])
        self._read_again()

    def done(self, result: int) -> None:
        """Close; what is being read is given up."""
        self.job_line.give_up()
        super().done(result)

    def _choose(self) -> None:
        file = self.ask_file(self)
        if file is not None:
            self.read(file)

    def _read_again(self) -> None:
        self._forget()
        signer = sha256_in(self.signer.text()) if self.signer.text().strip() else None
        set_invalid(self.signer, bool(self.signer.text().strip()) and signer is None)
        if self._path is None or self.signer.property("invalid"):
            return
        job = self._desk.prepare_providers(self._path, self.name.text().strip(), signer=signer)
        self.job_line.run(job, msg("The list is being read …"), self._found, self._fail)

    def _found(self, providers: ProviderList) -> None:
        if self.is_gone:
            return
        self._read = providers
        self.facts.show_facts(facts_of_list(providers))
        state = providers.authenticity.state
        if state is AuthenticityState.UNKNOWN_SIGNER:
            self.warning.show_words(
                msg(
                    "Nobody has said who signed it: compare the fingerprint, write it above, and read again."
                ),
                is_warning=True,
            )
        elif state is not AuthenticityState.VERIFIED:
            self.warning.show_words(msg("Nothing proves who published this list."), is_warning=True)
        self.warning.setVisible(state is not AuthenticityState.VERIFIED)
        self._show_buttons()

    def _keep(self) -> None:
        if self._read is None:
            return
        self.error.hide()
        job = self._desk.keep_providers(self._read, self.comment.text().strip())
        self.stay_until_told(self._bridge, job.future)
        self.job_line.run(job, msg("The list is being kept …"), self._kept, self._fail)
        self._show_buttons()

    def _kept(self, providers: ProviderList) -> None:
        self.kept.emit(providers)
        if not self.is_gone:
            self.accept()

    def _fail(self, error: TrustdeskError) -> None:
        self.show_error(error)
        self._show_buttons()

    def _changed(self) -> None:
        """What was read under another name or signer is not kept under this one."""
        set_invalid(self.signer, False)
        self._forget()

    def _forget(self) -> None:
        self._read = None
        self.facts.show_facts(())
        self.warning.hide()
        self.error.hide()
        self._show_buttons()

    def _show_buttons(self) -> None:
        is_free = not self.job_line.is_running
        has_file = self._path is not None and bool(self.name.text().strip())
        self.read_again.setEnabled(has_file and is_free)
        self.keep_button.setEnabled(self._read is not None and is_free)

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._file, 1)
        row.addWidget(self.choose_button)
        self.choose_button.setAutoDefault(False)
        self.content.addLayout(row)
        self.content.addWidget(FieldCell(say(msg("Name")), self.name))
        self.content.addWidget(
            FieldCell(say(msg("Fingerprint of the signer, as you were given it")), self.signer)
        )
        self.content.addWidget(self.job_line)
        self.content.addWidget(self.facts)
        self.content.addWidget(self.warning)
        self.content.addWidget(FieldCell(say(msg("Why")), self.comment))
        self.content.addStretch(1)
        self.close_button.show_as(say(msg("Cancel")), key=say(msg("Esc")))


def facts_of_list(providers: ProviderList) -> tuple[Fact, ...]:
    """Return what a list says of itself, as lines; what is empty is left out."""
    signer = providers.authenticity.signer
    names = [visible(one.name or one.issuer) for one in providers.providers[:6]]
    if len(providers.providers) > len(names):
        names.append("…")
    facts = (
        Fact(label=msg("Title"), value=visible(providers.title)),
        Fact(label=msg("Publisher"), value=visible(providers.publisher.name)),
        Fact(label=msg("Signature"), value=say(AUTHENTICITY_WORDS[providers.authenticity.state])),
        Fact(label=msg("Signer"), value=signer or "", style=TypeStyle.FIXED),
        Fact(label=msg("Sequence"), value="" if providers.sequence is None else str(providers.sequence)),
        Fact(
            label=msg("Next update"),
            value="" if providers.next_update is None else iso_date(providers.next_update),
        ),
        Fact(label=msg("Providers"), value="\n".join(names)),
    )
    return tuple(fact for fact in facts if fact.value)
