from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from tests.support.drops import drop_files
from tests.support.event_loop import run_until, settle
from tests.support.fake_identity_desk import FakeIdentityDesk
from tests.support.identity_samples import FAKE_NOW, locked_error, locked_keyring, ready_keyring
from tests.support.identity_views import carrier, import_preview
from tests.support.named_controls import nameless
from tests.support.on_screen import on_screen
from trustdesk.core.identity import ImportChoice
from trustdesk.core.key_store import KeyStoreKind, KeyStoreState, KeyStoreStatus
from trustdesk.core.message import Message, msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.identities.import_dialog import ImportDialog
from trustdesk.gui.words import say

FILE = Path("/home/person/haldenair-2027.p12")
KEYRING, VAULT = KeyStoreKind.KEYRING, KeyStoreKind.VAULT


class Host(QWidget):
    """Stands for the page: opens dialogs, and hears what they came to."""

    def __init__(self, bridge: Bridge, desk: FakeIdentityDesk) -> None:
        super().__init__()
        self.bridge, self.desk = bridge, desk
        self.imported: list[tuple[str, str]] = []

    def open(self, *files: Path) -> ImportDialog:
        dialog = ImportDialog(self, self.bridge, self.desk, files, now=lambda: FAKE_NOW)
        dialog.imported.connect(self._take)
        dialog.show()
        dialog.activateWindow()
        run_until(dialog.isActiveWindow, what="the dialog")
        if files:
            run_until(lambda: not dialog.job.is_running and dialog.stores.stores, what="the files")
        return dialog

    def _take(self, words: Message, name: str) -> None:
        self.imported.append((say(words), name))


@pytest.fixture
def desk() -> FakeIdentityDesk:
    made = FakeIdentityDesk()
    made.held = carrier()
    made.previews[FILE] = import_preview()
    return made


@pytest.fixture
def host(qapp: QApplication, desk: FakeIdentityDesk) -> Iterator[Host]:
    with on_screen(qapp, lambda bridge: Host(bridge, desk)) as made:
        yield made


def jobs(desk: FakeIdentityDesk, name: str) -> list[dict[str, object]]:
    return [job.arguments for job in desk.answers.jobs if job.name == name]


def no_keyring(desk: FakeIdentityDesk) -> None:
    desk.stores[KEYRING] = replace(
        ready_keyring(),
        state=KeyStoreState.UNAVAILABLE,
        problem=msg("No Secret Service answers on the session bus."),
        remedy=msg("Start the keyring of the desktop."),
    )


def store_of(dialog: ImportDialog) -> KeyStoreKind | None:
    return dialog.store.kind


def choose_store(dialog: ImportDialog, kind: KeyStoreKind) -> None:
    place = [status.kind for status in dialog.stores.stores].index(kind)
    dialog.store.combo.setCurrentIndex(place)
    dialog.store.combo.activated.emit(place)


def test_everything_in_the_files_is_shown_before_anything_is_kept(host: Host, desk: FakeIdentityDesk) -> None:
    dialog = host.open(FILE)
    first, second, third = dialog.preview.cards
    assert first.is_chosen
    assert first.chosen_name == "HAC-2027"
    assert [line.words for line in first.remarks] == ["It is not valid before 2026-11-20 12:00 UTC."]
    assert not second.is_chosen
    assert second.words == ("The identity halden-client-2025 has this key already.",)
    assert not third.candidate.can_be_imported
    assert third.words == (
        "No certificate in these files was made for this private key. "
        "Add the file with the certificate that the CA sent for it.",
    )
    assert dialog.preview.others == (
        "Certificate: Meridian TLS CA 4",
        "Not readable: notes.txt: There is nothing in it that can be read.",
    )
    assert dialog.import_button.text() == "Import 1 identity"
    assert [job.name for job in desk.answers.jobs] == ["prepare_import"]


def test_the_chain_says_where_each_certificate_was_found(host: Host) -> None:
    from trustdesk.gui.identities.remark_line import RemarkLine

    card = host.open(FILE).preview.cards[0]
    lines = [line.words for line in card.findChildren(RemarkLine) if line.words.startswith("Chain")]
    assert lines == [
        "Chain: Fjordsign Partner CA 7, from the file",
        "Chain: Fjordsign Root 2021, found in the trust list pilot",
    ]


