"""Which language the window speaks, and what follows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QSettings, Qt
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from trustdesk.gui.language import NAMES, SETTING, desktop_language, set_language
from trustdesk.services.wording import LANGUAGES, choose_language, chosen_language


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    language, locale, direction = chosen_language(), QLocale(), qapp.layoutDirection()
    yield qapp
    set_language(qapp, None)
    choose_language(language)
    QLocale.setDefault(locale)
    qapp.setLayoutDirection(direction)


def chosen(folder: Path, language: str) -> QSettings:
    settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    settings.setValue(SETTING, language)
    return settings


def words_of_cancel() -> str:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    return box.buttons()[0].text().replace("&", "")


@pytest.mark.parametrize(
    ("desktop", "spoken"),
    [
        (["de-Latn-AT", "de-AT", "en"], "de"),
        (["fr_CA"], "fr"),
        (["pt-BR", "es-MX"], "es"),
        (["zh-Hans-CN"], "zh_CN"),
        (["zh-Hant-TW", "zh-TW", "de"], "de"),
        (["ar-SA"], "ar"),
        (["C"], "en"),
        ([], "en"),
    ],
)
def test_a_desktop_gets_the_first_of_its_languages_that_there_is(desktop: list[str], spoken: str) -> None:
    assert desktop_language(desktop) == spoken


def test_the_choice_is_spoken_with_numbers_direction_and_qt_s_own_words(
    app: QApplication, tmp_path: Path
) -> None:
    assert set_language(app, chosen(tmp_path, "de")) == "de"
    assert chosen_language() == "de"
    assert QLocale().toString(12345.5) == "12.345,5"
    assert app.layoutDirection() is Qt.LayoutDirection.LeftToRight
    assert words_of_cancel() == "Abbrechen"

    assert set_language(app, chosen(tmp_path, "ar")) == "ar"
    assert app.layoutDirection() is Qt.LayoutDirection.RightToLeft
    assert QLocale().toString(12345) == "12,345", "digits as in ports and serials"

    assert set_language(app, chosen(tmp_path, "en")) == "en"
    assert app.layoutDirection() is Qt.LayoutDirection.LeftToRight
    assert words_of_cancel() == "Cancel"


def test_a_language_that_there_is_not_counts_as_none_chosen(app: QApplication, tmp_path: Path) -> None:
    assert set_language(app, chosen(tmp_path, "tlh")) == set_language(app, None)


def test_every_language_has_its_own_name() -> None:
    assert tuple(NAMES) == LANGUAGES
