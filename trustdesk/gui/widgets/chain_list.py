"""The certificates that a server presented, in its order; one at a time opens to its details."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.chain_revocation import CardRevocation
from trustdesk.gui.dates import distance, iso_date
from trustdesk.gui.inspector.verdict_card import VerdictCard
from trustdesk.gui.inspector.verdicts import VerdictLine
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.drag_out import DragOut, certificates
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.painting import CARD_RADIUS, paint_focus, shows_focus
from trustdesk.gui.widgets.state_chip import StateChip
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import fingerprint_text, say
from trustdesk.services.board import State

WARNING_DAYS = 30
_SHOWN_NAMES = 12
_ICON = 14
_BROAD = "SHA-256"


class ChainList(QWidget):
    """Cards for the presented chain, end entity first.

    Signals:
        opened: index of the certificate whose details are shown, -1 when none are.
    """

    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: list[CertificateCard] = []
        self._chain: tuple[CertificateFacts, ...] = ()
        self._shown: tuple[object, ...] = ()
        self._empty = Text(say(msg("No certificate was presented.")), ink="text2")
        self.verdict = VerdictCard()
        self.verdict.setAccessibleName(say(msg("Revocation of the chain")))
        self.verdict.hide()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._layout.addWidget(self.verdict)
        self._layout.addWidget(self._empty)
        self._layout.addStretch(1)
        self.setAccessibleName(say(msg("Presented certificates")))

    @property
    def cards(self) -> tuple[CertificateCard, ...]:
        """The cards, in the order presented."""
        return tuple(self._cards)

    def show_chain(
        self,
        chain: Sequence[CertificateFacts],
        *,
        now: datetime,
        anchors: frozenset[str] = frozenset(),
        revocation: Mapping[str, CardRevocation] = MappingProxyType({}),
        lines: Sequence[VerdictLine] = (),
    ) -> None:
        """Show a chain.

        Args:
            anchors: SHA-256 digests of certificates that are trusted as they stand.
            revocation: what is known of each certificate, by SHA-256.
            lines: what follows from the revocation of all.
        """
        self.verdict.show_lines(lines)
        self.verdict.setVisible(bool(lines) and bool(chain))
        validities = [(_validity(one, now), _valid_until(one, now)) for one in chain]
        shown = (tuple(chain), validities, anchors, dict(revocation))
        if shown == self._shown and self._cards:
            return
        self._shown = shown
        self._chain = tuple(chain)
        for card in self._cards:
            self._layout.removeWidget(card)
            card.deleteLater()
        self._cards = [
            CertificateCard(
                certificate,
                place,
                now=now,
                is_anchor=certificate.sha256 in anchors,
                revocation=revocation.get(certificate.sha256),
            )
            for place, certificate in enumerate(self._chain, start=1)
        ]
        for place, card in enumerate(self._cards, start=1):
            self._layout.insertWidget(place, card)
            card.toggled.connect(self._one_open)
        self._empty.setVisible(not self._cards)

    def _one_open(self, place: int, is_open: bool) -> None:
        for card in self._cards:
            if is_open and card.place != place:
                card.set_open(False)
        self.opened.emit(place - 1 if is_open else -1)


class CertificateCard(Card):
    """One certificate: subject and validity in two lines; a press opens names, purposes, key and digest.

    Signals:
        toggled: place in the chain from 1, and whether the card is open now.
    """

    toggled = Signal(int, bool)

    def __init__(
        self,
        certificate: CertificateFacts,
        place: int,
        *,
        now: datetime,
        is_anchor: bool = False,
        revocation: CardRevocation | None = None,
    ) -> None:
        super().__init__()
        self.place = place
        self._certificate = certificate
        self._details: QWidget | None = None
        self._is_open = False
        title = visible(certificate.title)
        self._chip = StateChip()
        state, word = _validity(certificate, now)
        if revocation is not None and revocation.is_revoked:
            state, word = State.BAD, msg("Revoked")
        self._chip.show_state(state, say(word), icon="tick" if state is State.NOT_APPLICABLE else None)
        anchor = StateChip()
        anchor.show_state(State.GOOD, say(msg("On the list")))
        anchor.setVisible(is_anchor)
        number = Text(str(place), TypeStyle.ROW_TITLE, "text2")
        head = QHBoxLayout()
        head.setContentsMargins(margins(14, 9, 36, 10))
        head.setSpacing(12)
        head.addWidget(number, 0, Qt.AlignmentFlag.AlignTop)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(ElidedLabel(title, TypeStyle.ROW_TITLE_BAD))
        names.addWidget(ElidedLabel(say(_issued_by(certificate)), TypeStyle.SECOND_LINE, "text2"))
        names.addWidget(ElidedLabel(say(_valid_until(certificate, now)), TypeStyle.SECOND_LINE, "text2"))
        head.addLayout(names, 1)
        head.addWidget(anchor, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignTop)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._rows.addLayout(head)
        if revocation is not None:
            head.setContentsMargins(margins(14, 9, 36, 3))
            self._rows.addLayout(_revocation_line(revocation))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        DragOut(self, lambda _place: certificates(certificate.title, [certificate.der]))
        self.setAccessibleName(
            say(
                msg(
                    "Certificate {place}: {title}, {validity}",
                    place=place,
                    title=certificate.title,
                    validity=word,
                )
            )
        )
        known = "" if revocation is None else f"{revocation.word}. {revocation.rest} "
        self.setAccessibleDescription(f"{known}{say(msg('Enter shows the details.'))}")

    @property
    def is_open(self) -> bool:
        """Whether the details are shown."""
        return self._is_open

    def set_open(self, is_open: bool) -> None:
        """Show or hide the details."""
        if is_open == self._is_open:
            return
        self._is_open = is_open
        if is_open and self._details is None:
            self._details = CertificateDetails(self._certificate)
            self._rows.addWidget(self._details)
        if self._details is not None:
            self._details.setVisible(is_open)
        self.update()
        self.toggled.emit(self.place, is_open)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open or close."""
        head = self.height() if self._details is None or not self._is_open else self._details.y()
        if self.rect().contains(event.position().toPoint()) and event.position().y() <= head:
            self.set_open(not self._is_open)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open or close with Enter or Space."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.set_open(not self._is_open)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card, its chevron and the focus."""
        super().paintEvent(event)
        painter = QPainter(self)
        name = "chevron-down" if self._is_open else "chevron-right"
        left = self.width() - 30 if self.layoutDirection() is Qt.LayoutDirection.LeftToRight else 14
        picture = pixmap(name, current_theme().tokens.text2, 16, self.devicePixelRatioF())
        painter.drawPixmap(left, 13, picture)
        if self._is_open and self._details is not None:
            line = QRectF(14, self._details.y(), self.width() - 28, 1)
            painter.fillRect(line, QColor(current_theme().tokens.grid))
        if shows_focus(self):
            paint_focus(painter, QRectF(self.rect()), CARD_RADIUS)
        painter.end()


