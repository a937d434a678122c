"""Inspect a token: it is pasted masked, judged in memory, and gone with the dialog."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from trustdesk.core.errors import TrustdeskError, UnusableInputError
from trustdesk.core.finding import Verdict
from trustdesk.core.identity_provider import TokenReading
from trustdesk.core.message import msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.field_cell import FieldCell, TickBox, line_edit
from trustdesk.gui.identities.job_line import JobLine
from trustdesk.gui.inspector.fact import Fact
from trustdesk.gui.inspector.fact_grid import FactGrid
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.widgets.findings_list import FindingsList
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.board import State
from trustdesk.services.provider_desk import ProviderDesk

VERDICT_STATES = {Verdict.PASS: State.GOOD, Verdict.WARN: State.WARNING, Verdict.FAIL: State.BAD}

_LONGEST = 65_537
"""One character more than a token may have, so that this is seen."""


class TokenDialog(PlainDialog):
    """A masked field, and what stands in the token that is pasted into it."""

    def __init__(
        self, parent: QWidget, bridge: Bridge, desk: ProviderDesk, *, identities: Sequence[str] = ()
    ) -> None:
        """Make it; `identities` are names of certificates that a token may be bound to."""
        super().__init__(
            parent,
            msg("Inspect a token"),
            msg("It is judged here, in memory, and forgotten when this window closes. It is sent to nobody."),
            size=(780, 720),
        )
        self._desk = desk
        self.field = line_edit(say(msg("Token")), placeholder=say(msg("Paste it, with or without Bearer")))
        self.field.setMaxLength(_LONGEST)
        # Never in the clear: what is on the screen can be photographed, and X11 takes what is selected.
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setDragEnabled(False)
        self.identity = Combo(name=say(msg("Bound to the certificate of")))
        self.identity.addItem(say(msg("nobody has to be")), None)
        for name in identities:
            self.identity.addItem(visible(name), name)
        self.fetch = TickBox(
            say(msg("Ask the provider for its keys where none are kept")),
            name=say(msg("Ask the provider for its keys where none are kept: its server sees it")),
        )
        self.read_button = Button(say(msg("Read it")), icon="search", kind=ButtonKind.PRIMARY)
        self.read_button.setEnabled(False)
        self.job_line = JobLine(bridge)
        self.banner = VerdictBanner()
        self.banner.hide()
        self.header = FactGrid(name=say(msg("Header of the token")))
        self.claims = FactGrid(name=say(msg("Claims of the token")))
        self.findings = FindingsList(shows_source=True)
        self._build()
        self.field.textChanged.connect(self._text_changed)
        self.field.returnPressed.connect(self.read_button.click)
        self.read_button.clicked.connect(self._read)
        self.job_line.changed.connect(self._text_changed)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def done(self, result: int) -> None:
        """Close, and forget the token first; Qt calls this for every way of closing it."""
        self.forget()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Forget the token also where the window goes without being asked."""
        self.forget()
        super().closeEvent(event)

    def forget(self) -> None:
        """Empty the field, its history of changes included, and end what runs."""
        self.field.setText("")
        self.job_line.give_up()

    def _read(self) -> None:
        self.error.hide()
        try:
            job = self._desk.read_token(
                self.field.text(), identity=self.identity.currentData(), with_keys=self.fetch.isChecked()
            )
        except UnusableInputError as error:
            self._fail(error)
            return
        self.job_line.run(job, msg("The token is being judged …"), self._show, self._fail)

    def _show(self, reading: TokenReading) -> None:
        if self.is_gone:
            return
        self.banner.show_verdict(
            VERDICT_STATES[reading.verdict], say(reading.summary or msg("It was read.")), action=""
        )
        self.banner.show()
        self.header.show_facts(facts_of(reading.header))
        self.claims.show_facts(facts_of(reading.claims, reading))
        self.findings.show_findings(reading.findings)
        self._result.show()

    def _fail(self, error: TrustdeskError) -> None:
        # What came of the token before would be taken for what is said of this one.
        self.banner.hide()
        self._result.hide()
        self.show_error(error)

    def _text_changed(self) -> None:
        self.read_button.setEnabled(bool(self.field.text().strip()) and not self.job_line.is_running)

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(FieldCell(say(msg("Token")), self.field), 1)
        row.addWidget(self.read_button, 0, Qt.AlignmentFlag.AlignBottom)
        self.read_button.setAutoDefault(False)
        more = QHBoxLayout()
        more.setSpacing(16)
        more.addWidget(FieldCell(say(msg("Bound to the certificate of")), self.identity))
        more.addWidget(self.fetch, 1, Qt.AlignmentFlag.AlignBottom)
        self._result = ScrolledColumn(name=say(msg("What stands in the token")))
        for words, part in ((msg("Header"), self.header), (msg("Claims"), self.claims)):
            self._result.column.addWidget(Text(say(words), TypeStyle.SECTION))
            self._result.column.addWidget(part)
        self._result.column.addWidget(Text(say(msg("Rules")), TypeStyle.SECTION))
        self._result.column.addWidget(self.findings)
        self._result.column.addStretch(1)
        self._result.hide()
        self.content.addLayout(row)
        self.content.addLayout(more)
        self.content.addWidget(self.job_line)
        self.content.addWidget(self.banner)
        self.content.addWidget(self._result, 1)
        self.content.addStretch(0)


def facts_of(values: Sequence[tuple[str, str]], reading: TokenReading | None = None) -> tuple[Fact, ...]:
    """Return names and values of a token, which are untrusted text, as lines.

    Args:
        reading: for the dates behind the numbers of exp and iat.
    """
    dates = {} if reading is None else {"exp": reading.expires_at, "iat": reading.issued_at}

    def value(name: str, text: str) -> str:
        at = dates.get(name)
        if at is None:
            return visible(text)
        return say(msg("{number} ({date})", number=text, date=at))

    return tuple(Fact(label=msg("{name}", name=name), value=value(name, text)) for name, text in values)
