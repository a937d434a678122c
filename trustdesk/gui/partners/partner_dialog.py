"""Add or edit one partner: who it is, its endpoints, whom to ask there."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import Message, msg
from trustdesk.core.partner import Contact, Endpoint, Partner, PartnerEntry, PartnerRole
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.field_cell import FieldCell, line_edit, set_invalid
from trustdesk.gui.partners.endpoint_row import EndpointRow
from trustdesk.gui.partners.line_rows import LineField, LineRows
from trustdesk.gui.requests.reason import Reason
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.plain_view import framed
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.directory_desk import DirectoryDesk
from trustdesk.services.directory_values import DirectoryChange
from trustdesk.services.partner_rules import MAX_NAME, PartnerField, faults_of, tidied
from trustdesk.services.partner_words import ROLE_WORDS

_CONTACT = (
    LineField(msg("Name"), 3, runs_with_language=True),
    LineField(msg("Asked about"), 2, runs_with_language=True),
    LineField(msg("E-mail"), 3),
    LineField(msg("Telephone"), 2),
)


class PartnerDialog(PlainDialog):
    """The form of one partner; what is wrong is said where it stands, and keeps it from being saved.

    Signals:
        saved: the DirectoryChange and the partner's name; the dialog closes.
    """

    saved = Signal(object, str)

    def __init__(
        self,
        parent: QWidget,
        bridge: Bridge,
        desk: DirectoryDesk,
        before: PartnerEntry | None = None,
        *,
        identities: Sequence[str] = (),
    ) -> None:
        """Make it.

        Args:
            before: the partner as it is kept; None for a new one.
            identities: names of ours that can be chosen for an endpoint.
        """
        super().__init__(
            parent,
            msg("New partner") if before is None else msg("Edit {partner}", partner=before.partner.name),
            msg(
                "An endpoint that names another server begins without history; one that is removed "
                "takes its own along."
            ),
            size=(780, 760),
        )
        self._bridge, self._desk = bridge, desk
        self._before = before or PartnerEntry(partner=Partner(name=""))
        self._identities = tuple(identities)
        self._is_saving = False
        partner = self._before.partner
        self.name = line_edit(say(msg("Name of the partner")))
        self.name.setLayoutDirection(self.layoutDirection())
        self.name.setMaxLength(MAX_NAME)
        self.name.setText(partner.name)
        self.company_id = line_edit(say(msg("Company id")), placeholder="NWC")
        self.company_id.setText(partner.company_id)
        self.company_id.setCursorPosition(0)
        self.role = Combo(name=say(msg("Role")))
        self.role.addItem(say(msg("Not said")), None)
        for role, words in ROLE_WORDS.items():
            self.role.addItem(say(words), role)
        self.role.setCurrentIndex(max(0, self.role.findData(partner.role)))
        self.ids = _lines(msg("1R-IDs, one a line, the main one first"), partner.one_record_ids, 3)
        self.ids.setPlaceholderText("https://1r.partner.example/NWC")
        self.ids.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.tags = line_edit(say(msg("Tags")), placeholder=say(msg("pilot, EU")))
        self.tags.setLayoutDirection(self.layoutDirection())
        self.tags.setText(", ".join(partner.tags))
        self.note = _lines(msg("Note"), partner.note.split("\n") if partner.note else (), 4)
        self.contacts = LineRows(_CONTACT, add=msg("Add a contact"), remove=msg("Remove this contact"))
        for one in partner.contacts:
            self.contacts.add((one.name, one.duty, one.email, one.phone))
        self.rows: list[EndpointRow] = []
        self._endpoints = QVBoxLayout()
        self._endpoints.setSpacing(8)
        self.more_endpoints = Button(say(msg("Add an endpoint")), icon="add")
        self.more_endpoints.setAutoDefault(False)
        self.reason = Reason()
        self._build()
        for endpoint in self._before.endpoints or (None,):
            self._add_row(endpoint)
        self.save_button = self.add_button(Button(say(msg("Save")), kind=ButtonKind.PRIMARY))
        self.close_button.show_as(say(msg("Cancel")), key=say(msg("Esc")))
        self._connect()
        self._check()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def entry(self) -> PartnerEntry:
        """What is written here now, tidied."""
        before = self._before.partner
        contacts = tuple(
            Contact(name=name, duty=duty, email=email, phone=phone)
            for name, duty, email, phone in self.contacts.values
        )
        partner = Partner(
            id=before.id,
            name=self.name.text(),
            company_id=self.company_id.text(),
            one_record_ids=tuple(self.ids.toPlainText().split()),
            role=self._role(),
            contacts=contacts,
            note=self.note.toPlainText(),
            tags=tuple(self.tags.text().replace(";", ",").split(",")),
            revision=before.revision,
        )
        endpoints = tuple(one for one in (row.endpoint for row in self.rows) if one is not None)
        return tidied(PartnerEntry(partner=partner, endpoints=endpoints))

    def _role(self) -> PartnerRole | None:
        role = self.role.currentData()
        return PartnerRole(role) if role is not None else None

    def _add_row(self, endpoint: Endpoint | None) -> EndpointRow:
        row = EndpointRow(endpoint, self._identities)
        self.rows.append(row)
        self._endpoints.addWidget(row)
        row.changed.connect(self._check)
        row.remove_pressed.connect(lambda: self._take_row(row))
        return row

    def _take_row(self, row: EndpointRow) -> None:
        self.rows.remove(row)
        row.hide()
        row.deleteLater()
        self.more_endpoints.setFocus(Qt.FocusReason.OtherFocusReason)
        self._check()

    def _add_by_hand(self) -> None:
        self._add_row(None).address.setFocus(Qt.FocusReason.OtherFocusReason)
        self._check()

    def _check(self) -> None:
        entry = self.entry
        faults = [one for one in faults_of(entry) if one.field is not PartnerField.NAME or entry.partner.name]
        fields = {one.field for one in faults}
        set_invalid(self.name, PartnerField.NAME in fields)
        set_invalid(self.company_id, PartnerField.COMPANY_ID in fields)
        set_invalid(self.tags, PartnerField.TAGS in fields)
        self.reason.show_words(*(one.message for one in faults[:4]), is_bad=True)
        unusable = any(row.is_unusable for row in self.rows)
        is_whole = bool(entry.partner.name) and bool(entry.endpoints)
        changed = entry != tidied(self._before)
        self.save_button.setEnabled(
            is_whole and changed and not faults and not unusable and not self._is_saving
        )
        self.save_button.setToolTip(
            "" if is_whole else say(msg("A partner has a name and at least one endpoint."))
        )

    def _save(self) -> None:
        self.error.hide()
        self._is_saving = True
        self._check()
        entry = self.entry
        saving: Future[DirectoryChange] = self._desk.save(entry)
        self._bridge.when_done(saving, lambda change: self._saved(change, entry), self._failed)
        # It is kept also where the person does not wait for it, and the table has to know.
        self.stay_until_told(self._bridge, saving)

    def _saved(self, change: DirectoryChange, entry: PartnerEntry) -> None:
        self.saved.emit(change, entry.partner.name)
        if not self.is_gone:
            self.accept()

    def _failed(self, error: TrustdeskError) -> None:
        self._is_saving = False
        self._check()
        self.show_error(error)

    def _build(self) -> None:
        scroll = ScrolledColumn(name=say(msg("Partner")))
        scroll.column.setSpacing(10)
        first = QHBoxLayout()
        first.setSpacing(10)
        first.addWidget(FieldCell(say(msg("Name")), self.name), 3)
        first.addWidget(FieldCell(say(msg("Company id")), self.company_id), 2)
        first.addWidget(FieldCell(say(msg("Role")), self.role), 2)
        scroll.column.addLayout(first)
        scroll.column.addWidget(_heading(msg("Endpoints")))
        scroll.column.addLayout(self._endpoints)
        scroll.column.addLayout(_at_begin(self.more_endpoints))
        scroll.column.addWidget(_framed_cell(msg("1R-IDs, one a line, the main one first"), self.ids))
        scroll.column.addWidget(_heading(msg("Contacts")))
        scroll.column.addWidget(self.contacts)
        scroll.column.addWidget(FieldCell(say(msg("Tags, parted by commas")), self.tags))
        scroll.column.addWidget(_framed_cell(msg("Note"), self.note))
        scroll.column.addStretch(1)
        self.content.addWidget(scroll, 1)
        self.content.addWidget(self.reason)

    def _connect(self) -> None:
        for edit in (self.name, self.company_id, self.tags):
            edit.textChanged.connect(self._check)
        for text in (self.ids, self.note):
            text.textChanged.connect(self._check)
        self.role.currentIndexChanged.connect(self._check)
        self.contacts.changed.connect(self._check)
        self.more_endpoints.clicked.connect(self._add_by_hand)
        self.save_button.clicked.connect(self._save)


def _lines(name: Message, lines: Sequence[str], height: int) -> QPlainTextEdit:
    edit = QPlainTextEdit("\n".join(lines))
    edit.setAccessibleName(say(name))
    edit.setFont(font(TypeStyle.BODY))
    edit.setTabChangesFocus(True)
    edit.setFrameShape(QFrame.Shape.NoFrame)
    edit.viewport().setAutoFillBackground(False)
    edit.setFixedHeight(edit.fontMetrics().lineSpacing() * height + 16)
    return edit


def _heading(words: Message) -> Text:
    return Text(say(words), TypeStyle.ROW_TITLE_BAD)


def _at_begin(button: Button) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(button)
    row.addStretch(1)
    return row


def _framed_cell(label: Message, edit: QPlainTextEdit) -> QWidget:
    cell = QWidget()
    words = Text(say(label), TypeStyle.LABEL, "text2")
    words.setBuddy(edit)
    layout = QVBoxLayout(cell)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(5)
    layout.addWidget(words)
    layout.addWidget(framed(edit))
    return cell
