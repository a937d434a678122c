"""What is being done or waited for, with Cancel: a keyring may wait for the person to unlock it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import Message, msg
from trustdesk.core.ports import Job
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.ring import Ring
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

T = TypeVar("T")

_LONG_MS = 1500
_WAITING = msg(
    "This takes long. The system may be asking for the keyring's password in a window behind this one."
)


class JobLine(QWidget):
    """One job at a time; hidden while none runs.

    Signals:
        changed: a job began, or none runs any more.
    """

    changed = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._cancel_job: Callable[[], None] | None = None
        self._serial = 0
        self._ring = Ring(16)
        self._words = Text(style=TypeStyle.ROW_TITLE)
        self._hint = Text(say(_WAITING), TypeStyle.SECOND_LINE, "text2", wrap=True)
        self.cancel_button = Button(say(msg("Cancel")))
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(self.cancel)
        self._long = QTimer(self)
        self._long.setSingleShot(True)
        self._long.setInterval(_LONG_MS)
        self._long.timeout.connect(self._hint.show)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self._ring)
        line.addWidget(self._words, 1)
        line.addWidget(self.cancel_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(line)
        layout.addWidget(self._hint)
        self._rest()

    @property
    def is_running(self) -> bool:
        """Whether a job runs."""
        return self._cancel_job is not None

    @property
    def words(self) -> str:
        """What is being done."""
        return self._words.text()

    def run(
        self,
        job: Job[T],
        words: Message,
        on_result: Callable[[T], None],
        on_error: Callable[[TrustdeskError], None],
    ) -> None:
        """Show a job that was begun; one of both is called when it has ended."""
        self._serial += 1
        serial = self._serial

        def mine() -> bool:
            if serial != self._serial:
                return False
            self._rest()
            self.changed.emit()
            return True

        def done(result: T) -> None:
            if mine():
                on_result(result)

        def failed(error: TrustdeskError) -> None:
            if mine():
                on_error(error)

        self._cancel_job = job.cancel
        self._words.setText(say(words))
        self.setAccessibleName(self._words.text())
        self.cancel_button.setEnabled(True)
        self._ring.set_running(True)
        self._long.start()
        self.show()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self._words.text()))
        self._bridge.when_done(job.future, done, failed)
        self.changed.emit()

    def cancel(self) -> None:
        """Ask the job to stop; its end is awaited."""
        if self._cancel_job is not None:
            self.cancel_button.setEnabled(False)
            self._cancel_job()

    def give_up(self) -> None:
        """Ask the job to stop, and wait for nothing: whoever asked for it goes away."""
        self.cancel()
        self._serial += 1
        self._rest()

    def _rest(self) -> None:
        self._cancel_job = None
        self._long.stop()
        self._ring.set_running(False)
        self._hint.hide()
        self.hide()
