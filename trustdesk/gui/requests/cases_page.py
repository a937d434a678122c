"""The tab Requests: every certificate that was asked for, and how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.certificate_request import CaseState, RequestCase
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.dates import utc_now
from trustdesk.gui.requests.case_detail import CaseDetail
from trustdesk.gui.requests.case_rows import case_table
from trustdesk.gui.requests.confirm_dialog import ConfirmDialog
from trustdesk.gui.requests.csr_files import request_pem, suggested_name
from trustdesk.gui.requests.no_cases import NoCases
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.done_notice import DoneNotice
from trustdesk.gui.widgets.save_question import ask_file
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk

_MOST_ROWS = 9


class CasesPage(QWidget):
    """Table, and the case in view below it.

    Signals:
        waiting_changed: how many requests wait for their CA.
        new_wanted: the person wants to make a request.
        take_wanted: the person has a request that was made elsewhere.
        match_wanted: the person has a CA's reply.
        identity_wanted: name of an identity that the person wants to see.
        changed: a case was changed or dropped.
    """

    waiting_changed = Signal(int)
    new_wanted = Signal()
    take_wanted = Signal()
    match_wanted = Signal()
    identity_wanted = Signal(str)
    changed = Signal()

    def __init__(
        self, bridge: Bridge, parent: QWidget | None = None, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        super().__init__(parent)
        self._bridge, self._clock = bridge, now
        self._desk: Desk | None = None
        self._at: datetime | None = None
        self._awaited: Future[tuple[RequestCase, ...]] | None = None
        self._wanted: int | None = None
        self.ask_file: Callable[[QWidget, str], Path | None] = ask_file
        self.dropping: ConfirmDialog | None = None
        self._count = Text(style=TypeStyle.BODY, ink="text2")
        self.new_button = Button(say(msg("New request …")), icon="add")
        self.take_button = Button(say(msg("Take in a request …")), icon="import")
        self.table = case_table(self._now)
        self.detail = CaseDetail()
        self.empty = NoCases()
        self.notice, self.error = DoneNotice(), VerdictBanner()
        self.error.hide()
        self._body, self._nothing = QWidget(), QWidget()
        self._stack = QStackedWidget()
        self._build()
        self._connect()

    @property
    def cases(self) -> tuple[RequestCase, ...]:
        """The cases as shown."""
        return self.table.rows

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk, and show its cases."""
        self._desk = desk
        self.reload()

    def set_evaluation_time(self, at: datetime | None) -> None:
        """Count ages to another instant; None is the present."""
        self._at = at
        self._show(self.cases)

    def reload(self, reveal: int | None = None) -> None:
        """Read the cases again; `reveal` is the id of one to show."""
        if self._desk is None:
            return
        self._wanted = reveal if reveal is not None else self._wanted
        asked = self._awaited = self._desk.identity_desk.cases()
        self._bridge.when_done(asked, partial(self._take, asked), partial(self._fail_reading, asked))

    def focus_main(self) -> None:
        """Move the keyboard to the table, or to the way in where there is none."""
        part: QWidget = self.table if self.cases else self.empty.new_button
        part.setFocus(Qt.FocusReason.OtherFocusReason)

    def _now(self) -> datetime:
        return self._at or self._clock()

    def _take(self, asked: Future[tuple[RequestCase, ...]], cases: tuple[RequestCase, ...]) -> None:
        if asked is not self._awaited:
            return
        self.error.hide()
        self._show(cases)
        self.waiting_changed.emit(sum(case.state is CaseState.REQUESTED for case in cases))

    def _fail_reading(self, asked: Future[tuple[RequestCase, ...]], error: TrustdeskError) -> None:
        if asked is self._awaited:
            self.show_error(error)

    def show_error(self, error: TrustdeskError) -> None:
        """Say what failed."""
        self.error.show_error(error)
        self.error.show()
        self._stack.setCurrentWidget(self._body)

    def _show(self, cases: tuple[RequestCase, ...]) -> None:
        current = self._wanted if self._wanted is not None else self._current_id()
        self._wanted = None
        blocked = self.table.selectionModel().blockSignals(True)
        self.table.show_rows(cases)
        self.table.selectionModel().blockSignals(blocked)
        self.table.viewport().update()
        self._count.setText(say(msg_n("{count} request", "{count} requests", len(cases))))
        self._stack.setCurrentWidget(self._body if cases or not self.error.isHidden() else self.empty)
        rows = min(_MOST_ROWS, max(2, len(cases)))
        self.table.setFixedHeight(
            self.table.horizontalHeader().sizeHint().height() + rows * self.table.row_height + 2
        )
        self.detail.setVisible(bool(cases))
        if cases:
            places = {case.id: place for place, case in enumerate(cases)}
            place = places.get(current, 0) if current is not None else 0
            self.table.selectRow(place)
            self._show_row(place)

    def _current_id(self) -> int | None:
        return None if self.detail.case is None else self.detail.case.id

    def _show_row(self, place: int) -> None:
        if 0 <= place < len(self.cases):
            self.detail.show_case(self.cases[place], self._now())

    def _set_state(self, state: CaseState) -> None:
        case = self.detail.case
        if self._desk is None or case is None:
            return
        future = self._desk.identity_desk.set_case_state(case.id, state)
        words = (
            msg("{name} is marked as installed.", name=case.name)
            if state is CaseState.INSTALLED
            else msg("{name} is marked as tested.", name=case.name)
        )
        self._bridge.when_done(future, lambda _case: self._done(words), self.show_error)

    def _save(self) -> None:
        case = self.detail.case
        if self._desk is None or case is None:
            return
        file = self.ask_file(self, suggested_name(case))
        if file is None:
            return
        future = self._desk.save_file(file, request_pem(case.request).encode("ascii"))
        self._bridge.when_done(
            future, lambda saved: self._say(msg("{file} is written.", file=saved.name)), self.show_error
        )

    def _ask_to_drop(self) -> None:
        case = self.detail.case
        if case is None:
            return
        self.dropping = ConfirmDialog(
            self.window(),
            msg("Drop the request {name}?", name=case.name),
            msg("The CA is not told. What it has issued, or still issues, stays valid."),
            consequences(case),
            verb=msg("Drop it"),
        )
        self.dropping.agreed.connect(lambda: self._drop(case))
        self.dropping.open()

    def _drop(self, case: RequestCase) -> None:
        if self._desk is None:
            return
        job = self._desk.identity_desk.drop_case(case.id)
        words = msg("The request {name} is dropped.", name=case.name)
        self._bridge.when_done(job.future, lambda _nothing: self._done(words), self.show_error)

    def _done(self, words: Message) -> None:
        self._say(words)
        self.reload()
        self.changed.emit()

    def _say(self, words: Message) -> None:
        self.error.hide()
        self.notice.say_done(say(words))

    def _connect(self) -> None:
        self.table.selectionModel().currentRowChanged.connect(lambda index: self._show_row(index.row()))
        for part in (self.new_button.clicked, self.empty.new_wanted):
            part.connect(self.new_wanted)
        for part in (self.take_button.clicked, self.empty.take_wanted):
            part.connect(self.take_wanted)
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.table)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._ask_to_drop)
        self.detail.match_wanted.connect(self.match_wanted)
        self.detail.state_wanted.connect(self._set_state)
        self.detail.save_wanted.connect(self._save)
        self.detail.identity_wanted.connect(self.identity_wanted)
        self.detail.drop_wanted.connect(self._ask_to_drop)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._count, 1)
        for button in (self.take_button, self.new_button):
            head.addWidget(button)
        frame = Card()
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.table)
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(14)
        body.addLayout(head)
        body.addWidget(self.error)
        body.addWidget(self.notice)
        body.addWidget(frame)
        body.addWidget(self.detail, 1)
        self._stack.addWidget(self._body)
        self._stack.addWidget(self.empty)
        # Before the cases are read nobody knows whether there are any.
        self._stack.addWidget(self._nothing)
        self._stack.setCurrentWidget(self._nothing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)


def consequences(case: RequestCase) -> tuple[Message, ...]:
    """Say what dropping a case means."""
    found: list[Message] = []
    if case.identity is not None:
        found.append(msg("The identity {name} stays, with its key.", name=case.identity))
    elif case.key is not None:
        found.append(
            msg(
                "Its key in {store} is deleted: a certificate that the CA issues for it can never be used.",
                store=case.key.store_title,
            )
        )
    else:
        found.append(msg("The key stays on the server, where it was made."))
    if case.state is CaseState.REQUESTED:
        found.append(msg("A reply of the CA is no longer matched with it."))
    if case.renews is not None and case.identity is None:
        found.append(msg("{name} is not renewed by it.", name=case.renews))
    return tuple(found)
