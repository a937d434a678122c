"""What the tabs of an item are put together from."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from trustdesk.core.inspection import ByteField, ExtensionFacts
from trustdesk.gui.inspector.opened import OpenedItem
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.card import Card, Hairline
from trustdesk.gui.widgets.text import Text


def fields_of(one: OpenedItem) -> tuple[ByteField, ...]:
    """Return where the parts of an item stand; empty for what has none."""
    item = one.item
    for part in (item.certificate, item.csr, item.crl):
        if part is not None:
            return part.fields
    return ()


def extensions_of(one: OpenedItem) -> tuple[ExtensionFacts, ...]:
    """Return the extensions of an item; empty for what has none."""
    item = one.item
    for part in (item.certificate, item.csr, item.crl):
        if part is not None:
            return part.extensions
    return ()


def carded(
    part: QWidget, *, title: str = "", below: QWidget | None = None, foot: QWidget | None = None
) -> Card:
    """Return a card around a part, with a heading, a second part and a button below where they are given."""
    card = Card()
    layout = QVBoxLayout(card)
    layout.setContentsMargins(16, 12, 16, 14)
    layout.setSpacing(10)
    if title:
        layout.addWidget(Text(title, TypeStyle.SECTION))
    layout.addWidget(part)
    if below is not None:
        layout.addWidget(Hairline())
        layout.addWidget(below)
    if foot is not None:
        line = QHBoxLayout()
        line.addWidget(foot)
        line.addStretch(1)
        layout.addLayout(line)
    return card


def scrolled(part: QWidget) -> QScrollArea:
    """Return a part that scrolls where it is higher than the page."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    frame = QWidget()
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(0, 0, 0, 4)
    layout.addWidget(part)
    if isinstance(part, Card):
        layout.addStretch(1)
    area.setWidget(frame)
    return area
