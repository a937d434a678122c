"""All keys of the window, with a filter: made from the table that sets them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from trustdesk.core.message import msg
from trustdesk.gui.inspector.row_table import RowCell, RowColumn, RowTable
from trustdesk.gui.shortcuts import WHERE_WORDS, Key, Shortcut, Where, native
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.filter_field import FilterField
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.plain_view import framed
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


class ShortcutSheet(PlainDialog):
    """The sheet; the keys of the page in view stand first.

    Attributes:
        field: the filter, over keys, words and places.
        table: one row for each thing that keys do.
    """

    def __init__(self, parent: QWidget, page: str) -> None:
        super().__init__(
            parent,
            msg("Keyboard shortcuts"),
            msg("What the keyboard does: first on the page in view, then everywhere, then on other pages."),
            size=(720, 640),
        )
        self._shortcuts = in_order(page)
        self.field = FilterField(name=say(msg("Filter the keys")), hint=say(msg("Key or word …")))
        self.field.textChanged.connect(self._show)
        self.table: RowTable[Shortcut] = RowTable(
            (
                RowColumn(
                    head=msg("Keys to press"),
                    cell=lambda one: RowCell(keys_text(one), style=TypeStyle.ROW_TITLE),
                    width=26,
                ),
                RowColumn(head=msg("What it does"), cell=lambda one: RowCell(say(one.words))),
                RowColumn(
                    head=msg("Where"),
                    cell=lambda one: RowCell(say(WHERE_WORDS[one.where]), "text2"),
                    width=26,
                ),
            ),
            name=say(msg("Keyboard shortcuts")),
            spoken=lambda one: f"{keys_text(one)}: {say(one.words)}, {say(WHERE_WORDS[one.where])}",
            opens_on_click=False,
        )
        self._none = Text(say(msg("No key has these words.")), ink="text2")
        self.content.addWidget(self.field)
        self.content.addWidget(framed(self.table), 1)
        self.content.addWidget(self._none)
        self._show("")
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, words: str) -> None:
        wanted = words.casefold().split()
        rows = [one for one in self._shortcuts if all(word in _searched(one).casefold() for word in wanted)]
        self.table.show_rows(rows)
        self._none.setVisible(not rows)
        if rows:
            self.table.setCurrentIndex(self.table.model().index(0, 0))


def in_order(page: str) -> Sequence[Shortcut]:
    """Return all shortcuts: those of a page, those that work everywhere, the others as in the table."""
    first = [page, Where.EVERYWHERE.value]
    return sorted(
        (key.value for key in Key),
        key=lambda one: first.index(one.where) if one.where in first else len(first),
    )


def keys_text(shortcut: Shortcut) -> str:
    """Return the keys as this system writes them, one beside the other."""
    return "  ·  ".join(native(one) for one in shortcut.keys)


def _searched(shortcut: Shortcut) -> str:
    return f"{keys_text(shortcut)} {say(shortcut.words)} {say(WHERE_WORDS[shortcut.where])}"
