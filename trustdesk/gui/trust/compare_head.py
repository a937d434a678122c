"""The head of a comparison: two choices, counts, the line of versions and its table twin, and What if."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.trust_version import ChangeKind, ListDifference, ListSummary, VersionLine, VersionState
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.trust.version_line import VersionTimeline
from trustdesk.gui.trust.versions_table import versions_table
from trustdesk.gui.trust.words import CHANGE_LOOKS, VERSION_WORDS
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.widgets.painting import onward_arrow
from trustdesk.gui.widgets.state_chip import StateChip
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_MOST_ROWS = 5


class CompareHead(Card):
    """Which two versions are compared.

    Signals:
        changed: other versions are compared.
        back_pressed: the person has seen what was tried.
    """

    changed = Signal()
    back_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._versions: tuple[VersionLine, ...] = ()
        self.before = Combo(name=say(msg("Version before")))
        self.after = Combo(name=say(msg("Version after")))
        for combo in (self.before, self.after):
            combo.activated.connect(self._chosen)
        self.timeline = VersionTimeline()
        self.timeline.chosen.connect(self._take_chosen)
        self.table = versions_table()
        self.table.opened.connect(lambda place: self._take_chosen(self.table.rows[place].number))
        self.twin_button = Button(icon="table-twin", name=say(msg("Show the versions as a table")))
        self.twin_button.setCheckable(True)
        self.twin_button.toggled.connect(self._turn)
        self._chips = QWidget()
        self._chip_row = QHBoxLayout(self._chips)
        self._chip_row.setContentsMargins(0, 5, 0, 0)
        self._chip_row.setSpacing(8)
        self._question = Text(style=TypeStyle.SECTION, wrap=True)
        self.back_button = Button(say(msg("Back to the versions")), kind=ButtonKind.LINK)
        self.back_button.clicked.connect(self.back_pressed)
        self._build()

    @property
    def compared(self) -> tuple[int | None, int | None]:
        """Numbers of the two versions; None for none."""
        before, after = self.before.currentData(), self.after.currentData()
        return before if isinstance(before, int) else None, after if isinstance(after, int) else None

    @property
    def question(self) -> str:
        """What is tried; "" while versions are compared."""
        return self._question.text()

    def show_list(self, summary: ListSummary) -> None:
        """Offer a list's versions: the applied one beside the one that waits, else beside its predecessor."""
        self._versions = tuple(sorted(summary.versions, key=lambda one: one.number))
        for combo in (self.before, self.after):
            combo.clear()
            for one in reversed(self._versions):
                words = msg("Version {number}, {state}", number=one.number, state=VERSION_WORDS[one.state])
                combo.addItem(say(words), one.number)
        applied = None if summary.applied is None else summary.applied.number
        waiting = None if summary.waiting is None else summary.waiting.number
        replaced = [one.number for one in self._versions if one.state is VersionState.REPLACED]
        after = waiting if waiting is not None else applied
        before = applied if waiting is not None else max(replaced, default=None)
        self._choose(before, after)
        self.table.show_rows(tuple(reversed(self._versions)))
        rows = min(_MOST_ROWS, max(2, len(self._versions)))
        self.table.setFixedHeight(
            self.table.horizontalHeader().sizeHint().height() + rows * self.table.row_height + 2
        )
        self._turn(self.twin_button.isChecked())
        self._show_question(None)

    def show_what_if(self, question: Message) -> None:
        """Say what is tried in place of two versions."""
        self._show_question(question)

    def show_counts(self, difference: ListDifference | None) -> None:
        """Show how much differs; None shows nothing."""
        while (item := self._chip_row.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.hide()
                part.deleteLater()
        if difference is not None:
            for chip in count_chips(difference):
                self._chip_row.addWidget(chip)
        self._chips.updateGeometry()

    def _choose(self, before: int | None, after: int | None) -> None:
        for combo, number in ((self.before, before), (self.after, after)):
            combo.setCurrentIndex(-1 if number is None else combo.findData(number))
        self._tell()

    def _chosen(self) -> None:
        self._tell()
        self.changed.emit()

    def _take_chosen(self, number: int) -> None:
        """Compare a version with the one in force; that one itself with the version before it."""
        applied = next((one.number for one in self._versions if one.state is VersionState.APPLIED), None)
        numbers = [one.number for one in self._versions]
        if applied is None or number == applied:
            at = numbers.index(number)
            other = numbers[at - 1] if at > 0 else None
        else:
            other = applied
        pair = sorted(one for one in (number, other) if one is not None)
        self._choose(pair[0] if len(pair) > 1 else None, pair[-1])
        self.changed.emit()

    def _tell(self) -> None:
        self.timeline.show_versions(self._versions, *self.compared)

    def _turn(self, as_table: bool) -> None:
        self._views.setCurrentIndex(1 if as_table else 0)
        view = self.table if as_table else self.timeline
        self._views.setFixedHeight(self.table.maximumHeight() if as_table else view.sizeHint().height())

    def _show_question(self, question: Message | None) -> None:
        tried = question is not None
        self._question.setText("" if question is None else say(question))
        self._asked.setVisible(tried)
        self._line.setVisible(not tried)
        self._views.setVisible(not tried)

    def _build(self) -> None:
        # A part of the line that has no room goes to the next one.
        choice = QWidget()
        pair = QHBoxLayout(choice)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setSpacing(10)
        pair.addWidget(Text(say(msg("Compare")), ink="text2"))
        pair.addWidget(self.before)
        pair.addWidget(Text(onward_arrow(), ink="text2"))
        pair.addWidget(self.after)
        flowing = QWidget()
        flow = Flow(flowing, gap=12)
        flow.addWidget(choice)
        flow.addWidget(self._chips)
        self._line = QWidget()
        line = QHBoxLayout(self._line)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        line.addWidget(flowing, 1)
        line.addWidget(self.twin_button, 0, Qt.AlignmentFlag.AlignTop)
        self._asked = QWidget()
        asked = QHBoxLayout(self._asked)
        asked.setContentsMargins(0, 2, 0, 2)
        asked.addWidget(self._question, 1)
        asked.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignTop)
        self._asked.hide()
        self._views = QStackedWidget()
        self._views.addWidget(self.timeline)
        self._views.addWidget(self.table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.setSpacing(10)
        layout.addWidget(self._line)
        layout.addWidget(self._asked)
        layout.addWidget(self._views)


def count_chips(difference: ListDifference) -> Sequence[StateChip]:
    """Return a chip for each kind of change that there is."""
    chips = []
    for kind in ChangeKind:
        count = len(difference.of(kind))
        if count:
            icon, _ink, state = CHANGE_LOOKS[kind]
            chip = StateChip()
            chip.show_state(state, say(_counted(kind, count)), icon=icon)
            chips.append(chip)
    return chips


def _counted(kind: ChangeKind, count: int) -> Message:
    match kind:
        case ChangeKind.ADDED:
            return msg_n("{count} added", "{count} added", count)
        case ChangeKind.REMOVED:
            return msg_n("{count} removed", "{count} removed", count)
        case ChangeKind.CHANGED:
            return msg_n("{count} changed", "{count} changed", count)
        case ChangeKind.EXPIRED:
            return msg_n("{count} expired", "{count} expired", count)
