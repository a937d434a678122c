"""One fault is planted in each chain: the first failure has to name that certificate and that rule.

Each chain is judged under every setting for which its fault is one, and what is named must not depend on the
setting.
"""

from __future__ import annotations

import pytest

from tests.support.planted_faults import ALL, CASES, FORM, TLS, chain
from tests.support.raw_pki import AT, HOST, anchors_of, judged
from trustdesk.core.finding import FindingStatus
from trustdesk.core.verification import RuleStatus
from trustdesk.verify.judge import PathJudge


@pytest.mark.parametrize("case", CASES)
def test_the_planted_fault_is_named_first(case: str) -> None:
    make, rule, index, settings = CASES[case]
    made = make()
    for inputs in settings:
        verification = judged(
            made.end_entity,
            *made.above,
            *made.beside,
            anchors=made.anchors or made.above[-1:],
            inputs=inputs,
            host=HOST,
        )
        assert not verification.trusted
        first = verification.paths[0].failures[0]
        everything = [(one.rule, one.index) for one in verification.paths[0].failures]
        assert (first.rule, first.index) == (rule, index), everything
        assert first.status is RuleStatus.FAIL
        assert verification.own.reason == first.evidence


def test_a_chain_without_a_fault_is_valid_under_every_setting() -> None:
    made = chain()
    for inputs in (*ALL, *FORM):
        assert judged(made.end_entity, *made.above, inputs=inputs, host=HOST).trusted


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize("case", [name for name, planted in CASES.items() if TLS in planted[3]])
def test_the_gate_lets_nothing_out_to_a_server_with_a_planted_fault(case: str) -> None:
    """Where a link does not hold, no finding says that the path comes from a CA of the list."""
    make, rule, _, _ = CASES[case]
    made = make()
    pool = made.above if made.anchors else made.above[:-1]
    judge = PathJudge([anchors_of(*(made.anchors or made.above[-1:]))])
    chain_sent = [one.der for one in (made.end_entity, *pool, *made.beside)]
    judgement = judge.judge_server(chain_sent, HOST, AT)
    assert not judgement.trusted
    statuses = {finding.rule: finding.status for finding in judgement.findings}
    assert FindingStatus.FAIL in statuses.values()
    if rule in {"chain.name", "chain.signature", "chain.issuer_key", "chain.anchor"}:
        assert judgement.path == ()
        assert statuses["CHN-01"] is FindingStatus.FAIL
        assert statuses["SRV-17"] is not FindingStatus.PASS
