"""The tab Requests: every certificate that was asked for, and how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from trustdesk.core.certificate_request import CaseState, RequestCase
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.dates import utc_now
from trustdesk.gui.requests.case_detail import CaseDetail
from trustdesk.gui.requests.case_rows import case_table
from trustdesk.gui.requests.confirm_dialog import ConfirmDialog
from trustdesk.gui.requests.csr_files import request_pem, suggested_name
from trustdesk.gui.requests.no_cases import NoCases
from trustdesk.gui.requests.rows_page import RowsPage
from trustdesk.gui.shortcuts import Key, bind
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk


class CasesPage(RowsPage[RequestCase]):
    """Table, and the case in view below it.

    Signals:
        waiting_changed: how many requests wait for their CA.
        new_wanted: the person wants to make a request.
        take_wanted: the person has a request that was made elsewhere.
        match_wanted: the person has a CA's reply.
        identity_wanted: name of an identity that the person wants to see.
    """

    waiting_changed = Signal(int)
    new_wanted = Signal()
    take_wanted = Signal()
    match_wanted = Signal()
    identity_wanted = Signal(str)

    def __init__(
        self, bridge: Bridge, parent: QWidget | None = None, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        super().__init__(bridge, parent, now=now)
        self.dropping: ConfirmDialog | None = None
        self._count = Text(style=TypeStyle.BODY, ink="text2")
        self.new_button = Button(say(msg("New request …")), icon="add")
        self.take_button = Button(say(msg("Take in a request …")), icon="import")
        self.table = case_table(self.now)
        self.detail = CaseDetail()
        self.empty = NoCases()
        self._build()
        self._connect()

    @property
    def cases(self) -> tuple[RequestCase, ...]:
        """The cases as shown."""
        return self.table.rows

    def ask_rows(self, desk: Desk) -> Future[tuple[RequestCase, ...]]:
        """Have the cases read."""
        return desk.identity_desk.cases()

    def show_row(self, row: RequestCase) -> None:
        """Show a case below the table."""
        self.detail.show_case(row, self.now())

    def take_rows(self, rows: tuple[RequestCase, ...]) -> None:
        """Count the cases, and those that wait."""
        self._count.setText(say(msg_n("{count} request", "{count} requests", len(rows))))
        self.waiting_changed.emit(sum(case.state is CaseState.REQUESTED for case in rows))

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
        self._bridge.when_done(future, lambda _case: self.done(words), self.show_error)

    def _save(self) -> None:
        case = self.detail.case
        if self._desk is None or case is None:
            return
        file = self.ask_file(self, suggested_name(case))
        if file is None:
            return
        future = self._desk.save_file(file, request_pem(case.request).encode("ascii"))
        self.await_written(future)

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
        self._bridge.when_done(job.future, lambda _nothing: self.done(words), self.show_error)

    def _connect(self) -> None:
        for part in (self.new_button.clicked, self.empty.new_wanted):
            part.connect(self.new_wanted)
        for part in (self.take_button.clicked, self.empty.take_wanted):
            part.connect(self.take_wanted)
        bind(self.table, Key.CASE_DROP, self._ask_to_drop, context=Qt.ShortcutContext.WidgetShortcut)
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
        self.lay_out(head, self.table, self.detail, self.empty, least=2, most=9)


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
