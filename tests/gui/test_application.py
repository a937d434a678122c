from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.support import samples
from tests.support.fake_desk import FakeDesk, broken_workspace
from trustdesk.core.errors import TrustdeskError
from trustdesk.gui.application import application, run_window
from trustdesk.gui.window import MainWindow


def test_the_window_paints_first_and_opens_the_desk_on_another_thread(qapp: QApplication) -> None:
    order: list[str] = []
    desk = FakeDesk(samples.board_rows(), reports=samples.reports())

    def open_desk() -> FakeDesk:
        order.append("desk")
        assert threading.current_thread() is not threading.main_thread()
        return desk

    def painted(elapsed_ms: float) -> None:
        order.append("painted")
        assert 0 < elapsed_ms < 60_000

    status = run_window(
        open_desk,
        title="trustdesk",
        settings_file=None,
        on_ready=lambda _window, opened: order.append("ready" if opened is desk else "other"),
        on_first_paint=painted,
        smoke=True,
    )
    assert status == 0
    assert order == ["painted", "desk", "ready"]
    assert desk.closed


def test_a_desk_that_does_not_open_ends_a_smoke_run_with_its_status(qapp: QApplication) -> None:
    def open_desk() -> FakeDesk:
        raise broken_workspace()

    assert (
        run_window(open_desk, title="trustdesk", settings_file=None, smoke=True) == TrustdeskError.exit_status
    )


def test_a_window_closed_while_the_desk_opens_still_closes_the_desk(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = FakeDesk()
    closing = threading.Event()

    def open_desk() -> FakeDesk:
        assert closing.wait(10)
        return desk

    def painted(_elapsed_ms: float) -> None:
        for window in QApplication.topLevelWidgets():
            if isinstance(window, MainWindow) and window.isVisible():
                window.close()
        closing.set()

    status = run_window(open_desk, title="trustdesk", settings_file=None, on_first_paint=painted)
    assert status == 0
    assert desk.closed


def test_settings_are_written_where_the_caller_says(qapp: QApplication, tmp_path: Path) -> None:
    file = tmp_path / "window.ini"
    run_window(FakeDesk, title="trustdesk", settings_file=str(file), smoke=True)
    assert "theme=system" in file.read_text(encoding="utf-8")


def test_there_is_one_application(qapp: QApplication) -> None:
    assert application() is qapp
