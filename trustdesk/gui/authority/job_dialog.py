"""A dialog with work that waits for a key store: it says so, can be stopped, and is not closed over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import Message, msg
from trustdesk.core.ports import Job
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.ring import Ring
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

T = TypeVar("T")


class JobDialog(PlainDialog):
    """A dialog whose content is fixed while a job of it runs.

    Attributes:
        form: what is disabled meanwhile.
    """

    def __init__(
        self, parent: QWidget, bridge: Bridge, title: Message, explanation: Message, *, size: tuple[int, int]
    ) -> None:
        super().__init__(parent, title, explanation, size=size)
        self._bridge = bridge
        self._job: Job[Any] | None = None
        self.form = QWidget()
        self.content.addWidget(self.form, 1)
        self._ring = Ring(16)
        self._words = Text(ink="text2", wrap=True)
        self.stop_button = Button(say(msg("Stop")), icon="stop")
        self.stop_button.setAutoDefault(False)
        self.stop_button.clicked.connect(self.reject)
        self._running = QWidget()
        row = QHBoxLayout(self._running)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._ring)
        row.addWidget(self._words, 1)
        row.addWidget(self.stop_button)
        self.content.addWidget(self._running)
        self._running.hide()
        self._ring.set_running(False)

    @property
    def is_running(self) -> bool:
        """Whether a job runs."""
        return self._job is not None

    def run(self, job: Job[T], words: Message, on_result: Callable[[T], None]) -> None:
        """Wait for a job, saying `words`; a failure is shown."""
        self.error.hide()
        self._job = job
        self._words.setText(say(words))
        self.form.setEnabled(False)
        self._running.show()
        self._ring.set_running(True)
        self.stop_button.setFocus(Qt.FocusReason.OtherFocusReason)

        def take(result: T) -> None:
            self._end()
            on_result(result)

        def fail(error: TrustdeskError) -> None:
            self._end()
            self.show_error(error)

        self._bridge.when_done(job.future, take, fail)

    def reject(self) -> None:
        """Stop what runs; without that, close."""
        if self._job is not None:
            self._job.cancel()
        else:
            super().reject()

    def _end(self) -> None:
        self._job = None
        if not self.is_gone:
            self.form.setEnabled(True)
            self._running.hide()
            self._ring.set_running(False)
            self.show_progress_over()

    def show_progress_over(self) -> None:
        """Set the buttons again after a job."""
