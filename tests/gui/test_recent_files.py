"""Recent files: paths of what was opened, bounded, offered where files are opened, and cleared."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from tests.support import samples
from tests.support.fake_desk import FakeDesk
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.frame.recent_links import link_recent
from trustdesk.gui.inspector.page import InspectorPage
from trustdesk.gui.inspector.recent_files import MOST, RecentFiles
from trustdesk.services.desk_values import PastedData


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


def again(settings: QSettings) -> tuple[Path, ...]:
    """What the next start of the window reads."""
    settings.sync()
    return RecentFiles(QSettings(settings.fileName(), QSettings.Format.IniFormat)).files


def test_latest_file_is_first_and_stands_once(settings: QSettings) -> None:
    recent = RecentFiles(settings)

    recent.add([Path("/a, b.pem")])
    recent.add([Path("/ü.p12"), PastedData(name="Pasted text 1", data=b"secret")])
    recent.add([Path("/a, b.pem")])

    assert recent.files == again(settings) == (Path("/a, b.pem"), Path("/ü.p12"))
    assert "secret" not in Path(settings.fileName()).read_text(encoding="utf-8")


def test_list_is_bounded(settings: QSettings) -> None:
    recent = RecentFiles(settings)

    recent.add([Path(f"/{number}.pem") for number in range(MOST + 5)])

    assert len(recent.files) == len(again(settings)) == MOST


@pytest.mark.parametrize(
    "value", [7, ["relative.pem", 7, "/" + "x" * 5000, "/good.pem"], "/good.pem", {"a": 1}]
)
def test_settings_that_were_damaged_offer_no_more_than_paths(settings: QSettings, value: object) -> None:
    settings.setValue("inspector/recent", value)

    assert set(again(settings)) <= {Path("/good.pem")}


def test_cleared_list_is_gone_from_the_settings_too(settings: QSettings) -> None:
    recent = RecentFiles(settings)
    recent.add([Path("/a.pem")])

    recent.clear()

    assert again(settings) == ()
    assert "a.pem" not in Path(settings.fileName()).read_text(encoding="utf-8")


def test_page_notes_what_it_opens_and_offers_it_again(
    qapp: QApplication, bridge: Bridge, settings: QSettings, tmp_path: Path
) -> None:
    page = InspectorPage(bridge)
    recent = link_recent(page, settings)
    page.set_desk(FakeDesk(samples.board_rows(), reports=samples.reports()))
    button = page.empty.recent_button
    assert button.isHidden()

    page.open_sources([tmp_path / "a & b.pem"])

    assert recent.files == (tmp_path / "a & b.pem",)
    assert not button.isHidden()
    assert not page.pane.recent_button.isHidden()
    chosen: list[object] = []
    button.chosen.connect(chosen.append)
    first, *_between, clear = button.menu_of_files.actions()
    assert first.text().startswith("a && b.pem")
    first.trigger()
    assert chosen == [tmp_path / "a & b.pem"]
    clear.trigger()
    assert button.isHidden()
    assert [action.text() for action in button.menu_of_files.actions()] == ["", "Clear this list"]
    page.deleteLater()
