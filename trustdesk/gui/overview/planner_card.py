"""The renewal planner in a card: the public web's phases, the most pressing steps, and the calendar file."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import Message, listed, msg, msg_n
from trustdesk.core.renewal import RenewalPlan
from trustdesk.gui.overview.limit_strip import LimitStrip
from trustdesk.gui.overview.step_row import StepRow
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_SHOWN = 2
_TIGHT = 520


class PlannerCard(Card):
    """The card.

    Signals:
        renew_wanted: name of an identity.
        plan_wanted: the person wants to see all of the plan.
        calendar_wanted: the person wants the calendar file.
        reminders_wanted: the person wants to say when something counts as near.
    """

    renew_wanted = Signal(str)
    plan_wanted = Signal()
    calendar_wanted = Signal()
    reminders_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plan: RenewalPlan | None = None
        self._fact = ElidedLabel(say(msg("longest validity a public CA may give")), ink="text2")
        self.all_button = Button(kind=ButtonKind.LINK)
        self.calendar_button = Button(say(msg("Calendar file")), icon="calendar", kind=ButtonKind.BARE)
        self.reminders_button = Button(
            icon="clock", kind=ButtonKind.BARE, name=say(msg("When to warn, and whether to remind …"))
        )
        self.strip = LimitStrip()
        self._rows = QVBoxLayout()
        self._note = Text(style=TypeStyle.SECOND_LINE, ink="text2", wrap=True)
        self._build()

    @property
    def steps(self) -> tuple[StepRow, ...]:
        """The rows in view."""
        items = (self._rows.itemAt(place) for place in range(self._rows.count()))
        found = (None if item is None else item.widget() for item in items)
        return tuple(one for one in found if isinstance(one, StepRow))

    @property
    def note_words(self) -> str:
        """What stands below, or in place of, the steps."""
        return self._note.text()

    def show_plan(self, plan: RenewalPlan) -> None:
        """Show the phases, and what to do first."""
        self.plan = plan
        self.strip.show_phases(plan.phases, plan.at)
        self._clear()
        for step in plan.steps[:_SHOWN]:
            row = StepRow(step)
            row.renew_wanted.connect(self.renew_wanted)
            row.plan_wanted.connect(self.plan_wanted)
            self._rows.addWidget(row)
        self.all_button.setVisible(len(plan.steps) > _SHOWN)
        self.all_button.show_as(say(msg_n("All {count}", "All {count}", len(plan.steps))))
        self.all_button.setAccessibleName(
            say(msg_n("All {count} step of the plan", "All {count} steps of the plan", len(plan.steps)))
        )
        self._say(_note(plan))

    def show_waiting(self, words: Message) -> None:
        """Say that nothing is known yet, or could not be found out."""
        self.plan = None
        self._clear()
        self.all_button.hide()
        self._say(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the fact out where there is little room."""
        super().resizeEvent(event)
        self._fact.setVisible(self.width() >= _TIGHT)

    def _say(self, words: Message | None) -> None:
        self._note.setText("" if words is None else say(words))
        self._note.setVisible(words is not None)

    def _clear(self) -> None:
        while self._rows.count():
            item = self._rows.takeAt(0)
            part = item.widget() if item is not None else None
            if part is not None:
                part.hide()
                part.deleteLater()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Text(say(msg("Renewal planner")), TypeStyle.SECTION))
        head.addWidget(self._fact, 1)
        head.addStretch(0)
        head.addWidget(self.all_button)
        head.addWidget(self.calendar_button)
        head.addWidget(self.reminders_button)
        self._rows.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 12)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addWidget(self.strip)
        layout.addLayout(self._rows)
        layout.addWidget(self._note)
        layout.addStretch(1)
        self.all_button.hide()
        self.all_button.clicked.connect(self.plan_wanted)
        self.calendar_button.clicked.connect(self.calendar_wanted)
        self.reminders_button.clicked.connect(self.reminders_wanted)


def _note(plan: RenewalPlan) -> Message | None:
    if plan.not_known:
        return msg(
            "Not known whether the public web's rules bind {names}: nothing is planned by them.",
            names=listed(plan.not_known),
        )
    return None if plan.steps else msg("No certificate of our own has to be renewed for now.")
