"""The history of endpoints: what is kept of each test, what changed, and what gives way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from tests.support import samples
from tests.support.pasts import Past
from trustdesk.core.observation import ChangeKind
from trustdesk.core.observed_facts import observed_facts
from trustdesk.core.probe import ProbeReport
from trustdesk.core.target import parse_target
from trustdesk.core.workspace_settings import WorkspaceSettings
from trustdesk.formats.certificate import read_certificate
from trustdesk.storage import schema
from trustdesk.storage.directory import Directory
from trustdesk.storage.settings import SettingsStore
from trustdesk.storage.workspace import Workspace

AT = datetime.fromisoformat("2026-11-20T08:00:00+00:00")


@pytest.fixture
def store(workspace: Workspace) -> Past:
    return Past(workspace)


def endpoint(workspace: Workspace, partner: str = "Nordwind") -> int:
    return Directory(workspace).add_endpoint(partner, parse_target("https://1r.example/")).result().id


def on(report: ProbeReport, day: float, leaf: int | None = None) -> ProbeReport:
    """A report of another day, of a server with a certificate of that number."""
    record = replace(report.record, started_at=AT + timedelta(days=day))
    if leaf is not None:
        shown = read_certificate(bytes([0x30, 3, 2, 1, leaf]))
        record = replace(record, presented_chain=(shown, *record.presented_chain[1:]))
    return replace(report, record=record)


def count(workspace: Workspace, *tables: Any) -> list[int]:
    return [
        workspace.submit(
            lambda connection, table=table: connection.execute(  # type: ignore[misc]
                select(func.count()).select_from(table)
            ).scalar_one()
        ).result()
        for table in tables
    ]


def chosen(workspace: Workspace, **settings: Any) -> None:
    SettingsStore(workspace).change(lambda _now: WorkspaceSettings(**settings)).result()


def days(store: Past, number: int, *, with_report: bool = False) -> list[float]:
    found = store.observations_of(number).result()
    return [(one.started_at - AT) / timedelta(days=1) for one in found if one.has_report or not with_report]


def test_an_observation_says_what_the_report_says(workspace: Workspace, store: Past) -> None:
    number = endpoint(workspace)
    reports = [make() for _, make in samples.KINDS]
    kept = store.record([(number, on(report, day)) for day, report in enumerate(reports)]).result()
    found = store.observations_of(number).result()
    assert [one.id for one in found] == list(reversed(kept))
    for one, report in zip(reversed(found), reports, strict=True):
        assert one.facts == observed_facts(report)
        assert one.chain == tuple(each.sha256 for each in report.record.presented_chain)
        assert one.handshake_ms == report.record.phases.handshake_ms
        assert one.first_byte_ms == report.record.phases.first_byte_ms
        assert store.observation(one.id).result() == one
    assert store.report(kept[-1]).result() == on(reports[-1], len(reports) - 1)
    assert store.observation(999).result() is None
    assert store.report(999).result() is None


def test_what_is_seen_again_is_kept_once(workspace: Workspace, store: Past) -> None:
    number, other = endpoint(workspace), endpoint(workspace, "Zephyr")
    for day in range(5):
        store.record([(one, on(samples.healthy(), day)) for one in (number, other)]).result()
    tables = (
        schema.observations,
        schema.observation_facts,
        schema.presented_chains,
        schema.presented_certificates,
        schema.changes,
    )
    assert count(workspace, *tables) == [10, 1, 1, 2, 0]


def test_what_changed_stands_beside_the_test_that_showed_it(workspace: Workspace, store: Past) -> None:
    number, other = endpoint(workspace), endpoint(workspace, "Zephyr")
    first, second, third = (
        store.record([(number, report)]).result()[0]
        for report in (
            on(samples.rejected_client(), 0, leaf=1),
            on(samples.timed_out(), 1),
            on(samples.rejected_client(), 2, leaf=2),
        )
    )
    store.record([(other, on(samples.healthy(), 3))]).result()
    told = store.changes_of(number).result()
    assert [(one.observation_id, one.kind) for one in told] == [
        (third, ChangeKind.REACHABLE),
        (third, ChangeKind.CERTIFICATE),
        (second, ChangeKind.UNREACHABLE),
    ]
    assert store.changes_of(other).result() == ()
    assert store.latest_changes(2).result() == told[:2]
    changed = {one.id: one.changed for one in store.observations_of(number).result()}
    assert changed == {first: False, second: True, third: True}


def test_one_after_the_other_or_all_at_once_is_the_same(workspace: Workspace, store: Past) -> None:
    one_by_one, at_once = endpoint(workspace, "A"), endpoint(workspace, "B")
    kinds = [make for _, make in samples.KINDS]
    reports = [on(kinds[(7 * day) % len(kinds)](), day, leaf=day % 3) for day in range(30)]
    for report in reports:
        store.record([(one_by_one, report)]).result()
    store.record([(at_once, report) for report in reports]).result()
    assert told(store, one_by_one) == told(store, at_once)
    assert len(told(store, at_once)) > 20
    assert days(store, one_by_one, with_report=True) == days(store, at_once, with_report=True)


def told(store: Past, number: int) -> list[tuple[datetime, ChangeKind, str, str]]:
    found = store.changes_of(number).result()
    return [(one.at, one.kind, one.before, one.after) for one in found]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 0, 1, 2), (1, 3, 2, 0), (2, 3, 0, 1)])
def test_a_test_that_is_kept_late_takes_its_place(
    workspace: Workspace, store: Past, order: Sequence[int]
) -> None:
    reports = [
        on(samples.healthy(), 0, leaf=1),
        on(samples.not_reached(), 1),
        on(samples.rejected_client(), 2, leaf=2),
        on(samples.healthy(), 3, leaf=2),
    ]
    late, straight = endpoint(workspace, "A"), endpoint(workspace, "B")
    for place in order:
        store.record([(late, reports[place])]).result()
    store.record([(straight, report) for report in reports]).result()
    assert told(store, late) == told(store, straight)
    flags = [one.changed for one in store.observations_of(late).result()]
    assert flags == [True, True, True, False]


def test_a_test_of_an_endpoint_that_is_gone_is_one_of_no_endpoint(workspace: Workspace, store: Past) -> None:
    number = endpoint(workspace)
    numbers = store.record([(99, samples.healthy()), (number, samples.healthy())]).result()
    found = [store.observation(one).result() for one in numbers]
    assert [one and one.endpoint_id for one in found] == [None, number]
    assert store.record([]).result() == []


def test_whole_reports_give_way_but_for_those_that_changed_something(
    workspace: Workspace, store: Past
) -> None:
    number = endpoint(workspace)
    chosen(workspace, full_reports=2)
    for day in range(8):
        store.record([(number, on(samples.healthy(), day, leaf=1 if day < 3 else 2))]).result()
    assert days(store, number) == [7, 6, 5, 4, 3, 2, 1, 0]
    assert days(store, number, with_report=True) == [7, 6, 3]
    gone = store.observations_of(number).result()[4]
    assert store.report(gone.id).result() is not None
    assert store.report(gone.id - 1).result() is None


def test_the_last_chain_keeps_its_report_while_nobody_answers(workspace: Workspace, store: Past) -> None:
    number = endpoint(workspace)
    chosen(workspace, full_reports=1, keep_days=2)
    for day in range(6):
        store.record([(number, on(samples.healthy() if day < 2 else samples.not_reached(), day))]).result()
    store.tidy(AT + timedelta(days=6)).result()
    # 2 became unreachable, 1 is the last that saw a certificate.
    assert days(store, number, with_report=True) == [5, 2, 1]
    assert days(store, number) == [5, 4, 2, 1]


def test_old_observations_give_way_but_for_the_newest_and_changes(workspace: Workspace, store: Past) -> None:
    number, other = endpoint(workspace), endpoint(workspace, "Zephyr")
    reports = [on(samples.healthy(), day, leaf=1 if day < 3 else 2) for day in range(8)]
    store.record([(number, report) for report in reports]).result()
    store.record([(other, report) for report in reports]).result()
    chosen(workspace, keep_days=2)
    store.record([(number, on(samples.healthy(), 8, leaf=2))]).result()
    assert days(store, number) == [8, 7, 6, 3]
    assert days(store, other) == [7, 6, 5, 4, 3, 2, 1, 0], "it is let go when it is its turn"
    assert store.tidy(AT + timedelta(days=500), 1).result()
    assert days(store, number) == [8, 3]
    assert store.tidy(AT + timedelta(days=500), 1).result()
    assert days(store, other) == [7, 3]
    assert not store.tidy(AT + timedelta(days=500), 1).result()
    assert [one.kind for one in store.changes_of(other).result()] == [
        one.kind for one in store.changes_of(number).result()
    ]
    assert Directory(workspace).last_report(other).result() == reports[-1]


def test_a_setting_that_was_changed_holds_for_what_is_kept_already(workspace: Workspace, store: Past) -> None:
    number = endpoint(workspace)
    chosen(workspace, full_reports=5)
    store.record([(number, on(samples.healthy(), day)) for day in range(6)]).result()
    store.record([(None, on(samples.healthy(), 0)), (None, on(samples.healthy(), 6))]).result()
    assert days(store, number, with_report=True) == [5, 4, 3, 2, 1]
    chosen(workspace, full_reports=1, keep_days=3)
    assert not store.tidy(AT + timedelta(days=6)).result()
    assert days(store, number) == [5, 4, 3]
    assert days(store, number, with_report=True) == [5]
    assert count(workspace, schema.observations) == [4]
    # A round a day is enough, until somebody chooses something else.
    damage = update(schema.observations).values(started_at=AT - timedelta(days=9))
    workspace.submit(lambda connection: connection.execute(damage)).result()
    store.tidy(AT + timedelta(days=6.5)).result()
    assert len(days(store, number)) == 3
    store.tidy(AT + timedelta(days=7.5)).result()
    assert len(days(store, number)) == 1


@pytest.mark.parametrize("place", ["{", "[]", '{"after":"x"}', '{"settings":[3,null],"done_at":"today"}'])
def test_a_damaged_place_of_the_last_round_begins_anew(workspace: Workspace, store: Past, place: str) -> None:
    number = endpoint(workspace)
    store.record([(number, on(samples.healthy(), day)) for day in range(3)]).result()
    chosen(workspace, full_reports=1)
    row = insert(schema.settings).values(name="retention", document=place)
    workspace.submit(lambda connection: connection.execute(row)).result()
    store.tidy(AT + timedelta(days=3)).result()
    assert days(store, number, with_report=True) == [2]
