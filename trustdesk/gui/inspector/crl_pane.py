"""The entries of the revocation list in view: a field to look for a serial number, and the table."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.errors import CancelledByPersonError, TrustdeskError
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.gui.inspector.crl_table import EntryTable
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card, Hairline
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.filter_field import FilterField
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.progress_bar import ProgressBar
from trustdesk.gui.widgets.ring import Ring
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.board import State
from trustdesk.services.crl_view import is_indirect, serial_number_of
from trustdesk.services.desk_values import OpenedCrl

_INKS = {State.BAD: "bad", State.UNKNOWN: "unknown", State.WARNING: "warning"}


class CrlPane(Card):
    """Search, result, table; while a long list is indexed, how far that is.

    Signals:
        cancel_wanted: the person does not want to wait.
        again_wanted: the person wants the list opened once more.
    """

    cancel_wanted = Signal()
    again_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opened: OpenedCrl | None = None
        self._holders: dict[int, str] = {}
        self.field = FilterField(
            name=say(msg("Look for a serial number")), hint=say(msg("Serial number, such as 0A:3F:91"))
        )
        self._result = ElidedLabel(style=TypeStyle.ROW_TITLE)
        self._fact = Text(style=TypeStyle.SECOND_LINE, ink="text2")
        self.table = EntryTable()
        self._empty = Text(ink="text2", wrap=True)
        self._nothing = QWidget()
        self._ring = Ring(18)
        self._doing = Text(style=TypeStyle.ROW_TITLE_BAD)
        self._bar = ProgressBar(name=say(msg("How far the list is indexed")))
        self.cancel_button = Button(say(msg("Cancel")))
        self._problem = Text(ink="bad", wrap=True)
        self.again_button = Button(say(msg("Open again")), icon="refresh")
        self._body = QStackedWidget()
        self._listed, self._waiting, self._failed = QWidget(), QWidget(), QWidget()
        self._build()
        self.field.textChanged.connect(self._look)
        self.field.returnPressed.connect(self._go)
        self.cancel_button.clicked.connect(self.cancel_wanted)
        self.again_button.clicked.connect(self.again_wanted)

    @property
    def result(self) -> str:
        """What the search came to, in words."""
        return self._result.text()

    @property
    def words(self) -> str:
        """What stands in place of the table, or beside the search."""
        here = self._body.currentWidget()
        if here is self._waiting:
            return self._doing.text()
        if here is self._failed:
            return self._problem.text()
        return self._empty.text() if self._nothing.isVisibleTo(self) else self._fact.text()

    def show_progress(self, part: float | None) -> None:
        """Say how far a list is; None before that is known."""
        self._opened = None
        percent = None if part is None else round(part * 100)
        words = msg("The list is being opened …")
        if percent is not None:
            words = msg("The list is being indexed: {percent} % …", percent=percent)
        self._doing.setText(say(words))
        self._ring.set_running(True)
        self._bar.show_parts(((percent or 0, "accent"),), 100, self._doing.text())
        self._show(self._waiting)

    def show_error(self, error: TrustdeskError) -> None:
        """Say why a list is not open."""
        self._opened = None
        if isinstance(error, CancelledByPersonError):
            self._problem.setText(say(msg("The list is not open: its entries are not shown.")))
            self._problem.set_ink("text2")
        else:
            self._problem.setText(f"{say(error.problem)} {say(error.remedy)}")
            self._problem.set_ink("bad")
        self._show(self._failed)

    def show_crl(self, opened: OpenedCrl, holders: Mapping[int, str]) -> None:
        """Show a list that is open; `holders` are names of open certificates, by their entry's position."""
        facts = opened.revocation_list.facts
        is_other = self._opened is None or self._opened.revocation_list is not opened.revocation_list
        self._opened = opened
        if is_other or dict(holders) != self._holders:
            self._holders = dict(holders)
            self.table.show_list(opened.revocation_list, holders, indirect=is_indirect(facts))
        count = self.table.entry_model.rowCount()
        self._fact.setText(say(msg_n("{count} entry", "{count} entries", count)))
        some = count > 0
        for part in (self.field, self._result, self.table):
            part.setVisible(some)
        self._nothing.setVisible(not some)
        words = msg("No certificate is on this list.")
        if facts.is_damaged:
            words = msg("No entry of this list can be read.")
        self._empty.setText(say(words))
        self._show(self._listed)
        self._look()

    def clear(self) -> None:
        """Let go of the list."""
        self._opened = None
        self._holders = {}
        self.table.show_list(None, {}, indirect=False)

    def _show(self, part: QWidget) -> None:
        if part is not self._waiting:
            self._ring.set_running(False)
        self._body.setCurrentWidget(part)

    def _look(self) -> None:
        text, opened = self.field.text(), self._opened
        if opened is None or not text.strip():
            self._say(None, msg("Any spelling: 0A:3F:91, 0a3f91, 0x0A3F91"))
            return
        serial = serial_number_of(text)
        if serial is None:
            self._say(State.WARNING, msg("This is no hexadecimal number."))
            return
        found = opened.listed(serial)
        facts = opened.revocation_list.facts
        if found:
            self.table.show_position(found[0].position)
            words = msg_n(
                "It is on this list, as entry {number}.",
                "It is on this list {count} times, first as entry {number}.",
                len(found),
                number=found[0].position + 1,
            )
            self._say(State.BAD, words)
        elif facts.is_damaged:
            self._say(State.UNKNOWN, msg("Not found, but the list is damaged: it may be on it."))
        else:
            self._say(None, msg("It is not on this list."))

    def _say(self, state: State | None, words: Message) -> None:
        self._result.setText(say(words))
        self._result.set_ink("text2" if state is None else _INKS[state])
        self._result.setAccessibleName(self._result.text())
        self.field.setAccessibleDescription(self._result.text())

    def _go(self) -> None:
        if self.table.currentIndex().isValid():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(margins(13, 10, 15, 10))
        line.setSpacing(12)
        self.field.setMaximumWidth(420)
        line.addWidget(self.field, 2)
        line.addWidget(self._result, 3)
        line.addStretch(0)
        line.addWidget(self._fact)
        column = QVBoxLayout(self._listed)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line)
        column.addWidget(Hairline())
        column.addWidget(self.table, 1)
        around = QVBoxLayout(self._nothing)
        around.setContentsMargins(15, 14, 15, 14)
        around.addWidget(self._empty)
        around.addStretch(1)
        column.addWidget(self._nothing, 1)
        words = QHBoxLayout()
        words.setSpacing(10)
        words.addWidget(self._ring)
        words.addWidget(self._doing, 1)
        words.addWidget(self.cancel_button)
        column = QVBoxLayout(self._waiting)
        column.setContentsMargins(15, 14, 15, 14)
        column.setSpacing(10)
        column.addLayout(words)
        column.addWidget(self._bar)
        column.addStretch(1)
        column = QVBoxLayout(self._failed)
        column.setContentsMargins(15, 14, 15, 14)
        column.setSpacing(10)
        column.addWidget(self._problem)
        column.addWidget(self.again_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        for part in (self._listed, self._waiting, self._failed):
            self._body.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(self._body)
        self.setMinimumHeight(240)
        self.setAccessibleName(say(msg("Entries of the revocation list")))
