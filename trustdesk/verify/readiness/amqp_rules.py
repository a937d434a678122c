"""AMQ-01 to AMQ-06: a broker that is reached over TLS, and what its port without TLS gives away."""

from __future__ import annotations

import re

from trustdesk.core.diagnosis import LegacyAnswer
from trustdesk.core.finding import Finding, Severity
from trustdesk.core.handshake import CertificateRequested
from trustdesk.core.message import Message, listed, msg
from trustdesk.core.readiness import HarmlessCall
from trustdesk.formats.broker_user import broker_users
from trustdesk.verify.case import Rule, Ruling
from trustdesk.verify.readiness.case import ReadinessCase
from trustdesk.verify.readiness.plain_port import ruling_without_answer
from trustdesk.verify.readiness.tls_rules import CHECK_PORT, OTHER_PROTOCOLS

DIRECT_TLS = Rule(
    "AMQ-01",
    Severity.ERROR,
    msg("The broker speaks TLS from the first byte, 1.2 or newer alone."),
    "RabbitMQ TLS guide; SWIM-TIYP-0052",
)
NAME = Rule(
    "AMQ-02",
    Severity.BLOCKER,
    msg("The broker's name is among the names of its certificate."),
    "RFC 9525 6.3",
)
REQUIRED = Rule(
    "AMQ-03",
    Severity.WARNING,
    msg("The broker requires a client certificate."),
    "RabbitMQ TLS guide, fail_if_no_peer_cert",
)
PLAIN = Rule(
    "AMQ-05",
    Severity.ERROR,
    msg("The port without TLS offers no log-in by password."),
    "RabbitMQ access control; SWIM-TIYP-0036",
)
USER = Rule(
    "AMQ-06",
    Severity.WARNING,
    msg("The user that a broker takes from our certificate is there, and stays the same at renewal."),
    "RabbitMQ, ssl_cert_login_from",
)

_MODERN = frozenset({"TLSv1.2", "TLSv1.3"})
# Mechanisms that carry the password itself (RFC 4616; AMQPLAIN is RabbitMQ's own form of the same).
_PASSWORDS = ("PLAIN", "AMQPLAIN", "LOGIN")
_ONE_COMMON_NAME = re.compile(r"CN=(?:[^,+\\]|\\.)+")


def amqp_findings(case: ReadinessCase) -> tuple[Finding, ...]:
    """Apply the rules in their order."""
    return (
        _direct_tls(case).finding,
        _name(case).finding,
        _required(case).finding,
        case.first_told("AMQ-04"),
        _plain(case).finding,
        _user(case).finding,
    )


def _direct_tls(case: ReadinessCase) -> Ruling:
    record = case.bare
    if record.negotiated is None and record.stopped_by in OTHER_PROTOCOLS:
        return DIRECT_TLS.failed(record.error or msg("It does not speak TLS."), CHECK_PORT)
    if record.negotiated is None:
        return DIRECT_TLS.not_run(record.error or msg("The handshake did not get that far."))
    accepted = [one.version for one in case.legacy if one.answer is LegacyAnswer.ACCEPTED]
    if record.negotiated.version not in _MODERN or accepted:
        version = accepted[0] if accepted else record.negotiated.version
        return DIRECT_TLS.failed(
            msg("It accepts {version}.", version=version),
            msg("The partner has to switch off everything older than TLS 1.2."),
        )
    if not case.legacy or any(one.answer is LegacyAnswer.UNKNOWN for one in case.legacy):
        return DIRECT_TLS.not_run(
            msg("It speaks TLS from the first byte; whether old versions too, no answer told.")
        )
    return DIRECT_TLS.passed(msg("It does, on port {port}.", port=case.target.port))


def _name(case: ReadinessCase) -> Ruling:
    judgement = case.bare.judgement
    name = case.target.verify_name
    if judgement is None or judgement.name_matched is None:
        return NAME.not_run(msg("No certificate was presented that could be read."))
    if judgement.name_matched:
        return NAME.passed(
            msg("{name} is matched by {matched}.", name=name, matched=judgement.matched_by or name)
        )
    return NAME.failed(
        msg("No name of the certificate covers {name}.", name=name),
        msg("The partner needs a certificate for this name, or we test another one."),
    )


def _required(case: ReadinessCase) -> Ruling:
    match case.bare.client_auth.requested:
        case CertificateRequested.REQUIRED:
            return REQUIRED.passed(msg("Without one it refuses."))
        case CertificateRequested.NO:
            return REQUIRED.failed(msg("It does not ask for one."), _REQUIRE)
        case CertificateRequested.OPTIONAL | CertificateRequested.LATER:
            return REQUIRED.failed(msg("It asks, and goes on without one."), _REQUIRE)
        case _:
            return REQUIRED.not_run(
                case.bare.error or msg("The handshake did not show whether it insists on one.")
            )


_REQUIRE = msg("The partner has to set fail_if_no_peer_cert, or its broker's word for that.")


def _plain(case: ReadinessCase) -> Ruling:
    plain = case.plain
    if plain is None:
        return PLAIN.not_run(case.why_not(HarmlessCall.PLAIN_AMQP))
    unanswered = ruling_without_answer(
        PLAIN, plain, msg("What answers on port {port} is no AMQP.", port=plain.port)
    )
    if unanswered is not None:
        return unanswered
    if plain.amqp is None or not plain.amqp.mechanisms:
        return PLAIN.not_run(
            msg("Port {port} speaks AMQP, and names no mechanisms for logging in.", port=plain.port)
        )
    offered = listed(plain.amqp.mechanisms)
    upper = {one.upper() for one in plain.amqp.mechanisms}
    if upper.intersection(_PASSWORDS):
        return PLAIN.failed(
            msg("Port {port} offers without TLS: {mechanisms}.", port=plain.port, mechanisms=offered),
            msg("The partner has to switch that listener off, or keep it from the outside."),
        )
    return PLAIN.passed(
        msg("Port {port} offers without TLS: {mechanisms}.", port=plain.port, mechanisms=offered)
    )


def _user(case: ReadinessCase) -> Ruling:
    if case.identity is None:
        return USER.not_applicable(msg("No client certificate was selected."))
    user, others = broker_users(case.identity)
    other: str | Message = listed(others) if others else "–"
    if not user:
        return USER.failed(
            msg("The certificate has no subject; a broker can take instead: {others}.", others=other),
            msg("Agree with the partner on one of these names, and on how the broker finds it."),
        )
    if _ONE_COMMON_NAME.fullmatch(user) is None:
        return USER.failed(
            msg("{user}: a CA may write more than the common name otherwise at renewal.", user=user),
            msg("Agree with the partner on the common name or a 1R-ID; it can take: {others}.", others=other),
        )
    return USER.passed(msg("{user}; or, as the broker is set up: {others}.", user=user, others=other))
