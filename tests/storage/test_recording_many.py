"""Many tests kept at once leave the same behind as one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, select

from tests.support import samples
from trustdesk.core.probe import Outcome, ProbeReport
from trustdesk.core.target import parse_target
from trustdesk.storage import schema
from trustdesk.storage.directory import Directory
from trustdesk.storage.recording import record_report
from trustdesk.storage.recording_many import Test, record_reports
from trustdesk.storage.workspace import Workspace

KEPT = (
    schema.certificates,
    schema.observation_facts,
    schema.presented_chains,
    schema.presented_certificates,
    schema.observations,
    schema.observation_reports,
    schema.changes,
)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Workspace, Workspace]]:
    both = Workspace.open(tmp_path / "a"), Workspace.open(tmp_path / "b")
    for one in both:
        for number in range(3):
            Directory(one).add_endpoint(f"Partner {number}", parse_target(f"p{number}.example")).result()
    yield both
    for one in both:
        one.close()


def at(report: ProbeReport, hours: int, **different: object) -> ProbeReport:
    record = report.record
    started_at = record.started_at + timedelta(hours=hours)
    return replace(report, record=replace(record, started_at=started_at, **different))


def rows(workspace: Workspace, table: Table) -> list[tuple[object, ...]]:
    def read(connection: Connection) -> list[tuple[object, ...]]:
        return [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]

    return workspace.submit(read).result()


def the_same_left_behind(two: tuple[Workspace, Workspace], lots: list[list[Test]]) -> None:
    one_by_one, at_once = two
    for lot in lots:
        singly = [
            one_by_one.submit(lambda connection, test=test: record_report(connection, *test)).result()
            for test in lot
        ]
        together = at_once.submit(lambda connection, lot=lot: record_reports(connection, lot)).result()
        assert singly == together
    assert rows(one_by_one, schema.observations)
    for table in KEPT:
        assert rows(one_by_one, table) == rows(at_once, table), table.name


def test_first_tests_the_same_again_and_what_changed(two: tuple[Workspace, Workspace]) -> None:
    accepted, refused = samples.healthy(), samples.rejected_client()
    silent = at(refused, 0, outcome=Outcome.TIMED_OUT, presented_chain=())
    the_same_left_behind(
        two,
        [
            [(1, accepted), (2, refused), (None, accepted)],
            [(1, at(accepted, 1)), (2, at(accepted, 1)), (3, at(silent, 1))],
            [(1, at(refused, 2)), (2, at(silent, 2)), (3, at(silent, 2))],
            [(1, at(refused, 3)), (2, at(accepted, 3)), (3, at(accepted, 3))],
        ],
    )
    assert rows(two[1], schema.changes)


def test_an_endpoint_twice_in_a_lot_and_tests_that_come_late(
    two: tuple[Workspace, Workspace],
) -> None:
    accepted, refused = samples.healthy(), samples.rejected_client()
    the_same_left_behind(
        two,
        [
            [(1, accepted), (1, at(refused, 1)), (1, at(accepted, 2))],
            [(1, at(refused, 10))],
            [(1, at(accepted, 5))],
        ],
    )


def test_nothing_to_keep_is_nothing(two: tuple[Workspace, Workspace]) -> None:
    assert two[0].submit(lambda connection: record_reports(connection, [])).result() == []
