"""How an endpoint stands, kept and read back: the row of the board says what the report says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tests.support import samples
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import ProbeReport
from trustdesk.core.target import parse_target
from trustdesk.formats.observation_records import packed
from trustdesk.formats.standing_records import FORM, grounds_from, standing_from
from trustdesk.services.board import board_row
from trustdesk.services.board_standings import BoardStandings
from trustdesk.services.standings import grounds_of, kept_standing, row_of, standing_of
from trustdesk.storage import schema
from trustdesk.storage.directory import Directory
from trustdesk.storage.workspace import Workspace

ENDPOINT = Endpoint(id=7, partner="Nordwind", target=parse_target("https://1r.example/NWC"))


@pytest.mark.parametrize("make", [make for _partner, make in samples.KINDS])
def test_the_row_of_what_is_kept_is_the_row_of_the_report(make: Callable[[], ProbeReport]) -> None:
    report = make()
    kept = standing_from(*kept_standing(report))
    assert kept == standing_of(report)
    assert kept is not None
    assert kept.grounds == grounds_of(report) == grounds_from(*kept_standing(report))
    for days in (0, 0.5, 400):
        at = samples.NOW + timedelta(days=days)
        assert row_of(ENDPOINT, kept, at) == board_row(ENDPOINT, report, at)


@pytest.mark.parametrize(
    "document", ["", "[]", "{}", '{"row":[1]}', '{"by":"0.0.0"}', '{"by":"0.1.0","row":["good",null]}']
)
def test_what_is_damaged_or_of_another_version_is_none(document: str) -> None:
    assert standing_from(FORM, document) is None
    assert grounds_from(FORM, document) is None
    form, whole = kept_standing(samples.healthy())
    assert standing_from(form + 1, whole) is None
    for end in range(0, len(whole) - 1, 97):
        assert standing_from(form, whole[:end]) is None


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Endpoints A to C tested by a program that keeps standings, D by one that does not, E by none."""
    folder = tmp_path_factory.mktemp("office")
    workspace = Workspace.open(folder)
    plain, keeping = Directory(workspace), Directory(workspace, kept_standing)
    ids = {
        partner: plain.add_endpoint(partner, parse_target("https://1r.example/")).result().id
        for partner in "EDCBA"
    }
    keeping.record_reports([(ids["A"], samples.healthy()), (ids["B"], samples.untrusted())]).result()
    keeping.record_report(ids["C"], samples.healthy()).result()
    plain.record_report(ids["C"], samples.rejected_client()).result()
    plain.record_report(ids["D"], samples.amqps()).result()
    workspace.close()
    return folder


def test_the_board_is_read_whoever_recorded_and_made_anew_once(office: Path) -> None:
    workspace = Workspace.open(office)
    found = BoardStandings(workspace).all()
    expected = {
        "A": standing_of(samples.healthy()),
        "B": standing_of(samples.untrusted()),
        "C": standing_of(samples.rejected_client()),
        "D": standing_of(samples.amqps()),
        "E": None,
    }
    assert {endpoint.partner: standing for endpoint, standing in found} == expected
    assert [endpoint.partner for endpoint, _ in found] == list("ABCDE")
    # All of it is kept now: without any report it is read once more.
    empty = update(schema.observation_reports).values(document=packed("{"))
    workspace.submit(lambda connection: connection.execute(empty)).result()
    assert {one.partner: standing for one, standing in BoardStandings(workspace).all()} == expected
    kept = select(schema.endpoint_standings.c.endpoint_id)
    assert len(workspace.submit(lambda connection: connection.execute(kept).all()).result()) == 4
    workspace.close()


def test_a_standing_whose_report_is_gone_counts_as_never_tested(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    workspace = Workspace.open(tmp_path)
    directory = Directory(workspace, kept_standing)
    endpoint = directory.add_endpoint("A", parse_target("https://1r.example/")).result()
    directory.record_report(endpoint.id, samples.healthy()).result()
    older = update(schema.endpoint_standings).values(form=FORM - 1)
    damaged = update(schema.observation_reports).values(document=packed("{"))
    for change in (older, damaged):
        workspace.submit(lambda connection, change=change: connection.execute(change)).result()  # type: ignore[misc]
    assert BoardStandings(workspace).all() == [(endpoint, None)]
    assert "damaged" in caplog.text
    workspace.close()
