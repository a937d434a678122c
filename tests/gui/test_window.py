from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLineEdit, QWidget

from tests.support import samples
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk, broken_workspace
from tests.support.named_controls import nameless
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.probe import Phase
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.theme.theme import ThemeMode, current_theme
from trustdesk.gui.window import HANDSHAKE, INSPECTOR, OVERVIEW, PARTNERS, MainWindow
from trustdesk.services.board import State

ROWS = tuple(row for row in samples.board_rows() if row.state is not State.RUNNING)
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk(ROWS, reports=samples.reports())


@pytest.fixture
def bridge(qapp: QApplication) -> Iterator[Bridge]:
    current_theme().apply(qapp)
    made = Bridge()
    yield made
    made.close()
    current_theme().set_mode(ThemeMode.LIGHT)


@pytest.fixture
def window(bridge: Bridge, desk: FakeDesk) -> Iterator[MainWindow]:
    made = MainWindow(bridge, title="trustdesk")
    made.build_pages()
    made.show()
    made.activateWindow()
    made.set_desk(desk)
    run_until(lambda: made.isActiveWindow() and made.partners.detail.has_answer, what="the board")
    run_until(lambda: made.overview.is_read, what="what ends when")
    yield made
    # What is still on its way has nobody to tell.
    bridge.close()
    made.close()
    made.deleteLater()
    settle()


def choices(window: MainWindow) -> list[tuple[str, bool]]:
    menu = window.top_bar.chip.menu
    return (
        []
        if menu is None
        else [(action.text(), action.isChecked()) for action in menu.actions() if action.isCheckable()]
    )


def test_every_page_has_its_key_and_keeps_its_state(window: MainWindow) -> None:
    assert window.current_page == OVERVIEW
    QTest.keyClick(window, Qt.Key.Key_2, CONTROL)
    QTest.keyClicks(window.partners.heading.filter_field, "tamarind")
    QTest.keyClick(window, Qt.Key.Key_3, CONTROL)
    assert window.current_page == HANDSHAKE
    assert window.handshake.isVisible()
    assert not window.partners.isVisible()
    QTest.keyClick(window, Qt.Key.Key_1, CONTROL)
    assert window.overview.isVisible()
    QTest.keyClick(window, Qt.Key.Key_2, CONTROL)
    assert window.current_page == PARTNERS
    assert window.partners.heading.filter_text == "tamarind"
    assert window.partners.model.rowCount() == 1


def test_the_rail_marks_the_page_and_counts_what_fails(window: MainWindow) -> None:
    entry = window.rail.entry(PARTNERS)
    failing = sum(row.state is State.BAD for row in ROWS)
    window.show_page(PARTNERS)
    assert entry.isChecked()
    assert entry.accessibleName() == f"Partners, {failing} failing"
    QTest.mouseClick(window.rail.entry(HANDSHAKE), Qt.MouseButton.LeftButton)
    assert window.current_page == HANDSHAKE
    assert not entry.isChecked()


def test_a_narrow_window_shows_icons_with_their_words_in_tooltips(window: MainWindow) -> None:
    window.resize(1079, 700)
    settle()
    assert window.rail.width() == 56
    assert window.rail.entry(HANDSHAKE).toolTip() == "Handshake (Ctrl+3)"
    window.resize(1080, 700)
    settle()
    assert window.rail.width() == 184


def test_the_window_goes_down_to_760_by_560(window: MainWindow) -> None:
    window.resize(100, 100)
    settle()
    assert (window.width(), window.height()) == (760, 560)
    window.show_page(PARTNERS)
    assert window.partners.table.isVisible()


def test_the_list_in_force_is_said_and_can_be_changed(window: MainWindow, desk: FakeDesk) -> None:
    run_until(window.top_bar.chip.isVisible, what="the chip")
    assert window.top_bar.chip.text() == "Lab list (throw-away CAs)"
    assert choices(window) == [("Lab list (throw-away CAs)", True), ("Public web list (certifi)", False)]
    menu = window.top_bar.chip.menu
    assert menu is not None
    menu.actions()[1].trigger()
    run_until(lambda: window.top_bar.chip.text() == "Public web list (certifi)", what="the other list")
    assert desk.lists[0].name == "certifi"
    assert choices(window)[0] == ("Public web list (certifi)", True)


