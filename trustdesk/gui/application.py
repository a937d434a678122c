"""Starts the window: first the frame, then the pages, and the desk on a thread of its own."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from trustdesk.core.errors import TrustdeskError
from trustdesk.gui import accessible, collector
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.language import set_language
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.window import MainWindow
from trustdesk.storage.resources import resource_folder

if TYPE_CHECKING:
    from trustdesk.gui.help.crash_dialog import CrashTeller
    from trustdesk.gui.partners.sweep_run import SweepRun
    from trustdesk.services.desk import Desk

_INTERRUPTED = 130
_SWITCH_S = 0.001
_FAILED_START = 3


def run_window(
    open_desk: Callable[[], Desk],
    *,
    title: str,
    settings_file: str | None,
    on_ready: Callable[[MainWindow, Desk], None] | None = None,
    on_first_paint: Callable[[float], None] | None = None,
    on_demo: Callable[[], None] | None = None,
    on_restart: Callable[[], None] | None = None,
    catch_crashes: Callable[[Callable[[str], None]], Callable[[], None]] | None = None,
    smoke: bool = False,
) -> int:
    """Show the window until the person closes it; return the process's exit status.

    Args:
        open_desk: called on a thread of its own after the first paint; what it returns is closed at the end.
        title: of the window.
        settings_file: where geometry and theme are remembered; None remembers nothing.
        on_ready: called on the GUI thread once the pages work with the desk.
        on_first_paint: called with the milliseconds from this call to the first paint.
        on_demo: called when the person asks for the demo; None offers none.
        on_restart: called when the person wants the window to start anew; it closes then.
        catch_crashes: has every mistake of ours, from any thread, told as a report to what it is given, until
            what it returns is called; None leaves them to the terminal.
        smoke: close as soon as everything is there.
    """
    started = time.perf_counter()
    # The network's thread computes too: the window has to wait for it 1 ms at most, not Python's usual 5.
    sys.setswitchinterval(_SWITCH_S)
    app = application()
    settings = None if settings_file is None else QSettings(settings_file, QSettings.Format.IniFormat)
    set_language(app, settings)
    bridge = Bridge()
    sweeps: list[SweepRun] = []
    collecting = collector.Collector(app, is_busy=lambda: any(one.is_running for one in sweeps))
    window = MainWindow(bridge, title=title, settings=settings, offers_demo=on_demo is not None)
    opening: Future[Desk] = Future()
    tellers: list[CrashTeller] = []

    def crashed(report: str) -> None:
        if not tellers:
            from trustdesk.gui.help.crash_dialog import CrashTeller

            tellers.append(CrashTeller(window))
        tellers[0].tell(report)

    def ready(desk: Desk) -> None:
        window.set_desk(desk)
        collector.leave_alone()
        sweeps.append(window.partners.sweep)
        if on_ready is not None:
            on_ready(window, desk)
        if smoke:
            window.close()

    def failed(error: TrustdeskError) -> None:
        window.show_failure(error)
        if smoke:
            app.exit(_FAILED_START)

    def restart() -> None:
        if on_restart is not None:
            on_restart()
        window.close()

    def painted() -> None:
        if on_first_paint is not None:
            on_first_paint((time.perf_counter() - started) * 1000)
        threading.Thread(target=_open, args=(open_desk, opening), name="trustdesk-opening").start()
        # Desktops that know the menu entry take its icon; the others ask the window.
        app.setWindowIcon(QIcon(str(resource_folder() / "desktop" / "trustdesk.svg")))
        window.build_pages()
        if window.settings_links is not None:
            window.settings_links.restart_wanted.connect(restart)
        bridge.when_done(opening, ready, failed)

    let_go = None
    if catch_crashes is not None:
        let_go = catch_crashes(lambda report: bridge.post(lambda: crashed(report)))
    window.painted.connect(painted)
    if on_demo is not None:
        window.demo_wanted.connect(on_demo)
    window.closed.connect(app.quit)
    window.show()
    before = signal.signal(signal.SIGINT, lambda *_arguments: app.exit(_INTERRUPTED))
    try:
        return app.exec()
    finally:
        signal.signal(signal.SIGINT, before)
        if let_go is not None:
            let_go()
        collector.look_at_everything()
        collecting.close()
        bridge.close()
        window.deleteLater()
        _close(opening)


def application() -> QApplication:
    """Return the application of this process, dressed in the theme."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    app = QApplication([sys.argv[0]])
    app.setApplicationName("trustdesk")
    app.setDesktopFileName("trustdesk")
    app.setQuitOnLastWindowClosed(False)
    current_theme().apply(app)
    accessible.install()
    return app


def _open(open_desk: Callable[[], Desk], opening: Future[Desk]) -> None:
    if not opening.set_running_or_notify_cancel():
        return
    try:
        opening.set_result(open_desk())
    except BaseException as error:  # noqa: BLE001 - the edge of a thread: the future carries it to the window
        opening.set_exception(error)


def _close(opening: Future[Desk]) -> None:
    """Close the desk, also one that was still being opened when the window went."""
    if opening.cancel():
        return
    if opening.exception() is None:
        opening.result().close()
