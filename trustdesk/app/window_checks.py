"""The window's part of the self-test for the command line: Qt is started for nobody, where it can be."""

from __future__ import annotations

import sys
from collections.abc import MutableMapping

from trustdesk.app.preflight import can_show_window, window_problems
from trustdesk.core.finding import FindingStatus
from trustdesk.core.message import msg
from trustdesk.core.self_check import SelfCheck


def window_checks(environ: MutableMapping[str, str]) -> tuple[SelfCheck, ...]:
    """Look whether the window can be shown, and at Qt's plug-ins and fonts as it would find them.

    Args:
        environ: of this process; Qt draws for nobody afterwards where there is no display.
    """
    title = msg("Window")
    if not can_show_window(environ, sys.platform):
        display = SelfCheck(
            name="window",
            title=title,
            status=FindingStatus.WARN,
            found=msg("There is no display: the window cannot be shown from here, commands work."),
            remedy=msg("Start it in a desktop session, or use the commands: trustdesk --help"),
        )
        environ["QT_QPA_PLATFORM"] = "offscreen"
    else:
        display = SelfCheck(
            name="window", title=title, status=FindingStatus.PASS, found=msg("There is a display.")
        )
    problems = window_problems(environ)
    if problems:
        return tuple(
            SelfCheck(
                name="window",
                title=title,
                status=FindingStatus.FAIL,
                found=one.problem,
                remedy=one.remedy,
                command=one.command or "",
            )
            for one in problems
        )
    # Only now: a missing library ends the process inside of this import.
    from PySide6.QtWidgets import QApplication

    from trustdesk.gui.help.window_checks import window_checks as look

    environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # One for widgets: a process has one application, and a window may come after this.
    app = QApplication.instance() or QApplication(["trustdesk"])
    found = (display, *look())
    del app
    return found
