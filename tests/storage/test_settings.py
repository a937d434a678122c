"""The settings of a workspace."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import insert, update

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.workspace_settings import ExpiryThresholds, WorkspaceSettings
from trustdesk.storage import schema
from trustdesk.storage.places import WorkspacePlace
from trustdesk.storage.settings import SettingsStore
from trustdesk.storage.workspace import Workspace


def test_nobody_has_chosen_anything_yet(workspace: Workspace) -> None:
    assert SettingsStore(workspace).read().result() == WorkspaceSettings()


def test_what_two_programs_change_stands_side_by_side(
    workspace: Workspace, workspace_place: WorkspacePlace
) -> None:
    other = Workspace.open(workspace_place)
    own = ExpiryThresholds(warn_days=45, urgent_per_cent=5)
    SettingsStore(workspace).change(lambda now: replace(now, thresholds=own)).result()
    endpoint = "https://1r.halden.example/HAC/notifications"
    SettingsStore(other).change(
        lambda now: replace(now, own_endpoint=endpoint, keep_days=90, notify=True)
    ).result()
    other.close()
    assert SettingsStore(workspace).read().result() == WorkspaceSettings(
        thresholds=own, own_endpoint=endpoint, keep_days=90, notify=True
    )


@pytest.mark.parametrize(
    "wrong",
    [
        WorkspaceSettings(keep_days=0),
        WorkspaceSettings(full_reports=0),
        WorkspaceSettings(due_after_hours=-1),
        WorkspaceSettings(thresholds=ExpiryThresholds(warn_days=5, urgent_days=6)),
        WorkspaceSettings(thresholds=ExpiryThresholds(warn_per_cent=101)),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    workspace: Workspace, wrong: WorkspaceSettings
) -> None:
    store = SettingsStore(workspace)
    before = store.change(lambda now: replace(now, keep_days=30)).result()
    with pytest.raises(UnusableInputError) as refused:
        store.change(lambda _now: wrong).result()
    assert refused.value.remedy is not None
    assert store.read().result() == before


@pytest.mark.parametrize("document", ["", "[]", '{"keep_days":"x"}', '{"keep_days":-5}', '{"thresholds":7}'])
def test_damaged_settings_are_as_none_with_a_warning(
    workspace: Workspace, document: str, caplog: pytest.LogCaptureFixture
) -> None:
    row = insert(schema.settings).values(name="workspace", document=document)
    workspace.submit(lambda connection: connection.execute(row)).result()
    assert SettingsStore(workspace).read().result() == WorkspaceSettings()
    assert "damaged" in caplog.text


def test_what_a_newer_program_added_is_passed_over(workspace: Workspace) -> None:
    store = SettingsStore(workspace)
    store.change(lambda now: replace(now, keep_days=30)).result()
    newer = update(schema.settings).values(document='{"keep_days":30,"colour":"red"}')
    workspace.submit(lambda connection: connection.execute(newer)).result()
    assert store.read().result() == WorkspaceSettings(keep_days=30)
