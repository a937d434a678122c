"""Partners that may be in the directory twice, each with what they share."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import msg, msg_n
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.directory_values import DuplicateGroup
from trustdesk.services.partner_words import duplicate_words

_MOST = 200


class DuplicatesDialog(PlainDialog):
    """A card for each group; a name is a link to its form.

    Signals:
        edit_wanted: the partner's name.
    """

    edit_wanted = Signal(str)

    def __init__(self, parent: QWidget, groups: Sequence[DuplicateGroup]) -> None:
        super().__init__(
            parent,
            msg("Possible duplicates"),
            msg("What each partner should have alone, and several have. Edit one, or remove it."),
            size=(640, 520),
        )
        scroll = ScrolledColumn(name=say(msg("Possible duplicates")))
        if not groups:
            scroll.column.addWidget(Text(say(msg("No partner seems to be there twice.")), wrap=True))
        for group in groups[:_MOST]:
            scroll.column.addWidget(self._card(group))
        if len(groups) > _MOST:
            left = len(groups) - _MOST
            words = msg_n("and {count} more", "and {count} more", left)
            scroll.column.addWidget(Text(say(words), ink="text2"))
        scroll.column.addStretch(1)
        self.content.addWidget(scroll, 1)

    def _card(self, group: DuplicateGroup) -> Card:
        card = Card()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.setSpacing(4)
        inside.addWidget(Text(say(duplicate_words(group)), TypeStyle.BODY, wrap=True))
        row = QHBoxLayout()
        row.setSpacing(12)
        for name in group.partners[:4]:
            button = Button(say(msg("Edit {partner}", partner=name)), kind=ButtonKind.LINK)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, name=name: self.edit_wanted.emit(name))
            row.addWidget(button)
        row.addStretch(1)
        inside.addLayout(row)
        return card
