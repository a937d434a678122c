"""How keys are kept: the status bar, the panel, the vault."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk
from tests.support.fake_identity_desk import FakeIdentityDesk
from tests.support.identity_samples import locked_error, locked_keyring, ready_keyring
from tests.support.named_controls import nameless
from tests.support.on_screen import on_screen, window_with_pages
from trustdesk.core.key_store import KeyStoreKind, KeyStoreState, KeyStoreStatus
from trustdesk.core.message import msg
from trustdesk.gui.identities.key_store_panel import KeyStorePanel
from trustdesk.gui.window import MainWindow

KEYRING, VAULT = KeyStoreKind.KEYRING, KeyStoreKind.VAULT
STRONG = "violet harbour lantern 73"


@pytest.fixture
def whole() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def desk(whole: FakeDesk) -> FakeIdentityDesk:
    return whole.identity_desk


@pytest.fixture
def window(qapp: QApplication, whole: FakeDesk) -> Iterator[MainWindow]:
    with on_screen(qapp, window_with_pages, (1440, 900)) as made:
        made.set_desk(whole)
        run_until(lambda: made.key_stores.watch.stores, what="the key stores")
        yield made


def look_again(window: MainWindow) -> None:
    seen: list[bool] = []
    window.key_stores.watch.changed.connect(lambda: seen.append(True))
    window.key_stores.watch.refresh()
    run_until(lambda: seen, what="another state")


def panel(window: MainWindow) -> KeyStorePanel:
    window.key_stores.click()
    (found,) = (one for one in window.findChildren(KeyStorePanel) if not one.is_gone)
    settle()
    return found


@pytest.mark.parametrize(
    ("state", "words", "short"),
    [
        (KeyStoreState.READY, "Keyring unlocked (Secret Service)", "Unlocked"),
        (KeyStoreState.LOCKED, "Keyring locked (Secret Service)", "Locked"),
        (KeyStoreState.UNAVAILABLE, "No keyring on this computer", "No keyring"),
        (KeyStoreState.REFUSED, "Keyring not used (Secret Service)", "Not used"),
    ],
)
def test_the_status_bar_says_how_keys_are_kept(
    qapp: QApplication, whole: FakeDesk, state: KeyStoreState, words: str, short: str
) -> None:
    whole.identity_desk.stores[KEYRING] = replace(ready_keyring(), state=state)
    with on_screen(qapp, window_with_pages) as window:
        window.set_desk(whole)
        run_until(lambda: window.key_stores.watch.stores, what="the key stores")
        window.resize(1440, 900)
        settle()
        assert window.key_stores.text() == words
        assert window.key_stores.accessibleName() == f"Key store: {words}"
        window.resize(960, 900)
        settle()
        assert window.key_stores.text() == short
        assert window.key_stores.accessibleName() == f"Key store: {words}"


def test_without_a_keyring_a_vault_that_was_made_is_told_of(
    window: MainWindow, desk: FakeIdentityDesk
) -> None:
    desk.stores[KEYRING] = replace(ready_keyring(), state=KeyStoreState.UNAVAILABLE)
    desk.stores[VAULT] = replace(desk.stores[VAULT], state=KeyStoreState.LOCKED)
    look_again(window)
    assert window.key_stores.text() == "Vault locked"


def test_looking_asks_nobody(window: MainWindow, desk: FakeIdentityDesk) -> None:
    desk.stores[KEYRING] = locked_keyring()
    look_again(window)
    assert desk.answers.jobs == []


def test_a_desk_that_does_not_know_shows_no_state(window: MainWindow, desk: FakeIdentityDesk) -> None:
    desk.answers.failure = locked_error()
    look_again(window)
    assert window.key_stores.text() == "Key store not known"


def test_the_panel_unlocks_the_keyring(window: MainWindow, desk: FakeIdentityDesk) -> None:
    desk.stores[KEYRING] = locked_keyring()
    look_again(window)
    shown = panel(window)
    card = shown.cards[KEYRING]
    assert card.words == "Locked The keyring is locked. Unlock it."
    assert card.passphrase.isHidden()
    card.unlock_button.click()
    run_until(
        lambda: window.key_stores.text() == "Keyring unlocked (Secret Service)", what="the open keyring"
    )
    assert card.unlock_button.isHidden()


def test_waiting_for_the_keyring_can_be_given_up(window: MainWindow, desk: FakeIdentityDesk) -> None:
    desk.stores[KEYRING] = locked_keyring()
    desk.answers.waits = True
    look_again(window)
    card = panel(window).cards[KEYRING]
    card.unlock_button.click()
    assert card.job.words == "Waiting for the keyring to be unlocked …"
    assert card.job.isVisible()
    card.job.cancel_button.click()
    run_until(lambda: not card.job.is_running, what="the end")
    assert desk.answers.jobs[-1].cancelled
    assert card.wrong.isHidden()


def test_a_keyring_that_stays_locked_is_said_with_its_remedy(
    window: MainWindow, desk: FakeIdentityDesk
) -> None:
    desk.stores[KEYRING] = locked_keyring()
    desk.answers.waits = True
    look_again(window)
    card = panel(window).cards[KEYRING]
    card.unlock_button.click()
    desk.answers.jobs[-1].fail(locked_error())
    run_until(card.wrong.isVisible, what="the problem")
    assert card.wrong.accessibleName() == "The keyring is locked. Unlock it."


@pytest.mark.parametrize("state", [KeyStoreState.UNAVAILABLE, KeyStoreState.REFUSED])
def test_what_cannot_be_used_says_why_and_what_to_do(
    window: MainWindow, desk: FakeIdentityDesk, state: KeyStoreState
) -> None:
    desk.stores[KEYRING] = replace(
        ready_keyring(), state=state, problem=msg("It is wrong."), remedy=msg("Do this.")
    )
    look_again(window)
    card = panel(window).cards[KEYRING]
    assert card.words.endswith("It is wrong. Do this.")
    assert card.unlock_button.isHidden()


def test_a_vault_is_made_with_a_strong_passphrase_typed_twice(
    window: MainWindow, desk: FakeIdentityDesk
) -> None:
    card = panel(window).cards[VAULT]
    assert card.form.isHidden()
    card.make_button.click()
    form = card.form
    QTest.keyClicks(form.first.edit, "password1234")
    QTest.keyClicks(form.second.edit, "password1234")
    assert form.strength.words == "It is easy to guess."
    assert not form.make_button.isEnabled()
    form.forget()
    QTest.keyClicks(form.first.edit, STRONG)
    QTest.keyClicks(form.second.edit, STRONG[:-1])
    assert not form.make_button.isEnabled()
    QTest.keyClicks(form.second.edit, STRONG[-1])
    assert form.make_button.isEnabled()
    form.make_button.click()
    run_until(card.lock_button.isVisible, what="the vault")
    assert desk.vault_passphrase == STRONG
    assert (form.first.text, form.second.text) == ("", "")
    assert form.isHidden()


def test_the_vault_is_locked_and_opened_again(window: MainWindow, desk: FakeIdentityDesk) -> None:
    desk.vault_passphrase = STRONG
    desk.stores[VAULT] = replace(desk.stores[VAULT], state=KeyStoreState.READY, problem=None, remedy=None)
    look_again(window)
    card = panel(window).cards[VAULT]
    card.lock_button.click()
    run_until(card.passphrase.isVisible, what="the locked vault")
    QTest.keyClicks(card.passphrase.edit, "wrong")
    QTest.keyClick(card.passphrase.edit, Qt.Key.Key_Return)
    run_until(card.wrong.isVisible, what="the wrong passphrase")
    assert card.wrong.accessibleName() == "The passphrase does not open the vault. Type it again."
    card.passphrase.forget()
    QTest.keyClicks(card.passphrase.edit, STRONG)
    card.unlock_button.click()
    run_until(card.lock_button.isVisible, what="the open vault")
    assert card.passphrase.text == ""


def test_closing_the_panel_lets_go_of_everything(window: MainWindow, desk: FakeIdentityDesk) -> None:
    desk.stores[KEYRING] = locked_keyring()
    desk.answers.waits = True
    look_again(window)
    shown = panel(window)
    shown.cards[KEYRING].unlock_button.click()
    shown.cards[VAULT].make_button.click()
    QTest.keyClicks(shown.cards[VAULT].form.first.edit, STRONG)
    form = shown.cards[VAULT].form
    shown.close_button.click()
    assert desk.answers.jobs[-1].cancelled
    assert form.first.text == ""
    settle()
    look_again_after = replace(ready_keyring(), title="Another")
    desk.stores[KEYRING] = look_again_after
    look_again(window)


def test_every_control_of_the_panel_has_a_name(window: MainWindow, desk: FakeIdentityDesk) -> None:
    desk.stores[KEYRING] = locked_keyring()
    look_again(window)
    shown = panel(window)
    shown.cards[VAULT].make_button.click()
    settle()
    assert nameless(shown, at_least=6) == []


def test_what_is_asked_while_a_store_answers_is_asked_once_more(
    window: MainWindow, desk: FakeIdentityDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow: Future[tuple[KeyStoreStatus, ...]] = Future()
    before = window.key_stores.watch.stores
    monkeypatch.setattr(desk, "key_stores", lambda: slow)
    window.key_stores.watch.refresh()
    monkeypatch.undo()
    desk.stores[KEYRING] = replace(ready_keyring(), title="Another")
    window.key_stores.watch.refresh()
    slow.set_result(before)
    run_until(lambda: window.key_stores.watch.stores != before, what="the later answer")
    assert window.key_stores.watch.stores[0].title == "Another"


def test_a_vault_that_is_locked_after_the_panel_was_closed_is_nobodys_business(
    window: MainWindow, desk: FakeIdentityDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.stores[VAULT] = replace(desk.stores[VAULT], state=KeyStoreState.READY)
    look_again(window)
    slow: Future[KeyStoreStatus] = Future()
    monkeypatch.setattr(desk, "lock_vault", lambda: slow)
    shown = panel(window)
    shown.cards[VAULT].lock_button.click()
    shown.reject()
    settle()
    slow.set_result(desk.stores[VAULT])
    told: list[None] = []
    window.bridge.post(lambda: told.append(None))
    run_until(lambda: told, what="the turn after the answer")
