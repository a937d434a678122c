"""One key in the files that are to be imported: what belongs to it, and under which name it shall be kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.identity import ImportCandidate
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.handshake.field_cell import TickBox, line_edit, set_invalid
from trustdesk.gui.identities.remark_line import RemarkLine
from trustdesk.gui.inspector.facts import key_words, validity_words
from trustdesk.gui.names import common_name
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

LONGEST_NAME = 120
"""Characters of an identity's name."""


class CandidateCard(Card):
    """Tick box, name, certificate, chain, and what there is to know.

    Signals:
        changed: ticked or not, or another name.
    """

    changed = Signal()

    def __init__(
        self, candidate: ImportCandidate, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.candidate = candidate
        title = _title(candidate)
        self.tick = TickBox(say(msg("Import as")), name=say(msg("Import {subject}", subject=title)))
        self.name = line_edit(say(msg("Name of {subject}", subject=title)))
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setText(candidate.suggested_name)
        self.problem = RemarkLine(icon="bad", ink="bad")
        self.problem.hide()
        self.remarks = [*_remarks(candidate)]
        possible = candidate.can_be_imported
        self.tick.setChecked(possible and candidate.already_here is None)
        self.tick.toggled.connect(self._toggled)
        self.name.textEdited.connect(lambda _text: self.changed.emit())
        self.name.setEnabled(self.tick.isChecked())
        head = QHBoxLayout()
        head.setSpacing(10)
        if possible:
            head.addWidget(self.tick)
            head.addWidget(self.name, 1)
        else:
            head.addWidget(ElidedLabel(title, style=TypeStyle.ROW_TITLE_BAD), 1)
            self.tick.setParent(self)
            self.name.setParent(self)
            self.tick.hide()
            self.name.hide()
        head.addWidget(Text(_origin(candidate), TypeStyle.SECOND_LINE, "text2"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.problem)
        for line in _certificate_lines(candidate, now()):
            layout.addWidget(line)
        for remark in self.remarks:
            layout.addWidget(remark)
        self.setAccessibleName(title)

    @property
    def is_chosen(self) -> bool:
        """Whether the person wants it."""
        return self.candidate.can_be_imported and self.tick.isChecked()

    @property
    def chosen_name(self) -> str:
        """The name under which it shall be kept."""
        return self.name.text().strip()

    @property
    def words(self) -> tuple[str, ...]:
        """Remarks, problems and what to do about them."""
        return tuple(line.words for line in self.remarks)

    def show_problem(self, words: Message | None) -> None:
        """Say what is wrong with the name; None for nothing."""
        set_invalid(self.name, words is not None)
        self.problem.setVisible(words is not None)
        if words is not None:
            self.problem.show_words(say(words))
        self.name.setAccessibleDescription("" if words is None else say(words))

    def take_over(self, before: CandidateCard) -> None:
        """Keep what the person chose while the files were opened with another password."""
        if not before.candidate.can_be_imported or not self.candidate.can_be_imported:
            return
        self.tick.setChecked(before.tick.isChecked() and self.candidate.already_here is None)
        if before.chosen_name != before.candidate.suggested_name:
            self.name.setText(before.name.text())

    def _toggled(self) -> None:
        self.name.setEnabled(self.tick.isChecked())
        self.changed.emit()


def same_thing(candidate: ImportCandidate) -> tuple[str, ...]:
    """Return what tells a candidate from the others when the files are read once more."""
    spki = candidate.key.spki_sha256 if candidate.key is not None else None
    if spki is not None:
        return (spki,)
    digest = candidate.certification_path[0].sha256 if candidate.certification_path else ""
    return (candidate.source, candidate.alias or "", digest)


def _title(candidate: ImportCandidate) -> str:
    if candidate.certification_path:
        return visible(candidate.certification_path[0].title, 80)
    return visible(candidate.alias or candidate.suggested_name or candidate.source.rpartition("/")[2], 80)


def _origin(candidate: ImportCandidate) -> str:
    key = candidate.key
    words = "" if key is None else key_words(key.algorithm, key.bits, key.curve)
    file = visible(candidate.source.rpartition("/")[2], 40)
    return "  ·  ".join(part for part in (words, file) if part)


def _certificate_lines(candidate: ImportCandidate, now: datetime) -> Iterator[QWidget]:
    path = candidate.certification_path
    if not path:
        return
    leaf = path[0]
    subject = visible(leaf.subject or "") or say(msg("empty subject"))
    yield Text(subject, TypeStyle.ROW_TITLE, wrap=True)
    yield Text(validity_words(leaf.not_before, leaf.not_after, now), TypeStyle.SECOND_LINE, "text2")
    found = {facts.sha256: where for facts, where in candidate.completed}
    for place, facts in enumerate(path):
        where = found.get(facts.sha256)
        if place == 0 and where is None:
            continue
        name = common_name(facts.subject)
        words = (
            msg("Chain: {issuer}, from the file", issuer=name)
            if where is None
            else msg("Chain: {issuer}, found {where}", issuer=name, where=where)
        )
        yield RemarkLine(say(words), icon="link")


def _remarks(candidate: ImportCandidate) -> Iterator[RemarkLine]:
    remedies = (*candidate.remedies, *[None] * len(candidate.problems))
    for problem, remedy in zip(candidate.problems, remedies, strict=False):
        words = say(problem) if remedy is None else f"{say(problem)} {say(remedy)}"
        yield RemarkLine(words, icon="warning", ink="warning")
    for remark in candidate.remarks:
        yield RemarkLine(say(remark), icon="information")
