"""What stands above a history: a certificate that waits for a decision, and what goes to and fro."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.core.trust_decision import AwaitingDecision
from trustdesk.core.untrusted import visible
from trustdesk.gui.dates import both_times, distance
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.widgets.painting import CONTROL_RADIUS, paint_rounded
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import fingerprint_text, say

_ICON = 16


class SoftNotice(QWidget):
    """Icon and words on the soft ground of a warning."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Text(style=TypeStyle.ROW_TITLE_BAD, ink="warning", wrap=True)
        self.lines = Text(style=TypeStyle.SECOND_LINE, wrap=True)
        self.content = QVBoxLayout()
        self.content.setSpacing(4)
        self.content.addWidget(self.title)
        self.content.addWidget(self.lines)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.addSpacing(_ICON + 4)
        layout.addLayout(self.content, 1)
        current_theme().changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground and icon."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        paint_rounded(painter, QRectF(self.rect()), CONTROL_RADIUS, fill=tokens.warning_soft)
        left_to_right = self.layoutDirection() is Qt.LayoutDirection.LeftToRight
        left = 12 if left_to_right else self.width() - 12 - _ICON
        picture = pixmap("warning", tokens.warning, _ICON, self.devicePixelRatioF())
        painter.drawPixmap(left, 11, picture)
        painter.end()


class FlappingNotice(SoftNotice):
    """Says what goes to and fro; the first sentence is the loud one."""

    def show_sentences(self, sentences: Sequence[Message]) -> None:
        """Show sentences; hidden without any."""
        words = [say(one) for one in sentences]
        self.title.setText(words[0] if words else "")
        self.lines.setText("\n".join(words[1:]))
        self.lines.setVisible(len(words) > 1)
        self.setAccessibleName(" ".join(words))
        self.setVisible(bool(words))


class AwaitingCard(SoftNotice):
    """A server certificate that was not seen here before, and what can be said of it.

    Signals:
        decided: whether it was expected; the comment is asked for after that.
        compare_wanted: the person wants to see what is new in it.
    """

    decided = Signal(bool)
    compare_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fingerprint = Text(style=TypeStyle.FIXED)
        self.fingerprint.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.fingerprint.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.content.addWidget(self.fingerprint)
        self.compare_button = Button(say(msg("Compare …")), icon="compare")
        self.accept_button = Button(say(msg("It is expected …")), icon="tick")
        self.refuse_button = Button(say(msg("It is not expected …")), icon="stop")
        self.compare_button.clicked.connect(self.compare_wanted)
        self.accept_button.clicked.connect(lambda: self.decided.emit(True))
        self.refuse_button.clicked.connect(lambda: self.decided.emit(False))
        buttons = QWidget()
        flow = Flow(buttons)
        for button in (self.compare_button, self.accept_button, self.refuse_button):
            flow.addWidget(button)
        self.content.addSpacing(4)
        self.content.addWidget(buttons)

    def show_awaiting(self, awaiting: AwaitingDecision | None, now: datetime) -> None:
        """Show what waits; hidden for nothing."""
        self.setVisible(awaiting is not None and awaiting.now is not None)
        if awaiting is None or awaiting.now is None:
            return
        since, new = awaiting.since, awaiting.now
        self.title.setText(say(msg("This certificate is new here, and nobody has decided on it.")))
        self.lines.setText(
            say(
                msg(
                    "{title}, seen first on {date} ({distance}). Compare its fingerprint with the one that"
                    " the partner names by another way.",
                    title=visible(new.title),
                    date=f"{since:%Y-%m-%d}",
                    distance=distance(since, now),
                )
            )
        )
        self.lines.setToolTip(both_times(since))
        self.fingerprint.setText(fingerprint_text(new.sha256))
        self.compare_button.setVisible(awaiting.before is not None)
        self.setAccessibleName(self.title.text())
