"""The first window: files wait for those that are being read, and macOS' events count as files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QUrl, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication, QWidget

from trustdesk.gui.instance.first import FirstWindow
from trustdesk.gui.instance.handover import MAX_FILES, Handover


class Inspector(QObject):
    """The page as far as files go."""

    busy_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.is_reading = False

    def read(self, reading: bool) -> None:
        self.is_reading = reading
        self.busy_changed.emit(reading)


class Window(QWidget):
    """A window that notes what it opens."""

    def __init__(self) -> None:
        super().__init__()
        self.inspector = Inspector()
        self.opened: list[tuple[Path, ...]] = []

    def open_dropped(self, files: Sequence[Path], _text: str) -> None:
        self.opened.append(tuple(files))
        self.inspector.read(True)


@pytest.fixture
def window(qapp: QApplication) -> Iterator[Window]:
    made = Window()
    yield made
    made.deleteLater()


def test_files_wait_for_those_that_are_being_read(qapp: QApplication, window: Window) -> None:
    first = FirstWindow(window)  # type: ignore[arg-type]

    first.open([Path("/a")])
    first.take(Handover(files=(Path("/b"),)))
    first.take(Handover(files=(Path("/c"),)))
    assert window.opened == [(Path("/a"),)]
    window.inspector.read(False)
    qapp.processEvents()

    assert window.opened == [(Path("/a"),), (Path("/b"), Path("/c"))]


def test_handover_without_files_opens_nothing(window: Window) -> None:
    FirstWindow(window).take(Handover(files=()))  # type: ignore[arg-type]

    assert window.opened == []


def test_crowd_of_files_that_wait_is_bounded(qapp: QApplication, window: Window) -> None:
    first = FirstWindow(window)  # type: ignore[arg-type]
    first.open([Path("/a")])

    for _ in range(3):
        first.open([Path("/b")] * MAX_FILES)
    window.inspector.read(False)
    qapp.processEvents()

    assert [len(files) for files in window.opened] == [1, MAX_FILES]


def test_file_that_macos_asks_to_open_is_opened(window: Window) -> None:
    first = FirstWindow(window)  # type: ignore[arg-type]

    assert first.eventFilter(window, QFileOpenEvent(QUrl.fromLocalFile("/a.pem")))
    assert not first.eventFilter(window, QEvent(QEvent.Type.Show))

    assert window.opened == [(Path("/a.pem"),)]
