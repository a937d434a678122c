"""The raw certificate: its parts by name beside its bytes, or as PEM."""

from __future__ import annotations

import base64
import textwrap

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.inspection import ByteField, ExtensionFacts
from trustdesk.core.message import msg
from trustdesk.gui.inspector.hex_lines import NamedBytes, innermost, named_bytes
from trustdesk.gui.inspector.hex_view import HexView
from trustdesk.gui.inspector.row_table import RowCell, RowColumn, RowTable
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.segment import Segment
from trustdesk.gui.words import say

_MAX_PEM = 256 * 1024
"""Octets of an item that are shown as PEM; more would hold up the window, and the copy has it all."""


def pem_text(der: bytes, label: str) -> str:
    """Return an item as PEM (RFC 7468), lines of 64 characters."""
    body = "\n".join(textwrap.wrap(base64.b64encode(der).decode("ascii"), 64))
    return f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n"


class RawPane(Card):
    """Names, hex, PEM.

    Signals:
        copy_wanted: the person wants the item as PEM in the clipboard.
    """

    copy_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[NamedBytes, ...] = ()
        self._form = Segment(
            (("der", say(msg("Bytes"))), ("pem", say(msg("PEM")))), name=say(msg("Shown as"))
        )
        self._fact = ElidedLabel(ink="text2")
        self._copy = Button(say(msg("Copy PEM")), icon="copy", key="Ctrl+C")
        self.names: RowTable[NamedBytes] = RowTable(
            _COLUMNS, name=say(msg("Parts by name")), spoken=lambda part: part.name
        )
        self.hex = HexView()
        self.pem = QPlainTextEdit()
        self.pem.setReadOnly(True)
        self.pem.setFont(font(TypeStyle.FIXED))
        self.pem.setAccessibleName(say(msg("PEM text")))
        self.pem.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.pem.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.pem.setTabChangesFocus(True)
        self.pem.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._stack = QStackedWidget()
        self._form.changed.connect(self._turn)
        self._copy.clicked.connect(self.copy_wanted)
        self.names.opened.connect(self._show_part)
        self.names.selectionModel().currentRowChanged.connect(lambda index: self._show_part(index.row()))
        self.hex.pressed_at.connect(lambda offset: self.mark(offset, offset + 1))
        current_theme().changed.connect(self._dress)
        self._build()
        self._dress()

    def show_item(
        self,
        der: bytes,
        label: str | None,
        fields: tuple[ByteField, ...],
        extensions: tuple[ExtensionFacts, ...],
    ) -> None:
        """Show another item; `label` is that of its PEM, None for what has none."""
        self._form.setVisible(label is not None)
        self._copy.setVisible(label is not None)
        self.names.setVisible(label is not None)
        if label is None:
            self._turn("der")
        self._parts = named_bytes(fields, extensions)
        self.names.show_rows(self._parts)
        self.names.clearSelection()
        self.hex.show_data(der)
        cut = len(der) > _MAX_PEM
        too_long = say(msg("{size} bytes are too many to be shown as PEM; Copy has them all.", size=len(der)))
        self.pem.setPlainText(too_long if cut else pem_text(der, label) if label is not None else "")
        self._fact.setText(say(msg("{size} bytes", size=len(der))))

    def mark(self, start: int, end: int) -> None:
        """Show bytes, marked, with the part that they belong to."""
        self._form.set_current("der")
        self._turn("der")
        part = innermost(self._parts, start, end)
        if part is not None:
            place = self._parts.index(part)
            blocked = self.names.selectionModel().blockSignals(True)
            self.names.selectRow(place)
            self.names.selectionModel().blockSignals(blocked)
            self.names.viewport().update()
            self.names.scrollTo(self.names.model().index(place, 0))
            if end - start == 1:
                start, end = part.start, part.end
        self.hex.mark(start, end, "" if part is None else part.name)

    def _show_part(self, place: int) -> None:
        if 0 <= place < len(self._parts):
            part = self._parts[place]
            self.hex.mark(part.start, part.end, part.name)

    def _turn(self, form: str) -> None:
        self._stack.setCurrentIndex(0 if form == "der" else 1)

    def _dress(self) -> None:
        tokens = current_theme().tokens
        self.pem.setStyleSheet(
            f"QPlainTextEdit {{ background: {tokens.surface}; color: {tokens.text}; padding: 4px 8px; }}"
        )

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(12, 10, 12, 8)
        head.setSpacing(10)
        head.addWidget(self._form)
        head.addWidget(self._fact, 1)
        head.addWidget(self._copy)
        beside = QWidget()
        row = QHBoxLayout(beside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.names, 1)
        row.addWidget(self.hex, 0)
        self.names.setMinimumWidth(200)
        self.hex.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.hex.setMinimumSize(QSize(240, 200))
        self._stack.addWidget(beside)
        self._stack.addWidget(self.pem)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 0, 1, 8)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)


_COLUMNS: tuple[RowColumn[NamedBytes], ...] = (
    RowColumn(head=msg("Part"), cell=lambda part: RowCell(part.name, "text", "", TypeStyle.ROW_TITLE)),
    RowColumn(head=msg("From"), cell=lambda part: RowCell(str(part.start), "text2"), width=7),
    RowColumn(
        head=msg("Bytes"),
        cell=lambda part: RowCell(str(part.end - part.start), "text2"),
        width=7,
        goes_first=1,
    ),
)
