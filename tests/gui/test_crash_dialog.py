"""The dialog on our own mistakes: one, however many there are; copy, save, go on or close."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from tests.support.event_loop import settle
from tests.support.named_controls import nameless
from trustdesk.gui.help import crash_dialog
from trustdesk.gui.help.crash_dialog import CrashDialog, CrashTeller
from trustdesk.gui.theme.theme import current_theme


@pytest.fixture
def window(qapp: QApplication) -> Iterator[QWidget]:
    current_theme().apply(qapp)
    made = QWidget()
    made.show()
    yield made
    made.close()
    made.deleteLater()
    settle()


def dialogs(window: QWidget) -> list[CrashDialog]:
    return [one for one in window.findChildren(CrashDialog) if one.isVisible()]


def test_a_second_mistake_goes_into_the_dialog_that_is_open(window: QWidget, tmp_path: Path) -> None:
    teller = CrashTeller(window)
    for number in range(40):
        teller.tell(f"report {number}")
    (dialog,) = dialogs(window)
    assert "report 0" in dialog.view.toPlainText()
    assert "report 19" in dialog.text
    assert "report 20" not in dialog.text
    assert nameless(dialog, at_least=4) == []
    dialog.copy_button.click()
    assert QGuiApplication.clipboard().text() == dialog.text
    file = tmp_path / "crash.txt"
    dialog.ask_file = lambda _parent: file
    dialog.save_button.click()
    assert file.read_text().startswith("report 0")
    dialog.ask_file = lambda _parent: tmp_path / "none" / "crash.txt"
    dialog.save_button.click()
    assert "Not saved" in dialog.notice.words
    dialog.close_button.click()
    settle()
    assert dialogs(window) == []
    assert window.isVisible()
    teller.tell("another")
    assert len(dialogs(window)) == 1


def test_closing_ends_the_window_and_the_telling(window: QWidget) -> None:
    teller = CrashTeller(window)
    teller.tell("report")
    (dialog,) = dialogs(window)
    dialog.end_button.click()
    settle()
    assert not window.isVisible()
    teller.tell("while it goes")
    assert len(window.findChildren(CrashDialog)) <= 1


def test_a_mistake_in_the_dialog_itself_asks_for_no_other(
    window: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def broken(_parent: QWidget, report: str) -> CrashDialog:
        made.append(report)
        raise RuntimeError(report)

    monkeypatch.setattr(crash_dialog, "CrashDialog", broken)
    teller = CrashTeller(window)
    with pytest.raises(RuntimeError):
        teller.tell("first")
    teller.tell("second")
    assert made == ["first"]
