"""The verdict of a report (the contract of `probe`)."""

from __future__ import annotations

import pytest

from tests.support import pki
from tests.support.pki import HOST, NOW
from tests.support.probes import TLS11, TLS12, record
from trustdesk.core.finding import Verdict
from trustdesk.core.probe import HttpFacts, Outcome, ProbeRecord
from trustdesk.services.reporting import report_on
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
