"""The first step of an import: where the list is, and what it is called here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.core.trust_version import SourceKind
from trustdesk.gui.handshake.field_cell import FieldCell, line_edit
from trustdesk.gui.identities.secret_field import SecretField
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.segment import Segment
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.trust_desk import ImportWish

FILE, FOLDER, ADDRESS, SYSTEM = "file", "folder", "address", "system"

_EXPLAINED = {
    FILE: msg(
        "PEM bundle, PKCS#7, Java or PKCS#12 trust store, signed JSON, CCADB report, ETSI trusted list,"
        " master list."
    ),
    FOLDER: msg("Every certificate file of a folder; what is no certificate is named."),
    ADDRESS: msg("An https address. It is asked once now, and again only when you say so."),
    SYSTEM: msg("What this machine trusts: a browser's view, and nobody's list of partners."),
}


class ImportSource(QWidget):
    """Kind of source, the place, and the name.

    Signals:
        changed: something was typed or chosen.
        entered: Enter was pressed in a field.
    """

    changed = Signal()
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name_is_own = False
        self.ask_file: Callable[[], str] = self._ask_file
        self.ask_folder: Callable[[], str] = self._ask_folder
        self.kind = Segment(
            [
                (FILE, say(msg("File"))),
                (FOLDER, say(msg("Folder"))),
                (ADDRESS, say(msg("https address"))),
                (SYSTEM, say(msg("This machine's store"))),
            ],
            name=say(msg("Where the list is")),
        )
        self.kind.changed.connect(lambda _key: self._turn())
        self._explained = Text(ink="text2", wrap=True)
        self.place = line_edit(say(msg("Place of the list")))
        self.browse = Button(say(msg("Choose …")), icon="file")
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._browse)
        self.name = line_edit(say(msg("Name of the list here")))
        self.name.setLayoutDirection(self.layoutDirection())
        self.name.setMaxLength(120)
        self.password = SecretField(say(msg("Password of a key store, if it has one")))
        place = QWidget()
        row = QHBoxLayout(place)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.place, 1)
        row.addWidget(self.browse)
        self._place = FieldCell(say(msg("Place")), place)
        self._password = FieldCell(say(msg("Password of a key store, if it has one")), self.password)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.kind)
        layout.addWidget(self._explained)
        layout.addWidget(self._place)
        layout.addWidget(FieldCell(say(msg("Name of the list here")), self.name))
        layout.addWidget(self._password)
        layout.addStretch(1)
        self.place.textChanged.connect(self._place_changed)
        self.name.textEdited.connect(self._name_edited)
        self.name.textChanged.connect(self.changed)
        for edit in (self.place, self.name):
            edit.returnPressed.connect(self.entered)
        self._turn()

    @property
    def wish(self) -> ImportWish | None:
        """What shall be read; None while something is missing."""
        place, name = self.place.text().strip(), self.name.text().strip()
        if not name:
            return None
        if self.kind.current == SYSTEM:
            return ImportWish(source=SourceKind.SYSTEM, name=name)
        if not place:
            return None
        if self.kind.current == ADDRESS:
            parts = urlsplit(place) if place.isprintable() else None
            usable = parts is not None and parts.scheme == "https" and bool(parts.hostname)
            return ImportWish(source=place, name=name) if usable else None
        secret = self.password.text
        return ImportWish(source=Path(place), name=name, passwords=(secret,) if secret else ())

    def choose(self, source: Path | str | SourceKind) -> None:
        """Fill in a source."""
        if source is SourceKind.SYSTEM:
            self.kind.set_current(SYSTEM)
        elif isinstance(source, Path):
            self.kind.set_current(FOLDER if source.is_dir() else FILE)
        else:
            self.kind.set_current(ADDRESS)
        self._turn()
        if source is not SourceKind.SYSTEM:
            self.place.setText(str(source))

    def _turn(self) -> None:
        kind = self.kind.current
        self._explained.setText(say(_EXPLAINED[kind]))
        self._place.setVisible(kind != SYSTEM)
        self._password.setVisible(kind == FILE)
        self.browse.setVisible(kind in {FILE, FOLDER})
        self.place.setPlaceholderText("https://" if kind == ADDRESS else "")
        if kind == SYSTEM and not self._name_is_own:
            self.name.setText(say(msg("This machine's store")))
        elif not self._name_is_own:
            self._suggest()
        self.changed.emit()

    def _place_changed(self) -> None:
        if not self._name_is_own:
            self._suggest()
        self.changed.emit()

    def _suggest(self) -> None:
        place = self.place.text().strip()
        if self.kind.current == ADDRESS:
            parts = urlsplit(place) if place.startswith("https://") and place.isprintable() else None
            self.name.setText((parts.hostname or "") if parts is not None else "")
        else:
            self.name.setText(Path(place).stem if place else "")

    def _name_edited(self) -> None:
        self._name_is_own = bool(self.name.text())

    def _browse(self) -> None:
        chosen = self.ask_folder() if self.kind.current == FOLDER else self.ask_file()
        if chosen:
            self.place.setText(chosen)

    def _ask_file(self) -> str:
        return QFileDialog.getOpenFileName(self, say(msg("Trust list")))[0]

    def _ask_folder(self) -> str:
        return QFileDialog.getExistingDirectory(self, say(msg("Folder of certificates")))
