"""The second step: 1R-IDs, the main one first, and host names."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.certificate_request import DraftField, FieldRemark, RequestPurpose
from trustdesk.core.message import Message, msg
from trustdesk.gui.handshake.field_cell import TickBox
from trustdesk.gui.requests.entry_field import EntryField
from trustdesk.gui.requests.host_chips import HostChips
from trustdesk.gui.requests.name_rows import NameRows
from trustdesk.gui.requests.reason import Reason
from trustdesk.gui.requests.step_page import StepPage
from trustdesk.gui.requests.wish import Wanted
from trustdesk.gui.requests.wish_book import WishBook
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_EXPLANATIONS: dict[Wanted, tuple[Message, Message]] = {
    Wanted.CLIENT: (
        msg("Which 1R-IDs shall the certificate carry?"),
        msg("Each one becomes a URI in the client request."),
    ),
    Wanted.SERVER: (
        msg("Which hosts shall the certificate be for?"),
        msg("The hosts of your 1R-IDs go into the server request, and those that you add below."),
    ),
    Wanted.BOTH: (
        msg("Which 1R-IDs shall the certificates carry?"),
        msg("Each one becomes a URI in the client request. Their host names go into the server request."),
    ),
}


class NamesStep(StepPage):
    """List and field for 1R-IDs; chips and a field for hosts."""

    def __init__(self, book: WishBook) -> None:
        super().__init__(*_EXPLANATIONS[Wanted.CLIENT])
        self._book = book
        self._edited: int | None = None
        self.ids = NameRows(name=say(msg("1R-IDs")), note=self._note)
        self.entry = EntryField(
            name=say(msg("1R-ID to add")),
            hint="https://1r.example.com/COMPANY-ID",
            judge=self._judge_id,
        )
        self.whole = Text(style=TypeStyle.LABEL, ink="bad", wrap=True)
        self.hosts = HostChips()
        self.host_entry = EntryField(
            name=say(msg("Host name to add")), hint="edge.example.com", judge=self._judge_host
        )
        self.host_entry.hide()
        self.add_host = Button(say(msg("Add host name")), kind=ButtonKind.LINK)
        self.client_auth = TickBox(
            say(msg("Ask for clientAuth too")), name=say(msg("Ask for clientAuth in the server request too"))
        )
        self.client_auth_remark = Reason()
        self.reason = Reason()
        self._build()
        self._connect()
        self._show()

    @property
    def unfinished(self) -> EntryField | None:
        """A field with a text that is on no list; None for none."""
        fields = (self.entry, self.host_entry) if self._names_hosts else (self.entry,)
        return next((field for field in fields if field.text), None)

    def focus_first(self) -> None:
        """Move the keyboard to the field for a 1R-ID."""
        self.entry.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def _names_hosts(self) -> bool:
        return RequestPurpose.SERVER in self._book.wish.purposes

    def _show(self) -> None:
        wish = self._book.wish
        if wish.wanted is Wanted.FREE:
            return
        self.ask(*_EXPLANATIONS[wish.wanted])
        drafts = self._book.judged
        on_ids = drafts[0].remarks_on(DraftField.ONE_RECORD_IDS)
        self.ids.show_names(wish.one_record_ids, on_ids, edited=self._edited)
        self.ids.setVisible(bool(wish.one_record_ids))
        whole = [remark for remark in on_ids if remark.position is None and wish.one_record_ids]
        self.whole.setText(say(whole[0].text) if whole else "")
        self.whole.setVisible(bool(whole))
        self._host_part.setVisible(self._names_hosts)
        if self._names_hosts:
            self._show_hosts()
        self.reason.show_words(_why_two() if wish.wanted is Wanted.BOTH else None)
        self.entry.judge_again()

    def _show_hosts(self) -> None:
        wish = self._book.wish
        judged = next(one for one in self._book.judged if one.draft.purpose is RequestPurpose.SERVER)
        faulty = {
            remark.position
            for remark in judged.remarks_on(DraftField.DNS_NAMES)
            if remark.is_obstacle and remark.position is not None
        }
        self.hosts.show_hosts(_hosts_of_ids(self._book), wish.dns_names, frozenset(faulty))
        self.hosts.setVisible(bool(self.hosts.chips))
        self.client_auth.setChecked(wish.client_auth)
        said = judged.remarks_on(DraftField.CLIENT_AUTH)
        self.client_auth_remark.show_words(*(remark.text for remark in said), is_warning=True)
        self.host_entry.judge_again()

    def _note(self, place: int) -> Message | None:
        if place or RequestPurpose.CLIENT not in self._book.wish.purposes:
            return None
        subject = self._book.judged[0].asked.subject
        return msg("main, gives {subject}", subject=subject) if subject else msg("main")

    def _judge_id(self, text: str) -> FieldRemark | None:
        ids = self._book.wish.one_record_ids
        place = len(ids) if self._edited is None else self._edited
        changed = (*ids[:place], text, *ids[place + 1 :])
        return self._remark(DraftField.ONE_RECORD_IDS, place, one_record_ids=changed)

    def _judge_host(self, text: str) -> FieldRemark | None:
        hosts = self._book.wish.dns_names
        return self._remark(DraftField.DNS_NAMES, len(hosts), dns_names=(*hosts, text))

    def _remark(self, field: DraftField, place: int, **names: tuple[str, ...]) -> FieldRemark | None:
        wish = replace(self._book.wish, **names)  # type: ignore[arg-type]  # names are checked by replace
        found = [
            remark
            for draft in self._book.drafts_with(wish)
            for remark in self._book.judge.field_remarks(draft)
            if remark.field is field and remark.position == place
        ]
        return next((one for one in found if one.is_obstacle), next(iter(found), None))

    def _add_id(self, text: str) -> None:
        ids = self._book.wish.one_record_ids
        place = len(ids) if self._edited is None else self._edited
        self._edited = None
        self._book.choose(one_record_ids=(*ids[:place], text, *ids[place + 1 :]))

    def _edit_id(self, place: int) -> None:
        self._edited = place
        self.entry.write(self._book.wish.one_record_ids[place], is_edited=True)
        self._show()

    def _remove_id(self, place: int) -> None:
        ids = self._book.wish.one_record_ids
        if self._edited is not None:
            self._edited = None
            self.entry.show_edited(False)
        self._book.choose(one_record_ids=(*ids[:place], *ids[place + 1 :]))
        self.focus_first()

    def _move_id(self, place: int, to: int) -> None:
        ids = list(self._book.wish.one_record_ids)
        ids.insert(to, ids.pop(place))
        self._edited = None
        self.entry.show_edited(False)
        self._book.choose(one_record_ids=tuple(ids))
        row = self.ids.rows[to]
        button = row.edit_button if row.up_button.isHidden() else row.up_button
        button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _repair_id(self, place: int, text: str) -> None:
        if not text:
            self._remove_id(place)
            return
        ids = self._book.wish.one_record_ids
        self._book.choose(one_record_ids=(*ids[:place], text, *ids[place + 1 :]))

    def _type_id(self) -> None:
        # A field that was emptied edits nothing any more.
        if self._edited is not None and not self.entry.text:
            self._edited = None
            self.entry.show_edited(False)
            self._show()

    def _open_host_entry(self) -> None:
        self.add_host.hide()
        self.host_entry.show()
        self.host_entry.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_host(self, text: str) -> None:
        self._book.choose(dns_names=(*self._book.wish.dns_names, text))

    def _remove_host(self, place: int) -> None:
        hosts = self._book.wish.dns_names
        self._book.choose(dns_names=(*hosts[:place], *hosts[place + 1 :]))
        self._open_host_entry()

    def _connect(self) -> None:
        self.entry.added.connect(self._add_id)
        self.entry.typed.connect(self._type_id)
        self.ids.edit_wanted.connect(self._edit_id)
        self.ids.remove_wanted.connect(self._remove_id)
        self.ids.move_wanted.connect(self._move_id)
        self.ids.repair_wanted.connect(self._repair_id)
        self.hosts.remove_wanted.connect(self._remove_host)
        self.host_entry.added.connect(self._add_host)
        self.add_host.clicked.connect(self._open_host_entry)
        self.client_auth.toggled.connect(lambda on: self._book.choose(client_auth=on))
        self._book.changed.connect(self._show)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Text(say(msg("Also as host names")), TypeStyle.ROW_TITLE_BAD))
        head.addWidget(Text(say(msg("the locked ones follow from the 1R-IDs")), ink="text2"))
        head.addStretch(1)
        self._host_part = QWidget()
        part = QVBoxLayout(self._host_part)
        part.setContentsMargins(0, 8, 0, 0)
        part.setSpacing(8)
        part.addLayout(head)
        part.addWidget(self.hosts)
        part.addWidget(self.add_host, 0, Qt.AlignmentFlag.AlignLeft)
        part.addWidget(self.host_entry)
        part.addSpacing(4)
        part.addWidget(self.client_auth, 0, Qt.AlignmentFlag.AlignLeft)
        part.addWidget(self.client_auth_remark)
        for widget in (self.ids, self.whole, self.entry, self._host_part):
            self.content.addWidget(widget)
        self.content.addStretch(1)
        self.content.addWidget(self.reason)


def _why_two() -> Message:
    from trustdesk.services.request_content import WHY_TWO_REQUESTS

    return WHY_TWO_REQUESTS


def _hosts_of_ids(book: WishBook) -> tuple[str, ...]:
    """Return the hosts that follow from the 1R-IDs, as they will stand in the server's request."""
    server = next(one for one in book.drafts if one.purpose is RequestPurpose.SERVER)
    names = book.judge.asked_for(replace(server, dns_names=())).subject_alt_names
    return tuple(name.removeprefix("DNS:") for name in names)
