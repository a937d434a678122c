"""How the window was left is how it comes back; a file that nobody could have written changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QRect, QSettings, QSize
from PySide6.QtWidgets import QWidget

from tests.support.event_loop import settle
from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.frame.window_memory import pulled_in
from trustdesk.gui.identities import arrange as identity_order
from trustdesk.gui.partners import arrange as partner_order
from trustdesk.gui.partners.cells import Column
from trustdesk.gui.widgets.dialog_sizes import dialog_sizes
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.window import IDENTITIES, OVERVIEW, MainWindow

SCREEN, BESIDE = QRect(0, 0, 1920, 1080), QRect(1920, 0, 1280, 1024)


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "window.ini")


def window_on(bridge: Bridge, file: str) -> MainWindow:
    made = MainWindow(bridge, title="trustdesk", settings=QSettings(file, QSettings.Format.IniFormat))
    made.build_pages()
    return made


def leave(window: MainWindow) -> None:
    window.close()
    window.deleteLater()
    settle()


def test_pages_come_back_as_they_were_left(bridge: Bridge, file: str) -> None:
    window = window_on(bridge, file)
    window.resize(780, 600)
    window.show_page(IDENTITIES)
    window.partners.pane.columns.ticks[Column.ENDPOINT].setChecked(True)
    window.partners.pane.columns.ticks[Column.TLS].setChecked(False)
    window.partners.order.sort(Column.DAYS)
    window.partners.order.sort(Column.DAYS)
    window.partners.filters.chip(partner_order.Filter.FAILING).setChecked(True)
    window.partners.split.share_as(0.4)
    window.identities.pane.sort_by(identity_order.SortBy.DAYS, descending=False)
    window.identities.pane.filters.chip(identity_order.Filter.EXPIRING).setChecked(True)
    window.show()
    settle()
    leave(window)

    again = window_on(bridge, file)
    assert again.size() == QSize(780, 600)
    assert again.current_page == IDENTITIES
    shown = again.partners.pane.columns
    assert (shown.shows(Column.ENDPOINT), shown.shows(Column.TLS)) == (True, False)
    assert Column.TLS in again.partners.table.left_out
    left = again.partners.model.arrangement
    assert (left.sort, left.descending) == (partner_order.SortBy.DAYS, True)
    assert left.filters == {partner_order.Filter.FAILING}
    assert again.partners.split.moved_share == pytest.approx(0.4, abs=0.01)
    ours = again.identities.model.arrangement
    assert (ours.sort, ours.descending) == (identity_order.SortBy.DAYS, False)
    assert ours.filters == {identity_order.Filter.EXPIRING}
    leave(again)


def test_a_file_that_nobody_could_have_written_changes_nothing(bridge: Bridge, file: str) -> None:
    bad = QSettings(file, QSettings.Format.IniFormat)
    for key, value in {
        "window/geometry": QByteArray(b"\x01\xd9\xd0\xcb junk"),
        "window/theme": "pink",
        "window/page": "../../etc",
        "partners/left_out": "tls colour_of_the_aircraft",
        "partners/sort": ["days", "tls"],
        "partners/filters": "failing " * 500,
        "partners/share": "99999999999999999999",
        "identities/sort": QByteArray(b"\x00"),
        "inspector/tree": "-5",
        "dialogs/PlainDialog": "wide",
    }.items():
        bad.setValue(key, value)
    bad.sync()
    window = window_on(bridge, file)
    assert window.current_page == OVERVIEW
    assert window.partners.table.left_out == {Column.TLS}
    assert window.partners.model.arrangement == partner_order.Arrangement()
    assert window.partners.split.moved_share is None
    assert window.identities.model.arrangement == identity_order.Arrangement()
    assert dialog_sizes().size_of("PlainDialog", QSize(5, 6)) == QSize(5, 6)
    leave(window)


def test_a_dialog_opens_in_the_size_in_which_it_was_left(bridge: Bridge, file: str) -> None:
    settings = QSettings(file, QSettings.Format.IniFormat)
    dialog_sizes().use(settings)
    behind = QWidget()
    try:
        dialog = PlainDialog(behind, msg("A"), msg("B"))
        dialog.show()
        dialog.resize(640, 444)
        dialog.close()
        again = PlainDialog(behind, msg("A"), msg("B"))
        assert again.size() == QSize(640, 444)
        settings.setValue("dialogs/PlainDialog", QSize(99_999, 1))
        bounded = PlainDialog(behind, msg("A"), msg("B"))
        assert bounded.width() <= bounded.screen().availableSize().width()
        assert bounded.height() == 420
    finally:
        dialog_sizes().use(None)
        behind.deleteLater()
        settle()


@pytest.mark.parametrize(
    ("left", "found"),
    [
        (QRect(100, 50, 900, 600), QRect(100, 50, 900, 600)),
        (QRect(2000, 50, 900, 600), QRect(2000, 50, 900, 600)),
        (QRect(-300, 50, 900, 600), QRect(-300, 50, 900, 600)),  # half of it is enough to take hold of
        (QRect(9000, 9000, 900, 600), QRect(510, 240, 900, 600)),  # its screen is gone
        (QRect(100, -500, 900, 600), QRect(100, 0, 900, 600)),  # its title was above the edge
        (QRect(0, 0, 9000, 9000), QRect(0, 0, 1920, 1080)),
        (QRect(-880, 50, 900, 600), QRect(510, 240, 900, 600)),  # a strip of 20 pixels
    ],
)
def test_a_place_outside_all_screens_is_pulled_in(left: QRect, found: QRect) -> None:
    assert pulled_in(left, [SCREEN, BESIDE]) == found
