"""A list before it is applied: who signed it, what differs, what is wrong with it, who would lose trust."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.trust_version import AuthenticityState, ListReview
from trustdesk.core.untrusted import visible
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.requests.reason import Reason
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.trust.change_card import ChangeCard
from trustdesk.gui.trust.change_table import field_words
from trustdesk.gui.trust.compare_head import count_chips
from trustdesk.gui.trust.entry_facts import day_and_distance
from trustdesk.gui.trust.impact_card import ImpactCard
from trustdesk.gui.trust.lint_pane import lint_words
from trustdesk.gui.trust.signer_check import SignerCheck
from trustdesk.gui.trust.usage_question import UsageQuestion
from trustdesk.gui.trust.words import content_title, is_unproved_iata
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.findings_list import FindingsList
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_BESIDE = 760
_CARD = 330

UNPROVED = msg(
    "It calls itself IATA's, and nothing proves it (LST-10). Ask IATA for the fingerprint of its signer, and"
    " compare it below; without that it is somebody's list."
)


class ReviewView(QWidget):
    """Everything that a person decides on, in one column.

    Signals:
        signer_taken: SHA-256, and whom the person says it to be.
        usages_chosen: what entries are for, of which the list does not say it.
        overdue_taken: the person wants the list although its next version is overdue.
    """

    signer_taken = Signal(str, object)
    usages_chosen = Signal(object)
    overdue_taken = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Text(style=TypeStyle.SECTION, wrap=True)
        self.line = Text(style=TypeStyle.SECOND_LINE, ink="text2", wrap=True)
        self.unproved = Reason()
        self.obstacles = Reason()
        self.remarks = Reason()
        self.warnings = Reason()
        self.overdue_button = Button(say(msg("Take it although it is overdue")), icon="calendar")
        self.overdue_button.setAutoDefault(False)
        self.overdue_button.clicked.connect(self.overdue_taken)
        self.envelope = Text(style=TypeStyle.SECOND_LINE, ink="text2", wrap=True)
        self.signer = SignerCheck()
        self.question = UsageQuestion()
        self.changes = ChangeCard()
        self.impact = ImpactCard(bridge)
        self._lint_words = Text(style=TypeStyle.SECTION, wrap=True)
        self.lint = FindingsList()
        self.signer.taken.connect(self.signer_taken)
        self.question.answered.connect(self.usages_chosen)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(8)
        lint = Card()
        inside = QVBoxLayout(lint)
        inside.setContentsMargins(16, 12, 16, 10)
        inside.setSpacing(6)
        inside.addWidget(self._lint_words)
        inside.addWidget(self.lint)
        self._cards = QWidget()
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._cards)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(12)
        for card in (self.changes, self.impact):
            card.setFixedHeight(_CARD)
            self._box.addWidget(card, 1)
        scroll = ScrolledColumn(name=say(msg("Review of the list")))
        scroll.column.setSpacing(12)
        column = scroll.column
        for part in (
            self.title,
            self.line,
            self.unproved,
            self.obstacles,
            self.overdue_button,
            self.warnings,
            self.question,
            self.signer,
            self.remarks,
        ):
            column.addWidget(part)
        column.addLayout(self._chips)
        column.addWidget(self.envelope)
        column.addWidget(self._cards)
        column.addWidget(lint)
        column.addStretch(1)
        self._scroll = scroll
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def show_review(self, review: ListReview, now: datetime, *, can_change: bool) -> None:
        """Show a review; `can_change` is whether signer and usages can still be said."""
        content = review.content
        self.title.setText(content_title(content))
        self.line.setText("  ·  ".join(_facts(review, now)))
        self.unproved.show_words(UNPROVED if is_unproved_iata(content) else None, is_warning=True)
        self.obstacles.show_words(*_obstacles(review), is_bad=True)
        self.remarks.show_words(*content.remarks[:12])
        self.warnings.show_words(*review.warnings[:12], is_warning=True)
        from trustdesk.services.list_review import (
            EXPIRED_OPTION,
        )  # reads certificates, which the frame must not

        overdue = any(one.overridable_by == EXPIRED_OPTION for one in review.obstacles)
        self.overdue_button.setVisible(overdue)
        self.envelope.setText("\n".join(field_words(one) for one in review.difference.envelope[:12]))
        self.envelope.setVisible(bool(review.difference.envelope))
        self.signer.show_proof(content.authenticity, can_take=can_change)
        self.question.ask(len(review.undecided), can_answer=can_change)
        self.changes.show_difference(review.difference)
        while (item := self._chips.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.hide()
                part.deleteLater()
        for chip in count_chips(review.difference):
            self._chips.addWidget(chip)
        same = msg_n("{count} unchanged", "{count} unchanged", review.difference.unchanged)
        self._chips.addWidget(Text(say(same), TypeStyle.SECOND_LINE, "text2"))
        self._chips.addStretch(1)
        self._lint_words.setText(say(lint_words(review.lint)))
        self.lint.show_findings(review.lint)
        self._scroll.verticalScrollBar().setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the impact below the changes where there is little room."""
        super().resizeEvent(event)
        wide = self.width() >= _BESIDE
        self._box.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)


def stands_against(review: ListReview, *, can_change: bool) -> Message | None:
    """Say why a review may not be applied; None when it may.

    Entries without a usage vouch for servers and clients; where a person can still say it, they have to.
    """
    if review.is_same:
        return msg("Nothing differs from what is judged by: there is nothing to apply.")
    if review.content.authenticity.state is AuthenticityState.FAILED:
        return msg("The signature does not hold: nothing of it may be applied.")
    if review.obstacles:
        return review.obstacles[0].problem
    if review.undecided and can_change:
        return msg("First say what its entries are for.")
    return None


def _obstacles(review: ListReview) -> Iterator[Message]:
    for one in review.obstacles:
        yield msg("{problem} {remedy}", problem=one.problem, remedy=one.remedy)
    if review.content.authenticity.state is AuthenticityState.FAILED and not review.obstacles:
        yield msg("The signature does not hold: nothing of it may be applied.")
    if review.is_same:
        yield msg("Nothing differs from what is judged by: there is nothing to apply.")


def _facts(review: ListReview, now: datetime) -> Iterator[str]:
    content = review.content
    if review.base is None:
        yield say(msg("A new list: {name}", name=review.name))
    else:
        yield say(
            msg(
                "{name}: version {number} beside version {base}",
                name=review.name,
                number=review.number,
                base=review.base,
            )
        )
    if content.publisher.name:
        yield say(msg("Publisher: {name}", name=content.publisher.name))
    yield visible(review.source.place)
    if content.sequence is not None:
        yield say(msg("sequence {number}", number=content.sequence))
    if content.issued_at is not None:
        yield say(msg("issued {date}", date=day_and_distance(content.issued_at, now)))
    if content.next_update is not None:
        yield say(msg("next update {date}", date=day_and_distance(content.next_update, now)))
    yield say(msg_n("{count} entry", "{count} entries", len(content.entries)))
