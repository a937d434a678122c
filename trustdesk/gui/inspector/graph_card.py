"""The chain in a card: title, switches for purpose and list, the graph, its table twin, and the legend."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.verification import Purpose
from trustdesk.gui.inspector.chain_graph import CardRole, ChainGraph, GraphCard
from trustdesk.gui.inspector.examination import ListName
from trustdesk.gui.inspector.graph import ChainGraphView
from trustdesk.gui.inspector.row_table import RowCell, RowColumn, RowTable
from trustdesk.gui.theme.theme import state_look
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.segment import Segment
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


class GraphCardView(Card):
    """The chain graph with all that belongs to it.

    Signals:
        chosen: key of a certificate that the person wants to see.
        list_chosen: name of the list whose path is to be highlighted.
        purpose_chosen: the Purpose that the paths are judged for.
        fetch_wanted: the person wants missing issuers asked for at the CA.
    """

    chosen = Signal(str)
    list_chosen = Signal(str)
    purpose_chosen = Signal(object)
    fetch_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lists: tuple[ListName, ...] = ()
        self._filling = False
        self._fact = ElidedLabel(ink="text2", style=TypeStyle.SECOND_LINE)
        self.purposes = Segment(
            ((Purpose.SERVER.value, say(msg("Server"))), (Purpose.CLIENT.value, say(msg("Client")))),
            name=say(msg("Judged as")),
        )
        self.lists = Combo(name=say(msg("Path for the list")), icon="trust-lists")
        self._twin = Button(icon="table-twin", name=say(msg("Show the graph as a table")))
        self._twin.setCheckable(True)
        self._legend = Text(style=TypeStyle.SECOND_LINE, ink="text2", wrap=True)
        self._ends = Text(style=TypeStyle.SECOND_LINE, ink="text2", wrap=True)
        self.fetch = Button(say(msg("Ask the CA for the missing issuer")), icon="globe")
        self.fetch.setToolTip(
            say(msg("Fetches it from the web address that the certificate names (AIA); the CA sees that."))
        )
        self._empty = Text(ink="text2", wrap=True)
        self.graph = ChainGraphView()
        self.table: RowTable[GraphCard] = RowTable(
            _COLUMNS, name=say(msg("Chain graph as a table")), spoken=lambda card: card.spoken
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.graph)
        self._stack.addWidget(self.table)
        self._build()
        self._twin.toggled.connect(self._turn)
        self.fetch.clicked.connect(self.fetch_wanted)
        self.graph.chosen.connect(self.chosen)
        # Not within the layout that is just being done.
        self.graph.height_changed.connect(self._fit, Qt.ConnectionType.QueuedConnection)
        self.table.activated.connect(lambda index: self.chosen.emit(self.table.rows[index.row()].key))
        self.purposes.changed.connect(lambda key: self.purpose_chosen.emit(Purpose(key)))
        self.lists.currentIndexChanged.connect(self._list_chosen)

    def show_lists(self, lists: Sequence[ListName], chosen: str) -> None:
        """Offer lists; the switch is there where there is a choice."""
        self._filling = True
        if tuple(lists) != self._lists:
            self._lists = tuple(lists)
            self.lists.clear()
            for one in lists:
                self.lists.addItem(say(one.title), one.name)
        place = next((i for i, one in enumerate(self._lists) if one.name == chosen), 0)
        self.lists.setCurrentIndex(place)
        self.lists.setVisible(len(self._lists) > 1)
        self._filling = False

    def show_graph(
        self,
        graph: ChainGraph,
        current: str,
        purpose: Purpose,
        list_title: Message,
        *,
        can_fetch: bool = False,
    ) -> None:
        """Show another graph; with `can_fetch` a missing issuer can be asked for."""
        self.fetch.setVisible(can_fetch)
        self.purposes.set_current(purpose.value)
        self._fact.setText(graph.fact)
        self.graph.show_graph(graph, current)
        self.table.show_rows(graph.cards)
        some = bool(graph.cards)
        self._stack.setVisible(some)
        self._empty.setVisible(not some)
        self._empty.setText(say(msg("The chain is being judged …")))
        self._twin.setEnabled(some)
        words = [say(msg("An edge is a verified signature, drawn towards the issuer."))]
        if graph.is_accepted:
            words.append(say(msg("Blue: the path that {list} accepts.", list=list_title)))
        elif graph.is_accepted is not None:
            words.append(say(msg("Red: the best path, which {list} does not accept.", list=list_title)))
        missing = {card.key for card in graph.cards if card.role is CardRole.MISSING}
        if any(not edge.is_highlighted and edge.above not in missing for edge in graph.edges):
            words.append(say(msg("Grey: other paths.")))
        if graph.left_out:
            words.append(
                say(
                    msg_n(
                        "{count} more certificate is not drawn.",
                        "{count} more certificates are not drawn.",
                        graph.left_out,
                    )
                )
            )
        self._legend.setText(" ".join(words))
        self._legend.setVisible(some)
        self._ends.setText("\n".join(say(msg("Dead end: {reason}", reason=end)) for end in graph.ends))
        self._ends.setVisible(bool(graph.ends))
        self._fit()

    def _turn(self, as_table: bool) -> None:
        self._stack.setCurrentIndex(1 if as_table else 0)
        self._fit()

    def _fit(self) -> None:
        height = self.graph.sizeHint().height()
        if self._twin.isChecked():
            height = max(height, self.table.natural_height)
        self._stack.setFixedHeight(max(60, min(height, 420)))

    def _list_chosen(self, place: int) -> None:
        if not self._filling and 0 <= place < len(self._lists):
            self.list_chosen.emit(self._lists[place].name)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(Text(say(msg("Chain")), TypeStyle.SECTION))
        head.addWidget(self._fact, 1)
        head.addWidget(self.purposes)
        head.addWidget(self.lists)
        head.addWidget(self._twin)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(15, 9, 15, 10)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._stack)
        layout.addWidget(self._empty)
        layout.addWidget(self._legend)
        layout.addWidget(self._ends)
        layout.addWidget(self.fetch)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)


def _chip(card: GraphCard) -> RowCell:
    ink = (
        "text2"
        if card.state is None
        else {"good": "good", "warning": "warning", "bad": "bad"}.get(card.state.value, "text2")
    )
    icon = card.chip_icon if card.state is None else state_look(card.state).icon
    return RowCell(card.chip, ink, icon)


_COLUMNS: tuple[RowColumn[GraphCard], ...] = (
    RowColumn(
        head=msg("Certificate"), cell=lambda card: RowCell(card.title, "text", "", TypeStyle.ROW_TITLE)
    ),
    RowColumn(head=msg("State"), cell=_chip),
    RowColumn(head=msg("Key and validity"), cell=lambda card: RowCell(card.second, "text2"), width=28),
    RowColumn(
        head=msg("On the path"),
        cell=lambda card: RowCell(say(msg("yes") if card.is_highlighted else msg("no")), "text2"),
        width=12,
    ),
    RowColumn(head=msg("Steps"), cell=lambda card: RowCell(str(card.column), "text2"), width=6, goes_first=1),
)
