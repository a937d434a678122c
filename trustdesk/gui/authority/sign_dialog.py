"""Sign request: a request from a file or a case, for a purpose and a partner, after its preflight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.certificate_request import CaseState, RequestCase, RequestPurpose
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.file_name import plain_stem
from trustdesk.core.finding import Finding, FindingStatus
from trustdesk.core.inspection import CsrFacts
from trustdesk.core.message import msg, msg_n
from trustdesk.core.private_ca import IssuedCertificate, PrivateAuthority
from trustdesk.core.untrusted import visible
from trustdesk.gui.authority.job_dialog import JobDialog
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.field_cell import FieldCell, line_edit, set_invalid
from trustdesk.gui.inspector.fact_grid import FactGrid
from trustdesk.gui.requests.csr_facts import facts_of_request, purpose_guess
from trustdesk.gui.requests.csr_reading import LatestReading, ask_request_file
from trustdesk.gui.requests.reason import Reason
from trustdesk.gui.requests.words import PURPOSE_WORDS
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.widgets.findings_list import FindingsList
from trustdesk.gui.widgets.save_question import ask_file
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.board import BoardRow
from trustdesk.services.desk import Desk

MAX_DAYS = 365


class SignDialog(JobDialog):
    """What to sign at the top, the findings below; Sign stays shut while the preflight says no.

    Signals:
        signed: the IssuedCertificate.
        match_wanted: file with the chain, to be matched with the case that it was asked by.
    """

    signed = Signal(object)
    match_wanted = Signal(object)

    def __init__(self, parent: QWidget, bridge: Bridge, desk: Desk, authority: PrivateAuthority) -> None:
        super().__init__(
            parent,
            bridge,
            msg("Sign a request with {name}", name=authority.name),
            msg("What is signed follows the profile of the purpose, whatever else the request asks for."),
            size=(760, 760),
        )
        self._desk, self._authority = desk, authority
        self._csr: CsrFacts | None = None
        self._reading = LatestReading(bridge, desk)
        self._asked: Future[tuple[Finding, ...]] | None = None
        self._findings: tuple[Finding, ...] | None = None
        self._issued: IssuedCertificate | None = None
        self._is_of_case = False
        self.ask_request: Callable[[QWidget], Path | None] = ask_request_file
        self.ask_file: Callable[[QWidget, str], Path | None] = ask_file
        self.take_drops(lambda files: self.read(files[0]))
        self.cases = Combo(name=say(msg("Case")))
        self.open_button = Button(say(msg("Open a request …")), icon="file")
        self.open_button.setAutoDefault(False)
        self.purpose = Combo(name=say(msg("Purpose")))
        for purpose in (RequestPurpose.CLIENT, RequestPurpose.SERVER):
            self.purpose.addItem(say(PURPOSE_WORDS[purpose]), purpose)
        self.partner = Combo(name=say(msg("For partner")))
        self.partner.addItem(say(msg("nobody in particular")), None)
        self.days = line_edit(say(msg("Days")))
        self.days.setValidator(QIntValidator(1, 9999, self))
        self.days.setText(str(MAX_DAYS))
        self.facts = FactGrid(name=say(msg("What it asks for")))
        self.verdict = Reason()
        self.findings = FindingsList(shows_source=True)
        self.sign_button = self.add_button(Button(say(msg("Sign")), icon="tick", kind=ButtonKind.PRIMARY))
        self.save_button = self.add_button(Button(say(msg("Save the chain …")), icon="export"))
        self.match_button = self.add_button(Button(say(msg("Match with its request")), icon="link"))
        self._saved: Path | None = None
        self._build()
        self._connect()
        self._show()
        bridge.when_done(desk.board(), self._take_partners, lambda _error: None)
        bridge.when_done(desk.identity_desk.cases(), self._take_cases, lambda _error: None)
        self.open_button.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def blocking(self) -> int:
        """How many findings keep it from being signed."""
        return sum(finding.is_failure for finding in self._findings or ())

    @property
    def not_run(self) -> int:
        """How many rules could not be applied."""
        return sum(finding.status is FindingStatus.NOT_RUN for finding in self._findings or ())

    def read(self, file: Path) -> None:
        """Read a request from a file."""
        self.error.hide()
        self.cases.setCurrentIndex(0)
        # Until it is read there is nothing to sign, least of all what was chosen before it.
        self._is_of_case, self._csr = False, None
        self._ask()
        self._reading.read(file, self._found, self.show_error)

    def choose_case(self, case: RequestCase) -> None:
        """Take the request of a case."""
        self._is_of_case = True
        self._reading.forget()
        if case.partner is not None:
            self._offer_partners((case.partner,))
            self.partner.setCurrentIndex(self.partner.findData(case.partner))
        self._take_request(case.request, case.purpose)

    def show_progress_over(self) -> None:
        """Set the buttons again."""
        self._show()

    def _open(self) -> None:
        file = self.ask_request(self)
        if file is not None:
            self.read(file)

    def _choose(self, place: int) -> None:
        case = self.cases.itemData(place)
        if isinstance(case, RequestCase):
            self.choose_case(case)

    def _found(self, requests: Sequence[CsrFacts]) -> None:
        if not self.is_gone:
            self._take_request(requests[0], purpose_guess(requests[0]))

    def _take_request(self, csr: CsrFacts, purpose: RequestPurpose) -> None:
        self._csr = csr
        self.error.hide()
        self.facts.show_facts(facts_of_request(csr))
        self.purpose.setCurrentIndex(max(0, self.purpose.findData(purpose)))
        self._ask()

    def _ask(self) -> None:
        """Have the request judged; until the answer is there it cannot be signed."""
        self._findings = None
        if self._csr is None:
            self._asked = None
            self._show()
            return
        asked = self._asked = self._desk.authority_desk.preflight(
            self._authority.id,
            self._csr,
            RequestPurpose(self.purpose.currentData()),
            self.partner.currentData(),
        )
        self._show()
        self._bridge.when_done(asked, partial(self._take_findings, asked), partial(self._fail, asked))

    def _take_findings(self, asked: Future[tuple[Finding, ...]], findings: tuple[Finding, ...]) -> None:
        if asked is not self._asked or self.is_gone:
            return
        self._findings = findings
        self.findings.show_findings(findings)
        self._show()

    def _fail(self, asked: Future[tuple[Finding, ...]], error: TrustdeskError) -> None:
        if asked is self._asked:
            self.show_error(error)

    def _show(self) -> None:
        days = int(self.days.text()) if self.days.text().isdigit() else 0
        fits = 1 <= days <= MAX_DAYS
        set_invalid(self.days, not fits)
        done = self._issued is not None
        self.facts.setVisible(self._csr is not None)
        self.findings.setVisible(self._findings is not None)
        self.sign_button.setVisible(not done)
        self.save_button.setVisible(done)
        self.match_button.setVisible(done and self._is_of_case and self._saved is not None)
        can_change = not done and not self.is_running
        self.form.setEnabled(can_change)
        self.setAcceptDrops(can_change)
        is_judged = self._findings is not None
        self.sign_button.setEnabled(is_judged and not self.blocking and fits and not self.is_running)
        if done:
            self.verdict.show_words(msg("It is signed. Send the chain to whoever asked; it holds no secret."))
        elif self._csr is None:
            self.verdict.show_words(msg("Choose a case, or open a request's file."))
        elif not is_judged:
            self.verdict.show_words(msg("The request is being judged …"))
        elif self.blocking:
            words = msg_n(
                "{count} finding keeps it from being signed.",
                "{count} findings keep it from being signed.",
                self.blocking,
            )
            self.verdict.show_words(words, is_warning=True)
        elif not fits:
            words = msg("It can be valid from 1 to {count} days, and no longer.", count=MAX_DAYS)
            self.verdict.show_words(words, is_warning=True)
        else:
            # What was not looked at is said beside it: it is no pass.
            open_rules = msg_n(
                "{count} rule was not run: look at it below.",
                "{count} rules were not run: look at them below.",
                self.not_run,
            )
            self.verdict.show_words(
                msg("No rule that was run keeps it from being signed."),
                open_rules if self.not_run else None,
                is_warning=bool(self.not_run),
            )

    def _sign(self) -> None:
        if self._csr is None:
            return
        job = self._desk.authority_desk.issue(
            self._authority.id,
            self._csr,
            RequestPurpose(self.purpose.currentData()),
            validity=timedelta(days=int(self.days.text())),
            partner=self.partner.currentData(),
        )
        self.run(job, msg("Signing. If the key store is locked, it waits for you."), self._take)
        self._show()

    def _take(self, issued: IssuedCertificate) -> None:
        self._issued = issued
        self.signed.emit(issued)
        if self.is_gone:
            return
        self._show()
        self.save_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _save(self) -> None:
        if self._issued is None:
            return
        certificate = self._issued.certificate
        file = self.ask_file(self, f"{plain_stem(certificate.title, 'certificate')}.pem")
        if file is not None:
            future = self._desk.authority_desk.save_chain(self._authority.id, certificate.sha256, file)
            self._bridge.when_done(future, self._take_saved, self.show_error)

    def _take_saved(self, file: Path) -> None:
        if self.is_gone:
            return
        self._saved = file
        self.notice.say_done(say(msg("{file} is written.", file=file.name)))
        self._show()

    def _match(self) -> None:
        if self._saved is not None:
            self.match_wanted.emit(self._saved)
            self.accept()

    def _take_partners(self, rows: Sequence[BoardRow]) -> None:
        if not self.is_gone:
            self._offer_partners(sorted({row.endpoint.partner for row in rows}))

    def _offer_partners(self, names: Sequence[str]) -> None:
        for name in names:
            if self.partner.findData(name) < 0:
                self.partner.addItem(visible(name, 120), name)

    def _take_cases(self, cases: Sequence[RequestCase]) -> None:
        if self.is_gone:
            return
        for case in cases:
            if case.state is CaseState.REQUESTED:
                self.cases.addItem(visible(case.name, 120), case)

    def _connect(self) -> None:
        self.open_button.clicked.connect(self._open)
        self.cases.activated.connect(self._choose)
        self.purpose.activated.connect(lambda _place: self._ask())
        self.partner.activated.connect(lambda _place: self._ask())
        self.days.textChanged.connect(lambda _text: self._show())
        self.sign_button.clicked.connect(self._sign)
        self.save_button.clicked.connect(self._save)
        self.match_button.clicked.connect(self._match)

    def _build(self) -> None:
        self.cases.addItem(say(msg("no case, from a file")), None)
        first = QHBoxLayout()
        first.setSpacing(14)
        first.addWidget(FieldCell(say(msg("Case")), self.cases), 1)
        first.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignBottom)
        second = QHBoxLayout()
        second.setSpacing(14)
        second.addWidget(FieldCell(say(msg("Purpose")), self.purpose), 2)
        second.addWidget(FieldCell(say(msg("For partner")), self.partner), 2)
        second.addWidget(FieldCell(say(msg("Days, {count} at most", count=MAX_DAYS)), self.days), 1)
        area = ScrolledColumn(name=say(msg("Request and preflight")))
        layout = area.column
        layout.setSpacing(10)
        layout.addWidget(self.facts)
        layout.addWidget(Text(say(msg("Preflight")), TypeStyle.ROW_TITLE_BAD))
        layout.addWidget(self.findings)
        layout.addStretch(1)
        form = QVBoxLayout(self.form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(10)
        form.addLayout(first)
        form.addLayout(second)
        form.addWidget(area, 1)
        self.content.addWidget(self.verdict)
