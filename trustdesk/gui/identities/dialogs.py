"""The dialogs of the page, one at a time; each is imported when it is first opened."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from trustdesk.core.identity import IdentityView
from trustdesk.gui.bridge import Bridge
from trustdesk.services.identity_desk import IdentityDesk

if TYPE_CHECKING:
    from trustdesk.gui.widgets.plain_dialog import PlainDialog


class IdentityDialogs(QObject):
    """Opens them, and says what came of each.

    Signals:
        changed: a Message that says what was done with identities, and the name of one to show, or "".
        interrupted: identities may be others now, and nothing is to be said of it.
        stores_touched: a key store may stand otherwise now: it was unlocked, or made.

    Attributes:
        current: the dialog that is open; None while none is.
        last_name: the identity that the last change was about; "" for none.
    """

    changed = Signal(object, str)
    interrupted = Signal()
    stores_touched = Signal()

    def __init__(self, bridge: Bridge, page: QWidget) -> None:
        super().__init__(page)
        self._bridge, self._page = bridge, page
        self._desk: IdentityDesk | None = None
        self.current: PlainDialog | None = None
        self.last_name = ""

    def set_desk(self, desk: IdentityDesk) -> None:
        """Work with a desk."""
        self._desk = desk

    def import_files(self, files: Sequence[Path]) -> None:
        """Show what is in files, to be imported; without files they are asked for."""
        from trustdesk.gui.identities.import_dialog import ImportDialog

        if self._desk is None:
            return
        if isinstance(self.current, ImportDialog):
            self.current.add_files(files)
            self._raise()
            return
        dialog = ImportDialog(self._page.window(), self._bridge, self._desk, files)
        dialog.imported.connect(self._take)
        dialog.interrupted.connect(self.interrupted)
        dialog.stores.touched.connect(self.stores_touched)
        self._open(dialog)

    def export(self, view: IdentityView) -> None:
        """Ask as what an identity shall be written, and where."""
        from trustdesk.gui.identities.export_dialog import ExportDialog

        if self._desk is not None:
            self._open(ExportDialog(self._page.window(), self._bridge, self._desk, view))

    def hand_over(self, view: IdentityView) -> None:
        """Make a package for whoever installs an identity."""
        from trustdesk.gui.identities.hand_over_dialog import HandOverDialog

        if self._desk is not None:
            self._open(HandOverDialog(self._page.window(), self._bridge, self._desk, view))

    def rename(self, view: IdentityView, taken: Collection[str]) -> None:
        """Ask for another name; `taken` are those of all identities."""
        from trustdesk.gui.identities.rename_dialog import RenameDialog

        if self._desk is not None:
            dialog = RenameDialog(self._page.window(), self._bridge, self._desk, view, taken)
            dialog.renamed.connect(self._take)
            self._open(dialog)

    def delete(self, view: IdentityView) -> None:
        """Say what deleting an identity means, and ask."""
        from trustdesk.gui.identities.delete_dialog import DeleteDialog

        if self._desk is not None:
            dialog = DeleteDialog(self._page.window(), self._bridge, self._desk, view)
            dialog.deleted.connect(lambda words: self._take(words, ""))
            self._open(dialog)

    def examine_file(self, file: Path | None) -> None:
        """Say what a PKCS#12 file is made of, and who can open it; None asks for the file."""
        from trustdesk.gui.identities.doctor_dialog import DoctorDialog

        if self._desk is not None:
            self._open(DoctorDialog(self._page.window(), self._bridge, self._desk, file))

    def show_preflight(self, view: IdentityView) -> None:
        """Show what the rules say of an identity."""
        from trustdesk.gui.identities.preflight_dialog import PreflightDialog

        if self._desk is not None:
            self._open(PreflightDialog(self._page.window(), self._bridge, self._desk, view))

    def compare(self, view: IdentityView) -> None:
        """Compare a pasted fingerprint with an identity's certificate."""
        from trustdesk.gui.identities.compare_dialog import CompareDialog

        self._open(CompareDialog(self._page.window(), view))

    def _open(self, dialog: PlainDialog) -> None:
        before, self.current = self.current, dialog
        if before is not None:
            before.close()
        dialog.finished.connect(lambda: self._forget(dialog))
        self._raise()

    def _raise(self) -> None:
        if self.current is not None:
            self.current.show()
            self.current.raise_()
            self.current.activateWindow()

    def _forget(self, dialog: PlainDialog) -> None:
        if self.current is dialog:
            self.current = None

    def _take(self, words: object, name: str) -> None:
        self.last_name = name
        self.changed.emit(words, name)
        self.stores_touched.emit()
