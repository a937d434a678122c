"""Where the parts of the page stand: a head, and below it what scrolls together."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.handshake.help_dialogs import HelpDialogs
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_ROOM_FOR_WORDS = 860
"""Width of the head from which its helpers have words beside their icons."""


class PageHead(QWidget):
    """Title, a fact beside it, and buttons at the end; the helpers lose their words first."""

    def __init__(self, fact: QWidget, helpers: HelpDialogs, buttons: Sequence[QWidget]) -> None:
        super().__init__()
        self._helpers = helpers
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        head = QHBoxLayout(self)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(8)
        head.addWidget(Text(say(msg("Handshake")), TypeStyle.PAGE_TITLE))
        head.addSpacing(4)
        head.addWidget(fact, 1)
        for button in (helpers.explain_button, helpers.rehearse_button, *buttons):
            head.addWidget(button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show words where there is room for them."""
        super().resizeEvent(event)
        self._helpers.set_tight(self.width() < _ROOM_FOR_WORDS)


def lay_out_page(
    page: QWidget, head: PageHead, parts: Sequence[QWidget], *, growing: Sequence[QWidget]
) -> None:
    """Lay out the page Handshake: `parts` from the top; those that are `growing` take the height left."""
    body = QWidget()
    layout = QVBoxLayout(body)
    layout.setContentsMargins(24, 14, 24, 14)
    layout.setSpacing(14)
    layout.addWidget(head)
    for part in parts:
        if part in growing:
            layout.addWidget(part, 1)
        else:
            # Without an alignment a part whose lines wrap is held to the height of its widest form.
            layout.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
    layout.addStretch(0)
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(body)
    outer = QVBoxLayout(page)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(area)
    page.setAccessibleName(say(msg("Handshake")))
