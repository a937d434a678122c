"""The part Review queue: versions that wait, and server certificates that were not seen there before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import Message, msg
from trustdesk.core.trust_decision import AwaitingDecision
from trustdesk.core.untrusted import visible
from trustdesk.gui.handshake.field_cell import FieldCell, line_edit
from trustdesk.gui.inspector.fact import Fact
from trustdesk.gui.inspector.fact_grid import FactGrid
from trustdesk.gui.inspector.row_table import RowCell, RowColumn, RowTable
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.trust.entry_facts import day_and_distance
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import fingerprint_text, say

_PAD = 16


class QueuePage(QWidget):
    """A table, and the one in view below it with what can be decided.

    Signals:
        review_wanted: name of a list, and number of the version that waits.
        decided: the AwaitingDecision of a fingerprint, whether it was expected, and the comment.
        certificate_wanted: the CertificateFacts to show in the Inspector.
    """

    review_wanted = Signal(str, int)
    decided = Signal(object, bool, str)
    certificate_wanted = Signal(object)

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self.table = _table(now)
        self._empty = Text(
            say(
                msg(
                    "Nothing waits for a decision: no version of a list, and no server certificate that was"
                    " not seen at its place before."
                )
            ),
            ink="text2",
            wrap=True,
        )
        self._title = Text(style=TypeStyle.SECTION, wrap=True)
        self.facts = FactGrid(name=say(msg("What waits")))
        self.comment = line_edit(
            say(msg("Comment")), placeholder=say(msg("It is written into the trust log"))
        )
        self.comment.setLayoutDirection(self.layoutDirection())
        self.comment.setMaxLength(500)
        self._comment = FieldCell(say(msg("Comment")), self.comment)
        self.review_button = Button(say(msg("Review …")), kind=ButtonKind.PRIMARY)
        self.accept_button = Button(say(msg("It is expected")), icon="tick")
        self.refuse_button = Button(say(msg("It is not expected")), icon="stop", kind=ButtonKind.DANGER)
        self.inspect_button = Button(say(msg("Open in Inspector")), icon="inspector")
        self.comment.textChanged.connect(self._check)
        self.review_button.clicked.connect(self._review)
        self.accept_button.clicked.connect(lambda: self._decide(accepted=True))
        self.refuse_button.clicked.connect(lambda: self._decide(accepted=False))
        self.inspect_button.clicked.connect(self._inspect)
        self.table.selectionModel().currentRowChanged.connect(lambda _index: self._show_current())
        self.table.opened.connect(lambda _place: self._open())
        self._build()
        self.show_waiting(())

    @property
    def current(self) -> AwaitingDecision | None:
        """What is in view; None when nothing waits."""
        place = self.table.currentIndex().row()
        return self.table.rows[place] if 0 <= place < len(self.table.rows) else None

    def show_waiting(self, waiting: Sequence[AwaitingDecision]) -> None:
        """Show what waits."""
        before = self.current
        self.table.show_rows(tuple(waiting))
        has_rows = bool(waiting)
        self._card.setVisible(has_rows)
        self._detail.setVisible(has_rows)
        self._empty.setVisible(not has_rows)
        if has_rows:
            same = (place for place, one in enumerate(waiting) if before is not None and one == before)
            self.table.selectRow(next(same, 0))
            self._show_current()

    def focus_main(self) -> None:
        """Move the keyboard to the table."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_current(self) -> None:
        one = self.current
        if one is None:
            return
        is_version = one.list_name is not None
        self._title.setText(say(one.what))
        self.facts.show_facts(tuple(_facts(one, self._now())))
        self._comment.setVisible(not is_version)
        self.review_button.setVisible(is_version)
        for button in (self.accept_button, self.refuse_button, self.inspect_button):
            button.setVisible(not is_version)
        self.inspect_button.setEnabled(one.now is not None)
        self._check()

    def _check(self) -> None:
        said = bool(self.comment.text().strip())
        for button in (self.accept_button, self.refuse_button):
            button.setEnabled(said)
            button.setToolTip("" if said else say(msg("First write why.")))

    def _open(self) -> None:
        if self.review_button.isVisible():
            self._review()

    def _review(self) -> None:
        one = self.current
        if one is not None and one.list_name is not None and one.version is not None:
            self.review_wanted.emit(one.list_name, one.version)

    def _decide(self, *, accepted: bool) -> None:
        one = self.current
        if one is not None and one.endpoint_id is not None and one.now is not None:
            comment = self.comment.text().strip()
            self.comment.clear()
            self.decided.emit(one, accepted, comment)

    def _inspect(self) -> None:
        one = self.current
        if one is not None and one.now is not None:
            self.certificate_wanted.emit(one.now)

    def _build(self) -> None:
        self._card = Card()
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.table)
        self._detail = Card()
        detail = QVBoxLayout(self._detail)
        detail.setContentsMargins(_PAD, 12, _PAD, 14)
        detail.setSpacing(10)
        detail.addWidget(self._title)
        scroll = ScrolledColumn(name=say(msg("What waits")))
        scroll.column.addWidget(self.facts)
        scroll.column.addStretch(1)
        detail.addWidget(scroll, 1)
        detail.addWidget(self._comment)
        buttons = QWidget()
        flow = Flow(buttons)
        for button in (self.review_button, self.accept_button, self.refuse_button, self.inspect_button):
            flow.addWidget(button)
        detail.addWidget(buttons)
        empty = QHBoxLayout()
        empty.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        layout.addLayout(empty)
        layout.addWidget(self._card, 2)
        layout.addWidget(self._detail, 3)
        layout.addStretch(0)


def _facts(one: AwaitingDecision, now: datetime) -> Iterator[Fact]:
    yield Fact(label=msg("Since"), value=day_and_distance(one.since, now))
    if one.partner is not None:
        yield Fact(label=msg("Partner"), value=visible(one.partner))
    yield from _certificate(msg("Before"), one.before, now)
    yield from _certificate(msg("Now"), one.now, now)


def _certificate(label: Message, facts: CertificateFacts | None, now: datetime) -> Iterator[Fact]:
    if facts is None:
        return
    end = "" if facts.not_after is None else f", {day_and_distance(facts.not_after, now)}"
    issuer = say(msg("issued by {issuer}", issuer=facts.issuer or "–"))
    yield Fact(label=label, value=f"{visible(facts.title)}, {issuer}{end}")
    yield Fact(label=label, value=fingerprint_text(facts.sha256), style=TypeStyle.FIXED)


def _table(now: Callable[[], datetime]) -> RowTable[AwaitingDecision]:
    def what(one: AwaitingDecision) -> RowCell:
        icon = "trust-lists" if one.list_name is not None else "server"
        return RowCell(say(one.what), icon=icon, icon_ink="text2", style=TypeStyle.ROW_TITLE)

    def kind(one: AwaitingDecision) -> RowCell:
        words = msg("New version") if one.list_name is not None else msg("New certificate")
        return RowCell(say(words), "warning", "clock")

    columns: tuple[RowColumn[AwaitingDecision], ...] = (
        RowColumn(head=msg("What waits"), cell=what),
        RowColumn(head=msg("Kind"), cell=kind, width=22, goes_first=1),
        RowColumn(
            head=msg("Since"),
            cell=lambda one: RowCell(day_and_distance(one.since, now()), "text2"),
            width=26,
        ),
    )
    return RowTable(
        columns,
        name=say(msg("Review queue")),
        spoken=lambda one: say(one.what),
        narrowest=200,
        opens_on_click=False,
    )
