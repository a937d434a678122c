"""Joins the chip of the trust list in force with the desk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.frame.top_bar import TopBar
from trustdesk.gui.words import say

if TYPE_CHECKING:
    from trustdesk.core.trust import TrustList
    from trustdesk.services.desk import Desk


class ListChoosing(QObject):
    """Shows the desk's lists in the top bar, and has the desk judge by the one that a person wants.

    Signals:
        chosen: the TrustList that is in force from now on.
        opened: the TrustList that was read from a file; it comes into force next.
        failed: the TrustdeskError why a file is no list.
    """

    chosen = Signal(object)
    opened = Signal(object)
    failed = Signal(object)

    def __init__(self, bridge: Bridge, bar: TopBar, parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._bar = bar
        self._window = parent
        self._desk: Desk | None = None
        bar.list_chosen.connect(self._choose)
        bar.list_file_wanted.connect(self._ask_file)

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk."""
        self._desk = desk

    def refresh(self) -> None:
        """Ask for the lists again: a page may have opened further ones from files."""
        if self._desk is not None:
            self._bridge.when_done(
                self._desk.trust_lists(), self._bar.show_lists, self._show_none, owner=self._bar
            )

    def _show_none(self, _error: TrustdeskError) -> None:
        # The pages say what failed; a chip without a list would say nothing.
        self._bar.show_lists(())

    def _choose(self, name: str) -> None:
        if self._desk is not None:
            self._bridge.when_done(self._desk.use_trust_list(name), self._take, self._show_none)

    def _take(self, chosen: TrustList) -> None:
        self.refresh()
        self.chosen.emit(chosen)

    def _ask_file(self) -> None:
        name, _filter = QFileDialog.getOpenFileName(self._window, say(msg("Trust list")))
        if name and self._desk is not None:
            self._bridge.when_done(self._desk.open_trust_list(Path(name)), self._use, self.failed.emit)

    def _use(self, opened: TrustList) -> None:
        self.opened.emit(opened)
        self._choose(opened.name)
