"""Asks what changed last at the endpoints, once a column wants it, and again when tests are over."""

from __future__ import annotations

from PySide6.QtCore import QObject

from trustdesk.core.errors import TrustdeskError
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.partners.cells import Column
from trustdesk.gui.partners.list_pane import ListPane
from trustdesk.gui.partners.model import PartnersModel
from trustdesk.services.desk import Desk

_WANT_IT = (Column.LAST_CHANGE, Column.FINGERPRINT)


class LastSeenAsking(QObject):
    """Fills the columns of `services.last_seen`; nobody is asked while none of them is wanted."""

    def __init__(self, bridge: Bridge, model: PartnersModel, pane: ListPane, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._model, self._pane = bridge, model, pane
        self._desk: Desk | None = None
        pane.columns.changed.connect(self.ask)

    def set_desk(self, desk: Desk) -> None:
        """Ask a desk."""
        self._desk = desk

    def ask(self) -> None:
        """Ask anew, where a column wants it."""
        if self._desk is not None and any(self._pane.columns.shows(column) for column in _WANT_IT):
            asked = self._desk.directory_desk.last_seen()
            self._bridge.when_done(asked, self._model.set_last_seen, self._know_nothing)

    def _know_nothing(self, _error: TrustdeskError) -> None:
        # What cannot be read stands as not known; the board says what is wrong with the workspace.
        self._model.set_last_seen({})
