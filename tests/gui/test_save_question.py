"""Where to save: the ending, and that nothing is replaced without a question."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLineEdit, QMessageBox, QWidget

from tests.support.event_loop import settle
from trustdesk.core.message import msg
from trustdesk.gui.widgets.save_question import ask_file

KINDS = {".csv": msg("Table"), ".html": msg("Page")}


@pytest.fixture
def parent(qapp: QApplication) -> Iterator[QWidget]:
    made = QWidget()
    yield made
    made.deleteLater()
    settle()


@contextmanager
def person(*answers: Callable[[], None]) -> Iterator[list[str]]:
    """Answer the dialogs that come one after another; whoever asks once too often is sent away."""
    left, asked = list(answers), list[str]()
    ground = QObject()

    def look() -> None:
        # Before the answer: it may open the next dialog, and come back when that is closed.
        QTimer.singleShot(0, ground, look)
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            return
        asked.append(type(dialog).__name__)
        if left:
            left.pop(0)()
        else:
            dialog.close()

    QTimer.singleShot(0, ground, look)
    yield asked
    ground.deleteLater()
    settle()


def names(name: str, kind: str | None = None) -> Callable[[], None]:
    def save() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        if kind is not None:
            dialog.selectNameFilter(kind)
            dialog.filterSelected.emit(kind)
        (field,) = dialog.findChildren(QLineEdit, "fileNameEdit")
        field.setText(name)
        press_save()

    return save


def press_save() -> None:
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QFileDialog)
    (buttons,) = dialog.findChildren(QDialogButtonBox)
    buttons.button(QDialogButtonBox.StandardButton.Save).click()


def says(answer: QMessageBox.StandardButton) -> Callable[[], None]:
    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        box.button(answer).click()

    return press


NO = says(QMessageBox.StandardButton.No)
YES = says(QMessageBox.StandardButton.Yes)


def test_the_suggested_ending_is_added_and_another_one_is_heeded(parent: QWidget, tmp_path: Path) -> None:
    with person(names(str(tmp_path / "letter"))):
        assert ask_file(parent, "letter-a.example.txt") == tmp_path / "letter.txt"
    with person(names(str(tmp_path / "letter.md"))):
        assert ask_file(parent, "letter-a.example.txt") == tmp_path / "letter.md"


def test_a_file_that_is_there_is_asked_about_under_its_whole_name(parent: QWidget, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("an earlier one")
    with person(names(str(tmp_path / "letter")), NO) as asked:
        assert ask_file(parent, "letter.txt") is None
    assert asked == ["QFileDialog", "QMessageBox", "QFileDialog"]
    with person(names(str(tmp_path / "letter")), YES) as asked:
        assert ask_file(parent, "letter.txt") == tmp_path / "letter.txt"
    assert asked == ["QFileDialog", "QMessageBox"]


def test_the_kind_that_is_chosen_gives_the_ending(parent: QWidget, tmp_path: Path) -> None:
    with person(names(str(tmp_path / "partners"))):
        assert ask_file(parent, "partners.csv", kinds=KINDS) == tmp_path / "partners.csv"
    with person(names(str(tmp_path / "partners"), "Page (*.html)")):
        assert ask_file(parent, "partners.csv", kinds=KINDS) == tmp_path / "partners.html"


def test_a_name_with_an_ending_of_no_kind_gains_one_and_is_asked_about(
    parent: QWidget, tmp_path: Path
) -> None:
    typed, whole = tmp_path / "partners 2026.11", tmp_path / "partners 2026.11.csv"
    with person(names(str(typed))):
        assert ask_file(parent, "partners.csv", kinds=KINDS) == whole
    whole.write_text("an earlier one")
    with person(names(str(typed)), press_save, YES) as asked:
        assert ask_file(parent, "partners.csv", kinds=KINDS) == whole
    assert asked == ["QFileDialog", "QFileDialog", "QMessageBox"]


def test_nothing_is_named_by_a_person_who_leaves(parent: QWidget) -> None:
    with person():
        assert ask_file(parent, "partners.csv", kinds=KINDS) is None
