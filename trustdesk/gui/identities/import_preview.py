"""What files hold that are to be imported, with everything that can be chosen."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trustdesk.core.identity import ImportCandidate, ImportPreview
from trustdesk.core.inspection import ItemKind
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.gui.identities.import_candidate import CandidateCard, same_thing
from trustdesk.gui.identities.locked_source import LockedSource
from trustdesk.gui.identities.other_items import other_items
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_SHOWN_OTHERS = 20


class ImportPreviewArea(ScrolledColumn):
    """Locked files first, then the identities, then everything else.

    Signals:
        changed: something else is chosen.
        password_given: a file and a password for it.

    Attributes:
        locked: the files of which something is closed.
        cards: one for each candidate.
    """

    changed = Signal()
    password_given = Signal(str, str)

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent, name=say(msg("What is in the files")))
        self._now = now
        self.locked: list[LockedSource] = []
        self.cards: list[CandidateCard] = []
        self.others: tuple[str, ...] = ()

    def show_preview(self, preview: ImportPreview) -> None:
        """Show what was found; what the person chose before is kept where it is there still."""
        before = {same_thing(card.candidate): card for card in self.cards}
        java = {item.source for item in preview.everything.items if item.kind is ItemKind.JKS}
        self.locked = [LockedSource(source, is_java=source in java) for source in preview.locked]
        # Of a file that is closed as a whole the field for its password tells enough.
        shown = [one for one in preview.candidates if not _is_closed_file(one, preview.locked)]
        self.cards = [CandidateCard(candidate, self._now) for candidate in shown]
        # What can be imported comes first.
        self.cards.sort(key=lambda card: not card.candidate.can_be_imported)
        for card in self.cards:
            known = before.get(same_thing(card.candidate))
            if known is not None:
                card.take_over(known)
            card.changed.connect(self.changed)
        for source in self.locked:
            source.given.connect(self.password_given)
        self.others = other_items(preview)
        self.clear()
        layout = self.column
        for part in (*self.locked, *self.cards):
            layout.addWidget(part)
            # Otherwise it is there only after the next turn, and takes no keyboard before.
            part.show()
        self._list_others(layout)
        if not self.cards and not self.others and not self.locked:
            layout.addWidget(Text(say(msg("There is nothing in these files.")), ink="text2"))
        layout.addStretch(1)
        first: QWidget | None = self.locked[0].field.edit if self.locked else None
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def check(self, taken: Collection[str]) -> bool:
        """Mark the names that cannot be used; return whether something is chosen and every name is good.

        Args:
            taken: names of identities that are here.
        """
        chosen = [card for card in self.cards if card.is_chosen]
        names = [card.chosen_name for card in chosen]
        good = True
        for card in self.cards:
            problem = _problem_of(card.chosen_name, names, taken) if card in chosen else None
            card.show_problem(problem)
            good = good and problem is None
        return good and bool(chosen)

    def show_wrong(self, source: str) -> None:
        """Say that the last password did not open a file."""
        for one in self.locked:
            if one.source == source:
                one.show_wrong(msg("This password opens nothing more in it."))

    def forget(self) -> None:
        """Let go of passwords that were typed."""
        for one in self.locked:
            one.forget()

    def _list_others(self, layout: QVBoxLayout) -> None:
        if not self.others:
            return
        layout.addWidget(Text(say(msg("Also in these files, and no identity")), TypeStyle.LABEL, "text2"))
        for line in self.others[:_SHOWN_OTHERS]:
            layout.addWidget(Text(line, TypeStyle.SECOND_LINE, "text2", wrap=True))
        more = len(self.others) - _SHOWN_OTHERS
        if more > 0:
            words = msg_n("and {count} more", "and {count} more", more)
            layout.addWidget(Text(say(words), TypeStyle.SECOND_LINE, "text2"))


def _is_closed_file(candidate: ImportCandidate, locked: Collection[str]) -> bool:
    knows_nothing = candidate.key is None and not candidate.certification_path and candidate.alias is None
    return knows_nothing and candidate.source in locked


def _problem_of(name: str, names: list[str], taken: Collection[str]) -> Message | None:
    if not name:
        return msg("It needs a name.")
    if names.count(name) > 1:
        return msg("Two of them have this name.")
    if name in taken:
        return msg("An identity of this name is here already.")
    return None
