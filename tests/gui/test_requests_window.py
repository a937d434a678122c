"""The tabs Requests and Private CA in the window: who opens what, and who hears of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QSize
from PySide6.QtWidgets import QApplication

from tests.support.authorities import sample_authority
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk
from tests.support.identity_samples import locked_keyring, sample_identity, sample_view
from tests.support.request_cases import LEAF, NOW, sample_case, sample_reply
from trustdesk.core.key_store import KeyKind, KeyStoreKind
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.frame.request_links import RequestTabs
from trustdesk.gui.identities.key_store_panel import KeyStorePanel
from trustdesk.gui.identities.page import PRIVATE_CA, REQUESTS
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.window import IDENTITIES, MainWindow

CASE = sample_case(1, "hac", renews="halden-2025")


@pytest.fixture
def desk() -> FakeDesk:
    made = FakeDesk()
    made.identity_desk.held["halden-2025"] = sample_view(sample_identity("halden-2025", LEAF))
    made.identity_desk.kept_cases = [CASE]
    made.identity_desk.replies = (sample_reply(CASE),)
    made.authority_desk.held = {1: sample_authority(1, "Halden Group")}
    return made


@pytest.fixture
def window(qapp: QApplication, desk: FakeDesk, tmp_path: Path) -> Iterator[MainWindow]:
    current_theme().apply(qapp)
    bridge = Bridge()
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    made = MainWindow(bridge, title="trustdesk", settings=settings)
    made.build_pages()
    made.set_desk(desk)
    made.show()
    made.show_page(IDENTITIES)
    run_until(lambda: tabs_of(made).cases.cases, what="the cases")
    run_until(lambda: tabs_of(made).authorities.authorities, what="the CAs")
    yield made
    for dialog in (
        tabs_of(made).dialogs.wizard,
        tabs_of(made).dialogs.taking,
        tabs_of(made).dialogs.matching,
    ):
        if dialog is not None:
            dialog.done(0)
    bridge.close()
    made.close()
    settle()


def tabs_of(window: MainWindow) -> RequestTabs:
    """The tabs of a window that is built."""
    assert window.request_tabs is not None
    return window.request_tabs


def test_both_stand_behind_the_page(window: MainWindow) -> None:
    tabs = tabs_of(window)
    window.identities.show_tab(REQUESTS)
    assert tabs.cases.isVisible()
    window.identities.show_tab(PRIVATE_CA)
    assert tabs.authorities.isVisible()


def test_a_new_request_shows_in_the_list(window: MainWindow, tmp_path: Path) -> None:
    tabs = tabs_of(window)
    window.identities.request_wanted.emit()
    wizard = tabs.dialogs.wizard
    assert wizard is not None
    wizard.book.choose(one_record_ids=("https://1r.haldenair.example/NEW",))
    wizard.save.use_folder(tmp_path)
    run_until(lambda: wizard.key.is_sound, what="the key stores")
    wizard.go_to(4)
    wizard.next_button.click()
    run_until(lambda: len(tabs.cases.cases) == 2, what="the longer list")
    assert tabs.cases.detail.case is not None
    assert tabs.cases.detail.case.name.startswith("new-client-"), "what was made is in view"


def test_the_size_of_the_wizard_is_remembered(window: MainWindow) -> None:
    tabs = tabs_of(window)
    tabs.dialogs.new_request()
    assert tabs.dialogs.wizard is not None
    tabs.dialogs.wizard.resize(QSize(700, 500))
    tabs.dialogs.wizard.done(0)
    tabs.dialogs.new_request()
    assert tabs.dialogs.wizard is not None
    assert tabs.dialogs.wizard.size() == QSize(700, 500)


def test_a_renewal_begins_with_what_the_identity_has(window: MainWindow, desk: FakeDesk) -> None:
    window.identities.renewal_wanted.emit(desk.identity_desk.held["halden-2025"])
    wizard = tabs_of(window).dialogs.wizard
    assert wizard is not None
    assert wizard.book.wish.renews == "halden-2025"
    assert "stays in use until the new certificate has proved itself" in wizard.purpose.reason.words


def test_a_renewal_does_not_take_what_is_being_typed(window: MainWindow, desk: FakeDesk) -> None:
    dialogs = tabs_of(window).dialogs
    view = desk.identity_desk.held["halden-2025"]
    dialogs.new_request()
    first = dialogs.wizard
    dialogs.renew(view)
    second = dialogs.wizard
    assert second is not None
    assert second is not first, "nothing was typed into the first one"
    second.book.choose(key=KeyKind.P384)
    dialogs.renew(view)
    assert dialogs.wizard is second
    assert second.book.wish.key is KeyKind.P384


def test_an_accepted_reply_is_an_identity_on_the_page(window: MainWindow) -> None:
    tabs = tabs_of(window)
    window.identities.match_wanted.emit()
    matching = tabs.dialogs.matching
    assert matching is not None
    matching.read([Path("/in/reply.pem")])
    run_until(lambda: matching.cards, what="the reply")
    matching.cards[0].accept_button.click()
    run_until(lambda: window.identities.model.named("hac") is not None, what="the identity")
    run_until(lambda: not tabs.cases.detail.identity_button.isHidden(), what="the link to it")
    window.identities.show_tab(REQUESTS)
    tabs.cases.detail.identity_button.click()
    assert not tabs.cases.isVisible(), "the identity is shown"


def test_a_locked_store_leads_to_where_it_is_unlocked(window: MainWindow, desk: FakeDesk) -> None:
    desk.identity_desk.stores[KeyStoreKind.KEYRING] = locked_keyring()
    tabs = tabs_of(window)
    tabs.dialogs.new_request()
    wizard = tabs.dialogs.wizard
    assert wizard is not None
    run_until(lambda: not wizard.key.store_button.isHidden(), what="the locked store")
    wizard.key.store_button.click()
    (panel,) = window.findChildren(KeyStorePanel)
    desk.identity_desk.unlock(KeyStoreKind.KEYRING)
    window.key_stores.watch.refresh()
    run_until(wizard.key.store_button.isHidden, what="the unlocked store")
    panel.close()


def test_another_day_reaches_both_tabs(window: MainWindow) -> None:
    tabs = tabs_of(window)
    at: datetime = NOW + timedelta(days=400)
    window.evaluate_at(at)
    assert "CRL 7 ended" in tabs.authorities.detail.standing.words
    assert str(tabs.cases.table.model().index(0, 4).data()) == "402 days"


def test_a_chain_that_was_signed_here_is_matched_here(window: MainWindow) -> None:
    tabs = tabs_of(window)
    tabs.authorities.match_wanted.emit(Path("/out/hac.pem"))
    assert tabs.dialogs.matching is not None
    matching = tabs.dialogs.matching
    run_until(lambda: matching.cards, what="the reply")
