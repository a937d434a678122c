"""A window that files and text can be dropped on anywhere."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from trustdesk.gui.frame.drop_frame import DropFrame
from trustdesk.gui.widgets.dropped_files import files_in


class DropTarget(QWidget):
    """Shows a frame over everything while something is held over it.

    Attributes:
        drop_frame: that frame.
    """

    def __init__(self) -> None:
        super().__init__()
        self.drop_frame = DropFrame(self)
        self.setAcceptDrops(True)

    @abstractmethod
    def takes_drops(self) -> bool:
        """Whether anything can be opened now."""
        raise NotImplementedError

    @abstractmethod
    def open_dropped(self, files: Sequence[Path], text: str) -> None:
        """Open what was dropped: files, else a text."""
        raise NotImplementedError

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and text, wherever they are held over the window."""
        data = event.mimeData()
        if self.takes_drops() and (data.hasUrls() or data.hasText()):
            event.acceptProposedAction()
            self.drop_frame.cover()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Take the frame away again."""
        self.drop_frame.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        self.drop_frame.hide()
        data = event.mimeData()
        files = files_in(data)
        if not self.takes_drops() or not (files or data.text().strip()):
            return
        event.acceptProposedAction()
        self.open_dropped(files, data.text())
