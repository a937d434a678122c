"""Which of the person's identities clients of different make would present to the server in view."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from trustdesk.core.diagnosis import IdentityMatch, WouldSend
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.handshake.cells import plain_tooltip
from trustdesk.gui.handshake.comparison import OutcomeBox
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.board import State

_WORDS: dict[WouldSend, Message] = {
    WouldSend.YES: msg("sends"),
    WouldSend.NO: msg("silent"),
    WouldSend.MAYBE: msg("maybe"),
}
_INKS = {WouldSend.YES: "text", WouldSend.NO: "warning", WouldSend.MAYBE: "text2"}


class IdentityMatches(QWidget):
    """A sentence on the chosen identity, then a grid of identities and clients."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = OutcomeBox()
        self._grid_widget = QWidget()
        self._grid = QGridLayout(self._grid_widget)
        self._grid.setContentsMargins(0, 2, 0, 4)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnStretch(0, 1)
        self._cells: list[QWidget] = []
        self._shown: tuple[tuple[IdentityMatch, ...], str | None] = ((), None)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 0, 6, 0)
        layout.setSpacing(6)
        layout.addWidget(self._box)
        layout.addWidget(self._grid_widget)

    @property
    def has_matches(self) -> bool:
        """Whether there is anything to show."""
        return bool(self._shown[0])

    def show_matches(self, matches: Sequence[IdentityMatch], chosen: str | None) -> None:
        """Show matches; `chosen` names the identity of the run, None for none."""
        shown = (tuple(matches), chosen)
        if shown == self._shown:
            return
        self._shown = shown
        for cell in self._cells:
            cell.setParent(None)
            cell.deleteLater()
        self._cells = []
        self._tell(next((one for one in matches if one.name == chosen), None))
        if not matches:
            return
        self._add(Text(say(msg("Who would send it")), TypeStyle.LABEL, "text2"), 0, 0)
        for column, behaviour in enumerate(matches[0].behaviours, 1):
            head = Text(behaviour.client.partition(",")[0], TypeStyle.LABEL, "text2")
            head.setToolTip(plain_tooltip(behaviour.client))
            self._add(head, 0, column)
        for row, match in enumerate(matches, 1):
            style = TypeStyle.ROW_TITLE if match.name == chosen else TypeStyle.BODY
            self._add(ElidedLabel(visible(match.name), style), row, 0)
            for column, behaviour in enumerate(match.behaviours, 1):
                word = Text(say(_WORDS[behaviour.would_send]), ink=_INKS[behaviour.would_send])
                word.setToolTip(plain_tooltip(say(behaviour.reason)))
                word.setAccessibleName(
                    say(
                        msg(
                            "{name}, {client}: {word}. {reason}",
                            name=match.name,
                            client=behaviour.client,
                            word=_WORDS[behaviour.would_send],
                            reason=behaviour.reason,
                        )
                    )
                )
                self._add(word, row, column)

    def _tell(self, match: IdentityMatch | None) -> None:
        self._box.setVisible(match is not None)
        if match is None:
            return
        names = {
            would: ", ".join(one.client for one in match.behaviours if one.would_send is would)
            for would in WouldSend
        }
        sends = (
            msg("{clients} would send it.", clients=names[WouldSend.YES]) if names[WouldSend.YES] else None
        )
        if names[WouldSend.NO]:
            silent = msg("{name}: {clients} stay silent", name=match.name, clients=names[WouldSend.NO])
            self._box.show_outcome(State.WARNING, say(silent), "" if sends is None else say(sends))
        elif names[WouldSend.MAYBE]:
            maybe = msg("{name}: it depends with {clients}", name=match.name, clients=names[WouldSend.MAYBE])
            self._box.show_outcome(State.UNKNOWN, say(maybe), "" if sends is None else say(sends))
        else:
            every = msg("{name}: every client would send it", name=match.name)
            self._box.show_outcome(State.NOT_APPLICABLE, say(every), "")

    def _add(self, cell: QWidget, row: int, column: int) -> None:
        self._cells.append(cell)
        self._grid.addWidget(cell, row, column, Qt.AlignmentFlag.AlignVCenter)
