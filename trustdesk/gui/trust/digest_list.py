"""Digests below one another, each with its name and a cross; a field takes one more, in any spelling."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.gui.handshake.field_cell import line_edit, set_invalid
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import fingerprint_text, say
from trustdesk.services.fingerprints import MAX_TEXT, sha256_in


class DigestList(QWidget):
    """SHA-256 digests.

    Signals:
        changed: one more, or one less.
    """

    changed = Signal()

    def __init__(self, asks: Message | None, digests: Sequence[str], parent: QWidget | None = None) -> None:
        """Make it; `asks` names the field for one more, None for no field."""
        super().__init__(parent)
        self._rows: dict[str, QWidget] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self.field = line_edit(
            "" if asks is None else say(asks), placeholder="" if asks is None else say(asks)
        )
        self.field.setMaxLength(MAX_TEXT)
        self.add_button = Button(say(msg("Add")), icon="add", name=say(msg("Add the fingerprint")))
        self.add_button.setAutoDefault(False)
        self._problem = Text(style=TypeStyle.SECOND_LINE, ink="bad", wrap=True)
        self._problem.hide()
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.add_button)
        line.setVisible(asks is not None)
        self._layout.addWidget(line)
        self._layout.addWidget(self._problem)
        self.add_button.clicked.connect(self._take)
        self.field.returnPressed.connect(self._take)
        self.field.textChanged.connect(self._forgive)
        for one in digests:
            self.add(one)

    @property
    def digests(self) -> tuple[str, ...]:
        """The digests, in the order in which they came."""
        return tuple(self._rows)

    def add(self, digest: str, name: str = "") -> None:
        """Take one more; one that is there already changes nothing."""
        if digest in self._rows:
            return
        row = QWidget()
        inside = QHBoxLayout(row)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        words = Text(fingerprint_text(digest), TypeStyle.FIXED, "text2")
        words.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        if name:
            both = QVBoxLayout()
            both.setSpacing(1)
            both.addWidget(Text(name, TypeStyle.ROW_TITLE, wrap=True))
            both.addWidget(words)
            inside.addLayout(both, 1)
        else:
            inside.addWidget(words, 1)
        remove = Button(
            icon="close",
            kind=ButtonKind.BARE,
            name=say(msg("Remove {name}", name=name or digest[:16])),
        )
        remove.setAutoDefault(False)
        remove.clicked.connect(lambda: self.remove(digest))
        inside.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
        self._rows[digest] = row
        self._layout.insertWidget(self._layout.count() - 2, row)
        self.changed.emit()

    def remove(self, digest: str) -> None:
        """Take one away."""
        row = self._rows.pop(digest, None)
        if row is not None:
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
            self.changed.emit()

    def _take(self) -> None:
        digest = sha256_in(self.field.text().strip())
        if digest is None:
            set_invalid(self.field, True)
            self._problem.setText(
                say(msg("It is no SHA-256 fingerprint: 64 hexadecimal digits are expected."))
            )
            self._problem.show()
            return
        self.field.clear()
        self.add(digest)

    def _forgive(self) -> None:
        set_invalid(self.field, False)
        self._problem.hide()
