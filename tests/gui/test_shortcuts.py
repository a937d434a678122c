"""The table of keys, against what a real window has set."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.support import samples
from tests.support.event_loop import run_until
from tests.support.fake_desk import FakeDesk
from tests.support.on_screen import on_screen, window_with_pages
from trustdesk.gui.help.shortcut_sheet import ShortcutSheet, keys_text
from trustdesk.gui.requests.wizard import RequestWizard
from trustdesk.gui.shortcuts import WHERE_WORDS, Key, Where
from trustdesk.gui.window import HELP, MainWindow
from trustdesk.services.board import State

PAGES = ("overview", "partners", "handshake", "inspector", "identities", "trust_lists", "help")
ROWS = tuple(row for row in samples.board_rows() if row.state is not State.RUNNING)
WITH_MANY_FILES = {Key.INSPECTOR_CANCEL}
"""Set once more files were opened than a tree shows."""
WIDE = {Qt.ShortcutContext.WindowShortcut, Qt.ShortcutContext.ApplicationShortcut}


@pytest.fixture(scope="module")
def window(qapp: QApplication) -> Iterator[MainWindow]:
    with on_screen(qapp, window_with_pages, size=(1440, 900)) as made:
        made.set_desk(FakeDesk(ROWS, reports=samples.reports()))
        made.activateWindow()
        run_until(made.isActiveWindow, what="the window")
        yield made


def place(shortcut: QShortcut | QAction) -> QWidget:
    parent = shortcut.parent()
    if isinstance(shortcut, QAction):
        parent = shortcut.associatedObjects()[0]
    assert isinstance(parent, QWidget)
    return parent


def context(shortcut: QShortcut | QAction) -> Qt.ShortcutContext:
    return shortcut.shortcutContext() if isinstance(shortcut, QAction) else shortcut.context()


def keys(shortcut: QShortcut | QAction) -> set[str]:
    found = shortcut.shortcuts() if isinstance(shortcut, QAction) else shortcut.keys()
    return {one.toString(QKeySequence.SequenceFormat.PortableText) for one in found}


def in_view(window: QWidget) -> list[QShortcut | QAction]:
    actions = [one for one in window.findChildren(QAction) if one.shortcuts() and one.associatedObjects()]
    every: list[QShortcut | QAction] = [*window.findChildren(QShortcut), *actions]
    return [one for one in every if place(one).isVisible()]


def collide(one: QShortcut | QAction, other: QShortcut | QAction) -> bool:
    """Whether two shortcuts can be meant at the same time by one key."""
    if not keys(one) & keys(other):
        return False
    first, second = place(one), place(other)
    if {context(one), context(other)} <= WIDE:
        return True
    if context(one) in WIDE or context(other) in WIDE:
        return True
    within = Qt.ShortcutContext.WidgetWithChildrenShortcut
    return (
        first is second
        or (context(one) is within and first.isAncestorOf(second))
        or (context(other) is within and second.isAncestorOf(first))
    )


@pytest.mark.parametrize("page", PAGES)
def test_no_page_has_one_key_twice_and_the_table_has_all_of_them(window: MainWindow, page: str) -> None:
    window.show_page(page)
    found = in_view(window)
    assert len(found) >= 15
    assert [(keys(a), place(a), place(b)) for a, b in combinations(found, 2) if collide(a, b)] == []
    told = {key for one in Key for key in one.value.keys if one.value.where in {page, Where.EVERYWHERE}}
    assert {key for one in found for key in keys(one)} - told == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_shortcut_of_the_table_is_set(window: MainWindow, page: str) -> None:
    set_here = {key for one in in_the_page(window, page) for key in keys(one)}
    bound = (one.value for one in Key if one.value.is_bound and one not in WITH_MANY_FILES)
    meant = {key for one in bound if one.where == page for key in one.keys}
    assert meant - set_here == set()


def in_the_page(window: MainWindow, page: str) -> list[QShortcut | QAction]:
    part = getattr(window, page)
    return [*part.findChildren(QShortcut), *part.findChildren(QAction)]


def test_every_shortcut_of_the_frame_is_set(window: MainWindow) -> None:
    set_here = {key for one in window.findChildren(QShortcut) if place(one) is window for key in keys(one)}
    meant = {
        key
        for one in Key
        if one.value.is_bound and one.value.where is Where.EVERYWHERE
        for key in one.value.keys
    }
    assert set_here == meant


def test_the_request_wizard_has_its_keys_once(window: MainWindow) -> None:
    dialogs = window.request_tabs
    assert dialogs is not None
    dialogs.dialogs.new_request()
    wizard = next(one for one in QApplication.topLevelWidgets() if isinstance(one, RequestWizard))
    found = [key for one in wizard.findChildren(QShortcut) for key in keys(one)]
    assert sorted(found) == ["Alt+Left", "Ctrl+Enter", "Ctrl+Return"]
    wizard.close()


def test_keys_are_keys_and_every_place_has_its_word() -> None:
    for one in Key:
        assert all(QKeySequence(key).toString() == key for key in one.value.keys), one
    assert set(WHERE_WORDS) == set(Where)


def test_the_sheet_has_the_page_in_view_first_and_finds_by_word_and_by_key(window: MainWindow) -> None:
    window.show_page("partners")
    QTest.keyClick(window, Qt.Key.Key_Question, Qt.KeyboardModifier.ControlModifier)
    sheet = next(one for one in window.findChildren(ShortcutSheet) if one.isVisible())
    assert len(sheet.table.rows) == len(Key)
    assert sheet.table.rows[0].where is Where.PARTNERS
    QTest.keyClicks(sheet.field, "sheet review")
    assert [keys_text(one) for one in sheet.table.rows] == ["Ctrl+P"]
    sheet.field.setText("ctrl+l")
    assert [one.words.id for one in sheet.table.rows] == [Key.TARGET.value.words.id]
    sheet.close()


def test_the_foot_of_the_rail_has_help_and_settings_below_the_pages(window: MainWindow) -> None:
    foot = window.rail.entry(HELP)
    assert foot.accessibleName() == "Help"
    assert foot.toolTip() == "F1"
    assert window.rail.entry("settings").geometry().top() > foot.geometry().top()
    assert foot.geometry().top() > window.rail.entry("trust_lists").geometry().bottom() + 40
