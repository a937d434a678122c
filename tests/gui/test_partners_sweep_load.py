"""The window stays at hand while 200 partners answer within a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tests.support import samples
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk, FakeSweep
from tests.support.on_screen import on_screen, window_with_pages
from trustdesk.core.probe import Phase, ProbeReport
from trustdesk.gui.window import MainWindow
from trustdesk.services.board import BoardRow

COUNT = 200
PHASES = (Phase.RESOLVE, Phase.CONNECT, Phase.HANDSHAKE, Phase.SETTLE, Phase.REQUEST)
LONGEST_GAP_S = 0.050


@pytest.fixture
def rows() -> tuple[BoardRow, ...]:
    base = samples.board_rows()
    return tuple(
        replace(
            base[number % len(base)],
            endpoint=replace(base[number % len(base)].endpoint, id=number, partner=f"Partner {number:03}"),
        )
        for number in range(COUNT)
    )


@pytest.fixture
def window(qapp: QApplication, rows: tuple[BoardRow, ...]) -> Iterator[MainWindow]:
    with on_screen(qapp, window_with_pages) as made:
        reports = {row.endpoint.id: samples.healthy() for row in rows}
        made.set_desk(FakeDesk(rows, reports=reports))
        run_until(lambda: made.partners.detail.has_answer, what="the board")
        yield made


def test_no_step_of_a_sweep_of_200_holds_the_window_for_50_ms(
    window: MainWindow, rows: tuple[BoardRow, ...]
) -> None:
    window.partners.run_all()
    settle()
    desk = window._desk
    assert isinstance(desk, FakeDesk)
    sweep = desk.sweeps[-1]
    report = samples.healthy()
    player = threading.Thread(target=_play, args=(sweep, rows, report))
    # What this thread computes between two turns of its loop, so that a busy machine proves nothing.
    spans: list[float] = []
    last = time.thread_time()

    def turn() -> None:
        nonlocal last
        now = time.thread_time()
        spans.append(now - last)
        last = now

    probe = QTimer()
    probe.setInterval(0)
    probe.timeout.connect(turn)
    probe.start()
    player.start()
    run_until(lambda: not window.partners.sweep.is_running, what="the end of the sweep")
    probe.stop()
    player.join()
    assert window.partners.sweep.tally.done == COUNT
    assert max(spans) < LONGEST_GAP_S


def _play(sweep: FakeSweep, rows: tuple[BoardRow, ...], report: ProbeReport) -> None:
    started = time.monotonic()
    for number, row in enumerate(rows):
        for phase in PHASES:
            sweep.enter(row.endpoint.id, phase)
        sweep.end(row, report)
        # 200 a second, as the lab answers.
        while time.monotonic() < started + number / COUNT:
            threading.Event().wait(0.001)
    sweep.finish()
