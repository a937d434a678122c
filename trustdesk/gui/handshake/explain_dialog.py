"""Explain an error: a message of another tool is pasted, and what it can mean is said while it is typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card, Hairline
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.focus_ring import FocusRing
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.plain_view import framed
from trustdesk.gui.widgets.state_chip import StateChip
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk
from trustdesk.services.verdict_words import WHO

if TYPE_CHECKING:
    from trustdesk.services.explaining import ExplainedMessage, PossibleCause

_AFTER_MS = 150
"""How long after the last key the text is looked at."""


class ExplainDialog(PlainDialog):
    """A box for text, and a card for each message that was recognised in it.

    Signals:
        test_wanted: the person wants the form's target tested.
    """

    test_wanted = Signal()

    def __init__(self, parent: QWidget, bridge: Bridge, desk: Desk, *, target: str) -> None:
        """Make the dialog; `target` is what the form names, "" for nothing."""
        super().__init__(
            parent,
            msg("Explain an error"),
            msg("Paste what OpenSSL, curl, Java, Go, Python, Node, .NET or a server's log printed."),
            size=(780, 640),
        )
        self._bridge, self._desk = bridge, desk
        self._asked = 0
        self.box = QPlainTextEdit()
        self.box.setAccessibleName(say(msg("Message to explain")))
        self.box.setPlaceholderText(say(msg("for example: tlsv1 alert unknown ca")))
        self.box.setFont(font(TypeStyle.FIXED))
        self.box.setTabChangesFocus(True)
        self.box.setFixedHeight(110)
        self.box.setFrameShape(QFrame.Shape.NoFrame)
        self.box.document().setDocumentMargin(10)
        self.cards: list[MessageExplained] = []
        self.hint = Text(ink="text2", wrap=True)
        self._body = QWidget()
        self._layout = QVBoxLayout(self._body)
        self._layout.setContentsMargins(margins(0, 0, 8, 0))
        self._layout.setSpacing(10)
        self._layout.addWidget(self.hint)
        self._layout.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setAccessibleName(say(msg("What it means")))
        FocusRing(area)
        area.setWidget(self._body)
        area.viewport().setAutoFillBackground(False)
        self._body.setAutoFillBackground(False)
        self.content.addWidget(framed(self.box))
        self.content.addWidget(area, 1)
        self.test_button = self.add_button(
            Button(say(msg("Test it here")), icon="run", kind=ButtonKind.PRIMARY)
        )
        self.test_button.setToolTip(visible(target))
        self.test_button.setVisible(bool(target))
        self.test_button.clicked.connect(self._test)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_AFTER_MS)
        self._wait.timeout.connect(self.explain)
        self.box.textChanged.connect(self._wait.start)
        self._say(msg("Its causes appear here, the likeliest first, with who has to act."))
        self.box.setFocus()

    def explain(self) -> None:
        """Explain what stands in the box now."""
        self._wait.stop()
        self._asked += 1
        text = self.box.toPlainText()
        if not text.strip():
            self._show(())
            self._say(msg("Its causes appear here, the likeliest first, with who has to act."))
            return
        asked = self._asked

        def take(explained: tuple[ExplainedMessage, ...]) -> None:
            # An answer that comes late must not stand below another text.
            if asked == self._asked and not self.is_gone:
                self._show(explained)
                if not explained:
                    self._say(msg("Nothing in this text is known. Test the target here to see what happens."))

        def fail(error: TrustdeskError) -> None:
            if asked == self._asked and not self.is_gone:
                self._show(())
                self._say(msg("{problem} {remedy}", problem=error.problem, remedy=error.remedy))

        self._bridge.when_done(self._desk.explain(text), take, fail)

    def _show(self, explained: Sequence[ExplainedMessage]) -> None:
        for card in self.cards:
            card.setParent(None)
            card.deleteLater()
        self.cards = [MessageExplained(one) for one in explained]
        for place, card in enumerate(self.cards):
            self._layout.insertWidget(place, card)
        self.hint.hide()

    def _say(self, words: Message) -> None:
        self.hint.setText(say(words))
        self.hint.show()

    def _test(self) -> None:
        self.accept()
        self.test_wanted.emit()


class MessageExplained(Card):
    """One message: who writes it, what it says, its causes by who wrote it, what tells them apart."""

    def __init__(self, explained: ExplainedMessage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(6)
        words = ElidedLabel(visible(explained.words), TypeStyle.FIXED)
        layout.addWidget(words)
        layout.addWidget(Text(say(explained.meaning), TypeStyle.ROW_TITLE_BAD, wrap=True))
        written = msg("Written by {tools}", tools=", ".join(explained.tools))
        layout.addWidget(Text(say(written), TypeStyle.SECOND_LINE, "text2", wrap=True))
        both = bool(explained.client and explained.server)
        for causes, title in (
            (explained.client, msg("Where our side wrote it")),
            (explained.server, msg("Where the partner's server wrote it")),
        ):
            if causes:
                layout.addWidget(Hairline())
                if both:
                    layout.addWidget(Text(say(title), TypeStyle.LABEL, "text2"))
                for part in _causes(causes):
                    layout.addWidget(part)
        if explained.separate is not None:
            layout.addWidget(Hairline())
            layout.addWidget(Text(say(msg("What would tell")), TypeStyle.LABEL, "text2"))
            layout.addWidget(Text(say(explained.separate), wrap=True))
        self.setAccessibleName(say(explained.meaning))


def _causes(causes: Sequence[PossibleCause]) -> Iterator[QWidget]:
    for one in causes:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 2, 0, 2)
        line.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(1)
        meaning = Text(say(one.meaning), wrap=True)
        meaning.setToolTip(one.cause.value)
        words.addWidget(meaning)
        if one.remedy is not None:
            words.addWidget(Text(say(one.remedy), TypeStyle.SECOND_LINE, "text2", wrap=True))
        chip = StateChip()
        chip.show_state(None, say(WHO[one.responsible]))
        line.addLayout(words, 1)
        line.addWidget(chip)
        yield row
