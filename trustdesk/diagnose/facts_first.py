"""Facts from the first probe: its end, what was agreed on, what became of our certificate, the answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from trustdesk.core.diagnosis import ServerNameChoice
from trustdesk.core.handshake import Direction
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import Outcome, ProbeRecord
from trustdesk.core.trust import ServerFault
from trustdesk.diagnose.facts import Fact, Shown, fault_fact
from trustdesk.diagnose.facts_client_certificate import client_certificate
from trustdesk.diagnose.facts_ending import ending
from trustdesk.diagnose.observations import Observations, SeenProbe
from trustdesk.diagnose.probe_view import ProbeView
from trustdesk.diagnose.protocol_floor import LEGACY_VERSIONS, is_weak_suite

_TOKEN = re.compile(r"(^|,\s*)(bearer|dpop)\b", re.IGNORECASE)
"""A challenge among others that a token answers (RFC 6750 3, RFC 9449 7.1)."""

_SCHEME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""The name of the first challenge, a token (RFC 9110 5.6.2, 11.3)."""

_ONE_PACKET = 1400
"""Bytes of a message that one packet of Ethernet takes, under the headers of IPv6, TCP and TLS."""

_RULES_ABOUT: Mapping[ServerFault, tuple[str, ...]] = {
    ServerFault.KEY_PUBLISHED: ("KEY-05",),
    ServerFault.SELF_SIGNED: ("SRV-16",),
    ServerFault.EXPIRED: ("SRV-01",),
    ServerFault.NOT_YET_VALID: ("SRV-01",),
    ServerFault.INTERMEDIATE_EXPIRED: ("CHN-04",),
    ServerFault.REVOKED: ("REV-04",),
    ServerFault.MISSING_INTERMEDIATE: ("CHN-02", "CHN-01"),
    ServerFault.CA_NOT_IN_LIST: ("SRV-17", "CHN-01"),
    ServerFault.COMMON_NAME_ONLY: ("SRV-03",),
    ServerFault.NAME_MISMATCH: ("SRV-03",),
    ServerFault.PURPOSE: ("SRV-02",),
    ServerFault.WEAK_SIGNATURE: ("SRV-15",),
    ServerFault.WEAK_KEY: ("SRV-15",),
    ServerFault.NAME_CONSTRAINTS: ("CHN-06",),
    ServerFault.PATH_LENGTH: ("CHN-06",),
    ServerFault.ISSUER_NOT_CA: ("CHN-06",),
    ServerFault.ISSUER_PURPOSE: ("CHN-05",),
    ServerFault.CRITICAL_EXTENSION: ("CHN-06",),
    ServerFault.CA_AS_SERVER: ("SRV-16",),
    ServerFault.NOT_STAPLED: ("REV-06",),
    ServerFault.REVOCATION_UNKNOWN: ("REV-04",),
}
"""Rules of the check catalogue whose finding tells of a fault."""


def first_facts(observations: Observations, interceptors: Iterable[str]) -> Iterator[Shown]:
    """Yield what the first probe shows."""
    first, view = observations.first, observations.view
    for fact, sentence in ending(view):
        yield Shown(fact, sentence, first.id)
    for fact, sentence in _negotiation(first):
        yield Shown(fact, sentence, first.id)
    for fact, sentence in client_certificate(view):
        yield Shown(fact, sentence, first.id)
    for fact, sentence in _answer(view.record):
        yield Shown(fact, sentence, first.id)
    for fact, sentence in _server_certificate(view, interceptors):
        yield Shown(fact, sentence, first.id)


_Facts = Iterator[tuple[Fact, Message]]


