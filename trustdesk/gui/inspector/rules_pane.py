"""Rules with their filter chips: a card of rows, each leading to the bytes that show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.gui.inspector.row_table import RowCell, RowColumn, RowTable
from trustdesk.gui.inspector.rule_rows import OUTCOMES, Outcome, RuleRow, counts
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.filter_chip import FilterChip
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_CHIPS = (Outcome.FAIL, Outcome.WARN, Outcome.NOT_RUN, Outcome.PASS, Outcome.NOT_APPLICABLE)
_ASIDE = frozenset({Outcome.NOT_APPLICABLE, Outcome.NOT_ENFORCED})
"""Rules that had nothing to say here: behind a chip of their own, and counted there."""


class RulesPane(Card):
    """Title, chips, table.

    Signals:
        bytes_wanted: SHA-256 of a certificate, and the offset and end of the bytes that a rule speaks of.
    """

    bytes_wanted = Signal(str, int, int)

    def __init__(
        self,
        title: Message,
        parent: QWidget | None = None,
        *,
        names_certificates: bool = True,
        title_head: Message | None = None,
    ) -> None:
        super().__init__(parent)
        self._rows: tuple[RuleRow, ...] = ()
        self._chosen: Outcome | None = None
        self._title = Text(say(title), TypeStyle.SECTION)
        self._fact = ElidedLabel(style=TypeStyle.SECOND_LINE, ink="text2")
        self._hint = ElidedLabel(style=TypeStyle.SECOND_LINE, ink="text2")
        self._all = FilterChip(say(msg("All")))
        self._chips = {
            outcome: FilterChip(
                say(OUTCOMES[outcome].word), icon=OUTCOMES[outcome].icon, ink=OUTCOMES[outcome].ink
            )
            for outcome in _CHIPS
        }
        self.table: RowTable[RuleRow] = RowTable(
            _columns(names_certificates=names_certificates, title_head=title_head),
            name=say(title),
            spoken=lambda row: row.spoken,
        )
        self.table.opened.connect(self._open)
        self.table.selectionModel().currentRowChanged.connect(self._explain)
        self._empty = Text(ink="text2", wrap=True)
        self._rest = QWidget()
        self._all.clicked.connect(lambda: self._choose(None))
        for outcome, chip in self._chips.items():
            chip.clicked.connect(lambda _checked=False, one=outcome: self._choose(one))
        self._build()

    @property
    def rows(self) -> tuple[RuleRow, ...]:
        """All rows, those filtered away too."""
        return self._rows

    @property
    def shown(self) -> tuple[RuleRow, ...]:
        """Rows that the chips leave."""
        if self._chosen is None:
            return tuple(row for row in self._rows if row.outcome not in _ASIDE)
        if self._chosen is Outcome.NOT_APPLICABLE:
            return tuple(row for row in self._rows if row.outcome in _ASIDE)
        return tuple(row for row in self._rows if row.outcome is self._chosen)

    @property
    def fact(self) -> str:
        """What is said below the rules; "" for nothing."""
        return self._fact.text()

    def chip(self, outcome: Outcome) -> FilterChip:
        """Return the chip of an outcome."""
        return self._chips[outcome]

    def show_rows(self, rows: Sequence[RuleRow], *, fact: str = "", empty: str = "") -> None:
        """Show rules; where there are none, the sentence `empty`; `fact` below them says what goes on."""
        self._rows = tuple(rows)
        found = counts(rows)
        found[Outcome.NOT_APPLICABLE] += found[Outcome.NOT_ENFORCED]
        self._all.set_count(sum(row.outcome not in _ASIDE for row in rows))
        for outcome, chip in self._chips.items():
            chip.set_count(found[outcome])
            chip.setVisible(bool(found[outcome]) or outcome is self._chosen)
        if self._chosen is not None and not found[self._chosen]:
            self._chosen = None
        self._fact.setText(fact)
        self._fact.setVisible(bool(fact))
        self._empty.setText(empty or say(msg("No rule was applied.")))
        self._refresh()

    def _choose(self, outcome: Outcome | None) -> None:
        # A chip that is on already goes back to all.
        self._chosen = None if outcome is self._chosen else outcome
        self._refresh()

    def _refresh(self) -> None:
        self._all.setChecked(self._chosen is None)
        for outcome, chip in self._chips.items():
            chip.setChecked(outcome is self._chosen)
        self.table.show_rows(self.shown)
        self.table.setVisible(bool(self._rows))
        self._empty.setVisible(not self._rows)
        self._rest.setVisible(not self._rows)
        self._all.setVisible(bool(self._rows))
        self._explain()

    def _explain(self) -> None:
        place = self.table.currentIndex().row()
        row = self.table.rows[place] if 0 <= place < len(self.table.rows) else None
        words = "" if row is None else row.remedy or row.evidence
        self._hint.setText(words)
        self._hint.setVisible(bool(words))

    def _open(self, place: int) -> None:
        row = self.table.rows[place]
        if row.certificate is not None and row.byte_range is not None:
            self.bytes_wanted.emit(row.certificate, *row.byte_range)

    def _build(self) -> None:
        chips = QWidget()
        flow = Flow(chips)
        flow.addWidget(self._all)
        for chip in self._chips.values():
            flow.addWidget(chip)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        chips.setSizePolicy(policy)
        head = QHBoxLayout()
        head.setContentsMargins(margins(15, 10, 12, 8))
        head.setSpacing(10)
        head.addWidget(self._title)
        head.addWidget(chips, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(15, 6, 15, 8)
        foot.setSpacing(4)
        foot.addWidget(self._fact)
        foot.addWidget(self._hint)
        empty = QVBoxLayout()
        empty.setContentsMargins(15, 2, 15, 10)
        empty.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 0, 1, 1)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.table, 1)
        layout.addLayout(empty)
        layout.addLayout(foot)
        layout.addWidget(self._rest, 1)


def _status(row: RuleRow) -> RowCell:
    look = OUTCOMES[row.outcome]
    return RowCell(say(look.word), look.ink, look.icon)


def _columns(*, names_certificates: bool, title_head: Message | None) -> list[RowColumn[RuleRow]]:
    """Return the columns; `title_head` is what stands above the titles, None for the usual."""
    columns = [column for column in _COLUMNS if names_certificates or column is not _ON]
    if title_head is None:
        return columns
    return [replace(column, head=title_head) if column is _TITLE else column for column in columns]


_ON: RowColumn[RuleRow] = RowColumn(
    head=msg("On"), cell=lambda row: RowCell(row.on, "text2"), width=16, goes_first=3
)
_TITLE: RowColumn[RuleRow] = RowColumn(
    head=msg("What is checked"), cell=lambda row: RowCell(row.title, "text", "", TypeStyle.ROW_TITLE)
)
_COLUMNS: tuple[RowColumn[RuleRow], ...] = (
    RowColumn(head=msg("Status"), cell=_status, width=14),
    RowColumn(head=msg("Rule"), cell=lambda row: RowCell(row.rule, "text2"), width=22, goes_first=1),
    _TITLE,
    _ON,
    RowColumn(head=msg("Evidence"), cell=lambda row: RowCell(row.evidence)),
    RowColumn(head=msg("Source"), cell=lambda row: RowCell(row.source, "text2"), width=18, goes_first=2),
)
