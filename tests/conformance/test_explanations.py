"""One fault is planted in each chain: the first failure has to name that certificate and that rule.

Each chain is judged under every setting for which its fault is one, and what is named must not depend on the
setting.
"""

from __future__ import annotations

import pytest

from tests.support.planted_faults import ALL, CASES, FORM, chain
from tests.support.raw_pki import HOST, judged
from trustdesk.core.verification import RuleStatus


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
