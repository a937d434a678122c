"""TLS-01 to TLS-12 over all calls to an endpoint."""

from __future__ import annotations

from collections.abc import Sequence

from trustdesk.core.diagnosis import LegacyAnswer, LegacyVersion
from trustdesk.core.finding import Finding, FindingStatus, Severity
from trustdesk.core.handshake import CertificateRequested
from trustdesk.core.message import Message, listed, msg
from trustdesk.core.probe import NOT_TOLD, Outcome, ProbeRecord, StopReason
from trustdesk.core.readiness import HarmlessCall
from trustdesk.core.target import TargetProtocol
from trustdesk.verify.case import Rule, Ruling
from trustdesk.verify.handshake_rules import CLIENT_ACCEPTED, LEGACY, VERSION
from trustdesk.verify.readiness.case import ReadinessCase
from trustdesk.verify.readiness.plain_port import ruling_without_answer

WITHOUT_REFUSED = Rule(
    "TLS-07",
    Severity.ERROR,
    msg("Where mutual TLS is claimed, a client without a certificate is refused."),
    "API & Security 2020 p. 67",
)
WRONG_REFUSED = Rule(
    "TLS-09",
    Severity.WARNING,
    msg("A client certificate that nobody knows is refused."),
    "API & Security 2020 p. 67",
)
NOTHING_PLAIN = Rule(
    "TLS-10",
    Severity.ERROR,
    msg("Plain HTTP serves no ONE Record content."),
    "ONE Record API 2.3 authn-transport-layer",
)

OTHER_PROTOCOLS = frozenset(
    {
        StopReason.HTTP,
        StopReason.SSH,
        StopReason.SMTP,
        StopReason.AMQP,
        StopReason.OTHER_PROTOCOL,
    }
)
"""What a port speaks instead of TLS."""

CHECK_PORT = msg("Compare host and port with the partner; if they are right, it has to speak TLS there.")

_NO_TOKEN = frozenset({401, 403})
_TITLES = {"TLSv1.3": "TLS 1.3", "TLSv1.2": "TLS 1.2", "TLSv1.1": "TLS 1.1", "TLSv1": "TLS 1.0"}
_ONE_RECORD = (b"onerecord.iata.org", b"ServerInformation", b"logistics-objects")


def tls_findings(case: ReadinessCase, own: Finding) -> tuple[Finding, ...]:
    """Apply the rules in their order.

    Args:
        own: TLS-11, which is about another endpoint (`own_endpoint_rule`).
    """
    findings = [
        _version(case),
        legacy_ruling(case.legacy, case.why_not(HarmlessCall.OLD_VERSIONS)).finding,
        case.found(case.bare, "TLS-03"),
        _suite(case),
        case.first_told("TLS-05"),
        _client_accepted(case),
        _without_refused(case).finding,
        case.first_told("TLS-08", case.with_certificate or (case.bare,)),
        _wrong_refused(case).finding,
        own,
        case.first_told("TLS-12"),
    ]
    if case.target.protocol is TargetProtocol.HTTPS:
        findings.insert(9, _nothing_plain(case).finding)
    return tuple(findings)


def _version(case: ReadinessCase) -> Finding:
    """Return TLS-01 of the first probe that tells; what speaks another protocol accepts no TLS."""
    record = case.bare
    if record.negotiated is None and record.stopped_by in OTHER_PROTOCOLS:
        return VERSION.failed(record.error or msg("It does not speak TLS."), CHECK_PORT).finding
    return case.first_told("TLS-01")


def legacy_ruling(legacy: Sequence[LegacyVersion], why_not: Message) -> Ruling:
    """Apply TLS-02: one old version that is accepted is enough, and each has to have been refused."""
    accepted = [one for one in legacy if one.answer is LegacyAnswer.ACCEPTED]
    unknown = [one for one in legacy if one.answer is LegacyAnswer.UNKNOWN]
    if accepted:
        return LEGACY.failed(
            msg("Accepted: {versions}.", versions=_versions(accepted)),
            msg("The partner has to switch off everything older than TLS 1.2."),
        )
    if not legacy:
        return LEGACY.not_run(why_not)
    if unknown:
        return LEGACY.not_run(msg("No answer told of: {versions}.", versions=_versions(unknown)))
    return LEGACY.passed(msg("Refused: {versions}.", versions=_versions(legacy)))


def _versions(legacy: Sequence[LegacyVersion]) -> str | Message:
    names = {**_TITLES, "SSLv3": "SSL 3.0"}
    return listed([names.get(one.version, one.version) for one in legacy])


def _suite(case: ReadinessCase) -> Finding:
    """Return the worst of all suites that were negotiated: each version has its own."""
    findings = [case.found(record, "TLS-04") for record in case.records]
    warned = next((one for one in findings if one.is_warning), None)
    return warned or case.first_told("TLS-04")


def _client_accepted(case: ReadinessCase) -> Finding:
    """Join TLS-06 of every version that the server speaks."""
    if not case.with_certificate:
        if case.identity is None:
            return case.found(case.bare, "TLS-06")
        return CLIENT_ACCEPTED.not_run(case.why_not(HarmlessCall.WITH_CERTIFICATE)).finding
    found = [(record, case.found(record, "TLS-06")) for record in case.with_certificate]
    for record, finding in found:
        if finding.status is FindingStatus.FAIL:
            return CLIENT_ACCEPTED.failed(_in_version(record, finding.evidence), finding.remedy).finding
    spoken = [(record, finding) for record, finding in found if record.negotiated is not None]
    open_ones = [one for one in spoken if one[1].status is FindingStatus.NOT_RUN]
    if open_ones:
        return CLIENT_ACCEPTED.not_run(_in_version(open_ones[0][0], open_ones[0][1].evidence)).finding
    passed = [record for record, finding in spoken if finding.status is FindingStatus.PASS]
    if not passed:
        return (spoken or found)[0][1]
    versions = listed([_title(record) for record in passed])
    return CLIENT_ACCEPTED.passed(
        msg("It was sent, and the server answered: {versions}.", versions=versions)
    ).finding


