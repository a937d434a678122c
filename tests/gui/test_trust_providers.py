"""The tab of identity providers: the table, checks, the import, and a token that is gone with its window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.support import tokens
from tests.support.event_loop import run_until
from tests.support.fake_desk import FakeDesk
from tests.support.fake_provider_desk import FakeProviderDesk, sample_list
from tests.support.named_controls import nameless
from tests.support.on_screen import on_screen, window_with_pages
from tests.support.pki import NOW
from tests.support.tokens import token
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.trust.page import PROVIDERS
from trustdesk.gui.trust.provider_import import ProviderImportDialog
from trustdesk.gui.trust.providers_tab import ProvidersTab
from trustdesk.gui.trust.token_dialog import TokenDialog
from trustdesk.gui.window import TRUST_LISTS


def wait_until(is_there: Callable[[], object]) -> None:
    run_until(is_there, what="the answer")


def shown(bridge: Bridge, desk: FakeProviderDesk) -> ProvidersTab:
    tab = ProvidersTab(bridge, now=lambda: NOW)
    tab.resize(1100, 700)
    tab.show()
    tab.set_desk(desk)
    wait_until(lambda: len(tab.table.rows) == sum(len(one.providers) for one in desk.lists))
    return tab


def test_the_providers_of_all_lists_are_in_one_table(bridge: Bridge) -> None:
    tab = shown(bridge, FakeProviderDesk(sample_list()))
    wait_until(lambda: tab.current is not None)
    assert [row.provider.name for row in tab.table.rows] == ["Cargo IdP", "Skybridge Login"]
    assert "Cargo IdP" in tab.detail.words
    assert "Not checked" in tab.detail.words
    assert tokens.ISSUER in tab.detail.facts.text
    tab.table.selectRow(1)
    assert "Skybridge Login" in tab.detail.words


def test_without_a_list_the_page_says_where_one_comes_from(bridge: Bridge) -> None:
    tab = shown(bridge, FakeProviderDesk())
    wait_until(tab.first_import.isVisible)
    assert tab.current is None
    assert not tab.detail.check_button.isEnabled()


def test_a_check_is_made_when_a_person_asks_for_it(bridge: Bridge) -> None:
    desk = FakeProviderDesk(sample_list())
    tab = shown(bridge, desk)
    wait_until(lambda: tab.current is not None)
    assert desk.asked == []
    tab.detail.check_button.click()
    wait_until(lambda: bool(tab.checks))
    assert desk.asked == [f"check {tokens.ISSUER} [] False"]
    assert "It does not pass" in tab.detail.words
    assert len(tab.detail.findings.rows) == 1
    tab.table.selectRow(1)
    assert "Not checked" in tab.detail.words
    tab.table.selectRow(0)
    kept: list[None] = []
    tab.kept.connect(lambda: kept.append(None))
    tab.detail.keep_button.click()
    wait_until(lambda: bool(kept))
    assert desk.asked[-1] == f"keep keys of {tokens.ISSUER}"


def test_what_fails_is_said(bridge: Bridge) -> None:
    desk = FakeProviderDesk(sample_list())
    tab = shown(bridge, desk)
    wait_until(lambda: tab.current is not None)
    desk.error = UnusableInputError(msg("The list is gone."), remedy=msg("Look at the lists."))
    tab.detail.check_button.click()
    wait_until(tab.error.isVisible)
    assert tab.checks == {}
    assert "Not checked" in tab.detail.words


def test_a_list_is_removed(bridge: Bridge) -> None:
    tab = shown(bridge, FakeProviderDesk(sample_list()))
    wait_until(lambda: tab.current is not None)
    dialog = tab.ask_removal()
    assert dialog is not None
    assert len(tab.table.rows) == 2
    dialog.agree_button.click()
    wait_until(lambda: not tab.table.rows)


@pytest.fixture
def importing(bridge: Bridge) -> tuple[ProvidersTab, ProviderImportDialog, FakeProviderDesk]:
    desk = FakeProviderDesk()
    tab = shown(bridge, desk)
    dialog = tab.import_list()
    assert dialog is not None
    return tab, dialog, desk


def test_a_list_is_read_then_kept(
    importing: tuple[ProvidersTab, ProviderImportDialog, FakeProviderDesk],
) -> None:
    tab, dialog, desk = importing
    assert not dialog.keep_button.isEnabled()
    dialog.read(Path("partners.jws"))
    wait_until(dialog.keep_button.isEnabled)
    assert "Signer unknown" in dialog.facts.text
    assert dialog.warning.isVisible()
    dialog.signer.setText(":".join(["CD"] * 32))
    assert not dialog.keep_button.isEnabled()  # what was read before is not kept under another signer
    dialog.read_again.click()
    wait_until(dialog.keep_button.isEnabled)
    assert not dialog.warning.isVisible()
    dialog.comment.setText("by telephone")
    dialog.keep_button.click()
    wait_until(lambda: len(tab.table.rows) == 2)
    assert desk.asked[-2:] == [
        f"prepare partners.jws partners {'cd' * 32}",
        "keep partners by telephone False",
    ]


def test_a_fingerprint_that_is_none_is_marked_and_nothing_is_read(
    importing: tuple[ProvidersTab, ProviderImportDialog, FakeProviderDesk],
) -> None:
    _tab, dialog, desk = importing
    dialog.signer.setText("hello")
    dialog.read(Path("partners.jws"))
    assert dialog.signer.property("invalid")
    assert desk.asked == []
    dialog.reject()


@pytest.fixture
def inspecting(bridge: Bridge) -> tuple[TokenDialog, FakeProviderDesk]:
    desk = FakeProviderDesk(sample_list())
    tab = shown(bridge, desk)
    tab.identities = lambda: ["acme"]
    dialog = tab.inspect_token()
    assert dialog is not None
    return dialog, desk


def test_a_token_is_masked_judged_and_gone_with_the_window(
    inspecting: tuple[TokenDialog, FakeProviderDesk], qapp: QApplication
) -> None:
    dialog, desk = inspecting
    text = token()
    qapp.clipboard().setText(text)
    QTest.keyClick(dialog.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert dialog.field.echoMode() is QLineEdit.EchoMode.Password
    dialog.read_button.click()
    wait_until(lambda: bool(dialog.findings.rows))
    assert len(dialog.findings.rows) == 12
    assert tokens.ISSUER in dialog.claims.text
    assert desk.asked == ["token None False"]
    field = dialog.field
    dialog.field.selectAll()
    dialog.field.copy()
    assert qapp.clipboard().text() == text  # what was there before: masked words are not copied
    qapp.clipboard().clear()
    dialog.reject()
    assert field.text() == ""
    field.undo()
    assert field.text() == ""


def test_closing_the_window_by_its_frame_forgets_too(
    inspecting: tuple[TokenDialog, FakeProviderDesk],
) -> None:
    dialog, _desk = inspecting
    field = dialog.field
    field.setText(token())
    dialog.close()
    assert field.text() == ""


def test_a_token_can_be_compared_with_a_certificate_of_ours(
    inspecting: tuple[TokenDialog, FakeProviderDesk],
) -> None:
    dialog, desk = inspecting
    dialog.field.setText(token())
    dialog.identity.setCurrentIndex(1)
    dialog.fetch.setChecked(True)
    dialog.read_button.click()
    wait_until(lambda: bool(dialog.findings.rows))
    assert desk.asked == ["token acme True"]
    dialog.reject()


def test_what_is_no_token_is_said_and_takes_the_last_verdict_away(
    inspecting: tuple[TokenDialog, FakeProviderDesk],
) -> None:
    dialog, _desk = inspecting
    dialog.field.setText(token())
    dialog.read_button.click()
    wait_until(dialog.banner.isVisible)
    dialog.field.setText(f"{token()} {token()}")
    dialog.read_button.click()
    wait_until(dialog.error.isVisible)
    assert not dialog.banner.isVisible()
    dialog.reject()


def test_everything_that_the_keyboard_reaches_has_a_name(
    bridge: Bridge, inspecting: tuple[TokenDialog, FakeProviderDesk]
) -> None:
    tab = shown(bridge, FakeProviderDesk(sample_list()))
    wait_until(lambda: tab.current is not None)
    assert nameless(tab, at_least=5) == []
    dialog, _desk = inspecting
    assert nameless(dialog, at_least=4) == []
    dialog.reject()


def test_the_window_has_the_tab_beside_the_lists(qapp: QApplication) -> None:
    desk = FakeDesk()
    desk.provider_desk_held = FakeProviderDesk(sample_list())
    with on_screen(qapp, window_with_pages, (1440, 900)) as window:
        window.set_desk(desk)
        (tab,) = window.trust_lists.findChildren(ProvidersTab)
        wait_until(lambda: len(tab.table.rows) == 2)
        window.show_page(TRUST_LISTS)
        window.trust_lists.show_part(PROVIDERS)
        wait_until(tab.table.isVisible)
        assert tab.detail.check_button.isEnabled()
