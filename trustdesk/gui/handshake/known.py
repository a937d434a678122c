"""What is known so far, although the run failed before TLS."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.handshake.known_facts import KnownFact
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


class KnownCard(Card):
    """One line for each fact; what was never seen has the sign of the unknown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons: list[tuple[QLabel, bool]] = []
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Text(say(msg("What is known so far")), TypeStyle.SECTION))
        kept = say(msg("kept, although the run failed"))
        head.addWidget(ElidedLabel(kept, TypeStyle.SECOND_LINE, "text2"), 1)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(2, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addLayout(self._grid)
        layout.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        current_theme().changed.connect(self._take_theme)

    def show_facts(self, facts: Sequence[KnownFact]) -> None:
        """Show other facts."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._icons = []
        top = Qt.AlignmentFlag.AlignTop
        for row, fact in enumerate(facts):
            icon = QLabel()
            icon.setAccessibleName(say(msg("known") if fact.known else msg("unknown")))
            self._icons.append((icon, fact.known))
            self._grid.addWidget(icon, row, 0, top)
            self._grid.addWidget(Text(say(fact.label), TypeStyle.ROW_TITLE_BAD), row, 1, top)
            self._grid.addWidget(Text(say(fact.text), ink="text2", wrap=True), row, 2, top)
        self._take_theme()

    def _take_theme(self) -> None:
        tokens = current_theme().tokens
        for label, known in self._icons:
            name, color = ("tick", tokens.text2) if known else ("unknown", tokens.unknown)
            label.setPixmap(pixmap(name, color, 16, self.devicePixelRatioF()))
