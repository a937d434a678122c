"""Facts from probes that differ from the first in one thing: what changes with it, and what does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from trustdesk.core.diagnosis import (
    AlpnChoice,
    CertificateChoice,
    GroupChoice,
    LegacyAnswer,
    ProbeVariant,
    ServerNameChoice,
    TlsVersions,
)
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import Outcome, Phase, ProbeRecord, StopReason
from trustdesk.diagnose.facts import Fact, Shown
from trustdesk.diagnose.observations import Observations, SeenProbe

_CONTRASTS: tuple[tuple[str, object, Fact, Message, Fact, Message], ...] = (
    (
        "certificate",
        CertificateChoice.NONE,
        Fact.WITHOUT_CERTIFICATE_FURTHER,
        msg("Without a client certificate the server goes further."),
        Fact.WITHOUT_CERTIFICATE_SAME,
        msg("Without a client certificate the answer is the same."),
    ),
    (
        "server_name",
        ServerNameChoice.NONE,
        Fact.WITHOUT_NAME_FURTHER,
        msg("Without a server name (SNI) the server goes further."),
        Fact.WITHOUT_NAME_SAME,
        msg("Without a server name (SNI) the answer is the same."),
    ),
    (
        "alpn",
        AlpnChoice.NONE,
        Fact.WITHOUT_ALPN_FURTHER,
        msg("Without application protocols (ALPN) the server goes further."),
        Fact.WITHOUT_ALPN_SAME,
        msg("Without application protocols (ALPN) the answer is the same."),
    ),
    (
        "groups",
        GroupChoice.CLASSIC,
        Fact.CLASSIC_FURTHER,
        msg("With classic key exchange alone, in a small first message, the server goes further."),
        Fact.CLASSIC_SAME,
        msg("With classic key exchange alone the answer is the same, so the size of our message is not it."),
    ),
    (
        "versions",
        TlsVersions.TLS_1_2,
        Fact.TLS_1_2_FURTHER,
        msg("With TLS 1.2 alone the server goes further."),
        Fact.TLS_1_2_SAME,
        msg("With TLS 1.2 alone the answer is the same, so the version is not it."),
    ),
)


def contrast_facts(observations: Observations) -> Iterator[Shown]:
    """Yield what the further probes show against the first; cancelled ones show nothing."""
    first = observations.first
    if first.record.outcome is Outcome.CANCELLED:
        return
    for other in observations.probes[1:]:
        if other.record.outcome is Outcome.CANCELLED:
            continue
        changed = _changed(first.variant, other.variant)
        if changed == {"address"}:
            yield from _address(first, other)
        for name, value, further, further_told, same, same_told in _CONTRASTS:
            if changed != {name} or getattr(other.variant, name) != value:
                continue
            if progress(other.record) > progress(first.record):
                yield Shown(further, further_told, other.id)
            elif answers_alike(first.record, other.record):
                yield Shown(same, same_told, other.id)
        if changed == {"certificate"} and not answers_alike(first.record, other.record):
            yield Shown(
                Fact.WITHOUT_CERTIFICATE_OTHER,
                msg("Without a client certificate the answer is another, so the server looks at ours."),
                other.id,
            )
        if changed == {"server_name"} and _show_different_certificates(first.record, other.record):
            yield Shown(
                Fact.WITHOUT_NAME_OTHER_CERTIFICATE,
                msg("Without a server name (SNI) the server shows another certificate."),
                other.id,
            )


def legacy_facts(observations: Observations) -> Iterator[Shown]:
    """Yield what the server answered to old versions."""
    accepted = [old.version for old in observations.legacy if old.answer is LegacyAnswer.ACCEPTED]
    if accepted:
        versions = ", ".join(version.replace("TLSv", "TLS ").replace("SSLv", "SSL ") for version in accepted)
        yield Shown(Fact.LEGACY_ACCEPTED, msg("The server accepts {versions}.", versions=versions))


def progress(record: ProbeRecord) -> int:
    """How far a probe came: 0 no connection, 1 no TLS, 2 the server's first message, 3 an answer."""
    if record.outcome is Outcome.ACCEPTED:
        return 3
    if record.negotiated is not None or record.presented_chain or record.client_auth.request is not None:
        return 2
    return 0 if record.ended_in in {Phase.RESOLVE, Phase.PROXY, Phase.CONNECT} else 1


def answers_alike(one: ProbeRecord, other: ProbeRecord) -> bool:
    """Whether two probes ended the same way, as far as rules look at it."""
    return _signature(one) == _signature(other)


def _signature(record: ProbeRecord) -> tuple[object, ...]:
    closed = record.stopped_by in {StopReason.CLOSED, StopReason.RESET}
    return (
        record.outcome,
        "ended" if closed else record.stopped_by,
        record.refusing_alert.code if record.refusing_alert is not None else None,
        record.http.status if record.http is not None else None,
        record.http.certificate_refusal if record.http is not None else None,
        record.judgement.faults if record.judgement is not None else (),
    )


def _address(first: SeenProbe, other: SeenProbe) -> Iterator[Shown]:
    # Nodes may each have a certificate of their own; what counts is what comes of it.
    if answers_alike(first.record, other.record):
        return
    address = other.variant.address or "?"
    if progress(other.record) == 0 < progress(first.record):
        # Without a route, as to IPv6 where there is none, nothing is known of the server.
        if other.record.stopped_by is not StopReason.UNREACHABLE:
            yield Shown(
                Fact.ADDRESS_SILENT,
                msg("From here {address} takes no connection.", address=address),
                other.id,
            )
        return
    yield Shown(
        Fact.ADDRESSES_DIFFER,
        msg("{address} does not answer as {first} does.", address=address, first=first.record.address or "?"),
        other.id,
    )


def _show_different_certificates(one: ProbeRecord, other: ProbeRecord) -> bool:
    chains = (one.presented_chain, other.presented_chain)
    return all(chains) and chains[0][0].sha256 != chains[1][0].sha256


def _changed(first: ProbeVariant, other: ProbeVariant) -> set[str]:
    """Return the names of what differs."""
    return {
        field.name
        for field in fields(ProbeVariant)
        if getattr(first, field.name) != getattr(other, field.name)
    }
