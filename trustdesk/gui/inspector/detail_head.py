"""Name of the item in view, its issuer as a link, its dates, and what can be done with it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.inspection import ItemKind
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.inspector.facts import validity_words
from trustdesk.gui.inspector.opened import OpenedItem
from trustdesk.gui.names import common_name
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.state_chip import StateChip
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_KINDS: dict[ItemKind, Message] = {
    ItemKind.PRIVATE_KEY: msg("Private key"),
    ItemKind.CSR: msg("Request"),
    ItemKind.CRL: msg("Revocation list"),
    ItemKind.PKCS12: msg("PKCS#12 store"),
    ItemKind.PKCS7: msg("PKCS#7 bundle"),
    ItemKind.JKS: msg("Java key store"),
    ItemKind.UNKNOWN: msg("Not readable"),
}
_MAX_ISSUER = 48


class DetailHead(QWidget):
    """Title, chip and second line; buttons at the end are the page's.

    Signals:
        issuer_pressed: key of the issuer's certificate.
    """

    issuer_pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._issuer_key = ""
        self._title = ElidedLabel(style=TypeStyle.PAGE_TITLE)
        self._chip = StateChip()
        self._by = Text(say(msg("Issued by")), ink="text2")
        self._issuer = Button(kind=ButtonKind.LINK)
        self._issuer_words = ElidedLabel(ink="text2")
        self._dates = ElidedLabel(ink="text2")
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._issuer.clicked.connect(lambda: self.issuer_pressed.emit(self._issuer_key))
        self._build()

    @property
    def issuer(self) -> Button:
        """The link to the issuer's certificate; hidden where that is not open."""
        return self._issuer

    def add_button(self, button: QWidget, *, first: bool = False) -> None:
        """Put a button at the end of the head, or before those that stand there."""
        self._buttons.insertWidget(0 if first else -1, button)

    def add_leading(self, button: QWidget) -> None:
        """Put a button before the title."""
        self._line.insertWidget(0, button, 0, Qt.AlignmentFlag.AlignTop)

    def show_item(self, one: OpenedItem, now: datetime, issuer_key: str | None) -> None:
        """Show another item; `issuer_key` is its issuer's certificate where that is open."""
        item, facts = one.item, one.facts
        if facts is None:
            name = (
                item.csr.subject
                if item.csr is not None
                else item.crl.issuer
                if item.crl is not None
                else None
            )
            self._title.setText(visible(name or item.alias or item.source.rpartition("/")[2], 120))
            self._chip.show_state(None, say(_KINDS[item.kind]))
            for part in (self._by, self._issuer, self._issuer_words):
                part.hide()
            where = msg("{file}, item {number}", file=item.source, number=item.position + 1)
            self._dates.setText(say(where))
            return
        self._title.setText(visible(facts.title, 120))
        is_root = facts.is_ca and facts.is_self_issued
        kind = msg("Root CA") if is_root else msg("CA") if facts.is_ca else msg("Leaf")
        self._chip.show_state(None, say(kind))
        issuer = common_name(facts.issuer)
        linked = issuer_key is not None and not facts.is_self_issued
        self._issuer_key = issuer_key or ""
        self._by.setVisible(not facts.is_self_issued)
        self._issuer.setVisible(linked)
        self._issuer_words.setVisible(not linked)
        shown = visible(issuer, _MAX_ISSUER)
        self._issuer.show_as(shown, name=say(msg("Issued by {issuer}", issuer=issuer)))
        self._issuer_words.setText(say(msg("Issued by itself")) if facts.is_self_issued else shown)
        self._dates.setText(f"·  {validity_words(facts.not_before, facts.not_after, now)}")

    def _build(self) -> None:
        title = QHBoxLayout()
        title.setSpacing(10)
        title.addWidget(self._title, 0)
        title.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignVCenter)
        title.addStretch(1)
        second = QHBoxLayout()
        second.setSpacing(4)
        second.addWidget(self._by)
        second.addWidget(self._issuer)
        second.addWidget(self._issuer_words)
        second.addWidget(self._dates, 1)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addLayout(title)
        words.addLayout(second)
        layout = self._line = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(words, 1)
        layout.addLayout(self._buttons)
