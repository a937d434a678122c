"""The card at the left: what is open, with its filters."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import msg, msg_n
from trustdesk.gui.inspector.facts import label_of_pem
from trustdesk.gui.inspector.opened import OpenedItems
from trustdesk.gui.inspector.recent_button import RecentButton
from trustdesk.gui.inspector.tree import TreeFilter, tree_of
from trustdesk.gui.inspector.tree_view import OpenedTree
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.drag_out import DraggedItems, DragOut
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.filter_chip import FilterChip
from trustdesk.gui.widgets.filter_field import FilterField
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_SELECTED = 2
"""Items that stay selected: as many as are compared."""


class TreePane(Card):
    """Title, filter, chips, tree.

    Signals:
        filter_changed: the person wants to see something else.
        open_wanted: the person wants to open files.
        table_wanted: the person wants a table in place of trees.
    """

    filter_changed = Signal()
    open_wanted = Signal()
    table_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fact = ElidedLabel(ink="text2", style=TypeStyle.SECOND_LINE)
        self._open = Button(icon="add", kind=ButtonKind.BARE, name=say(msg("Open files (Ctrl+O)")))
        self.field = FilterField(name=say(msg("Filter the tree")), hint=say(msg("Filter the tree")))
        self.expired = FilterChip(say(msg("Hide expired")), icon="clock")
        self.with_key = FilterChip(say(msg("Has key")), icon="key")
        self.flat = FilterChip(say(msg("Flat")), icon="table-twin")
        self.flat.setToolTip(say(msg("A list by name in place of issuer trees")))
        self.expired.setToolTip(say(msg("Leave out what is no longer valid")))
        self.with_key.setToolTip(say(msg("Only certificates whose private key was opened too, and keys")))
        self.tree = OpenedTree()
        self.table_button = Button(
            icon="columns", kind=ButtonKind.BARE, name=say(msg("Show the certificates as a table"))
        )
        self.recent_button = RecentButton(kind=ButtonKind.BARE)
        self._opened: OpenedItems | None = None
        self._drag = DragOut(self.tree.viewport(), self._dragged)
        self._open.clicked.connect(self.open_wanted)
        self.table_button.clicked.connect(self.table_wanted)
        self.field.textChanged.connect(self.filter_changed)
        for chip in (self.expired, self.with_key, self.flat):
            chip.toggled.connect(self.filter_changed)
        self._build()

    @property
    def wanted(self) -> TreeFilter:
        """What the person wants to see."""
        return TreeFilter(
            text=self.field.text(),
            hides_expired=self.expired.isChecked(),
            only_with_key=self.with_key.isChecked(),
            flat=self.flat.isChecked(),
        )

    def show_opened(
        self, opened: OpenedItems, *, now: datetime, anchors: frozenset[str], current: str
    ) -> None:
        """Show what is open as trees, and how much it is in all.

        Args:
            now: what days left are counted from.
            anchors: SHA-256 of the trust anchors in force.
            current: key of the item that is shown and stays selected; empty for none.
        """
        self._opened = opened
        nodes = tree_of(opened.items, now=now, anchors=anchors, wanted=self.wanted)
        keys = dict.fromkeys([current, *self.tree.selected_keys])
        self.tree.show_nodes(nodes, list(keys)[:_SELECTED] if current else [])
        count = say(msg_n("{count} item", "{count} items", len(opened)))
        sources = say(msg_n("{count} file", "{count} files", len(opened.sources)))
        self._fact.setText(say(msg("{items} from {files}", items=count, files=sources)))

    def sizeHint(self) -> QSize:
        """Return the width of the picture."""
        return QSize(322, 500)

    def _dragged(self, place: QPoint) -> DraggedItems | None:
        """Return the item at a place, with the others that are selected; keys and containers stay here."""
        node = self.tree.tree_model.node(self.tree.indexAt(place))
        if node is None or node.is_group or self._opened is None:
            return None
        selected = self.tree.selected_keys
        keys = dict.fromkeys([node.key, *(selected if node.key in selected else ())])
        ones = [one for key in keys if (one := self._opened.get(key)) is not None]
        items = tuple(item for one in ones if (item := label_of_pem(one.item)) is not None)
        return DraggedItems(title=node.title, items=items) if items else None

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(margins(14, 0, 6, 0))
        head.setSpacing(10)
        head.addWidget(Text(say(msg("Opened")), TypeStyle.SECTION))
        head.addWidget(self._fact, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        for button in (self.table_button, self.recent_button, self._open):
            buttons.addWidget(button)
        head.addLayout(buttons)
        chips = QWidget()
        flow = Flow(chips, gap=6)
        for chip in (self.expired, self.with_key, self.flat):
            flow.addWidget(chip)
        filters = QVBoxLayout()
        filters.setContentsMargins(14, 0, 14, 0)
        filters.setSpacing(10)
        filters.addWidget(self.field)
        filters.addWidget(chips)
        foot = QVBoxLayout()
        foot.setContentsMargins(14, 0, 14, 0)
        foot.addWidget(
            ElidedLabel(say(msg("Drop files or PEM text anywhere.")), TypeStyle.SECOND_LINE, "text2")
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 12)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addLayout(filters)
        layout.addWidget(self.tree, 1)
        layout.addLayout(foot)
        QWidget.setTabOrder(self.table_button, self.recent_button)
        QWidget.setTabOrder(self.recent_button, self._open)
        QWidget.setTabOrder(self._open, self.field)
