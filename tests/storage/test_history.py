"""The past of endpoints put together, in a file and on a server."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.partner_life import FIRST_DAY, PARTNER, WAIT_S, PartnerLife
from trustdesk.core.observation import ChangeKind
from trustdesk.storage.history import KeptChanges, KeptHistory, history_of, latest_changes
from trustdesk.storage.trust_decisions import TrustDecisions
from trustdesk.storage.trust_log import LogNote
from trustdesk.storage.workspace import Workspace


@pytest.fixture
def life(workspace: Workspace) -> PartnerLife:
    """A partner that renewed twice and was out of reach once."""
    life = PartnerLife(workspace)
    life.test(30, life.answering(life.first))
    life.test(31, life.answering(life.second))
    life.test(64, life.answering(life.third))
    return life


def history(workspace: Workspace, endpoint_id: int, *, tests: int = 100, rows: int = 100) -> KeptHistory:
    return workspace.submit(
        lambda connection: history_of(
            connection, endpoint_id, tests=tests, rows=rows, since=FIRST_DAY - timedelta(days=1)
        ),
        reading=True,
    ).result(WAIT_S)


def latest(workspace: Workspace, rows: int, *without: ChangeKind) -> KeptChanges:
    return workspace.submit(
        lambda connection: latest_changes(connection, rows, without=without), reading=True
    ).result(WAIT_S)


def decide(workspace: Workspace, endpoint_id: int, sha256: str, *, accepted: bool, comment: str) -> None:
    note = LogNote(by="ann", at=FIRST_DAY, comment=comment)
    decisions = TrustDecisions(workspace)
    decisions.decide_fingerprint(endpoint_id, sha256, accepted=accepted, note=note).result(WAIT_S)


def test_the_past_comes_with_what_it_takes_to_tell_it(workspace: Workspace, life: PartnerLife) -> None:
    found = history(workspace, life.endpoint_id)

    assert [one.chain[0] for one in found.observations] == [
        life.third.sha256,
        life.second.sha256,
        life.first.sha256,
    ]
    assert found.told.changes[0].at == FIRST_DAY + timedelta(days=64)
    assert set(found.told.certificates) == {life.first.sha256, life.second.sha256, life.third.sha256}
    assert found.not_after[life.first.sha256] == life.first.facts.not_after
    assert found.told.places == {life.endpoint_id: (PARTNER, "1r.tamarind.example:443")}
    assert found.awaiting is not None
    assert (found.awaiting.now.sha256, found.awaiting.before.sha256) == (
        life.third.sha256,
        life.second.sha256,
    )


def test_a_decision_comes_with_who_and_why_and_the_newest_holds(
    workspace: Workspace, life: PartnerLife
) -> None:
    decide(workspace, life.endpoint_id, life.third.sha256, accepted=False, comment="nobody told us")
    decide(workspace, life.endpoint_id, life.third.sha256, accepted=True, comment='50% "sure"_now')

    found = history(workspace, life.endpoint_id)

    decision = found.told.decisions[life.endpoint_id, life.third.sha256]
    assert (decision.accepted, decision.by, decision.comment) == (True, "ann", '50% "sure"_now')
    assert found.awaiting is None
    assert (life.endpoint_id, life.second.sha256) not in found.told.decisions


def test_a_test_whose_changes_do_not_all_fit_is_left_to_the_next_time(
    workspace: Workspace, life: PartnerLife
) -> None:
    everything = history(workspace, life.endpoint_id).told
    newest = [one for one in everything.changes if one.at == everything.changes[0].at]
    assert len(newest) > 1

    cut = history(workspace, life.endpoint_id, rows=len(newest) + 1).told

    assert list(cut.changes) == newest
    assert (cut.has_more, everything.has_more) == (True, False)


def test_kinds_can_be_left_out_of_what_changed_last(workspace: Workspace, life: PartnerLife) -> None:
    kinds = {one.kind for one in latest(workspace, 100).changes}
    assert {ChangeKind.CERTIFICATE, ChangeKind.KEY} <= kinds

    without = {one.kind for one in latest(workspace, 100, ChangeKind.KEY).changes}

    assert without == kinds - {ChangeKind.KEY}


def test_only_so_many_tests_are_read(workspace: Workspace, life: PartnerLife) -> None:
    found = history(workspace, life.endpoint_id, tests=1)

    assert [one.chain[0] for one in found.observations] == [life.third.sha256]


def test_another_endpoint_has_no_part_in_it(workspace: Workspace, life: PartnerLife) -> None:
    found = history(workspace, life.endpoint_id + 1)

    assert (found.observations, found.told.changes, found.awaiting) == ((), (), None)
