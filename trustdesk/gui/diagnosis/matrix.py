"""The probe matrix: a grid of buttons, each a probe that opens its ladder, and its table twin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextLayout
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from trustdesk.core.diagnosis import ProbeVariant, VariantProbe
from trustdesk.core.message import msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.diagnosis.matrix_cells import NOT_RUN, MatrixCell, MatrixRow, matrix_rows
from trustdesk.gui.diagnosis.matrix_table import MatrixTable
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme, state_look
from trustdesk.gui.theme.type import TypeStyle, font, metrics
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.painting import CONTROL_RADIUS, paint_focus, paint_rounded, shows_focus
from trustdesk.gui.widgets.paragraph import lay_out
from trustdesk.gui.widgets.ring import paint_ring, ring_clock
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.board import State

_ICON = 16
_PADDING = 10


class ProbeMatrix(QWidget):
    """Certificate across, version down.

    Signals:
        probe_chosen: the VariantProbe whose ladder the person wants to see.
    """

    probe_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Text(say(msg("Probe matrix")), TypeStyle.ROW_TITLE_BAD)
        self._fact = Text(style=TypeStyle.SECOND_LINE, ink="text2")
        self._twin = Button(
            icon="table-twin", kind=ButtonKind.BARE, name=say(msg("Show the probes as a table"))
        )
        self._twin.setCheckable(True)
        self._twin.toggled.connect(self._turn)
        self._without = ElidedLabel(say(msg("no certificate")), TypeStyle.SECOND_LINE, "text2")
        self._selected = ElidedLabel(style=TypeStyle.SECOND_LINE, ink="text2")
        self._grid_widget = QWidget()
        self._grid = QGridLayout(self._grid_widget)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)
        self._grid.addWidget(self._without, 0, 1)
        self._grid.addWidget(self._selected, 0, 2)
        self._table = MatrixTable()
        self._table.probe_chosen.connect(self.probe_chosen)
        self._table.hide()
        self._parts: list[QWidget] = []
        self._shown: tuple[MatrixRow, ...] | None = None
        self.cells: dict[str, CellButton] = {}
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._fact)
        head.addWidget(self._twin)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self._grid_widget)
        layout.addWidget(self._table)

    @property
    def table(self) -> MatrixTable:
        """The table twin."""
        return self._table

    @property
    def twin(self) -> Button:
        """The button that turns to the table twin."""
        return self._twin

    def show_probes(
        self,
        probes: Sequence[VariantProbe],
        running: Mapping[str, ProbeVariant],
        *,
        identity: str | None,
        fact: str,
        is_current: bool = True,
    ) -> None:
        """Show probes and those that go on; `identity` None leaves the second column out.

        Args:
            is_current: see `matrix_rows`.
        """
        rows = matrix_rows(probes, running, is_current=is_current)
        both = identity is not None or any(row.selected for row in rows)
        self._fact.setText(fact)
        self._selected.setText(say(msg("our certificate")) if identity is None else visible(identity))
        self._selected.setVisible(both)
        self._grid.setColumnStretch(2, 1 if both else 0)
        if rows != self._shown:
            self._shown = rows
            self._fill(rows, with_identity=both)
        self._table.show_probes(probes)

    def focus_probe(self, number: str) -> None:
        """Move the keyboard to the cell of a probe (a probe number in the evidence was pressed)."""
        cell = self.cells.get(number)
        if cell is not None:
            self._twin.setChecked(False)
            cell.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill(self, rows: Sequence[MatrixRow], *, with_identity: bool) -> None:
        for part in self._parts:
            part.setParent(None)
            part.deleteLater()
        self._parts.clear()
        self.cells.clear()
        for place, row in enumerate(rows, 1):
            label = Text(say(row.label), TypeStyle.LABEL, "text2", wrap=True)
            label.setMaximumWidth(96)
            self._add(label, place, 0)
            columns = (row.without, row.selected) if with_identity else (row.without,)
            for column, cells in enumerate(columns, 1):
                box = QWidget()
                lines = QVBoxLayout(box)
                lines.setContentsMargins(0, 0, 0, 0)
                lines.setSpacing(4)
                for cell in cells:
                    button = CellButton(cell, f"{say(row.label)}, {self._column_words(column)}")
                    button.clicked.connect(lambda _checked=False, one=cell: self._choose(one))
                    self.cells[cell.id] = button
                    lines.addWidget(button)
                if not cells:
                    lines.addWidget(EmptyCell())
                self._add(box, place, column)

    def _column_words(self, column: int) -> str:
        return self._without.text() if column == 1 else self._selected.text()

    def _add(self, part: QWidget, row: int, column: int) -> None:
        self._parts.append(part)
        self._grid.addWidget(part, row, column)

    def _choose(self, cell: MatrixCell) -> None:
        if cell.probe is not None:
            self.probe_chosen.emit(cell.probe)

    def _turn(self, as_table: bool) -> None:
        self._grid_widget.setVisible(not as_table)
        self._table.setVisible(as_table)


class EmptyCell(QWidget):
    """No probe was made here: a dash and two words, without a ground."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(_PADDING, 6, _PADDING, 6)
        layout.addWidget(Text(say(NOT_RUN), TypeStyle.SECOND_LINE, "text2"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the outline."""
        painter = QPainter(self)
        paint_rounded(
            painter, QRectF(self.rect()), CONTROL_RADIUS, fill=None, outline=current_theme().tokens.border
        )
        painter.end()


class CellButton(QPushButton):
    """One probe: icon, what came of it, its number, what that rests on."""

    def __init__(self, cell: MatrixCell, where: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cell = cell
        self._title = say(cell.title)
        self._detail = "" if cell.detail is None else say(cell.detail)
        words = ", ".join(part for part in (cell.id, where, self._title, self._detail) if part)
        self.setAccessibleName(words)
        self.setEnabled(cell.probe is not None)
        if cell.probe is not None:
            self.setToolTip(say(msg("{id}: show its messages", id=cell.id)))
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if cell.state is State.RUNNING:
            ring_clock().moved.connect(self.update)

    @property
    def state(self) -> State:
        """How the probe stands."""
        return self._cell.state

    def hasHeightForWidth(self) -> bool:
        """Whether the height follows from the width: long names of alerts take another line."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines."""
        heights = (height for _layout, height in self._paragraphs(width))
        return round(sum(heights) + 0.49) + 12

    def sizeHint(self) -> QSize:
        """Return the height of two lines; the width is the column's."""
        return QSize(170, self.heightForWidth(170))

    def minimumSizeHint(self) -> QSize:
        """Return room for a few letters."""
        lines = metrics(TypeStyle.ROW_TITLE_BAD).height() + metrics(TypeStyle.SECOND_LINE).height()
        return QSize(96, lines + 12)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground of the state, and the words."""
        tokens, look = current_theme().tokens, state_look(self._cell.state)
        quiet = self._cell.state in {State.NOT_APPLICABLE, State.RUNNING, State.UNKNOWN}
        painter = QPainter(self)
        rect = QRectF(self.rect())
        outline = tokens.border if quiet or self.underMouse() else None
        ground = tokens.sunken if quiet else look.ground
        paint_rounded(painter, rect, CONTROL_RADIUS, fill=ground, outline=outline)
        box = self._mirrored(QRect(_PADDING, 8, _ICON, _ICON))
        if self._cell.state is State.RUNNING:
            paint_ring(painter, QRectF(box), look.color)
        else:
            painter.drawPixmap(box.topLeft(), pixmap(look.icon, look.color, _ICON, self.devicePixelRatioF()))
        loud = self._cell.state in {State.BAD, State.WARNING}
        inks = (look.color if loud else tokens.text, tokens.text2)
        left, top = _PADDING + _ICON + 8, 6.0
        for (layout, height), ink in zip(self._paragraphs(self.width()), inks, strict=True):
            place = self._mirrored(QRect(left, 0, self._room(self.width()), 1))
            painter.setPen(QColor(ink))
            layout.draw(painter, QPointF(place.left(), top))
            top += height
        number = metrics(TypeStyle.LABEL).horizontalAdvance(self._cell.id) + 1
        line = metrics(TypeStyle.ROW_TITLE_BAD).height()
        painter.setFont(font(TypeStyle.LABEL))
        painter.setPen(QColor(tokens.text2))
        corner = self._mirrored(QRect(self.width() - _PADDING - number, 6, number, line))
        painter.drawText(corner, int(Qt.AlignmentFlag.AlignVCenter), self._cell.id)
        if shows_focus(self):
            paint_focus(painter, rect, CONTROL_RADIUS)
        painter.end()

    def _paragraphs(self, width: int) -> list[tuple[QTextLayout, float]]:
        # A name of an alert may be broken at its underscores.
        words = (
            (self._title.replace("_", "_\u200b"), TypeStyle.ROW_TITLE_BAD),
            (self._detail, TypeStyle.SECOND_LINE),
        )
        direction = self.layoutDirection()
        return [
            lay_out(text, font(style), self._room(width), direction=direction)
            if text
            else (QTextLayout(), 0.0)
            for text, style in words
        ]

    def _room(self, width: int) -> int:
        number = metrics(TypeStyle.LABEL).horizontalAdvance(self._cell.id) + 1
        return max(48, width - _PADDING - _ICON - 8 - number - _PADDING - 4)

    def _mirrored(self, rect: QRect) -> QRect:
        return self.style().visualRect(self.layoutDirection(), self.rect(), rect)
