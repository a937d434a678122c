"""The steps of the ONE Record workflow with what the run in view proves of each."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.core.probe import ProbeRecord
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.card import Hairline
from trustdesk.gui.widgets.state_chip import StateChip
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.board import State
from trustdesk.services.workflow_steps import (
    PROOF_WORDS,
    StepProof,
    WorkflowStep,
    reuse_words,
    workflow_steps,
)

_STATES = {
    StepProof.PROVED: State.GOOD,
    StepProof.REFUTED: State.BAD,
    StepProof.NOT_PROVED: State.UNKNOWN,
    StepProof.NOT_RUN: State.NOT_APPLICABLE,
}


class WorkflowList(QWidget):
    """Seven lines, and what a second request costs; only what was proved is ticked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = [StepRow() for _number in range(7)]
        self._reuse = Text(ink="text2", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for row in self.rows:
            layout.addWidget(row)
            layout.addWidget(Hairline())
        layout.addWidget(self._reuse)
        layout.addStretch(1)

    @property
    def reuse(self) -> str:
        """The sentence on a second request; "" where none was made."""
        return self._reuse.text()

    def show_record(self, record: ProbeRecord | None) -> None:
        """Show what a run proves; nothing while there is none."""
        self.setVisible(record is not None)
        if record is None:
            return
        for row, step in zip(self.rows, workflow_steps(record), strict=True):
            row.show_step(step)
        words = reuse_words(record)
        self._reuse.setText("" if words is None else say(words))
        self._reuse.setVisible(words is not None)


class StepRow(QWidget):
    """Number, title, what its proof rests on, and the word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = Text(style=TypeStyle.ROW_TITLE_BAD, ink="text2")
        self._title = Text(style=TypeStyle.ROW_TITLE, wrap=True)
        self._reason = Text(style=TypeStyle.SECOND_LINE, ink="text2", wrap=True)
        self._chip = StateChip()
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._title)
        words.addWidget(self._reason)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self._number, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        layout.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_step(self, step: WorkflowStep) -> None:
        """Show a step."""
        word = say(PROOF_WORDS[step.proof])
        self._number.setText(str(step.number))
        self._title.setText(say(step.title))
        self._reason.setText(say(step.reason))
        self._chip.show_state(_STATES[step.proof], word)
        self.setAccessibleName(
            say(
                msg(
                    "Step {number}: {title}, {word}. {reason}",
                    number=step.number,
                    title=step.title,
                    word=word,
                    reason=step.reason,
                )
            )
        )
