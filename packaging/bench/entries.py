"""The page Trust lists with 10,000 entries: gaps in the window's thread.

    python3 packaging/dev.py bench entries

The desk is in memory, so what is measured is the window's own work. The probe timer fires every millisecond;
a gap is what lies between two of its ticks. Runs offscreen unless QT_QPA_PLATFORM says otherwise.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtTest import QTest

from tests.support.event_loop import settle
from tests.support.fake_trust_desk import FakeTrustDesk
from tests.support.on_screen import on_screen
from tests.support.trust_samples import NOW, PILOT, digest, entry, sample_versions
from trustdesk.core.trust_entry import ListEntry
from trustdesk.gui import collector
from trustdesk.gui.application import application
from trustdesk.gui.trust.entry_model import Column
from trustdesk.gui.trust.page import TrustListsPage

ENTRIES = 10_000
GAP_LIMIT_MS, P99_LIMIT_MS = 50.0, 16.0
WORDS = "bench ca 77"
BETWEEN_LETTERS_MS, REST_MS = 120, 500


def main() -> None:
    app = application()
    sys.setswitchinterval(0.001)
    collecting = collector.Collector(app)
    entries = _entries()
    versions = [
        replace(one, content=replace(one.content, entries=entries))
        for one in sample_versions()
        if one.list_name == PILOT
    ]
    desk = FakeTrustDesk(versions)
    with on_screen(app, lambda bridge: TrustListsPage(bridge, now=lambda: NOW), size=(1256, 820)) as page:
        settle()
        collector.leave_alone()
        pane = page.view.entries

        def type_words() -> None:
            for letter in WORDS:
                QTest.keyClicks(pane.search, letter)
                _wait(BETWEEN_LETTERS_MS)

        def sort() -> None:
            pane.table.header_pressed.emit(Column.UNTIL)

        def is_there() -> bool:
            return pane.model.rowCount() > 0 and not pane.is_arranging

        _measure("opening", lambda: page.set_desk(desk), is_there)
        _measure(f"typing {len(WORDS)} letters into the search", type_words, is_there)
        _measure("clearing the search", pane.search.clear, is_there)
        _measure("sorting", sort, is_there)
        _measure("reading again", page.reload, is_there)
    collecting.close()


def _entries() -> tuple[ListEntry, ...]:
    """Return entries with a few certificates between them, but names, keys and digests of their own."""
    made = []
    few = [entry(f"Bench CA {number}") for number in range(40)]
    for number in range(ENTRIES):
        base = few[number % len(few)]
        facts = base.certificate
        named = None if facts is None else replace(facts, subject_common_name=f"Bench CA {number}")
        made.append(
            replace(
                base,
                sha256=digest(str(number)),
                spki_sha256=digest(f"key {number}"),
                certificate=named,
                notes=f"note {number}",
            )
        )
    return tuple(made)


def _wait(milliseconds: int) -> None:
    # Not QTest.qWait, which naps for 10 ms between two looks at the events.
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _measure(what: str, act: Callable[[], None], is_there: Callable[[], bool]) -> None:
    gaps: list[float] = []
    last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append((now - last) * 1000)
        last = now

    timer = QTimer()
    timer.setInterval(1)
    timer.timeout.connect(tick)
    timer.start()
    act()
    while not is_there():
        _wait(1)
    _wait(REST_MS)
    timer.stop()
    gaps.sort()
    print(
        f"{what}, {ENTRIES} entries: maximum {gaps[-1]:.0f} ms, limit {GAP_LIMIT_MS:.0f} ms, ratio "
        f"{gaps[-1] / GAP_LIMIT_MS:.2f}; p99 {gaps[int(len(gaps) * 0.99)]:.1f} ms, "
        f"limit {P99_LIMIT_MS:.0f} ms"
    )


if __name__ == "__main__":
    main()
