"""The dialogs about a diagnosis, opened for a page: letter, bundle, commands."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.diagnosis import Diagnosis
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.diagnosis.bundle_dialog import BundleDialog
from trustdesk.gui.diagnosis.commands_dialog import CommandsDialog
from trustdesk.gui.diagnosis.letter_dialog import LetterDialog
from trustdesk.gui.diagnosis.view import DiagnosisView
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.services.desk import Desk


class DiagnosisWriting(QObject):
    """Opens the dialogs; the client certificate in them is asked of the desk, without its key.

    Attributes:
        opened: the dialog that was opened last; None before.
    """

    def __init__(self, bridge: Bridge, page: QWidget) -> None:
        super().__init__(page)
        self._bridge = bridge
        self._page = page
        self._desk: Desk | None = None
        self.opened: PlainDialog | None = None

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk."""
        self._desk = desk

    def serve(self, view: DiagnosisView) -> None:
        """Open what the buttons of a view ask for."""
        view.letter_wanted.connect(self.write_letter)
        view.bundle_wanted.connect(self.make_bundle)
        view.commands_wanted.connect(self.show_commands)

    def write_letter(self, diagnosis: Diagnosis) -> None:
        """Open the letter."""
        self._with_client(diagnosis, LetterDialog)

    def make_bundle(self, diagnosis: Diagnosis) -> None:
        """Open the bundle's preview."""
        self._with_client(diagnosis, BundleDialog)

    def show_commands(self, diagnosis: Diagnosis) -> None:
        """Open the commands."""
        self._open(
            CommandsDialog(
                self._page.window(),
                diagnosis.target,
                [(probe.id, probe.variant) for probe in diagnosis.probes],
                with_identity=diagnosis.identity is not None,
            )
        )

    def _with_client(
        self,
        diagnosis: Diagnosis,
        make: Callable[[QWidget, Bridge, Desk, Diagnosis, CertificateFacts | None], PlainDialog],
    ) -> None:
        desk = self._desk
        if desk is None:
            return

        def show(client: CertificateFacts | None) -> None:
            # Files opened meanwhile may bear the name of the identity that was diagnosed.
            label = diagnosis.identity
            same = client if client and label and client.sha256 == label.sha256 else None
            self._open(make(self._page.window(), self._bridge, desk, diagnosis, same))

        name = None if diagnosis.identity is None else diagnosis.identity.name
        if name is None:
            show(None)
        else:
            self._bridge.when_done(desk.client_certificate(name), show, lambda _error: show(None))

    def _open(self, dialog: PlainDialog) -> None:
        self.opened = dialog
        dialog.destroyed.connect(self._forget)
        dialog.open()

    def _forget(self) -> None:
        self.opened = None
