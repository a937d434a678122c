"""The left card of a result: the ladder or its table, the presented chain, the rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QMargins, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from trustdesk.core.diagnosis import ProbeVariant
from trustdesk.core.message import msg
from trustdesk.core.probe import ProbeRecord, ProbeReport
from trustdesk.gui.chain_revocation import card_revocations, revocation_lines
from trustdesk.gui.diagnosis.view import DiagnosisView
from trustdesk.gui.handshake.comparison import KIND_NAMES
from trustdesk.gui.handshake.copy_button import CopyAsButton
from trustdesk.gui.handshake.ladder import Ladder
from trustdesk.gui.handshake.ladder_rows import LadderRow
from trustdesk.gui.handshake.ladder_table import LadderTable
from trustdesk.gui.handshake.run_book import RunKind
from trustdesk.gui.handshake.workflow_list import WorkflowList
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.chain_list import ChainList
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.findings_list import FindingsList
from trustdesk.gui.widgets.focus_ring import FocusRing
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.painting import hairline
from trustdesk.gui.widgets.segment import Segment
from trustdesk.gui.widgets.tabs import Tabs
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_LADDER, _CHAIN, _RULES, _WORKFLOW, _DIAGNOSIS = range(5)


class MessageCard(Card):
    """Tabs over one run.

    Signals:
        kind_chosen: the person wants to see the run without, or with, a client certificate.
        row_chosen: index of the message that the person selected.
        row_opened: Enter on a message.
    """

    kind_chosen = Signal(str)
    row_chosen = Signal(int)
    row_opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tabs = Tabs(name=say(msg("Parts of the result")))
        for word in (msg("Ladder"), msg("Chain"), msg("Rules"), msg("Workflow")):
            self._tabs.addTab(say(word))
        self._fact = ElidedLabel(style=TypeStyle.SECOND_LINE, ink="text2")
        choices = [(str(kind), say(KIND_NAMES[kind])) for kind in RunKind]
        self._segment = Segment(choices, name=say(msg("Run shown")))
        self._twin = Button(icon="table-twin", name=say(msg("Show the messages as a table")))
        self._twin.setCheckable(True)
        self.copy_as = CopyAsButton()
        self.workflow = WorkflowList()
        self.diagnosis = DiagnosisView()
        self._ladder = Ladder()
        self._table = LadderTable()
        self._chain = ChainList()
        self._findings = FindingsList()
        self._empty = Text(ink="text2", wrap=True)
        self._messages = QStackedWidget()
        for page in (self._ladder, self._table, _padded(self._empty, QMargins(16, 20, 16, 16))):
            self._messages.addWidget(page)
        self._tools = QWidget()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._messages)
        self._stack.addWidget(_scrolled(self._chain, QMargins(16, 14, 16, 14)))
        self._stack.addWidget(_scrolled(self._findings, QMargins(16, 4, 16, 14)))
        self._stack.addWidget(_scrolled(self.workflow, QMargins(16, 10, 16, 14)))
        self._stack.addWidget(_scrolled(self.diagnosis, QMargins(16, 10, 16, 14)))
        self._build()
        self._tabs.currentChanged.connect(self._turn)
        self._segment.changed.connect(self.kind_chosen)
        self._twin.toggled.connect(self._show_messages)
        for part in (self._ladder, self._table):
            part.current_changed.connect(self._choose)
            part.opened.connect(self.row_opened)

    @property
    def ladder(self) -> Ladder:
        """The painted ladder."""
        return self._ladder

    @property
    def table(self) -> LadderTable:
        """Its table twin."""
        return self._table

    @property
    def tabs(self) -> Tabs:
        """Ladder, Chain, Rules."""
        return self._tabs

    @property
    def natural_height(self) -> int:
        """Height at which the part in view has nothing to scroll."""
        head = 104
        if self._tabs.currentIndex() != _LADDER:
            parts: dict[int, QWidget] = {
                _CHAIN: self._chain,
                _RULES: self._findings,
                _WORKFLOW: self.workflow,
                _DIAGNOSIS: self.diagnosis,
            }
            part = parts[self._tabs.currentIndex()]
            width = max(200, self.width() - 40)
            height = part.heightForWidth(width) if part.hasHeightForWidth() else part.sizeHint().height()
            return head + height + 40
        return head + self._ladder.natural_height

    def turn(self) -> None:
        """Go on to the next tab (Ctrl+Tab)."""
        self._tabs.setCurrentIndex((self._tabs.currentIndex() + 1) % self._tabs.count())

    def turn_to_ladder(self) -> None:
        """Bring the messages into view."""
        self._tabs.setCurrentIndex(_LADDER)

    def show_diagnosis_tab(self, *, shown: bool, turn: bool = False, count: int | None = None) -> None:
        """Have a tab for the diagnosis, or none; with `turn` bring it into view. `count` is of causes."""
        has_tab = self._tabs.count() > _DIAGNOSIS
        if shown and not has_tab:
            self._tabs.addTab(say(msg("Diagnosis")))
        elif has_tab and not shown:
            self._tabs.removeTab(_DIAGNOSIS)
        if shown:
            self._tabs.set_count(_DIAGNOSIS, count)
        if shown and turn:
            self._tabs.setCurrentIndex(_DIAGNOSIS)

    def show_kinds(self, visible_kinds: bool, kind: RunKind) -> None:
        """Offer both kinds, or hide the switch; `kind` is the one in view."""
        self._segment.setVisible(visible_kinds)
        self._segment.set_current(str(kind))

    def show_rows(
        self, rows: Sequence[LadderRow], *, our_name: str, partner_name: str, fact: str, empty: str
    ) -> None:
        """Show messages; where there are none, the sentence `empty`."""
        self._ladder.show_rows(rows, our_name=our_name, partner_name=partner_name)
        self._table.show_rows(rows)
        self._fact.setText(fact)
        self._empty.setText(empty)
        self._show_messages()

    def show_report(self, report: ProbeReport | None, now: datetime) -> None:
        """Show the chain and the rules of a result; None while there is none."""
        judgement = None if report is None else report.record.judgement
        anchors = frozenset(judgement.path[-1:]) if judgement is not None else frozenset()
        self._chain.show_chain(
            () if report is None else report.record.presented_chain,
            now=now,
            anchors=anchors,
            revocation={} if report is None else card_revocations(report.record),
            lines=() if report is None else revocation_lines(report.record),
        )
        self._findings.show_findings(() if report is None else report.findings)
        self._tabs.set_count(_CHAIN, None if report is None else len(report.record.presented_chain))
        self._tabs.set_count(_RULES, None if report is None else len(report.findings))

    def show_record(
        self, record: ProbeRecord | None, our_name: str | None, variant: ProbeVariant | None
    ) -> None:
        """Show what a run proves of the workflow, and offer it to be copied; None while there is none."""
        self.workflow.show_record(record)
        self.copy_as.set_subject(record, variant, our_name=our_name)

    def set_current(self, index: int | None) -> None:
        """Select a message without the signal."""
        self._ladder.set_current(index)
        self._table.set_current(index)

    def show_trouble(self) -> None:
        """Select what went wrong, as if the person had; without trouble go to the beginning."""
        if self._ladder.current is None:
            trouble = self._ladder.first_trouble
            if trouble is None:
                self._ladder.verticalScrollBar().setValue(0)
            else:
                self._ladder.reveal(min(trouble + 1, self._ladder.row_count - 1))
                self._ladder.reveal(trouble)
                self._choose(trouble)

    def _choose(self, index: int) -> None:
        self.set_current(index)
        self.row_chosen.emit(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card, and lead the hairline of the tabs from edge to edge."""
        super().paintEvent(event)
        painter = QPainter(self)
        line = hairline(self.devicePixelRatioF())
        y = self._tabs.geometry().bottom() + 1 - line
        painter.fillRect(QRectF(1, y, self.width() - 2, line), QColor(current_theme().tokens.border))
        painter.end()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(12, 4, 12, 0)
        head.addWidget(self._tabs, 1)
        tools = QHBoxLayout(self._tools)
        tools.setContentsMargins(margins(16, 0, 12, 0))
        tools.setSpacing(8)
        tools.addWidget(self._fact, 1)
        tools.addWidget(self._segment)
        tools.addWidget(self.copy_as)
        tools.addWidget(self._twin)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 8)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._tools)
        layout.addWidget(self._stack, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def _turn(self, index: int) -> None:
        self._stack.setCurrentIndex(index)
        self._twin.setVisible(index == _LADDER)
        self._tools.setVisible(index != _DIAGNOSIS)
        self.updateGeometry()

    def _show_messages(self) -> None:
        if not self._ladder.row_count:
            self._messages.setCurrentIndex(2)
        else:
            self._messages.setCurrentIndex(1 if self._twin.isChecked() else 0)


def _padded(part: QWidget, margins: QMargins) -> QWidget:
    frame = QWidget()
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(margins)
    layout.addWidget(part)
    layout.addStretch(1)
    return frame


def _scrolled(part: QWidget, margins: QMargins) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    frame = _padded(part, margins)
    area.setWidget(frame)
    # Both would paint the ground of the window over the card.
    area.viewport().setAutoFillBackground(False)
    frame.setAutoFillBackground(False)
    area.setAccessibleName(part.accessibleName())
    FocusRing(area)
    return area
