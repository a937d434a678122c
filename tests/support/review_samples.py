"""Reviews of invented partners: one of which everything is known, and one of which hardly anything is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.support import sample_diagnoses, samples
from trustdesk.core.finding import Finding, FindingStatus, Severity, Verdict
from trustdesk.core.message import Message, msg
from trustdesk.core.partner import Contact, Endpoint, Partner, PartnerRole
from trustdesk.core.probe import ProbeReport
from trustdesk.core.readiness import CallMade, HarmlessCall, Readiness
from trustdesk.core.revocation import RevocationCheck, RevocationStatus
from trustdesk.core.target import parse_target
from trustdesk.services.board import State, board_row
from trustdesk.services.review import DatedRemark, Ending, EndpointReview, PartnerReview

NORDWIND = Partner(
    id=1,
    name="Nordwind Cargo",
    company_id="NWC",
    one_record_ids=("https://1r.nordwind-cargo.example/NWC", "https://1r.nordwind-cargo.example/NWC-2"),
    role=PartnerRole.CARRIER,
    contacts=(
        Contact(
            name="Ida Lund", duty="certificates", email="pki@nordwind-cargo.example", phone="+47 555 0100"
        ),
        Contact(name="Night desk", phone="+47 555 0199"),
    ),
    note="Renewal is planned together with the move to the new data centre.",
    tags=("pilot", "europe"),
)


def endpoint(number: int, report: ProbeReport | None, partner: str = NORDWIND.name) -> EndpointReview:
    """Return an endpoint of which only its last test is known."""
    target = parse_target("https://1r.never.example") if report is None else report.record.target
    one = Endpoint(id=number, partner=partner, target=target, identity="halden-client-2026")
    return EndpointReview(row=board_row(one, report, samples.NOW), report=report)


def known() -> EndpointReview:
    """Return an endpoint into which everything was looked."""
    report = samples.rejected_client()
    judgement = report.record.judgement
    assert judgement is not None
    checks = tuple(
        RevocationCheck(
            certificate=one.sha256,
            status=RevocationStatus.UNAVAILABLE,
            reason=msg("The responder did not answer."),
        )
        for one in report.record.presented_chain[:1]
    )
    report = replace(report, record=replace(report.record, judgement=replace(judgement, revocation=checks)))
    now = samples.NOW
    return replace(
        endpoint(1, report),
        diagnosis=sample_diagnoses.diagnosis(),
        readiness=readiness(),
        changes=(
            DatedRemark(at=now, words=msg("Works no more: the certificate is rejected."), state=State.BAD),
            DatedRemark(
                at=now - timedelta(days=12),
                words=msg("Certificate renewed"),
                details=(msg("Its key is another."),),
            ),
        ),
        endings=(
            Ending(what=msg("Server certificate"), ends_at=now + timedelta(days=107), state=State.GOOD),
            Ending(
                what=msg("Revocation list of the CA"), ends_at=now + timedelta(days=6), state=State.WARNING
            ),
            Ending(what=msg("Our client certificate"), ends_at=now - timedelta(days=1), state=State.BAD),
        ),
    )


def readiness() -> Readiness:
    """Return a check that found something of each kind."""
    return Readiness(
        endpoint_id=1,
        at=samples.NOW,
        findings=(
            _finding(
                "TLS-02", FindingStatus.FAIL, msg("TLS 1.0 and 1.1 are refused."), msg("TLS 1.1 works.")
            ),
            _finding("API-02", FindingStatus.PASS, msg("Who is not logged in gets 401."), msg("HTTP 401.")),
            _finding(
                "API-01",
                FindingStatus.NOT_RUN,
                msg("GET / answers with the server's information."),
                msg("No token was given."),
            ),
        ),
        calls=(
            CallMade(call=HarmlessCall.HANDSHAKE, outcome=msg("TLS 1.3, a certificate was asked for")),
            CallMade(call=HarmlessCall.AUTHORISED, not_made=msg("no token was given")),
        ),
        verdict=Verdict.FAIL,
    )


def whole() -> PartnerReview:
    """Return a partner with one endpoint, of which everything is known."""
    return review(known())


def several() -> PartnerReview:
    """Return a partner with endpoints of every kind, also one never tested."""
    reports = [make() for _name, make in samples.KINDS]
    rest = [endpoint(number, report) for number, report in enumerate(reports[1:], start=2)]
    return review(known(), *rest, endpoint(99, None))


def bare() -> PartnerReview:
    """Return a partner of whom nothing is known but an endpoint that was never tested."""
    return PartnerReview(
        partner=Partner(name="Umbra Charter"),
        endpoints=(endpoint(1, None, "Umbra Charter"),),
        trust_list=msg("No server presented a certificate."),
        made_at=samples.NOW,
    )


def review(*endpoints: EndpointReview) -> PartnerReview:
    """Return the partner with some endpoints."""
    return PartnerReview(
        partner=NORDWIND,
        endpoints=endpoints,
        trust_list=msg("Trust list: {names}", names=samples.TRUST_LIST),
        made_at=samples.NOW,
    )


def _finding(rule: str, status: FindingStatus, title: Message, evidence: Message) -> Finding:
    return Finding(
        rule=rule,
        status=status,
        severity=Severity.ERROR,
        title=title,
        evidence=evidence,
        source="ONE Record API 2.3.0, security",
    )
