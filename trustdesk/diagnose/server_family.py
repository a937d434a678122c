"""Which software ends TLS: what it says of itself, and what its answers look like.

Certain only where it names itself. Habits are as measured (`tests/servers/families.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from trustdesk.core.diagnosis import FamilyGuess, ServerFamily
from trustdesk.core.handshake import AlertDirection
from trustdesk.core.message import msg
from trustdesk.core.probe import CertificateRefusal, ProbeRecord, StopReason
from trustdesk.core.target import TargetProtocol
from trustdesk.diagnose.alerts import AlertCode

_NAMES: tuple[tuple[re.Pattern[str], ServerFamily], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), family)
    for pattern, family in (
        (r"nginx|openresty|tengine", ServerFamily.NGINX),
        (r"apache(?!-?coyote)", ServerFamily.APACHE),
        (r"haproxy", ServerFamily.HAPROXY),
        (r"microsoft-iis|microsoft-httpapi", ServerFamily.IIS),
        (r"jetty|tomcat|coyote|undertow|wildfly|jboss|glassfish|weblogic", ServerFamily.JAVA),
        (r"caddy|traefik|envoy-go", ServerFamily.GO),
        (r"express|node\.?js", ServerFamily.NODE),
        (r"python|werkzeug|gunicorn|uvicorn|hypercorn|aiohttp|tornado", ServerFamily.PYTHON),
    )
)
_BEHIND_A_FRONT_END = frozenset({ServerFamily.PYTHON, ServerFamily.NODE})
"""What answers in HTTP need not be what ends TLS; these seldom do so themselves."""


def guess_family(records: Sequence[ProbeRecord]) -> FamilyGuess | None:
    """Guess from all probes of a target; None when nothing shows it."""
    return _named(records) or _by_page(records) or _by_protocol(records) or _by_alerts(records)


def _named(records: Sequence[ProbeRecord]) -> FamilyGuess | None:
    for record in records:
        server = record.http.server if record.http is not None else None
        if server is None:
            continue
        for pattern, family in _NAMES:
            if pattern.search(server):
                return FamilyGuess(
                    family=family,
                    certain=family not in _BEHIND_A_FRONT_END,
                    evidence=msg("It names itself: {server}.", server=server),
                )
    return None


def _by_page(records: Sequence[ProbeRecord]) -> FamilyGuess | None:
    pages = {record.http.certificate_refusal for record in records if record.http is not None}
    if pages & {CertificateRefusal.NONE_SENT, CertificateRefusal.CERTIFICATE_ERROR}:
        return FamilyGuess(
            family=ServerFamily.NGINX,
            certain=False,
            evidence=msg("It takes the handshake and refuses the certificate in a page, as nginx does."),
        )
    if CertificateRefusal.NOT_ASKED_LATER in pages:
        return FamilyGuess(
            family=ServerFamily.APACHE,
            certain=False,
            evidence=msg("It asks for the certificate by path, as Apache does."),
        )
    return None


def _by_protocol(records: Sequence[ProbeRecord]) -> FamilyGuess | None:
    if any(
        record.target.protocol is TargetProtocol.AMQPS and record.amqp is not None and record.amqp.mechanisms
        for record in records
    ) and any(record.amqp is not None and record.amqp.version == "0-9-1" for record in records):
        return FamilyGuess(
            family=ServerFamily.RABBITMQ,
            certain=False,
            evidence=msg("It speaks AMQP 0-9-1, as RabbitMQ does."),
        )
    return None


_BY_ALERT: Mapping[int, tuple[ServerFamily, str]] = {
    AlertCode.CERTIFICATE_UNKNOWN: (ServerFamily.JAVA, "certificate_unknown"),
    AlertCode.UNSUPPORTED_CERTIFICATE: (ServerFamily.OPENSSL, "unsupported_certificate"),
    AlertCode.UNKNOWN_CA: (ServerFamily.OPENSSL, "unknown_ca"),
    AlertCode.CERTIFICATE_EXPIRED: (ServerFamily.OPENSSL, "certificate_expired"),
    AlertCode.CERTIFICATE_REVOKED: (ServerFamily.OPENSSL, "certificate_revoked"),
}


def _by_alerts(records: Sequence[ProbeRecord]) -> FamilyGuess | None:
    sent, missed = _refusals(records, sent=True), _refusals(records, sent=False)
    if any(record.target.protocol is TargetProtocol.AMQPS for record in records) and (sent or missed):
        return FamilyGuess(
            family=ServerFamily.RABBITMQ,
            certain=False,
            evidence=msg("It listens for AMQP over TLS, most often RabbitMQ."),
        )
    if AlertCode.BAD_CERTIFICATE in missed and not any(_is_java(record) for record in records):
        return FamilyGuess(
            family=ServerFamily.GO,
            certain=False,
            evidence=msg("It answers bad_certificate (42) where no certificate came, as Go does."),
        )
    for code in sent:
        if code is not None and code in _BY_ALERT:
            family, name = _BY_ALERT[code]
            return FamilyGuess(
                family=family,
                certain=False,
                evidence=msg(
                    "It answers {name} ({code}), as {family} does.",
                    name=name,
                    code=code,
                    family="Java" if family is ServerFamily.JAVA else "OpenSSL",
                ),
            )
    if None in sent:
        return FamilyGuess(
            family=ServerFamily.NODE,
            certain=False,
            evidence=msg("It ends the connection after our certificate without an alert, as Node does."),
        )
    return None


def _is_java(record: ProbeRecord) -> bool:
    return _code(record) == AlertCode.CERTIFICATE_UNKNOWN


def _refusals(records: Sequence[ProbeRecord], *, sent: bool) -> list[int | None]:
    """Return the alerts of the probes that were refused; None for one without an alert."""
    return [
        _code(record)
        for record in records
        if record.client_auth.request is not None
        and record.client_auth.sent is sent
        and record.stopped_by in {StopReason.ALERT, StopReason.CLOSED, StopReason.RESET}
    ]


def _code(record: ProbeRecord) -> int | None:
    if record.stopped_by is not StopReason.ALERT:
        return None
    codes = [alert.code for alert in record.alerts if alert.direction is AlertDirection.RECEIVED]
    return codes[-1] if codes else None
