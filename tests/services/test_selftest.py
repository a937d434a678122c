"""The self-test's checks, one by one, and the whole of it on a real workspace."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path

import pytest

from tests.support import samples
from tests.support.empty_workspace import made
from tests.support.fake_desk import FakeDesk
from tests.support.memory_secrets import MemorySecrets
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.finding import FindingStatus, Verdict
from trustdesk.core.key_store import KeyStoreKind, KeyStoreState, KeyStoreStatus
from trustdesk.core.message import msg
from trustdesk.core.self_check import SelfCheck, verdict_of
from trustdesk.services import selftest
from trustdesk.services.builtin_list import builtin_summary
from trustdesk.services.clock_check import clock_check, newest_tested, told_offset_s
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.trust_lists import certifi_list
from trustdesk.services.wording import wording
from trustdesk.storage.places import FILE_NAME
from trustdesk.storage.workspace import Workspace
from trustdesk.storage.workspace_check import WorkspaceCheck

__all__ = ["made"]

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
PASS, WARN, FAIL, NOT_RUN = (
    FindingStatus.PASS,
    FindingStatus.WARN,
    FindingStatus.FAIL,
    FindingStatus.NOT_RUN,
)


def said(check: SelfCheck) -> str:
    return wording("en").text(check.found)


@pytest.mark.parametrize(
    ("told", "is_synchronised", "status"),
    [
        ((0.2, 3), None, PASS),
        ((-0.4, 1), False, PASS),  # servers know better than the system
        ((40.0, 2), None, WARN),
        ((40.0, 2), True, PASS),  # their clocks differ, not ours
        ((-4000.0, 2), True, FAIL),
        (None, True, PASS),
        (None, False, WARN),
        (None, None, NOT_RUN),
    ],
)
def test_the_clock_is_what_servers_and_the_system_say(
    told: tuple[float, int] | None, is_synchronised: bool | None, status: FindingStatus
) -> None:
    check = clock_check(told, NOW, is_synchronised=is_synchronised)
    assert check.status is status
    assert (check.remedy is None) is (status is PASS)


def test_a_clock_before_the_program_was_made_is_wrong() -> None:
    assert clock_check((0.0, 3), datetime(2020, 1, 1, tzinfo=UTC)).status is FAIL


def test_the_middle_of_what_recent_answers_said_counts() -> None:
    reports = list(samples.reports().values())
    one = reports[0]
    told = [replace(one, record=replace(one.record, clock_offset_s=value)) for value in (0.1, 900.0, 0.3)]
    assert told_offset_s([*told, None]) == (0.3, 3)
    assert told_offset_s([None]) is None
    row = samples.board_rows()[0]
    old, new = replace(row, tested_at=NOW - timedelta(days=8)), replace(row, tested_at=NOW)
    assert newest_tested([old, new, replace(row, tested_at=None)], NOW) == (new,)


@pytest.mark.parametrize(
    ("free", "status"), [(10**12, PASS), (100 * 2**20, WARN), (2**20, FAIL)], ids=["room", "little", "none"]
)
def test_disk_says_how_much_room_there_is(tmp_path: Path, free: int, status: FindingStatus) -> None:
    check = selftest.disk_check(tmp_path, free)
    assert check.status is status
    assert str(tmp_path) in said(check)


def test_a_folder_that_is_not_there_yet_is_measured_where_it_will_be(tmp_path: Path) -> None:
    assert selftest.disk_check(tmp_path / "a" / "b").status in {PASS, WARN}


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (KeyStoreState.READY, PASS),
        (KeyStoreState.LOCKED, WARN),
        (KeyStoreState.UNAVAILABLE, FAIL),
        (KeyStoreState.REFUSED, FAIL),
    ],
)
def test_a_keyring_that_cannot_be_used_has_a_remedy(state: KeyStoreState, status: FindingStatus) -> None:
    keyring = KeyStoreStatus(kind=KeyStoreKind.KEYRING, state=state, title="Secret Service")
    no_vault = KeyStoreStatus(kind=KeyStoreKind.VAULT, state=KeyStoreState.ABSENT, title="Vault")
    (check,) = selftest.keyring_checks([keyring, no_vault])
    assert check.status is status
    assert (check.remedy is None) is (status is PASS)


def test_lists_say_their_age_and_what_waits() -> None:
    public = builtin_summary(in_force=True)
    assert [one.status for one in selftest.lists_checks([public], NOW)] == [WARN]
    assert selftest.lists_checks([replace(public, in_force=False)], NOW)[0].status is FAIL
    applied = public.applied
    assert applied is not None
    own = replace(public, is_builtin=False, title="Pilot", applied=replace(applied, issued_at=NOW))
    assert selftest.lists_checks([own], NOW)[0].status is PASS
    assert "0 days" in said(selftest.lists_checks([own], NOW)[0])
    late = replace(own, applied=replace(applied, next_update=NOW - timedelta(days=2)))
    assert "2026-11-26" in said(selftest.lists_checks([late], NOW)[0])
    assert selftest.lists_checks([replace(own, applied=None)], NOW)[0].status is FAIL


def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        metadata,
        "requires",
        lambda _name: ["click>=8", "not-there>=1", 'pywin32; sys_platform == "x"'],
    )
    check = selftest.libraries_check()
    assert (check.status, said(check)) == (FAIL, "Missing: not-there.")
    monkeypatch.setattr(metadata, "requires", lambda _name: None)
    assert selftest.libraries_check().status is NOT_RUN


def test_a_damaged_workspace_has_the_line_to_type() -> None:
    damaged = WorkspaceCheck(place="x", rows=1, problems=(msg("The tables differ."),), not_looked_at=())
    check = selftest.workspace_check(damaged)
    assert check.status is FAIL
    assert check.command.startswith("trustdesk workspace restore")


def test_one_look_that_fails_ends_no_other() -> None:
    desk = FakeDesk()
    desk.failure = EnvironmentFailureError(msg("The board is gone."), remedy=msg("Look."))

    def look() -> WorkspaceCheck:
        raise EnvironmentFailureError(msg("It cannot be read."), remedy=msg("Mend it."))

    found = {check.name: check for check in selftest.desk_checks(desk, look, NOW)}
    assert found["clock"].status is FAIL
    assert said(found["workspace"]) == "It cannot be read."
    assert found["keyring"].status is not FAIL


def test_without_a_workspace_it_is_not_run_and_no_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selftest, "keyring_store", MemorySecrets)
    found = {check.name: check for check in selftest.without_desk(None, NOW)}
    assert found["workspace"].status is NOT_RUN
    assert found["keyring"].status is PASS
    error = EnvironmentFailureError(msg("It is locked."), remedy=msg("Close the other."))
    assert selftest.without_desk(error, NOW)[-1].status is FAIL
    assert verdict_of([]) is Verdict.PASS


def test_a_real_desk_looks_at_itself_and_finds_what_was_damaged(workspace: Workspace) -> None:
    class Clock:
        def now(self) -> datetime:
            return NOW

    desk = LiveDesk(
        workspace=workspace,
        trust_lists=(certifi_list(),),
        identities={},
        clock=Clock(),
        keyring=MemorySecrets(),
    )
    try:
        test = desk.self_test().result()
        found = {check.name: check.status for check in test.checks}
        assert set(found) == {
            "program",
            "libraries",
            "resources",
            "disk",
            "keyring",
            "clock",
            "lists",
            "workspace",
        }
        assert found["workspace"] is found["keyring"] is found["libraries"] is found["resources"] is PASS
        assert found["lists"] is WARN
        with closing(sqlite3.connect(workspace.folder / FILE_NAME)) as file:
            file.execute("CREATE TABLE strange (a)")
        damaged = {check.name: check.status for check in desk.self_test().result().checks}
        assert damaged["workspace"] is FAIL
    finally:
        desk.close()
