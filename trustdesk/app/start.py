"""The start of every face: puts the window behind the command line and runs what was asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from trustdesk.app.preflight import can_show_window
from trustdesk.app.printing import QtPdfPrinter
from trustdesk.cli.context import Faces
from trustdesk.cli.main import run
from trustdesk.core.message import msg
from trustdesk.core.self_check import SelfCheck
from trustdesk.services.desk import Desk
from trustdesk.services.wording import wording
from trustdesk.storage.places import WorkspacePlace

_EXIT_MISTAKE = 3


def main() -> int:
    """Run the program with the process's arguments; return its exit status."""
    faces = Faces(
        open_window=_open_window,
        open_demo_window=_open_demo_window,
        run_smoke=_run_smoke,
        has_display=lambda: can_show_window(os.environ, sys.platform),
        window_shots=_Shots(),
        pdf_printer=QtPdfPrinter(),
        window_checks=_window_checks,
    )
    try:
        return run(sys.argv[1:], faces)
    except Exception as error:  # noqa: BLE001 - the edge of the process: a person gets a line, not a traceback
        return _tell_crash(error)


def _tell_crash(error: Exception) -> int:
    """Keep a report of a mistake of ours, and say in one line where it is."""
    from trustdesk.app.crash_report import crash_report, keep_report

    report = crash_report(type(error), error, error.__traceback__)
    file = keep_report(report)
    words = msg("This is a mistake of trustdesk; nothing was sent anywhere.")
    where = msg("The report is in {file}.", file=str(file)) if file is not None else None
    say = wording().text
    if sys.stderr is not None:
        line = " ".join(say(one) for one in (words, where) if one is not None)
        sys.stderr.write(f"trustdesk: {line}\n" if file is not None else f"trustdesk: {line}\n{report}")
    return _EXIT_MISTAKE


def _open_window(workspace: WorkspacePlace | None, files: Sequence[Path]) -> int:
    from trustdesk.app.window import open_workspace_window

    return open_workspace_window(workspace, files)


def _open_demo_window() -> int:
    from trustdesk.app.window import open_demo_window

    return open_demo_window()


def _run_smoke() -> int:
    from trustdesk.app.smoke import run_smoke

    return run_smoke()


def _window_checks() -> Iterable[SelfCheck]:
    from trustdesk.app.window_checks import window_checks

    return window_checks(os.environ)


class _Shots:
    """The window's pictures; Qt is imported when they are asked for."""

    def save(self, desk: Desk, folder: Path) -> tuple[Path, ...]:
        from trustdesk.app.window import save_shots

        return save_shots(desk, folder)
