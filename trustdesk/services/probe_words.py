"""One probe of a diagnosis in few words: what was asked, and what came of it."""

from __future__ import annotations

from trustdesk.core.diagnosis import (
    AlpnChoice,
    CertificateChoice,
    GroupChoice,
    ProbeVariant,
    ServerNameChoice,
    TlsVersions,
)
from trustdesk.core.handshake import AlertDirection
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import ProbeRecord
from trustdesk.services.verdict_words import OUTCOME_WORDS

VERSION_WORDS: dict[TlsVersions, Message] = {
    TlsVersions.ANY: msg("TLS 1.2 or 1.3"),
    TlsVersions.TLS_1_2: msg("TLS 1.2"),
    TlsVersions.TLS_1_3: msg("TLS 1.3"),
}
CERTIFICATE_WORDS: dict[CertificateChoice, Message] = {
    CertificateChoice.SELECTED: msg("ours"),
    CertificateChoice.NONE: msg("none"),
}
SERVER_NAME_WORDS: dict[ServerNameChoice, Message] = {
    ServerNameChoice.HOST: msg("sent"),
    ServerNameChoice.NONE: msg("none"),
}
GROUP_WORDS: dict[GroupChoice, Message] = {
    GroupChoice.PQ: msg("post-quantum"),
    GroupChoice.CLASSIC: msg("classic"),
}


def variant_cells(variant: ProbeVariant) -> tuple[Message, ...]:
    """Return version, certificate, server name and groups of a probe; ALPN where it is left out."""
    name = SERVER_NAME_WORDS[variant.server_name]
    if variant.alpn is AlpnChoice.NONE:
        name = msg("{name}, no ALPN", name=name)
    return (
        VERSION_WORDS[variant.versions],
        CERTIFICATE_WORDS[variant.certificate],
        name,
        GROUP_WORDS[variant.groups],
    )


def result_words(record: ProbeRecord) -> Message:
    """Return outcome and what it rests on: the alert, or the HTTP status."""
    outcome = OUTCOME_WORDS[record.outcome]
    alert = record.last_alert(AlertDirection.RECEIVED)
    if alert is not None:
        return msg("{outcome}, {name} ({code})", outcome=outcome, name=alert.name, code=alert.code)
    if record.http is not None:
        return msg("{outcome}, HTTP {status}", outcome=outcome, status=record.http.status)
    return outcome
