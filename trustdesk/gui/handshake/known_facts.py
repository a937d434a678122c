"""What is known although a run failed before TLS: it stays on the page."""

from __future__ import annotations

from dataclasses import dataclass

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.probe import ProbeRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFact:
    """One line: what it is about, and what is known; `known` is False for what was never seen."""

    label: Message
    text: Message
    known: bool


_SHOWN_ADDRESSES = 4


def known_facts(record: ProbeRecord) -> tuple[KnownFact, ...]:
    """Return what a run found out before it stopped, and what it did not."""
    return (
        _addresses(record),
        _connection(record),
        KnownFact(
            label=msg("Our certificate"),
            text=msg("none selected")
            if record.identity is None
            else msg("{name} was selected; it was not sent", name=record.identity.name or ""),
            known=True,
        ),
        KnownFact(
            label=msg("Server certificate"), text=msg("not seen, so nothing is said about it"), known=False
        ),
    )


def reached_tls(record: ProbeRecord) -> bool:
    """Whether a TLS message went either way, so that there is a ladder to show."""
    return any(not event.message.startswith("tcp_") for event in record.timeline)


def _addresses(record: ProbeRecord) -> KnownFact:
    label = msg("Addresses")
    if not record.addresses:
        return KnownFact(label=label, text=msg("none, the name did not resolve"), known=False)
    shown = ", ".join(record.addresses[:_SHOWN_ADDRESSES])
    hidden = len(record.addresses) - _SHOWN_ADDRESSES
    if hidden > 0:
        more = msg_n("{addresses} and {count} more", "{addresses} and {count} more", hidden, addresses=shown)
        return KnownFact(label=label, text=more, known=True)
    return KnownFact(label=label, text=msg("{addresses}", addresses=shown), known=True)


def _connection(record: ProbeRecord) -> KnownFact:
    label, port = msg("Connection"), record.target.connect_port or record.target.port
    if record.phases.connect_ms is None:
        return KnownFact(label=label, text=msg("none on port {port}", port=port), known=False)
    text = msg(
        "{address} port {port}, in {elapsed} ms",
        address=record.address or record.target.host,
        port=port,
        elapsed=record.phases.connect_ms,
    )
    return KnownFact(label=label, text=text, known=True)
