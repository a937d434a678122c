from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from tests.support.event_loop import run_until
from trustdesk.gui.collector import Collector


class Knot:
    """Something that only the collector finds."""

    def __init__(self) -> None:
        self.myself = self


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[Collector]:
    made = Collector()
    yield made
    made.close()
    gc.disable()  # as for every test of the window


def many_knots() -> weakref.ref[Knot]:
    knots = [Knot() for _ in range(gc.get_threshold()[0] * 20)]
    return weakref.ref(knots[0])


def test_no_worker_collects_what_the_window_may_have_left(collector: Collector) -> None:
    left: list[weakref.ref[Knot]] = []
    worker = threading.Thread(target=lambda: left.append(many_knots()))
    worker.start()
    worker.join()
    assert left[0]() is not None
    collector.collect_what_is_due()
    assert left[0]() is None


def test_what_is_left_is_collected_between_events(collector: Collector) -> None:
    left = many_knots()
    run_until(lambda: left() is None, what="the collection")


def test_nothing_is_looked_through_where_little_was_made(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    gc.collect()
    asked: list[int] = []
    monkeypatch.setattr(gc, "collect", asked.append)
    collector.collect_what_is_due()
    assert asked == []


def test_what_is_old_is_left_alone_while_something_runs_that_keeps_what_it_makes(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [True]
    made = Collector(is_busy=lambda: runs[0])
    asked: list[int] = []
    monkeypatch.setattr(gc, "collect", asked.append)
    monkeypatch.setattr(gc, "get_count", lambda: (10_000, 1_000, 1_000))
    made.collect_what_is_due()
    runs[0] = False
    made.collect_what_is_due()
    frozen = gc.get_freeze_count()
    made.collect_what_is_due()
    monkeypatch.undo()
    gc.unfreeze()
    made.close()
    gc.disable()  # as for every test of the window
    assert asked == [1, 1, 2]
    assert frozen


def test_the_rows_of_a_long_table_are_left_alone_until_nobody_looks(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    gc.unfreeze()
    asked: list[int] = []
    monkeypatch.setattr(gc, "collect", lambda generation=2: asked.append(generation))
    monkeypatch.setattr(gc, "get_count", lambda: (80_000, 0, 0))
    monkeypatch.setattr("trustdesk.gui.collector._UNWATCHED", 3)
    states = [Qt.ApplicationState.ApplicationActive]
    monkeypatch.setattr(QGuiApplication, "applicationState", lambda: states[0])
    for _ in range(5):
        collector.collect_what_is_due()
    assert asked == []
    assert gc.get_freeze_count()
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 0))
    states[0] = Qt.ApplicationState.ApplicationInactive
    for _ in range(5):
        collector.collect_what_is_due()
    assert asked == [2]


def test_python_collects_again_when_it_is_closed(qapp: QApplication) -> None:
    made = Collector()
    assert not gc.isenabled()
    made.close()
    assert gc.isenabled()
