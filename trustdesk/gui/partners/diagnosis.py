"""The first tab of a partner: what the verdict rests on, and the facts of the probe."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.core.probe import ProbeReport
from trustdesk.gui.partners.facts import facts_of
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


class Diagnosis(QWidget):
    """Evidence with grey ticks, then a grid of label and value."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._evidence_title = Text(say(msg("What it rests on")), TypeStyle.LABEL, "text2")
        self._evidence = QGridLayout()
        self._evidence.setHorizontalSpacing(10)
        self._evidence.setVerticalSpacing(6)
        self._evidence.setColumnStretch(1, 1)
        self._facts_title = Text(say(msg("Facts of the last test")), TypeStyle.LABEL, "text2")
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(16)
        self._facts.setVerticalSpacing(6)
        self._facts.setColumnStretch(1, 1)
        self._layout.addWidget(self._evidence_title)
        self._layout.addLayout(self._evidence)
        self._layout.addSpacing(8)
        self._layout.addWidget(self._facts_title)
        self._layout.addLayout(self._facts)
        self._layout.addStretch(1)

    def show_report(self, report: ProbeReport) -> None:
        """Show what a probe found."""
        evidence = [say(message) for message in report.explanation.evidence]
        self._evidence_title.setVisible(bool(evidence))
        _fill(self._evidence, [(Tick(), Text(words, wrap=True)) for words in evidence])
        facts = [
            (Text(label, TypeStyle.BODY, "text2"), Text(value, wrap=True))
            for label, value in facts_of(report)
        ]
        _fill(self._facts, facts)


class Tick(Text):
    """A bare grey tick: this was seen. It says nothing of good or bad."""

    def __init__(self) -> None:
        super().__init__()
        self._redraw()
        current_theme().changed.connect(self._redraw)
        self.setAccessibleName(say(msg("Evidence")))

    def _redraw(self) -> None:
        self.setPixmap(pixmap("tick", current_theme().tokens.text2, 14, self.devicePixelRatioF()))


def _fill(grid: QGridLayout, rows: Sequence[tuple[QWidget, QWidget]]) -> None:
    while (item := grid.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.setParent(None)
            widget.deleteLater()
    for place, (head, body) in enumerate(rows):
        grid.addWidget(head, place, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(body, place, 1)
