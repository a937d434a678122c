"""The tab History of a partner: what waits, what changed, and how it went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import msg
from trustdesk.gui.dates import both_times, distance, iso_date
from trustdesk.gui.history_looks import icon_of, state_word
from trustdesk.gui.partners.history_notices import AwaitingCard, FlappingNotice
from trustdesk.gui.partners.history_trend_card import TrendCard
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.banner import INKS, VerdictBanner
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.change_row import ChangeLine, ChangeRow
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.board import State
from trustdesk.services.history_values import EndpointHistory, HistoryEntry
from trustdesk.services.trend_words import decision_words, flapping_sentences

_FIRST_ROWS = 12


class HistoryTab(QWidget):
    """Everything of one endpoint's past.

    Signals:
        compare_wanted: SHA-256 of the old and of the new certificate.
        decided: the AwaitingDecision, and whether it was expected.
        more_wanted: older changes than those shown.
    """

    compare_wanted = Signal(str, str)
    decided = Signal(object, bool)
    more_wanted = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._history: EndpointHistory | None = None
        self._shown = _FIRST_ROWS
        self._rows: list[ChangeRow] = []
        self.error = VerdictBanner()
        self.awaiting = AwaitingCard()
        self.flapping = FlappingNotice()
        self.trend = TrendCard()
        self._words = Text(ink="text2", wrap=True)
        self._title = Text(say(msg("What changed")), TypeStyle.LABEL, "text2")
        self._changes = QVBoxLayout()
        self._changes.setSpacing(0)
        self.more = Button(say(msg("Show older changes")), kind=ButtonKind.LINK)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for part in (self.error, self.awaiting, self.flapping, self._words, self._title):
            layout.addWidget(part)
        layout.addLayout(self._changes)
        layout.addWidget(self.more)
        layout.addWidget(self.trend)
        layout.addStretch(1)
        self.more.clicked.connect(self._show_more)
        self.awaiting.compare_wanted.connect(self._compare_awaiting)
        self.awaiting.decided.connect(self._decide)
        self.clear()

    @property
    def history(self) -> EndpointHistory | None:
        """What is shown; None while it is being read."""
        return self._history

    @property
    def rows(self) -> tuple[ChangeRow, ...]:
        """The changes in view."""
        return tuple(self._rows)

    @property
    def words(self) -> str:
        """What is said where there are no changes."""
        return self._words.text()

    def clear(self) -> None:
        """Show that it is being read."""
        self._history, self._shown = None, _FIRST_ROWS
        self._clear_rows()
        for part in (self.error, self.awaiting, self.flapping, self.trend, self.more, self._title):
            part.hide()
        self._words.setText(say(msg("Reading the history …")))
        self._words.show()

    def show_history(self, history: EndpointHistory) -> None:
        """Show the past of an endpoint."""
        if self._history is not None and self._history.endpoint_id != history.endpoint_id:
            self._shown = _FIRST_ROWS
        self._history = history
        self.error.hide()
        self.awaiting.show_awaiting(history.awaiting, self._now())
        self.flapping.show_sentences(flapping_sentences(history.flapping))
        self.trend.setVisible(bool(history.trend.days))
        self.trend.show_trend(history.trend, history.tests)
        self._show_rows()

    def show_error(self, error: TrustdeskError) -> None:
        """Say why it cannot be shown; what is shown already stays."""
        self.error.show_error(error)
        self.error.show()
        if self._history is None:
            self._words.hide()

    def _show_rows(self) -> None:
        history = self._history
        if history is None:
            return
        self._clear_rows()
        for entry in history.entries[: self._shown]:
            row = ChangeRow(_line(entry, self._now()))
            row.pressed.connect(partial(self.compare_wanted.emit, entry.before, entry.after))
            self._changes.addWidget(row)
            self._rows.append(row)
        self._title.setVisible(bool(self._rows))
        self._words.setVisible(not self._rows)
        self._words.setText(_nothing(history))
        self.more.setVisible(len(history.entries) > self._shown or history.has_more)

    def _show_more(self) -> None:
        if self._history is None:
            return
        is_all_in_view = self._shown >= len(self._history.entries)
        self._shown = max(2 * self._shown, len(self._rows))
        if is_all_in_view and self._history.has_more:
            self.more_wanted.emit()
        else:
            self._show_rows()

    def _clear_rows(self) -> None:
        for row in self._rows:
            self._changes.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []

    def _compare_awaiting(self) -> None:
        awaiting = None if self._history is None else self._history.awaiting
        if awaiting is not None and awaiting.before is not None and awaiting.now is not None:
            self.compare_wanted.emit(awaiting.before.sha256, awaiting.now.sha256)

    def _decide(self, accepted: bool) -> None:
        if self._history is not None and self._history.awaiting is not None:
            self.decided.emit(self._history.awaiting, accepted)


def _line(entry: HistoryEntry, now: datetime) -> ChangeLine:
    details = [say(one) for one in entry.details]
    if entry.decided is not None:
        details.append(say(decision_words(entry.decided)))
    return ChangeLine(
        icon=icon_of(entry),
        ink=INKS[entry.state],
        state=state_word(entry),
        title=say(entry.title),
        strong=entry.state is State.BAD,
        details=details,
        aside=(iso_date(entry.at), say(distance(entry.at, now))),
        action=say(msg("Compare")) if entry.before and entry.after else "",
        tooltip=both_times(entry.at),
    )


def _nothing(history: EndpointHistory) -> str:
    if history.first_at is None:
        return say(msg("This endpoint was not tested yet."))
    if history.tests == 1:
        return say(msg("It was tested once; what changes is said from the next test on."))
    return say(msg("Nothing changed since its first test on {date}.", date=f"{history.first_at:%Y-%m-%d}"))
