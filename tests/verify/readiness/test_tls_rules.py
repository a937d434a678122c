"""TLS-01 to TLS-12 over all calls: what joins several probes, and what a silence is never taken for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.probes import (
    IDENTITY,
    NOT_ASKED,
    TLS12,
    TLS13,
    asked,
    ended,
    record,
    refused_by_alert,
)
from trustdesk.core.diagnosis import LegacyAnswer, LegacyVersion
from trustdesk.core.finding import Finding, FindingStatus, Severity, Verdict
from trustdesk.core.handshake import CertificateRequested, ClientCertificateVerdict, Negotiated
from trustdesk.core.http_answer import HttpAnswer
from trustdesk.core.message import msg
from trustdesk.core.plain_answer import PlainAnswer, PlainOutcome
from trustdesk.core.probe import HttpFacts, Outcome, Phase, ProbeRecord, StopReason
from trustdesk.core.target import parse_target
from trustdesk.core.trust import ServerJudgement
from trustdesk.verify.readiness.case import OwnEndpoint, ReadinessCase
from trustdesk.verify.readiness.judge import endpoint_findings, readiness_verdict

PASS, WARN, FAIL = FindingStatus.PASS, FindingStatus.WARN, FindingStatus.FAIL
NOT_RUN, NOT_APPLICABLE = FindingStatus.NOT_RUN, FindingStatus.NOT_APPLICABLE
ACCEPTED, REFUSED, UNKNOWN = LegacyAnswer.ACCEPTED, LegacyAnswer.REFUSED, LegacyAnswer.UNKNOWN
TRUSTED = ServerJudgement(trusted=True, trust_list="t")
SENT = asked(sent=True, verdict=ClientCertificateVerdict.ACCEPTED)
UNREACHED = ended(Outcome.NOT_REACHED, StopReason.REFUSED, Phase.CONNECT)


def legacy(*answers: LegacyAnswer) -> tuple[LegacyVersion, ...]:
    names = ("TLSv1.1", "TLSv1", "SSLv3")
    return tuple(
        LegacyVersion(version=name, answer=answer) for name, answer in zip(names, answers, strict=False)
    )


def found(rule: str, bare: ProbeRecord | None = None, **different: Any) -> Finding:
    probe = record(judgement=TRUSTED) if bare is None else bare
    case = ReadinessCase(target=probe.target, bare=probe, **different)
    (finding,) = [finding for finding in endpoint_findings(case) if finding.rule == rule]
    return finding


def status(rule: str, bare: ProbeRecord | None = None, **different: Any) -> FindingStatus:
    return found(rule, bare, **different).status


@pytest.mark.parametrize(
    ("target", "rules"),
    [
        ("https://a.example", [*range(1, 13)]),
        ("amqps://a.example", [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12]),
        ("tls://a.example", [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12]),
    ],
)
def test_every_rule_of_the_protocol_reports_once_in_order(target: str, rules: list[int]) -> None:
    for bare in (record(target), ended(Outcome.TIMED_OUT, StopReason.DEADLINE, Phase.CONNECT)):
        probe = record(target, outcome=bare.outcome, negotiated=bare.negotiated, http=bare.http)
        findings = endpoint_findings(ReadinessCase(target=probe.target, bare=probe))
        of_tls = [one.rule for one in findings if one.rule.startswith("TLS-")]
        assert of_tls == [f"TLS-{number:02}" for number in rules]
        assert len({one.rule for one in findings}) == len(findings)
        assert all(one.source and one.evidence.id for one in findings)


@pytest.mark.parametrize(
    ("reason", "outcome", "expected"),
    [
        (StopReason.HTTP, Outcome.NOT_TLS, FAIL),
        (StopReason.AMQP, Outcome.NOT_TLS, FAIL),
        (StopReason.CLOSED, Outcome.REJECTED_BY_PEER, NOT_RUN),
        (StopReason.DEADLINE, Outcome.TIMED_OUT, NOT_RUN),
        (StopReason.REFUSED, Outcome.NOT_REACHED, NOT_RUN),
    ],
)
def test_port_that_speaks_something_else_accepts_no_tls(
    reason: StopReason, outcome: Outcome, expected: FindingStatus
) -> None:
    """TLS-01: what is only silent, or not reached, may speak it all the same."""
    assert status("TLS-01", ended(outcome, reason, Phase.HANDSHAKE)) is expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((REFUSED, REFUSED, REFUSED), PASS),
        ((REFUSED, ACCEPTED, REFUSED), FAIL),
        ((UNKNOWN, ACCEPTED, UNKNOWN), FAIL),
        ((REFUSED, REFUSED, UNKNOWN), NOT_RUN),
        ((), NOT_RUN),
    ],
)
def test_old_versions(answers: tuple[LegacyAnswer, ...], expected: FindingStatus) -> None:
    """TLS-02: one that is accepted is enough to fail, each has to be refused to pass."""
    assert status("TLS-02", legacy=legacy(*answers)) is expected


def test_weak_suite_of_the_other_version_is_seen() -> None:
    """TLS-04: TLS 1.3 hides what the same server negotiates in 1.2."""
    weak = Negotiated(version="TLSv1.2", cipher_suite="TLS_RSA_WITH_AES_128_CBC_SHA")
    assert status("TLS-04") is PASS
    assert status("TLS-04", others=(record(negotiated=weak),)) is WARN


def with_certificate(negotiated: Negotiated | None = TLS13, **different: Any) -> ProbeRecord:
    return record(identity=IDENTITY, negotiated=negotiated, **{"client_auth": SENT, **different})


NOT_SPOKEN = refused_by_alert(70, identity=IDENTITY)
REJECTED = refused_by_alert(48, asked(sent=True), identity=IDENTITY)
OPEN = ended(
    Outcome.TIMED_OUT,
    StopReason.DEADLINE,
    Phase.REQUEST,
    identity=IDENTITY,
    negotiated=TLS12,
    client_auth=asked(sent=True, verdict=ClientCertificateVerdict.UNKNOWN),
)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ((with_certificate(), with_certificate(TLS12)), PASS),
        ((with_certificate(), NOT_SPOKEN), PASS),
        ((with_certificate(), REJECTED), FAIL),
        ((with_certificate(), OPEN), NOT_RUN),
        ((NOT_SPOKEN,), NOT_RUN),
        ((with_certificate(client_auth=NOT_ASKED),), NOT_APPLICABLE),
        ((), NOT_APPLICABLE),
    ],
)
def test_client_certificate_in_every_version(
    others: tuple[ProbeRecord, ...], expected: FindingStatus
) -> None:
    """TLS-06: every version that the server speaks has to accept it."""
    assert status("TLS-06", others=others) is expected


@pytest.mark.parametrize(
    ("requested", "different", "expected"),
    [
        (CertificateRequested.REQUIRED, {"outcome": Outcome.REJECTED_BY_PEER, "http": None}, PASS),
        (CertificateRequested.NO, {}, FAIL),
        (CertificateRequested.OPTIONAL, {"http": HttpFacts(status=200)}, FAIL),
        (CertificateRequested.OPTIONAL, {"http": HttpFacts(status=401)}, WARN),
        (CertificateRequested.LATER, {"outcome": Outcome.REJECTED_BY_PEER}, PASS),
        (CertificateRequested.UNKNOWN, {"http": None}, NOT_RUN),
    ],
)
def test_claim_of_mutual_tls(
    requested: CertificateRequested, different: dict[str, Any], expected: FindingStatus
) -> None:
    """TLS-07: an answer of the application tells nothing of the certificate."""
    bare = record(client_auth=asked(requested=requested), **different)
    assert status("TLS-07", bare, claims_mutual_tls=True) is expected
    assert status("TLS-07", bare) is NOT_APPLICABLE


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (None, NOT_RUN),
        (refused_by_alert(48, asked(sent=True)), PASS),
        (record(client_auth=SENT, http=HttpFacts(status=200)), FAIL),
        (record(client_auth=SENT, http=HttpFacts(status=401)), NOT_RUN),
        (record(client_auth=SENT, http=HttpFacts(status=403)), NOT_RUN),
        (record(client_auth=NOT_ASKED), NOT_APPLICABLE),
        (record(client_auth=asked(), credential_error=msg("It does not fit.")), NOT_RUN),
        (UNREACHED, NOT_RUN),
        (ended(Outcome.TIMED_OUT, StopReason.DEADLINE, Phase.SETTLE, client_auth=SENT), NOT_RUN),
    ],
)
def test_certificate_that_nobody_knows(wrong: ProbeRecord | None, expected: FindingStatus) -> None:
    """TLS-09."""
    finding = found("TLS-09", wrong=wrong)
    assert finding.status is expected
    assert not finding.is_failure


def page(status_code: int, kind: str = "text/html", body: bytes = b"", location: str | None = None) -> Any:
    http = HttpAnswer(status=status_code, content_type=kind, body=body, location=location)
    return PlainAnswer(port=80, outcome=PlainOutcome.ANSWERED, http=http)


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        (None, NOT_RUN),
        (PlainAnswer(port=80, outcome=PlainOutcome.REFUSED), PASS),
        (PlainAnswer(port=80, outcome=PlainOutcome.CLOSED), PASS),
        (PlainAnswer(port=80, outcome=PlainOutcome.SOMETHING_ELSE), PASS),
        (PlainAnswer(port=80, outcome=PlainOutcome.SILENT), NOT_RUN),
        (PlainAnswer(port=80, outcome=PlainOutcome.NOT_REACHED), NOT_RUN),
        (page(301, location="https://a.example/"), PASS),
        (page(301, location="http://b.example/"), FAIL),
        (page(302), FAIL),
        (page(404), PASS),
        (page(200, body=b"<p>It works"), WARN),
        (page(200, kind="application/ld+json; version=2.3.0"), FAIL),
        (page(401, kind="application/ld+json"), FAIL),
        (page(200, kind="application/json", body=b'{"@type":"api:ServerInformation"}'), FAIL),
    ],
)
def test_plain_http(plain: PlainAnswer | None, expected: FindingStatus) -> None:
    """TLS-10: a refused connection is the partner's word; a silent one may be anybody's."""
    assert status("TLS-10", plain=plain) is expected


OURS = parse_target("https://ours.example/notifications")
MODERN = record("https://ours.example", judgement=TRUSTED, http=HttpFacts(status=405))
ALL_REFUSED = legacy(REFUSED, REFUSED, REFUSED)


def own(first: ProbeRecord, second: ProbeRecord = MODERN, old: Any = ALL_REFUSED) -> OwnEndpoint:
    return OwnEndpoint(target=OURS, records=(first, second), legacy=old)


@pytest.mark.parametrize(
    ("ours", "expected"),
    [
        (None, NOT_RUN),
        (own(MODERN), PASS),
        (own(record("https://ours.example", http=HttpFacts(status=405))), NOT_RUN),
        (own(UNREACHED), NOT_RUN),
        (own(MODERN, old=()), NOT_RUN),
        (own(MODERN, old=legacy(REFUSED, UNKNOWN, REFUSED)), NOT_RUN),
        (own(MODERN, old=legacy(REFUSED, ACCEPTED, REFUSED)), FAIL),
        (own(MODERN, NOT_SPOKEN), FAIL),
        (own(record(judgement=ServerJudgement(trusted=False, trust_list="t"))), FAIL),
        (own(record(judgement=TRUSTED, http=None)), FAIL),
        (own(MODERN, ended(Outcome.TIMED_OUT, StopReason.DEADLINE, Phase.CONNECT)), NOT_RUN),
    ],
)
def test_own_endpoint(ours: OwnEndpoint | None, expected: FindingStatus) -> None:
    """TLS-11: a machine of ours that is not reached from here says nothing of it."""
    finding = found("TLS-11", own=ours)
    assert finding.status is expected
    assert finding.severity is Severity.WARNING


def test_own_endpoint_that_lets_in_nobody_without_a_certificate_is_in_order() -> None:
    """TLS-11: no HTTP answer is to be had there, and none is missed."""
    insists = refused_by_alert(116, asked(requested=CertificateRequested.REQUIRED), judgement=TRUSTED)
    assert status("TLS-11", own=own(insists, insists)) is PASS


def test_verdict_never_passes_while_a_blocker_or_an_error_was_not_run() -> None:
    heavy = found("TLS-02")
    light = found("TLS-09")
    good = found("TLS-01")
    assert (heavy.status, light.status, good.status) == (NOT_RUN, NOT_RUN, PASS)
    assert readiness_verdict([good, light]) is Verdict.PASS
    assert readiness_verdict([good, heavy]) is Verdict.WARN
    assert readiness_verdict([found("TLS-02", legacy=legacy(ACCEPTED)), good]) is Verdict.FAIL
