"""Take in a request whose key was made elsewhere: from then on it is a case as any other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from trustdesk.core.certificate_request import RequestCase, RequestDraft, RequestPurpose
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.inspection import CsrFacts
from trustdesk.core.message import msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.field_cell import FieldCell, line_edit
from trustdesk.gui.inspector.fact_grid import FactGrid
from trustdesk.gui.requests.csr_facts import facts_of_request, purpose_guess
from trustdesk.gui.requests.csr_reading import LatestReading, ask_request_file
from trustdesk.gui.requests.reason import Reason
from trustdesk.gui.requests.words import PURPOSE_WORDS
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.words import say
from trustdesk.services.board import BoardRow
from trustdesk.services.desk import Desk


class TakeDialog(PlainDialog):
    """File, what it asks for, name, purpose and partner.

    Signals:
        taken: the RequestCase that it became.
    """

    taken = Signal(object)

    def __init__(
        self, parent: QWidget, bridge: Bridge, desk: Desk, *, draft: RequestDraft | None = None
    ) -> None:
        """Make it; `draft` is what the request was meant to be."""
        super().__init__(
            parent,
            msg("Take in a request"),
            msg("Its key was made elsewhere and stays there. The CA's reply is matched with it here."),
            size=(680, 560),
        )
        self._bridge, self._desk, self._draft = bridge, desk, draft
        self._csr: CsrFacts | None = None
        self._reading = LatestReading(bridge, desk)
        self.ask_file: Callable[[QWidget], Path | None] = ask_request_file
        self.take_drops(lambda files: self.read(files[0]))
        self._file = ElidedLabel(say(msg("None yet: choose a file, or drop one here")), ink="text2")
        self.choose_button = Button(
            say(msg("Choose …")), icon="file", name=say(msg("Choose the request's file"))
        )
        self.choose_button.setAutoDefault(False)
        self.name = line_edit(say(msg("Name")))
        self.name.setMaxLength(120)
        self.purpose = Combo(name=say(msg("Purpose")))
        for purpose in RequestPurpose:
            self.purpose.addItem(say(PURPOSE_WORDS[purpose]), purpose)
        self.partner = Combo(name=say(msg("For partner")))
        self.partner.addItem(say(msg("nobody in particular")), None)
        self.facts = FactGrid(name=say(msg("What it asks for")))
        self.warning = Reason()
        self.warning.hide()
        self.take_button = self.add_button(
            Button(say(msg("Take it in")), icon="import", kind=ButtonKind.PRIMARY)
        )
        self.take_button.setEnabled(False)
        self.take_button.setDefault(True)
        self._build()
        if draft is not None:
            self.name.setText(draft.name)
            self.purpose.setCurrentIndex(self.purpose.findData(draft.purpose))
            self._offer_partners(() if draft.partner is None else (draft.partner,), draft.partner)
        self.choose_button.clicked.connect(self._choose)
        self.name.textChanged.connect(lambda _text: self._show_button())
        self.take_button.clicked.connect(self._take)
        bridge.when_done(desk.board(), self._take_partners, lambda _error: None)
        self.choose_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def read(self, file: Path) -> None:
        """Read a file."""
        self.error.hide()
        self._file.setText(visible(file.name))
        # What the file before asked for is not taken in under the name of this one.
        self._csr = None
        self.facts.show_facts(())
        self.warning.hide()
        self._show_button()
        self._reading.read(file, self._found, self._fail)

    def _choose(self) -> None:
        file = self.ask_file(self)
        if file is not None:
            self.read(file)

    def _found(self, requests: Sequence[CsrFacts]) -> None:
        if self.is_gone:
            return
        csr = self._csr = requests[0]
        self.facts.show_facts(facts_of_request(csr))
        if self._draft is None:
            self.purpose.setCurrentIndex(self.purpose.findData(purpose_guess(csr)))
            if not self.name.text():
                self.name.setText((csr.subject or "").rpartition("=")[2][:120])
        warnings = [msg("The file holds {count} requests; this is the first.", count=len(requests))]
        self.warning.show_words(*(warnings if len(requests) > 1 else ()), is_warning=True)
        self._show_button()

    def _show_button(self) -> None:
        self.take_button.setEnabled(self._csr is not None and bool(self.name.text().strip()))

    def _take(self) -> None:
        if self._csr is None:
            return
        self.error.hide()
        self.take_button.setEnabled(False)
        draft = RequestDraft(
            name=self.name.text().strip(),
            purpose=RequestPurpose(self.purpose.currentData()),
            partner=self.partner.currentData(),
            renews=None if self._draft is None else self._draft.renews,
        )
        future = self._desk.identity_desk.take_request(self._csr, draft)
        self._bridge.when_done(future, self._took, self._fail)
        self.stay_until_told(self._bridge, future)

    def _took(self, case: RequestCase) -> None:
        self.taken.emit(case)
        if not self.is_gone:
            self.accept()

    def _fail(self, error: TrustdeskError) -> None:
        if not self.is_gone:
            self._show_button()
            self.show_error(error)

    def _take_partners(self, rows: Sequence[BoardRow]) -> None:
        if not self.is_gone:
            self._offer_partners(sorted({row.endpoint.partner for row in rows}), self.partner.currentData())

    def _offer_partners(self, names: Sequence[str], chosen: str | None) -> None:
        while self.partner.count() > 1:
            self.partner.removeItem(1)
        for name in names:
            self.partner.addItem(visible(name, 120), name)
        self.partner.setCurrentIndex(max(0, self.partner.findData(chosen)))

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._file, 1)
        row.addWidget(self.choose_button)
        fields = QHBoxLayout()
        fields.setSpacing(14)
        fields.addWidget(FieldCell(say(msg("Name")), self.name), 2)
        fields.addWidget(FieldCell(say(msg("Purpose")), self.purpose), 1)
        fields.addWidget(FieldCell(say(msg("For partner")), self.partner), 1)
        self.content.addLayout(row)
        self.content.addLayout(fields)
        self.content.addWidget(self.facts)
        self.content.addWidget(self.warning)
        self.content.addStretch(1)
