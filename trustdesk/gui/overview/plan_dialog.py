"""The whole plan: which of our certificates have to be renewed by when, and by which rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from trustdesk.core.message import listed, msg
from trustdesk.core.renewal import RenewalPlan, RenewalStep, StepKind
from trustdesk.core.untrusted import visible
from trustdesk.gui.inspector.row_table import RowCell, RowColumn, RowTable
from trustdesk.gui.overview.limit_strip import LimitStrip
from trustdesk.gui.overview.step_row import LOOKS
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.plain_view import framed
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


@dataclass(frozen=True, slots=True)
class _Row:
    """One identity of one step."""

    step: RenewalStep
    identity: str


class PlanDialog(PlainDialog):
    """The dialog.

    Signals:
        renew_wanted: name of an identity; the dialog stays.
        calendar_wanted: the person wants the calendar file.
    """

    renew_wanted = Signal(str)
    calendar_wanted = Signal()

    def __init__(self, parent: QWidget, plan: RenewalPlan) -> None:
        super().__init__(
            parent,
            msg("Renewal plan"),
            msg(
                "What the public web's rules bind is renewed for as long as a public CA may still give."
                " A client certificate of a public CA has no successor there."
            ),
            size=(900, 560),
        )
        self.strip = LimitStrip()
        self.strip.show_phases(plan.phases, plan.at)
        columns: tuple[RowColumn[_Row], ...] = (
            RowColumn(
                head=msg("Certificate"),
                cell=lambda one: RowCell(
                    visible(one.identity),
                    icon=LOOKS[one.step.kind][0],
                    style=TypeStyle.ROW_TITLE,
                    icon_ink=LOOKS[one.step.kind][1],
                ),
                width=26,
            ),
            RowColumn(
                head=msg("By"), cell=lambda one: RowCell(f"{one.step.by.astimezone(UTC):%Y-%m-%d}"), width=12
            ),
            RowColumn(head=msg("What"), cell=lambda one: RowCell(say(_WHAT[one.step.kind])), width=24),
            RowColumn(
                head=msg("Why"),
                cell=lambda one: RowCell(say(one.step.why), "text2"),
                goes_first=2,
            ),
            RowColumn(
                head=msg("Source"), cell=lambda one: RowCell(one.step.source, "text2"), width=26, goes_first=1
            ),
        )
        self.table: RowTable[_Row] = RowTable(
            columns, name=say(msg("Renewal plan")), spoken=_spoken, opens_on_click=False
        )
        self.table.show_rows([_Row(step, name) for step in plan.steps for name in step.identities])
        self.content.addWidget(self.strip)
        self.content.addWidget(framed(self.table), 1)
        if plan.not_known:
            words = msg(
                "Not known whether the public web's rules bind {names}: nothing is planned by them.",
                names=listed(plan.not_known),
            )
            self.content.addWidget(Text(say(words), ink="text2", wrap=True))
        self.renew_button = self.add_button(
            Button(say(msg("Renew …")), icon="refresh", kind=ButtonKind.PRIMARY)
        )
        self.calendar_button = self.add_button(Button(say(msg("Calendar file")), icon="calendar"))
        self.renew_button.setEnabled(bool(self.table.rows))
        self.renew_button.clicked.connect(self._renew)
        self.table.opened.connect(lambda _place: self._renew())
        self.calendar_button.clicked.connect(self.calendar_wanted)
        if self.table.rows:
            self.table.selectRow(0)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _renew(self) -> None:
        place = self.table.currentIndex().row()
        if 0 <= place < len(self.table.rows):
            self.renew_wanted.emit(self.table.rows[place].identity)


_WHAT = {
    StepKind.ENDED: msg("Has expired"),
    StepKind.NEAR: msg("Expires"),
    StepKind.BEFORE_RULE: msg("Renew before the rule"),
    StepKind.ANOTHER_CA: msg("Ask another CA"),
}


def _spoken(row: _Row) -> str:
    return f"{visible(row.identity)}: {say(row.step.title)}. {say(row.step.why)}"
