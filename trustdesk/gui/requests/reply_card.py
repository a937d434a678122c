"""A CA's certificate: which request it answers, what differs, its chain, and whether it can be taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.certificate_request import MatchedReply, RequestCase, RequestDifference
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.untrusted import visible
from trustdesk.gui.dates import distance
from trustdesk.gui.requests.difference_row import DifferenceRow
from trustdesk.gui.requests.reason import Reason
from trustdesk.gui.requests.words import day, key_place
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card, Hairline
from trustdesk.gui.widgets.ring import Ring
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.board import State

_LONGEST = 200


class ReplyCard(Card):
    """Verdict, differences, chain, Accept.

    Signals:
        accept_wanted: the person takes the certificate.
    """

    accept_wanted = Signal()

    def __init__(self, reply: MatchedReply, now: datetime) -> None:
        super().__init__()
        self.reply = reply
        self._answered = "" if reply.case is None else reply.case.name
        self.verdict = VerdictBanner()
        # Green is for what a list or a partner proves; a reply that fits is only that.
        self.fits = Reason()
        self.rows = [DifferenceRow(one) for one in _harmful_first(reply)]
        self.chain = _chain(reply)
        self.next = Reason()
        self.accept_button = Button(say(_accept_words(reply)), icon="tick", kind=ButtonKind.QUIET)
        self.accept_button.setAutoDefault(False)
        self.accept_button.clicked.connect(self.accept_wanted)
        self._ring = Ring(16)
        self._ring.hide()
        self._build(now)

    @property
    def can_be_taken(self) -> bool:
        """Whether nothing keeps the certificate from being taken."""
        return self.reply.problem is None and self.reply.case is not None

    def show_running(self, running: bool) -> None:
        """Say that the certificate is being taken."""
        self._ring.setVisible(running)
        self._ring.set_running(running)
        self.accept_button.setEnabled(not running)

    def show_taken(self, case: RequestCase) -> None:
        """Say what became of it."""
        self.show_running(False)
        self.accept_button.setEnabled(False)
        self.accept_button.show_as(say(msg("Accepted")), icon="tick")
        self.next.show_words(*_after_accepting(case))

    def _build(self, now: datetime) -> None:
        certificate = self.reply.certificate
        state, words, action = _verdict(self.reply)
        self.verdict.show_verdict(state, words, action)
        fits = msg("It answers the request {name}, and says what was asked.", name=self._answered)
        self.fits.show_words(fits)
        self.verdict.setVisible(state is not State.NOT_APPLICABLE)
        self.fits.setVisible(state is State.NOT_APPLICABLE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(10)
        layout.addWidget(Text(visible(certificate.title, _LONGEST), TypeStyle.SECTION, wrap=True))
        layout.addWidget(Text(say(_validity(certificate, now)), TypeStyle.SECOND_LINE, "text2", wrap=True))
        layout.addWidget(self.verdict)
        layout.addWidget(self.fits)
        if self.rows:
            heading = msg_n(
                "{count} thing is not as it was asked",
                "{count} things are not as they were asked",
                len(self.rows),
            )
            layout.addWidget(Text(say(heading), TypeStyle.ROW_TITLE_BAD))
            for place, row in enumerate(self.rows):
                if place:
                    layout.addWidget(Hairline())
                layout.addWidget(row)
        if self.reply.case is not None:
            layout.addWidget(Text(say(msg("Chain")), TypeStyle.ROW_TITLE_BAD))
            layout.addWidget(self.chain)
        layout.addWidget(self.next)
        self.next.show_words(*_before_accepting(self.reply))
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.accept_button)
        foot.addWidget(self._ring)
        foot.addStretch(1)
        layout.addLayout(foot)
        self.accept_button.setVisible(self.can_be_taken)
        self.setAccessibleName(visible(certificate.title, _LONGEST))


class ChainView(QWidget):
    """Certificates from the end entity up, each with where it was found."""

    def __init__(self, lines: Sequence[tuple[str, str]], *, is_known: bool) -> None:
        super().__init__()
        self.lines = tuple(lines)
        self.is_known = is_known
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(0, 1)
        for row, (title, where) in enumerate(lines):
            name = Text(title, TypeStyle.BODY, wrap=True)
            name.setAccessibleName(f"{title}: {where}")
            grid.addWidget(name, row, 0)
            grid.addWidget(
                Text(where, TypeStyle.SECOND_LINE, "text2"), row, 1, Qt.AlignmentFlag.AlignTrailing
            )
        if not is_known:
            words = msg("Its issuer is in none of the files and not known here: ask the CA for it.")
            grid.addWidget(Text(say(words), ink="warning", wrap=True), len(lines), 0, 1, 2)


def _chain(reply: MatchedReply) -> ChainView:
    path = reply.certification_path or (reply.certificate,)
    found = {certificate.sha256: where for certificate, where in reply.completed}
    lines = []
    for certificate in path:
        where = found.get(certificate.sha256, msg("in the files"))
        lines.append((visible(certificate.title, _LONGEST), say(where)))
    return ChainView(lines, is_known=len(path) > 1 or reply.certificate.is_self_issued)


def _harmful_first(reply: MatchedReply) -> list[RequestDifference]:
    return sorted(reply.differences, key=lambda one: not one.is_harmful)


def _verdict(reply: MatchedReply) -> tuple[State, str, str | None]:
    harmful = sum(one.is_harmful for one in reply.differences)
    remedy = None if reply.remedy is None else say(reply.remedy)
    if reply.case is None:
        # A file of the CA that answers nothing is no fault of anybody's.
        words = reply.problem or msg("It answers none of the requests here: no case has its key.")
        return State.UNKNOWN, say(words), remedy
    if reply.problem is not None:
        return State.BAD, say(reply.problem), remedy
    answers = msg("It answers the request {name}.", name=reply.case.name)
    if harmful:
        words = msg_n(
            "{answers} {count} thing makes it useless for what it was meant for.",
            "{answers} {count} things make it useless for what it was meant for.",
            harmful,
            answers=answers,
        )
        return State.BAD, say(words), say(msg("The CA has to act. Send it back, or accept it knowingly."))
    if reply.differences:
        return State.WARNING, say(msg("{answers} It is not quite what was asked.", answers=answers)), None
    return State.NOT_APPLICABLE, say(answers), None


def _before_accepting(reply: MatchedReply) -> tuple[Message, ...]:
    case = reply.case
    if reply.problem is not None or case is None:
        return ()
    where = () if case.key is None else (msg("Its key is in: {store}.", store=key_place(case.key)),)
    return (*(() if reply.next_step is None else (reply.next_step,)), *where)


def _after_accepting(case: RequestCase) -> tuple[Message, ...]:
    if case.identity is None:
        return (
            msg("It is kept with its request."),
            msg("Install it with its chain on the server, then mark it as installed in the tab Requests."),
        )
    words = [
        msg("It is the identity {name} now.", name=case.identity),
        msg("Test a partner with it: an accepted handshake is the only proof that it works."),
    ]
    if case.renews is not None:
        words.append(msg("Until then {name} stays in use.", name=case.renews))
    return tuple(words)


def _accept_words(reply: MatchedReply) -> Message:
    if any(one.is_harmful for one in reply.differences):
        return msg("Accept it all the same")
    return msg("Accept")


def _validity(certificate: CertificateFacts, now: datetime) -> Message:
    issuer = certificate.issuer or "–"
    if certificate.not_before is None or certificate.not_after is None:
        return msg("Issued by {issuer}. Its validity cannot be read.", issuer=issuer)
    return msg(
        "Issued by {issuer}, valid from {start} until {end}, {distance}",
        issuer=issuer,
        start=day(certificate.not_before),
        end=day(certificate.not_after),
        distance=distance(certificate.not_after, now),
    )
