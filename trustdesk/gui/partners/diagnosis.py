"""The first tab of a partner: what the verdict rests on, and the facts of the probe."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.core.probe import ProbeReport
from trustdesk.gui.diagnosis.view import DiagnosisView
from trustdesk.gui.partners.facts import facts_of
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.grey_mark import GreyMark
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
        self._evidence_rows: list[tuple[Text, Text]] = []
        self._fact_rows: list[tuple[Text, Text]] = []
        self._layout.addWidget(self._evidence_title)
        self._layout.addLayout(self._evidence)
        self._layout.addSpacing(8)
        self._layout.addWidget(self._facts_title)
        self._layout.addLayout(self._facts)
        self._layout.addStretch(1)

    def show_report(self, report: ProbeReport, *, with_evidence: bool = True) -> None:
        """Show what a probe found; without evidence where ranked causes stand above with theirs."""
        evidence = [say(message) for message in report.explanation.evidence] if with_evidence else []
        self._evidence_title.setVisible(bool(evidence))
        _show_rows(self._evidence, self._evidence_rows, [("", words) for words in evidence], _evidence_row)
        _show_rows(self._facts, self._fact_rows, facts_of(report), _fact_row)


class DiagnosisTab(QWidget):
    """What a diagnosis found out, above what the last test shows by itself.

    Attributes:
        view: empty until a diagnosis is made.
        facts: of the last test.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = DiagnosisView(with_letter=False)
        self.facts = Diagnosis()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        layout.addWidget(self.view)
        layout.addWidget(self.facts)
        layout.addStretch(1)
        self.view.hide()


def _evidence_row() -> tuple[Text, Text]:
    return GreyMark("tick", say(msg("Evidence"))), Text(wrap=True)


def _fact_row() -> tuple[Text, Text]:
    return Text(ink="text2"), Text(wrap=True)


def _show_rows(
    grid: QGridLayout,
    made: list[tuple[Text, Text]],
    rows: Sequence[tuple[str, str]],
    make: Callable[[], tuple[Text, Text]],
) -> None:
    """Show rows in labels that are there already; making and laying out new ones takes longest."""
    while len(made) < len(rows):
        head, body = make()
        grid.addWidget(head, len(made), 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(body, len(made), 1)
        made.append((head, body))
    for place, (head, body) in enumerate(made):
        shown = place < len(rows)
        if shown:
            label, words = rows[place]
            if label:
                head.setText(label)
            body.setText(words)
        head.setVisible(shown)
        body.setVisible(shown)
