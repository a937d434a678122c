"""The house rules that no linter knows: what lies where, how big it is, what importing it costs."""

from __future__ import annotations

import ast
import string
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "trustdesk"
LAYERS = {
    "app",
    "cli",
    "core",
    "diagnose",
    "formats",
    "gui",
    "lab",
    "network",
    "services",
    "storage",
    "verify",
}
TOP_LEVEL = {
    ".ci",
    ".gitignore",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "packaging",
    "pdm.lock",
    "pyproject.toml",
    "requirements.lock",
    "resources",
    "tests",
    "trustdesk",
}
MODULES = sorted(PACKAGE.rglob("*.py"))
MAX_LINES = 400
UNWANTED_NAMES = {"util", "utils", "helpers", "common", "manager", "misc"}
HEAVY = {
    "OpenSSL",
    "PySide6",
    "alembic",
    "asyncio",
    "cattrs",
    "click",
    "cryptography",
    "h11",
    "keyring",
    "rich",
    "socket",
    "sqlalchemy",
    "ssl",
}
NOT_IN_THE_FRAME = {
    "subprocess",
    "trustdesk.core.certificate",
    "trustdesk.core.inspection",
    "trustdesk.gui.frame.search_results",
    "trustdesk.services.fingerprints",
    "trustdesk.services.search",
}
HEAVY_FOR_THE_WINDOW = {"OpenSSL", "alembic", "cryptography", "keyring", "sqlalchemy", "ssl"}


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def loaded_after_import(modules: list[str], watched: set[str]) -> list[str]:
    """Import modules in a fresh interpreter; return which of the watched ones came along."""
    script = (
        "import importlib, sys\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        f"print(*sorted({watched!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@cache
def message_calls() -> tuple[tuple[str, ast.Call], ...]:
    return tuple(
        (f"{path.relative_to(ROOT)}:{node.lineno}", node)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) in {"msg", "msg_n"}
    )


def test_top_level_is_what_the_architecture_names() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout: a source archive has what the build puts there")
    assert {line.partition("/")[0] for line in listed.stdout.splitlines()} == TOP_LEVEL


def test_layers_are_those_of_the_architecture_and_say_what_they_are_for() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name[0] not in "_."}
    assert folders == LAYERS
    for layer in LAYERS:
        text = ast.get_docstring(ast.parse((PACKAGE / layer / "__init__.py").read_text(encoding="utf-8")))
        assert text, f"trustdesk/{layer}/__init__.py has no docstring"
        assert "import" in text or layer == "app", f"trustdesk/{layer} does not say whom it may import"


def test_import_contracts_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("folder", ["packaging", "tests"])
def test_folder_is_no_package(folder: str) -> None:
    """A package named `packaging` or `tests` would hide, or be hidden by, an installed one."""
    assert list((ROOT / folder).rglob("__init__.py")) == []


def test_modules_stay_readable_in_one_sitting() -> None:
    places = [*MODULES, *(ROOT / "packaging").rglob("*.py")]
    lengths = {dotted(path): len(path.read_text(encoding="utf-8").splitlines()) for path in places}
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}


def test_no_module_is_named_for_being_left_over() -> None:
    assert [dotted(path) for path in MODULES if UNWANTED_NAMES & set(path.stem.split("_"))] == []


def test_core_loads_no_library_and_touches_no_network() -> None:
    core = [dotted(path) for path in MODULES if path.is_relative_to(PACKAGE / "core")]
    assert loaded_after_import(core, HEAVY) == []


def test_window_loads_nothing_heavy_before_its_first_paint() -> None:
    gui = [dotted(path) for path in MODULES if path.is_relative_to(PACKAGE / "gui")]
    assert loaded_after_import(gui, HEAVY_FOR_THE_WINDOW) == []


def test_frame_is_painted_before_the_values_of_the_pages_are_imported() -> None:
    assert loaded_after_import(["trustdesk.app.window", "trustdesk.gui.application"], NOT_IN_THE_FRAME) == []


def test_sentences_are_literals_that_the_catalogue_can_hold() -> None:
    for place, call in message_calls():
        ids = call.args[: 2 if getattr(call.func, "id", None) == "msg_n" else 1]
        assert ids, f"{place}: no sentence"
        for argument in ids:
            literal = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            assert literal, f"{place}: the sentence is no literal, so it is not extracted"


def test_sentences_have_a_parameter_for_every_place_and_a_place_for_every_parameter() -> None:
    for place, call in message_calls():
        plural = getattr(call.func, "id", None) == "msg_n"
        given = {keyword.arg for keyword in call.keywords}
        if None in given:
            continue  # **params: seen when the sentence is rendered
        for argument in call.args[: 2 if plural else 1]:
            assert isinstance(argument, ast.Constant)
            named = {
                field for _, field, _, _ in string.Formatter().parse(str(argument.value)) if field is not None
            }
            # A plural's count need not be said in words: "It is {days} days old", "the certificate".
            assert named - ({"count"} if plural else set()) == given, f"{place}: places and parameters differ"
