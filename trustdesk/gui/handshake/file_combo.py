"""A choice whose last entry is a file, and on which a file can be dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QStandardItemModel,
)
from PySide6.QtWidgets import QWidget

from trustdesk.core.message import msg
from trustdesk.gui.handshake.cells import plain_tooltip
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.widgets.painting import CONTROL_RADIUS, paint_focus, paint_rounded
from trustdesk.gui.words import say


@dataclass(frozen=True, slots=True, kw_only=True)
class ComboChoice:
    """One entry.

    Attributes:
        key: what the entry stands for; None for none of them.
        words: harmless to show.
        about: what the tooltip says, harmless to show; "" for nothing.
    """

    key: str | None
    words: str
    about: str = ""


class FileCombo(Combo):
    """Choices, then "From file …", which is never the choice itself: what was chosen stays in view.

    Signals:
        choice_changed: `choice` is another one now, by whomever.
        picked: the person picked one of the choices, maybe the same again.
        file_wanted: the person picked the last entry.
        files_dropped: a tuple of str, a local path each, or "" for what is no file of this machine.
        given_up: Esc, while `holds_escape`.
    """

    choice_changed = Signal()
    picked = Signal()
    file_wanted = Signal()
    files_dropped = Signal(object)
    given_up = Signal()

    def __init__(self, *, name: str, icon: str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(name=name, icon=icon, parent=parent)
        self._choices: tuple[ComboChoice, ...] = ()
        self._choice: str | None = None
        self._is_invalid = self._is_over = False
        self.holds_escape = False
        self.setAcceptDrops(True)
        self.currentIndexChanged.connect(self._take_index)
        self.activated.connect(self._take_pick)
        self.set_choices((), None)

    @property
    def choice(self) -> str | None:
        """Key of what is chosen; None too where there are no choices."""
        return self._choice

    def set_choices(self, choices: Sequence[ComboChoice], key: str | None) -> None:
        """Offer other choices, with that of `key` chosen, else the first."""
        blocked = self.blockSignals(True)
        self.clear()
        self._choices = tuple(choices)
        for place, choice in enumerate(self._choices):
            self.addItem(choice.words)
            self.setItemData(place, plain_tooltip(choice.about), Qt.ItemDataRole.ToolTipRole)
        if self._choices:
            self.insertSeparator(self.count())
        self.addItem(say(msg("From file …")))
        self._offer_file(False)
        self.setCurrentIndex(-1)
        self.blockSignals(blocked)
        self.select(key)

    def select(self, key: str | None) -> None:
        """Choose by key; one that is not there chooses the first, if there is any."""
        if not self._choices:
            self.setCurrentIndex(-1)
            self._choose(None)
            return
        index = next((i for i, choice in enumerate(self._choices) if choice.key == key), 0)
        self.setCurrentIndex(index)
        self._take_index(index)

    def set_invalid(self, invalid: bool) -> None:
        """Mark the field as one at which something went wrong, or take the mark away."""
        self._is_invalid = invalid
        self.update()

    def showPopup(self) -> None:
        """Drop the list down, with the file on offer."""
        self._offer_file(True)
        super().showPopup()

    def hidePopup(self) -> None:
        """Close the list."""
        super().hidePopup()
        self._offer_file(False)

    def event(self, event: QEvent) -> bool:
        """Keep Esc from the page while there is something at this field to give up."""
        if event.type() is QEvent.Type.ShortcutOverride and self.holds_escape and _is_escape(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up with Esc what is going on at this field."""
        if self.holds_escape and _is_escape(event):
            self.given_up.emit()
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files; text goes on to whoever else wants it."""
        if event.mimeData().hasUrls():
            self._show_over(True)
            _take_as_copy(event)
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Take what came in."""
        _take_as_copy(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Take the frame away."""
        self._show_over(False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell which files came."""
        self._show_over(False)
        _take_as_copy(event)
        self.files_dropped.emit(tuple(url.toLocalFile() for url in event.mimeData().urls()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the field, and the frame of trouble or of a file that is held over it."""
        super().paintEvent(event)
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if self._is_over:
            paint_focus(painter, rect, CONTROL_RADIUS)
        elif self._is_invalid:
            bad = current_theme().tokens.bad
            paint_rounded(painter, rect, CONTROL_RADIUS, fill=None, outline=bad, width=2)
        painter.end()

    def _show_over(self, over: bool) -> None:
        self._is_over = over
        self.update()

    def _offer_file(self, offered: bool) -> None:
        """Let the last entry be picked from the open list only: arrows and the wheel pass over choices."""
        model = self.model()
        if isinstance(model, QStandardItemModel):
            model.item(self.count() - 1).setEnabled(offered)

    def _take_index(self, index: int) -> None:
        if 0 <= index < len(self._choices):
            self.setToolTip(plain_tooltip(self._choices[index].about))
            self._choose(self._choices[index].key)

    def _choose(self, key: str | None) -> None:
        if key != self._choice:
            self._choice = key
            self.choice_changed.emit()

    def _take_pick(self, index: int) -> None:
        if index < len(self._choices):
            self.picked.emit()
        else:
            self.select(self._choice)
            self.file_wanted.emit()


def _take_as_copy(event: QDropEvent) -> None:
    # A move would have the file manager delete the original.
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()


def _is_escape(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
