"""TLS-11: our own notifications endpoint, as a partner's server finds it when it connects to us."""

from __future__ import annotations

from trustdesk.core.diagnosis import LegacyAnswer
from trustdesk.core.finding import Severity
from trustdesk.core.handshake import CertificateRequested
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import NOT_TOLD
from trustdesk.core.readiness import HarmlessCall
from trustdesk.verify.case import Rule, Ruling
from trustdesk.verify.readiness.case import ReadinessCase

OWN = Rule(
    "TLS-11",
    Severity.WARNING,
    msg("Our own notifications endpoint passes the same tests, as a partner would make them."),
    "ONE Record API 2.3 notifications; API & Security 2020 p. 67",
)

_MODERN = frozenset({"TLSv1.2", "TLSv1.3"})


def own_endpoint_ruling(case: ReadinessCase) -> Ruling:
    """Apply TLS-11.

    A machine of ours that is not reached from here says nothing: partners come another way.
    """
    own = case.own
    if own is None:
        return OWN.not_run(case.why_not(HarmlessCall.OWN_ENDPOINT))
    first, *others = own.records
    if first.outcome in NOT_TOLD:
        why = first.error or msg("It was not reached.")
        return OWN.not_run(msg("{endpoint}, from this machine: {why}", endpoint=own.target.endpoint, why=why))
    fault = _fault(case)
    if fault is not None:
        evidence, remedy = fault
        return OWN.failed(
            msg("{endpoint}: {evidence}", endpoint=own.target.endpoint, evidence=evidence), remedy
        )
    unknown = (
        first.judgement is None
        or not own.legacy
        or any(one.answer is LegacyAnswer.UNKNOWN for one in own.legacy)
    )
    if unknown or any(one.outcome in NOT_TOLD for one in others):
        return OWN.not_run(msg("{endpoint}: not every question was answered.", endpoint=own.target.endpoint))
    if first.client_auth.requested is CertificateRequested.REQUIRED:
        return OWN.passed(
            msg(
                "{endpoint} is in order; it lets in only partners that present a client certificate.",
                endpoint=own.target.endpoint,
            )
        )
    return OWN.passed(
        msg("{endpoint} is in order, and answers in HTTP/1.1 over TLS 1.2.", endpoint=own.target.endpoint)
    )


def _fault(case: ReadinessCase) -> tuple[Message, Message] | None:
    own = case.own
    assert own is not None  # noqa: S101 - the caller looked
    first = own.records[0]
    judgement = first.judgement
    if judgement is not None and not judgement.trusted:
        failed = next((one for one in judgement.findings if one.is_failure), None)
        evidence = msg("its certificate is not trusted.") if failed is None else failed.evidence
        return evidence, msg("Renew our certificate, or send its whole chain.")
    accepted = [one.version for one in own.legacy if one.answer is LegacyAnswer.ACCEPTED]
    if accepted:
        return (
            msg("it accepts {version}.", version=accepted[0]),
            msg("Switch off everything older than TLS 1.2 on our server."),
        )
    if first.negotiated is None or first.negotiated.version not in _MODERN:
        return (
            first.error or msg("it negotiates nothing newer than TLS 1.1."),
            msg("Enable TLS 1.2 and TLS 1.3 on our server."),
        )
    insists = first.client_auth.requested is CertificateRequested.REQUIRED
    for record in own.records:
        if record.negotiated is None and record.outcome not in NOT_TOLD:
            return (
                msg("it does not speak TLS 1.2, which notifications need."),
                msg("Enable TLS 1.2 on our server."),
            )
        if record.http is None and not insists and record.outcome not in NOT_TOLD:
            return (
                record.error or msg("it does not answer in HTTP/1.1."),
                msg("Notifications come in HTTP/1.1: let our server answer them."),
            )
    return None
