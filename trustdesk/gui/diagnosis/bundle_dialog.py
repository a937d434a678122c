"""Support bundle: every file with its contents before a byte is written, then one ZIP."""

from __future__ import annotations

import threading
from concurrent.futures import Future

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QListWidget, QSplitter, QWidget

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.diagnosis import Diagnosis
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import msg, msg_n
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.diagnosis.saving import AskFile, save_into
from trustdesk.gui.handshake.cells import PlainCells
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.plain_view import PlainView, framed
from trustdesk.gui.widgets.save_question import ask_file
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk
from trustdesk.services.support_bundle import BundleFile, bundle_bytes, bundle_files


class BundleDialog(PlainDialog):
    """Names at the start, the chosen file's text at the end."""

    def __init__(
        self,
        parent: QWidget,
        bridge: Bridge,
        desk: Desk,
        diagnosis: Diagnosis,
        client: CertificateFacts | None,
    ) -> None:
        super().__init__(
            parent,
            msg("Support bundle"),
            msg("Everything about this diagnosis. No key, passphrase or token is in it: look for yourself."),
            size=(900, 640),
        )
        self._bridge, self._desk = bridge, desk
        self._host = diagnosis.target.host
        self._files: tuple[BundleFile, ...] = ()
        self.ask_file: AskFile = ask_file
        self.names = QListWidget()
        self.names.setFrameShape(QFrame.Shape.NoFrame)
        self.names.setItemDelegate(PlainCells(wraps=False, padding=10, parent=self))
        self.names.setAccessibleName(say(msg("Files of the bundle")))
        self.names.currentRowChanged.connect(self._show)
        self.view = PlainView(name=say(msg("Contents of the file")))
        self._fact = Text(say(msg("Being put together …")), TypeStyle.SECOND_LINE, "text2")
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(framed(self.names))
        split.addWidget(framed(self.view))
        split.setSizes([240, 620])
        split.setChildrenCollapsible(False)
        self.content.addWidget(split, 1)
        self.content.addWidget(self._fact)
        self.save_button = self.add_button(Button(say(msg("Save …")), icon="export", kind=ButtonKind.PRIMARY))
        self.save_button.setEnabled(False)
        self.save_button.clicked.connect(self._save)
        made: Future[tuple[BundleFile, ...]] = Future()
        # A long chain and twelve probes take a moment; the window does not wait for them.
        threading.Thread(
            target=_put_together, args=(made, diagnosis, client), name="trustdesk-bundle"
        ).start()
        bridge.when_done(made, self._take, self._fail)

    def _take(self, files: tuple[BundleFile, ...]) -> None:
        if self.is_gone:
            return
        self._files = files
        self.names.addItems([file.name for file in files])
        self.names.setCurrentRow(0)
        size = sum(len(file.text.encode()) for file in files)
        self._fact.setText(
            say(msg_n("{count} file, {size} bytes", "{count} files, {size} bytes", len(files), size=size))
        )
        self.save_button.setEnabled(True)
        self.names.setFocus()

    def _fail(self, error: TrustdeskError) -> None:
        if self.is_gone:
            return
        self._fact.hide()
        self.show_error(error)

    def _show(self, row: int) -> None:
        if 0 <= row < len(self._files):
            self.view.setPlainText(self._files[row].text)

    def _save(self) -> None:
        file = self.ask_file(self, f"trustdesk-{self._host}.zip")
        if file is not None:
            save_into(self, self._bridge, self._desk, file, bundle_bytes(self._files))


def _put_together(
    made: Future[tuple[BundleFile, ...]], diagnosis: Diagnosis, client: CertificateFacts | None
) -> None:
    try:
        made.set_result(bundle_files(diagnosis, say, client=client))
    except Exception as error:  # noqa: BLE001 - the edge of a thread: the future carries it to the window
        made.set_exception(error)
