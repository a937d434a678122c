"""Distrust a CA here, or limit what it may vouch for: why, and until when."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.core.trust_entry import ListEntry, Usage
from trustdesk.gui.handshake.field_cell import FieldCell, TickBox, line_edit
from trustdesk.gui.requests.reason import Reason
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.trust.words import entry_title
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import fingerprint_text, say
from trustdesk.services.trust_words import USAGE_WORDS

_OFFERED = (Usage.TLS_SERVER, Usage.TLS_CLIENT, Usage.IDP_SIGNING)


def date_edit(name: str, at: QDate) -> QDateEdit:
    """Return a field for an ISO date."""
    edit = QDateEdit(at)
    edit.setDisplayFormat("yyyy-MM-dd")
    edit.setCalendarPopup(True)
    edit.setAccessibleName(name)
    edit.lineEdit().setAccessibleName(name)
    edit.setMinimumHeight(32)
    edit.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    return edit


def instant_of(day: QDate) -> datetime:
    """Return the beginning of a day, UTC."""
    return datetime(day.year(), day.month(), day.day(), tzinfo=UTC)


class DecisionDialog(PlainDialog):
    """A decision about one certificate.

    Signals:
        decided: the reason, and when it ends, or None; the dialog closes.
    """

    decided = Signal(str, object)

    def __init__(self, parent: QWidget, entry: ListEntry, *, limits: bool) -> None:
        name = entry_title(entry)
        title = (
            msg("Limit what {name} vouches for", name=name) if limits else msg("Distrust {name}?", name=name)
        )
        super().__init__(
            parent, title, msg("It is decided here, sealed, and written into the trust log."), size=(580, 470)
        )
        self._limits = limits
        self.reason = Reason()
        self.reason.show_words(*_follows(limits), is_warning=not limits)
        self.boxes: dict[Usage, TickBox] = {}
        self.comment = line_edit(say(msg("Why")), placeholder=say(msg("It is written into the trust log")))
        self.comment.setLayoutDirection(self.layoutDirection())
        self.comment.setMaxLength(500)
        self.ends = TickBox(say(msg("It ends on")), name=say(msg("The decision ends on a date")))
        self.date = date_edit(say(msg("The decision ends on")), QDate.currentDate().addMonths(6))
        self.date.setEnabled(False)
        self.content.addWidget(self.reason)
        if limits:
            self._offer(entry)
        self.content.addWidget(FieldCell(say(msg("Why")), self.comment))
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.ends)
        row.addWidget(self.date)
        row.addStretch(1)
        self.content.addLayout(row)
        self.content.addWidget(Text(say(msg("SHA-256")), TypeStyle.LABEL, "text2"))
        print_ = Text(fingerprint_text(entry.sha256), TypeStyle.FIXED, "text2")
        print_.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.content.addWidget(print_)
        self.content.addStretch(1)
        verb = msg("Limit it") if limits else msg("Distrust it")
        self.agree_button = self.add_button(
            Button(say(verb), kind=ButtonKind.PRIMARY if limits else ButtonKind.DANGER)
        )
        self.close_button.show_as(say(msg("Cancel")), key=say(msg("Esc")))
        self.agree_button.clicked.connect(self._agree)
        self.comment.returnPressed.connect(self.agree_button.click)
        self.comment.textChanged.connect(self._check)
        self.ends.toggled.connect(self.date.setEnabled)
        self._check()
        self.comment.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def usages(self) -> frozenset[Usage]:
        """What it may still vouch for."""
        return frozenset(one for one, box in self.boxes.items() if box.isChecked())

    def _offer(self, entry: ListEntry) -> None:
        choice = QWidget()
        flow = Flow(choice, gap=16)
        for usage in _OFFERED:
            box = TickBox(
                say(USAGE_WORDS[usage]), name=say(msg("May vouch for: {usage}", usage=USAGE_WORDS[usage]))
            )
            # What the list leaves open is not answered for the person.
            box.setChecked(entry.usages is not None and usage in entry.usages)
            # A decision only takes away, or says what a list leaves open.
            box.setEnabled(entry.usages is None or usage in entry.usages)
            box.toggled.connect(self._check)
            self.boxes[usage] = box
            flow.addWidget(box)
        self.content.addWidget(Text(say(msg("It may still vouch for")), TypeStyle.LABEL, "text2"))
        self.content.addWidget(choice)
        self._listed = entry.usages

    def _check(self) -> None:
        is_said = bool(self.comment.text().strip())
        changes = not self._limits or self.usages != self._listed
        if self._limits and self._listed is None:
            changes = bool(self.usages)
        self.agree_button.setEnabled(is_said and changes)

    def _agree(self) -> None:
        expires = instant_of(self.date.date()) if self.ends.isChecked() else None
        self.decided.emit(self.comment.text().strip(), expires)
        self.accept()


def _follows(limits: bool) -> tuple[Message, ...]:
    if limits:
        return (
            msg("It vouches for no more than this, whatever lists say; a list that says less still holds."),
        )
    return (
        msg("Nothing that passes through its key is trusted any more, on every page at once."),
        msg("That holds for every certificate of the same key, and whatever lists say."),
    )
