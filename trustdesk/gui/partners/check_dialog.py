"""What in the directory to look at: partners that may be there twice, or that are never tested."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.untrusted import visible
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.directory_values import DuplicateGroup
from trustdesk.services.partner_words import duplicate_words

_MOST_GROUPS, _MOST_NAMES, _SHOWN = 200, 24, 40


class CheckDialog(PlainDialog):
    """A card for each finding; a name is a link to its form.

    Signals:
        edit_wanted: the partner's name.
    """

    edit_wanted = Signal(str)

    def __init__(
        self, parent: QWidget, groups: Sequence[DuplicateGroup], without_endpoint: Sequence[str] = ()
    ) -> None:
        """Make it.

        Args:
            without_endpoint: names of partners that are in no table, because there is nothing to test.
        """
        super().__init__(
            parent,
            msg("Check the directory"),
            msg("Partners that may be there twice, and such as have no endpoint. A name opens its form."),
            size=(640, 520),
        )
        scroll = ScrolledColumn(name=say(msg("Check the directory")))
        if not groups and not without_endpoint:
            scroll.column.addWidget(
                Text(say(msg("No partner seems to be there twice, and all have an endpoint.")), wrap=True)
            )
        if without_endpoint:
            words = msg_n(
                "{count} partner has no endpoint: it is kept, and not tested.",
                "{count} partners have no endpoint: they are kept, and not tested.",
                len(without_endpoint),
            )
            scroll.column.addWidget(self._card(words, without_endpoint))
        for group in groups[:_MOST_GROUPS]:
            scroll.column.addWidget(self._card(duplicate_words(group), group.partners))
        if len(groups) > _MOST_GROUPS:
            more = msg_n("and {count} more", "and {count} more", len(groups) - _MOST_GROUPS)
            scroll.column.addWidget(Text(say(more), ink="text2"))
        scroll.column.addStretch(1)
        self.content.addWidget(scroll, 1)

    def _card(self, words: Message, names: Sequence[str]) -> Card:
        card = Card()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.setSpacing(4)
        inside.addWidget(Text(say(words), TypeStyle.BODY, wrap=True))
        links = QWidget()
        flow = Flow(links, gap=10)
        for name in names[:_MOST_NAMES]:
            button = Button(
                visible(name, _SHOWN), kind=ButtonKind.LINK, name=say(msg("Edit {partner}", partner=name))
            )
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, name=name: self.edit_wanted.emit(name))
            flow.addWidget(button)
        if len(names) > _MOST_NAMES:
            more = msg_n("and {count} more", "and {count} more", len(names) - _MOST_NAMES)
            flow.addWidget(Text(say(more), ink="text2"))
        inside.addWidget(links)
        return card
