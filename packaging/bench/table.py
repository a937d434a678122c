"""The table of very many certificates in the window: reading 100,000, judging 10,000 against 2,000 roots.

    python3 packaging/dev.py bench table

Each measurement is a process of its own, with a real window and a real desk. A timer fires every 5 ms on the
window's thread; a gap is what lies between two of its ticks. Runs offscreen unless QT_QPA_PLATFORM says
otherwise.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trustdesk.core.trust import TrustList
    from trustdesk.gui.inspector.table_page import CertificateTablePage
    from trustdesk.gui.window import MainWindow

READ_LIMIT_S, JUDGE_LIMIT_S, MEMORY_LIMIT_MB, GAP_LIMIT_MS, CANCEL_LIMIT_MS = 5.0, 6.0, 400.0, 50.0, 300.0
TICK_MS = 5
DEADLINE_S = 120.0


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    for part in ("read", "judge"):
        subprocess.run([sys.executable, __file__, part], check=True)


def read_once() -> None:
    """Read the bundle of `bench reading` into the table, then sort and filter it."""
    from bench import reading as bundles

    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder, "bundle.pem")
        bundles.write_bundle(bundle)
        # A process that has made 100,000 certificates says nothing of the window's memory.
        subprocess.run([sys.executable, __file__, "read-bundle", str(bundle)], check=True)


def read_bundle(bundle: Path) -> None:
    """Open a bundle in the window, and print how long its table took."""
    from bench import reading as bundles

    with _Window(()) as shown:
        begun = time.perf_counter()
        table = shown.read(bundle)
        elapsed = time.perf_counter() - begun
        peak = bundles.memory_mb()
        count = table.model.rowCount()
        print(
            f"{count} certificates into the table of the window: {elapsed:.2f} s  "
            f"limit {READ_LIMIT_S:.0f} s  ratio {elapsed / READ_LIMIT_S:.2f}; {shown.gaps()}"
        )
        print(
            f"  peak memory of the window's process {peak:.0f} MB  "
            f"limit {MEMORY_LIMIT_MB:.0f} MB  ratio {peak / MEMORY_LIMIT_MB:.2f}"
        )
        for words in ("sorted by subject", "filtered by a word"):
            begun = time.perf_counter()
            if words.startswith("sorted"):
                table.table.header_pressed.emit(0)
            else:
                table.pane.filters.field.setText("subject 0000")
            shown.wait(lambda: not table.is_arranging)
            elapsed = time.perf_counter() - begun
            print(f"  {words}: {elapsed:.2f} s, {table.model.rowCount()} rows; {shown.gaps()}")


def judge_once() -> None:
    """Judge the leaves of `bench judge` in the table, twice: to the end, and cancelled."""
    from bench import judge as chains

    trust_list, issuing, leaves = chains.make()
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder, "bundle.pem")
        bundle.write_bytes(b"".join(map(_pem, (*leaves, *issuing))))
        with _Window((trust_list,)) as shown:
            table = shown.read(bundle)
            shown.gaps()
            before = sum(os.times()[2:4])
            begun = time.perf_counter()
            table.judge_all()
            shown.wait(lambda: not table.run.is_judging and not table.is_arranging)
            elapsed = time.perf_counter() - begun
            used = sum(os.times()[2:4]) - before
            trusted, _neither = table.model.verdict_totals
            print(
                f"{table.model.judged} certificates judged in the window for both purposes, {chains.ROOTS} "
                f"roots: {elapsed:.2f} s  limit {JUDGE_LIMIT_S:.0f} s  ratio {elapsed / JUDGE_LIMIT_S:.2f}, "
                f"processor of the judges {used:.1f} s, {trusted} trusted; {shown.gaps()}"
            )
            table.judge_all()
            shown.wait(lambda: table.run.done > 1_000)
            begun = time.perf_counter()
            table.cancel()
            shown.wait(lambda: not table.run.is_judging)
            took = (time.perf_counter() - begun) * 1000
            print(
                f"  cancelled with {table.model.judged} judged: {took:.0f} ms  "
                f"limit {CANCEL_LIMIT_MS:.0f} ms  ratio {took / CANCEL_LIMIT_MS:.2f}"
            )


class _Window:
    """A window on a desk of its own, and what its timer sees."""

    def __init__(self, trust_lists: tuple[TrustList, ...]) -> None:
        self._lists = trust_lists
        self._folder = tempfile.TemporaryDirectory()
        self._gaps: list[float] = []
        self._last = time.perf_counter()

    def __enter__(self) -> _Window:
        from PySide6.QtCore import QTimer

        from trustdesk.gui import collector
        from trustdesk.gui.application import application
        from trustdesk.gui.bridge import Bridge
        from trustdesk.gui.window import INSPECTOR, MainWindow
        from trustdesk.services.clock import SystemClock
        from trustdesk.services.live_desk import LiveDesk
        from trustdesk.storage.workspace import Workspace

        self._app = application()
        self._bridge = Bridge()
        self._desk = LiveDesk(
            workspace=Workspace.open(Path(self._folder.name)),
            trust_lists=self._lists,
            identities={},
            clock=SystemClock(),
        )
        self._window: MainWindow = MainWindow(self._bridge, title="bench")
        self._window.build_pages()
        self._window.set_desk(self._desk)
        self._window.show()
        self._window.show_page(INSPECTOR)
        for _ in range(20):
            self._app.processEvents()
        collector.leave_alone()  # as `run_window` does
        self._timer = QTimer()
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._timer.stop()
        self._window.close()
        self._bridge.close()
        self._desk.close()
        self._folder.cleanup()

    def read(self, bundle: Path) -> CertificateTablePage:
        """Open a bundle, and wait until all its rows are shown."""
        self._last = time.perf_counter()
        self._window.inspector.open_sources([bundle])
        many = self._window.inspector.many
        self.wait(lambda: many.page is not None and not many.page.run.is_reading and many.shown is not None)
        assert many.page is not None
        return many.page

    def wait(self, until: Callable[[], bool]) -> None:
        """Let the window live until something is so."""
        from PySide6.QtCore import QEventLoop

        end = time.perf_counter() + DEADLINE_S
        while not until():
            # The timer ends the waiting; looking all the time would take a core from the judges.
            self._app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if time.perf_counter() > end:
                raise SystemExit("the window did not come to its end")

    def gaps(self) -> str:
        """Say what the timer saw since the last time."""
        gaps, self._gaps = sorted(self._gaps), []
        if not gaps:
            return "no gaps seen"
        return (
            f"gaps in the window's thread over {len(gaps)} ticks: p99 {gaps[int(len(gaps) * 0.99)]:.1f} ms, "
            f"longest {gaps[-1]:.1f} ms, limit {GAP_LIMIT_MS:.0f} ms, ratio {gaps[-1] / GAP_LIMIT_MS:.2f}"
        )

    def _tick(self) -> None:
        now = time.perf_counter()
        self._gaps.append((now - self._last) * 1000)
        self._last = now


def _pem(der: bytes) -> bytes:
    import ssl

    return ssl.DER_cert_to_PEM_cert(der).encode()


if __name__ == "__main__":
    # The other measurements make what is read and judged here.
    sys.path.insert(0, str(Path(__file__).parents[1]))
    if sys.argv[1:2] == ["read-bundle"]:
        read_bundle(Path(sys.argv[2]))
    else:
        {"read": read_once, "judge": judge_once}.get(sys.argv[1] if len(sys.argv) > 1 else "", main)()
