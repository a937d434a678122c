"""Where the parts of the page stand: a head, and below it what scrolls together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


def lay_out_page(
    page: QWidget, fact: QWidget, buttons: Sequence[QWidget], parts: Sequence[tuple[QWidget, int]]
) -> None:
    """Lay out the page Handshake.

    Args:
        fact: beside the title.
        buttons: at the end of the head.
        parts: from the top, each with its share of the height that is left.
    """
    head = QHBoxLayout()
    head.setSpacing(8)
    head.addWidget(Text(say(msg("Handshake")), TypeStyle.PAGE_TITLE))
    head.addSpacing(4)
    head.addWidget(fact, 1)
    for button in buttons:
        head.addWidget(button)
    body = QWidget()
    layout = QVBoxLayout(body)
    layout.setContentsMargins(24, 14, 24, 14)
    layout.setSpacing(14)
    layout.addLayout(head)
    for part, stretch in parts:
        layout.addWidget(part, stretch)
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


def shortcut(page: QWidget, keys: str, act: Callable[[], None]) -> QShortcut:
    """Return a shortcut that works while the keyboard is anywhere on a page."""
    made = QShortcut(QKeySequence(keys), page)
    made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    made.activated.connect(act)
    return made
