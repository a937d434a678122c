"""What will be requested, live, request by request."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.untrusted import visible
from trustdesk.gui.requests.draft_words import chip_of
from trustdesk.gui.requests.judged import JudgedDraft
from trustdesk.gui.requests.request_head import RequestHead
from trustdesk.gui.requests.words import KEY_WORDS
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.card import Hairline
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_MAX_NAMES = 40
_LABEL_WIDTH = 92
_KINDS = {"URI": msg("SAN, URI"), "DNS": msg("SAN, DNS")}


class PreviewPane(ScrolledColumn):
    """A block for each request; what is long is scrolled."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, name=say(msg("What will be requested")))
        self.blocks: list[RequestBlock] = []
        self.column.setContentsMargins(18, 18, 18, 14)
        self.column.setSpacing(10)
        self.title = Text(say(msg("What will be requested")), TypeStyle.ROW_TITLE_BAD, "text2")
        self.column.addWidget(self.title)
        self.column.addStretch(1)

    def show_judged(self, judged: Sequence[JudgedDraft]) -> None:
        """Show drafts with what is said of them."""
        purposes = [one.draft.purpose for one in judged]
        if purposes != [block.purpose for block in self.blocks]:
            for block in self.blocks:
                self.column.removeWidget(block)
                block.hide()
                block.deleteLater()
            self.blocks = [RequestBlock(one, has_line=bool(place)) for place, one in enumerate(judged)]
            for place, block in enumerate(self.blocks):
                self.column.insertWidget(1 + place, block)
        for block, one in zip(self.blocks, judged, strict=True):
            block.show_judged(one)


class RequestBlock(QWidget):
    """Head, and labels with their values."""

    def __init__(self, judged: JudgedDraft, *, has_line: bool) -> None:
        super().__init__()
        self.purpose = judged.draft.purpose
        self.head = RequestHead(self.purpose)
        self.lines: list[tuple[str, str]] = []
        self._row = 0
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(7)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnMinimumWidth(0, _LABEL_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.setSpacing(8)
        if has_line:
            layout.addWidget(Hairline())
        layout.addWidget(self.head)
        layout.addLayout(self._grid)

    def show_judged(self, judged: JudgedDraft) -> None:
        """Show a draft."""
        self.head.chip.show_state(*chip_of(judged))
        while (item := self._grid.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.hide()
                part.deleteLater()
        self.lines = []
        self._row = 0
        asked = judged.asked
        self._line(msg("Subject"), _subject(judged), "text" if asked.subject or judged.is_begun else "text3")
        for kind, names in _by_kind(asked.subject_alt_names):
            self._block(_KINDS.get(kind, msg("SAN, {kind}", kind=kind)), names)
        if asked.key_usage:
            self._line(msg("Key usage"), ", ".join(asked.key_usage))
        if asked.extended_key_usage:
            self._line(msg("EKU"), ", ".join(asked.extended_key_usage))
        self._line(msg("Key"), say(KEY_WORDS[asked.key]))
        if judged.draft.partner:
            self._line(msg("For"), judged.draft.partner)
        if judged.draft.renews:
            self._line(msg("Renews"), judged.draft.renews)
        if judged.is_begun:
            for words in judged.problems:
                self._line(msg("Problem"), say(words), "bad")
            for words in judged.hints:
                self._line(msg("Hint"), say(words), "warning")
            if judged.not_run and not judged.obstacles:
                count = msg_n("{count} rule, see Check", "{count} rules, see Check", judged.not_run)
                self._line(msg("Not run"), say(count), "unknown")

    def _next_row(self) -> int:
        # A grid never forgets its rows; they are filled again from the first.
        self._row += 1
        return self._row - 1

    def _line(self, label: Message, value: str, ink: str = "text") -> None:
        row = self._next_row()
        shown = visible(value, 400)
        top = Qt.AlignmentFlag.AlignTop
        text = Text(shown, TypeStyle.SECOND_LINE, ink, wrap=True)
        text.setAccessibleName(f"{say(label)}: {shown}")
        self._grid.addWidget(Text(say(label), TypeStyle.LABEL, "text2"), row, 0, top)
        self._grid.addWidget(text, row, 1)
        self.lines.append((say(label), shown))

    def _block(self, label: Message, names: Sequence[str]) -> None:
        row = self._next_row()
        shown = [visible(name, 300) for name in names[:_MAX_NAMES]]
        if len(names) > _MAX_NAMES:
            more = msg_n("and {count} more", "and {count} more", len(names) - _MAX_NAMES)
            shown.append(say(more))
        place = QWidget()
        layout = QVBoxLayout(place)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(Text(say(label), TypeStyle.LABEL, "text2"))
        value = Text("\n".join(shown), TypeStyle.SECOND_LINE, wrap=True)
        value.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        value.setAccessibleName(f"{say(label)}: {', '.join(shown)}")
        layout.addWidget(value)
        self._grid.addWidget(place, row, 0, 1, 2)
        self.lines.append((say(label), "\n".join(shown)))


def _subject(judged: JudgedDraft) -> str:
    if judged.asked.subject:
        return judged.asked.subject
    if not judged.asked.subject_alt_names and not judged.is_begun:
        return say(msg("follows from the names"))
    return say(msg("empty, so SAN is critical"))


def _by_kind(names: Sequence[str]) -> list[tuple[str, list[str]]]:
    kinds: dict[str, list[str]] = {}
    for name in names:
        kind, _colon, value = name.partition(":")
        kinds.setdefault(kind, []).append(value)
    return list(kinds.items())