def test_a_list_opened_on_a_page_stands_in_the_menu(window: MainWindow, desk: FakeDesk) -> None:
    run_until(window.top_bar.chip.isVisible, what="the chip")
    desk.open_trust_list(Path("ours.pem"))
    window.show_page(HANDSHAKE)
    run_until(lambda: len(choices(window)) == 3, what="the third list")
    assert choices(window)[2] == ("List ours.pem", False)


def test_a_list_from_a_file_comes_into_force_on_every_page(
    window: MainWindow, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("ours.pem", ""))
    run_until(window.top_bar.chip.isVisible, what="the chip")
    trigger(window, "From file …")
    run_until(lambda: window.top_bar.chip.text() == "List ours.pem", what="the opened list")
    assert choices(window)[0] == ("List ours.pem", True)
    assert desk.lists[0].name == "ours.pem"
    run_until(lambda: window.handshake.form.trust_list == "ours.pem", what="the list of the next run")


def test_a_file_that_is_no_list_is_said_and_leaves_the_list_in_force(
    window: MainWindow, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("letter.txt", ""))
    run_until(window.top_bar.chip.isVisible, what="the chip")
    desk.failure = UnusableInputError(
        msg("There is no certificate in the file."), remedy=msg("Name another."), place="letter.txt"
    )
    trigger(window, "From file …")
    run_until(window.inspector.error.isVisible, what="the error")
    assert window.current_page == INSPECTOR
    desk.failure = None
    window.show_page(PARTNERS)
    assert window.top_bar.chip.text() == "Lab list (throw-away CAs)"


def trigger(window: MainWindow, words: str) -> None:
    menu = window.top_bar.chip.menu
    assert menu is not None
    next(action for action in menu.actions() if action.text() == words).trigger()


def test_the_status_bar_follows_a_sweep_and_cancels_it(window: MainWindow, desk: FakeDesk) -> None:
    assert window.status_bar.words == "No jobs running"
    window.partners.run_all()
    sweep = desk.sweeps[-1]
    sweep.enter(ROWS[0].endpoint.id, Phase.CONNECT)
    sweep.end(ROWS[0])
    run_until(lambda: window.status_bar.words == f"Sweep: 1 of {len(ROWS)}", what="the progress")
    window.status_bar.cancelled.emit()
    assert sweep.cancelled
    run_until(lambda: not window.partners.sweep.is_running, what="the end of the sweep")
    assert window.status_bar.words == "Last sweep: 0 passed, 0 with warnings, 1 failed in 1.2 s"


def test_a_partner_opens_on_the_page_handshake(window: MainWindow, desk: FakeDesk) -> None:
    endpoint = ROWS[0].endpoint
    window.partners.handshake_wanted.emit(endpoint)
    assert window.current_page == HANDSHAKE
    assert desk.probes == []
    window.handshake.run()
    assert desk.probes[0].target == endpoint.target
    desk.probes[0].future.set_result(samples.rejected_client())
    run_until(lambda: not window.handshake.is_running, what="the end of the handshake")


def test_f6_goes_round_the_parts_of_the_window(window: MainWindow) -> None:
    seen: list[QWidget] = []
    for _part in range(4):
        QTest.keyClick(window, Qt.Key.Key_F6)
        focus = QApplication.focusWidget()
        assert focus is not None
        seen.append(focus)
    assert window.status_bar.isAncestorOf(seen[0])
    assert len({id(widget) for widget in seen}) >= 3


def test_a_desk_that_cannot_be_opened_is_said_in_place_of_the_pages(bridge: Bridge) -> None:
    window = MainWindow(bridge, title="trustdesk")
    window.build_pages()
    window.show()
    window.show_failure(broken_workspace())
    settle()
    banner = window.opening.banner
    assert banner is not None
    assert banner.isVisible()
    assert banner.accessibleName() == "The workspace cannot be read."
    window.show_page(HANDSHAKE)
    assert window.opening.isVisible()
    window.close()


def test_theme_and_size_are_remembered(bridge: Bridge, tmp_path: Path) -> None:
    file = tmp_path / "window.ini"
    first = MainWindow(bridge, title="trustdesk", settings=QSettings(str(file), QSettings.Format.IniFormat))
    first.resize(780, 620)
    first.show()
    first.top_bar.mode_chosen.emit(ThemeMode.DARK)
    first.close()
    current_theme().set_mode(ThemeMode.LIGHT)
    settings = QSettings(str(file), QSettings.Format.IniFormat)
    second = MainWindow(bridge, title="trustdesk", settings=settings)
    second.show()
    settle()
    assert current_theme().mode is ThemeMode.DARK
    assert (second.width(), second.height()) == (780, 620)
    second.close()