def test_what_is_chosen_is_imported_under_its_name(host: Host, desk: FakeIdentityDesk) -> None:
    dialog = host.open(FILE)
    first, second, _third = dialog.preview.cards
    first.name.setText("halden-2027")
    first.changed.emit()
    second.tick.click()
    assert dialog.import_button.text() == "Import 2 identities"
    dialog.import_button.click()
    run_until(lambda: host.imported, what="the import")
    assert host.imported == [("2 identities were imported: halden-2027, HAC-2.", "halden-2027")]
    (asked,) = jobs(desk, "import_identities")
    assert asked["choices"] == (
        ImportChoice(position=0, name="halden-2027", store=KEYRING),
        ImportChoice(position=1, name="HAC-2", store=KEYRING),
    )
    assert dialog.is_gone


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("  ", "It needs a name."),
        ("halden-amqp", "An identity of this name is here already."),
        ("HAC-2", "Two of them have this name."),
    ],
)
def test_a_name_that_cannot_be_used_is_said_at_its_field(host: Host, name: str, words: str) -> None:
    dialog = host.open(FILE)
    first, second, _third = dialog.preview.cards
    second.tick.click()
    first.name.setText(name)
    first.changed.emit()
    assert first.problem.words == words
    assert first.problem.isVisible()
    assert first.name.accessibleDescription() == words
    assert not dialog.import_button.isEnabled()


def test_a_closed_file_asks_for_its_password_and_says_when_it_is_wrong(
    host: Host, desk: FakeIdentityDesk
) -> None:
    desk.file_password = "right"
    dialog = host.open(FILE)
    (locked,) = dialog.preview.locked
    assert locked.title.text() == "haldenair-2027.p12 is closed"
    QTest.keyClicks(locked.field.edit, "wrong")
    QTest.keyClick(locked.field.edit, Qt.Key.Key_Return)
    run_until(lambda: len(jobs(desk, "prepare_import")) == 2 and not dialog.job.is_running, what="the answer")
    assert dialog.preview.locked[0].wrong.isVisible()
    assert dialog.preview.locked[0].wrong.words == "This password opens nothing more in it."
    (locked,) = dialog.preview.locked
    QTest.keyClicks(locked.field.edit, "right")
    locked.unlock_button.click()
    run_until(lambda: not dialog.preview.locked, what="the open file")
    assert [asked["passwords"] for asked in jobs(desk, "prepare_import")] == [
        (),
        ("wrong",),
        ("wrong", "right"),
    ]


def test_what_was_chosen_outlives_a_password(host: Host, desk: FakeIdentityDesk) -> None:
    desk.file_password = "right"
    dialog = host.open(FILE)
    dialog.preview.cards[0].name.setText("mine")
    dialog.preview.cards[0].changed.emit()
    dialog.preview.cards[1].tick.click()
    QTest.keyClicks(dialog.preview.locked[0].field.edit, "right")
    dialog.preview.locked[0].unlock_button.click()
    run_until(lambda: not dialog.preview.locked, what="the open file")
    assert dialog.preview.cards[0].chosen_name == "mine"
    assert not dialog.preview.cards[1].tick.isChecked()  # it is here already: that is asked anew


def test_a_java_store_says_that_its_keys_may_have_passwords_of_their_own(
    host: Host, desk: FakeIdentityDesk
) -> None:
    desk.previews[FILE] = import_preview(is_open=False)
    dialog = host.open(FILE)
    titles = [one.title.text() for one in dialog.preview.locked]
    assert titles == ["haldenair-2027.p12 is closed", "A key in keys.jks is closed"]


