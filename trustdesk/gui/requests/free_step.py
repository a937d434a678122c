"""The second step of a request in free form: subject, names and usages as they are wanted."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from trustdesk.core.certificate_request import DraftField, FieldRemark
from trustdesk.core.message import msg
from trustdesk.gui.handshake.field_cell import FieldCell, TickBox, line_edit, set_invalid
from trustdesk.gui.requests.entry_field import EntryField
from trustdesk.gui.requests.name_rows import NameRows
from trustdesk.gui.requests.remark_line import RemarkLine
from trustdesk.gui.requests.step_page import StepPage
from trustdesk.gui.requests.wish import Wanted
from trustdesk.gui.requests.wish_book import WishBook
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_KEY_USAGES = ("digitalSignature", "keyEncipherment", "keyAgreement", "nonRepudiation", "dataEncipherment")
_PURPOSES = ("clientAuth", "serverAuth", "emailProtection", "codeSigning")


class FreeStep(StepPage):
    """Fields for what the profiles decide otherwise."""

    def __init__(self, book: WishBook) -> None:
        super().__init__(
            msg("What shall the certificate say?"),
            msg("Subject as in RFC 4514, names with their kind: DNS:host, URI:https://…, email:…, IP:…"),
        )
        self._book = book
        self.subject = line_edit(say(msg("Subject")), placeholder="CN=…,O=…,C=…")
        self.subject_remark = RemarkLine()
        self.names = NameRows(name=say(msg("Names")), note=lambda _place: None, is_ordered=False)
        self.entry = EntryField(
            name=say(msg("Name to add")), hint="DNS:host.example.com", judge=self._judge_name
        )
        self.key_usages = tuple(TickBox(one, name=one) for one in _KEY_USAGES)
        self.purposes = tuple(TickBox(one, name=one) for one in _PURPOSES)
        self.other_purposes = line_edit(say(msg("Other purposes")), placeholder="1.3.6.1.5.5.7.3.…")
        self.usage_remark = RemarkLine()
        self.purpose_remark = RemarkLine()
        self._build()
        self.subject.textEdited.connect(lambda text: book.choose(subject=text))
        self.entry.added.connect(
            lambda text: book.choose(subject_alt_names=(*book.wish.subject_alt_names, text))
        )
        self.names.edit_wanted.connect(self._edit)
        self.names.remove_wanted.connect(self._remove)
        for box in self.key_usages:
            box.toggled.connect(lambda _on: self._choose_usages())
        for box in self.purposes:
            box.toggled.connect(lambda _on: self._choose_purposes())
        self.other_purposes.textEdited.connect(lambda _text: self._choose_purposes())
        book.changed.connect(self._show)
        self._show()

    @property
    def unfinished(self) -> EntryField | None:
        """The field of names with a text that is on no list; None for none."""
        return self.entry if self.entry.text else None

    def focus_first(self) -> None:
        """Move the keyboard to the subject."""
        self.subject.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        wish = self._book.wish
        if wish.wanted is not Wanted.FREE:
            return
        judged = self._book.judged[0]
        if self.subject.text() != wish.subject:
            self.subject.setText(wish.subject)
        on_subject = judged.remarks_on(DraftField.SUBJECT) if judged.is_begun else ()
        self.subject_remark.show_remark(next(iter(on_subject), None))
        set_invalid(self.subject, any(remark.is_obstacle for remark in on_subject))
        on_names = judged.remarks_on(DraftField.SUBJECT_ALT_NAMES)
        self.names.show_names(wish.subject_alt_names, on_names)
        self.names.setVisible(bool(wish.subject_alt_names))
        for box in self.key_usages:
            _set(box, box.text() in wish.key_usage)
        for box in self.purposes:
            _set(box, box.text() in wish.extended_key_usage)
        self.usage_remark.show_remark(next(iter(judged.remarks_on(DraftField.KEY_USAGE)), None))
        self.purpose_remark.show_remark(next(iter(judged.remarks_on(DraftField.EXTENDED_KEY_USAGE)), None))

    def _judge_name(self, text: str) -> FieldRemark | None:
        names = self._book.wish.subject_alt_names
        draft = self._book.drafts_with(replace(self._book.wish, subject_alt_names=(*names, text)))[0]
        return next(
            (
                remark
                for remark in self._book.judge.field_remarks(draft)
                if remark.field is DraftField.SUBJECT_ALT_NAMES and remark.position == len(names)
            ),
            None,
        )

    def _edit(self, place: int) -> None:
        name = self._book.wish.subject_alt_names[place]
        self._remove(place)
        self.entry.write(name)

    def _remove(self, place: int) -> None:
        names = self._book.wish.subject_alt_names
        self._book.choose(subject_alt_names=(*names[:place], *names[place + 1 :]))
        self.entry.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose_usages(self) -> None:
        self._book.choose(key_usage=tuple(box.text() for box in self.key_usages if box.isChecked()))

    def _choose_purposes(self) -> None:
        ticked = [box.text() for box in self.purposes if box.isChecked()]
        typed = self.other_purposes.text().replace(",", " ").split()
        self._book.choose(extended_key_usage=(*ticked, *typed))

    def _build(self) -> None:
        self.content.addWidget(FieldCell(say(msg("Subject")), self.subject))
        self.content.addWidget(self.subject_remark)
        self.content.addWidget(Text(say(msg("Names (SAN)")), TypeStyle.LABEL, "text2"))
        self.content.addWidget(self.names)
        self.content.addWidget(self.entry)
        self.content.addWidget(Text(say(msg("Key usage")), TypeStyle.LABEL, "text2"))
        self.content.addWidget(_flow(self.key_usages, say(msg("Key usage"))))
        self.content.addWidget(self.usage_remark)
        self.content.addWidget(Text(say(msg("Extended key usage")), TypeStyle.LABEL, "text2"))
        self.content.addWidget(_flow(self.purposes, say(msg("Extended key usage"))))
        self.content.addWidget(FieldCell(say(msg("Other purposes")), self.other_purposes))
        self.content.addWidget(self.purpose_remark)
        self.content.addStretch(1)


def _flow(boxes: tuple[TickBox, ...], name: str) -> QWidget:
    place = QWidget()
    place.setAccessibleName(name)
    flow = Flow(place, gap=14)
    for box in boxes:
        flow.addWidget(box)
    return place


def _set(box: TickBox, on: bool) -> None:
    blocked = box.blockSignals(True)
    box.setChecked(on)
    box.blockSignals(blocked)
    box.update()
