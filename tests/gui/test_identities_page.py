from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from shiboken6 import isValid

from tests.support import samples
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk, broken_workspace
from tests.support.identity_samples import FAKE_NOW, sample_request
from tests.support.identity_views import carrier, diagnosis, import_preview, view
from tests.support.named_controls import nameless
from tests.support.on_screen import on_screen, window_with_pages
from trustdesk.core.certificate_request import CaseState, RequestCase, RequestPurpose
from trustdesk.core.identity import Identity, IdentityView
from trustdesk.core.inspection import ContainerProtection, InspectedItem, ItemKind
from trustdesk.core.message import msg
from trustdesk.core.partner import Endpoint
from trustdesk.gui.identities.arrange import Filter
from trustdesk.gui.identities.cells import Column
from trustdesk.gui.identities.delete_dialog import DeleteDialog
from trustdesk.gui.identities.import_dialog import ImportDialog
from trustdesk.gui.identities.page import PRIVATE_CA, REQUESTS, IdentitiesPage
from trustdesk.gui.identities.rename_dialog import RenameDialog
from trustdesk.gui.inspector.opened import key_of
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.two_line_cells import row_height
from trustdesk.gui.window import IDENTITIES, INSPECTOR, PARTNERS, MainWindow
from trustdesk.gui.words import fingerprint_text
from trustdesk.services.board import State

CONTROL = Qt.KeyboardModifier.ControlModifier
DAY = datetime(2027, 3, 15, 12, tzinfo=UTC)
CLIENT = "halden-client-2026"


@pytest.fixture
def desk() -> FakeDesk:
    made = FakeDesk(
        tuple(row for row in samples.board_rows() if row.state is not State.RUNNING),
        reports=samples.reports(),
    )
    made.identity_desk.held = carrier()
    return made


@pytest.fixture
def page(qapp: QApplication, desk: FakeDesk) -> Iterator[IdentitiesPage]:
    with on_screen(qapp, IdentitiesPage, (1260, 820)) as made:
        made.activateWindow()
        run_until(made.isActiveWindow, what="the window")
        made.set_desk(desk)
        run_until(lambda: made.model.rowCount() == 6, what="the identities")
        made.table.setFocus()
        yield made


@pytest.fixture
def window(qapp: QApplication, desk: FakeDesk) -> Iterator[MainWindow]:
    with on_screen(qapp, window_with_pages) as made:
        made.activateWindow()
        made.set_desk(desk)
        run_until(lambda: made.identities.model.rowCount() == 6, what="the identities")
        yield made


class WaitingViews:
    """Answers of `views` that a test ends."""

    def __init__(self, desk: FakeDesk) -> None:
        self.futures: list[Future[tuple[IdentityView, ...]]] = []
        desk.identity_desk.views = self._views  # type: ignore[method-assign]

    def _views(self, trust_lists: Sequence[str] = ()) -> Future[tuple[IdentityView, ...]]:
        self.futures.append(Future())
        return self.futures[-1]


def shown(page: IdentitiesPage) -> list[str]:
    return [page.model.at(place).identity.name for place in range(page.model.rowCount())]


def cell(page: IdentitiesPage, name: str, column: Column) -> str:
    place = page.model.place_of(name)
    assert place is not None
    return str(page.model.index(place, column).data(Qt.ItemDataRole.AccessibleTextRole))


def choose(page: IdentitiesPage, name: str) -> None:
    page.reveal(name)
    view = page.detail.view
    assert view is not None
    assert view.identity.name == name


