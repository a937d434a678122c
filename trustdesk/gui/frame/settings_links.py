"""What the settings have to do with the rest of the window."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Signal

from trustdesk.gui.frame.page_memory import PageMemory
from trustdesk.gui.frame.welcome_links import show_first_steps
from trustdesk.gui.settings.window_choices import WindowChoices
from trustdesk.gui.shortcuts import Key, bind

if TYPE_CHECKING:
    from trustdesk.core.connections import Connections
    from trustdesk.gui.settings.dialog import SettingsDialog, SettingsPart
    from trustdesk.gui.window import MainWindow
    from trustdesk.services.desk import Desk


class SettingsLinks(QObject):
    """Opens the settings, and shows in the window what is chosen there.

    Signals:
        restart_wanted: the person wants the window to start anew.

    Attributes:
        dialog: what is open; None while it is not.
    """

    restart_wanted = Signal()

    def __init__(self, window: MainWindow, settings: QSettings | None) -> None:
        super().__init__(window)
        self._window = window
        self._choices = WindowChoices(settings)
        self._file = "" if settings is None else settings.fileName()
        self.dialog: SettingsDialog | None = None
        bind(window, Key.SETTINGS, self.open)
        window.rail.entry("settings").clicked.connect(lambda _checked: self.open())
        window.top_bar.offline.clicked.connect(self.open_connections)
        self._memory = None if settings is None else PageMemory(window, settings)
        if self._memory is not None:
            self._memory.restore()
            window.closed.connect(self._memory.remember)

    def set_desk(self, desk: Desk) -> None:
        """Show whether a desk connects at all."""
        own, bridge = desk.settings_desk, self._window.bridge
        own.when_connections_change(lambda chosen: bridge.post(partial(self._show, chosen)))
        self._show(own.connections)

    def open(self, part: SettingsPart | None = None) -> None:
        """Open the settings; None for the section that comes first."""
        from trustdesk.gui.settings.dialog import SettingsDialog

        desk = self._window.desk
        if desk is None:
            return
        if self.dialog is None:
            window = self._window
            dialog = self.dialog = SettingsDialog(
                window,
                window.bridge,
                desk,
                choices=self._choices,
                watch=window.key_stores.watch,
                window_file=self._file,
            )
            dialog.mode_chosen.connect(window.top_bar.mode_chosen)
            dialog.agreed_changed.connect(window.overview.deeds.settings_changed)
            dialog.lists_wanted.connect(lambda: window.show_page("trust_lists"))
            dialog.stores_wanted.connect(self._open_stores)
            dialog.restart_wanted.connect(self.restart_wanted)
            dialog.steps_wanted.connect(lambda: show_first_steps(window))
            dialog.finished.connect(self._forget)
            dialog.open()
        if part is not None:
            self.dialog.show_part(part)

    def open_connections(self) -> None:
        """Open the settings where it is said whether anything may leave."""
        from trustdesk.gui.settings.dialog import SettingsPart

        self.open(SettingsPart.CONNECTIONS)

    def _open_stores(self) -> None:
        from trustdesk.gui.identities.key_store_panel import KeyStorePanel

        window = self._window
        if window.desk is not None and self.dialog is not None:
            # Over the settings, which nothing behind them could take the keyboard from.
            watch = window.key_stores.watch
            KeyStorePanel(self.dialog, window.bridge, window.desk.identity_desk, watch).open()

    def _forget(self) -> None:
        self.dialog = None

    def _show(self, chosen: Connections) -> None:
        self._window.top_bar.show_offline(chosen.is_offline)


def link_settings(window: MainWindow, settings: QSettings | None) -> SettingsLinks:
    """Join the settings with a window, once its pages are built."""
    return SettingsLinks(window, settings)
