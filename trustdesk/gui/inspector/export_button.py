"""Export of the chain for a server's software, or of the certificate alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import Message, msg
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.words import say
from trustdesk.services.chain_export import ServerSoftware, export_chain, pem_of

_NAMES = {
    ServerSoftware.NGINX: "nginx",
    ServerSoftware.APACHE: "Apache",
    ServerSoftware.HAPROXY: "HAProxy",
    ServerSoftware.JAVA: "Java",
    ServerSoftware.IIS: "IIS",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileToSave:
    """A file that the person wants; `done` is what to say once it is there."""

    name: str
    data: bytes = field(repr=False)
    done: Message


class ExportButton(Button):
    """A button with a menu.

    Signals:
        wanted: a FileToSave.
    """

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(say(msg("Export for …")), icon="export", parent=parent)
        self._path: tuple[CertificateFacts, ...] = ()
        self.menu_of_forms = QMenu(self)
        for software, name in _NAMES.items():
            words = msg("Chain for {software} …", software=name)
            action = self.menu_of_forms.addAction(say(words))
            action.triggered.connect(lambda _checked=False, one=software: self._export(one))
        self.menu_of_forms.addSeparator()
        pem = self.menu_of_forms.addAction(say(msg("This certificate as PEM …")))
        pem.triggered.connect(self._pem)
        der = self.menu_of_forms.addAction(say(msg("This certificate as DER …")))
        der.triggered.connect(self._der)
        self.clicked.connect(self._open)

    def set_path(self, path: Sequence[CertificateFacts]) -> None:
        """Export this path, end entity first; empty for nothing to export."""
        self._path = tuple(path)
        self.setEnabled(bool(path))

    def set_tight(self, tight: bool) -> None:
        """Show the icon alone, or with words."""
        name = say(msg("Export for …"))
        self.show_as("" if tight else name, icon="export", name=name)
        self.setToolTip(name if tight else "")

    def _open(self) -> None:
        self.menu_of_forms.popup(self.mapToGlobal(QPoint(0, self.height() + 4)))

    def _export(self, software: ServerSoftware) -> None:
        file = export_chain(self._path, software)
        done = file.instruction
        if file.left_out is not None:
            done = msg(
                "{instruction} The root {root} is left out: whoever trusts it has it.",
                instruction=file.instruction,
                root=file.left_out.title,
            )
        self.wanted.emit(FileToSave(name=file.name, data=file.data, done=done))

    def _pem(self) -> None:
        self._alone("pem", pem_of(self._path[:1]))

    def _der(self) -> None:
        self._alone("cer", self._path[0].der)

    def _alone(self, ending: str, data: bytes) -> None:
        stem = export_chain(self._path[:1], ServerSoftware.JAVA).name.removesuffix("-chain.pem")
        self.wanted.emit(
            FileToSave(name=f"{stem}.{ending}", data=data, done=msg("The certificate alone was saved."))
        )
