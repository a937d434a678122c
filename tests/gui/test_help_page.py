"""The page Help: chapters by F1, search, the self-test and About; nothing is loaded from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.event_loop import run_until
from tests.support.fake_desk import FakeDesk
from tests.support.named_controls import nameless
from tests.support.on_screen import on_screen, painted, window_with_pages
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.finding import FindingStatus
from trustdesk.core.message import msg
from trustdesk.core.self_check import SelfCheck
from trustdesk.gui.help.handbook import find, handbook_folder, read_handbook
from trustdesk.gui.help.page import ABOUT, HANDBOOK, SELF_TEST, HelpPage
from trustdesk.gui.theme.theme import ThemeMode
from trustdesk.gui.window import MainWindow

PAGES = ("overview", "partners", "handshake", "inspector", "identities", "trust_lists")
CHECKS = (
    SelfCheck(name="disk", title=msg("Disk"), status=FindingStatus.PASS, found=msg("Much room.")),
    SelfCheck(
        name="keyring",
        title=msg("Keyring"),
        status=FindingStatus.FAIL,
        found=msg("There is none."),
        remedy=msg("Install one:"),
        command="apt-get install gnome-keyring",
    ),
)


# First: each change of theme dresses every widget that there is, and the window below has two thousand.
def test_nothing_is_nameless_and_it_fits_a_small_window(qapp: QApplication) -> None:
    with on_screen(qapp, HelpPage) as page:
        for tab in (HANDBOOK, SELF_TEST, ABOUT):
            page.tabs.setCurrentIndex(tab)
            page.focus_main()
            assert painted(page, ThemeMode.LIGHT, (704, 480))
            assert nameless(page, at_least=4) == []


@pytest.fixture(scope="module")
def window(qapp: QApplication) -> Iterator[MainWindow]:
    desk = FakeDesk()
    desk.self_checks = CHECKS
    with on_screen(qapp, window_with_pages, size=(1280, 800)) as made:
        made.set_desk(desk)
        made.activateWindow()
        run_until(made.isActiveWindow, what="the window")
        yield made


@pytest.mark.parametrize("page", PAGES)
def test_f1_opens_the_chapter_of_the_page_in_view(window: MainWindow, page: str) -> None:
    window.show_page(page)
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert window.current_page == "help"
    assert window.rail.entry("help").isChecked()
    chapter = window.help.handbook.view.chapter
    assert chapter is not None
    assert chapter.name == page.replace("_", "-")
    assert window.help.handbook.view.toPlainText().startswith(chapter.title)


def test_a_search_finds_causes_and_rules_and_back_leads_back(window: MainWindow) -> None:
    window.show_page("help")
    book = window.help.handbook
    window.help.open_chapter("inspector")
    book.field.setText("clientAuth extended key usage")
    titles = [one.title for one in book.contents.rows]
    assert "CLI-03" in titles
    book.contents.selectRow(titles.index("CLI-03"))
    assert book.view.chapter is not None
    assert book.view.chapter.name == "rules"
    assert book.view.textCursor().block().text() == "CLI-03"
    assert book.view.extraSelections()
    QTest.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert book.view.chapter.name == "inspector"
    book.field.setText("no such words anywhere")
    assert book.contents.rows == ()
    book.field.clear()


def test_every_heading_can_be_gone_to() -> None:
    for chapter in read_handbook():
        document = QTextDocument()
        document.setMarkdown(chapter.text)
        heads = []
        block = document.begin()
        while block.isValid():
            if block.blockFormat().headingLevel():
                heads.append((block.text(), block.blockFormat().headingLevel()))
            block = block.next()
        assert heads == [(one.title, one.level) for one in chapter.sections], chapter.name
    assert find(read_handbook(), "seals keyring")


def test_nothing_but_a_picture_of_the_handbook_is_ever_loaded(window: MainWindow) -> None:
    view = window.help.handbook.view
    image = QTextDocument.ResourceType.ImageResource.value
    picture = view.loadResource(image, QUrl("pictures/partners.png"))
    assert isinstance(picture, QImage)
    assert picture.width() > 700
    for name in (
        "https://example.com/a.png",
        "file:///etc/passwd",
        "pictures/../contents.toml",
        "/etc/hostname",
        "data:image/png;base64,AAAA",
    ):
        assert not isinstance(view.loadResource(image, QUrl(name)), QImage), name
    html = QTextDocument.ResourceType.HtmlResource.value
    assert not isinstance(view.loadResource(html, QUrl("pictures/partners.png")), QImage)


def test_chapters_name_no_other_place_and_all_their_pictures_are_there() -> None:
    for chapter in read_handbook():
        assert "](http" not in chapter.text, chapter.name
        document = QTextDocument()
        document.setMarkdown(chapter.text, QTextDocument.MarkdownFeature.MarkdownNoHTML)
        for name in set(QTextDocumentImages(document)):
            assert (handbook_folder() / name).is_file(), f"{chapter.name}: {name}"


def QTextDocumentImages(document: QTextDocument) -> Iterator[str]:  # noqa: N802
    block = document.begin()
    while block.isValid():
        parts = block.begin()
        while not parts.atEnd():
            given = parts.fragment().charFormat()
            if given.isImageFormat():
                yield given.toImageFormat().name()
            parts += 1
        block = block.next()


def test_a_link_leads_to_a_chapter_and_nowhere_else(window: MainWindow) -> None:
    view = window.help.handbook.view
    view.anchorClicked.emit(QUrl("security.md"))
    assert view.chapter is not None
    assert view.chapter.name == "security"
    view.anchorClicked.emit(QUrl("https://example.com/partners"))
    assert view.chapter.name == "security"


def test_the_self_test_has_what_failed_first_with_its_remedy(window: MainWindow) -> None:
    window.show_page("help")
    window.help.show_self_test()
    pane = window.help.self_test
    run_until(lambda: pane.test is not None, what="the self-test")
    assert pane.table.rows[0].name == "keyring"
    assert {"qt", "fonts", "disk"} <= {one.name for one in pane.table.rows}
    assert pane.remedy_text == "Install one:"
    pane.copy_button.click()
    document = json.loads(QGuiApplication.clipboard().text())
    assert document["verdict"] == "fail"
    pane.again_button.click()
    run_until(pane.again_button.isEnabled, what="the second look")


def test_about_has_every_part_with_its_licence_and_saves_the_list(window: MainWindow, tmp_path: Path) -> None:
    window.show_page("help")
    window.help.tabs.setCurrentIndex(ABOUT)
    about = window.help.about
    names = [one.name for one in about.table.rows]
    about.table.selectRow(names.index("PySide6_Essentials"))
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in about.licence.toPlainText()
    about.copy_button.click()
    assert "cryptography" in QGuiApplication.clipboard().text()
    file = tmp_path / "parts.json"
    about.ask_file = lambda _parent: file
    about.save_button.click()
    run_until(lambda: bool(about.notice.words), what="the file")
    desk = window.desk
    assert isinstance(desk, FakeDesk)
    assert json.loads(desk.saved[file])["bomFormat"] == "CycloneDX"


def test_help_is_there_where_the_workspace_is_not(qapp: QApplication) -> None:
    with on_screen(qapp, window_with_pages) as made:
        made.show_failure(EnvironmentFailureError(msg("It is locked."), remedy=msg("Close the other.")))
        made.show_page("help")
        assert made.help.isVisible()
        made.help.show_self_test()
        test = made.help.self_test.test
        assert test is not None
        assert [one.status for one in test.checks if one.name == "workspace"] == [FindingStatus.FAIL]
        assert not made.help.about.save_button.isEnabled()
        made.show_page("overview")
        assert made.opening.isVisible()
