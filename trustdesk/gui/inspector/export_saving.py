"""Saving exports: where to, and what to do with the file then."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.inspector.export_button import FileToSave
from trustdesk.gui.widgets.save_question import ask_file
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk


class ExportSaving(QObject):
    """Has the desk save files.

    Signals:
        saved: a sentence with the file, and what to do with it.
        failed: a TrustdeskError.
    """

    saved = Signal(str)
    failed = Signal(object)

    def __init__(self, bridge: Bridge, page: QWidget) -> None:
        super().__init__(page)
        self._bridge = bridge
        self._page = page
        self._desk: Desk | None = None

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk."""
        self._desk = desk

    def ask_place(self, wanted: FileToSave) -> None:
        """Ask where to, and save there."""
        file = ask_file(self._page, wanted.name, title=msg("Save the export"))
        if file is not None:
            self.save(wanted, file)

    def save(self, wanted: FileToSave, file: Path) -> None:
        """Save an export, and say what to do with it."""
        if self._desk is None:
            return

        def done(saved: Path) -> None:
            self.saved.emit(say(msg("Saved as {file}. {then}", file=str(saved), then=wanted.done)))

        self._bridge.when_done(self._desk.save_file(file, wanted.data), done, self.failed.emit)
