"""The tab Handshake of one partner: the messages of the last test, and what the chosen one says."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.core.probe import ProbeReport
from trustdesk.core.untrusted import visible
from trustdesk.gui.handshake.fields import FieldsCard
from trustdesk.gui.handshake.ladder import Ladder
from trustdesk.gui.handshake.ladder_rows import LadderRow, ladder_rows
from trustdesk.gui.handshake.ladder_table import LadderTable
from trustdesk.gui.handshake.run_book import kind_of
from trustdesk.gui.handshake.run_view import is_refused_in_http, report_fact
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_MOST_FIELDS = 900
"""Height of the fields from which on they scroll by themselves."""


class MessagesTab(QWidget):
    """Ladder, its table twin, and fields, one below the other: the page around them scrolls.

    Attributes:
        ladder, table, fields: the parts.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[LadderRow, ...] = ()
        self.ladder, self.table, self.fields = Ladder(), LadderTable(), FieldsCard()
        # The page around it scrolls.
        self.ladder.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fact = ElidedLabel(style=TypeStyle.SECOND_LINE, ink="text2")
        self._none = Text(ink="text2", wrap=True)
        self._none.setText(say(msg("No message was seen in the last test.")))
        self._twin = Button(icon="table-twin", name=say(msg("Show the messages as a table")))
        self._twin.setCheckable(True)
        self._stack = QStackedWidget()
        self._twin.toggled.connect(lambda shows_table: self._stack.setCurrentIndex(int(shows_table)))
        self._stack.addWidget(self.ladder)
        self._stack.addWidget(self.table)
        for part in (self.ladder, self.table):
            part.current_changed.connect(self._choose)
            part.opened.connect(lambda _index: self.fields.focus_fields())
        head = QHBoxLayout()
        head.addWidget(self._fact, 1)
        head.addWidget(self._twin)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._none)
        layout.addWidget(self._stack)
        layout.addWidget(self.fields)
        layout.addStretch(1)

    def show_report(self, report: ProbeReport) -> None:
        """Show a test, with the message chosen at which it went wrong, if it did."""
        record = report.record
        self._rows = ladder_rows(record.timeline, refused_in_http=is_refused_in_http(report))
        # A certificate without a name here is one all the same.
        identity = None if record.identity is None else record.identity.name or record.identity.sha256[:16]
        self.ladder.show_rows(
            self._rows,
            our_name=visible(identity) if identity else say(msg("no certificate")),
            partner_name=visible(record.target.verify_name),
        )
        self.table.show_rows(self._rows)
        self._fact.setText(report_fact(report, kind_of(identity)))
        for part in (self._twin, self._stack, self.fields):
            part.setVisible(bool(self._rows))
        self._none.setVisible(not self._rows)
        self._fit()
        self._choose(self.ladder.first_trouble)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the ladder the height that it needs in this width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._stack.setMinimumHeight(self.ladder.natural_height)

    def _choose(self, index: int | None) -> None:
        self.ladder.set_current(index)
        self.table.set_current(index)
        self.fields.show_row(None if index is None else self._rows[index])
        self.fields.setMinimumHeight(min(_MOST_FIELDS, self.fields.natural_height))