def test_a_password_is_masked_and_never_on_the_clipboard(host: Host, desk: FakeIdentityDesk) -> None:
    desk.file_password = "right"
    field = host.open(FILE).preview.locked[0].field
    QGuiApplication.clipboard().setText("before")
    QTest.keyClicks(field.edit, "secret")
    assert field.edit.echoMode() is QLineEdit.EchoMode.Password
    field.eye.click()
    assert field.edit.echoMode() is QLineEdit.EchoMode.Normal
    field.edit.setFocus()
    for key in (Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_X):
        QTest.keyClick(field.edit, key, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(field.edit, Qt.Key.Key_Home, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(field.edit, Qt.Key.Key_Insert, Qt.KeyboardModifier.ControlModifier)
    QTest.mouseDClick(field.edit, Qt.MouseButton.LeftButton)
    assert field.edit.selectedText() == ""
    assert QGuiApplication.clipboard().text() == "before"
    field.forget()
    assert (field.text, field.is_masked, field.edit.isUndoAvailable()) == ("", True, False)


def test_without_a_keyring_the_vault_has_to_be_chosen(host: Host, desk: FakeIdentityDesk) -> None:
    no_keyring(desk)
    dialog = host.open(FILE)
    assert store_of(dialog) is None
    assert dialog.store.combo.currentIndex() == -1
    assert not dialog.import_button.isEnabled()
    assert dialog.store.remark.words == (
        "This computer has no system keyring. No Secret Service answers on the session bus. "
        "Start the keyring of the desktop."
    )
    choose_store(dialog, VAULT)
    assert dialog.store.vault_card.isVisible()
    assert not dialog.import_button.isEnabled()
    form = dialog.store.vault_card.form
    dialog.store.vault_card.make_button.click()
    for field in (form.first, form.second):
        QTest.keyClicks(field.edit, "violet harbour lantern 73")
    form.make_button.click()
    run_until(dialog.import_button.isEnabled, what="the vault")
    assert store_of(dialog) is VAULT
    dialog.import_button.click()
    run_until(lambda: host.imported, what="the import")
    (asked,) = jobs(desk, "import_identities")
    assert asked["choices"] == (ImportChoice(position=0, name="HAC-2027", store=VAULT),)


def test_a_keyring_never_gives_way_to_the_vault_by_itself(host: Host, desk: FakeIdentityDesk) -> None:
    desk.stores[VAULT] = replace(desk.stores[VAULT], state=KeyStoreState.READY)
    no_keyring(desk)
    dialog = host.open(FILE)
    assert store_of(dialog) is None


def test_a_locked_keyring_is_waited_for_and_can_be_given_up(host: Host, desk: FakeIdentityDesk) -> None:
    desk.stores[KEYRING] = locked_keyring()
    dialog = host.open(FILE)
    assert store_of(dialog) is KEYRING
    assert dialog.store.remark.words.startswith("It is locked")
    desk.answers.waits = True
    dialog.import_button.click()
    assert dialog.job.words == "Storing 1 key …"
    assert not dialog.import_button.isEnabled()
    job = desk.answers.jobs[-1]
    desk.answers.waits = False
    dialog.job.cancel_button.click()
    assert job.cancelled
    run_until(lambda: dialog.notice.isVisible() and not dialog.job.is_running, what="the end")
    assert dialog.notice.words == "Cancelled. What was finished before is kept."
    assert host.imported == []
    assert "HAC-2027" not in desk.held
    assert dialog.import_button.isEnabled()


def test_a_store_that_fails_is_said_and_everything_can_be_tried_again(
    host: Host, desk: FakeIdentityDesk
) -> None:
    dialog = host.open(FILE)
    desk.answers.waits = True
    dialog.import_button.click()
    desk.answers.waits = False
    desk.answers.jobs[-1].fail(locked_error())
    run_until(lambda: dialog.error.isVisible() and not dialog.job.is_running, what="the error")
    assert dialog.error.accessibleName() == "The keyring is locked."
    dialog.import_button.click()
    run_until(lambda: host.imported, what="the import")


def test_a_file_that_cannot_be_read_is_said_and_another_can_be_chosen(
    host: Host, desk: FakeIdentityDesk
) -> None:
    dialog = host.open(Path("/nowhere.p12"))
    run_until(dialog.error.isVisible, what="the error")
    assert dialog.error.accessibleName() == "There is no such file."
    assert dialog.drop.isVisible()
    dialog.ask_files = lambda _parent: [FILE]
    dialog.drop.button.click()
    run_until(lambda: dialog.preview.cards, what="the preview")
    assert dialog.error.isHidden()


def test_files_can_be_dropped(host: Host) -> None:
    dialog = host.open()
    assert drop_files(dialog, FILE)
    run_until(lambda: dialog.preview.cards, what="the preview")


def test_closing_lets_go_of_keys_and_of_what_waits(host: Host, desk: FakeIdentityDesk) -> None:
    from tests.support.fake_identity_desk import FakePrepared

    dialog = host.open(FILE)
    prepared = desk.answers.jobs[-1].future.result()
    assert isinstance(prepared, FakePrepared)
    desk.answers.waits = True
    dialog.import_button.click()
    storing = desk.answers.jobs[-1]
    dialog.close_button.click()
    settle()
    assert prepared.discarded
    assert storing.cancelled
    assert host.imported == []


def test_every_control_has_a_name(host: Host, desk: FakeIdentityDesk) -> None:
    no_keyring(desk)
    desk.previews[FILE] = import_preview(is_open=False)
    dialog = host.open(FILE)
    choose_store(dialog, VAULT)
    dialog.store.vault_card.make_button.click()
    settle()
    assert nameless(dialog, at_least=10) == []


def test_a_store_that_answers_after_the_dialog_was_closed_is_nobodys_business(
    host: Host, desk: FakeIdentityDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow: Future[tuple[KeyStoreStatus, ...]] = Future()
    monkeypatch.setattr(desk, "key_stores", lambda: slow)
    host.open().reject()
    settle()
    slow.set_result((ready_keyring(),))
    told: list[None] = []
    host.bridge.post(lambda: told.append(None))
    run_until(lambda: told, what="the turn after the answer")
