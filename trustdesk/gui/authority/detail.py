"""One private CA: how its list stands, what it is, and what it issued."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.key_store import StoredKey
from trustdesk.core.message import Message, msg
from trustdesk.core.private_ca import IssuedCertificate, PrivateAuthority
from trustdesk.core.untrusted import visible
from trustdesk.gui.authority.tables import issued_table
from trustdesk.gui.authority.words import can_be_revoked, crl_standing
from trustdesk.gui.dates import distance
from trustdesk.gui.inspector.fact import Fact
from trustdesk.gui.inspector.fact_grid import FactGrid
from trustdesk.gui.requests.reason import Reason
from trustdesk.gui.requests.words import day, key_words
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card, Hairline
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.widgets.state_chip import StateChip
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.board import State

_LONGEST = 300
_NO_LIMIT = msg("no limit, it can certify any name")


class AuthorityDetail(Card):
    """Head with buttons, facts, table of what was issued.

    Signals:
        sign_wanted, crl_wanted, root_wanted, delete_wanted: the person wants this of the CA in view.
        chain_wanted, revoke_wanted: the IssuedCertificate that the person wants it of.
    """

    sign_wanted = Signal()
    crl_wanted = Signal()
    root_wanted = Signal()
    delete_wanted = Signal()
    chain_wanted = Signal(object)
    revoke_wanted = Signal(object)

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._now = now
        self.authority: PrivateAuthority | None = None
        self._title = ElidedLabel(style=TypeStyle.SECTION)
        self.chip = StateChip()
        self.sign_button = Button(say(msg("Sign a request …")), icon="edit")
        self.crl_button = Button(say(msg("Issue the CRL …")), icon="refresh")
        self.root_button = Button(say(msg("Hand over the root …")), icon="export")
        self.delete_button = Button(say(msg("Delete …")), icon="close")
        self.standing = Reason()
        self.facts = FactGrid(name=say(msg("Root and issuing CA")))
        self.table = issued_table(now)
        self.none_yet = Text(say(msg("It has issued nothing yet.")), ink="text2")
        self.chain_button = Button(say(msg("Save its chain …")), icon="export")
        self.revoke_button = Button(say(msg("Revoke …")), icon="stop")
        self._build()
        self.sign_button.clicked.connect(self.sign_wanted)
        self.crl_button.clicked.connect(self.crl_wanted)
        self.root_button.clicked.connect(self.root_wanted)
        self.delete_button.clicked.connect(self.delete_wanted)
        self.chain_button.clicked.connect(self._save_chain)
        self.revoke_button.clicked.connect(self._revoke)
        self.table.selectionModel().currentRowChanged.connect(lambda _index: self._show_buttons())

    @property
    def current(self) -> IssuedCertificate | None:
        """The issued certificate that is selected; None for none."""
        place = self.table.currentIndex().row()
        return self.table.rows[place] if 0 <= place < len(self.table.rows) else None

    def show_authority(self, authority: PrivateAuthority) -> None:
        """Show a CA as it stands now."""
        before = self.current
        self.authority = authority
        now = self._now()
        self._title.setText(visible(authority.name, _LONGEST))
        self.setAccessibleName(self._title.text())
        standing = crl_standing(authority, now)
        word = say(standing.word)
        # A list that is as it should be needs no colour.
        self.chip.show_state(None if standing.state is State.NOT_APPLICABLE else standing.state, word)
        self.standing.show_words(
            standing.sentence,
            is_warning=standing.state is not State.NOT_APPLICABLE,
            is_bad=standing.state is State.BAD,
        )
        self.facts.show_facts(_facts(authority, now))
        self.table.show_rows(authority.issued)
        self.table.viewport().update()
        self.table.setVisible(bool(authority.issued))
        self.none_yet.setVisible(not authority.issued)
        if authority.issued:
            places = {one.certificate.sha256: place for place, one in enumerate(authority.issued)}
            self.table.selectRow(0 if before is None else places.get(before.certificate.sha256, 0))
        self._show_buttons()

    def _save_chain(self) -> None:
        if self.current is not None:
            self.chain_wanted.emit(self.current)

    def _revoke(self) -> None:
        if self.current is not None:
            self.revoke_wanted.emit(self.current)

    def _show_buttons(self) -> None:
        current = self.current
        self.chain_button.setVisible(current is not None)
        self.revoke_button.setVisible(current is not None)
        self.revoke_button.setEnabled(current is not None and can_be_revoked(current))

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._title)
        head.addWidget(self.chip)
        head.addStretch(1)
        actions = Flow(gap=8)
        for button in (self.sign_button, self.crl_button, self.root_button, self.delete_button):
            actions.addWidget(button)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(Text(say(msg("Issued certificates")), TypeStyle.ROW_TITLE_BAD))
        foot.addStretch(1)
        foot.addWidget(self.chain_button)
        foot.addWidget(self.revoke_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 12)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addLayout(actions)
        layout.addWidget(self.standing)
        layout.addWidget(self.facts)
        layout.addWidget(Hairline())
        layout.addLayout(foot)
        layout.addWidget(self.none_yet)
        layout.addWidget(self.table, 1)
        self.table.setMinimumHeight(120)
        layout.addStretch(0)


def _facts(authority: PrivateAuthority, now: datetime) -> tuple[Fact, ...]:
    limits = permitted_names(authority.issuing)
    return (
        Fact(label=msg("Root"), value=_certificate(authority.root, authority.root_key, now)),
        Fact(label=msg("Issuing CA"), value=_certificate(authority.issuing, authority.issuing_key, now)),
        Fact(
            label=msg("Limited to"),
            value=visible(", ".join(limits), _LONGEST) if limits else say(_NO_LIMIT),
            ink="text" if limits else "warning",
        ),
        Fact(
            label=msg("Address of its CRL"),
            value=visible(authority.crl_url, _LONGEST) if authority.crl_url else say(msg("none")),
        ),
    )


def permitted_names(issuing: CertificateFacts) -> tuple[str, ...]:
    """Return the subtrees that an issuing CA is limited to; empty for no limit."""
    # Decoding comes with it, and the window is painted before it is needed.
    from trustdesk.formats.certificate_details import read_details

    return read_details(issuing.der).permitted_names


def _certificate(certificate: CertificateFacts, key: StoredKey, now: datetime) -> str:
    end: Message = msg("end unknown")
    if certificate.not_after is not None:
        end = msg(
            "until {date}, {distance}",
            date=day(certificate.not_after),
            distance=distance(certificate.not_after, now),
        )
    words = msg(
        "{name}, {end}, {key} in {store}",
        name=certificate.title,
        end=end,
        key=key_words(key),
        store=key.store_title,
    )
    return say(words)
