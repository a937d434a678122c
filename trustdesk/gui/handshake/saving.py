"""Saving the target of the form as a partner's endpoint."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from trustdesk.core.partner import Endpoint
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.form import HandshakeForm
from trustdesk.gui.handshake.save_form import SaveForm
from trustdesk.services.desk import Desk


class SavingAsPartner(QObject):
    """Asks for the partner's name, and has the desk keep the endpoint.

    Signals:
        saved: the Endpoint that was added.
    """

    saved = Signal(object)

    def __init__(self, bridge: Bridge, form: HandshakeForm, save_form: SaveForm, page: QWidget) -> None:
        super().__init__(page)
        self._bridge, self._form, self._save_form = bridge, form, save_form
        self._desk: Desk | None = None
        save_form.save_requested.connect(self._save)

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk."""
        self._desk = desk

    def ask(self) -> None:
        """Open the form for the partner's name, where the target can be read."""
        target = self._form.read()
        if target is not None:
            self._save_form.ask(target, self._form.identity)

    def _save(self, partner: str) -> None:
        target = self._form.read()
        if target is None or self._desk is None:
            return
        future = self._desk.add_endpoint(partner, target, self._form.identity)
        self._bridge.when_done(future, self._take, self._save_form.show_error)

    def _take(self, endpoint: Endpoint) -> None:
        self._save_form.show_saved(endpoint.partner)
        self.saved.emit(endpoint)