def _negotiation(first: SeenProbe) -> _Facts:
    record, variant = first.record, first.variant
    negotiated = record.negotiated
    if negotiated is not None:
        shown = negotiated.version.replace("TLSv", "TLS ")
        if negotiated.version in LEGACY_VERSIONS:
            yield Fact.LEGACY_VERSION_CHOSEN, msg("The server chose {version}.", version=shown)
        elif negotiated.version == "TLSv1.2":
            yield Fact.TLS_1_2_CHOSEN, msg("The server chose {version}.", version=shown)
        elif negotiated.version == "TLSv1.3":
            yield Fact.TLS_1_3_CHOSEN, msg("The server chose {version}.", version=shown)
        if is_weak_suite(negotiated.cipher_suite):
            yield Fact.WEAK_SUITE_CHOSEN, msg("The server chose {suite}.", suite=negotiated.cipher_suite)
        if negotiated.version != "TLSv1.3" and _server_hello_lacks(record, "renegotiation_info"):
            yield (
                Fact.NO_SECURE_RENEGOTIATION,
                msg("The server's first message lacks the extension renegotiation_info (RFC 5746)."),
            )
    resumed = any(event.message == "server_hello" and "resumed" in event.detail for event in record.timeline)
    if resumed and record.identity is not None and not record.client_auth.sent:
        yield (
            Fact.SESSION_RESUMED,
            msg("An earlier session was resumed, and our certificate stayed out of it."),
        )
    if record.target.server_name is None or variant.server_name is ServerNameChoice.NONE:
        yield Fact.NO_SERVER_NAME_SENT, msg("No server name (SNI) stood in our first message.")
    elif record.target.server_name != record.target.verify_name:
        yield (
            Fact.OTHER_SERVER_NAME_SENT,
            msg(
                "The server was asked for {server_name} (SNI), and its certificate is held against {name}.",
                server_name=record.target.server_name,
                name=record.target.verify_name,
            ),
        )
    size = record.client_hello_bytes
    if size is not None and size > _ONE_PACKET:
        yield (
            Fact.LARGE_CLIENT_HELLO_SENT,
            msg("Our first message has {size} bytes and takes more than one packet.", size=size),
        )


def _server_hello_lacks(record: ProbeRecord, extension: str) -> bool:
    """Whether a ServerHello was read whose extensions are known and do not hold this one."""
    for event in record.timeline:
        if event.direction is Direction.IN and event.message == "server_hello" and event.fields:
            named = ", ".join(value for name, value in event.fields if name == "extensions")
            return extension not in named.split(", ")
    return False


def _answer(record: ProbeRecord) -> _Facts:
    http, amqp = record.http, record.amqp
    if http is not None and http.certificate_refusal is None:
        status = msg("The server answered with HTTP {status}.", status=http.status)
        if http.status == 401:
            yield Fact.HTTP_401, status
            scheme = _SCHEME.search(http.challenge or "")
            if scheme is not None and not _TOKEN.search(scheme.string):
                yield (
                    Fact.LOGIN_IS_NO_TOKEN,
                    msg("It asks for a login of the kind {scheme}, not for a token.", scheme=scheme[0]),
                )
        elif http.status == 403:
            yield Fact.HTTP_403, status
        elif http.status >= 500:
            yield Fact.HTTP_5XX, status
    if amqp is not None and amqp.mechanisms and "EXTERNAL" not in amqp.mechanisms:
        yield (
            Fact.AMQP_WITHOUT_EXTERNAL,
            msg("SASL mechanisms offered: {mechanisms}.", mechanisms=", ".join(amqp.mechanisms)),
        )


def _server_certificate(view: ProbeView, interceptors: Iterable[str]) -> _Facts:
    record, judgement = view.record, view.record.judgement
    if record.outcome is Outcome.UNTRUSTED_PEER:
        faults = judgement.faults if judgement is not None else ()
        for fault in faults or (ServerFault.REFUSED,):
            yield fault_fact(fault), _fault_sentence(view, fault)
    for certificate in record.presented_chain:
        issuer = (certificate.issuer or "").casefold()
        name = next((name for name in interceptors if name in issuer), None)
        if name is not None:
            yield (
                Fact.INTERCEPTOR_NAMED,
                msg(
                    "The issuer is {issuer}, a product that inspects traffic.",
                    issuer=certificate.issuer or "",
                ),
            )


def _fault_sentence(view: ProbeView, fault: ServerFault) -> Message:
    """Return what the rule found that is about the fault; what failed first where that is not known."""
    failed = [finding for finding in view.findings if finding.is_failure]
    about = [finding for finding in failed if finding.rule in _RULES_ABOUT.get(fault, ())]
    if about or failed:
        return (about or failed)[0].evidence
    return msg("The server's certificate fails against the trust list.")
