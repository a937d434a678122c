"""Copy as: the ladder as text or Mermaid, and the same test as a line for another tool."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from trustdesk.core.diagnosis import ProbeVariant
from trustdesk.core.message import msg
from trustdesk.core.probe import ProbeRecord
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.words import say
from trustdesk.services.equivalent_commands import equivalent_commands
from trustdesk.services.ladder_text import ladder_mermaid, ladder_text


class CopyAsButton(Button):
    """A button with a menu; it is there when there is something to copy.

    Signals:
        commands_wanted: the person wants to see the lines before they are copied.
    """

    commands_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(say(msg("Copy as")), icon="copy", parent=parent)
        self.forms = QMenu(self)
        self.clicked.connect(self._open)
        self.hide()

    def set_subject(
        self, record: ProbeRecord | None, variant: ProbeVariant | None, *, our_name: str | None
    ) -> None:
        """Copy this run; None for `record` while there is none.

        Args:
            variant: of a probe of the matrix; None for the target as it is given.
            our_name: of the identity that was selected; None for none.
        """
        self.setVisible(record is not None)
        self.forms.clear()
        if record is None:
            return
        us = our_name or "us"
        self._offer(say(msg("Text")), ladder_text(record))
        self._offer(say(msg("Mermaid diagram")), ladder_mermaid(record, us=us))
        self.forms.addSeparator()
        for command in equivalent_commands(record.target, variant, with_identity=our_name is not None):
            self._offer(say(msg("Command for {tool}", tool=command.tool)), command.line)
        self.forms.addSeparator()
        self.forms.addAction(say(msg("Show the commands …"))).triggered.connect(self.commands_wanted)

    def _offer(self, words: str, text: str) -> None:
        action = self.forms.addAction(words)
        action.triggered.connect(lambda _checked=False: QGuiApplication.clipboard().setText(text))

    def _open(self) -> None:
        self.forms.popup(self.mapToGlobal(QPoint(0, self.height() + 4)))
