"""Labels and values below one another; values wrap, and an issuer is a link."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from trustdesk.gui.inspector.fact import Fact
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


class FactGrid(QWidget):
    """Facts in two columns.

    Signals:
        link_pressed: key of the item that a value leads to.
    """

    link_pressed = Signal(str)

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: tuple[Fact, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnMinimumWidth(0, 150)
        self.setAccessibleName(name)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What is shown."""
        return self._facts

    @property
    def text(self) -> str:
        """All of it as lines of text."""
        return "\n".join(f"{say(fact.label)}: {fact.value}" for fact in self._facts)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show other facts."""
        if tuple(facts) == self._facts:
            return
        self._facts = tuple(facts)
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row, fact in enumerate(self._facts):
            middle, top = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignTop
            label = Text(say(fact.label), TypeStyle.LABEL, "text2")
            self._grid.addWidget(label, row, 0, top if fact.link is None else middle)
            # Said once where several values follow one another; each is spoken with its label all the same.
            if row and self._facts[row - 1].label == fact.label:
                label.setText("")
            value = Text(fact.value, fact.style, fact.ink, wrap=True)
            value.setAccessibleName(f"{say(fact.label)}: {fact.value}")
            if fact.link is None:
                self._grid.addWidget(value, row, 1)
            else:
                link = Button(fact.value[:80], kind=ButtonKind.LINK, name=f"{say(fact.label)}: {fact.value}")
                link.clicked.connect(lambda _checked=False, key=fact.link: self.link_pressed.emit(key))
                self._grid.addWidget(link, row, 1, Qt.AlignmentFlag.AlignLeft)
                value.deleteLater()
        self._grid.setRowStretch(len(self._facts), 1)
