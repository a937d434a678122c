"""What is said of a field, below it, with the repair as a link."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from trustdesk.core.certificate_request import FieldRemark
from trustdesk.core.message import Message
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_ICON = 14
_SHORT = 380


class RemarkLine(QWidget):
    """Icon and sentence in the state's colour, and a link that repairs it.

    Signals:
        repair_wanted: what to write instead; "" for nothing.
    """

    repair_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = ("bad", "bad")
        self._correction: str | None = None
        self._icon = QLabel()
        self._words = Text(style=TypeStyle.LABEL, ink="bad", wrap=True)
        self.link = Button("-", kind=ButtonKind.LINK)
        self.link.clicked.connect(self._press)
        layout = self._row = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._words, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.link, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addStretch(1)
        current_theme().changed.connect(self._take_theme)
        self._take_theme()

    @property
    def words(self) -> str:
        """What is said."""
        return self._words.text()

    def show_remark(self, remark: FieldRemark | None) -> None:
        """Show a remark on the field; None for nothing to be said."""
        self.setVisible(remark is not None)
        if remark is None:
            self._words.setText("")
            return
        self.show_words(remark.text, is_bad=remark.is_obstacle)
        self._correction = remark.correction
        self.link.setVisible(remark.offer is not None)
        if remark.offer is not None:
            self.link.show_as(say(remark.offer))

    def show_words(self, words: Message, *, is_bad: bool) -> None:
        """Say something else, without a repair."""
        self._look = ("bad", "bad") if is_bad else ("warning", "warning")
        self._words.setText(say(words))
        self._words.set_ink(self._look[1])
        self.setAccessibleName(self._words.text())
        # The link stands right after short words; long ones take the width that there is.
        is_long = self._words.fontMetrics().horizontalAdvance(self._words.text()) > _SHORT
        self._row.setStretch(1, 1 if is_long else 0)
        self._row.setStretch(3, 0 if is_long else 1)
        self.link.hide()
        self.show()
        self._take_theme()

    def _press(self) -> None:
        if self._correction is not None:
            self.repair_wanted.emit(self._correction)

    def _take_theme(self) -> None:
        color = str(getattr(current_theme().tokens, self._look[1]))
        self._icon.setPixmap(pixmap(self._look[0], color, _ICON, self.devicePixelRatioF()))