def _without_refused(case: ReadinessCase) -> Ruling:
    if not case.claims_mutual_tls:
        return WITHOUT_REFUSED.not_applicable(msg("The partner does not claim mutual TLS."))
    remedy = msg("The partner has to require a client certificate.")
    record = case.bare
    match record.client_auth.requested:
        case CertificateRequested.REQUIRED:
            return WITHOUT_REFUSED.passed(msg("It was refused."))
        case CertificateRequested.NO:
            return WITHOUT_REFUSED.failed(msg("The server does not even ask for one."), remedy)
        case CertificateRequested.LATER if record.outcome is Outcome.REJECTED_BY_PEER:
            return WITHOUT_REFUSED.passed(msg("It was refused after the request."))
        case CertificateRequested.OPTIONAL | CertificateRequested.LATER:
            return _went_on(record, remedy)
        case _:
            return WITHOUT_REFUSED.not_run(
                record.error or msg("The handshake did not show whether the server insists on one.")
            )


def _went_on(record: ProbeRecord, remedy: Message) -> Ruling:
    """Say what a handshake comes to that went on without a certificate although the server asked."""
    if record.http is None:
        return WITHOUT_REFUSED.failed(msg("The handshake went on without one."), remedy)
    status = record.http.status
    if status in _NO_TOKEN:
        return WITHOUT_REFUSED.warned(
            msg(
                "The handshake went on without one, and HTTP {status} came; whether for want of the "
                "certificate or of a token, that does not tell.",
                status=status,
            ),
            msg("Ask the partner whether the certificate is required behind the handshake."),
        )
    return WITHOUT_REFUSED.failed(
        msg("The handshake went on without one, and HTTP {status} came.", status=status), remedy
    )


def _wrong_refused(case: ReadinessCase) -> Ruling:
    record = case.wrong
    if record is None:
        return WRONG_REFUSED.not_run(case.why_not(HarmlessCall.WRONG_CERTIFICATE))
    if record.outcome in NOT_TOLD:
        return WRONG_REFUSED.not_run(record.error or msg("The server was not reached."))
    if record.client_auth.requested is CertificateRequested.NO:
        return WRONG_REFUSED.not_applicable(msg("The server did not ask for one."))
    if not record.client_auth.sent:
        return WRONG_REFUSED.not_run(
            record.credential_error or record.error or msg("It was not sent, for the server is not trusted.")
        )
    if record.outcome is Outcome.REJECTED_BY_PEER:
        return WRONG_REFUSED.passed(msg("It was refused."))
    status = None if record.http is None else record.http.status
    if status in _NO_TOKEN:
        return WRONG_REFUSED.not_run(
            msg(
                "The handshake went through, and HTTP {status} came; whether for the certificate or for want "
                "of a token, that does not tell.",
                status=status or 0,
            )
        )
    if record.outcome is not Outcome.ACCEPTED:
        return WRONG_REFUSED.not_run(record.error or msg("Nothing came back that proves anything."))
    return WRONG_REFUSED.failed(
        msg("A certificate made for this test alone was taken, and the server answered."),
        msg("The partner has to accept certificates of the agreed CAs only."),
    )


def _nothing_plain(case: ReadinessCase) -> Ruling:
    plain = case.plain
    if plain is None:
        return NOTHING_PLAIN.not_run(case.why_not(HarmlessCall.PLAIN_HTTP))
    unanswered = ruling_without_answer(
        NOTHING_PLAIN, plain, msg("What answers on port {port} is no HTTP.", port=plain.port)
    )
    if unanswered is not None:
        return unanswered
    http = plain.http
    if http is None:
        return NOTHING_PLAIN.not_run(msg("What answers on port {port} could not be read.", port=plain.port))
    if 300 <= http.status < 400:
        location = http.location or ""
        if location.lower().startswith("https://"):
            return NOTHING_PLAIN.passed(msg("It redirects to {location}.", location=location))
        return NOTHING_PLAIN.failed(
            msg("It redirects, and not to https: {location}.", location=location or "–"), _SWITCH_OFF
        )
    kind = (http.content_type or "").lower()
    if "ld+json" in kind or any(mark in http.body for mark in _ONE_RECORD):
        return NOTHING_PLAIN.failed(
            msg("HTTP {status} with ONE Record content came over plain HTTP.", status=http.status),
            _SWITCH_OFF,
        )
    if http.status == 200:
        return NOTHING_PLAIN.warned(
            msg("HTTP 200 came ({kind}), without ONE Record content.", kind=http.content_type or "–"),
            _SWITCH_OFF,
        )
    return NOTHING_PLAIN.passed(msg("HTTP {status} came, without content.", status=http.status))


_SWITCH_OFF = msg("The partner should switch plain HTTP off, or redirect all of it to https.")


def _title(record: ProbeRecord) -> str:
    version = "" if record.negotiated is None else record.negotiated.version
    return _TITLES.get(version, version)


def _in_version(record: ProbeRecord, evidence: Message) -> Message:
    if record.negotiated is None:
        return evidence
    return msg("{version}: {evidence}", version=_title(record), evidence=evidence)
