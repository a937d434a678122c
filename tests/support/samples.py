"""Probe reports of invented partners, built from core values as the real layers build them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.support import sample_certificates as certificates
from tests.support import sample_timelines as timelines
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding, FindingStatus, Severity, Verdict, verdict_of
from trustdesk.core.handshake import (
    Alert,
    AlertDirection,
    CertificateRequest,
    CertificateRequested,
    ClientAuth,
    ClientCertificateVerdict,
    Negotiated,
)
from trustdesk.core.message import Message, msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import (
    AmqpFacts,
    CertificateRefusal,
    Explanation,
    HttpFacts,
    IdentityLabel,
    Outcome,
    Phase,
    PhaseTimes,
    ProbeRecord,
    ProbeReport,
    Responsible,
    StopReason,
)
from trustdesk.core.target import parse_target
from trustdesk.core.trust import ServerFault, ServerJudgement
from trustdesk.services.board import BoardRow, Cell, State, board_row

NOW = datetime(2026, 11, 20, 8, 45, tzinfo=UTC)
STARTED_AT = datetime(2026, 11, 20, 8, 41, 7, 250_000, tzinfo=UTC)
TRUST_LIST = "Air cargo pilot list"
IDENTITY = IdentityLabel(name="halden-client-2026", sha256="5d" * 32)
ACCEPTABLE_CAS = ("CN=Air Cargo Client CA,O=Meridian Trust", "CN=Harbour Root G2,O=Harbour PKI,C=NL")

_PHASES = PhaseTimes(resolve_ms=1.4, connect_ms=11.9, handshake_ms=32.6, settle_ms=12.0, first_byte_ms=9.7)
_TLS13 = Negotiated(
    version="TLSv1.3",
    cipher_suite="TLS_AES_256_GCM_SHA384",
    group="X25519MLKEM768",
    signature_scheme="ecdsa_secp256r1_sha256",
    alpn="http/1.1",
)
_TLS12 = Negotiated(
    version="TLSv1.2",
    cipher_suite="TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    group="secp256r1",
    signature_scheme="ecdsa_secp256r1_sha256",
)
_REQUEST = CertificateRequest(
    acceptable_cas=ACCEPTABLE_CAS,
    signature_schemes=("ecdsa_secp256r1_sha256", "rsa_pss_rsae_sha256", "rsa_pkcs1_sha256"),
)
_ANSWER = HttpFacts(status=401, content_type="application/ld+json", server="nginx")
_HEALTHY = Explanation(
    cause="none",
    responsible=Responsible.NOBODY,
    headline=msg("The handshake was accepted, and the answer proves it."),
    action=None,
    evidence=(msg("HTTP {status} came back {ms} ms after the request.", status=401, ms=9.7),),
)


def healthy(host: str = "1r.tamarind.example", days: int = 197) -> ProbeReport:
    """TLS 1.3 with a client certificate that was accepted; HTTP 401 proves it."""
    return _report(_record(host, chain=_chain(host, days)), _passed(), _HEALTHY)


def healthy_without_mtls(host: str = "ne.pacificmeridian.example", days: int = 141) -> ProbeReport:
    """TLS 1.2, no CertificateRequest, HTTP 200."""
    record = replace(
        _record(host, chain=_chain(host, days)),
        identity=None,
        negotiated=_TLS12,
        client_auth=ClientAuth(requested=CertificateRequested.NO, verdict=ClientCertificateVerdict.NOT_ASKED),
        timeline=timelines.tls12_without_client_certificate(host),
        http=replace(_ANSWER, status=200),
    )
    return _report(record, _passed(), _HEALTHY)


def amqps(host: str = "mq.condorandino.example") -> ProbeReport:
    """An AMQPS listener that offers SASL EXTERNAL."""
    record = replace(
        _record(f"amqps://{host}", chain=_chain(host, 120)),
        http=None,
        amqp=AmqpFacts(version="0-9-1", mechanisms=("EXTERNAL", "PLAIN"), derived_user="CN=halden-client"),
    )
    return _report(record, _passed(), _HEALTHY)


def expiring(host: str = "1r.kestrel-fwd.example", days: int = 6) -> ProbeReport:
    """Accepted, and the server certificate expires within days: warn."""
    warning = _finding(
        "SRV-01",
        FindingStatus.WARN,
        Severity.WARNING,
        msg("The server certificate is valid."),
        msg("It expires in {days} days, on {not_after}.", days=days, not_after=NOW + timedelta(days=days)),
        msg("Ask the partner when the new certificate comes."),
    )
    explanation = replace(
        _HEALTHY, headline=msg("Accepted, but the server certificate expires in {days} days.", days=days)
    )
    return _report(_record(host, chain=_chain(host, days)), (warning, *_passed()[1:]), explanation)


def rejected_client(host: str = "1r.nordwind-cargo.example") -> ProbeReport:
    """TLS 1.3: our certificate was sent and refused with unknown_ca after our Finished."""
    record = replace(
        _record(host, chain=_chain(host, 107)),
        outcome=Outcome.REJECTED_BY_PEER,
        ended_in=Phase.SETTLE,
        stopped_by=StopReason.ALERT,
        phases=replace(_PHASES, settle_ms=None, first_byte_ms=None),
        client_auth=_client_auth(ClientCertificateVerdict.REJECTED, CertificateRequested.UNKNOWN),
        timeline=timelines.tls13_rejected(host),
        alerts=(
            Alert(direction=AlertDirection.RECEIVED, level="fatal", code=48, name="unknown_ca", at_ms=58.21),
        ),
        http=None,
        error=msg("The partner ended the handshake with the alert {alert}.", alert="unknown_ca"),
        error_detail="[('SSL routines', '', 'tlsv1 alert unknown ca')]",
    )
    explanation = Explanation(
        cause="client_ca_not_trusted",
        responsible=Responsible.PARTNER,
        headline=msg("Partner rejected our certificate: most likely its issuer is not on their list."),
        action=msg(
            "Add {ca} to the CAs accepted for client certificates, then reload.", ca="Halden Client CA 2"
        ),
        evidence=(
            msg("Alert {alert} came back {ms} ms after our Finished.", alert="unknown_ca", ms=12.4),
            msg("{ca} is not among their {count} CA names.", ca="Halden Client CA 2", count=2),
        ),
    )
    return _report(record, _passed(), explanation)


def rejected_over_http(host: str = "sahelwings.example:8443") -> ProbeReport:
    """The handshake was clean, and nginx answered 400 because of the client certificate."""
    record = replace(
        _record(host, chain=_chain(host.partition(":")[0], 164)),
        outcome=Outcome.REJECTED_BY_PEER,
        ended_in=Phase.REQUEST,
        stopped_by=StopReason.HTTP_REFUSAL,
        client_auth=_client_auth(ClientCertificateVerdict.REJECTED, CertificateRequested.UNKNOWN),
        http=replace(_ANSWER, status=400, certificate_refusal=CertificateRefusal.CERTIFICATE_ERROR),
        error=msg("The front end refused the client certificate with HTTP {status}.", status=400),
    )
    explanation = Explanation(
        cause="client_cert_rejected_unexplained",
        responsible=Responsible.UNCLEAR,
        headline=msg("The partner's front end refused our certificate and does not say why."),
        action=msg("Ask the partner for the line in the front end's error log at {at}.", at=STARTED_AT),
        evidence=(msg("HTTP {status} after a clean handshake.", status=400),),
    )
    return _report(record, _passed(), explanation)


def untrusted(host: str = "1r.zephyr-gs.example") -> ProbeReport:
    """The server certificate has expired; our certificate stayed here."""
    chain = _chain(host, -3)
    expired = _finding(
        "SRV-01",
        FindingStatus.FAIL,
        Severity.BLOCKER,
        msg("The server certificate is valid."),
        msg("It expired on {not_after}.", not_after=NOW - timedelta(days=3)),
        msg("Install the renewed certificate and reload the server."),
    )
    return _untrusted(
        host,
        chain,
        (expired, *_passed()[1:]),
        Explanation(
            cause="server_cert_expired",
            responsible=Responsible.PARTNER,
            headline=msg("The partner's server certificate expired {days} days ago.", days=3),
            action=msg("The partner has to install the renewed certificate and reload the server."),
            evidence=(msg("notAfter is {not_after}.", not_after=NOW - timedelta(days=3)),),
        ),
        ServerFault.EXPIRED,
        path=certificates.digests((*chain, certificates.root())),
    )


def not_on_list(host: str = "hub.lumenfreight.example") -> ProbeReport:
    """The chain is sound and ends at a CA that the list does not hold."""
    missing = _finding(
        "SRV-17",
        FindingStatus.FAIL,
        Severity.ERROR,
        msg("The path ends at a CA of the trust list."),
        msg("{ca} is not on {list}.", ca="Harbour Root G2", list=TRUST_LIST),
        msg("Ask for the CA to be added, or agree on another."),
    )
    explanation = Explanation(
        cause="server_ca_not_in_list",
        responsible=Responsible.PARTNER,
        headline=msg("The partner's CA is not on the trust list."),
        action=msg("Agree on a CA of the list, or have this one added."),
        evidence=(msg("The path ends at {ca}.", ca="Harbour Root G2"),),
    )
    return _untrusted(
        host, _chain(host, 211), (*_passed(), missing), explanation, ServerFault.CA_NOT_IN_LIST, path=()
    )


def hostile(host: str = "evil.example") -> ProbeReport:
    """A peer whose certificate, headers and CA names attack whatever shows them."""
    chain = (certificates.hostile(host, NOW + timedelta(days=90)),)
    name = chain[0].title
    finding = _finding(
        "SRV-03",
        FindingStatus.FAIL,
        Severity.BLOCKER,
        msg("The certificate is for {host}.", host=host),
        msg("It names {name}.", name=name),
        None,
    )
    explanation = Explanation(
        cause="server_name_mismatch",
        responsible=Responsible.PARTNER,
        headline=msg("The certificate is for {name}.", name=name),
        action=msg("Install a certificate for {host}.", host=host),
        evidence=(msg("The issuer calls itself {name}.", name=name),),
    )
    report = _untrusted(host, chain, (finding,), explanation, ServerFault.NAME_MISMATCH, path=())
    record = replace(
        report.record,
        client_auth=replace(
            report.record.client_auth, request=CertificateRequest(acceptable_cas=(f"CN={name}",))
        ),
        timeline=timelines.hostile(name),
        http=HttpFacts(status=200, content_type=f"text/html;{name}"[:4096], server=name),
        error=msg("The server calls itself {name}.", name=name),
        error_detail=f"{name}\ud800",
    )
    return replace(report, record=record)


def unreadable(host: str = "1r.monsoon.example") -> ProbeReport:
    """The presented certificate does not parse."""
    finding = _finding(
        "SRV-01",
        FindingStatus.NOT_RUN,
        Severity.BLOCKER,
        msg("The server certificate is valid."),
        msg("The certificate does not parse."),
        None,
    )
    explanation = Explanation(
        cause="protocol_violation",
        responsible=Responsible.PARTNER,
        headline=msg("The partner's certificate cannot be read."),
        action=msg("The partner has to install a well-formed certificate."),
    )
    return _untrusted(
        host, (certificates.unreadable(),), (finding,), explanation, ServerFault.UNREADABLE, path=()
    )


def not_reached(host: str = "1r.aurelia.example") -> ProbeReport:
    """TCP was refused."""
    explanation = Explanation(
        cause="connection_refused",
        responsible=Responsible.NETWORK,
        headline=msg("Nothing listens on {address} port {port}.", address="192.0.2.41", port=443),
        action=msg("Check the port, then ask the partner whether the service runs."),
        evidence=(msg("The connection was refused after {ms} ms.", ms=12.1),),
    )
    return _stopped(host, Outcome.NOT_REACHED, Phase.CONNECT, StopReason.REFUSED, explanation)


def timed_out(host: str = "1r.harbourgate.example") -> ProbeReport:
    """TCP connected, then silence after the ClientHello."""
    explanation = Explanation(
        cause="handshake_stalled",
        responsible=Responsible.UNCLEAR,
        headline=msg("The server took the connection and then said nothing."),
        action=msg("Ask the network team whether a firewall drops the ClientHello."),
        evidence=(msg("No byte came back in {seconds} s.", seconds=10),),
    )
    report = _stopped(host, Outcome.TIMED_OUT, Phase.HANDSHAKE, StopReason.DEADLINE, explanation)
    record = replace(report.record, timeline=timelines.silence(host))
    return replace(report, record=record)


def not_tls(host: str = "data.brightline-gh.example") -> ProbeReport:
    """The port speaks plain HTTP."""
    explanation = Explanation(
        cause="not_tls_plain_http",
        responsible=Responsible.PARTNER,
        headline=msg("This port speaks plain HTTP, not TLS."),
        action=msg("Use the port that speaks TLS, or have TLS switched on."),
    )
    return _stopped(host, Outcome.NOT_TLS, Phase.HANDSHAKE, StopReason.HTTP, explanation)


def cancelled(host: str = "1r.meridian-ops.example") -> ProbeReport:
    """A person cancelled before TCP connected."""
    explanation = Explanation(
        cause="none", responsible=Responsible.NOBODY, headline=msg("Cancelled."), action=None
    )
    return _stopped(host, Outcome.CANCELLED, Phase.CONNECT, StopReason.CANCELLED, explanation)


KINDS: tuple[tuple[str, Callable[[], ProbeReport]], ...] = (
    ("Nordwind Cargo", rejected_client),
    ("Zephyr Ground Services", untrusted),
    ("Sahel Wings Cargo", rejected_over_http),
    ("Kestrel Forwarding", expiring),
    ("Harbourgate Brokers", timed_out),
    ("Brightline Handling", not_tls),
    ("Tamarind Logistics", healthy),
    ("Cóndor Andino Carga", amqps),
    ("Pacific Meridian Airlines", healthy_without_mtls),
    ("Aurelia Air Freight", not_reached),
    ("Monsoon Air Cargo", unreadable),
    ("Lumen Freight Systems", not_on_list),
    ("=cmd|'/C calc'!A0 <b>Evil</b>", hostile),
    ("Meridian Operations", cancelled),
)
"""Partner name and what its probe came to: every way that a probe can end."""


def reports() -> dict[int, ProbeReport]:
    """Return the last reports by endpoint id, as the workspace would give them."""
    return {number: make() for number, (_partner, make) in enumerate(KINDS, start=1)}


def board_rows() -> tuple[BoardRow, ...]:
    """Return 16 rows: all of KINDS, one that is being tested, one never tested. Ids as in `reports`."""
    rows = [
        board_row(Endpoint(id=number, partner=KINDS[number - 1][0], target=report.record.target), report, NOW)
        for number, report in reports().items()
    ]
    testing = Endpoint(id=15, partner="Solstice Cargo Lines", target=parse_target("1r.solstice.example/SCL"))
    never = Endpoint(id=16, partner="Umbra Charter", target=parse_target("https://1r.umbra.example:9443"))
    running = Cell(State.RUNNING, msg("TLS …"))
    rows.append(replace(board_row(testing, None, NOW), state=State.RUNNING, server=running))
    rows.append(board_row(never, None, NOW))
    return tuple(rows)


def _record(text: str, *, chain: tuple[CertificateFacts, ...]) -> ProbeRecord:
    target = parse_target(text)
    return ProbeRecord(
        target=target,
        identity=IDENTITY,
        started_at=STARTED_AT,
        outcome=Outcome.ACCEPTED,
        ended_in=Phase.DONE,
        phases=_PHASES,
        address="192.0.2.41",
        addresses=("192.0.2.41", "2001:db8::41"),
        negotiated=_TLS13,
        client_auth=_client_auth(ClientCertificateVerdict.ACCEPTED, CertificateRequested.UNKNOWN),
        presented_chain=chain,
        judgement=ServerJudgement(
            trusted=True,
            trust_list=TRUST_LIST,
            path=certificates.digests((*chain, certificates.root())),
            name_matched=True,
            matched_by=f"DNS:{target.verify_name}",
            findings=_passed(),
        ),
        timeline=timelines.tls13_accepted(target.host),
        http=_ANSWER,
    )


def _untrusted(
    host: str,
    chain: tuple[CertificateFacts, ...],
    findings: tuple[Finding, ...],
    explanation: Explanation,
    fault: ServerFault,
    *,
    path: tuple[str, ...],
) -> ProbeReport:
    record = replace(
        _record(host, chain=chain),
        outcome=Outcome.UNTRUSTED_PEER,
        client_auth=ClientAuth(requested=CertificateRequested.OPTIONAL, request=_REQUEST),
        judgement=ServerJudgement(
            trusted=False,
            trust_list=TRUST_LIST,
            path=path,
            name_matched=None if chain[0].subject is None else explanation.cause != "server_name_mismatch",
            findings=findings,
            faults=(fault,),
            opinion="validation failed: candidates exhausted",
        ),
        timeline=timelines.tls13_accepted(host),
    )
    return _report(record, findings, explanation)


def _stopped(
    host: str, outcome: Outcome, ended_in: Phase, stopped_by: StopReason, explanation: Explanation
) -> ProbeReport:
    connected = ended_in is not Phase.CONNECT
    record = ProbeRecord(
        target=parse_target(host),
        started_at=STARTED_AT,
        outcome=outcome,
        ended_in=ended_in,
        phases=PhaseTimes(resolve_ms=1.4, connect_ms=11.9 if connected else None),
        address="192.0.2.41" if connected else None,
        addresses=("192.0.2.41",),
        stopped_by=stopped_by,
        error=explanation.headline,
    )
    return _report(record, (), explanation)


def _report(record: ProbeRecord, findings: tuple[Finding, ...], explanation: Explanation) -> ProbeReport:
    accepted = record.outcome is Outcome.ACCEPTED
    return ProbeReport(
        record=record,
        findings=findings,
        verdict=verdict_of(findings) if accepted else Verdict.FAIL,
        explanation=explanation,
    )


def _client_auth(verdict: ClientCertificateVerdict, requested: CertificateRequested) -> ClientAuth:
    return ClientAuth(requested=requested, request=_REQUEST, sent=True, verdict=verdict)


def _chain(host: str, days: int) -> tuple[CertificateFacts, ...]:
    not_after = (NOW + timedelta(days=days)).replace(hour=23, minute=59, second=59)
    return (certificates.server(host, not_after), certificates.intermediate())


def _passed() -> tuple[Finding, ...]:
    return (
        _passed_finding("SRV-01", msg("The server certificate is valid."), "RFC 5280 4.1.2.5"),
        _passed_finding("SRV-02", msg("The certificate may be used by a TLS server."), "RFC 5280 4.2.1.12"),
        _passed_finding("SRV-03", msg("A name of the certificate matches."), "RFC 9525 6"),
        _passed_finding("CHN-01", msg("A path leads to a CA of the list."), "RFC 5280 6.1"),
    )


def _passed_finding(rule: str, title: Message, source: str) -> Finding:
    finding = _finding(rule, FindingStatus.PASS, Severity.BLOCKER, title, msg("It does."), None)
    return replace(finding, source=source)


def _finding(
    rule: str,
    status: FindingStatus,
    severity: Severity,
    title: Message,
    evidence: Message,
    remedy: Message | None,
) -> Finding:
    return Finding(
        rule=rule,
        status=status,
        severity=severity,
        title=title,
        evidence=evidence,
        remedy=remedy,
        source="RFC 5280 4.1.2.5",
    )
