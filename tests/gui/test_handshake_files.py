"""Client certificate and trust list from files, on the page Handshake."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QLineEdit, QWidget

from tests.support import pki, samples
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk
from trustdesk.core.errors import TrustdeskError, UnusableInputError, WrongPasswordError
from trustdesk.core.message import msg
from trustdesk.core.target import parse_target
from trustdesk.core.trust import TrustList
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.file_choice import FileChoice
from trustdesk.gui.handshake.file_combo import FileCombo
from trustdesk.gui.handshake.file_panel import FilePanel
from trustdesk.gui.handshake.form_reading import FormField
from trustdesk.gui.handshake.page import HandshakePage
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.widgets.button import Button
from trustdesk.services.clock import SystemClock
from trustdesk.services.desk import Desk
from trustdesk.services.desk_values import IdentityChoice
from trustdesk.services.live_desk import LiveDesk
from trustdesk.storage.workspace import Workspace

FILE = Path("/somewhere/halden.p12")
KEY = Path("/somewhere/halden.key")
PASSPHRASE = "Correct Horse 7"


def _wrong(place: Path = FILE) -> WrongPasswordError:
    return WrongPasswordError(msg("It does not open."), remedy=msg("Try again."), place=str(place))


def _unusable(problem: str = "It is of no use.", place: Path = FILE) -> UnusableInputError:
    return UnusableInputError(msg(problem), remedy=msg("Take another one."), place=str(place))


def _no_key(place: Path = FILE) -> UnusableInputError:
    return _unusable("There is no private key in the file.", place)


class FileDesk(FakeDesk):
    """Reads files when the test says so.

    Attributes:
        reads: certificate file, key file and password of every reading, in order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.reads: list[tuple[Path, Path | None, str | None]] = []
        self.opening: list[Future[IdentityChoice]] = []
        self.opening_lists: list[Future[TrustList]] = []

    def open_identity(
        self, certificate_file: Path, key_file: Path | None, password: str | None
    ) -> Future[IdentityChoice]:
        self.reads.append((certificate_file, key_file, password))
        self.opening.append(Future())
        return self.opening[-1]

    def open_trust_list(self, file: Path) -> Future[TrustList]:
        self.reads.append((file, None, None))
        self.opening_lists.append(Future())
        return self.opening_lists[-1]


@dataclass
class Stage:
    """A page in a window, and a hand on the bridge."""

    page: HandshakePage
    bridge: Bridge
    desk: FileDesk = field(default_factory=FileDesk)

    @property
    def field(self) -> FileCombo:
        return self.page.form.choices.identity_field

    @property
    def choice(self) -> FileChoice[IdentityChoice]:
        return self.page.form.choices.identity_file

    @property
    def panel(self) -> FilePanel:
        return self.choice.panel

    @property
    def edit(self) -> QLineEdit:
        return self.panel.passphrase.edit

    def settle(self) -> None:
        for _round in range(3):
            self.bridge._drain()
            settle(1)

    def fail(self, error: TrustdeskError) -> None:
        self.desk.opening[-1].set_exception(error)
        self.settle()

    def succeed(self, name: str = FILE.name, subject: str = "CN=halden") -> None:
        self.desk.opening[-1].set_result(IdentityChoice(name=name, sha256="ab" * 32, subject=subject))
        self.settle()

    def ask_passphrase(self) -> None:
        self.choice.take(FILE)
        self.fail(_wrong())

    def submit(self, passphrase: str) -> None:
        self.edit.selectAll()
        QTest.keyClicks(self.edit, passphrase)
        QTest.keyClick(self.edit, Qt.Key.Key_Return)

    def texts(self) -> list[str]:
        return [label.text() for label in self.page.findChildren(QLabel) if label.isVisible()]

    def button(self, words: str) -> Button:
        found = [b for b in self.page.findChildren(Button) if b.text() == words and b.isVisible()]
        assert len(found) == 1, f"{len(found)} buttons say {words}"
        return found[0]


