"""Results as a command reports them: as they were tested, but for what is over by now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.support import samples
from trustdesk.core.probe import ProbeReport
from trustdesk.services.board import State, board_row
from trustdesk.services.command_trust import command_trust
from trustdesk.services.report_sources import CommandJudge
from trustdesk.verify.revocation.evidence import NO_EVIDENCE

ENDPOINT = samples.board_rows()[0].endpoint


@pytest.fixture(scope="module")
def judge_in(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], CommandJudge]:
    trust = command_trust((), tmp_path_factory.mktemp("nobody") / "none")

    def judge(days: int) -> CommandJudge:
        now = samples.NOW + timedelta(days=days)
        return CommandJudge(trust, NO_EVIDENCE, at=None, now=now, judges_again=False)

    return judge


@pytest.mark.parametrize("make", [samples.healthy, samples.untrusted, samples.not_reached])
def test_what_holds_still_stands_as_it_was_tested(
    make: Callable[[], ProbeReport], judge_in: Callable[[int], CommandJudge]
) -> None:
    assert judge_in(30).judged(ENDPOINT, make()) == make()


def test_a_certificate_that_has_ended_since_the_test_is_not_shown_as_good(
    judge_in: Callable[[int], CommandJudge],
) -> None:
    at = samples.NOW + timedelta(days=400)
    row = board_row(ENDPOINT, judge_in(400).judged(ENDPOINT, samples.healthy()), at)
    assert (row.state, row.server.word.id) == (State.BAD, "Expired")
