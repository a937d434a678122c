"""Fingerprints below their labels: two lines each, which need the whole width."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trustdesk.gui.inspector.fact import Fact
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


class DigestLines(QWidget):
    """Labels and digests; each can be selected and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(3)
        self.facts: tuple[Fact, ...] = ()

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show digests."""
        if tuple(facts) == self.facts:
            return
        self.facts = tuple(facts)
        while (item := self._layout.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.hide()
                part.deleteLater()
        for fact in self.facts:
            self._layout.addWidget(Text(say(fact.label), TypeStyle.LABEL, "text2"))
            value = Text(fact.value, TypeStyle.FIXED, wrap=True)
            # Digits run from left to right in every language.
            value.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            value.setAccessibleName(f"{say(fact.label)}: {fact.value}")
            self._layout.addWidget(value)
            self._layout.addSpacing(4)
