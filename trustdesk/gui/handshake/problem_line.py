"""What is wrong with a field, and what to do, below it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.text import Text


class ProblemLine(QWidget):
    """Icon, what is wrong in the colour of trouble, what to do in plain text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = QLabel()
        self._words = Text(style=TypeStyle.LABEL, ink="bad", wrap=True)
        self._remedy = Text(style=TypeStyle.SECOND_LINE, ink="text2", wrap=True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._words, 0, 1)
        grid.addWidget(self._remedy, 1, 1)
        current_theme().changed.connect(self._take_theme)
        self._take_theme()

    def show_problem(self, problem: str, remedy: str) -> None:
        """Show a problem and its remedy."""
        self._words.setText(problem)
        self._remedy.setText(remedy)
        self.setAccessibleName(f"{problem} {remedy}")

    def _take_theme(self) -> None:
        color = current_theme().tokens.bad
        self._icon.setPixmap(pixmap("bad", color, 14, self.devicePixelRatioF()))
