"""What the Inspector offers for files with private keys: to import them, and to see who can open them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from trustdesk.core.inspection import ItemKind
from trustdesk.core.message import msg
from trustdesk.gui.inspector.detail import ItemDetail
from trustdesk.gui.inspector.opened import OpenedItem
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.words import say

_WITH_KEYS = frozenset({ItemKind.PRIVATE_KEY, ItemKind.PKCS12, ItemKind.JKS})


class InspectorOffers(QObject):
    """Two buttons in the head of an item, there only where they make sense.

    Signals:
        import_wanted: the Paths of the files that hold what is in view.
        doctor_wanted: the Path of a PKCS#12 file.
    """

    import_wanted = Signal(object)
    doctor_wanted = Signal(object)

    def __init__(self, detail: ItemDetail) -> None:
        super().__init__(detail)
        self._one: OpenedItem | None = None
        words = say(msg("Import as identity …"))
        self.import_button = Button(icon="identities", name=words)
        words = say(msg("Who can open it …"))
        self.doctor_button = Button(icon="stethoscope", name=words)
        for button in (self.import_button, self.doctor_button):
            button.hide()
            detail.head.add_button(button, first=True)
        self.import_button.clicked.connect(self._import)
        self.doctor_button.clicked.connect(self._examine)
        detail.turned.connect(self._show)

    def _show(self, one: OpenedItem) -> None:
        self._one = one
        files = _files_of(one)
        has_key = one.has_key or one.item.kind in _WITH_KEYS
        self.import_button.setVisible(has_key and bool(files))
        self.doctor_button.setVisible(one.item.kind is ItemKind.PKCS12 and bool(files))

    def _import(self) -> None:
        if self._one is not None:
            self.import_wanted.emit(_files_of(self._one))

    def _examine(self) -> None:
        if self._one is not None and (files := _files_of(self._one)):
            self.doctor_wanted.emit(files[0])


def _files_of(one: OpenedItem) -> tuple[Path, ...]:
    """Return the files that an item lies in; empty for what was pasted, or came out of an archive."""
    sources = dict.fromkeys(source for source, _position in one.places)
    return tuple(file for file in map(Path, sources) if file.is_file())
