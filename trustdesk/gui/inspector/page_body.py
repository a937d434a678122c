"""What the Inspector shows below its head: a way in, tree and details, or the table."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from trustdesk.gui.inspector.compare_pane import ComparePane
from trustdesk.gui.inspector.detail import ItemDetail
from trustdesk.gui.inspector.empty import NothingOpened
from trustdesk.gui.inspector.table_page import CertificateTablePage
from trustdesk.gui.inspector.tree_pane import TreePane


class InspectorBody(QStackedWidget):
    """Shows one of them at a time; beside the tree either the details or a comparison.

    Attributes:
        empty: the way in.
        compare: two certificates side by side.
        split: the tree beside the rest.
    """

    def __init__(self, pane: TreePane, detail: ItemDetail, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.empty = NothingOpened()
        self.compare = ComparePane()
        self._detail = detail
        self._blank = QWidget()
        self._right = QStackedWidget()
        self._right.addWidget(detail)
        self._right.addWidget(self.compare)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setHandleWidth(20)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(pane)
        self.split.addWidget(self._right)
        self.split.setStretchFactor(0, 0)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([322, 900])
        pane.setMinimumWidth(240)
        for one in (self.empty, self._blank, self.split):
            self.addWidget(one)

    def show_way_in(self, *, is_in_the_way: bool) -> None:
        """Show how something is opened; `is_in_the_way`: while a card above asks, it shows nothing."""
        self.setCurrentWidget(self._blank if is_in_the_way else self.empty)

    def show_tree(self) -> None:
        """Show the tree with what stands beside it."""
        self.setCurrentWidget(self.split)

    def show_table(self, table: CertificateTablePage) -> None:
        """Show the table, which takes the details over."""
        if self.indexOf(table) < 0:
            self.addWidget(table)
        self.setCurrentWidget(table)
        table.take_detail(self._detail)

    @property
    def has_detail(self) -> bool:
        """Whether the details stand beside the tree; else the table has them."""
        return self._right.indexOf(self._detail) >= 0

    def take_detail(self) -> None:
        """Put the details beside the tree again, once the table has given them back."""
        self._right.setCurrentIndex(self._right.insertWidget(0, self._detail))

    def show_compare(self) -> None:
        """Show the comparison in place of the details."""
        self._right.setCurrentWidget(self.compare)
        self.compare.focus_first()

    def end_compare(self) -> bool:
        """Show the details again; returns whether a comparison was shown."""
        was_shown = self._right.currentWidget() is self.compare
        if was_shown:
            self._right.setCurrentWidget(self._detail)
        return was_shown
