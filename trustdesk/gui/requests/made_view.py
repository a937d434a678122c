"""What was made: each request with its file and its key's place, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from trustdesk.core.certificate_request import RequestCase, RequestPurpose
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.untrusted import visible
from trustdesk.gui.requests.csr_files import request_pem
from trustdesk.gui.requests.reason import Reason
from trustdesk.gui.requests.request_head import RequestHead
from trustdesk.gui.requests.words import key_words
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.board import State


class MadeView(QWidget):
    """A card for each request, then the next steps."""

    def __init__(self) -> None:
        super().__init__()
        self.copy_buttons: list[Button] = []
        self.facts: list[str] = []
        self.next = Reason()
        self._cards = QVBoxLayout()
        self._cards.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(self._cards)
        layout.addWidget(self.next)
        layout.addStretch(1)

    def show_made(self, cases: Sequence[RequestCase], files: Sequence[Path | None]) -> None:
        """Show cases with the file of each; None where it was not written."""
        self.copy_buttons, self.facts = [], []
        while (item := self._cards.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.hide()
                part.deleteLater()
        for case, file in zip(cases, files, strict=True):
            self._cards.addWidget(self._card(case, file))
        self.next.show_words(*next_steps(cases, files))

    def _card(self, case: RequestCase, file: Path | None) -> Card:
        card = Card()
        head = RequestHead(case.purpose)
        is_there = file is not None
        head.chip.show_state(
            State.RUNNING if is_there else State.BAD, say(msg("Written") if is_there else msg("Not written"))
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        copy = Button(
            say(msg("Copy PEM")), icon="copy", name=say(msg("Copy the request of {name}", name=case.name))
        )
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(request_pem(case.request)))
        self.copy_buttons.append(copy)
        rows: list[tuple[Message, str]] = [(msg("Name"), case.name)]
        if file is not None:
            rows.append((msg("File"), str(file)))
        if case.key is not None:
            place = msg("{store}, {key}", store=case.key.store_title, key=key_words(case.key))
            rows.append((msg("Key"), say(place)))
        for row, (label, value) in enumerate(rows):
            shown = visible(value, 400)
            text = Text(shown, wrap=True)
            text.setAccessibleName(f"{say(label)}: {shown}")
            self.facts.append(f"{say(label)}: {shown}")
            grid.addWidget(Text(say(label), TypeStyle.LABEL, "text2"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(text, row, 1)
        layout = QVBoxLayout(card)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        layout.addWidget(head)
        layout.addLayout(grid)
        layout.addWidget(copy, 0, Qt.AlignmentFlag.AlignLeft)
        return card


def next_steps(cases: Sequence[RequestCase], files: Sequence[Path | None]) -> tuple[Message, ...]:
    """Say what to send to whom, and what comes then."""
    steps = [
        msg_n(
            "Send the file to your CA. It holds no secret.",
            "Send both files to your CA, each for its own certificate. They hold no secret.",
            len(cases),
        )
        if all(file is not None for file in files)
        else msg("Copy the request and send it to your CA. It holds no secret.")
    ]
    if any(case.purpose is RequestPurpose.SERVER for case in cases):
        steps.append(
            msg(
                "For the server's certificate the CA will ask for a proof that the hosts are yours: a file or"
                " a DNS record."
            )
        )
    steps.append(msg("When the CA has answered, open its file by Match CA reply …"))
    return tuple(steps)