def test_a_settings_file_with_nonsense_is_no_obstacle(bridge: Bridge, tmp_path: Path) -> None:
    file = tmp_path / "window.ini"
    file.write_text("[window]\ntheme=purple\ngeometry=nonsense\n", encoding="utf-8")
    window = MainWindow(bridge, title="trustdesk", settings=QSettings(str(file), QSettings.Format.IniFormat))
    window.show()
    assert current_theme().mode is ThemeMode.LIGHT
    window.close()


@pytest.mark.parametrize("page", [PARTNERS, HANDSHAKE])
def test_every_control_has_a_name(window: MainWindow, page: str) -> None:
    window.show_page(page)
    settle()
    assert nameless(window, at_least=6) == []


def test_buttons_without_words_have_a_tooltip(window: MainWindow) -> None:
    wordless = [one for one in window.findChildren(QAbstractButton) if one.isVisible() and not one.text()]
    assert wordless
    assert [one for one in wordless if not one.toolTip()] == []


def test_tab_reaches_every_part_and_comes_round(window: MainWindow) -> None:
    start = QApplication.focusWidget()
    seen: list[QWidget] = []
    for _step in range(80):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None
        if focus is start:
            break
        seen.append(focus)
    assert start is QApplication.focusWidget()
    assert any(isinstance(widget, QLineEdit) for widget in seen)
    assert any(window.rail.isAncestorOf(widget) for widget in seen)
    assert any(window.top_bar.isAncestorOf(widget) for widget in seen)


def test_switching_themes_leaves_no_widget_in_the_other_one(window: MainWindow) -> None:
    pictures = []
    for mode in (ThemeMode.LIGHT, ThemeMode.DARK, ThemeMode.LIGHT):
        current_theme().set_mode(mode)
        settle()
        pictures.append(window.grab().toImage())
    light, dark, again = pictures
    assert light == again
    places = [(x, y) for x in range(4, light.width(), 40) for y in range(4, light.height(), 40)]
    still_bright = [place for place in places if dark.pixelColor(*place).lightness() > 235]
    assert len(still_bright) < len(places) * 0.02


def test_it_opens_no_larger_than_the_screen(qapp: QApplication) -> None:
    bridge = Bridge()
    window = MainWindow(bridge, title="trustdesk")
    available = window.screen().availableSize()
    assert window.width() <= max(available.width(), window.minimumWidth())
    assert window.height() <= max(available.height(), window.minimumHeight())
    bridge.close()
    window.deleteLater()
    settle()


def test_nobody_is_asked_about_revocation_until_the_switch_is_turned(
    window: MainWindow, desk: FakeDesk
) -> None:
    switch = window.top_bar.online
    assert not switch.isChecked()
    wanted = [desk.online]
    assert switch.accessibleName() == "Ask CAs for revocation (OCSP, CRL)"
    assert switch.toolTip().startswith("<span>Off: nobody but the partner under test is contacted.")
    switch.setFocus()
    QTest.keyClick(switch, Qt.Key.Key_Space)
    wanted.append(desk.online)
    assert "whose certificate is looked at" in switch.toolTip()
    QTest.keyClick(switch, Qt.Key.Key_Space)
    wanted.append(desk.online)
    assert wanted == [False, True, False]


def test_the_switch_counts_too_when_it_is_turned_before_the_workspace_is_open(
    bridge: Bridge, desk: FakeDesk
) -> None:
    window = MainWindow(bridge, title="trustdesk")
    window.build_pages()
    window.top_bar.online.click()
    window.set_desk(desk)
    run_until(lambda: window.partners.detail.has_answer, what="the board")
    was_online = desk.online
    window.top_bar.online.click()
    assert (was_online, desk.online) == (True, False)
    bridge.close()
    window.close()
    bridge.close()
    window.deleteLater()
    settle()


def test_the_switch_fits_a_narrow_window(window: MainWindow) -> None:
    switch = window.top_bar.online
    window.resize(1440, 900)
    settle()
    assert switch.text() == switch.accessibleName()
    window.resize(800, 600)
    settle()
    assert switch.text() == "Ask CAs"
    assert switch.accessibleName() == "Ask CAs for revocation (OCSP, CRL)"
