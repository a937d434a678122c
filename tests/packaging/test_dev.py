"""dev.py: what it starts, what it passes on, and that a second call goes straight on."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import dev
from apt_packages import CannotInstallError

DEV = Path(dev.__file__)


class Noted:
    """Stands in for starting a program: notes its arguments, returns its status."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.arguments: list[str] = []

    def __call__(self, arguments: Sequence[str | Path]) -> int:
        self.arguments = [str(argument) for argument in arguments]
        return self.status


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A project in a folder of its own whose environment is up to date."""
    venv = tmp_path / ".venv"
    program = venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    program.parent.mkdir(parents=True)
    program.symlink_to(sys.executable)
    for name in ("requirements.lock", "pyproject.toml", ".venv/pyvenv.cfg"):
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "VENV", venv)
    monkeypatch.setattr(dev, "STAMP", venv / "stamp")
    monkeypatch.setattr(dev, "program", lambda name, folder=venv: folder / "bin" / name)
    dev.STAMP.write_text(dev.fingerprint())
    return tmp_path


def test_environment_with_a_fitting_stamp_is_taken_as_it_is(installed: Path) -> None:
    assert dev.is_installed()


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml", ".venv/pyvenv.cfg"])
def test_change_of_what_was_installed_from_installs_again(installed: Path, name: str) -> None:
    (installed / name).write_text("changed")

    assert not dev.is_installed()


def test_environment_whose_python_has_gone_is_none(installed: Path) -> None:
    (installed / ".venv/bin/python").unlink()

    assert not dev.is_installed()
    assert not dev.venv_works()


def test_missing_library_without_apt_is_said_and_stops(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "lacking_system", lambda **_: {"libgl1": "libGL.so.1"})
    monkeypatch.setattr(shutil, "which", lambda name: None)

    with pytest.raises(dev.CannotGoOnError, match=r"libGL\.so\.1"):
        dev.provide_system(window=True, tests=False, assume_yes=True)


def test_missing_test_program_without_apt_is_said_and_goes_on(
    installed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "lacking_programs", lambda: {"nginx-light": "nginx"})
    monkeypatch.setattr(dev, "lacking_system", lambda **_: {"nginx-light": "nginx"})
    monkeypatch.setattr(shutil, "which", lambda name: None)

    dev.provide_system(window=True, tests=True, assume_yes=True)

    assert "nginx" in capsys.readouterr().out


def test_packages_that_were_not_installed_stop_with_their_own_status() -> None:
    script = (
        "import runpy, sys, apt_packages\n"
        "def refuse(*_, **__): raise apt_packages.CannotInstallError('type this')\n"
        "apt_packages.provide = refuse\n"
        "apt_packages.lacking_programs = lambda: {'nginx-light': 'nginx'}\n"
        "import shutil; shutil.which = lambda *_, **__: '/usr/bin/apt-get'\n"
        f"sys.argv = ['dev.py', 'test']; runpy.run_path({str(DEV)!r}, run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=DEV.parent, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (3, "type this\n")
    assert issubclass(CannotInstallError, Exception)


def test_run_passes_its_options_to_the_demo(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = Noted(status=5)
    monkeypatch.setattr(dev, "provide_system", lambda **_: None)
    monkeypatch.setattr(dev, "start", program)

    assert dev.main(["run", "--headless", "--output", "x", "--yes"]) == 5
    assert program.arguments[1:] == ["-P", "-m", "trustdesk", "demo", "--headless", "--output", "x"]


@pytest.mark.parametrize(("checks", "tests", "status"), [(0, 0, 0), (1, 0, 1), (0, 2, 2), (1, 2, 2)])
def test_test_fails_when_either_half_does(
    monkeypatch: pytest.MonkeyPatch, checks: int, tests: int, status: int
) -> None:
    monkeypatch.setattr(dev, "check", lambda: checks)
    monkeypatch.setattr(dev, "in_project", lambda arguments: tests)

    assert dev.test([]) == status


def test_test_with_arguments_is_pytest_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    program = Noted(status=0)
    monkeypatch.setattr(dev, "check", lambda: pytest.fail("no check was asked for"))
    monkeypatch.setattr(dev, "in_project", program)

    assert dev.test(["-k", "probe"]) == 0
    assert program.arguments[1:] == ["-m", "pytest", "-k", "probe"]


@pytest.mark.parametrize(
    ("arguments", "status"), [([], 2), (["fly"], 2), (["check", "--fly"], 2), (["--help"], 0)]
)
def test_wrong_call_is_said_with_status_2(arguments: list[str], status: int) -> None:
    done = subprocess.run([sys.executable, DEV, *arguments], capture_output=True, text=True, check=False)

    assert done.returncode == status
    assert "Traceback" not in done.stderr


def test_older_python_gets_as_far_as_the_sentence_that_names_the_version() -> None:
    """The file has to compile on what old systems call python3; what it imports comes after the check."""
    ast.parse(DEV.read_text(encoding="utf-8"), feature_version=(3, 7))


def test_readme_and_ci_call_what_is_there() -> None:
    readme = (DEV.parent.parent / "README.md").read_text(encoding="utf-8")
    ci = (DEV.parent.parent / ".ci" / "run").read_text(encoding="utf-8")

    assert "python3 packaging/dev.py run\n" in readme
    assert "python3 packaging/dev.py test\n" in readme
    assert "python3 packaging/dev.py test --yes" in ci
