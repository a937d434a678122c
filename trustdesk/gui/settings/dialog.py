"""The settings: sections at the left, the one in view at the right; every choice holds as it is made."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.identities.key_stores import KeyStoreWatch
from trustdesk.gui.settings.agreed import tests_section, warnings_section
from trustdesk.gui.settings.appearance import AppearanceSection
from trustdesk.gui.settings.connections import ConnectionsSection
from trustdesk.gui.settings.here import KeysSection, ListsSection, PlacesSection
from trustdesk.gui.settings.section import Section
from trustdesk.gui.settings.section_list import SectionList
from trustdesk.gui.settings.window_choices import WindowChoices
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk


class SettingsPart(StrEnum):
    """The sections, in their order."""

    APPEARANCE = "appearance"
    CONNECTIONS = "connections"
    WARNINGS = "warnings"
    TESTS = "tests"
    LISTS = "lists"
    KEYS = "keys"
    PLACES = "places"


_ICONS = {
    SettingsPart.APPEARANCE: "half-moon",
    SettingsPart.CONNECTIONS: "globe",
    SettingsPart.WARNINGS: "clock",
    SettingsPart.TESTS: "handshake",
    SettingsPart.LISTS: "trust-lists",
    SettingsPart.KEYS: "key",
    SettingsPart.PLACES: "file",
}


class SettingsDialog(PlainDialog):
    """The dialog.

    Signals:
        mode_chosen: the ThemeMode that the person wants.
        agreed_changed: the office goes by something else from now on.
        lists_wanted, stores_wanted: where lists, and key stores, are settled.
        restart_wanted: the person wants the window to start anew.
        steps_wanted: the person wants to see the first steps.
    """

    mode_chosen = Signal(object)
    agreed_changed = Signal()
    lists_wanted = Signal()
    stores_wanted = Signal()
    restart_wanted = Signal()
    steps_wanted = Signal()

    def __init__(
        self,
        parent: QWidget,
        bridge: Bridge,
        desk: Desk,
        *,
        choices: WindowChoices,
        watch: KeyStoreWatch,
        window_file: str = "",
    ) -> None:
        """Make it.

        Args:
            watch: how the key stores stand.
            window_file: what keeps the window's own choices; "" for nothing.
        """
        super().__init__(
            parent,
            msg("Settings"),
            msg("Each choice holds as soon as it is made; there is nothing to save."),
            size=(860, 680),
        )
        own = desk.settings_desk
        self.appearance = AppearanceSection(choices)
        self.connections = ConnectionsSection(bridge, own)
        self.warnings = warnings_section(bridge, own)
        self.tests = tests_section(bridge, own)
        self.lists = ListsSection()
        self.keys = KeysSection()
        self.places = PlacesSection(bridge)
        self._watch = watch
        self._sections: dict[SettingsPart, Section] = {
            SettingsPart.APPEARANCE: self.appearance,
            SettingsPart.CONNECTIONS: self.connections,
            SettingsPart.WARNINGS: self.warnings,
            SettingsPart.TESTS: self.tests,
            SettingsPart.LISTS: self.lists,
            SettingsPart.KEYS: self.keys,
            SettingsPart.PLACES: self.places,
        }
        self.sections = SectionList()
        self._stack = QStackedWidget()
        for part, section in self._sections.items():
            self.sections.add_section(say(section.title), _ICONS[part])
            self._stack.addWidget(section)
        self.sections.currentRowChanged.connect(self._stack.setCurrentIndex)
        self.sections.setCurrentRow(0)
        body = QHBoxLayout()
        body.setSpacing(18)
        body.addWidget(self.sections)
        body.addWidget(self._stack, 1)
        self.content.addLayout(body, 1)
        self.appearance.mode_chosen.connect(self.mode_chosen)
        self.appearance.restart_wanted.connect(self._restart)
        self.appearance.steps_wanted.connect(self._leave_for_steps)
        for agreed in (self.warnings, self.tests):
            agreed.changed.connect(self.agreed_changed)
            agreed.failed.connect(self.show_error)
            agreed.load()
        self.lists.lists_wanted.connect(self._leave_for_lists)
        self.keys.stores_wanted.connect(self.stores_wanted)
        watch.changed.connect(self._show_stores)
        self._show_stores()
        bridge.when_done(desk.trust_desk.lists(), self.lists.show_lists, self.lists.show_failure, owner=self)
        bridge.when_done(
            own.places(),
            lambda places: self.places.show_places(places, window_file),
            self.show_error,
            owner=self,
        )
        self.sections.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def current(self) -> SettingsPart:
        """The section in view."""
        return tuple(self._sections)[self.sections.currentRow()]

    def show_part(self, part: SettingsPart) -> None:
        """Bring a section into view."""
        self.sections.setCurrentRow(tuple(self._sections).index(part))

    def done(self, result: int) -> None:
        """Close; what was typed last is handed over before."""
        for section in (self.connections, self.warnings, self.tests):
            section.commit()
        if not self.is_gone:
            self._watch.changed.disconnect(self._show_stores)
        super().done(result)

    def _show_stores(self) -> None:
        self.keys.show_stores(self._watch.stores)

    def _leave_for_lists(self) -> None:
        self.accept()
        self.lists_wanted.emit()

    def _leave_for_steps(self) -> None:
        self.accept()
        self.steps_wanted.emit()

    def _restart(self) -> None:
        self.accept()
        self.restart_wanted.emit()