def _stage(desk: Desk) -> Stage:
    bridge = Bridge()
    page = HandshakePage(bridge, now=lambda: samples.NOW)
    stage = Stage(page, bridge)
    if isinstance(desk, FileDesk):
        stage.desk = desk
    page.set_desk(desk)
    page.resize(1240, 820)
    page.show()
    page.activateWindow()
    stage.settle()
    return stage


def _leave(stage: Stage) -> None:
    stage.page.close()
    stage.bridge.close()
    stage.page.deleteLater()
    settle()


@pytest.fixture
def stage(qapp: QApplication) -> Iterator[Stage]:
    current_theme().apply(qapp)
    made = _stage(FileDesk())
    made.page.form.select_identity("client-good")
    yield made
    _leave(made)


def _entries(combo: FileCombo) -> list[str]:
    return [combo.itemText(i) for i in range(combo.count()) if combo.itemText(i)]


def _mime(*urls: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl(url) for url in urls])
    return data


def _drop(combo: FileCombo, data: QMimeData) -> bool:
    """Drag data over a field and let it go; return whether the field wanted it."""
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    actions = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    enter = QDragEnterEvent(QPoint(5, 5), actions, data, left, none)
    QApplication.sendEvent(combo, enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(QPointF(5, 5), actions, data, left, none)
    QApplication.sendEvent(combo, event)
    assert event.dropAction() is Qt.DropAction.CopyAction, "a move would delete the person's file"
    return True


def _pick_last(combo: FileCombo) -> None:
    """Open the list and take its last entry, as a hand does."""
    combo.setFocus()
    combo.showPopup()
    settle()
    QTest.keyClick(combo.view(), Qt.Key.Key_End)
    QTest.keyClick(combo.view(), Qt.Key.Key_Return)
    settle()


def _dialog(stage: Stage) -> QFileDialog:
    found = [one for one in stage.page.findChildren(QFileDialog) if one.isVisible()]
    assert len(found) == 1
    return found[0]


def test_both_fields_end_with_a_file(stage: Stage) -> None:
    choices = stage.page.form.choices
    assert _entries(choices.identity_field) == [
        "None (plain TLS)",
        "client-good",
        "client-expired",
        "From file …",
    ]
    assert _entries(choices.trust_list_field)[-1] == "From file …"


def test_the_last_entry_opens_a_dialog_and_the_choice_stays(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "halden.pem"
    file.touch()
    _pick_last(stage.field)
    dialog = _dialog(stage)
    assert dialog.nameFilters() == ["Certificates (*.p12 *.pfx *.pem *.crt *.cer *.der)", "All files (*)"]
    assert stage.field.currentText() == "client-good"
    dialog.selectFile(str(file))
    dialog.fileSelected.emit(str(file))
    dialog.close()
    assert stage.desk.reads == [(file, None, None)]


def test_a_dialog_that_is_closed_changes_nothing(stage: Stage) -> None:
    _pick_last(stage.field)
    _dialog(stage).reject()
    stage.settle()
    assert stage.desk.reads == []
    assert stage.page.form.identity == "client-good"


def test_keys_on_the_closed_field_never_open_the_dialog(stage: Stage) -> None:
    stage.field.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_F):
        QTest.keyClick(stage.field, key)
    assert stage.page.form.identity == "client-expired"
    assert stage.page.findChildren(QFileDialog) == []


def test_an_identity_from_a_file_is_chosen_under_its_name_with_its_subject(stage: Stage) -> None:
    stage.choice.take(FILE)
    stage.succeed(subject="CN=<b>halden</b>\u202e")
    assert stage.page.form.identity == "halden.p12"
    assert stage.field.currentText() == "halden.p12"
    assert stage.field.toolTip() == "<span>CN=&lt;b&gt;halden&lt;/b&gt;\\u202e</span>"
    assert not stage.panel.isVisible()
    stage.page.form.edit(FormField.TARGET).setText("1r.example")
    stage.page.run()
    assert stage.desk.probes[-1].identity == "halden.p12"


def test_the_same_file_again_is_one_entry(stage: Stage) -> None:
    for subject in ("CN=before", "CN=after"):
        stage.choice.take(FILE)
        stage.succeed(subject=subject)
    assert _entries(stage.field).count("halden.p12") == 1
    assert "CN=after" in stage.field.toolTip()


def test_until_the_file_is_read_the_earlier_choice_stands(stage: Stage) -> None:
    stage.choice.take(FILE)
    stage.settle()
    assert stage.page.form.identity == "client-good"
    assert stage.field.currentText() == "client-good"


def test_a_reading_that_takes_its_time_is_shown_and_can_be_cancelled(stage: Stage) -> None:
    stage.choice.take(FILE)
    run_until(stage.panel.isVisible, what="the line about the reading")
    assert "Reading halden.p12 …" in stage.texts()
    stage.button("Cancel").click()
    assert not stage.panel.isVisible()
    assert stage.desk.opening[0].cancelled()
    stage.settle()
    assert stage.page.form.identity == "client-good"


def test_an_answer_that_comes_after_escape_is_dropped(stage: Stage) -> None:
    stage.field.setFocus()
    stage.choice.take(FILE)
    assert stage.desk.opening[0].set_running_or_notify_cancel()
    QTest.keyClick(stage.field, Qt.Key.Key_Escape)
    stage.succeed()
    assert stage.page.form.identity == "client-good"


def test_a_protected_file_asks_for_its_password_right_below(stage: Stage) -> None:
    stage.ask_passphrase()
    assert stage.edit.isVisible()
    assert stage.edit.hasFocus()
    assert stage.edit.echoMode() is QLineEdit.EchoMode.Password
    assert stage.edit.accessibleName() == "Password of halden.p12"
    below = stage.edit.mapTo(stage.page, QPoint()).y() - stage.field.mapTo(stage.page, QPoint()).y()
    assert stage.field.height() < below < 80
    assert "It does not open." not in stage.texts(), "nothing is wrong before a password was given"


def test_enter_hands_the_password_over_and_the_field_forgets_it(stage: Stage) -> None:
    stage.ask_passphrase()
    stage.submit(PASSPHRASE)
    assert stage.desk.reads[-1] == (FILE, None, PASSPHRASE)
    assert stage.edit.isReadOnly()
    stage.succeed()
    assert stage.page.form.identity == "halden.p12"
    assert not stage.panel.isVisible()
    assert stage.edit.text() == ""
    stage.edit.setEchoMode(QLineEdit.EchoMode.Normal)
    stage.edit.undo()
    assert stage.edit.text() == "", "undo must not bring it back"
    assert stage.desk.probes == [], "Enter belongs to the row, not to Run"


def test_a_wrong_password_is_said_at_the_field_and_typed_over(stage: Stage) -> None:
    stage.ask_passphrase()
    stage.submit("wrong")
    stage.fail(_wrong())
    assert "It does not open." in stage.texts()
    assert "Try again." in stage.texts()
    assert stage.edit.property("invalid") is True
    assert stage.edit.hasFocus()
    assert stage.edit.selectedText() == "wrong"
    assert stage.edit.accessibleDescription() == "It does not open. Try again."
    assert stage.field.currentText() == "client-good"
    QTest.keyClicks(stage.edit, "right")
    assert stage.edit.text() == "right"
    assert stage.edit.property("invalid") is False
    QTest.keyClick(stage.edit, Qt.Key.Key_Return)
    assert stage.desk.reads[-1][2] == "right"


@pytest.mark.parametrize("busy", [False, True])
def test_escape_gives_up_and_forgets(stage: Stage, busy: bool) -> None:
    stage.ask_passphrase()
    if busy:
        stage.submit(PASSPHRASE)
    else:
        QTest.keyClicks(stage.edit, PASSPHRASE)
    QTest.keyClick(stage.edit, Qt.Key.Key_Escape)
    stage.settle()
    assert not stage.panel.isVisible()
    assert stage.edit.text() == ""
    assert stage.field.hasFocus()
    assert stage.page.form.identity == "client-good"


def test_escape_in_the_row_leaves_a_run_alone(stage: Stage) -> None:
    stage.page.open_target(parse_target("1r.example"), "client-good", run=True)
    stage.settle()
    stage.ask_passphrase()
    QTest.keyClick(stage.edit, Qt.Key.Key_Escape)
    assert not stage.panel.isVisible()
    assert not stage.desk.probes[-1].cancelled
    QTest.keyClick(stage.field, Qt.Key.Key_Escape)
    assert stage.desk.probes[-1].cancelled


def test_the_eye_shows_and_hides_and_says_which(stage: Stage) -> None:
    stage.ask_passphrase()
    eye = next(b for b in stage.panel.findChildren(Button) if b.accessibleName() == "Show the password")
    eye.click()
    assert stage.edit.echoMode() is QLineEdit.EchoMode.Normal
    assert eye.accessibleName() == eye.toolTip() == "Hide the password"
    QTest.keyClick(stage.edit, Qt.Key.Key_Escape)
    stage.ask_passphrase()
    assert stage.edit.echoMode() is QLineEdit.EchoMode.Password, "the next file is masked again"


def test_an_empty_password_is_not_tried(stage: Stage) -> None:
    stage.ask_passphrase()
    reads = len(stage.desk.reads)
    stage.button("Open").click()
    assert "The password is empty." in stage.texts()
    assert len(stage.desk.reads) == reads


def test_caps_lock_is_told_from_what_it_writes(stage: Stage) -> None:
    stage.ask_passphrase()
    shift = Qt.KeyboardModifier.ShiftModifier
    for letter, modifier, told in (
        ("a", Qt.KeyboardModifier.NoModifier, False),
        ("A", shift, False),
        ("A", Qt.KeyboardModifier.NoModifier, True),
        ("7", Qt.KeyboardModifier.NoModifier, True),
        ("a", shift, True),
        ("a", Qt.KeyboardModifier.NoModifier, False),
    ):
        QTest.sendKeyEvent(QTest.KeyAction.Click, stage.edit, Qt.Key.Key_unknown, letter, modifier)
        assert ("Caps Lock is on" in stage.texts()) is told, letter


def test_a_password_goes_nowhere_but_to_the_desk(
    stage: Stage, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    stage.ask_passphrase()
    stage.submit(PASSPHRASE)
    stage.fail(_wrong())
    stage.submit(PASSPHRASE)
    stage.succeed()
    out, err = capfd.readouterr()
    assert PASSPHRASE not in caplog.text + out + err
    for widget in stage.page.findChildren(QWidget):
        said = (widget.accessibleName(), widget.accessibleDescription(), widget.toolTip())
        assert PASSPHRASE not in " ".join(said)
        if isinstance(widget, QLabel | QLineEdit | QAbstractButton):
            assert PASSPHRASE not in widget.text()
    holders = [stage.choice, stage.panel, stage.panel.passphrase, stage.page.form.choices]
    assert PASSPHRASE not in repr([vars(holder) for holder in holders])


def test_without_a_key_in_the_file_a_second_one_is_offered(stage: Stage, tmp_path: Path) -> None:
    stage.choice.take(FILE)
    stage.fail(_no_key())
    assert "halden.p12: There is no private key in the file." in stage.texts()
    offer = stage.button("Choose the key file …")
    assert offer.hasFocus()
    offer.click()
    dialog = _dialog(stage)
    assert dialog.windowTitle() == "Private key of halden.p12"
    dialog.fileSelected.emit(str(KEY))
    dialog.close()
    assert stage.desk.reads[-1] == (FILE, KEY, None)
    stage.succeed()
    assert stage.page.form.identity == "halden.p12"


def test_a_protected_key_file_is_named_by_its_question(stage: Stage) -> None:
    stage.choice.take(FILE)
    stage.fail(_no_key())
    stage.choice._take_key(FILE, KEY)
    stage.fail(_wrong(KEY))
    assert stage.edit.accessibleName() == "Password of halden.key"
    stage.submit(PASSPHRASE)
    assert stage.desk.reads[-1] == (FILE, KEY, PASSPHRASE)


def test_a_key_file_of_no_use_can_be_changed_for_another(stage: Stage) -> None:
    stage.choice.take(FILE)
    stage.fail(_no_key())
    stage.choice._take_key(FILE, KEY)
    stage.fail(_unusable("They do not belong together.", KEY))
    assert "halden.key: They do not belong together." in stage.texts()
    stage.button("Choose another key file …")
    assert stage.page.form.identity == "client-good"


def test_what_cannot_be_used_is_said_at_the_field(stage: Stage) -> None:
    stage.choice.take(FILE)
    stage.fail(_unusable())
    assert "halden.p12: It is of no use." in stage.texts()
    assert "Take another one." in stage.texts()
    assert stage.field.hasFocus()
    assert stage.field.accessibleDescription() == "halden.p12: It is of no use. Take another one."
    assert stage.field.currentText() == "client-good"
    assert not stage.panel.asks
    assert [b.text() for b in stage.panel.findChildren(Button) if b.isVisible()] == [""]
    QTest.keyClick(stage.field, Qt.Key.Key_Escape)
    assert not stage.panel.isVisible()
    assert stage.field.accessibleDescription() == ""


def test_another_choice_ends_what_was_going_on(stage: Stage) -> None:
    stage.ask_passphrase()
    stage.edit.setText(PASSPHRASE)
    stage.field.setFocus()
    QTest.keyClick(stage.field, Qt.Key.Key_Down)
    assert stage.page.form.identity == "client-expired"
    assert not stage.panel.isVisible()
    assert stage.edit.text() == ""


def test_another_target_ends_what_was_going_on(stage: Stage) -> None:
    stage.choice.take(FILE)
    assert stage.desk.opening[0].set_running_or_notify_cancel()
    stage.page.open_target(parse_target("2r.example"), "client-expired", run=False)
    stage.succeed()
    assert stage.page.form.identity == "client-expired"


def test_a_dropped_file_is_taken_like_a_chosen_one(stage: Stage) -> None:
    assert _drop(stage.field, _mime(FILE.as_uri()))
    assert stage.desk.reads == [(FILE, None, None)]
    lists = stage.page.form.choices.trust_list_field
    assert _drop(lists, _mime("file:///somewhere/pilot.pem"))
    assert stage.desk.reads[-1][0] == Path("/somewhere/pilot.pem")


def test_what_cannot_be_dropped_is_said_with_its_reason(stage: Stage) -> None:
    assert _drop(stage.field, _mime(FILE.as_uri(), KEY.as_uri()))
    assert "2 files were dropped here; the field takes one." in stage.texts()
    assert _drop(stage.field, _mime("https://partner.example/client.p12"))
    assert "What was dropped is no file on this machine." in stage.texts()
    assert stage.desk.reads == []


def test_dropped_text_is_left_to_others(stage: Stage) -> None:
    data = QMimeData()
    data.setText("-----BEGIN CERTIFICATE-----")
    assert not _drop(stage.field, data)


def test_a_trust_list_from_a_file_judges_the_next_run(stage: Stage) -> None:
    choices = stage.page.form.choices
    choices.trust_list_file.take(Path("/somewhere/pilot.pem"))
    opened = pki.trust_list(called="pilot.pem")
    stage.desk.opening_lists[-1].set_result(opened)
    stage.settle()
    assert stage.page.form.trust_list == "pilot.pem"
    stage.page.open_target(parse_target("1r.example"), None, run=True)
    stage.settle()
    assert stage.desk.probes[-1].trust_lists == ("pilot.pem",)


def test_a_protected_trust_list_says_what_to_save_instead(stage: Stage) -> None:
    choices = stage.page.form.choices
    choices.trust_list_file.take(Path("/somewhere/pilot.p12"))
    stage.desk.opening_lists[-1].set_exception(_wrong(Path("/somewhere/pilot.p12")))
    stage.settle()
    assert "Save its certificates as PEM, which needs no password, and choose that file." in stage.texts()
    assert not choices.trust_list_file.panel.asks
    assert stage.page.form.trust_list == "lab"


def test_tab_goes_through_the_row_before_the_next_field(stage: Stage) -> None:
    stage.ask_passphrase()
    names = []
    for _step in range(5):
        QTest.keyClick(QApplication.focusWidget() or stage.edit, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        names.append("" if focus is None else focus.accessibleName())
    assert names == ["Show the password", "Open the file", "Do without the file", "Trust list", "Run matrix"]


@pytest.mark.parametrize("width", [1240, 700])
def test_the_panel_moves_no_field_aside(stage: Stage, width: int) -> None:
    stage.page.resize(width, 820)
    stage.settle()
    before = stage.field.geometry(), stage.field.mapTo(stage.page, QPoint())
    stage.choice.take(FILE)
    stage.fail(_unusable("A sentence of many words that goes on and on. " * 6))
    assert (stage.field.geometry(), stage.field.mapTo(stage.page, QPoint())) == before
    assert stage.panel.width() <= stage.page.width()


@pytest.fixture
def live_desk(tmp_path: Path) -> Iterator[LiveDesk]:
    desk = LiveDesk(
        workspace=Workspace.open(tmp_path / "workspace"),
        trust_lists=(),
        identities={},
        clock=SystemClock(),
    )
    yield desk
    desk.close()


@pytest.fixture
def live(qapp: QApplication, live_desk: LiveDesk) -> Iterator[Stage]:
    current_theme().apply(qapp)
    made = _stage(live_desk)
    yield made
    _leave(made)


def _until(stage: Stage, is_there: Callable[[], bool], what: str) -> None:
    run_until(is_there, what=what)
    stage.settle()


def test_a_real_pkcs12_opens_with_the_right_password_only(live: Stage, tmp_path: Path) -> None:
    root = pki.root()
    file = tmp_path / "halden-2026.p12"
    file.write_bytes(pki.client(root, "halden").pkcs12(PASSPHRASE, root))
    live.choice.take(file)
    _until(live, live.edit.isVisible, "the question for the password")
    live.submit("wrong")
    _until(live, lambda: live.edit.property("invalid") is True, "the answer to a wrong password")
    assert "The file does not open: the password is wrong, or the file is damaged." in live.texts()
    assert live.field.currentText() == "None (plain TLS)"
    live.submit(PASSPHRASE)
    _until(live, lambda: live.page.form.identity is not None, "the identity")
    assert live.page.form.identity == "halden-2026.p12"
    assert "CN=halden" in live.field.toolTip()
    live.page.refresh_choices()
    live.settle()
    assert live.page.form.identity == "halden-2026.p12", "the desk has it too"


def test_a_real_certificate_finds_its_key_in_a_second_file(live: Stage, tmp_path: Path) -> None:
    client = pki.client(pki.root(), "halden")
    certificate, key = tmp_path / "halden.crt", tmp_path / "halden.key"
    certificate.write_bytes(client.pem)
    key.write_bytes(client.key_pem(PASSPHRASE))
    live.choice.take(certificate)
    _until(live, live.panel.isVisible, "the offer")
    # What reading says for want of a key is what the offer is tied to.
    live.button("Choose the key file …")
    live.choice._take_key(certificate, key)
    _until(live, live.edit.isVisible, "the question for the password")
    live.submit(PASSPHRASE)
    _until(live, lambda: live.page.form.identity is not None, "the identity")
    assert live.page.form.identity == "halden.crt"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "There is no such file."),
        (b"Dear partner, please find attached", "There is no certificate in the file."),
        (b"\xfe\xed\xfe\xed\0\0\0\2", "The Java key store (JKS) holds no certificate."),
        (b"\0" * (16 * 1024 * 1024 + 1), "The file holds more than 16 MB."),
        (b"", "The file is empty."),
    ],
)
def test_real_files_of_no_use_say_why(
    live: Stage, tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    file = tmp_path / "halden.bin"
    if content is not None:
        file.write_bytes(content)
    for choice in (live.choice, live.page.form.choices.trust_list_file):
        choice.take(file)
        # A large file is said to be being read first.
        _until(live, lambda: f"halden.bin: {sentence}" in live.texts(), "the sentence")
        choice.give_up()
    assert (live.page.form.identity, live.page.form.trust_list) == (None, None)
