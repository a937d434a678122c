"""The Debian package: that it depends on what the program looks for at its start."""

from __future__ import annotations

import debian
from trustdesk.app import preflight


def test_package_depends_on_every_library_that_the_start_looks_for() -> None:
    wanted = preflight.BASE_LIBRARIES | preflight.XCB_LIBRARIES | preflight.WAYLAND_LIBRARIES
    depends = {one.split(" ")[0] for one in debian.depends()}

    assert set(wanted.values()) <= depends


def test_library_with_two_names_is_taken_under_either() -> None:
    assert "libglib2.0-0 | libglib2.0-0t64" in debian.depends()


def test_control_file_has_no_line_that_dpkg_would_refuse() -> None:
    text = debian.control_of(version="0.1.0", architecture="amd64", size_kib=1)

    assert all(line.startswith(" ") or ": " in line for line in text.splitlines())
    assert text.endswith("\n")
    assert "{" not in text