def words_on(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def test_the_table_says_everything_of_the_contract(page: IdentitiesPage) -> None:
    assert page.heading.count_words == "6 certificates with keys"
    assert cell(page, CLIENT, Column.NAME) == f"Usable: {CLIENT}\nCN=HAC"
    assert cell(page, CLIENT, Column.IDS).startswith("1R-IDs: 2 1R-IDs\nhttps://1r.haldenair.example/HAC")
    assert cell(page, CLIENT, Column.CLIENT) == "Client: Yes\nIt can be used as a TLS client."
    assert cell(page, "halden-edge-2026", Column.CLIENT) == "Client: No\nExtended key usage lacks clientAuth."
    assert cell(page, CLIENT, Column.SERVER).startswith("Server: Not meant")
    assert cell(page, CLIENT, Column.ISSUER) == "Issuer: CN=Fjordsign Partner CA 7"
    assert cell(page, CLIENT, Column.DAYS) == "Days: 314 days left"
    assert cell(page, CLIENT, Column.KEY) == "Key: EC P-256"
    assert cell(page, CLIENT, Column.STORE) == "Key lives in: OS keyring: Secret Service"


def test_the_first_row_is_opened_and_the_keyboard_goes_through_the_rows(page: IdentitiesPage) -> None:
    seen = []
    for _row in range(6):
        assert page.detail.view is not None
        seen.append(page.detail.view.identity.name)
        QTest.keyClick(page.table, Qt.Key.Key_Down)
    assert seen == shown(page)


def test_chips_count_and_filter(page: IdentitiesPage) -> None:
    chip = page.filters.chip(Filter.NOT_CLIENT)
    assert chip.accessibleName() == "Not usable as client, 1"
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert shown(page) == ["halden-edge-2026"]
    assert page.detail.view is not None
    assert page.detail.view.identity.name == "halden-edge-2026"
    page.filters.chip(Filter.EXPIRING).click()
    assert shown(page) == []
    assert page.detail.isHidden()
    assert "No identity passes these filters." in words_on(page)
    page.reveal(CLIENT)
    assert page.detail.view.identity.name == CLIENT
    assert len(shown(page)) == 6


def test_a_header_sorts(page: IdentitiesPage) -> None:
    header = page.table.horizontalHeader()
    place = header.sectionViewportPosition(Column.DAYS) + 10
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place, 10))
    assert shown(page)[0] == "halden-client-2025"
    assert header.isSortIndicatorShown()
    assert header.sortIndicatorSection() == Column.DAYS


def test_the_card_has_verdicts_ids_use_fingerprint_and_advice(page: IdentitiesPage) -> None:
    choose(page, CLIENT)
    assert page.detail.words == (
        "As ONE Record client: yes. It can be used as a TLS client.",
        "As ONE Record server: not meant. It is not meant to be a server's.",
        "Chain is complete, 1 intermediate is stored with it",
        "Plan its renewal for August 2027: the CA takes two weeks.",
    )
    words = words_on(page.detail)
    assert ", 314 days left" in words
    assert "https://events.haldenair.example/HAC-EVENTS" in words
    assert page.detail.usage.words == "3 partners presented to 3, accepted by 2"
    view = page.detail.view
    assert view is not None
    assert fingerprint_text(view.identity.certificate.sha256) in words
    page.detail.copy_button.click()
    copied = QGuiApplication.clipboard().text()
    assert copied.replace(":", "").lower() == view.identity.certificate.sha256


def test_use_leads_to_the_partners_and_renewal_to_the_other_identity(page: IdentitiesPage) -> None:
    wanted: list[Endpoint] = []
    page.partner_wanted.connect(wanted.append)
    choose(page, CLIENT)
    menu = page.detail.usage.menu()
    assert menu.actions()[0].text().startswith("Nordwind Cargo  ·  https://1r.nordwind")
    menu.actions()[1].trigger()
    assert [endpoint.partner for endpoint in wanted] == ["Zephyr Ground Services"]
    page.detail.usage.before_button.click()
    assert page.detail.view is not None
    assert page.detail.view.identity.name == "halden-client-2025"
    page.detail.usage.after_button.click()
    assert page.detail.view.identity.name == CLIENT


def test_an_identity_that_nobody_uses_says_so(page: IdentitiesPage) -> None:
    choose(page, "halden-amqp")
    assert page.detail.usage.words == "nobody yet"
    assert page.detail.usage.partners_button.isHidden()


def test_foreign_names_are_shown_harmless(page: IdentitiesPage, desk: FakeDesk) -> None:
    desk.identity_desk.held = {"x": view("x", "a\u202eb\nc", 90, "https://e.example/\u202eX")}
    page.reload()
    run_until(lambda: page.model.rowCount() == 1, what="the other list")
    assert "\u202e" not in cell(page, "x", Column.NAME) + cell(page, "x", Column.IDS) + words_on(page)


