"""How far a sweep came is kept with its tests, and what was tested when."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, update

from tests.support import samples
from tests.support.trust_content import note
from trustdesk.core.probe import ProbeReport
from trustdesk.core.target import parse_target
from trustdesk.storage import schema
from trustdesk.storage.directory import Directory
from trustdesk.storage.partner_register import PartnerRegister
from trustdesk.storage.places import WorkspacePlace
from trustdesk.storage.sweeps import SweepBook, SweptTest
from trustdesk.storage.workspace import Workspace

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TARGETS = "ab" * 32


@pytest.fixture(autouse=True)
def _partners(workspace: Workspace) -> None:
    for number in range(4):
        Directory(workspace).add_endpoint(f"Partner {number}", parse_target(f"p{number}.example")).result()


@pytest.fixture
def book(workspace: Workspace) -> SweepBook:
    return SweepBook(workspace)


def swept(position: int, endpoint_id: int | None, report: ProbeReport | None = None) -> SweptTest:
    return SweptTest(position=position, endpoint_id=endpoint_id, report=report or samples.healthy())


def observed(workspace: Workspace) -> list[int | None]:
    question = select(schema.observations.c.endpoint_id).order_by(schema.observations.c.id)
    return workspace.submit(lambda connection: list(connection.execute(question).scalars())).result()


def test_a_sweep_that_did_not_end_tells_what_is_done(
    workspace: Workspace, workspace_place: WorkspacePlace
) -> None:
    book = SweepBook(workspace)
    begun = book.begin(TARGETS, 4, NOW)
    numbers = book.keep(begun, [swept(0, 1), swept(2, 3)]).result()
    workspace.close()

    opened = Workspace.open(workspace_place)
    try:
        unfinished = SweepBook(opened).unfinished(TARGETS).result()
    finally:
        opened.close()
    assert unfinished is not None
    assert (unfinished.targets, unfinished.started_at) == (4, NOW)
    assert unfinished.done == dict(zip((0, 2), numbers, strict=True))


def test_what_ended_is_not_gone_on_with_and_its_tests_stay(workspace: Workspace, book: SweepBook) -> None:
    begun = book.begin(TARGETS, 1, NOW)
    book.keep(begun, [swept(0, 1)])
    book.end(begun, NOW).result()
    assert book.unfinished(TARGETS).result() is None
    assert observed(workspace) == [1]


def test_others_targets_are_another_sweep(book: SweepBook) -> None:
    book.begin(TARGETS, 1, NOW).result()
    assert book.unfinished("cd" * 32).result() is None


def test_beginning_anew_gives_the_older_one_up_but_not_what_it_still_finds(
    workspace: Workspace, book: SweepBook
) -> None:
    older = book.begin(TARGETS, 2, NOW)
    newer = book.begin(TARGETS, 2, NOW + timedelta(hours=1))
    book.keep(older, [swept(0, 1)]).result()
    unfinished = book.unfinished(TARGETS).result()
    assert unfinished is not None
    assert unfinished.id == newer.result()
    assert unfinished.done == {}
    assert observed(workspace) == [1]


def test_one_of_long_ago_is_given_up_whatever_it_tested(workspace: Workspace, book: SweepBook) -> None:
    begun = book.begin(TARGETS, 2, NOW)
    book.keep(begun, [swept(0, 1)]).result()
    book.begin("cd" * 32, 2, NOW + timedelta(days=29)).result()
    assert book.unfinished(TARGETS).result() is not None
    book.begin("ef" * 32, 2, NOW + timedelta(days=31)).result()
    assert book.unfinished(TARGETS).result() is None
    left = select(func.count()).select_from(schema.sweep_results)
    assert workspace.submit(lambda connection: connection.execute(left).scalar_one()).result() == 0


def test_a_test_that_cannot_be_kept_is_not_done(book: SweepBook) -> None:
    begun = book.begin(TARGETS, 2, NOW)
    broken = replace(samples.healthy(), record=None)  # type: ignore[arg-type]
    assert book.keep(begun, [swept(0, 1), swept(1, 2, broken)]).exception() is not None
    unfinished = book.unfinished(TARGETS).result()
    assert unfinished is not None
    assert unfinished.done == {}


def test_an_endpoint_that_was_removed_meanwhile_stops_nothing(workspace: Workspace, book: SweepBook) -> None:
    begun = book.begin(TARGETS, 2, NOW)
    workspace.submit(
        lambda connection: connection.execute(delete(schema.endpoints).where(schema.endpoints.c.id == 1))
    ).result()
    book.keep(begun, [swept(0, 1), swept(1, 2)]).result()
    assert observed(workspace) == [None, 2]


def test_the_same_position_twice_counts_once(workspace: Workspace, book: SweepBook) -> None:
    begun = book.begin(TARGETS, 1, NOW)
    (first,) = book.keep(begun, [swept(0, 1)]).result()
    book.keep(begun, [swept(0, 1)]).result()
    unfinished = book.unfinished(TARGETS).result()
    assert unfinished is not None
    assert unfinished.done == {0: first}


def test_only_tests_that_answered_count_as_the_last(workspace: Workspace, book: SweepBook) -> None:
    def at(report: ProbeReport, hours: int) -> ProbeReport:
        return replace(report, record=replace(report.record, started_at=NOW + timedelta(hours=hours)))

    begun: Future[int] = book.begin(TARGETS, 9, NOW)
    book.keep(
        begun,
        [
            swept(0, 1, at(samples.healthy(), 1)),
            swept(1, 1, at(samples.timed_out(), 2)),
            swept(2, 2, at(samples.not_reached(), 1)),
            swept(3, 3, at(samples.rejected_client(), 1)),
            swept(4, 3, at(samples.healthy(), 3)),
        ],
    ).result()
    assert book.last_conclusive().result() == {1: NOW + timedelta(hours=1), 3: NOW + timedelta(hours=3)}


def test_before_any_test_nothing_was_tested(workspace: Workspace, book: SweepBook) -> None:
    assert book.last_conclusive().result() == {}
    count = select(func.count()).select_from(schema.sweeps)
    assert workspace.submit(lambda connection: connection.execute(count).scalar_one()).result() == 0


def test_what_was_tested_is_kept_of_no_other_endpoint(workspace: Workspace, book: SweepBook, on: str) -> None:
    directory, register = Directory(workspace), PartnerRegister(workspace)
    known = [one.target for one in directory.endpoints().result()]
    begun = book.begin(TARGETS, 4, NOW)
    # While they are tested, one goes, and another gets its number, as it does in a file; one is to be tested
    # for another name.
    register.remove(["Partner 3"], note()).result()
    new = directory.add_endpoint("New", parse_target("new.example")).result()
    takes = update(schema.endpoints).where(schema.endpoints.c.id == new.id).values(id=4)
    workspace.submit(lambda connection: connection.execute(takes)).result()
    entry = register.entries().result()[2]
    (one,) = entry.endpoints
    renamed = replace(one, target=replace(one.target, verify_name="other.example"))
    register.keep([replace(entry, endpoints=(renamed,))], note()).result()
    lot = [replace(swept(at, at + 1), target=target) for at, target in enumerate(known)]
    book.keep(begun, lot).result()
    assert observed(workspace) == [1, 2, 3, None]
    tested = directory.last_reports().result()
    assert sorted(tested) == [1, 3]
