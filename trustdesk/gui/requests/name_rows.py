"""The names that were added, each in a row of its own: edit, move, remove."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from trustdesk.core.certificate_request import FieldRemark
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.requests.remark_line import RemarkLine
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card, CardGround
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.painting import CARD_RADIUS, paint_rounded
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_ICON = 16
_LONGEST = 300


class NameRows(QWidget):
    """Rows in the order of the request.

    Signals:
        edit_wanted: place of a name that the person wants to change.
        remove_wanted: place of a name.
        move_wanted: place of a name, and where it shall stand.
        repair_wanted: place of a name, and what to write instead ("" for leaving it out).
    """

    edit_wanted = Signal(int)
    remove_wanted = Signal(int)
    move_wanted = Signal(int, int)
    repair_wanted = Signal(int, str)

    def __init__(self, *, name: str, note: Callable[[int], Message | None], is_ordered: bool = True) -> None:
        """Make it; `note` says what is special about the name at a place."""
        super().__init__()
        self._note, self._is_ordered = note, is_ordered
        self.rows: list[NameRow] = []
        self.setAccessibleName(name)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)

    def show_names(
        self, names: Sequence[str], remarks: Sequence[FieldRemark], *, edited: int | None = None
    ) -> None:
        """Show names with what is said of each; the one at `edited` is in the field now."""
        while len(self.rows) > len(names):
            row = self.rows.pop()
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self.rows) < len(names):
            self._add_row(len(self.rows))
        said = {remark.position: remark for remark in reversed(remarks) if remark.position is not None}
        for place, (row, name) in enumerate(zip(self.rows, names, strict=True)):
            row.show_name(
                name,
                self._note(place),
                said.get(place),
                is_edited=place == edited,
                can_rise=self._is_ordered and place > 0,
            )

    def _add_row(self, place: int) -> None:
        row = NameRow()
        row.edit_button.clicked.connect(lambda: self.edit_wanted.emit(place))
        row.remove_button.clicked.connect(lambda: self.remove_wanted.emit(place))
        row.up_button.clicked.connect(lambda: self.move_wanted.emit(place, place - 1))
        row.remark.repair_wanted.connect(lambda text: self.repair_wanted.emit(place, text))
        self.rows.append(row)
        self._layout.addWidget(row)


class NameRow(QWidget):
    """One name: what is said of it by an icon and, where there is something to say, a line below."""

    def __init__(self) -> None:
        super().__init__()
        self._mark = ("tick", "accent")
        self._icon = QLabel()
        self._name = ElidedLabel(style=TypeStyle.ROW_TITLE, mode=Qt.TextElideMode.ElideMiddle)
        # Names run from left to right in every language.
        self._name.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._note = Text(style=TypeStyle.SECOND_LINE, ink="text2")
        bare = ButtonKind.BARE
        self.up_button = Button(icon="chevron-up", kind=bare, name=say(msg("Move up")))
        self.edit_button = Button(icon="edit", kind=bare, name=say(msg("Edit")))
        self.remove_button = Button(icon="close", kind=bare, name=say(msg("Remove")))
        self.remark = RemarkLine()
        self.remark.hide()
        self._frame = _Frame()
        row = QHBoxLayout(self._frame)
        row.setContentsMargins(margins(12, 1, 4, 1))
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addWidget(self._name)
        row.addWidget(self._note)
        row.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        for button in (self.up_button, self.edit_button, self.remove_button):
            buttons.addWidget(button)
        row.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._frame)
        layout.addWidget(self.remark)
        current_theme().changed.connect(self._take_theme)

    @property
    def text(self) -> str:
        """The name."""
        return self._name.text()

    def show_name(
        self,
        name: str,
        note: Message | None,
        remark: FieldRemark | None,
        *,
        is_edited: bool,
        can_rise: bool,
    ) -> None:
        """Show a name."""
        shown = visible(name, _LONGEST)
        self._name.setText(shown)
        words = say(msg("being edited")) if is_edited else "" if note is None else say(note)
        self._note.setText(words)
        self._note.setVisible(bool(words))
        self._mark = ("tick", "accent")
        if remark is not None:
            self._mark = ("bad", "bad") if remark.is_obstacle else ("warning", "warning")
        self.remark.show_remark(remark)
        self.up_button.setVisible(can_rise)
        self.setAccessibleName(f"{shown} {words}".strip())
        for button, verb in (
            (self.up_button, msg("Move {name} up", name=name)),
            (self.edit_button, msg("Edit {name}", name=name)),
            (self.remove_button, msg("Remove {name}", name=name)),
        ):
            button.setAccessibleName(say(verb))
        self._take_theme()

    def _take_theme(self) -> None:
        icon, ink = self._mark
        color = str(getattr(current_theme().tokens, ink))
        self._icon.setPixmap(pixmap(icon, color, _ICON, self.devicePixelRatioF()))


class _Frame(Card):
    """Sunken, with a control's corners."""

    def __init__(self) -> None:
        super().__init__(ground=CardGround.SUNKEN)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground and outline."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        paint_rounded(
            painter, QRectF(self.rect()), CARD_RADIUS - 2, fill=tokens.sunken, outline=tokens.border
        )
        painter.end()