def test_of_another_day_nothing_is_shown_until_it_is_judged(page: IdentitiesPage, desk: FakeDesk) -> None:
    waiting = WaitingViews(desk)
    page.set_evaluation_time(DAY)
    assert cell(page, CLIENT, Column.CLIENT) == "Client: Judging …"
    assert cell(page, CLIENT, Column.DAYS) == "Days: Judging …"
    assert page.filters.chip(Filter.EXPIRING).count is None
    assert page.detail.words == ("Judging … for the day and the list in view",)
    assert "days left" not in words_on(page.detail)
    assert not page.detail.preflight_button.isEnabled()
    page.set_evaluation_time(None)
    first, second = waiting.futures
    first.set_result(())
    settle()
    assert cell(page, CLIENT, Column.CLIENT) == "Client: Judging …"
    second.set_result(tuple(carrier().values()))
    run_until(lambda: page.model.is_judged, what="the verdicts")
    assert cell(page, CLIENT, Column.CLIENT).startswith("Client: Yes")


def test_what_cannot_be_judged_stays_without_verdicts(page: IdentitiesPage, desk: FakeDesk) -> None:
    desk.identity_desk.answers.failure = broken_workspace()
    page.judge_anew()
    run_until(page.error.isVisible, what="the error")
    assert page.error.accessibleName() == "The workspace cannot be read."
    assert cell(page, CLIENT, Column.CLIENT) == "Client: Judging …"
    desk.identity_desk.answers.failure = None
    page.reload()
    run_until(lambda: page.model.is_judged, what="the identities")
    assert page.error.isHidden()


def test_without_identities_there_are_two_ways_in(page: IdentitiesPage, desk: FakeDesk) -> None:
    asked: list[str] = []
    page.request_wanted.connect(lambda: asked.append("request"))
    desk.identity_desk.held = {}
    page.reload()
    run_until(page.empty.isVisible, what="the empty state")
    assert page.heading.count_words == ""
    assert page.heading.request_button.isHidden()
    page.empty.request_button.click()
    assert asked == ["request"]
    page.focus_main()
    assert page.empty.import_button.hasFocus()


def test_the_buttons_of_requests_tell_what_is_wanted(page: IdentitiesPage) -> None:
    told: list[object] = []
    page.request_wanted.connect(lambda: told.append("request"))
    page.match_wanted.connect(lambda: told.append("match"))
    page.renewal_wanted.connect(lambda view: told.append(view.identity.name))
    choose(page, CLIENT)
    page.heading.request_button.click()
    page.heading.match_button.click()
    page.detail.renew_button.click()
    assert told == ["request", "match", CLIENT]


def test_an_identity_gets_another_name(page: IdentitiesPage) -> None:
    choose(page, CLIENT)
    page.detail.rename_button.click()
    dialog = page.dialogs.current
    assert isinstance(dialog, RenameDialog)
    assert not dialog.rename_button.isEnabled()
    for name, words in (
        ("  ", "It needs a name."),
        ("pilot-2024", "An identity of this name is here already."),
    ):
        dialog.name.setText(name)
        assert dialog.problem.words == words
        assert not dialog.rename_button.isEnabled()
    dialog.name.setText("halden")
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    run_until(lambda: page.model.named("halden") is not None, what="the new name")
    assert page.notice.words == f"{CLIENT} is called halden now."
    assert page.detail.view is not None
    assert page.detail.view.identity.name == "halden"


