"""The fields of one message, in words: names beside values, long values wrapped."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QSizePolicy, QVBoxLayout, QWidget

from trustdesk.core.diagnosis import IdentityMatch
from trustdesk.core.message import msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.handshake.cells import CellRole, Index, PlainTable
from trustdesk.gui.handshake.identity_matches import IdentityMatches
from trustdesk.gui.handshake.ladder import line_text
from trustdesk.gui.handshake.ladder_rows import LadderRow, RowKind
from trustdesk.gui.handshake.message_names import field_name
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_VALUE_LIMIT = 1000
_TOP = QModelIndex()
_HEX = re.compile(r"[0-9a-f]{16,}")


def field_lines(row: LadderRow) -> tuple[tuple[str, str], ...]:
    """Return name and value of every field of a message; a message without any shows its summary."""
    lines = [(field_name(name), visible(value, _VALUE_LIMIT)) for name, value in row.event.fields]
    if not lines and row.detail:
        lines = [(say(msg("Summary")), row.detail)]
    return tuple(lines)


class FieldsModel(QAbstractTableModel):
    """Two columns: name, value. A name that repeats is shown once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[tuple[str, str], ...] = ()

    def show_lines(self, lines: Sequence[tuple[str, str]]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self._lines = tuple(lines)
        self.endResetModel()

    def rowCount(self, parent: Index = _TOP) -> int:
        """Return the number of lines."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _TOP) -> int:
        """Return two."""
        return 0 if parent.isValid() else 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text, look and clipboard line of a cell."""
        name, value = self._lines[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                if index.column() == 1:
                    return value
                repeats = index.row() > 0 and self._lines[index.row() - 1][0] == name
                return "" if repeats else name
            case Qt.ItemDataRole.AccessibleTextRole | CellRole.LINE:
                return f"{name}: {value}"
            case CellRole.INK:
                return "text" if index.column() else "text2"
            case CellRole.STYLE:
                if not index.column():
                    return TypeStyle.LABEL
                return TypeStyle.FIXED if _HEX.fullmatch(value) else TypeStyle.BODY
            case _:
                return None


class FieldsCard(Card):
    """What the selected message says."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: LadderRow | None = None
        self._icon = QLabel()
        self._title = ElidedLabel(style=TypeStyle.SECTION)
        self._fact = Text(style=TypeStyle.SECOND_LINE, ink="text2")
        self._hint = Text(
            say(msg("Select a message of the ladder to see what it says.")), ink="text2", wrap=True
        )
        self._model = FieldsModel(self)
        self._table = PlainTable(name=say(msg("Fields of the message")), wraps=True, padding=6)
        self._table.setModel(self._model)
        self._table.horizontalHeader().hide()
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.matches = IdentityMatches()
        head = QHBoxLayout()
        head.setContentsMargins(6, 0, 6, 0)
        head.setSpacing(8)
        head.addWidget(self._icon)
        head.addWidget(self._title)
        head.addWidget(self._fact, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 12, 10, 10)
        layout.setSpacing(8)
        layout.addLayout(head)
        hint = QHBoxLayout()
        hint.setContentsMargins(6, 0, 6, 0)
        hint.addWidget(self._hint)
        layout.addLayout(hint)
        layout.addWidget(self.matches)
        layout.addWidget(self._table, 1)
        layout.addStretch(0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        current_theme().changed.connect(self._take_theme)
        self.show_row(None)

    def show_row(self, row: LadderRow | None) -> None:
        """Show the fields of a message; None asks to select one."""
        self._row = row
        lines = () if row is None else field_lines(row)
        self._model.show_lines(lines)
        self._table.setVisible(bool(lines))
        self._title.setText(say(msg("Message")) if row is None else row.name)
        self._title.set_ink("bad" if row is not None and row.kind is RowKind.TROUBLE else "text")
        self._fact.setText("" if row is None else _fact(row))
        self._hint.setText(
            say(
                msg("Select a message of the ladder to see what it says.")
                if row is None
                else msg("This message says nothing more.")
            )
        )
        self._hint.setVisible(not lines)
        self._show_matches()
        self.setAccessibleName("" if row is None else line_text(row))
        self._fit()
        self._take_theme()

    def show_matches(self, matches: Sequence[IdentityMatch], chosen: str | None) -> None:
        """Join the server's request with identities; it shows while a CertificateRequest is in view."""
        self.matches.show_matches(matches, chosen)
        self._show_matches()

    def _show_matches(self) -> None:
        asks = self._row is not None and self._row.event.message == "certificate_request"
        self.matches.setVisible(asks and self.matches.has_matches)

    def sizeHint(self) -> QSize:
        """Return room for a few fields: they scroll, and take what the column has left."""
        return QSize(super().sizeHint().width(), 150)

    def focus_fields(self) -> None:
        """Move the keyboard into the fields, where there are any."""
        if self._model.rowCount():
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)
            self._table.selectRow(0)

    @property
    def natural_height(self) -> int:
        """Height at which no field has to scroll."""
        rows = sum(self._table.rowHeight(row) for row in range(self._model.rowCount()))
        joined = self.matches.sizeHint().height() + 8 if self.matches.isVisibleTo(self) else 0
        return joined + (rows + 64 if rows else 90)

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        names = [str(self._model.index(row, 0).data() or "") for row in range(self._model.rowCount())]
        widest = max((metrics.horizontalAdvance(name) for name in names), default=60)
        self._table.setColumnWidth(0, min(190, widest + 20))
        self._table.resizeRowsToContents()

    def _take_theme(self) -> None:
        tokens = current_theme().tokens
        encrypted = self._row is not None and self._row.encrypted
        self._icon.setVisible(encrypted)
        self._icon.setPixmap(pixmap("lock", tokens.text2, 16, self.devicePixelRatioF()))
        self._icon.setAccessibleName(say(msg("encrypted")))


def _fact(row: LadderRow) -> str:
    if not row.size:
        return say(msg("{time} ms", time=row.time))
    return say(msg("{time} ms, {size} bytes", time=row.time, size=row.size))
