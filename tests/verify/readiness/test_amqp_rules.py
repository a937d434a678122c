"""AMQ-01 to AMQ-06, from what a broker showed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.support import pki
from tests.support.probes import TLS11, TLS12, asked, ended, record
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.diagnosis import LegacyAnswer, LegacyVersion
from trustdesk.core.finding import Finding, FindingStatus
from trustdesk.core.handshake import CertificateRequested, ClientAuth
from trustdesk.core.plain_answer import PlainAnswer, PlainOutcome
from trustdesk.core.probe import AmqpFacts, Outcome, Phase, ProbeRecord, StopReason
from trustdesk.core.trust import ServerJudgement
from trustdesk.verify.readiness.case import ReadinessCase
from trustdesk.verify.readiness.judge import endpoint_findings

PASS, WARN, FAIL = FindingStatus.PASS, FindingStatus.WARN, FindingStatus.FAIL
NOT_RUN, NOT_APPLICABLE = FindingStatus.NOT_RUN, FindingStatus.NOT_APPLICABLE
REFUSED = tuple(
    LegacyVersion(version=name, answer=LegacyAnswer.REFUSED) for name in ("TLSv1.1", "TLSv1", "SSLv3")
)


def broker(**different: Any) -> ProbeRecord:
    return record("amqps://mq.example", **{"http": None, "negotiated": TLS12, **different})


def found(rule: str, bare: ProbeRecord, **different: Any) -> Finding:
    case = ReadinessCase(target=bare.target, bare=bare, **different)
    (finding,) = [finding for finding in endpoint_findings(case) if finding.rule == rule]
    return finding


def test_rules_report_in_order_and_only_for_brokers() -> None:
    bare = broker()
    rules = [one.rule for one in endpoint_findings(ReadinessCase(target=bare.target, bare=bare))]
    assert [one for one in rules if one.startswith("AMQ")] == [f"AMQ-{number:02}" for number in range(1, 7)]
    assert not [one for one in rules if one.startswith("API")]


@pytest.mark.parametrize(
    ("bare", "legacy", "expected"),
    [
        (broker(), REFUSED, PASS),
        (broker(), (), NOT_RUN),
        (broker(), (replace(REFUSED[0], answer=LegacyAnswer.ACCEPTED), *REFUSED[1:]), FAIL),
        (broker(), (replace(REFUSED[0], answer=LegacyAnswer.UNKNOWN), *REFUSED[1:]), NOT_RUN),
        (broker(negotiated=TLS11), REFUSED, FAIL),
        (broker(negotiated=None, stopped_by=StopReason.AMQP, outcome=Outcome.NOT_TLS), (), FAIL),
        (ended(Outcome.NOT_REACHED, StopReason.REFUSED, Phase.CONNECT), (), NOT_RUN),
    ],
)
def test_direct_tls(bare: ProbeRecord, legacy: tuple[LegacyVersion, ...], expected: FindingStatus) -> None:
    """AMQ-01."""
    probe = replace(bare, target=broker().target)
    assert found("AMQ-01", probe, legacy=legacy).status is expected


@pytest.mark.parametrize(("matched", "expected"), [(True, PASS), (False, FAIL), (None, NOT_RUN)])
def test_name(matched: bool | None, expected: FindingStatus) -> None:
    """AMQ-02 (RFC 9525)."""
    judgement = ServerJudgement(trusted=bool(matched), trust_list="t", name_matched=matched)
    assert found("AMQ-02", broker(judgement=judgement)).status is expected
    assert found("AMQ-02", broker()).status is NOT_RUN


@pytest.mark.parametrize(
    ("requested", "expected"),
    [
        (CertificateRequested.REQUIRED, PASS),
        (CertificateRequested.OPTIONAL, FAIL),
        (CertificateRequested.NO, FAIL),
        (CertificateRequested.UNKNOWN, NOT_RUN),
    ],
)
def test_client_certificate_required(requested: CertificateRequested, expected: FindingStatus) -> None:
    """AMQ-03: a warning at most."""
    finding = found("AMQ-03", broker(client_auth=asked(requested=requested)))
    assert finding.status is expected
    assert not finding.is_failure


def test_mechanisms_are_those_that_came_with_our_certificate_where_none_came_without() -> None:
    """AMQ-04."""
    refused = broker(amqp=None, client_auth=ClientAuth())
    external = broker(amqp=AmqpFacts(version="0-9-1", mechanisms=("PLAIN", "EXTERNAL")))
    assert found("AMQ-04", refused).status is NOT_RUN
    assert found("AMQ-04", refused, others=(external,)).status is PASS


def plain(outcome: PlainOutcome = PlainOutcome.ANSWERED, *mechanisms: str) -> PlainAnswer:
    amqp = AmqpFacts(version="0-9-1", mechanisms=mechanisms) if mechanisms else None
    return PlainAnswer(port=5672, outcome=outcome, amqp=amqp)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (None, NOT_RUN),
        (plain(PlainOutcome.REFUSED), PASS),
        (plain(PlainOutcome.SILENT), NOT_RUN),
        (plain(PlainOutcome.NOT_REACHED), NOT_RUN),
        (plain(PlainOutcome.SOMETHING_ELSE), PASS),
        (plain(PlainOutcome.ANSWERED, "PLAIN", "AMQPLAIN"), FAIL),
        (plain(PlainOutcome.ANSWERED, "amqplain"), FAIL),
        (plain(PlainOutcome.ANSWERED, "SCRAM-SHA-256"), PASS),
        (plain(PlainOutcome.ANSWERED), NOT_RUN),
    ],
)
def test_plain_port(answer: PlainAnswer | None, expected: FindingStatus) -> None:
    """AMQ-05."""
    assert found("AMQ-05", broker(), plain=answer).status is expected


def named(subject: str) -> CertificateFacts:
    facts = pki.root().facts
    return replace(facts, subject=subject, subject_alt_names=("URI:https://a.example/ACME",))


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("CN=ACME", PASS),
        (r"CN=ACME\, Inc", PASS),
        ("CN=ACME,O=Acme Cargo", FAIL),
        ("CN=ACME+serialNumber=7", FAIL),
        ("", FAIL),
    ],
)
def test_broker_user(subject: str, expected: FindingStatus) -> None:
    """AMQ-06: a warning at most; what a CA may write otherwise at renewal is no stable name."""
    finding = found("AMQ-06", broker(), identity=named(subject))
    assert finding.status is expected
    assert not finding.is_failure
    assert found("AMQ-06", broker()).status is NOT_APPLICABLE
