"""The Inspector in the window: rail, drops, pasting, and the day that everything is judged for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.support import pki, samples
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk
from tests.support.inspected import fixed_findings, inspection_of, judge
from tests.support.on_screen import on_screen, window_with_pages
from trustdesk.core.inspection import Inspection
from trustdesk.formats.certificate_columns import RowReader
from trustdesk.gui.evaluate_at.chip import EvaluateAtChip, evaluation_instant
from trustdesk.gui.theme.theme import ThemeMode, current_theme
from trustdesk.gui.window import INSPECTOR, OVERVIEW, PARTNERS, MainWindow
from trustdesk.services.board import State

CONTROL = Qt.KeyboardModifier.ControlModifier
ROOT = pki.root()
LEAF = pki.server(ROOT, common_name="data.example")
DAY = datetime(2027, 3, 15, 12, tzinfo=UTC)
ROWS = tuple(row for row in samples.board_rows() if row.state is not State.RUNNING)


class CountingDesk(FakeDesk):
    """Knows how often the board was asked for, and as of when."""

    boards: list[datetime | None]

    def board(self):  # type: ignore[no-untyped-def]
        self.boards = [*getattr(self, "boards", []), self.evaluation_time]
        return super().board()


def leaf_in(source: str, _password: str | None) -> Inspection:
    return inspection_of(LEAF, source=source)


@pytest.fixture
def desk() -> CountingDesk:
    made = CountingDesk(ROWS, reports=samples.reports(), trust_lists=(pki.trust_list(ROOT),))
    made.verify = judge
    made.lint = fixed_findings
    for name in ("/x/leaf.pem", "Pasted text 1"):
        made.inspections[name] = partial(leaf_in, name)
    return made


@pytest.fixture
def window(qapp: QApplication, desk: CountingDesk) -> Iterator[MainWindow]:
    # The first size keeps to the screen, and this one is small.
    with on_screen(qapp, window_with_pages, (1440, 900)) as made:
        made.activateWindow()
        made.set_desk(desk)
        run_until(lambda: made.isActiveWindow() and made.partners.detail.has_answer, what="the board")
        yield made
    current_theme().set_mode(ThemeMode.LIGHT)


def drop(window: MainWindow, data: QMimeData) -> bool:
    """Drag over the window and drop; whether it was taken."""
    place, copy, left = QPointF(400, 300), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place.toPoint(), copy, data, left, none)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if not enter.isAccepted():
        assert not window.drop_frame.isVisible()
        return False
    assert window.drop_frame.geometry() == window.rect()
    QApplication.sendEvent(window, QDragLeaveEvent())
    frames = [window.drop_frame.isVisible()]
    QApplication.sendEvent(window, enter)
    frames.append(window.drop_frame.isVisible())
    QApplication.sendEvent(window, QDropEvent(place, copy, data, left, none))
    frames.append(window.drop_frame.isVisible())
    assert frames == [False, True, False]
    return True


def test_ctrl_4_leads_to_the_inspector(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_4, CONTROL)
    assert window.current_page == INSPECTOR
    assert window.rail.entry(INSPECTOR).isChecked()
    assert window.inspector.empty.isVisible()


def test_files_dropped_anywhere_open_in_the_inspector(window: MainWindow, desk: CountingDesk) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/x/leaf.pem")])
    assert window.current_page == OVERVIEW
    assert drop(window, data)
    assert window.current_page == INSPECTOR
    run_until(lambda: len(window.inspector.opened), what="the certificate")
    assert desk.read == [(("/x/leaf.pem",), None)]


def test_pem_text_dropped_opens_too_and_a_web_address_does_not(
    window: MainWindow, desk: CountingDesk
) -> None:
    data = QMimeData()
    data.setText(LEAF.pem.decode())
    assert drop(window, data)
    run_until(lambda: len(window.inspector.opened), what="the certificate")
    assert desk.read == [(("Pasted text 1",), None)]
    empty = QMimeData()
    assert not drop(window, empty)


def test_ctrl_v_opens_what_is_in_the_clipboard_but_not_in_a_field(
    window: MainWindow, desk: CountingDesk
) -> None:
    QGuiApplication.clipboard().setText(LEAF.pem.decode())
    window.show_page(PARTNERS)
    field = window.partners.heading.filter_field
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_V, CONTROL)
    settle()
    assert window.current_page == PARTNERS
    assert isinstance(field, QLineEdit)
    assert field.text()
    field.clear()
    window.partners.table.setFocus()
    QTest.keyClick(window.partners.table, Qt.Key.Key_V, CONTROL)
    run_until(lambda: len(window.inspector.opened), what="the certificate")
    assert window.current_page == INSPECTOR


def test_another_day_is_said_in_a_banner_and_judged_on_every_page(
    window: MainWindow, desk: CountingDesk
) -> None:
    window.show_page(INSPECTOR)
    window.inspector.open_sources([Path("/x/leaf.pem")])
    run_until(lambda: len(desk.questions) >= 2, what="the questions")
    assert not window.as_of.isVisible()
    window.top_bar.evaluate_at.time_chosen.emit(DAY)
    times = [desk.evaluation_time]
    assert window.as_of.isVisible()
    assert window.as_of.words == "Judged as of 2027-03-15."
    assert window.top_bar.evaluate_at.text() == "Evaluate at: 2027-03-15"
    asked = [desk.questions[-1].at, desk.rejudgings[-1].at]
    assert asked == [DAY, DAY]
    window.as_of.back.click()
    times.append(desk.evaluation_time)
    assert times == [DAY, None]
    assert not window.as_of.isVisible()
    assert [desk.questions[-1].at, desk.boards[-1]] == [None, None]


def test_the_calendar_opens_on_the_day_and_takes_another(window: MainWindow) -> None:
    chip = window.top_bar.evaluate_at
    chosen: list[datetime | None] = []
    chip.time_chosen.connect(chosen.append)
    QTest.keyClick(chip, Qt.Key.Key_Return)
    popup = chip.calendar
    assert popup is not None
    assert popup.isVisible()
    popup.field.setDate(QDate(2027, 3, 15))
    assert popup.calendar.selectedDate() == QDate(2027, 3, 15)
    popup.judge.click()
    assert chosen == [DAY]
    assert not popup.isVisible()
    chip.open_calendar()
    assert popup.calendar.selectedDate() == QDate(2027, 3, 15)
    popup.today.click()
    assert chosen == [DAY, None]


def test_the_chip_is_short_in_a_narrow_window_and_keeps_its_whole_name(window: MainWindow) -> None:
    window.resize(1000, 640)
    settle()
    chip = window.top_bar.evaluate_at
    assert chip.text() == "Today"
    assert chip.accessibleName().startswith("Evaluate at: today, ")
    window.evaluate_at(DAY)
    assert chip.text() == "2027-03-15"
    window.evaluate_at(None)


def test_a_day_is_judged_at_noon_utc() -> None:
    assert evaluation_instant(date(2027, 3, 15)) == DAY


def test_the_chip_says_today_by_its_date(qapp: QApplication) -> None:
    chip = EvaluateAtChip(now=lambda: datetime(2026, 11, 20, 8, tzinfo=UTC))
    assert chip.text() == "Evaluate at: today, 2026-11-20"


def test_the_status_bar_says_that_files_are_being_read(window: MainWindow) -> None:
    window.inspector.open_sources([Path("/x/leaf.pem")])
    assert window.status_bar.words == "Reading files"
    run_until(lambda: len(window.inspector.opened), what="the certificate")
    assert window.status_bar.words == "No jobs running"


def test_reading_is_given_up_from_the_status_bar(window: MainWindow) -> None:
    window.inspector.open_sources([Path("/x/leaf.pem")])
    window.status_bar.cancelled.emit()
    assert not window.inspector.is_reading
    assert window.status_bar.words == "No jobs running"


def test_status_bar_tells_of_the_judging_of_very_many_and_cancels_it(
    window: MainWindow, desk: CountingDesk
) -> None:
    desk.bundles = {"/x/bundle.pem"}
    window.show_page(INSPECTOR)
    window.inspector.open_sources([Path("/x/bundle.pem")])
    run_until(lambda: bool(desk.readings), what="the reading")
    desk.readings[-1].give([RowReader().row(LEAF.der)] * 3, 1.0)
    desk.readings[-1].finish()
    many = window.inspector.many
    run_until(lambda: many.page is not None and not many.page.run.is_reading, what="the rows")
    assert many.page is not None
    many.page.judge_all()
    settle()
    assert "Judging: 0 of 3" in window.status_bar.words
    window.status_bar.cancelled.emit()
    assert desk.judgings[-1].cancelled
    run_until(lambda: "No jobs running" in window.status_bar.words, what="rest")
