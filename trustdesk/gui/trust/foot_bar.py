"""The bar at the foot of a comparison: nothing has happened yet, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_ICON = 18
_LEFT = 16
_BESIDE = 700


class FootBar(Card):
    """Two lines, and the decisions at the end.

    Signals:
        write_pressed, keep_pressed, apply_pressed: the buttons.
    """

    write_pressed = Signal()
    keep_pressed = Signal()
    apply_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = "warning"
        self._title = Text(style=TypeStyle.ROW_TITLE_BAD, wrap=True)
        self._line = Text(style=TypeStyle.SECOND_LINE, ink="text2", wrap=True)
        self.write_button = Button("", icon="send")
        self.keep_button = Button("")
        self.apply_button = Button("", kind=ButtonKind.PRIMARY)
        self.write_button.clicked.connect(self.write_pressed)
        self.keep_button.clicked.connect(self.keep_pressed)
        self.apply_button.clicked.connect(self.apply_pressed)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._line)
        top = QHBoxLayout()
        top.setSpacing(0)
        top.addSpacing(_ICON + 12)
        top.addLayout(words, 1)
        self._top = top
        self._beside = QHBoxLayout()
        self._beside.setSpacing(8)
        self._below = QWidget()
        self._flow = Flow(self._below)
        self._is_beside: bool | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(margins(_LEFT, 10, 12, 10))
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self._below)
        top.addSpacing(12)
        top.addLayout(self._beside)
        self._place(beside=True)

    @property
    def words(self) -> str:
        """Both lines."""
        return f"{self._title.text()} {self._line.text()}"

    def show_state(
        self,
        title: Message,
        line: Message | None,
        *,
        is_warning: bool,
        write: int = 0,
        keep: int | None = None,
        apply: int | None = None,
    ) -> None:
        """Say how things stand.

        Args:
            write: how many partners there is something to write to.
            keep: number of the version that stays if the other one is refused; None without that choice.
            apply: number of the version that can be applied; None for none.
        """
        self._icon = "warning" if is_warning else "information"
        self._title.setText(say(title))
        self._line.setText("" if line is None else say(line))
        self._line.setVisible(line is not None)
        self.write_button.setVisible(write > 0)
        self.write_button.show_as(
            say(msg_n("Write to {count} partner …", "Write to {count} partners …", write)), icon="send"
        )
        self.keep_button.setVisible(keep is not None)
        self.keep_button.show_as(
            say(msg("Refuse it …")) if not keep else say(msg("Keep {number} …", number=keep))
        )
        self.apply_button.setVisible(apply is not None)
        self.apply_button.show_as(say(msg("Apply version {number} …", number=apply or 0)))
        self.setAccessibleName(self.words)
        self._below.setVisible(
            self._is_beside is False and bool(write or keep is not None or apply is not None)
        )
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons below the words where there is little room."""
        super().resizeEvent(event)
        self._place(beside=self.width() >= _BESIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card with its icon."""
        super().paintEvent(event)
        tokens = current_theme().tokens
        painter = QPainter(self)
        top = self._title.mapTo(self, self._title.rect().topLeft()).y()
        place = self.style().visualRect(
            self.layoutDirection(), self.rect(), QRect(_LEFT, top + 1, _ICON, _ICON)
        )
        color = tokens.warning if self._icon == "warning" else tokens.text2
        painter.drawPixmap(place.topLeft(), pixmap(self._icon, color, _ICON, self.devicePixelRatioF()))
        painter.end()

    def _place(self, *, beside: bool) -> None:
        if beside is self._is_beside:
            return
        self._is_beside = beside
        for button in (self.write_button, self.keep_button, self.apply_button):
            hidden = button.isHidden()
            (self._flow if beside else self._beside).removeWidget(button)
            if beside:
                self._beside.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
            else:
                self._flow.addWidget(button)
            button.setHidden(hidden)
        self._below.setVisible(not beside)
