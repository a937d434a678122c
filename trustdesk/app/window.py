"""The window on a workspace, on the demo, and its pictures: Qt is imported here and not before."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trustdesk.app.preflight import window_problems
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import Message

if TYPE_CHECKING:
    # Not imported before the first paint, which does not need them.
    from trustdesk.gui.instance.claim import Claim
    from trustdesk.gui.instance.first import FirstWindow
    from trustdesk.gui.instance.server import HandoverServer
    from trustdesk.gui.window import MainWindow
    from trustdesk.services.desk import Desk
    from trustdesk.storage.places import WorkspacePlace

TITLE = "trustdesk"


def open_workspace_window(place: WorkspacePlace | None, files: Sequence[Path] = ()) -> int:
    """Show the window on a workspace (None: the person's own) until it is closed; return the exit status.

    `files` are absolute paths to open in it. Where a window on this workspace is there already, it opens
    them and comes to the front, and this start ends.

    Raises:
        EnvironmentFailureError: a window cannot be shown on this machine.
    """
    run_window = load_window()
    from trustdesk.gui.instance.claim import claim_window
    from trustdesk.storage.places import local_folder

    def desk() -> Desk:
        from trustdesk.app.printing import QtPdfPrinter
        from trustdesk.services.workspaces import open_desk

        return open_desk(place, pdf_printer=QtPdfPrinter(), keeps_connections=True)

    claim = claim_window(local_folder(place))
    if claim is not None and claim.is_taken and _hand_over(claim, files):
        return 0
    settings = str(local_folder(place) / "window.ini")
    wanted: list[bool] = []
    servers: list[HandoverServer] = []

    def ready(window: MainWindow, _desk: Desk) -> None:
        from trustdesk.gui.instance.first import FirstWindow

        first = FirstWindow(window)
        first.open(files)
        if claim is not None and claim.is_first:
            servers.append(_listen(claim, first))

    try:
        status = run_window(
            desk,
            title=TITLE,
            settings_file=settings,
            on_ready=ready,
            on_demo=_start_demo,
            on_restart=lambda: wanted.append(True),
            catch_crashes=_catch_crashes,
        )
    finally:
        for server in servers:
            server.close()
        if claim is not None:
            claim.release()
    if wanted:
        # Only now: the workspace is closed, and nothing of this window is in the way of the next.
        _start(*sys.argv[1:])
    return status


def _hand_over(claim: Claim, files: Sequence[Path]) -> bool:
    """Give the files to the window that is there; return whether it took them."""
    from trustdesk.gui.instance.client import hand_over
    from trustdesk.gui.instance.first import ACTIVATION
    from trustdesk.gui.instance.handover import Handover, token_in

    token = token_in([os.environ.get(ACTIVATION)])
    return hand_over(claim.socket, Handover(files=tuple(files), token=token))


def _listen(claim: Claim, first: FirstWindow) -> HandoverServer:
    """Take what later starts hand over to this window; 15 ms of imports, once everything is there."""
    from trustdesk.gui.instance.server import HandoverServer

    server = HandoverServer()
    server.handed_over.connect(first.take)
    server.listen(claim.socket)
    return server


def _catch_crashes(tell: Callable[[str], None]) -> Callable[[], None]:
    from trustdesk.app.crash_report import catch_crashes

    return catch_crashes(tell)


def open_demo_window() -> int:
    """Show the window on the demo, which sweeps its partners at once; return the exit status.

    Raises:
        EnvironmentFailureError: a window cannot be shown on this machine.
    """
    run_window = load_window()
    return run_window(
        _demo_desk,
        title=f"{TITLE} – demo",
        settings_file=None,
        catch_crashes=_catch_crashes,
        on_ready=lambda window, _desk: window.partners.run_when_loaded(),
    )


def load_window() -> Callable[..., int]:
    """Import what shows the window; return `gui.application.run_window`.

    Python's collector is off from here on, and the window's own collects once it is there: nothing that is
    imported is garbage, and to look through it took 25 ms of the first paint.

    Raises:
        EnvironmentFailureError: a window cannot be shown on this machine.
    """
    _require_window()
    gc.disable()
    from trustdesk.gui.application import run_window

    return run_window


def save_shots(desk: Desk, folder: Path) -> tuple[Path, ...]:
    """Draw the pages, light and dark, into PNG files of `folder`.

    Raises:
        EnvironmentFailureError: Qt cannot draw on this machine.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    _require_window()
    from trustdesk.gui.shots import save_shots as save

    return save(desk, folder)


def _demo_desk() -> Desk:
    from trustdesk.app.printing import QtPdfPrinter
    from trustdesk.services.demo import open_demo

    return open_demo(pdf_printer=QtPdfPrinter())


def _start_demo() -> None:
    """Start the demo beside this window, as a program of its own."""
    _start("demo")


def _start(*arguments: str) -> None:
    import subprocess  # 15 ms that the first paint need not wait for

    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "trustdesk"]
    subprocess.Popen([*program, *arguments], stdin=subprocess.DEVNULL, start_new_session=True)


def _require_window() -> None:
    found = window_problems(os.environ)
    if found:
        first = found[0]
        # The line to type is our own text and longer than a parameter may be, so it is the message itself.
        remedy = first.remedy if first.command is None else Message(id=first.command)
        raise EnvironmentFailureError(first.problem, remedy=remedy)
