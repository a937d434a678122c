from __future__ import annotations

import sys
import threading
import time
from concurrent.futures import Future

import pytest
from PySide6.QtCore import QObject
from shiboken6 import delete

from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import broken_workspace
from trustdesk.core.errors import CancelledByPersonError, TrustdeskError
from trustdesk.gui.bridge import BUDGET_S, Bridge


def test_calls_from_other_threads_run_on_the_gui_thread_in_order(bridge: Bridge) -> None:
    ran: list[tuple[int, threading.Thread]] = []

    def note(number: int) -> None:
        ran.append((number, threading.current_thread()))

    def post() -> None:
        for number in range(50):
            bridge.post(lambda number=number: note(number))  # type: ignore[misc]  # bound in this round

    thread = threading.Thread(target=post)
    thread.start()
    thread.join()
    run_until(lambda: len(ran) == 50, what="the calls")
    assert [number for number, _thread in ran] == list(range(50))
    assert {thread for _number, thread in ran} == {threading.main_thread()}


def test_one_visit_of_the_mailbox_is_bounded_in_time(bridge: Bridge) -> None:
    ran: list[float] = []

    def busy() -> None:
        until = time.perf_counter() + BUDGET_S / 2
        while time.perf_counter() < until:
            pass
        ran.append(time.perf_counter())

    for _call in range(8):
        bridge.post(busy)
    bridge._drain()
    assert 1 <= len(ran) < 8
    run_until(lambda: len(ran) == 8, what="what was left for later visits")


def test_a_result_reaches_the_window(bridge: Bridge) -> None:
    future: Future[int] = Future()
    results: list[int] = []
    bridge.when_done(future, results.append, lambda error: pytest.fail(str(error)))
    future.set_result(7)
    assert results == []
    run_until(lambda: results, what="the result")
    assert results == [7]


def test_an_expected_failure_reaches_the_window_as_it_is(bridge: Bridge) -> None:
    future: Future[int] = Future()
    errors: list[TrustdeskError] = []
    bridge.when_done(future, lambda _result: pytest.fail("no result"), errors.append)
    failure = broken_workspace()
    future.set_exception(failure)
    run_until(lambda: errors, what="the error")
    assert errors == [failure]


def test_a_cancelled_future_says_so(bridge: Bridge) -> None:
    future: Future[int] = Future()
    errors: list[TrustdeskError] = []
    bridge.when_done(future, lambda _result: pytest.fail("no result"), errors.append)
    future.cancel()
    run_until(lambda: errors, what="the error")
    assert isinstance(errors[0], CancelledByPersonError)


def test_a_mistake_goes_to_the_hook_and_does_not_stop_the_mailbox(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, _error, _traceback: seen.append(kind))
    ran: list[int] = []
    bridge.post(lambda: ran[3:4][0])  # type: ignore[arg-type]  # fails on purpose
    bridge.post(lambda: ran.append(1))
    run_until(lambda: ran, what="the call after the mistake")
    assert seen == [IndexError]


def test_a_closed_bridge_runs_nothing_any_more(bridge: Bridge) -> None:
    ran: list[int] = []
    bridge.post(lambda: ran.append(1))
    bridge.close()
    settle()
    assert ran == []


def test_an_answer_for_a_widget_that_is_gone_is_dropped(bridge: Bridge) -> None:
    owner, told = QObject(), list[str]()
    first: Future[str] = Future()
    second: Future[str] = Future()
    for future in (first, second):
        bridge.when_done(future, told.append, lambda _error: None, owner=owner)
    first.set_result("there")
    run_until(lambda: told, what="the first answer")
    delete(owner)
    second.set_result("gone")
    done: list[None] = []
    bridge.post(lambda: done.append(None))
    run_until(lambda: done, what="what came after")
    assert told == ["there"]
