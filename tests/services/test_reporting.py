"""The verdict of a report (the contract of `probe`)."""

from __future__ import annotations

from itertools import product

import pytest

from tests.support import pki
from tests.support.pki import HOST, NOW
from tests.support.probes import IDENTITY, TLS11, TLS12, asked, record
from trustdesk.core.finding import Verdict
from trustdesk.core.handshake import CertificateRequested, ClientAuth
from trustdesk.core.probe import HttpFacts, Outcome, Phase, ProbeRecord, StopReason
from trustdesk.core.trust import ServerFault, ServerJudgement
from trustdesk.services.reporting import report_on
from trustdesk.services.wording import wording
from trustdesk.verify.judge import PathJudge


@pytest.mark.parametrize(
    ("probe", "verdict"),
    [
        (record(), Verdict.PASS),
        (record(negotiated=TLS12), Verdict.PASS),
        (record(http=HttpFacts(status=200)), Verdict.WARN),
        (record(negotiated=TLS11), Verdict.FAIL),
    ],
)
def test_verdict_of_an_answered_probe(probe: ProbeRecord, verdict: Verdict) -> None:
    assert report_on(probe).verdict is verdict


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.ACCEPTED])
def test_outcome_other_than_accepted_fails_without_any_failed_rule(outcome: Outcome) -> None:
    assert report_on(record(outcome=outcome)).verdict is Verdict.FAIL


def test_findings_of_the_judge_come_first_and_count() -> None:
    root = pki.root()
    server = pki.server(root, "other.example")
    judgement = PathJudge([pki.trust_list(root)]).judge_server([server.der], HOST, NOW)
    probe = record(outcome=Outcome.UNTRUSTED_PEER, judgement=judgement, presented_chain=(server.facts,))
    report = report_on(probe)
    assert report.findings[: len(judgement.findings)] == judgement.findings
    assert report.explanation.cause == "server_name_mismatch"
    assert report.verdict is Verdict.FAIL


@pytest.mark.parametrize("outcome", Outcome)
def test_every_sentence_of_a_report_can_be_rendered(outcome: Outcome) -> None:
    """A named place without its parameter would fail at the edge, in front of the person."""
    words = wording("en")
    sent = asked(sent=True, acceptable=("CN=A",) * 20)
    states = (sent, asked(), asked(requested=CertificateRequested.LATER), ClientAuth())
    faults: list[tuple[ServerFault, ...]] = [(), *((fault,) for fault in ServerFault)]
    for phase, reason, client_auth in product(Phase, [None, *StopReason], states):
        server_faults = faults.pop(0) if faults else ()
        judgement = ServerJudgement(trusted=False, trust_list="t", faults=server_faults, opinion="{odd}")
        probe = record(
            outcome=outcome,
            ended_in=phase,
            stopped_by=reason,
            client_auth=client_auth,
            identity=IDENTITY,
            judgement=judgement,
            negotiated=TLS12 if client_auth.sent else None,
        )
        report = report_on(probe, ("CN=Issuing",), pki.client(None).facts if client_auth.sent else None)
        told = report.explanation
        for message in (told.headline, *told.evidence, *([told.action] if told.action else [])):
            assert words.text(message)
        for finding in report.findings:
            assert words.text(finding.title)
            assert words.text(finding.evidence)
            assert finding.remedy is None or words.text(finding.remedy)


def test_report_names_the_software_that_names_itself() -> None:
    assert report_on(record(http=HttpFacts(status=401, server="nginx/1.22.1"))).server_family == "nginx"
    assert report_on(record(http=HttpFacts(status=401, server="of our own"))).server_family is None


@pytest.mark.parametrize(("offset", "status"), [(None, "not_run"), (-299.5, "pass"), (301.0, "warn")])
def test_clocks_that_differ_by_five_minutes_or_more_are_a_warning(offset: float | None, status: str) -> None:
    report = report_on(record(clock_offset_s=offset))
    (clock,) = [finding for finding in report.findings if finding.rule == "TLS-12"]
    assert clock.status.value == status
