"""The button that compares the two certificates that are selected."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from trustdesk.core.message import msg
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.words import say


class CompareButton(Button):
    """Says in its tooltip what is missing while it cannot be pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(say(msg("Compare")), icon="compare", parent=parent)

    def show_selected(self, count: int) -> None:
        """Tell it how many certificates are selected."""
        two = count == 2
        self.setEnabled(two)
        words = msg("What is not the same in the two") if two else msg("Select two certificates (Ctrl+click)")
        self.setToolTip(say(words))

    def set_tight(self, tight: bool) -> None:
        """Show the icon alone."""
        words = say(msg("Compare"))
        self.show_as("" if tight else words, icon="compare", name=words)