def test_a_name_given_after_the_dialog_was_closed_is_shown(
    page: IdentitiesPage, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    late: Future[Identity] = Future()
    monkeypatch.setattr(desk.identity_desk, "rename", lambda _name, _new_name: late)
    view = page.model.at(0)
    page.dialogs.rename(view, ())
    dialog = page.dialogs.current
    assert isinstance(dialog, RenameDialog)
    dialog.name.setText("halden-new")
    dialog.rename_button.click()
    dialog.reject()
    settle()
    said: list[object] = []
    page.changed.connect(lambda: said.append(page.notice.isHidden()))
    late.set_result(replace(view.identity, name="halden-new"))
    run_until(lambda: said == [False], what="word of the new name")
    run_until(lambda: not isValid(dialog), what="the end of the dialog")


def test_a_deletion_that_could_not_be_stopped_is_shown(page: IdentitiesPage, desk: FakeDesk) -> None:
    desk.identity_desk.answers.waits = True
    view = page.model.at(0)
    page.dialogs.delete(view)
    dialog = page.dialogs.current
    assert isinstance(dialog, DeleteDialog)
    dialog.delete_button.click()
    (job,) = desk.identity_desk.answers.jobs
    job.can_be_cancelled = False
    dialog.reject()
    settle()
    assert job.cancelled
    job.finish()
    run_until(lambda: page.model.named(view.identity.name) is None, what="the table without it")
    run_until(lambda: not isValid(dialog), what="the end of the dialog")


def storing(page: IdentitiesPage, desk: FakeDesk) -> ImportDialog:
    """Open a file, and press Import; the job waits."""
    file = Path("/home/person/haldenair-2027.p12")
    desk.identity_desk.previews[file] = import_preview()
    page.dialogs.import_files([file])
    dialog = page.dialogs.current
    assert isinstance(dialog, ImportDialog)
    run_until(dialog.import_button.isEnabled, what="the key store")
    desk.identity_desk.answers.waits = True
    dialog.import_button.click()
    return dialog


def test_what_an_import_kept_before_it_was_cancelled_is_shown(page: IdentitiesPage, desk: FakeDesk) -> None:
    dialog = storing(page, desk)
    desk.identity_desk.held["kept"] = view("kept", "Kept", 90)
    changed: list[None] = []
    page.changed.connect(lambda: changed.append(None))
    dialog.job.cancel()
    run_until(lambda: page.model.named("kept") is not None, what="the table with it")
    assert changed
    dialog.done(0)


def test_an_import_that_could_not_be_stopped_is_shown(page: IdentitiesPage, desk: FakeDesk) -> None:
    dialog = storing(page, desk)
    job = desk.identity_desk.answers.jobs[-1]
    job.can_be_cancelled = False
    dialog.reject()
    settle()
    job.finish()
    run_until(lambda: page.model.named("HAC-2027") is not None, what="the table with it")
    assert page.notice.words == "1 identity was imported: HAC-2027."
    run_until(lambda: not isValid(dialog), what="the end of the dialog")


def test_other_parts_stand_behind_tabs(page: IdentitiesPage, desk: FakeDesk) -> None:
    assert page.tabs.isHidden()
    assert page.filters.waiting.isHidden()
    requests, authority = QWidget(), QWidget()
    page.add_tab(REQUESTS, msg("Requests"), requests)
    page.add_tab(PRIVATE_CA, msg("Private CA"), authority)
    request = RequestCase(
        id=1,
        name="halden-2027",
        purpose=RequestPurpose.CLIENT,
        state=CaseState.REQUESTED,
        request=sample_request("halden-2027"),
        created_at=FAKE_NOW,
    )
    desk.identity_desk.kept_cases = [request, replace(request, id=2, state=CaseState.TESTED)]
    page.reload()
    run_until(lambda: page.filters.waiting.count == 1, what="the requests")
    assert page.tabs.isVisible()
    page.filters.waiting.click()
    assert requests.isVisible()
    assert not page.table.isVisible()
    page.show_tab(PRIVATE_CA)
    assert authority.isVisible()
    page.reveal(CLIENT)
    assert page.table.isVisible()


@pytest.mark.parametrize("size", [(1440, 900), (960, 900), (760, 560)])
def test_the_card_stays_usable_in_a_small_window(window: MainWindow, size: tuple[int, int]) -> None:
    page = window.identities
    window.show_page(IDENTITIES)
    window.resize(*size)
    choose(page, CLIENT)
    settle()
    assert (window.width(), window.height()) == size
    for button in (page.detail.preflight_button, page.detail.delete_button):
        corner = button.mapTo(window, button.rect().bottomRight())
        assert window.rect().contains(corner)
    assert page.table.viewport().height() >= row_height()
    assert not page.table.isColumnHidden(Column.CLIENT)
    assert not page.table.isColumnHidden(Column.DAYS)


def test_every_control_has_a_name(page: IdentitiesPage) -> None:
    page.add_tab(REQUESTS, msg("Requests"), QWidget())
    choose(page, CLIENT)
    settle()
    assert nameless(page, at_least=12) == []


def test_the_rail_counts_what_cannot_be_used_as_client(window: MainWindow, desk: FakeDesk) -> None:
    entry = window.rail.entry(IDENTITIES)
    assert entry.accessibleName() == "Identities, 1 not usable as client"
    desk.identity_desk.held.pop("halden-edge-2026")
    window.identities.reload()
    run_until(lambda: entry.accessibleName() == "Identities", what="no count")


def test_the_page_has_its_key_and_reads_anew_for_another_list(window: MainWindow, desk: FakeDesk) -> None:
    QTest.keyClick(window, Qt.Key.Key_5, CONTROL)
    assert window.current_page == IDENTITIES
    assert window.identities.isVisible()
    waiting = WaitingViews(desk)
    window.lists.chosen.emit(desk.lists[1])
    assert len(waiting.futures) == 1
    assert not window.identities.model.is_judged
    window.evaluate_at(DAY)
    assert len(waiting.futures) == 2


@pytest.mark.parametrize("count", [6, 0])
def test_the_keyboard_waits_for_what_is_being_read(qapp: QApplication, desk: FakeDesk, count: int) -> None:
    waiting = WaitingViews(desk)
    with on_screen(qapp, window_with_pages) as window:
        window.activateWindow()
        run_until(window.isActiveWindow, what="the window")
        window.set_desk(desk)
        page = window.identities
        QTest.keyClick(window, Qt.Key.Key_5, CONTROL)
        assert page.heading.import_button.hasFocus()
        waiting.futures[0].set_result(tuple(carrier().values())[:count])
        run_until(lambda: page.model.is_judged, what="the identities")
        assert (page.table if count else page.empty.import_button).hasFocus()


def test_a_partner_is_shown_from_the_card(window: MainWindow) -> None:
    endpoint = window.partners.model.row(2).endpoint
    window.show_page(IDENTITIES)
    window.identities.partner_wanted.emit(endpoint)
    assert window.current_page == PARTNERS
    assert window.partners.detail.endpoint == endpoint


def test_a_change_of_identities_reaches_the_form_of_handshakes(window: MainWindow, desk: FakeDesk) -> None:
    field = window.handshake.form.choices.identity_field
    count = field.count()
    desk.choices = desk.choices[:1]
    window.identities.changed.emit()
    run_until(lambda: field.count() == count - 1, what="the shorter list")


def test_the_inspector_offers_files_with_keys(window: MainWindow, desk: FakeDesk, tmp_path: Path) -> None:
    file = tmp_path / "old.p12"
    file.write_bytes(b"nothing that is read")
    store = InspectedItem(
        kind=ItemKind.PKCS12, source=str(file), position=0, count=1, protection=ContainerProtection()
    )
    pasted = replace(store, source="Pasted text 1")
    desk.identity_desk.diagnoses[file] = diagnosis(str(file))
    inspector = window.inspector
    window.show_page(INSPECTOR)
    buttons = {button.accessibleName(): button for button in inspector.detail.head.findChildren(Button)}
    offered = [buttons["Import as identity …"], buttons["Who can open it …"]]
    inspector.opened.add([store, pasted])
    for key, are_offered in ((key_of(store), True), (key_of(pasted), False)):
        one = inspector.opened.get(key)
        assert one is not None
        inspector.detail.show_item(one, FAKE_NOW, None, {})
        assert [button.isHidden() for button in offered] == [not are_offered] * 2
    one = inspector.opened.get(key_of(store))
    assert one is not None
    inspector.detail.show_item(one, FAKE_NOW, None, {})
    offered[1].click()
    run_until(lambda: window.identities.dialogs.current, what="the doctor")
    offered[0].click()
    assert window.current_page == IDENTITIES
    assert desk.identity_desk.answers.jobs[-1].arguments["files"] == (file,)
