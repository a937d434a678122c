"""Who loses or gains trust: a table, counts, and the path that breaks."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.trust_impact import AffectedChain, Impact, Standing
from trustdesk.core.untrusted import visible
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme, state_look
from trustdesk.gui.theme.type import TypeStyle, font, metrics
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.widgets.painting import CONTROL_RADIUS, paint_rounded
from trustdesk.gui.widgets.state_chip import StateChip
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.widgets.two_line_cells import CellModel, CellView
from trustdesk.gui.widgets.two_line_table import TwoLineTable
from trustdesk.gui.words import say
from trustdesk.services.board import State
from trustdesk.services.trust_words import STANDING_STATES, STANDING_WORDS

_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_INKS = {State.BAD: "bad", State.UNKNOWN: "unknown"}
_LONGEST = 34


class Column(IntEnum):
    """Columns in their order."""

    WHO = 0
    BEFORE = 1
    AFTER = 2


def chain_title(chain: AffectedChain) -> str:
    """Return whose chain it is."""
    return visible(chain.partner or chain.identity or chain.place)


class ImpactModel(CellModel):
    """Those whose verdict changes, who lose first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__((msg("Who"), msg("Before"), msg("After")), parent)
        self.chains: tuple[AffectedChain, ...] = ()

    def show_impact(self, impact: Impact | None) -> None:
        """Show an impact; None shows nothing."""
        chains = () if impact is None else (*impact.partners, *impact.identities)
        self.beginResetModel()
        self.chains = tuple(sorted(chains, key=lambda one: (not one.loses, one.gains)))
        self.endResetModel()

    def rowCount(self, parent: _Index = _TOP) -> int:
        """Return how many are shown."""
        return 0 if parent.isValid() else len(self.chains)

    def view(self, place: int, column: int) -> CellView:
        """Return what stands in a cell."""
        chain = self.chains[place]
        if Column(column) is Column.WHO:
            kind = msg("Identity") if chain.identity is not None else msg("Partner")
            icon = "identities" if chain.identity is not None else "server"
            why = say(msg("{kind}: {why}", kind=kind, why=chain.why))
            title = chain_title(chain)
            return CellView(
                icon=icon, word=title, second=why, spoken=f"{title}\n{visible(chain.place)}\n{why}"
            )
        is_after = Column(column) is Column.AFTER
        standing = chain.after if is_after else chain.before
        state, words = STANDING_STATES[standing], STANDING_WORDS[standing]
        # What was so before is no alarm: only what will be so is in the colour of trouble.
        ink = _INKS.get(state, "text") if is_after else "text"
        return CellView(state=state, word=say(words), ink=ink, spoken=say(words))


