"""The past of a partner, told from a real workspace in which ninety days were played by an injected clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from tests.support.kept_lists import a_source
from tests.support.partner_life import FIRST_DAY, PARTNER, WAIT_S, PartnerLife
from tests.support.trust_lab import SetClock
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.observation import ChangeKind
from trustdesk.core.trust_version import ListContent, VersionState
from trustdesk.services.history_values import EndpointHistory, HistoryEntry
from trustdesk.services.live_history import LiveHistory
from trustdesk.services.trend_words import flapping_sentences, trend_sentences
from trustdesk.services.wording import wording
from trustdesk.storage.trust_decisions import TrustDecisions
from trustdesk.storage.trust_lists import TrustLists
from trustdesk.storage.trust_log import LogNote
from trustdesk.storage.workspace import Workspace

Lived = tuple[PartnerLife, LiveHistory]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """Ninety days, of which the second certificate was accepted."""
    with closing(Workspace.open(tmp_path_factory.mktemp("lived") / "desk")) as workspace:
        life = PartnerLife(workspace)
        life.live()
        known = {one.sha256: one.facts for one in (life.root, life.other_root)}
        TrustDecisions(workspace).decide_fingerprint(
            life.endpoint_id,
            life.second.sha256,
            accepted=True,
            note=LogNote(by="M. Lindqvist", at=FIRST_DAY + timedelta(days=29), comment="announced by mail"),
        ).result(WAIT_S)
        with closing(LiveHistory(workspace, life.clock, known.get)) as desk:
            desk.latest(1).result(WAIT_S)  # so that its thread is there before a test, and after it
            yield life, desk


def history(lived: Lived, limit: int = 100) -> EndpointHistory:
    life, desk = lived
    return desk.history(life.endpoint_id, limit=limit).result(WAIT_S)


def told(entry: HistoryEntry) -> tuple[int, str, list[str]]:
    text = wording("en").text
    return (entry.at - FIRST_DAY).days, text(entry.title), [text(one) for one in entry.details]


def test_ninety_days_are_told_the_newest_first(lived: Lived) -> None:
    entries = [told(one) for one in history(lived).entries]

    assert entries[8:] == [
        (65, "Works again", ["Before: The server's certificate has expired."]),
        (
            65,
            "Issuer changed at renewal",
            [
                "Skybridge G3 to Meridian TLS CA 4",
                "The key is new too.",
                "Valid until 2027-02-02, before until 2026-10-24.",
            ],
        ),
        (63, "Fails now", ["The server's certificate has expired."]),
        (41, "TLS 1.3 instead of TLS 1.2", []),
        (40, "TLS 1.2 instead of TLS 1.3", []),
        (28, "New key, same names", ["Valid until 2026-10-24, before until 2026-09-25."]),
        (14, "Reached again", []),
        (12, "Not reached", ["No connection came about in time: something on the way drops our packets."]),
    ]
    assert [title for _day, title, _details in entries[:8]] == ["Works again", "Fails now"] * 4


def test_it_flaps_and_the_outage_long_ago_has_no_part_in_it(lived: Lived) -> None:
    found = history(lived).flapping

    assert (found.changes, found.failing, found.inconclusive) == (8, 4, 0)
    assert [wording("en").text(one) for one in flapping_sentences(found)] == [
        "It works and fails by turns: 8 changes in 7 days, 4 of 11 tests failed."
    ]


def test_the_trend_has_a_day_for_each_day(lived: Lived) -> None:
    trend = history(lived).trend

    assert len(trend.days) == 90
    assert [(day.failing, day.inconclusive) for day in trend.days[11:15]] == [(0, 0), (0, 1), (0, 1), (0, 0)]
    assert [round(day.days_left or 0) for day in trend.days[27:29]] == [6, 34]
    assert [wording("en").text(one) for one in trend_sentences(trend)] == [
        "Renewed 2 times, once only 3 days after its end.",
        "Handshake: half within 44 ms, 90 of 100 within 48 ms, 99 within 49 ms.",
        "It takes 0.1 ms longer each day.",
    ]


def test_what_was_decided_stands_at_its_renewal_and_the_newest_waits(lived: Lived) -> None:
    life, _desk = lived
    found = history(lived)

    by_after = {one.after: one.decided for one in found.entries if one.after}
    decided = by_after[life.second.sha256]
    assert decided is not None
    assert (decided.accepted, decided.by, decided.comment) == (True, "M. Lindqvist", "announced by mail")
    assert by_after[life.third.sha256] is None
    assert found.awaiting is not None
    assert found.awaiting.now is not None
    assert found.awaiting.now.sha256 == life.third.sha256
    assert found.awaiting.since == FIRST_DAY + timedelta(days=65)


def test_older_changes_are_told_when_they_are_asked_for(lived: Lived) -> None:
    few, all_of_them = history(lived, limit=2), history(lived)

    assert few.has_more
    assert few.entries == all_of_them.entries[: len(few.entries)]
    assert not all_of_them.has_more


def test_an_endpoint_that_was_never_tested_has_an_empty_past(lived: Lived) -> None:
    _life, desk = lived

    found = desk.history(4711).result(WAIT_S)

    assert (found.entries, found.tests, found.first_at, found.awaiting) == ((), 0, None, None)


def test_what_changed_last_leaves_out_what_a_network_did(lived: Lived) -> None:
    life, desk = lived

    found = desk.latest(500).result(WAIT_S)

    kinds = {one.entry.kind for one in found.changes if one.entry is not None}
    assert not kinds & {ChangeKind.UNREACHABLE, ChangeKind.REACHABLE}
    assert not found.has_more
    key = next(one for one in found.changes if one.entry is not None and one.entry.kind is ChangeKind.KEY)
    assert wording("en").text(key.detail) == f"{PARTNER}, accepted by M. Lindqvist"
    issuer = next(
        one for one in found.changes if one.entry is not None and one.entry.kind is ChangeKind.ISSUER
    )
    assert wording("en").text(issuer.detail) == f"{PARTNER}: Skybridge G3 to Meridian TLS CA 4"
    assert (issuer.place, issuer.at) == ("1r.tamarind.example:443", FIRST_DAY + timedelta(days=65))
    assert life.endpoint_id == key.entry.endpoint_id if key.entry else False


def test_of_the_latest_only_so_many_are_told(lived: Lived) -> None:
    _life, desk = lived

    found = desk.latest(3).result(WAIT_S)

    assert len(found.changes) == 3
    assert found.has_more


@pytest.mark.parametrize("limit", [0, 501])
def test_no_number_of_changes_is_refused(lived: Lived, limit: int) -> None:
    _life, desk = lived

    assert isinstance(desk.latest(limit).exception(WAIT_S), UnusableInputError)


def test_two_certificates_are_had_to_compare_them(lived: Lived) -> None:
    life, desk = lived

    before, after = desk.pair(life.first.sha256, life.third.sha256).result(WAIT_S)
    assert before is not None
    assert after is not None
    assert (before.facts.issuer, after.facts.issuer) == ("CN=Skybridge G3", "CN=Meridian TLS CA 4")

    gone, there = desk.pair("0" * 64, life.first.sha256).result(WAIT_S)
    assert gone is None
    assert there is not None


def test_a_version_that_waits_is_among_the_latest(workspace: Workspace) -> None:
    clock = SetClock()
    TrustLists(workspace).keep(
        "pilot",
        ListContent(title="Pilot", entries=()),
        a_source(),
        state=VersionState.WAITING,
        base=None,
        note=LogNote(by="ann", at=clock.now()),
    ).result(WAIT_S)

    with closing(LiveHistory(workspace, clock, lambda _sha256: None)) as desk:
        (found,) = desk.latest(3).result(WAIT_S).changes

    assert (found.list_name, found.version, found.entry) == ("pilot", 1, None)
    assert wording("en").text(found.title) == "Version 1 of the list is waiting"
