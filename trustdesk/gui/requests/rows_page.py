"""A tab that lists what the workspace holds: a table, and the row in view below it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout, QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import Message, msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.dates import utc_now
from trustdesk.gui.inspector.row_table import RowTable
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.done_notice import DoneNotice
from trustdesk.gui.widgets.empty_state import EmptyState
from trustdesk.gui.widgets.save_question import ask_file
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk


class Numbered(Protocol):
    """What has an id in the workspace."""

    @property
    def id(self) -> int:
        """Id that stays when the row changes."""


R = TypeVar("R", bound=Numbered)


class RowsPage(QWidget, Generic[R]):
    """Reads the rows, and keeps the one in view in view; without any it shows the way to begin.

    Attributes:
        table: all of them.
        is_read: whether the rows were read.
        notice, error: what was done, or why it was not.
        ask_file: asks where to write to.

    Signals:
        changed: a row was made, changed or deleted.
    """

    changed = Signal()

    def __init__(
        self, bridge: Bridge, parent: QWidget | None = None, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        super().__init__(parent)
        self._bridge, self._clock = bridge, now
        self._desk: Desk | None = None
        self._at: datetime | None = None
        self._awaited: Future[tuple[R, ...]] | None = None
        self.is_read = False
        self._wanted: int | None = None
        self._current: int | None = None
        self.ask_file: Callable[[QWidget, str], Path | None] = ask_file
        self.notice, self.error = DoneNotice(), VerdictBanner()
        self.error.hide()
        self._stack = QStackedWidget()

    @abstractmethod
    def ask_rows(self, desk: Desk) -> Future[tuple[R, ...]]:
        """Have the rows read."""
        raise NotImplementedError

    @abstractmethod
    def show_row(self, row: R) -> None:
        """Show a row below the table."""
        raise NotImplementedError

    def take_rows(self, rows: tuple[R, ...]) -> None:
        """Show what is said of all rows that were read."""

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk, and show what it has."""
        self._desk = desk
        self.reload()

    def set_evaluation_time(self, at: datetime | None) -> None:
        """Count days to another instant; None is the present."""
        self._at = at
        if self.is_read:
            self._show(self.table.rows, self._current)

    def reload(self, reveal: int | None = None) -> None:
        """Read the rows again; `reveal` is the id of one to show."""
        if self._desk is None:
            return
        self._wanted = reveal if reveal is not None else self._wanted
        asked = self._awaited = self.ask_rows(self._desk)
        self._bridge.when_done(asked, partial(self._take, asked), partial(self._fail, asked))

    def focus_main(self) -> None:
        """Move the keyboard to the table, or to the way in where there is none."""
        if self.table.rows:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._empty.focus_first()

    def show_error(self, error: TrustdeskError) -> None:
        """Say what failed."""
        self.error.show_error(error)
        self.error.show()
        self._stack.setCurrentWidget(self._body)

    def now(self) -> datetime:
        """Return the instant that days are counted to."""
        return self._at or self._clock()

    def say_done(self, words: Message) -> None:
        """Say what was done."""
        self.error.hide()
        self.notice.say_done(say(words))

    def done(self, words: Message, *, reveal: int | None = None) -> None:
        """Say what was done to a row, and read all again."""
        self.say_done(words)
        self.reload(reveal)
        self.changed.emit()

    def await_written(self, writing: Future[Path]) -> None:
        """Say that a file is written, once it is."""
        self._bridge.when_done(
            writing, lambda file: self.say_done(msg("{file} is written.", file=file.name)), self.show_error
        )

    def lay_out(
        self,
        head: QLayout,
        table: RowTable[R],
        detail: QWidget,
        empty: EmptyState,
        *,
        least: int,
        most: int,
    ) -> None:
        """Put the parts in their places; the table is as high as its rows, from `least` to `most`."""
        self.table, self._empty = table, empty
        self._least, self._most = least, most
        frame = Card()
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(table)
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(14)
        body.addLayout(head)
        body.addWidget(self.error)
        body.addWidget(self.notice)
        body.addWidget(frame)
        body.addWidget(detail, 1)
        body.addStretch(0)
        self._of_rows = (frame, detail)
        self._show_parts(False)
        # The first one is bare: before the rows are read nobody knows whether there are any.
        for part in (QWidget(), self._body, empty):
            self._stack.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        table.selectionModel().currentRowChanged.connect(lambda index: self._show_place(index.row()))

    def _take(self, asked: Future[tuple[R, ...]], rows: tuple[R, ...]) -> None:
        if asked is not self._awaited:
            return
        self.is_read = True
        self.error.hide()
        wanted, self._wanted = self._wanted, None
        self._show(rows, self._current if wanted is None else wanted)
        self.take_rows(rows)

    def _fail(self, asked: Future[tuple[R, ...]], error: TrustdeskError) -> None:
        if asked is self._awaited:
            self.show_error(error)

    def _show(self, rows: tuple[R, ...], current: int | None) -> None:
        blocked = self.table.selectionModel().blockSignals(True)
        self.table.show_rows(rows)
        self.table.selectionModel().blockSignals(blocked)
        self.table.viewport().update()
        self._stack.setCurrentWidget(self._body if rows or not self.error.isHidden() else self._empty)
        lines = min(self._most, max(self._least, len(rows)))
        self.table.setFixedHeight(
            self.table.horizontalHeader().sizeHint().height() + lines * self.table.row_height + 2
        )
        self._show_parts(bool(rows))
        if rows:
            place = next((place for place, row in enumerate(rows) if row.id == current), 0)
            self.table.selectRow(place)
            self._show_place(place)

    def _show_parts(self, has_rows: bool) -> None:
        for part in self._of_rows:
            part.setVisible(has_rows)

    def _show_place(self, place: int) -> None:
        if 0 <= place < len(self.table.rows):
            row = self.table.rows[place]
            self._current = row.id
            self.show_row(row)
