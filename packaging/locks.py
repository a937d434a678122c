"""The locks: pdm.lock is resolved from pyproject.toml, requirements.lock is what pip reads of it.

Neither names a registry: files are known by name and SHA-256, so that any mirror serves. Standard
library only; PDM itself runs from a throw-away environment.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path

# `locked`: PDM with the versions of its own dependencies that it was released with.
PDM = "pdm[locked]==2.29.3"

REQUIREMENTS = {"requirements.lock": "dev", "packaging/build.lock": "build"}
"""What pip installs: the program's own dependencies with each group, `.venv` and what builds artefacts."""

_HEADER = """\
# What pip installs, with hashes: the pins of pdm.lock. Made by: python3 packaging/dev.py lock
# inputs: {digest}
"""
_INPUTS = re.compile(r"^# inputs: (\S+)$", re.MULTILINE)
_PIN = re.compile(r"^([a-z0-9.-]+)(?:\[[^\]]*\])?==([^;\s]+)(.*)$", re.MULTILINE)
_HASH = re.compile(r"--hash=(sha256:[0-9a-f]{64})")

Pins = dict[tuple[str, str], frozenset[str]]
"""(name, version) to the hashes of its files."""


def make_locks(root: Path, python: Path, *, update: bool) -> None:
    """Write both locks anew; without `update` every pin that still fits stays.

    `python` belongs to an environment that may be thrown away: PDM is installed there.

    Raises:
        subprocess.CalledProcessError: pip or PDM failed; they have said why.
    """
    with tempfile.TemporaryDirectory(prefix="trustdesk-lock-") as folder:
        for name in ("pyproject.toml", "pdm.lock"):
            if (root / name).exists() and not (update and name == "pdm.lock"):
                shutil.copy(root / name, folder)
        subprocess.run([python, "-m", "pip", "install", "--quiet", PDM], check=True)
        pdm: list[str | Path] = [python, "-m", "pdm"]
        environ = {**os.environ, "PDM_CHECK_UPDATE": "0", "PDM_USE_VENV": "0", "PDM_PROJECT": folder}
        reuse = ["--update-reuse"] if Path(folder, "pdm.lock").exists() else []
        subprocess.run([*pdm, "lock", "--group", ":all", *reuse], env=environ, check=True)
        pyproject = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
        made = Path(folder, "pdm.lock").read_text(encoding="utf-8").splitlines(keepends=True)
        # What packages say of themselves is prose that nobody needs here, and some of it names hosts.
        lock = "".join(line for line in made if not line.startswith("summary = "))
        (root / "pdm.lock").write_text(lock, encoding="utf-8", newline="\n")
        for name, group in REQUIREMENTS.items():
            export = [*pdm, "export", "--group", group, "--format", "requirements"]
            subprocess.run([*export, "--output", f"{folder}/export"], env=environ, check=True)
            lines = Path(folder, "export").read_text(encoding="utf-8").splitlines(keepends=True)
            pins = "".join(line for line in lines if not line.startswith("#")).lstrip()
            text = _HEADER.format(digest=inputs_digest(pyproject)) + pins
            (root / name).write_text(text, encoding="utf-8", newline="\n")


def lock_problems(root: Path) -> list[str]:
    """Return why the locks are not what pyproject.toml asks for; empty when they are."""
    pyproject = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    lock = (root / "pdm.lock").read_text(encoding="utf-8")
    files = {name: _text_or_nothing(root / name) for name in REQUIREMENTS}
    problems = []
    noted = [_INPUTS.search(text) for text in files.values()]
    if any(found is None or found[1] != inputs_digest(pyproject) for found in noted):
        problems.append("The dependencies in pyproject.toml have changed since the locks were made.")
    # As pairs: two files may name one package, and each of them has to name its hashes.
    pins = {pin for text in files.values() for pin in pins_of_requirements(text).items()}
    if pins != set(pins_of_lock(tomllib.loads(lock)).items()):
        problems.append(f"{' and '.join(files)} do not hold the pins of pdm.lock.")
    problems.extend(
        f"{name} holds an address: a lock names files and hashes only."
        for name, text in {"pdm.lock": lock, **files}.items()
        if "://" in text or "index-url" in text
    )
    return [f"{problem} Run: python3 packaging/dev.py lock" for problem in problems]


def _text_or_nothing(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def inputs_digest(pyproject: Mapping[str, object]) -> str:
    """Digest what the locks follow from: dependencies, groups, build requirements, Python versions."""
    project, build = pyproject["project"], pyproject["build-system"]
    assert isinstance(project, dict)
    assert isinstance(build, dict)
    inputs = [
        project["requires-python"],
        project["dependencies"],
        pyproject.get("dependency-groups"),
        build["requires"],
    ]
    return f"sha256:{hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()}"


def pins_of_requirements(text: str) -> Pins:
    """Read a requirements file with hashes."""
    one_a_line = text.replace("\\\n", "")
    return {(found[1], found[2]): frozenset(_HASH.findall(found[3])) for found in _PIN.finditer(one_a_line)}


def pins_of_lock(lock: Mapping[str, list[dict[str, object]]]) -> Pins:
    """Read a pdm.lock; entries of one package for several extras are one pin."""
    pins: dict[tuple[str, str], set[str]] = {}
    for package in lock["package"]:
        files = package["files"]
        assert isinstance(files, list)
        hashes = pins.setdefault((str(package["name"]), str(package["version"])), set())
        hashes.update(file["hash"] for file in files)
    return {pin: frozenset(hashes) for pin, hashes in pins.items()}
