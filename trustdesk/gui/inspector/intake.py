"""What is being opened: reading, its password, and a list to choose from where there are several items."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from trustdesk.core.inspection import InspectedItem, ItemKind
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.untrusted import visible
from trustdesk.gui.inspector.opened import is_shown
from trustdesk.gui.theme.icons import icon
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.ring import Ring
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_MAX_ROWS = 500
_ROW = 26
_KINDS: dict[ItemKind, Message] = {
    ItemKind.CERTIFICATE: msg("Certificate"),
    ItemKind.PRIVATE_KEY: msg("Private key"),
    ItemKind.CSR: msg("Request"),
    ItemKind.CRL: msg("Revocation list"),
    ItemKind.PKCS12: msg("PKCS#12 store"),
    ItemKind.PKCS7: msg("PKCS#7 bundle"),
    ItemKind.JKS: msg("Java key store"),
    ItemKind.UNKNOWN: msg("Not readable"),
}


def title_of(item: InspectedItem) -> str:
    """Return an item in a few words: kind and name."""
    name = ""
    if item.certificate is not None:
        name = item.certificate.facts.title
    elif item.csr is not None:
        name = item.csr.subject or ""
    elif item.crl is not None:
        name = item.crl.issuer or ""
    name = name or item.alias or item.source.rpartition("/")[2]
    return f"{say(_KINDS[item.kind])}: {visible(name)}"


class IntakeCard(Card):
    """Stands above the page while something is being opened.

    Signals:
        opened: the items that the person ticked, and all that cannot be ticked.
        password_given: the file that is to be read again, and the password.
        dismissed: the person wants none of it.
    """

    opened = Signal(list)
    password_given = Signal(str, str)
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: tuple[InspectedItem, ...] = ()
        self._locked = ""
        self._ring = Ring(16)
        self._title = Text(style=TypeStyle.SECTION)
        self._fact = ElidedLabel(ink="text2")
        self.list = QListWidget()
        self.list.setAccessibleName(say(msg("What was found")))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.itemChanged.connect(self._count)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setMaxLength(1024)
        self.password.setPlaceholderText(say(msg("Password")))
        self.password.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._password_words = Text(ink="text2", wrap=True)
        self._unlock = Button(say(msg("Unlock")), icon="lock")
        self._open = Button(say(msg("Open")), kind=ButtonKind.PRIMARY)
        self._cancel = Button(say(msg("Cancel")))
        self.password.returnPressed.connect(self._give)
        self._unlock.clicked.connect(self._give)
        self._open.clicked.connect(self._take)
        self._cancel.clicked.connect(self._dismiss)
        self._build()
        current_theme().changed.connect(self._refresh_icons)

    @property
    def open_button(self) -> Button:
        """The button that opens what is ticked."""
        return self._open

    @property
    def is_asking(self) -> bool:
        """Whether it waits for a password."""
        return bool(self._locked)

    def show_reading(self, count: int) -> None:
        """Say that files are being read."""
        self._ring.set_running(True)
        self._ring.show()
        self._title.setText(say(msg_n("Reading {count} file …", "Reading {count} files …", count)))
        self._fact.setText("")
        self._locked = ""
        for part in (self.list, self._password_row, self._open):
            part.hide()
        self.show()

    def show_items(self, items: Sequence[InspectedItem], problems: Sequence[Message], *, again: bool) -> None:
        """Show what was found; `again` says that a password did not fit."""
        self._ring.set_running(False)
        self._ring.hide()
        self._items = tuple(item for item in items if is_shown(item))
        count = len(self._items)
        self._title.setText(say(msg_n("{count} item found", "{count} items found", count)))
        self._fact.setText(" ".join(say(problem) for problem in problems[:3]))
        self._fill()
        self.list.setVisible(bool(self._items))
        locked = next((item for item in self._items if _wants_password(item)), None)
        self._locked = "" if locked is None else locked.source
        self._password_row.setVisible(locked is not None)
        self.password.clear()
        if locked is not None:
            name = locked.source.rpartition("/")[2]
            words = (
                msg("The password does not open {file}. Try another one, or open the rest.", file=name)
                if again
                else msg("{file} is protected by a password.", file=name)
            )
            self._password_words.setText(say(words))
            self._password_words.set_ink("bad" if again else "text2")
            self.password.setAccessibleName(say(msg("Password of {file}", file=name)))
            self.password.setProperty("invalid", again)
            self.password.style().unpolish(self.password)
            self.password.style().polish(self.password)
        self._open.setVisible(bool(self._items))
        self._count()
        self.show()
        first: QWidget = self.password if locked is not None else self._open if self._items else self._cancel
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc opens nothing."""
        if event.key() == Qt.Key.Key_Escape:
            self._dismiss()
        else:
            super().keyPressEvent(event)

    def _fill(self) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for item in self._items[:_MAX_ROWS]:
            problem = f" – {say(item.problems[0])}" if item.problems else ""
            row = QListWidgetItem(f"{title_of(item)}{problem}", self.list)
            where = msg("{file}, item {number}", file=item.source, number=item.position + 1)
            row.setData(Qt.ItemDataRole.AccessibleTextRole, f"{row.text()}, {say(where)}")
            row.setData(Qt.ItemDataRole.UserRole, item.kind.value)
            row.setSizeHint(QSize(0, _ROW))
            if item.kind is ItemKind.UNKNOWN:
                row.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            else:
                row.setFlags(row.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                row.setCheckState(Qt.CheckState.Checked)
        hidden = len(self._items) - _MAX_ROWS
        if hidden > 0:
            more = msg("and {count} more, which are opened too", count=hidden)
            QListWidgetItem(say(more), self.list).setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.list.blockSignals(False)
        self._refresh_icons()
        self.list.setFixedHeight(min(8, self.list.count()) * _ROW + 4)

    def _refresh_icons(self) -> None:
        tokens = current_theme().tokens
        # The style takes the outline of tick boxes from the window's colour, which is no outline in the dark.
        palette = self.list.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(tokens.text3))
        self.list.setPalette(palette)
        pictures: dict[tuple[str, str], QIcon] = {}
        for place in range(self.list.count()):
            row = self.list.item(place)
            kind = row.data(Qt.ItemDataRole.UserRole)
            name, ink = {
                "unknown": ("bad", tokens.bad),
                "private_key": ("key", tokens.text2),
                "certificate": ("certificate", tokens.text2),
            }.get(str(kind), ("file", tokens.text2))
            if kind is not None:
                if (name, ink) not in pictures:
                    pictures[name, ink] = icon(name, ink, 16)
                row.setIcon(pictures[name, ink])

    def _ticked(self) -> list[InspectedItem]:
        shown = self._items[:_MAX_ROWS]
        ticked = [
            item
            for place, item in enumerate(shown)
            if item.kind is ItemKind.UNKNOWN or self.list.item(place).checkState() is Qt.CheckState.Checked
        ]
        return [*ticked, *self._items[_MAX_ROWS:]]

    def _count(self) -> None:
        count = len(self._ticked())
        self._open.show_as(say(msg_n("Open {count} item", "Open {count} items", count)))
        self._open.setEnabled(count > 0)

    def _take(self) -> None:
        ticked = self._ticked()
        self._close()
        self.opened.emit(ticked)

    def _give(self) -> None:
        if self._locked and self.password.text():
            source, password = self._locked, self.password.text()
            self.password.clear()
            self.password_given.emit(source, password)

    def _dismiss(self) -> None:
        self._close()
        self.dismissed.emit()

    def _close(self) -> None:
        self._ring.set_running(False)
        self.password.clear()
        self._locked = ""
        self.hide()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._ring)
        head.addWidget(self._title)
        head.addWidget(self._fact, 1)
        head.addWidget(self._cancel)
        head.addWidget(self._open)
        self._password_row = QWidget()
        row = QHBoxLayout(self._password_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._password_words, 2)
        row.addWidget(self.password, 1)
        row.addWidget(self._unlock)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(margins(16, 10, 12, 10))
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._password_row)
        layout.addWidget(self.list)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)


def _wants_password(item: InspectedItem) -> bool:
    return item.locked
