"""Rows of fields that a person adds and takes away: contacts, and whatever else there are several of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from trustdesk.core.message import Message
from trustdesk.gui.handshake.field_cell import line_edit
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.words import say


@dataclass(frozen=True, slots=True)
class LineField:
    """One field of each row.

    Attributes:
        stretch: its share of the width.
        runs_with_language: whether it holds words of a language, and no address.
    """

    name: Message
    stretch: int = 1
    runs_with_language: bool = False


class LineRows(QWidget):
    """The rows, with a button below that adds one.

    Signals:
        changed: something was written, added or taken away.
    """

    changed = Signal()

    def __init__(
        self, fields: Sequence[LineField], *, add: Message, remove: Message, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._fields = tuple(fields)
        self._remove = remove
        self._rows: list[tuple[QWidget, tuple[QLineEdit, ...]]] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(6)
        self.add_button = Button(say(add), icon="add")
        self.add_button.setAutoDefault(False)
        self.add_button.clicked.connect(self._add_by_hand)
        foot = QHBoxLayout()
        foot.addWidget(self.add_button)
        foot.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(self._column)
        layout.addLayout(foot)

    @property
    def values(self) -> tuple[tuple[str, ...], ...]:
        """What is written in each row."""
        return tuple(tuple(edit.text() for edit in edits) for _, edits in self._rows)

    def edit(self, row: int, field: int) -> QLineEdit:
        """Return a field of a row."""
        return self._rows[row][1][field]

    def add(self, values: Sequence[str] = ()) -> QLineEdit:
        """Add a row with what it holds; return its first field."""
        line = QWidget()
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        edits = []
        for place, field in enumerate(self._fields):
            edit = line_edit(say(field.name), placeholder=say(field.name))
            if field.runs_with_language:
                edit.setLayoutDirection(self.layoutDirection())
            edit.setText(values[place] if place < len(values) else "")
            # Of what is too long the beginning shows, and not the end.
            edit.setCursorPosition(0)
            edit.textChanged.connect(self.changed)
            layout.addWidget(edit, field.stretch)
            edits.append(edit)
        remove = Button(icon="remove", kind=ButtonKind.BARE, name=say(self._remove))
        remove.setAutoDefault(False)
        layout.addWidget(remove)
        self._rows.append((line, tuple(edits)))
        remove.clicked.connect(lambda: self._take_away(line))
        self._column.addWidget(line)
        return edits[0]

    def _add_by_hand(self) -> None:
        self.add().setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _take_away(self, line: QWidget) -> None:
        self._rows = [row for row in self._rows if row[0] is not line]
        line.hide()
        line.deleteLater()
        self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()
