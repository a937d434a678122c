"""The locks: fresh, complete, with hashes and without addresses."""

from __future__ import annotations

import copy
import shutil
import tomllib
from pathlib import Path

import pytest

import locks

ROOT = Path(__file__).resolve().parents[2]
HASH = "sha256:" + "0" * 64


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "packaging").mkdir()
    for name in ("pyproject.toml", "pdm.lock", *locks.REQUIREMENTS):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_committed_locks_are_fresh() -> None:
    assert locks.lock_problems(ROOT) == []


def test_changed_dependency_makes_the_locks_stale(project: Path) -> None:
    edit(project / "pyproject.toml", '"h11>=', '"h11>=0.1,>=')

    (problem,) = locks.lock_problems(project)

    assert problem.startswith("The dependencies in pyproject.toml have changed")


def test_setting_of_a_tool_leaves_the_locks_fresh(project: Path) -> None:
    edit(project / "pyproject.toml", "line-length = 110", "line-length = 100")

    assert locks.lock_problems(project) == []


def test_changed_hash_is_noticed(project: Path) -> None:
    text = (project / "requirements.lock").read_text(encoding="utf-8")
    first = text[text.index("sha256:", text.index("--hash")) :][: len(HASH)]
    edit(project / "requirements.lock", f"--hash={first}", f"--hash={HASH}")

    assert locks.lock_problems(project) == [
        "requirements.lock and packaging/build.lock do not hold the pins of pdm.lock. "
        "Run: python3 packaging/dev.py lock"
    ]


@pytest.mark.parametrize("line", ["--index-url x\n", "# https://registry.example/simple\n"])
def test_address_of_a_registry_is_noticed(project: Path, line: str) -> None:
    edit(project / "requirements.lock", "# inputs", f"{line}# inputs")

    (problem,) = locks.lock_problems(project)

    assert problem.startswith("requirements.lock holds an address")


def test_every_pin_has_hashes_and_the_build_backend_is_among_them() -> None:
    pins = locks.pins_of_requirements((ROOT / "requirements.lock").read_text(encoding="utf-8"))

    assert all(pins.values())
    assert {"hatchling", "editables", "pytest", "pyside6-essentials", "cryptography"} <= {
        name for name, _ in pins
    }


def test_binding_below_python_3_12_is_one_that_does_not_kill_the_process() -> None:
    lock = tomllib.loads((ROOT / "pdm.lock").read_text(encoding="utf-8"))

    versions = [entry["version"] for entry in lock["package"] if entry["name"] == "pyside6-essentials"]

    assert any(tuple(map(int, version.split(".")[:2])) < (6, 12) for version in versions)


def test_locks_serve_linux_macos_and_windows() -> None:
    lock = tomllib.loads((ROOT / "pdm.lock").read_text(encoding="utf-8"))
    files = [
        file["file"]
        for entry in lock["package"]
        if entry["name"] == "cryptography"
        for file in entry["files"]
    ]

    for system in ("manylinux", "macosx", "win_amd64"):
        assert any(system in name for name in files), system


def test_digest_follows_from_what_is_resolved_and_from_nothing_else() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    other = copy.deepcopy(pyproject)
    other["project"]["description"] = "other"
    assert locks.inputs_digest(other) == locks.inputs_digest(pyproject)
    other["build-system"]["requires"] = ["hatchling>=99"]
    assert locks.inputs_digest(other) != locks.inputs_digest(pyproject)
