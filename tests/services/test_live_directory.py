"""The directory's desk: tidied before it is kept, undone once, and what is searched is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support import samples
from tests.support.empty_workspace import made, workspace
from tests.support.memory_secrets import MemorySecrets
from tests.support.partner_samples import endpoint, full_entry
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.partner import Partner, PartnerEntry
from trustdesk.core.trust_decision import PartnerPolicy
from trustdesk.services.clock import SystemClock
from trustdesk.services.directory_values import DirectoryChange
from trustdesk.services.last_seen import SHORT_CHANGES, LastSeen, weightiest
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.live_directory import LiveDirectory
from trustdesk.storage.directory import Directory
from trustdesk.storage.workspace import Workspace

__all__ = ["made", "workspace"]


class _Clock:
    def now(self) -> datetime:
        return datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def desk(workspace: Workspace, told: list[str]) -> Iterator[LiveDirectory]:
    opened = LiveDirectory(
        workspace,
        clock=_Clock(),
        changed=lambda: told.append("changed"),
        policies_changed=lambda: told.append("policies"),
    )
    yield opened
    opened.close()


def test_a_partner_is_tidied_kept_found_in_any_case_and_taken_back(
    desk: LiveDirectory, told: list[str]
) -> None:
    change = desk.save(full_entry("  Nordwind   Cargo ")).result()
    assert (change.added, change.changed, told) == (1, 0, ["changed"])
    found = desk.partner("NORDWIND cargo").result()
    assert found.partner.name == "Nordwind Cargo"
    desk.undo(change).result()
    assert desk.partners().result() == ()
    with pytest.raises(UnusableInputError, match="cannot be undone any more"):
        desk.undo(change).result()
    with pytest.raises(UnusableInputError, match="no partner"):
        desk.partner("Nordwind Cargo").result()


def test_what_is_unusable_is_not_kept(desk: LiveDirectory, told: list[str]) -> None:
    with pytest.raises(UnusableInputError, match="has no name"):
        desk.save(PartnerEntry(partner=Partner(name=" "))).result()
    assert told == []


def test_a_change_that_had_no_undo_says_so(desk: LiveDirectory) -> None:
    with pytest.raises(UnusableInputError, match="cannot be undone any more"):
        desk.undo(DirectoryChange(removed=1)).result()


def test_a_directory_goes_out_and_comes_back(desk: LiveDirectory, tmp_path: Path) -> None:
    desk.save(full_entry()).result()
    desk.save(full_entry("Zephyr")).result()
    file = tmp_path / "all.csv"
    assert desk.export(file).result() == 2
    assert desk.export(tmp_path / "one.json", ["Zephyr"]).result() == 1
    with pytest.raises(UnusableInputError, match="no partner"):
        desk.export(file, ["Nobody"]).result()
    before = desk.partners().result()
    removed = desk.remove(["Zephyr"]).result()
    preview = desk.prepare_import(file).future.result()
    # It looks like the one that is there still: the same company, and the same endpoints.
    assert [str(row.standing) for row in preview.rows] == ["same", "duplicate"]
    change = desk.apply_import(preview, with_duplicates=["Zephyr"]).result()
    assert (change.added, change.changed) == (1, 0)
    assert [one.partner.name for one in desk.partners().result()] == ["Nordwind Cargo", "Zephyr"]
    desk.undo(change).result()
    desk.undo(removed).result()
    assert desk.partners().result() == before
    assert len(desk.duplicates().result()) > 0


def test_an_import_from_an_older_state_changes_nothing(desk: LiveDirectory, tmp_path: Path) -> None:
    desk.save(full_entry()).result()
    file = tmp_path / "p.csv"
    file.write_text("partner,company_id\nNordwind Cargo,ZZZ\nZephyr,ZEP\n")
    preview = desk.prepare_import(file).future.result()
    (read,) = desk.partners().result()
    desk.save(replace(read, partner=replace(read.partner, note="other"))).result()
    with pytest.raises(UnusableInputError, match="changed by somebody else"):
        desk.apply_import(preview).result()
    assert [one.partner.company_id for one in desk.partners().result()] == ["NWC"]


def test_what_was_seen_last_is_told_by_endpoint(desk: LiveDirectory, workspace: Workspace) -> None:
    entry = PartnerEntry(
        partner=Partner(name="Zephyr"), endpoints=(endpoint("a.example"), endpoint("b.example"))
    )
    desk.save(entry).result()
    tested, never = desk.partners().result()[0].endpoints
    report = samples.healthy()
    later = replace(samples.not_reached().record, started_at=report.record.started_at.replace(year=2027))
    Directory(workspace).record_report(tested.id, report).result()
    seen = desk.last_seen().result()
    assert seen[tested.id] == LastSeen(sha256=report.record.presented_chain[0].sha256)
    assert seen[never.id] == LastSeen()
    Directory(workspace).record_report(tested.id, replace(samples.not_reached(), record=later)).result()
    now = desk.last_seen().result()[tested.id]
    assert (now.sha256, now.changed_at) == (None, later.started_at)
    assert now.changed is not None


def test_of_several_changes_the_weightiest_is_told() -> None:
    assert weightiest(reversed(list(SHORT_CHANGES))) is next(iter(SHORT_CHANGES))
    assert weightiest(()) is None


def test_a_policy_goes_with_its_partner_through_the_whole_desk(tmp_path: Path) -> None:
    desk = LiveDesk(
        workspace=Workspace.open(tmp_path / "desk"),
        trust_lists=(),
        identities={},
        clock=SystemClock(),
        keyring=MemorySecrets(),
    )
    try:
        directory, trust = desk.directory_desk, desk.trust_desk
        directory.save(full_entry()).result(timeout=30)
        policy = PartnerPolicy(partner="Nordwind Cargo", pins=("ab" * 32,))
        trust.set_policy(policy, "agreed").future.result(timeout=30)
        read = directory.partner("Nordwind Cargo").result(timeout=30)
        renamed = replace(read, partner=replace(read.partner, name="Südwind"))
        directory.save(renamed).result(timeout=30)
        removed = directory.remove(["Südwind"]).result(timeout=30)
        gone = trust.policies().result(timeout=30)
        directory.undo(removed).result(timeout=30)
        (back,) = trust.policies().result(timeout=30)
        log = trust.log().future.result(timeout=30)
        found = [hit.title for hit in desk.search("nwc").result(timeout=30)]
    finally:
        desk.close()
    assert gone == ()
    assert (back.partner, back.sealed) == ("Südwind", True)
    assert (log.untold, log.sealed, log.broken_at) == ((), True, None)
    assert set(found) == {"Südwind"}
