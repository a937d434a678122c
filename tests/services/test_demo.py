"""The demo shows what the program is about: its identities are kept as a person's own are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.command import trustdesk
from trustdesk.core.certificate_request import CaseState
from trustdesk.core.identity import Usable
from trustdesk.core.observation import ChangeKind as What
from trustdesk.core.trust_version import AuthenticityState, ChangeKind, VersionState
from trustdesk.services.board import State
from trustdesk.services.demo import CAREFUL_PARTNER, LAB_LIST, DemoDesk, open_demo
from trustdesk.services.demo_history import DAYS
from trustdesk.services.trust_desk import WhatIf

TIMEOUT_S = 30


@pytest.fixture
def demo() -> Iterator[DemoDesk]:
    opened = open_demo()
    yield opened
    opened.close()


def test_identities_of_the_lab_are_kept_and_judged(demo: DemoDesk) -> None:
    views = {one.identity.name: one for one in demo.identity_desk.views().result(TIMEOUT_S)}
    assert views["client-good"].client.usable is Usable.YES
    assert views["client-expired"].client.usable is Usable.NO
    assert len(views["client-leaf-only"].identity.certification_path) == 1
    assert {one.key.store_title for one in (view.identity for view in views.values())} == {
        "Memory of the demo"
    }


def test_a_request_waits_and_a_private_ca_has_issued(demo: DemoDesk) -> None:
    cases = demo.identity_desk.cases().result(TIMEOUT_S)
    assert ("client-good-next", CaseState.REQUESTED) in {(one.name, one.state) for one in cases}
    (authority,) = demo.authority_desk.authorities().result(TIMEOUT_S)
    assert len(authority.issued) == 1


def test_the_month_before_has_renewals_an_outage_and_a_partner_that_comes_and_goes(demo: DemoDesk) -> None:
    rows = {row.endpoint.partner: row for row in demo.board().result(TIMEOUT_S)}
    histories = {
        partner: demo.history_desk.history(rows[partner].endpoint.id).result(TIMEOUT_S)
        for partner in (
            "Nordwind Cargo",
            "Brückenpfeiler Forwarding",
            "Old Harbour Logistics",
            CAREFUL_PARTNER,
        )
    }
    kinds = {partner: {one.kind for one in history.entries} for partner, history in histories.items()}
    assert kinds["Nordwind Cargo"] == {What.KEY}
    assert kinds["Brückenpfeiler Forwarding"] == {What.ISSUER}
    assert kinds["Old Harbour Logistics"] == {What.UNREACHABLE, What.REACHABLE}
    assert kinds[CAREFUL_PARTNER] >= {What.NOW_FAILS, What.NOW_WORKS}
    assert [partner for partner, history in histories.items() if history.flapping.is_flapping] == [
        CAREFUL_PARTNER
    ]
    assert {history.tests for history in histories.values()} == {DAYS}
    assert rows["Nordwind Cargo"].state is State.GOOD
    tested_at = rows["Nordwind Cargo"].tested_at
    assert tested_at is not None
    assert datetime.now(UTC) - tested_at > timedelta(days=1)
    assert rows["Zeitlos Air Freight"].tested_at is None


def test_the_list_has_versions_that_the_lab_signed_and_one_waits(demo: DemoDesk) -> None:
    trust = demo.trust_desk
    lab, certifi = trust.lists().result(TIMEOUT_S)
    assert (lab.name, lab.in_force, certifi.in_force) == (LAB_LIST, True, False)
    assert [line.state for line in lab.versions] == [
        VersionState.WAITING,
        VersionState.APPLIED,
        VersionState.REPLACED,
    ]
    assert {line.authenticity.state for line in lab.versions} == {AuthenticityState.VERIFIED}
    assert lab.pin is not None
    assert lab.pin.sealed is True
    review = trust.prepare_waiting(LAB_LIST, 3).future.result(TIMEOUT_S).review
    assert review.obstacles == ()
    assert [len(review.difference.of(kind)) for kind in ChangeKind] == [1, 1, 2, 0]
    log = trust.log().future.result(TIMEOUT_S)
    assert (log.broken_at, log.sealed, log.untold) == (None, True, ())


def test_what_is_decided_beside_the_list_hurts_nobody(demo: DemoDesk) -> None:
    (policy,) = demo.trust_desk.policies().result(TIMEOUT_S)
    (decision,) = demo.trust_desk.decisions().result(TIMEOUT_S)
    assert (policy.partner, policy.sealed, decision.sealed) == (CAREFUL_PARTNER, True, True)
    endpoint = next(row.endpoint for row in demo.board().result() if row.endpoint.partner == CAREFUL_PARTNER)
    demo.sweep([endpoint], lambda _: None).future.result(TIMEOUT_S)
    (row,) = [row for row in demo.board().result() if row.endpoint.id == endpoint.id]
    assert row.state is State.GOOD


def test_the_impact_of_dropping_a_root_and_of_the_version_that_waits(demo: DemoDesk) -> None:
    endpoints = [row.endpoint for row in demo.board().result()]
    demo.sweep(endpoints, lambda _: None).future.result(TIMEOUT_S)
    content = demo.trust_desk.version(LAB_LIST, 2).result(TIMEOUT_S).content
    root = next(entry.sha256 for entry in content.entries if "Lab Root One" in entry.subject)
    # Another program looks at the same workspace, as a person at a terminal beside the window would.
    ran = trustdesk("trust", "impact", "--without", root, "--workspace", demo.folder, "--json")
    lost = {one["partner"] for one in ran.document["partners"] if one["after"] == "not_trusted"}
    assert {"Nordwind Cargo", "Silberreiher Freight", CAREFUL_PARTNER} <= lost
    impact = demo.trust_desk.impact(WhatIf(after=f"{LAB_LIST}@3")).future.result(TIMEOUT_S)
    assert {one.partner for one in impact.partners if one.gains} >= {"Fernland Air"}
    assert [one.partner for one in impact.partners if one.loses] == []
    assert "client-good" in {one.identity for one in impact.identities if one.loses}
