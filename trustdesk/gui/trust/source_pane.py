"""The tab Source: where the version in view came from, who signed it, and who took it in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.core.trust_version import AuthenticityState, ListSummary, ListVersion, SignatureMethod
from trustdesk.core.untrusted import visible
from trustdesk.gui.inspector.fact import Fact
from trustdesk.gui.inspector.fact_grid import FactGrid
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.trust.entry_facts import day_and_distance
from trustdesk.gui.trust.words import (
    TRANSPORT_WORDS,
    VERSION_WORDS,
    content_title,
    signature_look,
    signature_sentence,
)
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.words import fingerprint_text, say
from trustdesk.services.trust_words import ENDORSEMENT_WORDS, SOURCE_WORDS

_METHODS = {
    SignatureMethod.JWS: "JWS (RFC 7515)",
    SignatureMethod.CMS: "CMS (RFC 5652)",
    SignatureMethod.XADES: "XAdES (ETSI EN 319 132)",
}
_INKS = {
    AuthenticityState.FAILED: "bad",
    AuthenticityState.UNKNOWN_SIGNER: "warning",
    AuthenticityState.NOT_CHECKED: "unknown",
}


class SourcePane(QWidget):
    """Facts, and the pin.

    Signals:
        forget_wanted: the person wants the pinned signer forgotten.
    """

    forget_wanted = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self.facts = FactGrid(name=say(msg("Where the list came from")))
        self.forget_button = Button(say(msg("Forget the signer …")), icon="remove")
        self.forget_button.clicked.connect(self.forget_wanted)
        scroll = ScrolledColumn(name=say(msg("Where the list came from")))
        scroll.column.setSpacing(14)
        scroll.column.addWidget(self.facts)
        scroll.column.addWidget(self.forget_button, 0, Qt.AlignmentFlag.AlignLeft)
        scroll.column.addStretch(1)
        card = Card()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(margins(16, 14, 8, 12))
        inside.addWidget(scroll)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)

    def show_version(self, summary: ListSummary, version: ListVersion | None) -> None:
        """Show where a version came from; None while it is read."""
        self.forget_button.setVisible(summary.pin is not None)
        self.facts.show_facts(() if version is None else tuple(source_facts(summary, version, self._now())))


def source_facts(summary: ListSummary, version: ListVersion, now: datetime) -> Iterator[Fact]:
    """Yield where a version came from, and what its signature is worth."""
    content, source = version.content, version.source
    yield Fact(
        label=msg("Version"),
        value=say(msg("{number}, {state}", number=version.number, state=VERSION_WORDS[version.state])),
    )
    yield Fact(label=msg("Title"), value=content_title(content))
    yield from _optional(msg("List id"), content.list_id)
    publisher = content.publisher
    words = ", ".join(part for part in (publisher.name, publisher.uri, publisher.contact) if part)
    yield Fact(label=msg("Publisher"), value=visible(words, 400) or say(msg("it does not say")))
    if content.authority_claimed:
        claim = msg("“{name}”; that proves nothing", name=content.authority_claimed)
        yield Fact(label=msg("Names as its issuer"), value=say(claim))
    yield Fact(label=msg("Stands behind it"), value=say(ENDORSEMENT_WORDS[content.endorsement]))
    yield from _optional(msg("Policy of the list"), content.scheme_uri)
    sequence = "–" if content.sequence is None else str(content.sequence)
    yield Fact(label=msg("Sequence"), value=sequence)
    if content.issued_at is not None:
        yield Fact(label=msg("Issued"), value=day_and_distance(content.issued_at, now))
    if content.next_update is not None:
        late = content.next_update < now
        yield Fact(
            label=msg("Next update"),
            value=day_and_distance(content.next_update, now),
            ink="warning" if late else "text",
        )
    elif content.is_closed:
        yield Fact(label=msg("Next update"), value=say(msg("none: the publisher has closed the list")))
    yield Fact(label=msg("Form"), value=say(SOURCE_WORDS[source.kind]))
    yield Fact(
        label=msg("Place"), value=f"{visible(source.place, 400)}, {say(TRANSPORT_WORDS[source.transport])}"
    )
    when = msg("{date} by {who}", date=day_and_distance(source.retrieved_at, now), who=source.retrieved_by)
    yield Fact(label=msg("Taken in"), value=say(when))
    yield from _optional(msg("ETag"), source.etag)
    yield Fact(
        label=msg("SHA-256 of the bytes"), value=fingerprint_text(source.sha256), style=TypeStyle.FIXED
    )
    yield from _of_signature(summary, version, now)
    for remark in content.remarks[:40]:
        yield Fact(label=msg("Remarks"), value=say(remark))


def _of_signature(summary: ListSummary, version: ListVersion, now: datetime) -> Iterator[Fact]:
    proof = version.content.authenticity
    yield Fact(
        label=msg("Signature"),
        value=f"{signature_look(proof).word}. {say(signature_sentence(proof))}",
        ink=_INKS.get(proof.state, "text"),
    )
    if proof.method in _METHODS:
        yield Fact(label=msg("Form of the signature"), value=_METHODS[proof.method])
    if proof.signed_at is not None:
        yield Fact(
            label=msg("Signed"),
            value=say(msg("{date}, as the signature claims", date=day_and_distance(proof.signed_at, now))),
        )
    if proof.signer_certificate is not None:
        yield Fact(label=msg("Signer"), value=visible(proof.signer_certificate.title))
    if proof.signer is not None:
        yield Fact(label=msg("Signer, SHA-256"), value=fingerprint_text(proof.signer), style=TypeStyle.FIXED)
    pin = summary.pin
    if pin is None:
        yield Fact(label=msg("Pinned signer"), value=say(msg("none")))
        return
    pinned = msg("{date} by {who}", date=day_and_distance(pin.pinned_at, now), who=pin.pinned_by)
    yield Fact(label=msg("Pinned signer"), value=say(pinned))
    if pin.sealed is not True:
        broken = pin.sealed is False
        words = (
            msg("The seal over the pin is broken: it counts for nothing.")
            if broken
            else msg("The seal over the pin is not checked: the keyring cannot be asked now.")
        )
        yield Fact(label=msg("Pinned signer"), value=say(words), ink="bad" if broken else "unknown")
    yield Fact(label=msg("Pinned, SHA-256"), value=fingerprint_text(pin.signer), style=TypeStyle.FIXED)


def _optional(label: Message, value: str) -> Iterator[Fact]:
    if value:
        yield Fact(label=label, value=visible(value, 400))
