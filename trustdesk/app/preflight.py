"""Whether the window can start here, asked before PySide6 is imported.

A wheel cannot ask the system for its libraries. Qt aborts the process when one of them is missing, with a
text that few people can act on; this says it first, with the line to type. Standard library only;
costs a few milliseconds.
"""

from __future__ import annotations

import ctypes
import importlib.util
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from trustdesk.core.message import Message, msg, msg_n

BASE_LIBRARIES: dict[str, str] = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libX11.so.6": "libx11-6",
    "libbrotlidec.so.1": "libbrotli1",
}
"""Sonames that QtWidgets needs on Linux whatever the display, and the Debian packages that hold them."""

XCB_LIBRARIES: dict[str, str] = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
}
"""What an X11 display needs besides."""

WAYLAND_LIBRARIES: dict[str, str] = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
"""What a Wayland display needs besides."""

_PLATFORM_LIBRARIES = {"xcb": XCB_LIBRARIES, "wayland": WAYLAND_LIBRARIES, "wayland-egl": WAYLAND_LIBRARIES}
_UNSEEN_PLATFORMS = frozenset({"offscreen", "minimal", "minimalegl", "vnc"})
_PYSIDE_VERSION = re.compile(r'^version = "(\d+)\.(\d+)', re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One reason why the window cannot start.

    Attributes:
        problem: what is wrong.
        remedy: what to do.
        command: the line to type, as it stands; None where there is none. Our own text, never foreign.
    """

    problem: Message
    remedy: Message
    command: str | None = None


def can_show_window(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Whether there is a display that a person can see; says nothing of libraries.

    `platform` is `sys.platform`. Windows and macOS always have one.
    """
    if platform in {"win32", "darwin"}:
        return True
    chosen = _chosen_platforms(environ)
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")) and not (
        chosen and _UNSEEN_PLATFORMS.issuperset(chosen)
    )


def window_problems(environ: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return why a window cannot start with this environment; empty when it can.

    Drawing for nobody (`QT_QPA_PLATFORM=offscreen`) is a window too.
    """
    problems: list[Problem] = []
    # A frozen program holds the binding that it was built and tried with.
    if not getattr(sys, "frozen", False):
        problems += _binding_problems(sys.version_info[:2], _pyside_version())
    if sys.platform == "linux":
        platforms = _chosen_platforms(environ) or _present_displays(environ)
        if not platforms:
            problems.append(
                Problem(
                    problem=msg("There is no display: neither WAYLAND_DISPLAY nor DISPLAY is set."),
                    remedy=msg("Start it in a desktop session, or use the commands: trustdesk --help"),
                )
            )
        problems.extend(_library_problems(platforms))
    return tuple(problems)


def missing_libraries(libraries: Iterable[str]) -> list[str]:
    """Return the sonames that the dynamic loader cannot load, in the order given."""
    missing = []
    for soname in libraries:
        try:
            ctypes.CDLL(soname)
        except OSError:
            missing.append(soname)
    return missing


def _chosen_platforms(environ: Mapping[str, str]) -> list[str]:
    """QT_QPA_PLATFORM as Qt reads it: alternatives by semicolon, each with options behind a colon."""
    value = environ.get("QT_QPA_PLATFORM", "")
    return [name for part in value.split(";") if (name := part.partition(":")[0].strip())]


def _present_displays(environ: Mapping[str, str]) -> list[str]:
    displays = [("wayland", "WAYLAND_DISPLAY"), ("xcb", "DISPLAY")]
    return [platform for platform, variable in displays if environ.get(variable)]


def _library_problems(platforms: list[str]) -> list[Problem]:
    """Qt takes the first platform that loads, so one complete platform is enough."""
    base = missing_libraries(BASE_LIBRARIES)
    lacks = [missing_libraries(_PLATFORM_LIBRARIES.get(platform, {})) for platform in platforms]
    missing = base + min(lacks, key=len, default=[])
    if not missing:
        return []
    packages = BASE_LIBRARIES | XCB_LIBRARIES | WAYLAND_LIBRARIES
    has_apt = Path("/usr/bin/apt-get").exists()
    names = " ".join(dict.fromkeys(packages[soname] for soname in missing))
    return [
        Problem(
            problem=msg_n(
                "A system library that the window needs is missing: {names}.",
                "{count} system libraries that the window needs are missing: {names}.",
                len(missing),
                names=", ".join(missing),
            ),
            remedy=msg("Install them as root, then start again.")
            if has_apt
            else msg("Install them with the system's package manager, then start again."),
            command=f"apt-get install --no-install-recommends {names}" if has_apt else None,
        )
    ]


def _binding_problems(python: tuple[int, int], pyside: tuple[int, int] | None) -> list[Problem]:
    if pyside is None:
        return [
            Problem(
                problem=msg("PySide6, which draws the window, is not installed."),
                remedy=msg("Install trustdesk again with all that it depends on."),
            )
        ]
    # 6.12.0 releases None once too often in every call that returns it; from Python 3.12 on None is
    # immortal, below it the process dies after some thousand calls.
    if python < (3, 12) and pyside >= (6, 12):
        return [
            Problem(
                problem=msg(
                    "PySide6 {pyside} kills Python {python} after some seconds.",
                    pyside=".".join(map(str, pyside)),
                    python=".".join(map(str, python)),
                ),
                remedy=msg("Install PySide6-Essentials below 6.12, or use Python 3.12 or newer."),
            )
        ]
    return []


def _pyside_version() -> tuple[int, int] | None:
    """Read the version from PySide6's own files without importing it; None when it is not there."""
    spec = importlib.util.find_spec("PySide6")
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        try:
            text = Path(folder, "_config.py").read_text(encoding="utf-8")
        except OSError:
            continue
        if found := _PYSIDE_VERSION.search(text):
            return int(found[1]), int(found[2])
    return None
