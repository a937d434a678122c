"""The rules on a handshake: each reports every time, and what was not shown is never a pass."""

from __future__ import annotations

import pytest

from tests.support.probes import IDENTITY, TLS11, TLS12, TLS13, asked, ended, record, refused_by_alert
from trustdesk.core.finding import Finding, FindingStatus
from trustdesk.core.handshake import (
    CertificateRequested,
    ClientAuth,
    ClientCertificateVerdict,
    Negotiated,
)
from trustdesk.core.message import msg
from trustdesk.core.probe import AmqpFacts, HttpFacts, Outcome, Phase, ProbeRecord, StopReason
from trustdesk.core.trust import ServerJudgement
from trustdesk.verify.handshake_rules import handshake_findings

PASS, WARN, FAIL = FindingStatus.PASS, FindingStatus.WARN, FindingStatus.FAIL
NOT_RUN, NOT_APPLICABLE = FindingStatus.NOT_RUN, FindingStatus.NOT_APPLICABLE
ACCEPTED = ClientCertificateVerdict.ACCEPTED
UNTRUSTED = ServerJudgement(trusted=False, trust_list="t")
TIMED_OUT = ended(Outcome.TIMED_OUT, StopReason.DEADLINE, Phase.HANDSHAKE)


def found(probe: ProbeRecord, rule: str, *issuers: str) -> Finding:
    (finding,) = [finding for finding in handshake_findings(probe, issuers) if finding.rule == rule]
    return finding


def status(probe: ProbeRecord, rule: str, *issuers: str) -> FindingStatus:
    return found(probe, rule, *issuers).status


@pytest.mark.parametrize("outcome", Outcome)
def test_every_rule_reports_every_time(outcome: Outcome) -> None:
    findings = handshake_findings(
        record(outcome=outcome, negotiated=None, client_auth=ClientAuth(), http=None)
    )
    assert [finding.rule for finding in findings] == [
        *("TLS-01", "TLS-02", "TLS-03", "TLS-04", "TLS-05", "TLS-06", "TLS-08", "TLS-12"),
        *("API-02", "AMQ-04"),
    ]
    assert {finding.status for finding in findings} == {NOT_RUN, NOT_APPLICABLE}


def test_an_answer_without_the_selected_certificate_is_none_about_it() -> None:
    """TLS-06: it could not be loaded, the server asked, and answered without one."""
    trouble = msg("The private key does not belong to the client certificate.")
    optional = asked(verdict=ClientCertificateVerdict.IGNORED, requested=CertificateRequested.OPTIONAL)
    probe = record(identity=IDENTITY, client_auth=optional, credential_error=trouble)
    assert (status(probe, "TLS-06"), found(probe, "TLS-06").evidence) == (FAIL, trouble)
    not_asked = ClientAuth(
        requested=CertificateRequested.NO, verdict=ClientCertificateVerdict.NOT_ASKED, sent=False
    )
    assert status(record(identity=IDENTITY, client_auth=not_asked, credential_error=trouble), "TLS-06") is (
        NOT_APPLICABLE
    )


@pytest.mark.parametrize(
    ("probe", "expected"),
    [
        (record(negotiated=TLS13), PASS),
        (record(negotiated=TLS12), PASS),
        (record(negotiated=TLS11), FAIL),
        (refused_by_alert(70), FAIL),
        (refused_by_alert(40), NOT_RUN),
        (TIMED_OUT, NOT_RUN),
    ],
)
def test_version_floor(probe: ProbeRecord, expected: FindingStatus) -> None:
    """TLS-01 (RFC 8996)."""
    assert status(probe, "TLS-01") is expected


def test_old_versions_are_not_run_and_not_a_pass() -> None:
    """TLS-02: one probe that offers everything cannot show what is refused."""
    assert status(record(), "TLS-02") is NOT_RUN
    assert status(record(negotiated=TLS11), "TLS-02") is FAIL


@pytest.mark.parametrize(("negotiated", "expected"), [(TLS13, PASS), (TLS12, FAIL), (None, NOT_RUN)])
def test_newest_version_is_only_information(negotiated: Negotiated | None, expected: FindingStatus) -> None:
    finding = found(record(negotiated=negotiated), "TLS-03")
    assert finding.status is expected
    assert not finding.is_failure
    assert not finding.is_warning


