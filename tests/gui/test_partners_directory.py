"""The directory is changed from the page: forms, import with its preview, removal with Undo, columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.support import samples
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk, broken_workspace
from tests.support.fake_directory_desk import FakeDirectoryDesk
from tests.support.on_screen import on_screen, painted
from tests.support.partner_samples import full_entry
from trustdesk.core.message import msg
from trustdesk.core.observation import ChangeKind
from trustdesk.core.partner import Contact, Partner, PartnerEntry, PartnerRole
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.partners.cells import Column
from trustdesk.gui.partners.check_dialog import CheckDialog
from trustdesk.gui.partners.import_dialog import PartnerImportDialog
from trustdesk.gui.partners.page import PartnersPage
from trustdesk.gui.partners.partner_dialog import PartnerDialog
from trustdesk.gui.theme.theme import ThemeMode
from trustdesk.gui.widgets.button import Button
from trustdesk.services.board import State
from trustdesk.services.directory_values import (
    DirectoryChange,
    DuplicateGroup,
    ImportPreview,
    ImportProblem,
    ImportRow,
    ImportStanding,
    Resemblance,
)
from trustdesk.services.last_seen import LastSeen
from trustdesk.storage.partner_register import changed_since

WIDE = (1300, 800)
ROWS = tuple(row for row in samples.board_rows() if row.state is not State.RUNNING)


@pytest.fixture
def desk() -> FakeDesk:
    made = FakeDesk(ROWS, reports=samples.reports())
    names = dict.fromkeys(row.endpoint.partner for row in ROWS)
    made.directory_desk.entries = [
        PartnerEntry(
            partner=Partner(id=number, name=name),
            endpoints=tuple(row.endpoint for row in ROWS if row.endpoint.partner == name),
        )
        for number, name in enumerate(names, 1)
    ]
    return made


@pytest.fixture
def page(qapp: QApplication, desk: FakeDesk) -> Iterator[PartnersPage]:
    with on_screen(qapp, lambda bridge: PartnersPage(bridge, now=lambda: samples.NOW), WIDE) as made:
        made.activateWindow()
        made.set_desk(desk)
        made.table.setFocus()
        run_until(made.isActiveWindow, what="the window")
        run_until(lambda: made.model.rowCount() and made.detail.has_answer, what="the board")
        yield made


@pytest.fixture
def owner(qapp: QApplication) -> Iterator[QWidget]:
    made = QWidget()
    yield made
    made.close()
    made.deleteLater()
    settle()


def kept() -> PartnerEntry:
    entry = full_entry()
    return PartnerEntry(
        partner=replace(entry.partner, id=7, revision=3),
        endpoints=tuple(replace(one, id=place) for place, one in enumerate(entry.endpoints, 1)),
    )


# --- the form ---


def test_the_form_shows_a_partner_as_it_is_and_saves_what_was_written(owner: QWidget, bridge: Bridge) -> None:
    desk = FakeDirectoryDesk(kept())
    dialog = PartnerDialog(owner, bridge, desk, kept(), identities=("halden",))
    dialog.show()
    saved: list[str] = []
    dialog.saved.connect(lambda _change, name: saved.append(name))
    assert dialog.entry == kept()
    assert not dialog.save_button.isEnabled()
    dialog.name.setText("Südwind ")
    dialog.role.setCurrentIndex(dialog.role.findData(PartnerRole.SHIPPER))
    dialog.tags.setText("a; b")
    dialog.contacts.add(("Bo", "", "bo@x.example", ""))
    dialog.rows[0].identity.setCurrentIndex(0)
    dialog.rows[1].remove_button.click()
    dialog.more_endpoints.click()
    dialog.rows[-1].address.setText("new.example")
    assert dialog.save_button.isEnabled()
    dialog.save_button.click()
    run_until(lambda: saved, what="the answer")
    (entry,) = desk.saved
    assert (saved, entry.partner.id, entry.partner.revision) == (["Südwind"], 7, 3)
    assert (entry.partner.role, entry.partner.tags) == (PartnerRole.SHIPPER, ("a", "b"))
    assert entry.partner.contacts[-1] == Contact(name="Bo", email="bo@x.example")
    assert [(one.id, one.target.host, one.identity) for one in entry.endpoints] == [
        (1, "1r.nordwind.example", None),
        (3, "plain.nordwind.example", None),
        (0, "new.example", None),
    ]


def test_the_form_says_what_is_wrong_and_saves_nothing_of_it(owner: QWidget, bridge: Bridge) -> None:
    dialog = PartnerDialog(owner, bridge, FakeDirectoryDesk())
    dialog.show()
    dialog.name.setText("Nordwind")
    assert not dialog.save_button.isEnabled()
    assert "at least one endpoint" in dialog.save_button.toolTip()
    dialog.rows[0].address.setText("https://a b")
    assert dialog.rows[0].is_unusable
    dialog.rows[0].address.setText("a.example")
    assert dialog.save_button.isEnabled()
    dialog.company_id.setText("A B")
    assert "company id A B" in dialog.reason.words
    assert not dialog.save_button.isEnabled()
    dialog.close()


def test_what_somebody_else_changed_meanwhile_is_said_and_the_form_stays(
    owner: QWidget, bridge: Bridge
) -> None:
    desk = FakeDirectoryDesk(kept())
    dialog = PartnerDialog(owner, bridge, desk, kept())
    dialog.show()
    dialog.note.setPlainText("another note")
    desk.failure = changed_since("Nordwind Cargo")
    dialog.save_button.click()
    run_until(lambda: not dialog.error.isHidden(), what="the error")
    assert "changed by somebody else" in dialog.error.accessibleName()
    assert dialog.save_button.isEnabled()
    dialog.close()


# --- the import ---


def rows(*standings: ImportStanding) -> tuple[ImportRow, ...]:
    return tuple(
        ImportRow(
            place=f"line {number}",
            name=f"Partner {number}",
            standing=standing,
            entry=None if standing is ImportStanding.UNUSABLE else full_entry(f"Partner {number}"),
            problems=(ImportProblem(place=f"line {number}", message=msg("It has no name.")),)
            if standing is ImportStanding.UNUSABLE
            else (),
        )
        for number, standing in enumerate(standings, 2)
    )


def imports(owner: QWidget, bridge: Bridge, *standings: ImportStanding) -> PartnerImportDialog:
    desk = FakeDirectoryDesk()
    desk.preview = ImportPreview(file=Path("p.csv"), rows=rows(*standings), ignored=("colour",))
    dialog = PartnerImportDialog(owner, bridge, desk, Path("p.csv"))
    dialog.show()
    run_until(lambda: dialog.preview is not None, what="the preview")
    return dialog


def test_an_unusable_row_stands_first_and_keeps_the_file_out(owner: QWidget, bridge: Bridge) -> None:
    dialog = imports(owner, bridge, ImportStanding.NEW, ImportStanding.UNUSABLE, ImportStanding.DUPLICATE)
    assert dialog.model.view(0, 1).spoken == "Unusable"
    assert dialog.model.view(0, 2).word == "It has no name."
    assert not dialog.import_button.isEnabled()
    assert "whole or not at all" in dialog.reason.words
    assert dialog.duplicates.isHidden()
    dialog.close()


def test_what_may_be_there_already_is_added_only_on_demand(owner: QWidget, bridge: Bridge) -> None:
    dialog = imports(owner, bridge, ImportStanding.NEW, ImportStanding.DUPLICATE, ImportStanding.SAME)
    assert dialog.import_button.text() == "Import 1 partner"
    assert "colour" in dialog.reason.words
    dialog.duplicates.setChecked(True)
    assert dialog.import_button.text() == "Import 2 partners"
    done: list[DirectoryChange] = []
    dialog.imported.connect(done.append)
    desk = dialog._desk
    assert isinstance(desk, FakeDirectoryDesk)
    dialog.import_button.click()
    run_until(lambda: done, what="the answer")
    assert [names for _preview, names in desk.applied] == [("Partner 3",)]


def test_nothing_to_import_cannot_be_imported(owner: QWidget, bridge: Bridge) -> None:
    dialog = imports(owner, bridge, ImportStanding.SAME)
    assert not dialog.import_button.isEnabled()
    dialog.close()


def test_a_file_that_cannot_be_read_is_said_and_another_can_be_chosen(
    owner: QWidget, bridge: Bridge, tmp_path: Path
) -> None:
    desk = FakeDirectoryDesk()
    desk.failure = changed_since("x")
    dialog = PartnerImportDialog(owner, bridge, desk)
    dialog.show()
    dialog.ask_file = lambda: tmp_path / "p.csv"
    dialog.choose_button.click()
    run_until(lambda: not dialog.error.isHidden(), what="the error")
    assert dialog.choose_button.isVisible()
    desk.failure = None
    dialog.choose_button.click()
    run_until(lambda: dialog.preview is not None, what="the preview")
    assert dialog.error.isHidden()
    dialog.close()


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK])
def test_the_dialogs_are_painted(owner: QWidget, bridge: Bridge, mode: ThemeMode) -> None:
    form = PartnerDialog(owner, bridge, FakeDirectoryDesk(), kept(), identities=("x" * 200,))
    form.show()
    assert painted(form, mode, (700, 620))
    form.close()
    dialog = imports(owner, bridge, *ImportStanding)
    assert painted(dialog, mode, (700, 620))
    dialog.close()


# --- the page ---


def test_removing_has_an_undo_and_reads_the_board_again(page: PartnersPage, desk: FakeDesk) -> None:
    name = page.model.row(0).endpoint.partner
    desk.rows = ROWS[1:]
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    run_until(lambda: page.model.rowCount() == len(ROWS) - 1, what="the board")
    assert desk.directory_desk.removed == [(name,)]
    assert page.directory.notice.words == "1 partner removed."
    desk.rows = ROWS
    page.directory.notice.open_button.click()
    run_until(lambda: page.model.rowCount() == len(ROWS), what="the board")
    assert [one.removed for one in desk.directory_desk.undone] == [1]
    assert page.directory.notice.words == "Undone."
    assert page.directory.notice.open_button.isHidden()


def test_the_partner_in_view_is_edited_by_keys(page: PartnersPage, desk: FakeDesk) -> None:
    QTest.keyClick(page.table, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    run_until(lambda: page.directory.dialog is not None, what="the form")
    dialog = page.directory.dialog
    assert isinstance(dialog, PartnerDialog)
    assert page.detail.endpoint is not None
    assert dialog.name.text() == page.detail.endpoint.partner
    assert [choice.name for choice in desk.choices] == [
        dialog.rows[0].identity.itemText(place) for place in range(1, len(desk.choices) + 1)
    ]
    dialog.note.setPlainText("seen")
    dialog.save_button.click()
    run_until(page.directory.notice.isVisible, what="the notice")
    assert desk.directory_desk.saved[0].partner.note == "seen"


def test_the_menu_adds_exports_and_checks(page: PartnersPage, desk: FakeDesk, tmp_path: Path) -> None:
    add, _edit, _remove, export, check = page.heading.menu.actions()[-5:]
    page.directory.ask_file = lambda _parent: tmp_path / "all.csv"
    export.trigger()
    run_until(page.directory.notice.isVisible, what="the notice")
    assert desk.directory_desk.exported == [(tmp_path / "all.csv", None)]
    add.trigger()
    run_until(lambda: page.directory.dialog is not None, what="the form")
    form = page.directory.dialog
    assert form is not None
    form.close()
    name = ROWS[0].endpoint.partner
    desk.directory_desk.groups = (
        DuplicateGroup(resemblance=Resemblance.NAME, shared="x", partners=(name, "Other")),
    )
    desk.directory_desk.entries.append(PartnerEntry(partner=Partner(id=99, name="Bare")))
    check.trigger()
    run_until(lambda: page.directory.dialog is not form, what="the findings")
    shown = page.directory.dialog
    assert isinstance(shown, CheckDialog)
    named = (one for one in shown.findChildren(Button) if one.accessibleName().startswith("Edit "))
    links = {one.text(): one for one in named}
    assert set(links) == {name, "Other", "Bare"}
    links["Bare"].click()
    run_until(lambda: page.directory.dialog is not shown, what="the form")
    shown.close()
    bare = page.directory.dialog
    assert isinstance(bare, PartnerDialog)
    assert bare.name.text() == "Bare"
    bare.close()


def test_what_the_directory_refuses_is_said_on_the_page(page: PartnersPage, desk: FakeDesk) -> None:
    desk.directory_desk.failure = changed_since("Nordwind Cargo")
    page.directory.remove_marked()
    run_until(page.error.isVisible, what="the error")
    assert "changed by somebody else" in page.error.accessibleName()
    assert page.model.rowCount() == len(ROWS)


def test_columns_are_chosen_and_only_then_asked_for(page: PartnersPage, desk: FakeDesk) -> None:
    page.resize(1900, 800)
    settle()
    directory = desk.directory_desk
    first = page.model.row(0).endpoint.id
    directory.seen = {first: LastSeen(sha256="ab" * 32, changed=ChangeKind.ISSUER, changed_at=samples.NOW)}
    assert directory.asked_last_seen == 0
    assert page.table.isColumnHidden(Column.LAST_CHANGE)
    page.pane.columns.ticks[Column.LAST_CHANGE].setChecked(True)
    page.pane.columns.ticks[Column.TLS].setChecked(False)
    run_until(lambda: page.model.view(0, Column.LAST_CHANGE).word == "Another issuer", what="the changes")
    assert not page.table.isColumnHidden(Column.LAST_CHANGE)
    assert page.table.isColumnHidden(Column.TLS)
    assert page.model.view(0, Column.FINGERPRINT).word == "AB:AB:AB:AB:AB:AB:AB:AB …"
    page.order.sort(Column.LAST_CHANGE)
    page.order.sort(Column.LAST_CHANGE)
    assert page.model.row(0).endpoint.id == first
    assert page.pane.foot.endswith("by last change, reversed")
    directory.failure = broken_workspace()
    page.last_seen.ask()
    run_until(lambda: page.model.view(0, Column.LAST_CHANGE).word != "Another issuer", what="the failure")


def test_space_marks_rows_that_arrows_leave_marked_and_f5_tests_them(
    page: PartnersPage, desk: FakeDesk
) -> None:
    page.table.select(0)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Space):
        QTest.keyClick(page.table, key)
    assert page.table.selected_places() == (0, 2)
    QTest.keyClick(page.table, Qt.Key.Key_F5)
    assert [one.id for one in desk.sweeps[-1].endpoints] == [
        page.model.row(place).endpoint.id for place in (0, 2)
    ]
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    assert page.table.selected_places() == (0,)


def test_typing_finds_a_row(page: PartnersPage) -> None:
    QTest.keyClicks(page.table, "tama")
    assert page.model.row(page.table.currentIndex().row()).endpoint.partner == "Tamarind Logistics"


def test_an_empty_directory_offers_the_import(qapp: QApplication) -> None:
    with on_screen(qapp, PartnersPage, WIDE) as page:
        page.set_desk(FakeDesk())
        run_until(page.empty.isVisible, what="the board")
        page.empty.import_wanted.emit()
        assert isinstance(page.directory.dialog, PartnerImportDialog)
        page.directory.dialog.close()


def test_a_sweep_is_held_and_goes_on(page: PartnersPage, desk: FakeDesk) -> None:
    pause = page.strip.pause_button
    held: list[bool] = []
    page.run_all()
    run_until(pause.isVisible, what="the strip")
    pause.click()
    held.append(desk.sweeps[-1].is_paused)
    assert page.strip.words.startswith("Paused: ")
    assert pause.text() == "Go on"
    pause.click()
    held.append(desk.sweeps[-1].is_paused)
    assert held == [True, False]
    pause.click()
    QTest.keyClick(page.table, Qt.Key.Key_Escape)
    run_until(lambda: not page.sweep.is_running, what="the end")
    assert pause.isHidden()
