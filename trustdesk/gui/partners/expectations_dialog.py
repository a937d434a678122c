"""What a readiness check goes by besides the partner: our own endpoint, and the least version of the API."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import msg
from trustdesk.core.workspace_settings import WorkspaceSettings
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.field_cell import FieldCell, line_edit
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.readiness_desk import ReadinessDesk


class ExpectationsDialog(PlainDialog):
    """Two fields, kept for the workspace."""

    def __init__(self, parent: QWidget, bridge: Bridge, desk: ReadinessDesk) -> None:
        super().__init__(
            parent,
            msg("What checks go by"),
            msg("Holds for all partners, and for everybody who works with this workspace."),
            size=(560, 420),
        )
        self._bridge, self._desk = bridge, desk
        self.endpoint = line_edit(
            say(msg("Our notifications endpoint")), placeholder="https://1r.example/notifications"
        )
        self.version = line_edit(say(msg("Least version of the API")), placeholder="2.2.0")
        self.save_button = self.add_button(Button(say(msg("Save")), kind=ButtonKind.PRIMARY))
        self.save_button.clicked.connect(self._save)
        for field, label, hint in (
            (
                self.endpoint,
                msg("Our notifications endpoint"),
                msg("Each check then looks at it too, as a partner that connects to us would (TLS-11)."),
            ),
            (
                self.version,
                msg("Least version of the API"),
                msg("Partners that support none as new are told of it (API-08)."),
            ),
        ):
            field.setEnabled(False)
            field.returnPressed.connect(self._save)
            self.content.addWidget(FieldCell(say(label), field))
            self.content.addWidget(Text(say(hint), TypeStyle.SECOND_LINE, "text2", wrap=True))
        self.content.addStretch(1)
        self.save_button.setEnabled(False)
        bridge.when_done(desk.settings(), self._show, self.show_error, owner=self)

    def _show(self, settings: WorkspaceSettings) -> None:
        self.endpoint.setText(settings.own_endpoint)
        self.version.setText(settings.required_api_version)
        for part in (self.endpoint, self.version, self.save_button):
            part.setEnabled(True)
        self.endpoint.setFocus(Qt.FocusReason.OtherFocusReason)

    def _save(self) -> None:
        if not self.save_button.isEnabled():
            return
        self.save_button.setEnabled(False)
        self.error.hide()
        kept = self._desk.expect(self.endpoint.text().strip(), self.version.text().strip())
        self._bridge.when_done(kept, self._done, self._fail, owner=self)

    def _done(self, _settings: WorkspaceSettings) -> None:
        self.accept()

    def _fail(self, error: TrustdeskError) -> None:
        self.save_button.setEnabled(True)
        self.show_error(error)
