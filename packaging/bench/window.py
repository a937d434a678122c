"""The window: first paint, and gaps in its thread while 200 endpoints are swept.

    python3 packaging/dev.py bench window

Each start is a process of its own. The probe timer fires every 5 ms on the window's thread; a gap is what
lies between two of its ticks. Runs offscreen unless QT_QPA_PLATFORM says otherwise.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trustdesk.services.desk import Desk

FIRST_PAINT_LIMIT_MS = 250.0
FROZEN_LIMIT_MS = 350.0
FROZEN = Path(__file__).resolve().parents[2] / "build" / "trustdesk" / "trustdesk"
GAP_LIMIT_MS = 50.0
STARTS = 7
ENDPOINTS = 200
TICK_MS = 5


def main() -> None:
    # Not above: each start would import these too, and be measured with them.
    import statistics
    import subprocess

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    paints = [_first_paint() for _ in range(STARTS + 1)][1:]
    median = statistics.median(paints)
    print(
        f"first paint ({os.environ['QT_QPA_PLATFORM']}, warm, from process start): median {median:.0f} ms, "
        f"worst {max(paints):.0f} ms, limit {FIRST_PAINT_LIMIT_MS:.0f} ms, "
        f"ratio {median / FIRST_PAINT_LIMIT_MS:.2f}"
    )
    if FROZEN.exists():
        frozen = [_first_paint_frozen() for _ in range(STARTS + 1)][1:]
        middle = statistics.median(frozen)
        print(
            f"first paint, frozen (warm, from process start): median {middle:.0f} ms, worst {max(frozen):.0f}"
            f" ms, limit {FROZEN_LIMIT_MS:.0f} ms, ratio {middle / FROZEN_LIMIT_MS:.2f}"
        )
    else:
        print("first paint, frozen: not run, there is no bundle (packaging/dev.py build bundle)")
    subprocess.run([sys.executable, __file__, "sweep"], check=True)


def _first_paint_frozen() -> float:
    """Milliseconds from the start of the frozen program to the line that it prints at its first paint."""
    import subprocess
    import tempfile

    from trustdesk.app.smoke import FIRST_PAINT

    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        with subprocess.Popen(
            [FROZEN, "--smoke"], stdout=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": folder}
        ) as program:
            assert program.stdout is not None
            for line in program.stdout:
                if line.strip() == FIRST_PAINT:
                    break
            painted = time.perf_counter()
            program.kill()
    return (painted - begun) * 1000


def _first_paint() -> float:
    import subprocess

    begun = time.time()
    ran = subprocess.run([sys.executable, __file__, "paint"], capture_output=True, text=True, check=True)
    return (float(ran.stdout) - begun) * 1000


def paint_once() -> None:
    """Open the window on an empty temporary workspace, print the instant of its first paint, and end."""
    import tempfile
    from pathlib import Path

    from trustdesk.app.window import load_window

    with tempfile.TemporaryDirectory() as folder:

        def desk() -> Desk:
            from trustdesk.services.workspaces import open_desk

            return open_desk(Path(folder))

        load_window()(
            desk,
            title="bench",
            settings_file=None,
            smoke=True,
            on_first_paint=lambda _ms: print(time.time(), flush=True),
        )


def sweep_once() -> None:
    """Sweep the lab from the window and print the gaps of its thread."""
    from PySide6.QtCore import QTimer

    from trustdesk.gui.application import run_window
    from trustdesk.gui.window import MainWindow
    from trustdesk.services.demo import open_demo

    gaps: list[float] = []
    last = time.perf_counter()
    timer = QTimer()
    window_of: list[MainWindow] = []

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append((now - last) * 1000)
        last = now

    def ready(window: MainWindow, _desk: Desk) -> None:
        nonlocal last
        window_of.append(window)
        window.partners.sweep.ended.connect(window.close)
        window.partners.run_when_loaded()
        last = time.perf_counter()
        timer.setInterval(TICK_MS)
        timer.timeout.connect(tick)
        timer.start()

    run_window(lambda: open_demo(count=ENDPOINTS), title="bench", settings_file=None, on_ready=ready)
    timer.stop()
    gaps.sort()
    print(
        f"sweep of {ENDPOINTS} healthy endpoints and the base lab: {window_of[0].partners.sweep.totals}\n"
        f"gaps in the window's thread over {len(gaps)} ticks of {TICK_MS} ms: "
        f"p99 {gaps[int(len(gaps) * 0.99)]:.1f} ms, maximum {gaps[-1]:.1f} ms, "
        f"limit {GAP_LIMIT_MS:.0f} ms, ratio {gaps[-1] / GAP_LIMIT_MS:.2f}"
    )


if __name__ == "__main__":
    {"paint": paint_once, "sweep": sweep_once}.get(sys.argv[1] if len(sys.argv) > 1 else "", main)()
