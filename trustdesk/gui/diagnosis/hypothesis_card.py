"""One possible cause: what speaks for it, what to do, what to look for, what it cannot be told from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.diagnosis import Evidence, FamilyGuess, Hypothesis
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import Responsible
from trustdesk.gui.diagnosis.hypothesis_head import HypothesisHead
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card, Hairline
from trustdesk.gui.widgets.code_line import CodeLine
from trustdesk.gui.widgets.grey_mark import GreyMark
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_WHAT_TO_DO: dict[Responsible, Message] = {
    Responsible.US: msg("What we have to do"),
    Responsible.PARTNER: msg("What partner has to do"),
    Responsible.NETWORK: msg("What whoever runs the network has to do"),
    Responsible.CA: msg("What the certification authority has to do"),
    Responsible.UNCLEAR: msg("What to do"),
    Responsible.NOBODY: msg("What to do"),
}


class HypothesisCard(Card):
    """Head and, when it is open, body; the body is made when it is opened for the first time.

    Signals:
        probe_wanted: number of the probe that the person pressed, "P2".
    """

    probe_wanted = Signal(str)

    def __init__(
        self,
        rank: int,
        hypothesis: Hypothesis,
        *,
        family: FamilyGuess | None = None,
        alike: Sequence[Message] = (),
        parent: QWidget | None = None,
    ) -> None:
        """Make a card; `alike` are the statements of the causes that nothing tells from this one."""
        super().__init__(parent)
        self._hypothesis, self._family, self._alike = hypothesis, family, tuple(alike)
        self.head = HypothesisHead(rank, hypothesis)
        self._body: QWidget | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(1, 1, 1, 1)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.head)
        self.head.toggled.connect(self._open)

    def _open(self, opened: bool) -> None:
        if self._body is None and opened:
            self._body = QWidget()
            # The indent is an item and no margin: margins do not change sides in right-to-left.
            sides = QHBoxLayout(self._body)
            sides.setContentsMargins(12, 0, 12, 12)
            sides.setSpacing(0)
            sides.addSpacing(22)
            layout = QVBoxLayout()
            layout.setSpacing(6)
            sides.addLayout(layout, 1)
            layout.addWidget(Hairline())
            for part in self._parts():
                if isinstance(part, _Label):
                    layout.addSpacing(4)
                layout.addWidget(part)
            self._layout.addWidget(self._body)
        if self._body is not None:
            self._body.setVisible(opened)

    def _parts(self) -> Iterator[QWidget]:
        hypothesis = self._hypothesis
        if hypothesis.evidence:
            yield self._evidence(hypothesis.evidence)
        else:
            yield Text(say(msg("Nothing that was seen speaks for it by itself.")), ink="text2", wrap=True)
        if hypothesis.remedy is not None:
            yield _Label(_WHAT_TO_DO[hypothesis.responsible])
            yield Text(say(hypothesis.remedy), wrap=True)
        if hypothesis.log_hint is not None:
            title = msg("Line to look for in their log")
            if self._family is not None:
                title = msg("Line to look for in their log ({family})", family=self._family.family)
            yield _Label(title)
            yield CodeLine(hypothesis.log_hint, name=say(title))
        if self._alike:
            yield _Label(msg("Cannot be told apart from"))
            for one in self._alike:
                yield Text(say(one), wrap=True)
        if hypothesis.separated_by is not None:
            yield _Label(msg("What would tell"))
            yield Text(say(hypothesis.separated_by), wrap=True)

    def _evidence(self, evidence: Sequence[Evidence]) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 4, 0, 2)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(2, 1)
        top = Qt.AlignmentFlag.AlignTop
        for row, one in enumerate(evidence):
            grid.addWidget(_weight_mark(speaks_for=one.weight >= 0), row, 0, top)
            if one.probe is not None:
                link = Button(one.probe, kind=ButtonKind.LINK, name=say(msg("Show probe {id}", id=one.probe)))
                link.clicked.connect(lambda _checked=False, number=one.probe: self.probe_wanted.emit(number))
                line = QHBoxLayout()
                line.addWidget(link)
                grid.addLayout(line, row, 1, top)
            fact = QVBoxLayout()
            fact.setContentsMargins(0, 3, 0, 3)
            fact.addWidget(Text(say(one.fact), wrap=True))
            grid.addLayout(fact, row, 2)
        return box


class _Label(Text):
    """The name of a part, with room above it."""

    def __init__(self, words: Message) -> None:
        super().__init__(say(words), TypeStyle.LABEL, "text2")


def _weight_mark(*, speaks_for: bool) -> GreyMark:
    """Return a grey tick for what speaks for a cause, a grey cross for what speaks against it."""
    words = say(msg("speaks for it") if speaks_for else msg("speaks against it"))
    mark = GreyMark("tick" if speaks_for else "close", words)
    mark.setToolTip(words)
    mark.setMargin(3)
    return mark
