"""The window: first paint, and gaps in its thread while 200 endpoints are swept.

    python3 packaging/dev.py bench window

Each start is a process of its own. The probe timer fires every 5 ms on the window's thread; a gap is what
lies between two of its ticks. Runs on the display there is, else on Qt's offscreen platform.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

FIRST_PAINT_LIMIT_MS = 250.0
GAP_LIMIT_MS = 50.0
STARTS = 7
ENDPOINTS = 200
TICK_MS = 5


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "xcb" if os.environ.get("DISPLAY") else "offscreen")
    paints = [_first_paint() for _ in range(STARTS + 1)][1:]
    median = statistics.median(paints)
    print(
        f"first paint ({os.environ['QT_QPA_PLATFORM']}, warm, from process start): median {median:.0f} ms, "
        f"worst {max(paints):.0f} ms, limit {FIRST_PAINT_LIMIT_MS:.0f} ms, ratio {median / FIRST_PAINT_LIMIT_MS:.2f}"
    )
    subprocess.run([sys.executable, __file__, "sweep"], check=True)


def _first_paint() -> float:
    begun = time.time()
    ran = subprocess.run([sys.executable, __file__, "paint"], capture_output=True, text=True, check=True)
    return (float(ran.stdout) - begun) * 1000


def paint_once() -> None:
    """Open the window on an empty temporary workspace, print the instant of its first paint, and end."""
    import tempfile
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from trustdesk.app.window import run_on

    def painted() -> None:
        print(time.time(), flush=True)
        QApplication.quit()

    with tempfile.TemporaryDirectory() as folder:
        run_on(lambda: _empty_desk(Path(folder)), settings_file=None, on_first_paint=painted)


def _empty_desk(folder: object) -> object:
    from pathlib import Path

    from trustdesk.services.workspaces import open_desk

    return open_desk(Path(str(folder)))


def sweep_once() -> None:
    """Sweep the lab from the window and print the gaps of its thread."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from trustdesk.app.window import run_on
    from trustdesk.services.demo import open_demo

    gaps: list[float] = []
    last = [0.0]
    totals: list[object] = []
    timers: list[QTimer] = []

    def tick() -> None:
        now = time.perf_counter()
        if last[0]:
            gaps.append((now - last[0]) * 1000)
        last[0] = now

    def swept(result: object) -> None:
        totals.append(result)
        QApplication.quit()

    def ready() -> None:
        timer = QTimer()
        timer.setInterval(TICK_MS)
        timer.timeout.connect(tick)
        timer.start()
        timers.append(timer)

    run_on(
        lambda: open_demo(count=ENDPOINTS),
        settings_file=None,
        sweep_at_start=True,
        on_ready=ready,
        on_swept=swept,
    )
    gaps.sort()
    p99 = gaps[int(len(gaps) * 0.99)]
    print(
        f"sweep of {ENDPOINTS} healthy endpoints and the base lab: {totals[0]}\n"
        f"gaps in the window's thread over {len(gaps)} ticks of {TICK_MS} ms: p99 {p99:.1f} ms, "
        f"maximum {gaps[-1]:.1f} ms, limit {GAP_LIMIT_MS:.0f} ms, ratio {gaps[-1] / GAP_LIMIT_MS:.2f}"
    )


if __name__ == "__main__":
    {"paint": paint_once, "sweep": sweep_once}.get(sys.argv[1] if len(sys.argv) > 1 else "", main)()
