"""`trustdesk selftest`: what people and scripts read, with and without a workspace."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support import command
from tests.support.command import trustdesk
from tests.support.empty_workspace import made
from tests.support.memory_secrets import MemorySecrets
from trustdesk.app.window_checks import window_checks

__all__ = ["made"]


@pytest.fixture(autouse=True)
def keyring(monkeypatch: pytest.MonkeyPatch) -> MemorySecrets:
    secrets = MemorySecrets()
    monkeypatch.setattr("trustdesk.services.workspace_keys.keyring_store", lambda: secrets)
    monkeypatch.setattr("trustdesk.services.selftest.keyring_store", lambda: secrets)
    return secrets


def statuses(document: dict[str, object]) -> dict[str, str]:
    checks = document["checks"]
    assert isinstance(checks, list)
    return {one["check"]: one["status"] for one in checks}


def test_without_a_workspace_none_is_made_and_none_is_called_whole(tmp_path: Path) -> None:
    ran = trustdesk("selftest", "--json", "--workspace", tmp_path / "none")
    assert ran.status == 0
    assert ran.document["schema"] == "trustdesk.selftest/1"
    assert statuses(ran.document)["workspace"] == "not_run"
    assert not (tmp_path / "none").exists()


def test_a_workspace_is_looked_at_with_qt_and_fonts(
    made: Path, monkeypatch: pytest.MonkeyPatch, keyring: MemorySecrets
) -> None:
    environ = {"QT_QPA_PLATFORM": "offscreen"}
    faces = replace(command.FACES, window_checks=lambda: window_checks(environ))
    monkeypatch.setattr(command, "FACES", faces)
    keyring.is_locked = True
    ran = trustdesk("selftest", "--json", "--workspace", made)
    found = statuses(ran.document)
    assert found["workspace"] == found["libraries"] == found["qt"] == "pass"
    assert (found["window"], found["keyring"]) == ("warn", "warn")
    assert found["fonts"] in {"pass", "warn"}
    assert (ran.status, ran.document["verdict"]) == (0, "warn")


def test_what_failed_is_told_with_its_remedy(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "damaged"
    folder.mkdir()
    (folder / "workspace.sqlite").write_bytes(b"no database at all, but long enough to look like one" * 40)
    ran = trustdesk("selftest", "--workspace", folder)
    assert ran.status == 1
    assert "✗ Failed" in ran.out
    assert "Something has to be put right first." in ran.out
