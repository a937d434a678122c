"""From an empty start to a diagnosed partner with nothing but keys, against a real server of the lab."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.support import event_loop, keyboard
from tests.support.accessible_tree import name_of
from tests.support.event_loop import run_until
from tests.support.keyboard import CTRL, go_and_press, go_to, holder, press, stops, write
from tests.support.on_screen import on_screen, window_with_pages
from trustdesk.gui.diagnosis.letter_dialog import LetterDialog
from trustdesk.gui.window import MainWindow
from trustdesk.lab.process import LabDescription, LabProcess
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.workspaces import open_desk

PARTNER = "Zeitlos Air Freight"


@pytest.fixture(scope="module")
def lab() -> Iterator[LabDescription]:
    process = LabProcess.start()
    yield process.description
    process.stop()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[LiveDesk]:
    made = open_desk(tmp_path / "workspace")
    yield made
    made.close()


@pytest.fixture
def window(qapp: QApplication, desk: LiveDesk, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setattr(event_loop, "DEADLINE_S", 40.0)
    with on_screen(qapp, window_with_pages, (1440, 900)) as made:
        made.activateWindow()
        run_until(made.isActiveWindow, what="the window")
        made.set_desk(desk)
        yield made


def test_from_an_empty_start_to_a_diagnosed_partner(window: MainWindow, lab: LabDescription) -> None:
    server = next(one for one in lab.servers if one.name == "expired")
    # Nothing is there yet, and the keyboard is at the first way in.
    keyboard.wait_for_keyboard("Load a trust list …")
    go_and_press("Test a partner …")
    assert name_of(holder()) == "Target"
    write(f"https://{server.server_name}:{server.port}")
    go_to("Connect to")
    write(server.host)
    press(Qt.Key.Key_Return)
    run_until(lambda: "expired" in window.handshake.banner.accessibleName(), what="the verdict")
    # It becomes a partner.
    go_and_press("Save as partner …")
    assert name_of(holder()) == "Partner"
    write(PARTNER)
    press(Qt.Key.Key_Return)
    run_until(lambda: window.partners.model.rows, what="the partner")
    # Its page: tested, then diagnosed.
    press(Qt.Key.Key_2, CTRL)
    keyboard.wait_for_keyboard("Partners")
    run_until(lambda: window.partners.detail.endpoint is not None, what="the partner's page")
    press(Qt.Key.Key_F5, CTRL)
    run_until(lambda: window.partners.diagnosing.is_running, what="the diagnosis")
    run_until(lambda: not window.partners.diagnosing.is_running, what="its end")
    # The most likely cause comes first, with who has to act.
    cause = next(stop for stop in stops(window) if name_of(stop).startswith("Cause 1"))
    assert "expired" in name_of(cause)
    assert name_of(cause).endswith("To act: Partner.")
    assert cause.isVisible()
    # What to write to the partner is read, and Esc leads back to where the keyboard was.
    go_and_press("Write to partner …")
    run_until(lambda: holder().window() is not window, what="the letter")
    letter = holder().window()
    assert isinstance(letter, LetterDialog)
    assert "expired" in letter.view.toPlainText()
    press(Qt.Key.Key_Escape)
    window.activateWindow()  # as the window manager does, which there is none of
    run_until(window.isActiveWindow, what="the window")
    assert name_of(holder()) == "Write to partner …"
