"""What is settled elsewhere and looked at here: lists in force, key stores, and where everything lies."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.key_store import KeyStoreStatus
from trustdesk.core.message import Message, msg
from trustdesk.core.trust_version import ListSummary
from trustdesk.core.untrusted import visible
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.identities.store_words import store_look, store_name
from trustdesk.gui.settings.rows import SettingRow
from trustdesk.gui.settings.section import Section
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.trust.words import summary_title
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.settings_desk import StoredPlace

_LONGEST_PLACE = 400


class Lines(QWidget):
    """Lines of words in place of a control; nothing to press."""

    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)

    def show_lines(self, lines: Sequence[tuple[str, str]]) -> None:
        """Show these, each with the token of its colour."""
        while (item := self._layout.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for words, ink in lines:
            self._layout.addWidget(Text(words, ink=ink, wrap=True))


class ListsSection(Section):
    """Which trust lists judge.

    Signals:
        lists_wanted: the person wants the page on which that is decided.
    """

    lists_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(
            msg("Trust lists"),
            msg("Lists in force judge together, for everybody who opens this workspace."),
        )
        self.lines = Lines()
        self.open_button = Button(say(msg("Trust lists …")), icon="trust-lists")
        self.open_button.setAutoDefault(False)
        self.open_button.clicked.connect(self.lists_wanted)
        self.add_rows(
            [
                SettingRow(
                    msg("In force"),
                    msg("What certificates of partners and of ours are judged by."),
                    self.lines,
                    is_wide=True,
                ),
                SettingRow(
                    msg("Import, put in force, take out"),
                    msg("On the page Trust lists: each step is reviewed there, and written into the log."),
                    self.open_button,
                ),
            ]
        )
        self.open_button.setAccessibleName(self.open_button.text())
        self.finish()

    def show_lists(self, lists: Sequence[ListSummary]) -> None:
        """Show those in force."""
        names = [summary_title(one) for one in lists if one.in_force]
        none = say(msg("None of the workspace: the public web's list judges. It is no air cargo list."))
        self.lines.show_lines([(name, "text") for name in names] or [(none, "warning")])

    def show_failure(self, error: TrustdeskError) -> None:
        """Say why they are not known."""
        self.lines.show_lines([(say(error.problem), "bad")])


class KeysSection(Section):
    """Where private keys are kept.

    Signals:
        stores_wanted: the person wants to unlock, make or lock one.
    """

    stores_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(
            msg("Keys"), msg("Private keys lie in a key store of this computer, and nowhere else.")
        )
        self.lines = Lines()
        self.open_button = Button(say(msg("Key stores …")), icon="key")
        self.open_button.setAutoDefault(False)
        self.open_button.clicked.connect(self.stores_wanted)
        self.add_rows(
            [
                SettingRow(
                    msg("Key stores"),
                    msg("The keyring of the system; or a vault, an encrypted file, where you make one."),
                    self.lines,
                    is_wide=True,
                ),
                SettingRow(
                    msg("Unlock, lock, make a vault, change its passphrase"),
                    msg("No key is moved from one store to the other by it."),
                    self.open_button,
                ),
            ]
        )
        self.open_button.setAccessibleName(self.open_button.text())
        self.finish()

    def show_stores(self, stores: Sequence[KeyStoreStatus]) -> None:
        """Show how they stand."""
        lines = [
            (say(msg("{store}. {state}", store=store_name(one), state=store_look(one).words)), "text")
            for one in stores
        ]
        self.lines.show_lines(lines or [(say(msg("Key store not known")), "text2")])


class PlacesSection(Section):
    """What lies where."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(
            msg("Stored where"),
            msg("Everything that trustdesk keeps lies in these places; copied text and exports aside."),
        )
        self._bridge = bridge

    def show_places(self, places: Sequence[StoredPlace], window_file: str) -> None:
        """Show the places; `window_file` keeps the window's own choices, "" for nowhere."""
        rows = [self._row(one.what, one.place) for one in places]
        if window_file:
            rows.append(
                self._row(msg("The window: size, columns, theme and language. Nothing secret."), window_file)
            )
        self.add_rows(rows)
        self.finish()

    def _row(self, what: Message, place: str) -> QWidget:
        shown = visible(place, _LONGEST_PLACE)
        if not place:
            return SettingRow(what, msg("The system decides where it lies."), QWidget())
        copy = Button(icon="copy", name=say(msg("Copy the path")))
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(place))
        row = SettingRow(what, msg("{place}", place=shown), copy)
        row.meaning.set_style(TypeStyle.FIXED)
        copy.setAccessibleName(say(msg("Copy the path")))
        return row