class CertificateDetails(QWidget):
    """What a certificate says, in words beside their labels; Copy takes all of it as plain text."""

    def __init__(self, certificate: CertificateFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = certificate_lines(certificate)
        grid = QGridLayout(self)
        grid.setContentsMargins(margins(38, 10, 14, 12))
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for row, (label, value, style) in enumerate(self._lines):
            head, body = Text(say(label), TypeStyle.LABEL, "text2"), Text(value, style, wrap=True)
            if label.id == _BROAD:
                # Pairs with colons need the whole width to stand in two lines.
                grid.addWidget(head, 2 * row, 0, 1, 2)
                grid.addWidget(body, 2 * row + 1, 0, 1, 2)
            else:
                grid.addWidget(head, 2 * row, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(body, 2 * row, 1)
        copy = Button(say(msg("Copy details")), icon="copy")
        copy.clicked.connect(self._copy)
        grid.addWidget(copy, 2 * len(self._lines) + 1, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)

    def _copy(self) -> None:
        text = "\n".join(f"{say(label)}: {value}" for label, value, _style in self._lines)
        QGuiApplication.clipboard().setText(text.replace("\u2068", "").replace("\u2069", ""))


def _revocation_line(revocation: CardRevocation) -> QHBoxLayout:
    """Return icon and word, and the rest beside them, whole: below the names, as wide as the card."""
    line = QHBoxLayout()
    line.setContentsMargins(margins(36, 0, 14, 10))
    line.setSpacing(6)
    top = Qt.AlignmentFlag.AlignTop
    line.addWidget(_Icon(revocation.icon, revocation.ink), 0, top)
    line.addWidget(Text(revocation.word, TypeStyle.SECOND_LINE, revocation.ink), 0, top)
    line.addWidget(Text(revocation.rest, TypeStyle.SECOND_LINE, "text2", wrap=True), 1)
    return line


class _Icon(QWidget):
    """A small picture in a token's colour, of either theme."""

    def __init__(self, name: str, ink: str) -> None:
        super().__init__()
        self._name, self._ink = name, ink
        self.setFixedSize(_ICON, _ICON)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        color = str(getattr(current_theme().tokens, self._ink))
        painter.drawPixmap(0, 0, pixmap(self._name, color, _ICON, self.devicePixelRatioF()))
        painter.end()


def certificate_lines(certificate: CertificateFacts) -> tuple[tuple[Message, str, TypeStyle], ...]:
    """Return label, value and style of each line of a certificate's details; values are safe to show."""
    names = [visible(name) for name in certificate.subject_alt_names[:_SHOWN_NAMES]]
    hidden = len(certificate.subject_alt_names) - len(names)
    if hidden > 0:
        names.append(say(msg("and {count} more", count=hidden)))
    purposes = certificate.extended_key_usage
    key = " ".join(str(part) for part in (certificate.key_algorithm, certificate.key_bits) if part)
    signature = visible(certificate.signature_algorithm or "")
    lines: list[tuple[Message, str, TypeStyle]] = [
        (msg("Subject"), visible(certificate.subject or "–"), TypeStyle.BODY),
        (msg("Issuer"), visible(certificate.issuer or "–"), TypeStyle.BODY),
        (msg("Names"), "\n".join(names) or "–", TypeStyle.BODY),
        (msg("Valid"), _span(certificate), TypeStyle.BODY),
        (
            msg("Purposes"),
            say(msg("Any: the extension is absent"))
            if purposes is None
            else ", ".join(visible(purpose) for purpose in purposes) or "–",
            TypeStyle.BODY,
        ),
        (msg("Key"), ", ".join(part for part in (visible(key), signature) if part) or "–", TypeStyle.BODY),
        (msg("Serial number"), visible(certificate.serial_number or "–"), TypeStyle.FIXED),
        (msg("SHA-256"), fingerprint_text(certificate.sha256), TypeStyle.FIXED),
    ]
    if certificate.problems:
        problems = "\n".join(say(problem) for problem in certificate.problems)
        lines.insert(0, (msg("Could not be read"), problems, TypeStyle.BODY))
    return tuple(lines)


def _validity(certificate: CertificateFacts, now: datetime) -> tuple[State, Message]:
    if certificate.not_before is None or certificate.not_after is None:
        return State.UNKNOWN, msg("Validity unknown")
    if now > certificate.not_after:
        return State.BAD, msg("Expired")
    if now < certificate.not_before:
        return State.BAD, msg("Not yet valid")
    days = (certificate.not_after - now).days
    if days <= WARNING_DAYS:
        return State.WARNING, distance(certificate.not_after, now)
    return State.NOT_APPLICABLE, msg("Valid")


def _valid_until(certificate: CertificateFacts, now: datetime) -> Message:
    if certificate.not_after is None:
        return msg("Its validity could not be read")
    if certificate.not_before is not None and now < certificate.not_before:
        return msg(
            "From {date}, {distance}",
            date=f"{certificate.not_before.astimezone(UTC):%Y-%m-%d}",
            distance=distance(certificate.not_before, now),
        )
    return msg(
        "Until {date}, {distance}",
        date=f"{certificate.not_after.astimezone(UTC):%Y-%m-%d}",
        distance=distance(certificate.not_after, now),
    )


def _issued_by(certificate: CertificateFacts) -> Message:
    if certificate.is_self_issued:
        return msg("Issued by itself")
    return msg("Issued by {issuer}", issuer=certificate.issuer or "–")


def _span(certificate: CertificateFacts) -> str:
    if certificate.not_before is None or certificate.not_after is None:
        return "–"
    return f"{iso_date(certificate.not_before)} – {iso_date(certificate.not_after)}"
