"""The probe matrix as a table: every probe with all that makes it differ, for keyboard and screen readers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from trustdesk.core.diagnosis import VariantProbe
from trustdesk.core.message import msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.handshake.cells import CellRole, Index, PlainTable, plain_tooltip
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.headed_model import HeadedModel
from trustdesk.gui.widgets.table_header import TableHeader
from trustdesk.gui.words import say
from trustdesk.services.probe_words import result_words, variant_cells

_HEADS = (
    msg("Probe"),
    msg("Result"),
    msg("Version"),
    msg("Certificate"),
    msg("Server name"),
    msg("Groups"),
    msg("Address"),
    msg("Purpose"),
)
_RESULT = 1


class MatrixModel(HeadedModel):
    """One line for each probe."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(_HEADS, parent)
        self._rows: tuple[VariantProbe, ...] = ()

    @property
    def probes(self) -> tuple[VariantProbe, ...]:
        """What is shown, from the top down."""
        return self._rows

    def show_probes(self, probes: Sequence[VariantProbe]) -> None:
        """Show other probes."""
        if tuple(probes) == self._rows:
            return
        self.beginResetModel()
        self._rows = tuple(probes)
        self.endResetModel()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text, look and clipboard line of a cell."""
        words = _words(self._rows[index.row()])
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return words[index.column()]
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip(words[index.column()])
            case Qt.ItemDataRole.AccessibleTextRole | CellRole.LINE:
                return ", ".join(words)
            case CellRole.INK:
                return "text" if index.column() <= _RESULT else "text2"
            case CellRole.STYLE:
                return TypeStyle.ROW_TITLE if index.column() <= _RESULT else TypeStyle.SECOND_LINE
            case _:
                return None


class MatrixTable(PlainTable):
    """The twin.

    Signals:
        probe_chosen: Enter or a double click on a VariantProbe.
    """

    probe_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(name=say(msg("Probes")), parent=parent)
        self._model = MatrixModel(self)
        self._head = TableHeader(self)
        self.setHorizontalHeader(self._head)
        self.setModel(self._model)
        self.horizontalHeader().setSectionsClickable(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.activated.connect(self._choose)

    def show_probes(self, probes: Sequence[VariantProbe]) -> None:
        """Show other probes, all of them in view."""
        self._model.show_probes(probes)
        for column in range(len(_HEADS)):
            width = max(self.sizeHintForColumn(column), self._head.word_width(column))
            self.setColumnWidth(column, width)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the height of all rows with the header and a scroll bar below."""
        rows = sum(self.rowHeight(row) for row in range(self._model.rowCount()))
        head = self.horizontalHeader().sizeHint().height()
        return QSize(400, head + rows + self.horizontalScrollBar().sizeHint().height() + 4)

    def minimumSizeHint(self) -> QSize:
        """Return the same height; it scrolls sideways."""
        return QSize(200, self.sizeHint().height())

    def _choose(self, index: QModelIndex) -> None:
        self.probe_chosen.emit(self._model.probes[index.row()])


def _words(probe: VariantProbe) -> tuple[str, ...]:
    record = probe.report.record
    version, certificate, name, groups = (say(cell) for cell in variant_cells(probe.variant))
    return (
        probe.id,
        say(result_words(record)),
        version,
        certificate,
        name,
        groups,
        visible(record.address or "–"),
        say(probe.purpose),
    )
