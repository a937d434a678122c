"""The frame of our dialogs: title, a sentence on what it is, content, buttons with Close at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import Message, msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.dialog_sizes import dialog_sizes
from trustdesk.gui.widgets.done_notice import DoneNotice
from trustdesk.gui.widgets.dropped_files import files_in
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_SMALLEST = QSize(560, 420)


class PlainDialog(QDialog):
    """A window of its own over the page; Esc closes it, and it stands without a window manager's sheet.

    Attributes:
        content: where the parts go.
        buttons: the row at the foot, before Close.
        notice, error: what was done, or why it was not.
        is_gone: whether it was closed; an answer that comes after that is dropped.
    """

    def __init__(
        self, parent: QWidget, title: Message, explanation: Message, *, size: tuple[int, int] = (760, 620)
    ) -> None:
        super().__init__(parent)
        self.is_gone = False
        self._awaited = 0
        self._goes_when_told = False
        self._on_files: Callable[[Sequence[Path]], None] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(say(title))
        self.setMinimumSize(_SMALLEST)
        usual = dialog_sizes().size_of(type(self).__name__, QSize(*size))
        self.resize(usual.boundedTo(self.screen().availableSize()).expandedTo(_SMALLEST))
        self.content = QVBoxLayout()
        self.content.setSpacing(10)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.notice = DoneNotice()
        self.error = VerdictBanner()
        self.error.hide()
        self.close_button = Button(say(msg("Close")), key=say(msg("Esc")))
        self.close_button.setAutoDefault(False)
        self.close_button.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addLayout(self.buttons)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(Text(say(title), TypeStyle.SUBJECT_TITLE, wrap=True))
        layout.addWidget(Text(say(explanation), ink="text2", wrap=True))
        layout.addLayout(self.content, 1)
        layout.addWidget(self.error)
        layout.addWidget(self.notice)
        layout.addLayout(foot)

    def done(self, result: int) -> None:
        """Close; Qt calls this for every way of closing it."""
        if not self.is_gone and self.isVisible():
            dialog_sizes().keep(type(self).__name__, self.size())
        self.is_gone = True
        if self._awaited and self.testAttribute(Qt.WidgetAttribute.WA_DeleteOnClose):
            self._goes_when_told = True
            self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        super().done(result)

    def stay_until_told(self, bridge: Bridge, future: Future[Any]) -> None:
        """Live on, unseen where it was closed, until what `bridge` has to tell of a future was told.

        Without it the dialog takes its signals along when it is closed: what was done all the same, because
        it could not be cancelled any more, would reach nobody.
        """
        self._awaited += 1
        future.add_done_callback(lambda _future: bridge.post(self._told))

    def _told(self) -> None:
        self._awaited -= 1
        if self._goes_when_told and not self._awaited:
            self.deleteLater()

    def add_button(self, button: Button) -> Button:
        """Put a button into the row at the foot; Enter presses it only while it has the keyboard."""
        button.setAutoDefault(False)
        self.buttons.addWidget(button)
        return button

    def show_error(self, error: TrustdeskError) -> None:
        """Say what failed; once it is closed there is nobody to tell."""
        if not self.is_gone:
            self.error.show_error(error)
            self.error.show()

    def take_drops(self, on_files: Callable[[Sequence[Path]], None]) -> None:
        """Hand over the files that are dropped on the dialog while it accepts drops, one at least."""
        self._on_files = on_files
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files that are held over the dialog."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand over the files that were dropped."""
        files = files_in(event.mimeData())
        if files and self._on_files is not None:
            event.acceptProposedAction()
            self._on_files(files)
