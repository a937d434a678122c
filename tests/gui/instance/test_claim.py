"""Whose window it is: one process a workspace, and a lock whose process was killed is nobody's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from trustdesk.gui.instance.claim import Claim, claim_window, private_folder

HOLDS = """
import sys, time
from pathlib import Path
from trustdesk.gui.instance.claim import Claim
claim = Claim(Path(sys.argv[1]), Path("/workspace"))
print(claim.is_first, flush=True)
time.sleep(60)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "run"
    made.mkdir(mode=0o700)
    return made


def test_second_claim_of_a_workspace_is_not_the_first_until_that_is_released(folder: Path) -> None:
    first = Claim(folder, Path("/workspace"))
    second = Claim(folder, Path("/workspace"))

    assert (first.is_first, second.is_first, second.is_taken) == (True, False, True)
    assert first.socket == second.socket
    first.release()
    third = Claim(folder, Path("/workspace"))
    assert third.is_first
    third.release()


def test_workspaces_have_windows_of_their_own(folder: Path) -> None:
    one, other = Claim(folder, Path("/one")), Claim(folder, Path("/other"))

    assert one.is_first
    assert other.is_first
    assert one.socket != other.socket
    one.release()
    other.release()


def test_lock_of_a_process_that_was_killed_is_stale(folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDS, folder], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        assert Claim(folder, Path("/workspace")).is_taken
        holder.kill()

    claim = Claim(folder, Path("/workspace"))

    assert claim.is_first
    claim.release()


def test_folder_that_cannot_be_written_asks_nobody(folder: Path) -> None:
    claim = Claim(folder / "gone", Path("/workspace"))

    assert (claim.is_first, claim.is_taken) == (False, False)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps the runtime folder in the profile")
def test_folder_that_others_can_enter_is_not_taken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    assert private_folder(str(folder)) == folder

    folder.chmod(0o750)

    assert private_folder(str(folder)) == folder / "cache" / "trustdesk" / "run"
    assert (folder / "cache" / "trustdesk" / "run").stat().st_mode & 0o777 == 0o700


def test_no_folder_of_ones_own_is_no_claim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))

    assert claim_window(Path("/workspace")) is None
