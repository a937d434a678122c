"""What leaves: exports, packages for others, deletion, and the doctor of PKCS#12 files."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk
from tests.support.fake_identity_desk import FakeIdentityDesk
from tests.support.identity_samples import FAKE_NOW, locked_error, sample_request
from tests.support.identity_views import carrier, diagnosis
from tests.support.named_controls import nameless
from tests.support.on_screen import on_screen
from trustdesk.core.certificate_request import CaseState, RequestCase, RequestPurpose
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.identity import ExportForm, ExportProfile, P12Diagnosis
from trustdesk.core.message import msg
from trustdesk.gui.identities.compare_dialog import CompareDialog
from trustdesk.gui.identities.delete_dialog import DeleteDialog
from trustdesk.gui.identities.doctor_dialog import DoctorDialog
from trustdesk.gui.identities.export_dialog import ExportDialog
from trustdesk.gui.identities.hand_over_dialog import HandOverDialog
from trustdesk.gui.identities.page import IdentitiesPage
from trustdesk.gui.identities.preflight_dialog import PreflightDialog
from trustdesk.gui.words import fingerprint_text

CLIENT = "halden-client-2026"
FOLDER = Path("/home/person/out")
OLD = Path("/home/person/old.p12")
STRONG = "violet harbour lantern 73"


@pytest.fixture
def desk() -> FakeIdentityDesk:
    made = FakeIdentityDesk()
    made.held = carrier()
    made.diagnoses[OLD] = diagnosis(str(OLD))
    made.file_password = "pw"
    return made


@pytest.fixture
def page(qapp: QApplication, desk: FakeIdentityDesk) -> Iterator[IdentitiesPage]:
    whole = FakeDesk()
    whole.identity_desk_held = desk
    with on_screen(qapp, IdentitiesPage, (1260, 820)) as made:
        made.set_desk(whole)
        run_until(lambda: made.model.rowCount() == 6, what="the identities")
        made.reveal(CLIENT)
        yield made


def asked(desk: FakeIdentityDesk) -> dict[str, object]:
    return desk.answers.jobs[-1].arguments


def export_dialog(page: IdentitiesPage) -> ExportDialog:
    page.detail.export_button.click()
    dialog = page.dialogs.current
    assert isinstance(dialog, ExportDialog)
    dialog.ask_file = lambda _parent, name: FOLDER / name
    return dialog


def hand_over_dialog(page: IdentitiesPage) -> HandOverDialog:
    page.detail.hand_over_button.click()
    dialog = page.dialogs.current
    assert isinstance(dialog, HandOverDialog)
    dialog.ask_folder = lambda _parent: FOLDER
    return dialog


def delete_dialog(page: IdentitiesPage) -> DeleteDialog:
    page.detail.delete_button.click()
    dialog = page.dialogs.current
    assert isinstance(dialog, DeleteDialog)
    return dialog


def doctor(page: IdentitiesPage) -> DoctorDialog:
    page.dialogs.examine_file(OLD)
    dialog = page.dialogs.current
    assert isinstance(dialog, DoctorDialog)
    run_until(lambda: dialog.state.words, what="the diagnosis")
    return dialog


def test_a_passphrase_is_suggested_and_goes_with_the_file(
    page: IdentitiesPage, desk: FakeIdentityDesk
) -> None:
    dialog = export_dialog(page)
    assert set(dialog.passphrase.shown) == {"\u2022"}
    dialog.export_button.click()
    run_until(dialog.written.isVisible, what="the file")
    given = asked(desk)
    dialog.passphrase.eye.click()
    assert given == {
        "name": CLIENT,
        "file": FOLDER / "halden-client-2026.p12",
        "form": ExportForm.PKCS12,
        "profile": ExportProfile.MODERN,
        "passphrase": dialog.passphrase.shown,
        "is_agreed": False,
    }
    assert dialog.written.words == (
        "/home/person/out/halden-client-2026.p12",
        "Read back: 1 private key and 2 certificates",
    )


def test_the_passphrase_of_a_written_file_cannot_be_swapped(page: IdentitiesPage) -> None:
    dialog = export_dialog(page)
    dialog.export_button.click()
    run_until(dialog.written.isVisible, what="the file")
    assert dialog.passphrase.again.isHidden()
    assert not dialog.passphrase.switch.isEnabled()
    dialog.choose(ExportForm.PEM)
    assert not dialog.passphrase.again.isHidden()
    assert dialog.written.isHidden()


def test_a_passphrase_of_ones_own_has_to_be_strong(page: IdentitiesPage, desk: FakeIdentityDesk) -> None:
    dialog = export_dialog(page)
    dialog.passphrase.switch.changed.emit("own")
    dialog.passphrase.switch.set_current("own")
    dialog.passphrase.changed.emit()
    assert not dialog.export_button.isEnabled()
    QTest.keyClicks(dialog.passphrase.own.edit, "halden1")
    assert dialog.passphrase.strength.words == "It has fewer than 12 characters."
    assert not dialog.export_button.isEnabled()
    dialog.passphrase.own.edit.clear()
    QTest.keyClicks(dialog.passphrase.own.edit, STRONG)
    assert dialog.export_button.isEnabled()
    dialog.export_button.click()
    run_until(dialog.written.isVisible, what="the file")
    assert asked(desk)["passphrase"] == STRONG


def test_no_passphrase_comes_to_the_clipboard(page: IdentitiesPage) -> None:
    QGuiApplication.clipboard().setText("before")
    dialog = export_dialog(page)
    dialog.passphrase.eye.click()
    for widget in (dialog, dialog.form, dialog.passphrase.eye):
        QTest.keyClick(widget, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "before"
    suggestion = dialog.passphrase.shown
    dialog.close_button.click()
    assert dialog.passphrase.passphrase == ""
    assert suggestion not in QGuiApplication.clipboard().text()


def test_the_profile_says_who_opens_the_file(page: IdentitiesPage, desk: FakeIdentityDesk) -> None:
    dialog = export_dialog(page)
    assert "OpenSSL 3" in dialog.profile.opens.words
    assert "Windows Server 2016" in dialog.profile.opens_not.words
    dialog.profile.switch.set_current(ExportProfile.COMPATIBLE.value)
    dialog.profile.switch.changed.emit(ExportProfile.COMPATIBLE.value)
    assert "Windows Server 2016" in dialog.profile.opens.words
    dialog.export_button.click()
    run_until(dialog.written.isVisible, what="the file")
    assert asked(desk)["profile"] is ExportProfile.COMPATIBLE


@pytest.mark.parametrize("form", [ExportForm.CERTIFICATE, ExportForm.CHAIN])
def test_what_is_public_needs_no_passphrase(
    page: IdentitiesPage, desk: FakeIdentityDesk, form: ExportForm
) -> None:
    dialog = export_dialog(page)
    dialog.choose(form)
    assert dialog.passphrase.isHidden()
    dialog.export_button.click()
    run_until(dialog.written.isVisible, what="the file")
    assert (asked(desk)["form"], asked(desk)["passphrase"]) == (form, None)


def test_a_plain_key_is_written_only_after_the_sentence(page: IdentitiesPage, desk: FakeIdentityDesk) -> None:
    dialog = export_dialog(page)
    dialog.choose(ExportForm.PLAIN_PEM)
    assert not dialog.export_button.isEnabled()
    QTest.keyClicks(dialog.sentence, "Whoever has this file")
    assert not dialog.export_button.isEnabled()
    QTest.keyClicks(dialog.sentence, " has my key")
    assert dialog.export_button.isEnabled()
    dialog.export_button.click()
    run_until(dialog.written.isVisible, what="the file")
    assert (asked(desk)["is_agreed"], asked(desk)["passphrase"]) == (True, None)


def test_an_export_that_fails_is_said_and_leaves_the_choice(
    page: IdentitiesPage, desk: FakeIdentityDesk
) -> None:
    dialog = export_dialog(page)
    desk.answers.waits = True
    dialog.export_button.click()
    assert not dialog.export_button.isEnabled()
    desk.answers.jobs[-1].fail(locked_error())
    run_until(dialog.error.isVisible, what="the error")
    assert dialog.error.accessibleName() == "The keyring is locked."
    assert dialog.export_button.isEnabled()
    dialog.export_button.click()
    dialog.job.cancel_button.click()
    run_until(dialog.notice.isVisible, what="the end")
    assert dialog.notice.words == "Cancelled: nothing was written."


def test_a_person_who_names_no_file_exports_nothing(page: IdentitiesPage, desk: FakeIdentityDesk) -> None:
    dialog = export_dialog(page)
    dialog.ask_file = lambda _parent, _name: None
    dialog.export_button.click()
    assert desk.answers.jobs == []


def test_a_package_shows_its_passphrase_once(page: IdentitiesPage, desk: FakeIdentityDesk) -> None:
    dialog = hand_over_dialog(page)
    assert dialog.secret.text() == ""
    dialog.make_button.click()
    run_until(dialog.written.isVisible, what="the package")
    assert dialog.secret.text() == asked(desk)["passphrase"]
    assert asked(desk)["folder"] == FOLDER
    assert dialog.written.words[0::2] == (
        "/home/person/out/halden-client-2026.p12",
        "/home/person/out/halden-client-2026.html",
    )
    assert dialog.make_button.isHidden()
    assert str(asked(desk)["passphrase"]) not in "".join(dialog.written.words)


def test_a_package_asks_once_more_while_its_passphrase_was_not_sent(page: IdentitiesPage) -> None:
    dialog = hand_over_dialog(page)
    dialog.make_button.click()
    run_until(dialog.written.isVisible, what="the package")
    gone = []
    for _press in range(2):
        dialog.close_button.click()
        gone.append((dialog.is_gone, dialog.unsent.isHidden()))
    assert gone == [(False, False), (True, False)]
    assert dialog.secret.text() == ""


def test_a_passphrase_that_was_sent_needs_no_question(page: IdentitiesPage) -> None:
    dialog = hand_over_dialog(page)
    dialog.make_button.click()
    run_until(dialog.written.isVisible, what="the package")
    dialog.sent.click()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.is_gone


def test_deleting_says_what_it_means_before_and_after(page: IdentitiesPage, desk: FakeIdentityDesk) -> None:
    desk.kept_cases = [
        RequestCase(
            id=1,
            name="request-2026",
            purpose=RequestPurpose.CLIENT,
            state=CaseState.INSTALLED,
            request=sample_request("request-2026"),
            created_at=FAKE_NOW,
            identity=CLIENT,
        )
    ]
    dialog = delete_dialog(page)
    run_until(lambda: len(dialog.lines) == 4, what="the request")
    words = [line.words for line in dialog.lines]
    assert words[0] == (
        "3 partners use it, and are tested without a certificate from then on: "
        "Nordwind Cargo, Zephyr Ground Services, Tamarind Logistics."
    )
    assert words[1] == "Its certificate stays valid for 314 days more, with or without it here."
    assert words[2].startswith("The key is removed from the keyring.")
    assert words[3] == "It came of the request request-2026, which stays on the list."
    assert dialog.delete_button.text() == f"Delete {CLIENT}"
    assert desk.answers.jobs == []
    changed: list[bool] = []
    page.changed.connect(lambda: changed.append(True))
    dialog.delete_button.click()
    run_until(lambda: page.model.named(CLIENT) is None, what="the shorter list")
    assert page.notice.words == f"{CLIENT} was deleted. The key was removed from the keyring."
    assert page.notice.open_button.isHidden()
    assert changed == [True]


def test_deleting_that_is_given_up_deletes_nothing(page: IdentitiesPage, desk: FakeIdentityDesk) -> None:
    desk.answers.waits = True
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    dialog = page.dialogs.current
    assert isinstance(dialog, DeleteDialog)
    dialog.delete_button.click()
    dialog.close_button.click()
    settle()
    assert desk.answers.jobs[-1].cancelled
    assert CLIENT in desk.held


def test_the_doctor_says_who_opens_a_file(page: IdentitiesPage) -> None:
    dialog = doctor(page)
    assert dialog.state.words.startswith("It is closed")
    assert not dialog.anew_button.isEnabled()
    QTest.keyClicks(dialog.password.edit, "no")
    dialog.open_button.click()
    run_until(lambda: dialog.state.words == "This password does not open it.", what="the answer")
    dialog.password.forget()
    QTest.keyClicks(dialog.password.edit, "pw")
    QTest.keyClick(dialog.password.edit, Qt.Key.Key_Return)
    run_until(lambda: dialog.state.words == "It is open: all of it was looked at.", what="the answer")
    assert dialog.advice_words == ("Export it anew: OpenSSL 3 does not open it.",)
    cells = [[dialog.openers.model().index(row, column).data() for column in range(2)] for row in range(3)]
    assert cells == [["OpenSSL 3", "No"], ["Java 17", "Yes"], ["curl", "Unknown"]]
    assert dialog.mac.words.endswith("SHA-1, 2,048 rounds")


def test_the_doctor_writes_a_file_anew(page: IdentitiesPage, desk: FakeIdentityDesk) -> None:
    dialog = doctor(page)
    QTest.keyClicks(dialog.password.edit, "pw")
    dialog.open_button.click()
    run_until(dialog.anew_button.isEnabled, what="the open file")
    dialog.anew_button.click()
    dialog.ask_save = lambda _parent, name: FOLDER / name
    dialog.passphrase.eye.click()
    dialog.save_button.click()
    run_until(dialog.written.isVisible, what="the new file")
    assert asked(desk) == {
        "file": OLD,
        "password": "pw",
        "to": FOLDER / "old-new.p12",
        "profile": ExportProfile.MODERN,
        "passphrase": dialog.passphrase.shown,
    }


def test_nothing_of_one_file_is_said_under_the_name_of_another(
    page: IdentitiesPage, desk: FakeIdentityDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = doctor(page)
    dialog.password.edit.setText("pw")
    dialog.open_button.click()
    run_until(dialog.anew_button.isEnabled, what="the open file")
    monkeypatch.setattr(desk, "doctor", lambda _file, _password: Future[P12Diagnosis]())
    dialog.examine(Path("/home/person/other.p12"))
    assert not dialog.state.isVisible()
    assert not dialog.openers.isVisible()
    assert not dialog.anew_button.isEnabled()


def test_a_file_that_is_no_p12_is_said(page: IdentitiesPage, desk: FakeIdentityDesk) -> None:
    dialog = doctor(page)
    desk.answers.failure = UnusableInputError(
        msg("This is no PKCS#12 file."), remedy=msg("Name another."), place="x"
    )
    dialog.examine(OLD)
    run_until(dialog.error.isVisible, what="the error")
    assert dialog.error.accessibleName() == "This is no PKCS#12 file."
    assert not dialog.anew_button.isEnabled()


def test_preflight_shows_rules_and_what_was_not_run_is_no_pass(page: IdentitiesPage) -> None:
    page.detail.preflight_button.click()
    dialog = page.dialogs.current
    assert isinstance(dialog, PreflightDialog)
    names = [row.accessibleName() for row in dialog.findings.rows]
    assert names == ["Not run: OCSP answer holds", "Pass: Extended key usage has clientAuth"]


def test_preflight_looks_for_the_key_only_when_asked(page: IdentitiesPage, desk: FakeIdentityDesk) -> None:
    page.detail.preflight_button.click()
    dialog = page.dialogs.current
    assert isinstance(dialog, PreflightDialog)
    assert dialog.key.words == "Whether the key is in its store was not looked at."
    assert desk.answers.jobs == []
    desk.answers.waits = True
    dialog.key_button.click()
    assert not dialog.key_button.isEnabled()
    desk.answers.jobs[-1].fail(locked_error())
    run_until(lambda: not dialog.job.is_running, what="the error")
    assert dialog.key.words == "The keyring is locked. Unlock it."
    dialog.key_button.click()
    desk.answers.jobs[-1].finish()
    run_until(lambda: not dialog.job.is_running, what="the key")
    assert dialog.key.words == "The key is in its store, and is the certificate's."


def test_a_fingerprint_is_compared_in_any_spelling(page: IdentitiesPage) -> None:
    page.detail.compare_button.click()
    dialog = page.dialogs.current
    assert isinstance(dialog, CompareDialog)
    view = page.detail.view
    assert view is not None
    dialog.field.field.setText(fingerprint_text(view.identity.certificate.sha256).replace("\n", " "))
    assert dialog.field.chip.accessibleName() == "Matches"
    dialog.field.field.setText("00" * 32)
    assert dialog.field.chip.accessibleName() == "Does not match"


def test_nothing_of_a_long_preview_is_squeezed(page: IdentitiesPage) -> None:
    dialog = doctor(page)
    dialog.resize(600, 460)
    settle()
    for table in (dialog.openers, dialog.bags):
        last = table.visualRect(table.model().index(table.model().rowCount() - 1, 0))
        assert table.viewport().rect().contains(last)


@pytest.mark.parametrize("which", ["export", "hand over", "delete", "doctor", "preflight", "compare"])
def test_every_control_of_every_dialog_has_a_name(page: IdentitiesPage, which: str) -> None:
    if which == "export":
        dialog = export_dialog(page)
        dialog.passphrase.switch.changed.emit("own")
    elif which == "hand over":
        hand_over_dialog(page).make_button.click()
    elif which == "doctor":
        doctor(page)
    else:
        button = {
            "delete": page.detail.delete_button,
            "preflight": page.detail.preflight_button,
            "compare": page.detail.compare_button,
        }[which]
        button.click()
    settle()
    current = page.dialogs.current
    assert current is not None
    assert nameless(current) == []