class ImpactTable(TwoLineTable):
    """The view on `ImpactModel`."""

    def __init__(self, model: ImpactModel, parent: QWidget | None = None) -> None:
        super().__init__(
            model,
            name=say(msg("Who loses or gains trust")),
            with_icon=(Column.BEFORE, Column.AFTER),
            dropped_first=(Column.BEFORE,),
            narrowest=150,
            opens_on_click=False,
            parent=parent,
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        words = {say(word) for word in STANDING_WORDS.values()}
        self.measure_words({Column.BEFORE: words, Column.AFTER: words})


class CountTile(QWidget):
    """A count with its two words on the ground of its state."""

    def __init__(self, state: State, count: int, words: Message) -> None:
        super().__init__()
        # Nobody is no state: a zero is grey.
        self._state = state if count else State.NOT_APPLICABLE
        self._count, self._words = str(count), say(words)
        self.setAccessibleName(f"{count} {self._words}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return room for icon, count and words in two lines."""
        widest = max(metrics(TypeStyle.SECOND_LINE).horizontalAdvance(word) for word in self._lines())
        number = metrics(TypeStyle.SUBJECT_TITLE).horizontalAdvance(self._count)
        return QSize(
            10 + 16 + 8 + number + 10 + widest + 10, max(40, 2 * metrics(TypeStyle.SECOND_LINE).height() + 8)
        )

    def minimumSizeHint(self) -> QSize:
        """Return the same: a count is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the tile."""
        look, tokens = state_look(self._state), current_theme().tokens
        painter = QPainter(self)
        paint_rounded(painter, QRectF(self.rect()), CONTROL_RADIUS, fill=look.ground)
        height = self.height()
        icon = self._mirrored(QRect(10, (height - 16) // 2, 16, 16))
        painter.drawPixmap(icon.topLeft(), pixmap(look.icon, look.color, 16, self.devicePixelRatioF()))
        number = metrics(TypeStyle.SUBJECT_TITLE).horizontalAdvance(self._count)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(font(TypeStyle.SUBJECT_TITLE))
        painter.setPen(QColor(tokens.text))
        painter.drawText(self._mirrored(QRect(34, 0, number + 2, height)), middle, self._count)
        painter.setFont(font(TypeStyle.SECOND_LINE))
        painter.setPen(QColor(tokens.text2))
        line = metrics(TypeStyle.SECOND_LINE).height()
        lines = self._lines()
        top = (height - line * len(lines)) // 2
        for place, word in enumerate(lines):
            spot = QRect(34 + number + 10, top + place * line, self.width() - 44 - number, line)
            painter.drawText(self._mirrored(spot), middle, word)
        painter.end()

    def _lines(self) -> list[str]:
        first, _, rest = self._words.partition(" ")
        return [first, rest] if rest else [first]

    def _mirrored(self, rect: QRect) -> QRect:
        return self.style().visualRect(self.layoutDirection(), self.rect(), rect)


def count_tiles(impact: Impact) -> Iterator[CountTile]:
    """Yield the counts that matter; who gains is shown where anybody does."""
    losing = sum(one.loses for one in impact.partners)
    yield CountTile(State.BAD, losing, msg_n("partner loses", "partners lose", losing))
    losing = sum(one.loses for one in impact.identities)
    yield CountTile(State.BAD, losing, msg_n("identity loses", "identities lose", losing))
    gaining = sum(one.gains for one in impact.partners)
    yield CountTile(State.GOOD, gaining, msg_n("partner gains", "partners gain", gaining))
    gaining = sum(one.gains for one in impact.identities)
    if gaining:
        yield CountTile(State.GOOD, gaining, msg_n("identity gains", "identities gain", gaining))


class PathLine(QWidget):
    """The path that breaks or comes, end entity first, as a line of certificates."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Text(style=TypeStyle.ROW_TITLE_BAD, wrap=True)
        self._line = QWidget()
        self._flow = Flow(self._line, gap=6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._title)
        layout.addWidget(self._line)

    @property
    def words(self) -> str:
        """Title and path as one text."""
        return self.accessibleName()

    def show_chain(self, chain: AffectedChain | None) -> None:
        """Show the path of one whose verdict changes; None hides everything."""
        self.setVisible(chain is not None)
        while (item := self._flow.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.hide()
                part.deleteLater()
        if chain is None:
            return
        lost = bool(chain.lost_path) and chain.after is not Standing.TRUSTED
        path = chain.lost_path if lost else chain.gained_path
        title = (
            msg("Lost path of {who}", who=chain_title(chain))
            if lost
            else msg("New path of {who}", who=chain_title(chain))
        )
        if not path:
            title = msg("No path of {who} is known", who=chain_title(chain))
        self._title.setText(say(title))
        said = []
        for place, certificate in enumerate(path):
            name = say(msg("its certificate")) if place == 0 else _short(certificate.title)
            if place:
                self._flow.addWidget(Text("›", TypeStyle.BODY, "text3"))
            if lost and certificate.sha256 == chain.broken_by:
                chip = StateChip()
                chip.show_state(
                    State.BAD, name, name=say(msg("{name}: this one breaks the path", name=certificate.title))
                )
                self._flow.addWidget(chip)
                said.append(say(msg("{name} (breaks it)", name=name)))
            else:
                label = Text(name, TypeStyle.SECOND_LINE, "text2" if place == 0 else "text")
                label.setMinimumHeight(22)
                self._flow.addWidget(label)
                said.append(name)
        self.setAccessibleName(f"{self._title.text()}: {' › '.join(said)}. {say(chain.why)}")
        self._line.updateGeometry()


def _short(title: str) -> str:
    shown = visible(title)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"


def tile_row(tiles: Iterator[CountTile]) -> QWidget:
    """Return the tiles side by side."""
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for tile in tiles:
        layout.addWidget(tile)
    return row
