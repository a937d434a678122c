"""The last readiness check of an endpoint: kept, replaced, gone with its endpoint."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update

from tests.support.readiness_samples import readiness
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Verdict
from trustdesk.core.target import parse_target
from trustdesk.storage.directory import Directory
from trustdesk.storage.readiness_checks import ReadinessChecks
from trustdesk.storage.schema import endpoints, readiness_checks
from trustdesk.storage.workspace import Workspace

TARGET = parse_target("https://a.example")


def added(workspace: Workspace) -> int:
    return Directory(workspace).add_endpoint("Nordwind", TARGET).result().id


def count(workspace: Workspace) -> int:
    counting = select(func.count()).select_from(readiness_checks)
    return workspace.submit(lambda connection: connection.execute(counting).scalar_one()).result()


def test_a_check_comes_back_as_it_was_kept_and_the_next_one_takes_its_place(workspace: Workspace) -> None:
    checks, endpoint_id = ReadinessChecks(workspace), added(workspace)
    first = readiness(endpoint_id)
    assert checks.last(endpoint_id).result() is None
    assert checks.keep(first, TARGET).result()
    assert checks.last(endpoint_id).result() == first
    later = replace(first, at=first.at + timedelta(days=1), verdict=Verdict.WARN, findings=first.findings[:3])
    assert checks.keep(later, TARGET).result()
    assert checks.last(endpoint_id).result() == later
    assert count(workspace) == 1


def test_nothing_is_kept_of_an_endpoint_that_is_gone_and_a_check_goes_with_its_own(
    workspace: Workspace,
) -> None:
    checks, endpoint_id = ReadinessChecks(workspace), added(workspace)
    checks.keep(readiness(endpoint_id), TARGET).result()
    workspace.submit(
        lambda connection: connection.execute(delete(endpoints).where(endpoints.c.id == endpoint_id))
    ).result()
    assert count(workspace) == 0
    assert not checks.keep(readiness(endpoint_id), TARGET).result()


def test_a_check_is_kept_of_no_other_endpoint_that_has_its_number(workspace: Workspace) -> None:
    checks, endpoint_id = ReadinessChecks(workspace), added(workspace)
    assert not checks.keep(readiness(endpoint_id), parse_target("https://b.example")).result()
    assert checks.last(endpoint_id).result() is None


@pytest.mark.parametrize("document", ["{}", '{"schema": 1, "readiness": {"verdict": "splendid"}}'])
def test_what_is_damaged_says_so_and_what_a_newer_program_wrote_is_passed_over(
    workspace: Workspace, document: str
) -> None:
    checks, endpoint_id = ReadinessChecks(workspace), added(workspace)
    checks.keep(readiness(endpoint_id), TARGET).result()

    def written(text: str) -> None:
        workspace.submit(
            lambda connection: connection.execute(update(readiness_checks).values(document=text))
        ).result()

    written(document)
    with pytest.raises(UnusableInputError):
        checks.last(endpoint_id).result()
    written('{"schema": 2, "else": true}')
    assert checks.last(endpoint_id).result() is None
