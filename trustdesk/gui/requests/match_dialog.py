"""Match CA reply: the CA's files, the request that they answer, and what is not as it was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from trustdesk.core.certificate_request import MatchedReply, RequestCase
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import msg, msg_n
from trustdesk.core.ports import Job
from trustdesk.core.untrusted import visible
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.dates import utc_now
from trustdesk.gui.requests.reply_card import ReplyCard
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk


def ask_reply_files(parent: QWidget) -> Sequence[Path]:
    """Ask for the files that a CA sent; none when the person thinks better of it."""
    names, _kind = QFileDialog.getOpenFileNames(
        parent, say(msg("The CA's files")), "", "*.pem *.crt *.cer *.der *.p7b *.p7c *.zip *.txt;;*"
    )
    return [Path(name) for name in names]


class MatchDialog(PlainDialog):
    """Files at the top, a card for each certificate that answers something, or says why it does not.

    Signals:
        accepted: the RequestCase whose certificate was taken.
    """

    accepted = Signal(object)

    def __init__(
        self, parent: QWidget, bridge: Bridge, desk: Desk, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        super().__init__(
            parent,
            msg("Match CA reply"),
            msg("Choose or drop what the CA sent, in any order: certificate, chain, PKCS#7."),
            size=(820, 680),
        )
        self._bridge, self._desk, self._now = bridge, desk, now
        self._files: tuple[Path, ...] = ()
        self._number = 0
        self._jobs: dict[ReplyCard, Job[RequestCase]] = {}
        self.cards: list[ReplyCard] = []
        self.ask_files: Callable[[QWidget], Sequence[Path]] = ask_reply_files
        self.take_drops(self.read)
        self._names = ElidedLabel(say(msg("No file yet")), ink="text2")
        self.choose_button = Button(say(msg("Choose files …")), icon="file", kind=ButtonKind.PRIMARY)
        self.choose_button.setAutoDefault(False)
        self.choose_button.clicked.connect(self._choose)
        self.said = Text(ink="text2", wrap=True)
        self._area = ScrolledColumn(name=say(msg("Certificates in the files")))
        self._list = self._area.column
        self._list.setSpacing(12)
        self._build()
        self.choose_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def read(self, files: Sequence[Path]) -> None:
        """Match files with the requests that wait."""
        if not files:
            return
        self._files = tuple(files)
        self._number += 1
        number = self._number
        self.error.hide()
        self._show(())
        self._names.setText(", ".join(visible(file.name) for file in files))
        self.said.setText(say(msg("Reading …")))
        future = self._desk.identity_desk.match(self._files)
        self._bridge.when_done(
            future, lambda replies: self._take(number, replies), lambda error: self._fail(number, error)
        )

    def reject(self) -> None:
        """Close; what is being taken is stopped first."""
        if self._jobs:
            for job in self._jobs.values():
                job.cancel()
            return
        super().reject()

    def _choose(self) -> None:
        self.read(self.ask_files(self))

    def _take(self, number: int, replies: Sequence[MatchedReply]) -> None:
        if number != self._number or self.is_gone:
            return
        if not replies:
            self.said.setText(say(msg("There is no certificate in these files that could answer a request.")))
            return
        count = sum(reply.case is not None for reply in replies)
        words = msg_n(
            "{count} of {total} certificates answers a request.",
            "{count} of {total} certificates answer a request.",
            count,
            total=len(replies),
        )
        self.said.setText(say(words))
        self._show(replies)

    def _fail(self, number: int, error: TrustdeskError) -> None:
        if number == self._number and not self.is_gone:
            self.said.setText("")
            self.show_error(error)

    def _show(self, replies: Sequence[MatchedReply]) -> None:
        for card in self.cards:
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()
        # What answers a request first; a CA sends its own certificates along.
        ordered = sorted(replies, key=lambda reply: (reply.case is None, reply.problem is not None))
        self.cards = [ReplyCard(reply, self._now()) for reply in ordered]
        for place, card in enumerate(self.cards):
            card.accept_wanted.connect(lambda one=card: self._accept(one))
            self._list.insertWidget(place, card)
            card.show()
        first = next((card for card in self.cards if card.can_be_taken), None)
        self.choose_button.set_kind(ButtonKind.QUIET if first else ButtonKind.PRIMARY)
        # What harms is accepted knowingly, and not by a press of Enter.
        if first is not None and not any(one.is_harmful for one in first.reply.differences):
            first.accept_button.set_kind(ButtonKind.PRIMARY)
            first.accept_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _accept(self, card: ReplyCard) -> None:
        self.error.hide()
        card.show_running(True)
        job = self._jobs[card] = self._desk.identity_desk.accept(card.reply)
        self._bridge.when_done(
            job.future, lambda case: self._took(card, case), lambda error: self._not_taken(card, error)
        )

    def _took(self, card: ReplyCard, case: RequestCase) -> None:
        self._jobs.pop(card, None)
        self.accepted.emit(case)
        if self.is_gone:
            return
        card.show_taken(case)
        self.notice.say_done(say(msg("The certificate for {name} is here.", name=case.name)))
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _not_taken(self, card: ReplyCard, error: TrustdeskError) -> None:
        self._jobs.pop(card, None)
        if not self.is_gone:
            card.show_running(False)
            self.show_error(error)

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._names, 1)
        row.addWidget(self.choose_button)
        self._area.column.addStretch(1)
        self.content.addLayout(row)
        self.content.addWidget(self.said)
        self.content.addWidget(self._area, 1)
