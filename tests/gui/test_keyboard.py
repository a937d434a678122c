"""Every page without a mouse: Tab reaches everything, is caught nowhere, and shows where it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from tests.support.accessible_tree import name_of
from tests.support.answering_desk import answering_desk
from tests.support.event_loop import run_until
from tests.support.keyboard import holder, press, reachable, stops
from tests.support.on_screen import on_screen, window_with_pages
from trustdesk.gui.window import (
    HANDSHAKE,
    IDENTITIES,
    INSPECTOR,
    OVERVIEW,
    PARTNERS,
    TRUST_LISTS,
    MainWindow,
)

OTHERS = (OVERVIEW, HANDSHAKE, INSPECTOR, IDENTITIES, TRUST_LISTS)
EXHAUSTIVE = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def window(qapp: QApplication) -> Iterator[MainWindow]:
    with on_screen(qapp, window_with_pages, size=(1440, 900)) as made:
        made.set_desk(answering_desk())
        made.activateWindow()
        run_until(made.isActiveWindow, what="the window")
        yield made


def show(window: MainWindow, page: str) -> None:
    window.show_page(page)
    ready = {
        OVERVIEW: lambda: window.overview.is_read and window.overview.body.changes.is_read,
        PARTNERS: lambda: window.partners.detail.has_answer,
        IDENTITIES: lambda: window.identities.model.is_judged,
        TRUST_LISTS: lambda: window.trust_lists.view.version is not None,
    }
    run_until(ready.get(page, lambda: True), what=page)
    window.show_page(page)


@pytest.mark.parametrize("page", [PARTNERS, *(pytest.param(one, marks=EXHAUSTIVE) for one in OTHERS)])
def test_tab_reaches_everything_and_what_has_the_keyboard_shows_it(window: MainWindow, page: str) -> None:
    show(window, page)
    passed: list[tuple[QWidget, QImage]] = []
    unseen: list[str] = []

    def look(widget: QWidget) -> None:
        if passed:
            before, focused = passed[-1]
            if before.isVisible() and before.grab().toImage() == focused:
                unseen.append(name_of(before))
        passed.append((widget, widget.grab().toImage()))

    found = stops(window, on_stop=look)
    assert [name_of(one) for one in reachable(window) if one not in found] == []
    assert unseen == []
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Backtab)
    assert holder() is found[0]


def test_f6_goes_from_part_to_part_and_round(window: MainWindow) -> None:
    show(window, PARTNERS)
    first = holder()
    met = []
    for _part in range(8):
        press(Qt.Key.Key_F6)
        met.append(holder())
        if holder() is first:
            break
    assert met[-1] is first
    assert len(set(met)) >= 3
