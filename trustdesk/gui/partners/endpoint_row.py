"""One endpoint in the partner's dialog: its address, our identity there, and how it is reached otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.core.partner import Endpoint
from trustdesk.formats.partner_drafts import target_from, target_texts
from trustdesk.gui.handshake.field_cell import FieldCell, TickBox, line_edit, set_invalid
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_WAYS = (
    ("connect", msg("Connect to another address"), msg("address or address:port")),
    ("server_name", msg("Server name (SNI)"), msg("as the host; (none) sends none")),
    ("verify_name", msg("Name to verify"), msg("as the host")),
    ("alpn", msg("ALPN"), msg("http/1.1 for https; (none) offers none")),
)


class EndpointRow(Card):
    """A card with the fields of one endpoint.

    Signals:
        changed: something was written.
        remove_pressed: the person takes the endpoint away.
    """

    changed = Signal()
    remove_pressed = Signal()

    def __init__(
        self, before: Endpoint | None, identities: Sequence[str], parent: QWidget | None = None
    ) -> None:
        """Make it.

        Args:
            before: the endpoint as it is kept; None for a new one.
            identities: names of those that can be chosen.
        """
        super().__init__(parent)
        self._before = before
        texts = target_texts(before.target) if before else {}
        self.address = line_edit(say(msg("Endpoint")), placeholder="https://1r.partner.example")
        self.address.setText(texts.get("endpoint", ""))
        self.identity = Combo(name=say(msg("Our identity there")), icon="identities")
        self.claims = TickBox(
            say(msg("Says that it asks for mTLS")),
            name=say(msg("The partner says that it lets nobody in without a client certificate")),
        )
        self.claims.setChecked(before is not None and before.claims_mutual_tls)
        self.ways = {name: line_edit(say(label), placeholder=say(hint)) for name, label, hint in _WAYS}
        for name, edit in self.ways.items():
            edit.setText(texts.get(name, ""))
        self.note = line_edit(say(msg("Note on this endpoint")))
        self.note.setLayoutDirection(self.layoutDirection())
        self.note.setText(before.note if before else "")
        self.more_button = Button(say(msg("More")), icon="chevron-down", kind=ButtonKind.LINK)
        self.more_button.setAutoDefault(False)
        self.remove_button = Button(
            icon="remove", kind=ButtonKind.BARE, name=say(msg("Remove this endpoint"))
        )
        self.remove_button.setAutoDefault(False)
        self._problem = Text("", TypeStyle.SECOND_LINE, "bad", wrap=True)
        self._problem.hide()
        self._more = QWidget()
        self.offer(identities, before.identity if before else None)
        self._build()
        self._more.setVisible(any(texts.get(name) for name in self.ways) or bool(self.note.text()))
        self._show_more_word()
        for edit in (self.address, self.note, *self.ways.values()):
            edit.textChanged.connect(self._check)
        self.identity.currentIndexChanged.connect(self.changed)
        self.claims.toggled.connect(self.changed)
        self.more_button.clicked.connect(self._turn_more)
        self.remove_button.clicked.connect(self.remove_pressed)

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written, so that it is no endpoint."""
        return not self.address.text().strip()

    @property
    def endpoint(self) -> Endpoint | None:
        """What is written; None where that cannot be read, or nothing is."""
        if self.is_blank:
            return None
        try:
            target = target_from(self.address.text(), *(edit.text() for edit in self.ways.values()))
        except UnusableInputError:
            return None
        before = self._before or Endpoint(id=0, partner="", target=target)
        return replace(
            before,
            target=target,
            identity=self.identity.currentData(),
            note=self.note.text(),
            claims_mutual_tls=self.claims.isChecked(),
        )

    @property
    def is_unusable(self) -> bool:
        """Whether something is written that cannot be read."""
        return not self.is_blank and self.endpoint is None

    def offer(self, identities: Sequence[str], chosen: str | None) -> None:
        """Offer identities; one that is gone stays where it is chosen, so that nothing changes unseen."""
        self.identity.blockSignals(True)
        self.identity.clear()
        self.identity.addItem(say(msg("No client certificate")), None)
        for name in (*identities, *([chosen] if chosen and chosen not in identities else [])):
            self.identity.addItem(name, name)
        self.identity.setCurrentIndex(max(0, self.identity.findData(chosen)))
        self.identity.blockSignals(False)

    def say_problem(self, problem: Message | None) -> None:
        """Say what is wrong with it; None for nothing."""
        self._problem.setText("" if problem is None else say(problem))
        self._problem.setVisible(problem is not None)
        set_invalid(self.address, problem is not None)

    def _check(self) -> None:
        problem: Message | None = None
        if not self.is_blank:
            try:
                target_from(self.address.text(), *(edit.text() for edit in self.ways.values()))
            except UnusableInputError as error:
                problem = error.problem
        self.say_problem(problem)
        self.changed.emit()

    def _turn_more(self) -> None:
        self._more.setVisible(self._more.isHidden())
        self._show_more_word()
        if not self._more.isHidden():
            next(iter(self.ways.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_more_word(self) -> None:
        is_open = not self._more.isHidden()
        self.more_button.show_as(
            say(msg("Less") if is_open else msg("More")), icon="chevron-up" if is_open else "chevron-down"
        )

    def _build(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.address, 3)
        first.addWidget(self.identity, 2)
        first.addWidget(self.remove_button)
        second = QHBoxLayout()
        second.setSpacing(12)
        second.addWidget(self.claims)
        second.addStretch(1)
        second.addWidget(self.more_button)
        inside = QVBoxLayout(self._more)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        cells = [FieldCell(say(label), self.ways[name]) for name, label, _ in _WAYS]
        for pair in (cells[:2], cells[2:], [FieldCell(say(msg("Note")), self.note)]):
            line = QHBoxLayout()
            line.setSpacing(8)
            for cell in pair:
                line.addWidget(cell, 1)
            inside.addLayout(line)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 8)
        layout.setSpacing(6)
        layout.addLayout(first)
        layout.addWidget(self._problem)
        layout.addLayout(second)
        layout.addWidget(self._more)
