"""The tree in a narrow window: a drawer that a button opens."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.words import say

DRAWER_BELOW = 1080
"""Width of the window below which the tree is a drawer."""


class TreeDrawer(QObject):
    """Shows and hides the tree's pane.

    Signals:
        toggled: it was opened or closed.
        left: the pane goes, and had the keyboard.
    """

    toggled = Signal()
    left = Signal()

    def __init__(self, pane: QWidget, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pane = pane
        self.is_narrow = False
        self.is_open = False
        self.button = Button(icon="columns", name=say(msg("Opened items")))
        self.button.setCheckable(True)
        self.button.hide()
        self.button.clicked.connect(self.toggle)

    @property
    def is_hidden(self) -> bool:
        """Whether the tree is out of sight until the drawer is opened."""
        return self.is_narrow and not self.is_open

    def toggle(self) -> None:
        """Open it, or close it."""
        self.is_open = not self.is_open
        self.toggled.emit()

    def close(self) -> None:
        """Close it in a narrow window."""
        if self.is_narrow and self.is_open:
            self.toggle()

    def settle(self, width: int, *, in_tree: bool) -> None:
        """Fit a window of some width; the button goes while no tree is shown."""
        narrow = width < DRAWER_BELOW
        if narrow is not self.is_narrow:
            self.is_narrow, self.is_open = narrow, False
        focus = QApplication.focusWidget()
        if self.is_hidden and focus is not None and self._pane.isAncestorOf(focus):
            self.left.emit()
        self._pane.setVisible(not self.is_hidden)
        self.button.setVisible(narrow and in_tree)
        if self.button.isChecked() is not self.is_open:
            self.button.setChecked(self.is_open)
