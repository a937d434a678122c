"""The page on the real desk, over a real gnome-keyring: from a file to the table, out again, and gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support import event_loop, pki
from tests.support.event_loop import run_until
from tests.support.on_screen import on_screen, window_with_pages
from tests.support.secret_service import SecretServiceDaemon
from trustdesk.core.key_store import KeyStoreKind
from trustdesk.gui.identities.delete_dialog import DeleteDialog
from trustdesk.gui.identities.export_dialog import ExportDialog
from trustdesk.gui.identities.import_dialog import ImportDialog
from trustdesk.gui.window import IDENTITIES, MainWindow
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.workspaces import open_desk

ROOT = pki.root("Fjordsign Root 2021")
PARTNER_CA = pki.authority("Fjordsign Partner CA 7", ROOT)
LEAF = pki.client(PARTNER_CA, common_name="HAC")
PASSWORD = "file-password"


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretServiceDaemon]:
    with SecretServiceDaemon(tmp_path / "home") as daemon:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.address)
        yield daemon


@pytest.fixture
def desk(keyring: SecretServiceDaemon, tmp_path: Path) -> Iterator[LiveDesk]:
    made = open_desk(tmp_path / "workspace", (pki.trust_list(ROOT),))
    yield made
    made.close()


@pytest.fixture
def window(qapp: QApplication, desk: LiveDesk, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    # Files are read in a process of their own, which takes its time to start.
    monkeypatch.setattr(event_loop, "DEADLINE_S", 40.0)
    with on_screen(qapp, window_with_pages, (1440, 900)) as made:
        made.set_desk(desk)
        made.show_page(IDENTITIES)
        run_until(lambda: made.identities.model.is_judged and made.key_stores.watch.stores, what="the page")
        yield made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "client.p12"
    made.write_bytes(LEAF.pkcs12(PASSWORD, PARTNER_CA))
    return made


def opened(window: MainWindow, file: Path) -> ImportDialog:
    """Open a file in the dialog, with its password."""
    window.identities.dialogs.import_files([file])
    dialog = window.identities.dialogs.current
    assert isinstance(dialog, ImportDialog)
    run_until(lambda: dialog.preview.locked, what="the closed file")
    QTest.keyClicks(dialog.preview.locked[0].field.edit, "wrong")
    give(dialog, lambda: bool(dialog.preview.locked))
    assert dialog.preview.locked[0].wrong.words == "This password opens nothing more in it."
    QTest.keyClicks(dialog.preview.locked[0].field.edit, PASSWORD)
    give(dialog, lambda: not dialog.preview.locked)
    run_until(dialog.import_button.isEnabled, what="the key store")
    return dialog


def give(dialog: ImportDialog, is_there: Callable[[], bool]) -> None:
    dialog.preview.locked[0].unlock_button.click()
    run_until(lambda: not dialog.job.is_running and is_there(), what="the answer")


def test_an_identity_comes_in_goes_out_and_is_gone(window: MainWindow, file: Path, tmp_path: Path) -> None:
    page = window.identities
    assert page.empty.isVisible()
    dialog = opened(window, file)
    (card,) = dialog.preview.cards
    assert (card.chosen_name, card.is_chosen, dialog.store.kind) == ("HAC", True, KeyStoreKind.KEYRING)
    dialog.import_button.click()
    run_until(lambda: page.model.rowCount() == 1, what="the identity")
    assert page.notice.words == "1 identity was imported: HAC."
    assert page.detail.words[0].startswith("As ONE Record client: yes.")
    field = window.handshake.form.choices.identity_field
    run_until(lambda: field.findText("HAC") >= 0, what="the identity in the form of handshakes")

    page.detail.export_button.click()
    export = page.dialogs.current
    assert isinstance(export, ExportDialog)
    export.ask_file = lambda _parent, name: tmp_path / name
    export.export_button.click()
    run_until(export.written.isVisible, what="the file")
    written = tmp_path / "hac.p12"
    assert written.stat().st_mode & 0o777 == 0o600
    export.close_button.click()

    page.detail.delete_button.click()
    delete = page.dialogs.current
    assert isinstance(delete, DeleteDialog)
    delete.delete_button.click()
    run_until(page.empty.isVisible, what="the empty page")
    assert page.notice.words.startswith("HAC was deleted. The key is deleted from the system's keyring.")


def test_a_keyring_that_does_not_answer_is_waited_for_without_holding_up_the_window(
    window: MainWindow, file: Path, keyring: SecretServiceDaemon
) -> None:
    page = window.identities
    dialog = opened(window, file)
    keyring.pause()
    dialog.import_button.click()
    assert dialog.job.words == "Storing 1 key …"
    assert dialog.job.isVisible()
    dialog.job.cancel_button.click()
    run_until(dialog.notice.isVisible, what="the end of the waiting")
    assert dialog.notice.words == "Cancelled. What was finished before is kept."
    assert page.model.rowCount() == 0
    keyring.go_on()
    run_until(dialog.import_button.isEnabled, what="the files once more")
    dialog.import_button.click()
    run_until(lambda: page.model.rowCount() == 1, what="the identity")
