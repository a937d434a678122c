"""The seven steps of the ONE Record TLS workflow, each with what one probe proves of it.

A step counts as proved only by something that was seen: what merely follows, or what the other side is
expected to do, is "not proved". The steps are those of the ONE Record security text (TLS workflow), for
mutual TLS.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trustdesk.core.handshake import (
    AlertDirection,
    CertificateRequested,
    ClientCertificateVerdict,
    Direction,
)
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import Outcome, ProbeRecord

HTTP_OK, _HTTP_NOT_ANY_MORE_OK = 200, 300
_UNAUTHENTICATED, _FORBIDDEN = 401, 403

_POSSESSION = frozenset({"certificate_verify", "server_key_exchange", "finished"})
"""Messages of the server that only the owner of its private key can make (RFC 8446 4.4, RFC 5246 7.4.3)."""

TITLES: tuple[Message, ...] = (
    msg("Client connects to the server"),
    msg("Server presents its certificate"),
    msg("Client verifies the server's certificate"),
    msg("Client presents its certificate"),
    msg("Server verifies the client's certificate"),
    msg("Server grants access"),
    msg("Both exchange data over TLS"),
)


class StepProof(StrEnum):
    """What a probe says of a step.

    PROVED: it was seen. REFUTED: the opposite was seen. NOT_PROVED: it was tried, and nothing shows how it
    stands. NOT_RUN: the probe did not get there, or it does not take place here.
    """

    PROVED = "proved"
    REFUTED = "refuted"
    NOT_PROVED = "not_proved"
    NOT_RUN = "not_run"


PROOF_WORDS: dict[StepProof, Message] = {
    StepProof.PROVED: msg("proved"),
    StepProof.REFUTED: msg("failed"),
    StepProof.NOT_PROVED: msg("not proved"),
    StepProof.NOT_RUN: msg("not run"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowStep:
    """One step.

    Attributes:
        number: 1 to 7.
        reason: what the proof rests on, or what is missing for it.
    """

    number: int
    title: Message
    proof: StepProof
    reason: Message


_Result = tuple[StepProof, Message]


def workflow_steps(record: ProbeRecord) -> tuple[WorkflowStep, ...]:
    """Return the seven steps in their order, from one probe."""
    verified = _server_verifies(record)
    granted = _grants_access(record, verified[0])
    results = (
        _connects(record),
        _presents(record),
        _client_verifies(record),
        _client_presents(record),
        verified,
        granted,
        _exchanges_data(record, granted[0]),
    )
    return tuple(
        WorkflowStep(number=number, title=title, proof=proof, reason=reason)
        for number, (title, (proof, reason)) in enumerate(zip(TITLES, results, strict=True), 1)
    )


def reuse_words(record: ProbeRecord) -> Message | None:
    """Say what a second request on the open connection cost beside the first; None where not measured."""
    http, phases = record.http, record.phases
    if http is None or http.reused_connection_ms is None:
        return None
    times = (phases.connect_ms, phases.handshake_ms, phases.settle_ms, phases.first_byte_ms)
    if any(time is None for time in times):
        return msg(
            "A second request on the open connection took {again} ms.",
            again=http.reused_connection_ms,
        )
    return msg(
        "A second request on the open connection took {again} ms; with a new one, {first} ms.",
        again=http.reused_connection_ms,
        first=sum(time or 0.0 for time in times),
    )


def _connects(record: ProbeRecord) -> _Result:
    # A connection to a proxy is none to the server, and an attempt is no connection.
    if _saw(record, "client_hello") or (record.phases.connect_ms is not None and record.proxy is None):
        if record.address is not None:
            return StepProof.PROVED, msg("Connected to {address}.", address=record.address)
        return StepProof.PROVED, msg("Connected.")
    if record.outcome is Outcome.NOT_REACHED:
        return StepProof.REFUTED, record.error or msg("No connection came about.")
    if record.outcome is Outcome.CANCELLED:
        return StepProof.NOT_RUN, msg("Cancelled before that.")
    return StepProof.NOT_PROVED, record.error or msg("No connection was seen.")


def _presents(record: ProbeRecord) -> _Result:
    if record.presented_chain:
        return StepProof.PROVED, msg("Certificates received: {count}.", count=len(record.presented_chain))
    if not _saw(record, "client_hello"):
        return StepProof.NOT_RUN, msg("The probe ended before that.")
    return StepProof.NOT_PROVED, msg("We asked, and no certificate came.")


def _client_verifies(record: ProbeRecord) -> _Result:
    judgement = record.judgement
    if judgement is None:
        if record.presented_chain:
            return StepProof.NOT_PROVED, msg("A certificate came, and was not judged.")
        return StepProof.NOT_RUN, msg("There was no certificate to verify.")
    if not judgement.trusted:
        return StepProof.REFUTED, msg("It is not trusted by {trust_list}.", trust_list=judgement.trust_list)
    possession = any(
        event.direction is Direction.IN and event.message in _POSSESSION for event in record.timeline
    )
    # The handshake ended well on our side: OpenSSL has verified the signature or the Finished by then.
    if possession or record.phases.handshake_ms is not None:
        return StepProof.PROVED, msg(
            "Name and path are right by {trust_list}, and the server has the key.",
            trust_list=judgement.trust_list,
        )
    return StepProof.NOT_PROVED, msg(
        "Name and path are right, but the server did not show that it has the key."
    )


def _client_presents(record: ProbeRecord) -> _Result:
    auth = record.client_auth
    if auth.sent:
        return StepProof.PROVED, msg("Our certificate left this machine.")
    if record.credential_error is not None:
        return StepProof.REFUTED, record.credential_error
    if record.outcome is Outcome.UNTRUSTED_PEER:
        return StepProof.NOT_RUN, msg("It stays here while the server is not trusted.")
    if auth.requested is CertificateRequested.NO:
        return StepProof.NOT_RUN, msg("The server asks for no client certificate.")
    if auth.request is None:
        return StepProof.NOT_RUN, msg("The server did not ask for a certificate up to here.")
    if record.identity is None:
        return StepProof.NOT_RUN, msg("The server asked for one; none was chosen for this run.")
    return StepProof.NOT_RUN, msg("The server asked for one, and none was sent.")


def _server_verifies(record: ProbeRecord) -> _Result:
    auth = record.client_auth
    if not auth.sent:
        return StepProof.NOT_RUN, msg("No client certificate was sent.")
    if auth.verdict is ClientCertificateVerdict.ACCEPTED and record.outcome is Outcome.ACCEPTED:
        return StepProof.PROVED, msg("An answer came after our certificate, so TLS took it.")
    if auth.verdict is ClientCertificateVerdict.REJECTED:
        return StepProof.REFUTED, _refusal(record)
    return StepProof.NOT_PROVED, msg("It was sent, and nothing shows what the server made of it.")


def _refusal(record: ProbeRecord) -> Message:
    alert = record.last_alert(AlertDirection.RECEIVED)
    if alert is not None:
        return msg("Alert {name} ({code}) came back.", name=alert.name, code=alert.code)
    if record.http is not None:
        return msg("HTTP {status} speaks of the certificate.", status=record.http.status)
    return record.error or msg("The server ended the connection.")


def _grants_access(record: ProbeRecord, verified: StepProof) -> _Result:
    http = record.http
    if http is None:
        if record.amqp is not None:
            return StepProof.NOT_RUN, msg("We close after the broker's first words, without logging in.")
        return StepProof.NOT_RUN, msg("No answer was read.")
    if http.certificate_refusal is not None or http.status == _FORBIDDEN:
        return StepProof.REFUTED, msg("HTTP {status} refuses.", status=http.status)
    if http.status == _UNAUTHENTICATED:
        return StepProof.NOT_PROVED, msg("HTTP 401: the server wants a token as well, and we send none.")
    if not HTTP_OK <= http.status < _HTTP_NOT_ANY_MORE_OK:
        return StepProof.NOT_PROVED, msg("HTTP {status} says nothing of access.", status=http.status)
    if verified is not StepProof.PROVED:
        return StepProof.NOT_PROVED, msg(
            "HTTP {status} came, but not because of a verified client certificate.", status=http.status
        )
    return StepProof.PROVED, msg("HTTP {status} answers the request.", status=http.status)


def _exchanges_data(record: ProbeRecord, granted: StepProof) -> _Result:
    if record.http is None:
        return StepProof.NOT_RUN, msg("No answer was read.")
    if granted is not StepProof.PROVED:
        return StepProof.NOT_PROVED, msg("An answer came over TLS; it is no data that access was granted to.")
    if record.http.content_type is None:
        return StepProof.PROVED, msg("The answer came over the encrypted connection.")
    return StepProof.PROVED, msg(
        "The answer came over the encrypted connection as {content_type}.",
        content_type=record.http.content_type,
    )


def _saw(record: ProbeRecord, message: str) -> bool:
    return any(event.message == message for event in record.timeline)
