"""The table of identities."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from trustdesk.core.message import msg, msg_n
from trustdesk.core.untrusted import visible
from trustdesk.gui.identities.arrange import SortBy, issuer_words, key_of
from trustdesk.gui.identities.cells import SORTS, STORE_WORDS, Column
from trustdesk.gui.identities.model import IdentitiesModel
from trustdesk.gui.identities.standing import USABLE_WORDS
from trustdesk.gui.widgets.drag_out import DraggedItems, DragOut, certificates
from trustdesk.gui.widgets.two_line_cells import row_height
from trustdesk.gui.widgets.two_line_table import TwoLineTable
from trustdesk.gui.words import say

_WIDEST_ISSUER = 210
_COLUMNS = {sort: column for column, sort in SORTS.items()}


class IdentitiesTable(TwoLineTable):
    """The view on `IdentitiesModel`.

    Signals:
        delete_pressed: the key Delete, on the current row.
    """

    delete_pressed = Signal()

    def __init__(self, model: IdentitiesModel, parent: QWidget | None = None) -> None:
        super().__init__(
            model,
            name=say(msg("Identities")),
            numbers=(Column.DAYS,),
            left_to_right=(Column.DAYS, Column.KEY),
            with_icon=(Column.CLIENT, Column.SERVER, Column.STORE),
            dropped_first=(Column.KEY, Column.IDS, Column.STORE),
            widest={Column.ISSUER: _WIDEST_ISSUER},
            parent=parent,
        )
        self._model = model
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        DragOut(self.viewport(), self._dragged)

    @property
    def natural_height(self) -> int:
        """Height at which nothing scrolls."""
        return self.horizontalHeader().sizeHint().height() + self._model.rowCount() * row_height() + 2

    def measure(self) -> None:
        """Give every column the width of its longest word."""
        views = self._model.views
        counts = {len(view.one_record_ids) for view in views}
        purposes = {say(word) for word in USABLE_WORDS}
        self.measure_words(
            {
                Column.IDS: {say(msg_n("{count} 1R-ID", "{count} 1R-IDs", count)) for count in counts},
                Column.CLIENT: purposes,
                Column.SERVER: purposes,
                Column.ISSUER: {visible(issuer_words(view)) for view in views},
                Column.DAYS: {str(view.days_left) for view in views},
                Column.KEY: {key_of(view) for view in views},
                Column.STORE: {say(STORE_WORDS[view.identity.key.reference.store]) for view in views},
            }
        )

    def show_order(self) -> None:
        """Show by which column the rows are sorted; by none for trouble first."""
        arrangement = self._model.arrangement
        header = self.horizontalHeader()
        header.setSortIndicatorShown(arrangement.sort is not SortBy.TROUBLE_FIRST)
        if arrangement.sort in _COLUMNS:
            order = Qt.SortOrder.DescendingOrder if arrangement.descending else Qt.SortOrder.AscendingOrder
            header.setSortIndicator(_COLUMNS[arrangement.sort], order)

    def _dragged(self, place: QPoint) -> DraggedItems | None:
        """Return the certificate at a place with its chain; the key stays in its store."""
        index = self.indexAt(place)
        if not index.isValid():
            return None
        identity = self._model.at(index.row()).identity
        return certificates(identity.name, [one.der for one in identity.certification_path])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the row in view that the card below tells of: a longer card leaves the table less room."""
        super().resizeEvent(event)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask about deleting with Delete."""
        if event.key() == Qt.Key.Key_Delete and self.currentIndex().isValid():
            self.delete_pressed.emit()
            return
        super().keyPressEvent(event)
