"""The settings dialog: every choice holds as it is made, and what cannot hold is said at its field."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.support import samples
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk
from tests.support.named_controls import nameless
from trustdesk.core.connections import Connections, ProxyUse
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.frame.settings_links import SettingsLinks
from trustdesk.gui.identities.key_store_panel import KeyStorePanel
from trustdesk.gui.identities.key_stores import KeyStoreWatch
from trustdesk.gui.settings.dialog import SettingsDialog, SettingsPart
from trustdesk.gui.settings.rows import FieldRow
from trustdesk.gui.settings.window_choices import WindowChoices, restore_comfort
from trustdesk.gui.theme.comfort import current_comfort
from trustdesk.gui.theme.theme import ThemeMode, current_theme
from trustdesk.gui.widgets.two_line_cells import row_height
from trustdesk.gui.window import TRUST_LISTS, MainWindow

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    current_comfort().choose(has_motion=True, is_compact=False)
    current_theme().set_mode(ThemeMode.LIGHT)


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk(samples.board_rows()[:2], reports=samples.reports())


@pytest.fixture
def dialog(bridge: Bridge, desk: FakeDesk, settings: QSettings) -> Iterator[SettingsDialog]:
    behind = QWidget()
    watch = KeyStoreWatch(bridge, behind)
    made = SettingsDialog(
        behind, bridge, desk, choices=WindowChoices(settings), watch=watch, window_file=settings.fileName()
    )
    made.show()
    run_until(lambda: made.tests.fields["full_reports"].field.text() == "3", what="what holds")
    yield made
    bridge.close()
    behind.deleteLater()
    settle()


def opened(links: SettingsLinks) -> SettingsDialog:
    assert links.dialog is not None
    return links.dialog


def typed(row: FieldRow, text: str) -> None:
    row.field.selectAll()
    QTest.keyClicks(row.field, text)
    QTest.keyClick(row.field, Qt.Key.Key_Return)


def test_every_control_of_every_section_has_a_name(dialog: SettingsDialog) -> None:
    for part in SettingsPart:
        dialog.show_part(part)
        settle()
        assert dialog.current is part
        assert nameless(dialog) == []


def test_the_theme_changes_at_once_and_is_there_in_the_next_session(
    dialog: SettingsDialog, settings: QSettings
) -> None:
    dialog.mode_chosen.connect(current_theme().set_mode)
    dialog.appearance.theme.setFocus()
    QTest.keyClick(dialog.appearance.theme, Qt.Key.Key_Right)
    assert current_theme().mode is ThemeMode(dialog.appearance.theme.current)
    assert settings.value("window/theme") == current_theme().mode.value


def test_a_proxy_is_named_in_two_steps_and_a_bad_one_stays_in_its_field(
    dialog: SettingsDialog, desk: FakeDesk
) -> None:
    part = dialog.connections
    dialog.show_part(SettingsPart.CONNECTIONS)
    part.use.setCurrentIndex(part.use.findData(ProxyUse.NAMED.value))
    part.use.activated.emit(part.use.currentIndex())
    assert desk.settings_desk.connections == Connections()
    typed(part.proxy, "http://anna:secret@proxy.example:1")
    run_until(part.proxy.problem.isVisible, what="the problem")
    assert "secret" not in part.proxy.problem.accessibleName()
    assert desk.settings_desk.connections == Connections()
    assert part.proxy.field.property("invalid") is True
    typed(part.proxy, "socks5://proxy.example")
    run_until(part.proxy.kept.isVisible, what="that it is kept")
    assert desk.settings_desk.connections == Connections(
        proxy_use=ProxyUse.NAMED, proxy="socks5://proxy.example"
    )
    part.use.setCurrentIndex(part.use.findData(ProxyUse.NONE.value))
    part.use.activated.emit(part.use.currentIndex())
    run_until(lambda: desk.settings_desk.connections.proxy_use is ProxyUse.NONE, what="none")
    assert part.proxy.field.text() == "socks5://proxy.example"


def test_a_threshold_is_kept_when_the_field_is_left(dialog: SettingsDialog, desk: FakeDesk) -> None:
    told: list[bool] = []
    dialog.agreed_changed.connect(lambda: told.append(True))
    row = dialog.warnings.fields["warn_days"]
    typed(row, "45")
    run_until(lambda: bool(told), what="the change")
    assert desk.settings_desk.settings_held.thresholds.warn_days == 45
    assert not row.kept.isHidden()


@pytest.mark.parametrize("text", ["x", "-1", "1.5", "9999999999", " "])
def test_no_number_is_said_at_the_field_and_nothing_is_kept(
    dialog: SettingsDialog, desk: FakeDesk, text: str
) -> None:
    row = dialog.warnings.fields["warn_days"]
    typed(row, text)
    assert not row.problem.isHidden()
    assert desk.settings_desk.settings_held.thresholds.warn_days == 30


def test_what_the_workspace_refuses_stands_at_its_field(dialog: SettingsDialog, desk: FakeDesk) -> None:
    desk.settings_desk.refusal = UnusableInputError(msg("Too far."), remedy=msg("Come back."))
    row = dialog.tests.fields["keep_days"]
    typed(row, "99999")
    run_until(lambda: not row.problem.isHidden(), what="the problem")
    assert row.problem.accessibleName() == "Too far. Come back."
    assert row.field.text() == "99999"


def test_nothing_in_the_field_keeps_tests_for_ever(dialog: SettingsDialog, desk: FakeDesk) -> None:
    row = dialog.tests.fields["keep_days"]
    typed(row, "400")
    run_until(lambda: desk.settings_desk.settings_held.keep_days == 400, what="a number")
    row.field.clear()
    QTest.keyClick(row.field, Qt.Key.Key_Return)
    run_until(lambda: desk.settings_desk.settings_held.keep_days is None, what="none")


def test_what_was_typed_last_is_kept_when_the_dialog_is_closed(
    dialog: SettingsDialog, desk: FakeDesk
) -> None:
    dialog.tests.fields["own_endpoint"].field.setText("https://own.example/n")
    dialog.close()
    assert desk.settings_desk.settings_held.own_endpoint == "https://own.example/n"


def test_the_desktop_is_told_when_it_is_ticked(dialog: SettingsDialog, desk: FakeDesk) -> None:
    dialog.warnings.ticks[0].tick.click()
    assert desk.settings_desk.settings_held.notify


def test_another_language_asks_for_a_restart_and_the_old_one_takes_it_back(
    dialog: SettingsDialog, settings: QSettings
) -> None:
    wanted: list[bool] = []
    dialog.restart_wanted.connect(lambda: wanted.append(True))

    def choose(code: str) -> None:
        dialog.appearance.language.setCurrentIndex(dialog.appearance.language.findData(code))
        dialog.appearance.language.activated.emit(dialog.appearance.language.currentIndex())

    assert not dialog.appearance.restart_button.isVisible()
    choose("ar")
    assert settings.value("window/language") == "ar"
    assert dialog.appearance.restart_button.isVisible()
    choose("")
    assert settings.value("window/language", "none") == "none"
    assert not dialog.appearance.restart_button.isVisible()
    choose("de")
    dialog.appearance.restart_button.click()
    assert wanted == [True]


def test_rows_and_motion_stay_as_wanted(dialog: SettingsDialog, settings: QSettings) -> None:
    tall = row_height()
    dialog.appearance.compact.tick.click()
    dialog.appearance.motion.tick.click()
    assert row_height() == tall - 8
    current_comfort().choose(has_motion=True, is_compact=False)
    restore_comfort(settings)
    assert (current_comfort().is_compact, current_comfort().has_motion) == (True, False)
    settings.setValue("window/compact", ["what", "is"])
    restore_comfort(settings)
    assert not current_comfort().is_compact


def test_the_window_opens_its_settings_and_shows_what_is_chosen(
    bridge: Bridge, desk: FakeDesk, settings: QSettings
) -> None:
    window = MainWindow(bridge, title="trustdesk", settings=settings)
    window.build_pages()
    window.show()
    window.activateWindow()
    window.set_desk(desk)
    links = window.settings_links
    assert links is not None
    run_until(lambda: window.isActiveWindow() and window.overview.is_read, what="the page")
    QTest.keyClick(window, Qt.Key.Key_Comma, CONTROL)
    dialog = opened(links)
    dialog.appearance.compact.tick.click()
    assert window.partners.table.verticalHeader().defaultSectionSize() == row_height()
    QTest.keyClick(dialog.sections, Qt.Key.Key_Down)
    assert dialog.current is SettingsPart.CONNECTIONS
    window.top_bar.online.setChecked(True)
    dialog.connections.offline.tick.click()
    run_until(window.top_bar.offline.isVisible, what="the word")
    assert desk.settings_desk.connections.is_offline
    assert not window.top_bar.online.isVisible()
    assert not window.top_bar.online.isChecked()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    window.top_bar.offline.click()
    again = opened(links)
    assert again.current is SettingsPart.CONNECTIONS
    again.connections.offline.tick.click()
    run_until(window.top_bar.online.isVisible, what="the switch")
    again.keys.open_button.click()
    panel = next(one for one in again.findChildren(KeyStorePanel))
    assert panel.isVisible()
    panel.close()
    again.lists.open_button.click()
    assert not again.isVisible()
    assert window.current_page == TRUST_LISTS
    bridge.close()
    window.close()
    window.deleteLater()
    settle()
