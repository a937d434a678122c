"""Revocation of the selected path: every answer, both fail modes, and what was asked of the answers."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.core.verification import PathReport
from trustdesk.gui.inspector.revocation_rows import (
    FactsOf,
    RevocationRow,
    fail_mode_lines,
    requirement_rows,
    revocation_rows,
)
from trustdesk.gui.inspector.row_table import RowCell, RowColumn, RowTable
from trustdesk.gui.inspector.rules_pane import RulesPane
from trustdesk.gui.inspector.verdict_card import VerdictCard
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


class RevocationPane(QWidget):
    """What is known of revocation on one path.

    Signals:
        check_wanted: the person wants the addresses asked that certificates name for it.
        stop_wanted: the person does not want to wait for them.
    """

    check_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fact = ElidedLabel(style=TypeStyle.SECOND_LINE, ink="text2")
        self.check = Button(say(msg("Check revocation online")), icon="globe")
        self.check.setToolTip(
            say(msg("Asks the addresses that the certificates name (OCSP, CRL); the CA sees which one."))
        )
        self.check.clicked.connect(self.check_wanted)
        self.stop = Button(say(msg("Cancel")), icon="stop", name=say(msg("Ask no further")))
        self.stop.clicked.connect(self.stop_wanted)
        self.stop.hide()
        self.table: RowTable[RevocationRow] = RowTable(
            _COLUMNS, name=say(msg("Answers on revocation")), spoken=lambda row: row.spoken
        )
        self._empty = Text(ink="text2", wrap=True)
        self._whole = Text(style=TypeStyle.SECOND_LINE, ink="text2", wrap=True)
        self.table.selectionModel().currentRowChanged.connect(self._explain)
        self.soft, self.hard = VerdictCard(), VerdictCard()
        self.requirements = RulesPane(
            msg("Requirements on the answers"), title_head=msg("Source of the answer")
        )
        self._build()

    @property
    def state_words(self) -> str:
        """What is said in place of rows; "" where there are some."""
        return "" if self._empty.isHidden() else self._empty.text()

    def show_path(
        self, path: PathReport | None, facts_of: FactsOf, at: datetime | None, title: Message, *, asking: bool
    ) -> None:
        """Show another path.

        Args:
            path: None while none is judged.
            at: the instant judged for; None with `path`.
            title: of the list that the path is for.
            asking: whether the addresses are being asked.
        """
        self.check.setEnabled(path is not None and not asking)
        self.check.setVisible(not asking)
        self.stop.setVisible(asking)
        rows = revocation_rows(path, facts_of, at) if path is not None and at is not None else ()
        self.table.show_rows(rows)
        self.table.setVisible(bool(rows))
        if rows and not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        self.table.setFixedHeight(min(self.table.natural_height, 8 * self.table.row_height))
        self._fact.setText(say(msg("on the path to {list}", list=title)))
        words = msg("There is nothing below the anchor that could be revoked.")
        if asking:
            words = msg("The addresses that the certificates name are being asked …")
        elif path is None:
            words = msg("The chain is being judged …")
        self._empty.setText(say(words))
        self._empty.setVisible(asking or not rows)
        lines = () if path is None else fail_mode_lines(path.fail_modes)
        for card, line in zip((self.soft, self.hard), (*lines, None, None), strict=False):
            card.show_lines((line,) if line is not None else ())
            card.setVisible(line is not None)
        asked = () if path is None else requirement_rows(path, facts_of)
        self.requirements.show_rows(asked, empty=say(msg("No answer was looked at yet.")))
        self._explain()

    def _explain(self) -> None:
        place = self.table.currentIndex().row()
        row = self.table.rows[place] if 0 <= place < len(self.table.rows) else None
        self._whole.setText("" if row is None else row.spoken)
        self._whole.setVisible(row is not None)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(margins(15, 10, 12, 8))
        head.setSpacing(10)
        head.addWidget(Text(say(msg("Revocation")), TypeStyle.SECTION))
        head.addWidget(self._fact, 1)
        head.addWidget(self.check)
        head.addWidget(self.stop)
        foot = QVBoxLayout()
        foot.setContentsMargins(15, 6, 15, 10)
        foot.addWidget(self._empty)
        foot.addWidget(self._whole)
        card = Card()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 0, 1, 1)
        inside.setSpacing(0)
        inside.addLayout(head)
        inside.addWidget(self.table)
        inside.addLayout(foot)
        modes = QHBoxLayout()
        modes.setSpacing(14)
        modes.addWidget(self.soft, 1)
        modes.addWidget(self.hard, 1)
        self.soft.setAccessibleName(say(msg("Soft fail")))
        self.hard.setAccessibleName(say(msg("Hard fail")))
        self.requirements.setMinimumHeight(220)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        layout.addWidget(card)
        layout.addLayout(modes)
        layout.addWidget(self.requirements, 1)


def _status(row: RevocationRow) -> RowCell:
    style = TypeStyle.ROW_TITLE if row.decides else TypeStyle.BODY
    return RowCell(say(row.look.word), row.look.ink, row.look.icon, style)


_COLUMNS: tuple[RowColumn[RevocationRow], ...] = (
    RowColumn(head=msg("Status"), cell=_status, width=15),
    RowColumn(
        head=msg("Certificate"), cell=lambda row: RowCell(row.on, "text", "", TypeStyle.ROW_TITLE), width=20
    ),
    RowColumn(head=msg("Source"), cell=lambda row: RowCell(row.source), width=22),
    RowColumn(head=msg("Age"), cell=lambda row: RowCell(row.age, "text2"), width=10, goes_first=1),
    RowColumn(
        head=msg("Revoked since, why"), cell=lambda row: RowCell(row.since, "bad"), width=22, goes_first=2
    ),
    RowColumn(head=msg("Why"), cell=lambda row: RowCell(row.reason, "text2")),
)
