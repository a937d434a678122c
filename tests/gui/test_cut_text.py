"""No word is cut, and no escape shown, on any page and dialog in any language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QSettings, Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from tests.support import samples
from tests.support.answering_desk import answering_desk
from tests.support.cut_text import cut_texts, escapes
from tests.support.event_loop import settle
from trustdesk.gui.language import SETTING, set_language
from trustdesk.gui.theme.theme import ThemeMode, current_theme
from trustdesk.gui.tour import Scene, tour
from trustdesk.gui.widgets.text import Text
from trustdesk.services.wording import LANGUAGES, choose_language

NARROW, USUAL = (1000, 640), (1440, 900)


@pytest.fixture(autouse=True)
def the_language_before(qapp: QApplication) -> Iterator[None]:
    locale, direction = QLocale(), qapp.layoutDirection()
    yield
    set_language(qapp, None)
    choose_language("en")
    QLocale.setDefault(locale)
    qapp.setLayoutDirection(direction)


def speak(app: QApplication, language: str, folder: Path) -> None:
    settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    settings.setValue(SETTING, language)
    assert set_language(app, settings) == language
    current_theme().apply(app)


def found_on_the_tour(size: tuple[int, int], *, everything: bool) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}

    def look(scene: Scene) -> None:
        shown = scene.window if scene.dialog is None else scene.dialog
        found[scene.name] = [*cut_texts(shown), *escapes(shown)]

    endpoint = replace(samples.board_rows()[0].endpoint, identity="client-good")
    tour(
        answering_desk(),
        look,
        handshake_target=endpoint,
        modes=(ThemeMode.LIGHT,),
        size=size,
        everything=everything,
    )
    assert len(found) >= (50 if everything else 16)
    return {name: words for name, words in found.items() if words}


def test_nothing_is_cut_in_german_at_the_smallest_usual_size(qapp: QApplication, tmp_path: Path) -> None:
    speak(qapp, "de", tmp_path)
    assert found_on_the_tour(NARROW, everything=False) == {}


@pytest.mark.exhaustive
@pytest.mark.timeout(240)
@pytest.mark.parametrize("size", [NARROW, USUAL], ids=["narrow", "usual"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_cut(qapp: QApplication, tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    speak(qapp, language, tmp_path)
    assert found_on_the_tour(size, everything=True) == {}


def test_a_cut_word_and_an_escape_are_found(qapp: QApplication) -> None:
    current_theme().apply(qapp)
    box = QWidget()
    row = QHBoxLayout(box)
    label = Text("A sentence that has no room in a box as narrow as this one")
    row.addWidget(label)
    label.setFixedWidth(60)
    odd = Text(r"Lab \u2068pilot\u2069")
    row.addWidget(odd)
    box.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    box.show()
    settle()
    assert [one.partition(":")[0] for one in cut_texts(box)] == ["Text"]
    assert [one.partition(":")[0] for one in escapes(box)] == ["Text"]
    box.close()
