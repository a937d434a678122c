"""The card Latest changes: what is new at partners, and versions of lists that wait."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.dates import both_times, utc_now
from trustdesk.gui.history_looks import ago, icon_of, state_word
from trustdesk.gui.overview.changes_dialog import ChangesDialog
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.banner import INKS, VerdictBanner
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.change_row import ChangeLine, ChangeRow
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk
from trustdesk.services.history_desk import MOST_LATEST
from trustdesk.services.history_values import LatestChange, LatestChanges

SHOWN = 3
"""Changes that the card shows; all of them stand in a dialog."""


class ChangesCard(Card):
    """Title, the newest three, and the way to all of them.

    Signals:
        endpoint_wanted: number of the endpoint to show on the page Partners.
        version_wanted: name of a list, and number of the version that waits.
    """

    endpoint_wanted = Signal(int)
    version_wanted = Signal(str, int)

    def __init__(
        self, bridge: Bridge, parent: QWidget | None = None, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._now = now
        self._desk: Desk | None = None
        self._awaited: Future[LatestChanges] | None = None
        self._rows: list[ChangeRow] = []
        self.dialog: ChangesDialog | None = None
        self.all_button = Button(say(msg("All")), kind=ButtonKind.BARE, name=say(msg("Show all changes")))
        self.all_button.clicked.connect(self._ask_all)
        self.error = VerdictBanner()
        self._words = Text(ink="text2", wrap=True)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(Text(say(msg("Latest changes")), TypeStyle.SECTION), 1)
        head.addWidget(self.all_button)
        head.addStrut(32)
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(margins(16, 10, 12, 12))
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self.error)
        layout.addWidget(self._words)
        layout.addLayout(self._column)
        layout.addStretch(1)
        self.error.hide()
        self.all_button.hide()
        self._words.setText(say(msg("Reading what changed …")))

    @property
    def rows(self) -> tuple[ChangeRow, ...]:
        """The changes in view."""
        return tuple(self._rows)

    @property
    def words(self) -> str:
        """What is said in place of changes; hidden while there are some."""
        return self._words.text()

    @property
    def is_read(self) -> bool:
        """Whether nothing is being read."""
        return self._awaited is None

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk; `reload` shows what changed last."""
        self._desk = desk

    def reload(self) -> None:
        """Read it again."""
        if self._desk is not None:
            asked = self._awaited = self._desk.history_desk.latest(SHOWN)
            self._bridge.when_done(asked, partial(self._take, asked), partial(self._fail, asked), owner=self)

    def focus_main(self) -> None:
        """Move the keyboard to the first change."""
        part: QWidget = self._rows[0] if self._rows else self.all_button
        part.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, asked: Future[LatestChanges], found: LatestChanges) -> None:
        if asked is not self._awaited:
            return
        self._awaited = None
        self.error.hide()
        self._clear()
        for change in found.changes:
            row = ChangeRow(change_line(change, self._now()))
            row.pressed.connect(partial(self._open, change))
            self._column.addWidget(row)
            self._rows.append(row)
        self._words.setText(say(msg("Nothing has changed yet. Changes show from the second test on.")))
        self._words.setVisible(not self._rows)
        self.all_button.setVisible(found.has_more)

    def _fail(self, asked: Future[LatestChanges], error: TrustdeskError) -> None:
        if asked is self._awaited:
            self._awaited = None
            self._clear()
            self._words.hide()
            self.error.show_error(error)
            self.error.show()

    def _clear(self) -> None:
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []

    def _open(self, change: LatestChange) -> None:
        if change.entry is not None:
            self.endpoint_wanted.emit(change.entry.endpoint_id)
        elif change.list_name is not None and change.version is not None:
            self.version_wanted.emit(change.list_name, change.version)

    def _ask_all(self) -> None:
        if self._desk is not None:
            asked = self._desk.history_desk.latest(MOST_LATEST)
            self._bridge.when_done(asked, self._show_all, self._show_failure, owner=self)

    def _show_all(self, found: LatestChanges) -> None:
        dialog = self.dialog = ChangesDialog(self.window(), found, self._now())
        dialog.opened.connect(self._open)
        dialog.finished.connect(self._forget_dialog)
        dialog.open()

    def _show_failure(self, error: TrustdeskError) -> None:
        self.error.show_error(error)
        self.error.show()

    def _forget_dialog(self) -> None:
        self.dialog = None


def change_line(change: LatestChange, now: datetime) -> ChangeLine:
    """Return how a change is shown on the card."""
    entry = change.entry
    return ChangeLine(
        icon="trust-lists" if entry is None else icon_of(entry),
        ink="accent" if entry is None else INKS[entry.state],
        state="" if entry is None else state_word(entry),
        title=say(change.title),
        details=(say(change.detail),),
        aside=(say(ago(change.at, now)),),
        action=say(msg("Open")),
        is_plain=True,
        tooltip=both_times(change.at),
    )
