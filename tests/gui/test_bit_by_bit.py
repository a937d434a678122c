from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from tests.support.event_loop import run_until
from trustdesk.gui.bit_by_bit import BitByBit

MANY = 10_000


def counting(seen: list[int], steps: int) -> Iterator[None]:
    for number in range(steps):
        seen.append(number)
        yield


@pytest.fixture
def work(qapp: QApplication) -> Iterator[BitByBit]:
    parent = QObject()
    yield BitByBit(parent)
    parent.deleteLater()


def test_little_is_done_at_once(work: BitByBit) -> None:
    seen: list[int] = []
    done: list[int] = []
    work.do(counting(seen, 5), lambda: done.append(len(seen)), count=5)
    assert done == [5]
    assert not work.is_working


def test_the_window_has_its_turn_before_much_is_done(work: BitByBit) -> None:
    seen: list[int] = []
    told: list[object] = []
    QTimer.singleShot(0, lambda: told.append("the window's turn"))
    work.do(counting(seen, 50_000), lambda: told.append(len(seen)), count=MANY)
    assert seen == []
    assert work.is_working
    run_until(lambda: not work.is_working, what="the work")
    assert told == ["the window's turn", 50_000]


def test_other_work_takes_the_place_of_what_was_not_finished(work: BitByBit) -> None:
    first: list[int] = []
    done: list[str] = []
    work.do(counting(first, 50_000), lambda: done.append("first"), count=MANY)
    work.do(counting([], 3), lambda: done.append("second"), count=3)
    run_until(lambda: not work.is_working, what="the work")
    work.do(counting([], 3), lambda: done.append("third"), count=MANY)
    run_until(lambda: not work.is_working, what="the work")
    assert first == []
    assert done == ["second", "third"]


def test_what_was_stopped_tells_nobody(work: BitByBit) -> None:
    done: list[str] = []
    work.do(counting([], 3), lambda: done.append("told"), count=MANY)
    work.stop()
    turns: list[int] = []
    QTimer.singleShot(20, lambda: turns.append(1))
    run_until(lambda: bool(turns), what="some turns of the window")
    assert done == []


def test_what_is_done_may_begin_other_work(work: BitByBit) -> None:
    done: list[str] = []
    work.do(
        counting([], 3),
        lambda: work.do(counting([], 3), lambda: done.append("second"), count=MANY),
        count=MANY,
    )
    run_until(lambda: bool(done), what="the second work")
    assert not work.is_working
