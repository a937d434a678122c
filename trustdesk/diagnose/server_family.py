"""Which software ends TLS: what it says of itself, and what its answers look like.

Certain only where it names itself. Habits are as measured (`tests/servers/families.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from trustdesk.core.diagnosis import FamilyGuess, ServerFamily
from trustdesk.core.message import Message, msg
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
        return _guess(
            ServerFamily.NGINX,
            msg("It takes the handshake and refuses the certificate in a page, as nginx does."),
        )
    if CertificateRefusal.NOT_ASKED_LATER in pages:
        return _guess(ServerFamily.APACHE, msg("It asks for the certificate by path, as Apache does."))
    return None


def _by_protocol(records: Sequence[ProbeRecord]) -> FamilyGuess | None:
    if any(record.amqp is not None and record.amqp.version == "0-9-1" for record in records):
        return _guess(ServerFamily.RABBITMQ, msg("It speaks AMQP 0-9-1, as RabbitMQ does."))
    return None


_OF_OPENSSL = frozenset(
    {
        AlertCode.UNSUPPORTED_CERTIFICATE,
        AlertCode.CERTIFICATE_REVOKED,
        AlertCode.CERTIFICATE_EXPIRED,
        AlertCode.UNKNOWN_CA,
    }
)
"""Alerts that say what is wrong with a certificate; Go, Java and Node send none of them."""


def _by_alerts(records: Sequence[ProbeRecord]) -> FamilyGuess | None:
    """Guess by what the server answers to a certificate that it refuses, and to none at all."""
    sent, missed = _refusals(records, sent=True), _refusals(records, sent=False)
    if (sent or missed) and any(record.target.protocol is TargetProtocol.AMQPS for record in records):
        return _guess(ServerFamily.RABBITMQ, msg("It listens for AMQP over TLS, most often RabbitMQ."))
    if AlertCode.CERTIFICATE_UNKNOWN in sent:
        return _guess(
            ServerFamily.JAVA, msg("It answers our certificate with certificate_unknown (46), as Java does.")
        )
    if AlertCode.BAD_CERTIFICATE in sent and AlertCode.BAD_CERTIFICATE in missed:
        return _guess(
            ServerFamily.GO,
            msg("It answers bad_certificate (42) to our certificate and to none at all, as Go does."),
        )
    if AlertCode.BAD_CERTIFICATE in sent and AlertCode.CERTIFICATE_REQUIRED in missed:
        return _guess(
            ServerFamily.OPENSSL,
            msg(
                "It answers bad_certificate (42) to ours and certificate_required (116) to none, as OpenSSL."
            ),
        )
    if sent & _OF_OPENSSL:
        return _guess(
            ServerFamily.OPENSSL, msg("Its alert says what is wrong with our certificate, as OpenSSL's do.")
        )
    if None in sent and None in missed:
        return _guess(
            ServerFamily.JAVA,
            msg(
                "It ends the connection without an alert, with a certificate or none, as Java's HttpsServer."
            ),
        )
    if None in sent and AlertCode.CERTIFICATE_REQUIRED in missed:
        return _guess(
            ServerFamily.NODE,
            msg("It answers our certificate without an alert, and none at all with one, as Node does."),
        )
    return None


def _guess(family: ServerFamily, evidence: Message) -> FamilyGuess:
    return FamilyGuess(family=family, certain=False, evidence=evidence)


def _refusals(records: Sequence[ProbeRecord], *, sent: bool) -> set[int | None]:
    """Return the alerts of the probes that were refused; None for one without an alert."""
    return {
        record.refusing_alert.code if record.refusing_alert is not None else None
        for record in records
        if record.client_auth.request is not None
        and record.client_auth.sent is sent
        and record.stopped_by in {StopReason.ALERT, StopReason.CLOSED, StopReason.RESET}
    }