@pytest.mark.parametrize(
    ("version", "suite", "expected"),
    [
        ("TLSv1.3", "TLS_AES_128_GCM_SHA256", PASS),
        ("TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256", PASS),
        ("TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", PASS),
        ("TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_CCM", PASS),
        ("TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", WARN),
        ("TLSv1.2", "TLS_RSA_WITH_AES_128_GCM_SHA256", WARN),
        ("TLSv1.2", "0x00FF", WARN),
    ],
)
def test_cipher_suite(version: str, suite: str, expected: FindingStatus) -> None:
    """TLS-04 (RFC 9325 4)."""
    assert status(record(negotiated=Negotiated(version=version, cipher_suite=suite)), "TLS-04") is expected


@pytest.mark.parametrize("requested", CertificateRequested)
def test_client_certificate_request(requested: CertificateRequested) -> None:
    """TLS-05: information, and unknown is not a pass."""
    probe = record(client_auth=ClientAuth(requested=requested))
    assert status(probe, "TLS-05") is (NOT_RUN if requested is CertificateRequested.UNKNOWN else PASS)


@pytest.mark.parametrize(
    ("probe", "expected"),
    [
        (record(), NOT_APPLICABLE),
        (record(identity=IDENTITY), NOT_APPLICABLE),
        (record(identity=IDENTITY, client_auth=asked(sent=True, verdict=ACCEPTED)), PASS),
        (refused_by_alert(48, asked(sent=True)), FAIL),
        (
            record(identity=IDENTITY, client_auth=asked(sent=True, verdict=ClientCertificateVerdict.UNKNOWN)),
            NOT_RUN,
        ),
        (record(identity=IDENTITY, client_auth=asked(), judgement=UNTRUSTED), NOT_RUN),
        (ended(Outcome.TIMED_OUT, StopReason.DEADLINE, Phase.CONNECT, identity=IDENTITY), NOT_RUN),
    ],
)
def test_client_certificate_is_accepted_by_proof_alone(probe: ProbeRecord, expected: FindingStatus) -> None:
    """TLS-06: a finished TLS 1.3 handshake proves nothing."""
    assert status(probe, "TLS-06") is expected


@pytest.mark.parametrize(
    ("acceptable", "issuers", "expected"),
    [
        (("CN=Root", "CN=Other"), ("CN=Issuing", "CN=Root"), PASS),
        (("CN=Other",), ("CN=Issuing", "CN=Root"), WARN),
        ((), ("CN=Issuing",), NOT_APPLICABLE),
        (("CN=Other",), (), NOT_RUN),
    ],
)
def test_issuer_among_the_acceptable_names(
    acceptable: tuple[str, ...], issuers: tuple[str, ...], expected: FindingStatus
) -> None:
    """TLS-08: an empty list means any (RFC 8446 4.2.4)."""
    probe = record(identity=IDENTITY, client_auth=asked(sent=True, verdict=ACCEPTED, acceptable=acceptable))
    assert status(probe, "TLS-08", *issuers) is expected


@pytest.mark.parametrize(
    ("probe", "expected"),
    [
        (record(http=HttpFacts(status=401)), PASS),
        (record(http=HttpFacts(status=200)), WARN),
        (record(http=HttpFacts(status=404)), WARN),
        (record(http=HttpFacts(status=500)), WARN),
        (record(http=HttpFacts(status=301)), NOT_RUN),
        (record(http=None), NOT_RUN),
        (record("tls://cargo.example", http=None), NOT_APPLICABLE),
    ],
)
def test_answer_without_a_token(probe: ProbeRecord, expected: FindingStatus) -> None:
    """API-02."""
    assert status(probe, "API-02") is expected


@pytest.mark.parametrize(
    ("mechanisms", "expected"), [(("EXTERNAL",), PASS), (("PLAIN",), WARN), ((), NOT_RUN)]
)
def test_sasl_external(mechanisms: tuple[str, ...], expected: FindingStatus) -> None:
    """AMQ-04."""
    amqp = AmqpFacts(version="0-9-1", mechanisms=mechanisms)
    assert status(record("amqps://cargo.example", http=None, amqp=amqp), "AMQ-04") is expected
