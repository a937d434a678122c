"""The tab Compare and impact: two versions, what differs, and who would lose or gain trust by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import Message, msg
from trustdesk.core.trust_entry import ListEntry
from trustdesk.core.trust_impact import AffectedChain
from trustdesk.core.trust_version import ListDifference, ListSummary, VersionState
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.trust.change_card import ChangeCard
from trustdesk.gui.trust.compare_head import CompareHead
from trustdesk.gui.trust.foot_bar import FootBar
from trustdesk.gui.trust.impact_card import ImpactCard, impact_words
from trustdesk.gui.trust.words import entry_title
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.words import say
from trustdesk.services.trust_desk import TrustDesk, WhatIf

_STACKED_BELOW = 700
_SHORTEST_CARD = 300


class ComparePane(QWidget):
    """Joins the choice of two versions with what follows from it.

    Signals:
        apply_wanted, keep_wanted: number of a version that waits.
        write_wanted: nothing; the letters are about `impact_card.losing`.
        entry_wanted: SHA-256 of an entry to show.
        chain_wanted: the AffectedChain to show elsewhere.
        date_wanted, entry_choice_wanted: the person wants to try a date, or that a CA goes.
    """

    apply_wanted = Signal(int)
    keep_wanted = Signal(int)
    write_wanted = Signal()
    entry_wanted = Signal(str)
    chain_wanted = Signal(object)
    date_wanted = Signal()
    entry_choice_wanted = Signal()

    def __init__(self, bridge: Bridge, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._now = bridge, now
        self._desk: TrustDesk | None = None
        self._summary: ListSummary | None = None
        self._serial = 0
        self._is_due = False
        self._follows = False
        self.what_if: WhatIf | None = None
        self.head = CompareHead()
        self.changes = ChangeCard()
        self.impact_card = ImpactCard(bridge)
        self.foot = FootBar()
        self._side = QWidget()
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._side)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(14)
        self._box.addWidget(self.changes, 1)
        self._box.addWidget(self.impact_card, 1)
        self._scroll = ScrolledColumn(name=say(msg("Compare and impact")))
        self._scroll.column.setSpacing(12)
        self._stack = QStackedWidget()
        self._plain = QWidget()
        plain = QVBoxLayout(self._plain)
        plain.setContentsMargins(0, 0, 0, 0)
        plain.setSpacing(12)
        plain.addWidget(self.head)
        plain.addWidget(self._side, 1)
        self._plain_layout = plain
        self._stack.addWidget(self._plain)
        self._stack.addWidget(self._scroll)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.foot)
        self._connect()

    def set_desk(self, desk: TrustDesk) -> None:
        """Ask a desk."""
        self._desk = desk

    def show_list(self, summary: ListSummary) -> None:
        """Show a list: its version in force beside the one that waits, else the last two."""
        self._summary = summary
        self.what_if = None
        self.head.show_list(summary)
        self._ask()

    def judge_anew(self) -> None:
        """Ask again: the day, a list or a decision is another."""
        self._ask()

    def try_without(self, entry: ListEntry) -> None:
        """Show what would happen if a CA went from every list in force."""
        self.what_if = WhatIf(without=entry.sha256)
        self.head.show_what_if(msg("What if {name} goes from every list in force?", name=entry_title(entry)))
        self._ask()

    def try_date(self, at: datetime) -> None:
        """Show what would happen if a date came."""
        self.what_if = WhatIf(date=at)
        self.head.show_what_if(msg("What if {date} comes, and nothing is done?", date=f"{at:%Y-%m-%d}"))
        self._ask()

    def focus_main(self) -> None:
        """Move the keyboard to what changes, or to the choice of versions."""
        target = self.changes.table if self.changes.table.isVisible() else self.head.timeline
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def next_part(self, step: int) -> bool:
        """Move the keyboard among versions, changes, impact and the bar at the foot; False at either end."""
        parts = [
            part
            for part in (
                self.head.timeline,
                self.changes.table,
                self.impact_card.table,
                self.foot.apply_button,
            )
            if part.isVisible() and part.isEnabled()
        ]
        place = next((i for i, part in enumerate(parts) if part.hasFocus()), -1 if step > 0 else len(parts))
        if not 0 <= place + step < len(parts):
            return False
        parts[place + step].setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def minimumSizeHint(self) -> QSize:
        """Return what it needs once it scrolls: how it stands now keeps no window from getting small."""
        return QSize(360, 180)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the impact below the changes where there is little room."""
        super().resizeEvent(event)
        stacked = self.width() < _STACKED_BELOW
        if stacked is (self._stack.currentWidget() is self._scroll):
            return
        self._box.setDirection(
            QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight
        )
        for card in (self.changes, self.impact_card):
            card.setMinimumHeight(_SHORTEST_CARD if stacked else 0)
        if stacked:
            self._scroll.column.addWidget(self.head)
            self._scroll.column.addWidget(self._side)
        else:
            self._plain_layout.addWidget(self.head)
            self._plain_layout.addWidget(self._side, 1)
        self._stack.setCurrentWidget(self._scroll if stacked else self._plain)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask what became due while nobody looked."""
        super().showEvent(event)
        if self._is_due:
            self._ask()

    def _ask(self) -> None:
        desk, summary = self._desk, self._summary
        self._is_due = not self.isVisible()
        if desk is None or summary is None or self._is_due:
            return
        self._serial += 1
        self.changes.setVisible(self.what_if is None)
        if self.what_if is not None:
            self.head.show_counts(None)
            self.impact_card.set_title(msg("Impact"))
            self.impact_card.ask(partial(desk.impact, self.what_if))
            self._show_foot()
            return
        before, after = self.head.compared
        self.impact_card.set_title(
            msg("Impact if applied") if self._is_waiting(after) else msg("Impact of the later version")
        )
        if after is None:
            self.changes.say_nothing(msg("This list has no version yet."))
            self.impact_card.clear(msg("There is nothing to judge by."))
        elif before is None or before == after:
            one = len(summary.versions) < 2
            self.changes.say_nothing(
                msg("There is one version only: nothing to compare it with.")
                if one
                else msg("Choose two versions.")
            )
            if self._is_waiting(after):
                what_if = WhatIf(after=f"{summary.name}@{after}")
                self.impact_card.ask(partial(desk.impact, what_if))
            else:
                self.impact_card.clear(msg("The same version judges the same."))
        else:
            references = f"{summary.name}@{before}", f"{summary.name}@{after}"
            self.changes.say_nothing(msg("Comparing …"))
            asked = desk.difference(*references)
            self._bridge.when_done(
                asked, partial(self._take, self._serial), partial(self._fail, self._serial), owner=self
            )
            both = WhatIf(before=references[0], after=references[1])
            self.impact_card.ask(partial(desk.impact, both))
        self.head.show_counts(None)
        self._show_foot()

    def _take(self, serial: int, difference: ListDifference) -> None:
        if serial == self._serial:
            self.changes.show_difference(difference)
            self.head.show_counts(difference)

    def _fail(self, serial: int, error: TrustdeskError) -> None:
        if serial == self._serial:
            self.changes.show_error(error)

    def _show_foot(self) -> None:
        impact = self.impact_card.impact
        line: Message | None = None if impact is None else impact_words(impact)
        if impact is None:
            line = (
                msg("It is being judged who would stop being trusted.")
                if self.impact_card.is_running
                else msg("It is not known who would stop being trusted.")
            )
        writes = len(self.impact_card.losing)
        if self.what_if is not None:
            self.foot.show_state(
                msg("It is only tried: nothing changes."), line, is_warning=bool(writes), write=writes
            )
            return
        _before, after = self.head.compared
        summary = self._summary
        if summary is not None and after is not None and self._is_waiting(after):
            keep = summary.applied.number if summary.applied is not None else 0
            self.foot.show_state(
                msg("Nothing is applied yet."), line, is_warning=True, write=writes, keep=keep, apply=after
            )
            return
        in_force = summary is not None and summary.applied is not None and summary.applied.number == after
        title = (
            msg("Version {number} is the one that is judged by.", number=after or 0)
            if in_force and summary is not None and summary.in_force
            else msg("These versions are only compared.")
        )
        self.foot.show_state(title, None if in_force else line, is_warning=False, write=0)

    def _is_waiting(self, number: int | None) -> bool:
        versions = () if self._summary is None else self._summary.versions
        return any(one.number == number and one.state is VersionState.WAITING for one in versions)

    def _change_chosen(self, sha256: str) -> None:
        if not self._follows:
            self._follows = True
            self.impact_card.select(sha256)
            self._follows = False

    def _chain_chosen(self, chain: AffectedChain) -> None:
        if not self._follows:
            self._follows = True
            wanted = [chain.broken_by or ""]
            wanted += [one.sha256 for one in (*chain.lost_path, *chain.gained_path)]
            self.changes.select(wanted)
            self._follows = False

    def _back(self) -> None:
        if self._summary is not None:
            self.show_list(self._summary)

    def _connect(self) -> None:
        self.head.changed.connect(self._ask)
        self.head.back_pressed.connect(self._back)
        self.impact_card.what_if_button.show()
        self.impact_card.date_action.triggered.connect(lambda _checked=False: self.date_wanted.emit())
        self.impact_card.entry_action.triggered.connect(
            lambda _checked=False: self.entry_choice_wanted.emit()
        )
        self.changes.chosen.connect(self._change_chosen)
        self.changes.opened.connect(self.entry_wanted)
        self.impact_card.chain_chosen.connect(self._chain_chosen)
        self.impact_card.chain_opened.connect(self.chain_wanted)
        self.impact_card.told.connect(self._show_foot)
        self.foot.write_pressed.connect(self.write_wanted)
        self.foot.apply_pressed.connect(lambda: self.apply_wanted.emit(self.head.compared[1] or 0))
        self.foot.keep_pressed.connect(lambda: self.keep_wanted.emit(self.head.compared[1] or 0))
