"""The wizard's frame: head, steps at the left, the step in the middle, the preview at the right, buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.gui.requests.preview_pane import PreviewPane
from trustdesk.gui.requests.step_rail import Step, StepRail
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.painting import hairline
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_PREVIEW_WIDTH = 312
_FOLD_BELOW = 900
_ONE_LINE_BELOW = 760
_ICON = 18


class WizardFrame(QDialog):
    """Everything of the wizard that does not know of requests.

    Attributes:
        stack: the steps' pages.
        preview: what will be requested; in a narrow dialog behind `fold`.
    """

    def __init__(self, parent: QWidget | None, title: Message, steps: Sequence[Step]) -> None:
        super().__init__(parent)
        self._steps = tuple(steps)
        self.setWindowTitle(say(title))
        self.setAccessibleName(say(title))
        self.rail = StepRail(steps)
        self.one_line = Text(style=TypeStyle.ROW_TITLE_BAD)
        self.stack = QStackedWidget()
        self.preview = PreviewPane()
        self.fold = Button("-", icon="chevron-down", kind=ButtonKind.BARE)
        self.close_button = Button(icon="close", kind=ButtonKind.BARE, name=say(msg("Close")))
        self.server_button = Button("-", kind=ButtonKind.LINK)
        self.cancel_button = Button(say(msg("Cancel")), key=say(msg("Esc")))
        self.back_button = Button(say(msg("Back")))
        self.next_button = Button("-", kind=ButtonKind.PRIMARY)
        self.question = QWidget()
        self.stay_button = Button(say(msg("Go on with it")))
        self.leave_button = Button(say(msg("Discard it")))
        self._icon = QLabel()
        self._folded = False
        self._opened = False
        self._build(title)
        self.next_button.setDefault(True)
        self.fold.clicked.connect(self._press_fold)
        current_theme().changed.connect(self._take_theme)
        self._take_theme()
        self._arrange()

    def show_at(self, place: int, answers: Sequence[str], *, is_over: bool) -> None:
        """Show at which step the person is; past the last one when all are done."""
        self.rail.show_steps(place, answers, is_over=is_over)
        line = msg(
            "Step {number} of {count}, {word}",
            number=min(place + 1, len(self._steps)),
            count=len(self._steps),
            word=self._steps[min(place, len(self._steps) - 1)].word,
        )
        self.one_line.setText(say(line))

    def show_summary(self, words: Message) -> None:
        """Say what stands in the preview, for when it is folded."""
        self.fold.show_as(say(words), icon="chevron-up" if self._opened else "chevron-down")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold what has no room."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground, the preview's own, and the lines between the parts."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.surface))
        line = hairline(self.devicePixelRatioF())
        middle = self._middle.geometry()
        if not self.preview.isHidden():
            painter.fillRect(self.preview.geometry().translated(middle.topLeft()), QColor(tokens.sunken))
        for y in (middle.top(), middle.bottom()):
            painter.fillRect(QRectF(0, y, self.width(), line), QColor(tokens.border))
        for part in (self.stack, self.preview):
            if part.isHidden() or (part is self.stack and self.rail.isHidden()):
                continue
            left_to_right = self.layoutDirection() is Qt.LayoutDirection.LeftToRight
            place = part.geometry().translated(middle.topLeft())
            x = place.left() if left_to_right else place.right()
            painter.fillRect(QRectF(x, middle.top(), line, middle.height()), QColor(tokens.border))
        painter.end()

    def ask_to_leave(self, asks: bool) -> None:
        """Ask in place of the buttons whether what was typed shall be lost, or take the question back."""
        self.question.setVisible(asks)
        self._buttons.setVisible(not asks)
        if asks:
            self.stay_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _press_fold(self) -> None:
        self._opened = not self._opened
        self._arrange()
        self.fold.show_as(self.fold.text(), icon="chevron-up" if self._opened else "chevron-down")

    def _arrange(self) -> None:
        self._folded = self.width() < _FOLD_BELOW
        is_short = self.width() < _ONE_LINE_BELOW
        opened = self._folded and self._opened
        self.rail.setVisible(not is_short and not opened)
        self.one_line.setVisible(is_short or opened)
        self._title.setVisible(not is_short)
        self.fold.setVisible(self._folded)
        self.preview.setVisible(opened or not self._folded)
        self.stack.setVisible(not (opened and is_short))
        if is_short and opened:
            self.preview.setMaximumWidth(16_777_215)
            self.preview.setMinimumWidth(0)
        else:
            self.preview.setFixedWidth(_PREVIEW_WIDTH if self.width() >= 800 else 280)
        self.update()

    def _take_theme(self) -> None:
        tokens = current_theme().tokens
        self._icon.setPixmap(pixmap("certificate", tokens.accent, _ICON, self.devicePixelRatioF()))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(tokens.surface))
        self.setPalette(palette)

    def _build(self, title: Message) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(margins(20, 8, 12, 8))
        head.setSpacing(10)
        head.addWidget(self._icon)
        self._title = Text(say(title), TypeStyle.SECTION)
        head.addWidget(self._title)
        head.addSpacing(8)
        head.addWidget(self.one_line)
        head.addStretch(1)
        head.addWidget(self.fold)
        head.addWidget(self.close_button)
        self._middle = QWidget()
        middle = QHBoxLayout(self._middle)
        middle.setContentsMargins(0, 1, 0, 1)
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addWidget(self.stack, 1)
        middle.addWidget(self.preview)
        self._buttons = QWidget()
        foot = QHBoxLayout(self._buttons)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(8)
        foot.addWidget(self.server_button)
        foot.addStretch(1)
        for button in (self.cancel_button, self.back_button, self.next_button):
            foot.addWidget(button)
        asked = QHBoxLayout(self.question)
        asked.setContentsMargins(0, 0, 0, 0)
        asked.setSpacing(8)
        asked.addWidget(Text(say(msg("What you typed would be lost.")), TypeStyle.ROW_TITLE_BAD), 1)
        asked.addWidget(self.leave_button)
        asked.addWidget(self.stay_button)
        self.question.hide()
        lower = QVBoxLayout()
        lower.setContentsMargins(20, 12, 20, 12)
        lower.addWidget(self._buttons)
        lower.addWidget(self.question)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._middle, 1)
        layout.addLayout(lower)
