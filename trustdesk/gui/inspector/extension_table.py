"""Extensions in words, one row each: name, whether it is critical, meaning, what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trustdesk.core.inspection import ExtensionFacts
from trustdesk.core.message import msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.inspector.row_table import RowCell, RowColumn, RowTable
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.card import Card, Hairline
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_MAX_LINES = 60


def meaning(extension: ExtensionFacts) -> str:
    """Return an extension in words, on one line."""
    if extension.problem is not None:
        return say(extension.problem)
    if extension.text is None:
        return say(msg("Not known here: {size} bytes.", size=len(extension.der)))
    return "; ".join(say(line) for line in extension.text[:_MAX_LINES])


def whole_meaning(extension: ExtensionFacts) -> str:
    """Return all that can be said of an extension, a line each."""
    lines = [say(msg("{name} ({oid})", name=extension.name, oid=extension.oid))]
    lines.append(say(msg("Critical") if extension.critical else msg("Not critical")))
    if extension.problem is not None:
        lines.append(say(extension.problem))
    lines += [say(line) for line in (extension.text or ())[:_MAX_LINES]]
    hidden = len(extension.text or ()) - _MAX_LINES
    if hidden > 0:
        lines.append(say(msg("and {count} more", count=hidden)))
    if extension.text is None and extension.problem is None:
        lines.append(visible(extension.der[:64].hex(" ").upper()))
    return "\n".join(lines)


class ExtensionPane(Card):
    """A table, and below it the selected extension in full.

    Signals:
        bytes_wanted: offset and end of an extension, for the raw view.
    """

    bytes_wanted = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table: RowTable[ExtensionFacts] = RowTable(
            _COLUMNS, name=say(msg("Extensions")), spoken=lambda one: whole_meaning(one).replace("\n", ", ")
        )
        self._whole = Text(wrap=True)
        self._hint = Text(say(msg("Enter shows its bytes.")), TypeStyle.SECOND_LINE, "text3")
        self._empty = Text(say(msg("It has no extensions.")), ink="text2")
        self.table.selectionModel().currentRowChanged.connect(lambda index: self._show(index.row()))
        self.table.activated.connect(lambda index: self._open(index.row()))
        self.table.opened.connect(self._pressed)
        foot = QVBoxLayout()
        foot.setContentsMargins(15, 8, 15, 12)
        foot.setSpacing(4)
        foot.addWidget(self._empty)
        foot.addWidget(self._whole)
        foot.addWidget(self._hint)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self.table, 1)
        self._line = Hairline()
        layout.addWidget(self._line)
        layout.addLayout(foot)

    def show_extensions(self, extensions: Sequence[ExtensionFacts]) -> None:
        """Show other extensions, the first one in full."""
        self.table.show_rows(tuple(extensions))
        some = bool(extensions)
        self.table.setVisible(some)
        self._empty.setVisible(not some)
        for part in (self._whole, self._hint, self._line):
            part.setVisible(some)
        if some:
            self.table.selectRow(0)
            self._show(0)

    def _show(self, place: int) -> None:
        if 0 <= place < len(self.table.rows):
            self._whole.setText(whole_meaning(self.table.rows[place]))

    def _pressed(self, place: int) -> None:
        self._show(place)

    def _open(self, place: int) -> None:
        extension = self.table.rows[place]
        self.bytes_wanted.emit(extension.offset, extension.offset + extension.length)


def _name(extension: ExtensionFacts) -> RowCell:
    if extension.problem is not None:
        return RowCell(visible(extension.name, 60), "bad", "bad", TypeStyle.ROW_TITLE_BAD)
    return RowCell(visible(extension.name, 60), "text", "", TypeStyle.ROW_TITLE)


def _critical(extension: ExtensionFacts) -> RowCell:
    return RowCell(say(msg("critical")), "text", "lock") if extension.critical else RowCell("–", "text3")


_COLUMNS: tuple[RowColumn[ExtensionFacts], ...] = (
    RowColumn(head=msg("Extension"), cell=_name, width=26),
    RowColumn(head=msg("Critical"), cell=_critical, width=11),
    RowColumn(
        head=msg("In words"),
        cell=lambda one: RowCell(meaning(one), "bad" if one.problem is not None else "text"),
    ),
    RowColumn(
        head=msg("OID"), cell=lambda one: RowCell(visible(one.oid, 60), "text2"), width=20, goes_first=1
    ),
)
