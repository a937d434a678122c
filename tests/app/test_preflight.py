"""What is said before Qt would abort."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from trustdesk.app import preflight
from trustdesk.services.wording import wording

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="sonames are a matter of Linux")


def texts(problems: tuple[preflight.Problem, ...]) -> list[str]:
    return [wording("en").text(problem.problem) for problem in problems]


@pytest.mark.parametrize(
    ("environ", "shown"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "minimal:fontengine=freetype"}, False),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen;xcb"}, True),
        ({"DISPLAY": ""}, False),
    ],
)
def test_linux_shows_a_window_where_a_display_is_and_qt_is_not_told_to_draw_unseen(
    environ: dict[str, str], shown: bool
) -> None:
    assert preflight.can_show_window(environ, "linux") is shown


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_windows_and_macos_always_have_a_display(platform: str) -> None:
    assert preflight.can_show_window({}, platform)


@linux_only
def test_no_display_is_said_before_qt_is_imported() -> None:
    assert texts(preflight.window_problems({})) == [
        "There is no display: neither WAYLAND_DISPLAY nor DISPLAY is set."
    ]


@linux_only
def test_drawing_offscreen_needs_no_display() -> None:
    assert preflight.window_problems({"QT_QPA_PLATFORM": "offscreen"}) == ()


@linux_only
def test_missing_libraries_are_named_with_one_line_that_installs_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gone = {"libEGL.so.1", "libxcb-cursor.so.0"}
    monkeypatch.setattr(
        preflight, "missing_libraries", lambda names: [name for name in names if name in gone]
    )
    monkeypatch.setattr(Path, "exists", lambda path: True)

    problems = preflight.window_problems({"DISPLAY": ":0"})

    assert texts(problems) == [
        "2 system libraries that the window needs are missing: libEGL.so.1, libxcb-cursor.so.0."
    ]
    assert problems[0].command == "apt-get install --no-install-recommends libegl1 libxcb-cursor0"


@linux_only
def test_system_without_apt_gets_no_apt_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "missing_libraries", lambda names: [n for n in names if n == "libGL.so.1"])
    monkeypatch.setattr(Path, "exists", lambda path: False)

    (problem,) = preflight.window_problems({"DISPLAY": ":0"})

    assert problem.command is None
    assert "package manager" in wording("en").text(problem.remedy)


@linux_only
def test_one_complete_display_is_enough_where_two_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        preflight, "missing_libraries", lambda names: [name for name in names if "wayland" in name]
    )

    assert preflight.window_problems({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}) == ()
    assert len(preflight.window_problems({"WAYLAND_DISPLAY": "wayland-0"})) == 1


@linux_only
def test_loader_is_asked_for_libraries_not_the_package_database() -> None:
    assert preflight.missing_libraries(["libc.so.6", "libtrustdesk-none.so.9"]) == ["libtrustdesk-none.so.9"]


@pytest.mark.parametrize(
    ("python", "pyside", "said"),
    [
        ((3, 11), (6, 12), "PySide6 6.12 kills Python 3.11 after some seconds."),
        ((3, 11), (6, 11), None),
        ((3, 12), (6, 12), None),
        ((3, 12), None, "PySide6, which draws the window, is not installed."),
    ],
)
def test_binding_that_would_kill_the_process_is_refused(
    python: tuple[int, int], pyside: tuple[int, int] | None, said: str | None
) -> None:
    problems = tuple(preflight._binding_problems(python, pyside))

    assert texts(problems) == ([said] if said else [])


def test_version_read_from_the_files_is_the_one_that_qt_reports() -> None:
    from PySide6 import __version_info__

    assert preflight._pyside_version() == __version_info__[:2]


def test_every_library_has_a_package_that_looks_like_one_of_debian() -> None:
    libraries = preflight.BASE_LIBRARIES | preflight.XCB_LIBRARIES | preflight.WAYLAND_LIBRARIES

    assert all(re.fullmatch(r"lib[\w.+-]+\.so\.\d+", soname) for soname in libraries)
    assert all(re.fullmatch(r"lib[a-z0-9.+-]+", package) for package in libraries.values())
