"""Very many certificates: when the table comes, what it shows, and that no verdict outlives its day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support import pki
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk, FakeJudging, FakeRowReading, broken_workspace
from tests.support.inspected import certificate_item, fixed_findings, inspection_of, judge
from tests.support.on_screen import on_screen
from tests.support.pki import NOW, Issued
from trustdesk.core.inspection import CertificateRow
from trustdesk.core.message import msg
from trustdesk.core.verification import BulkVerdict, BulkVerdicts
from trustdesk.formats.certificate_columns import RowReader
from trustdesk.gui.inspector.page import InspectorPage
from trustdesk.gui.inspector.table_arrange import RowFilter, RowOrder
from trustdesk.gui.inspector.table_page import CertificateTablePage

ROOT = pki.root("Skybridge Root CA")
ISSUING = pki.authority("Skybridge Issuing CA", ROOT)
SERVER = pki.server(ISSUING, "data.example", common_name="data.example")
CLIENT = pki.client(ISSUING, "ACME")
EXPIRED = pki.server(ISSUING, "old.example", common_name="old.example", not_after=NOW - timedelta(days=2))
BUNDLE, CHAIN = Path("bundle.pem"), Path("chain.pem")
YES = BulkVerdict(True, "mine", msg("A path passes."))
NO = BulkVerdict(False, None, msg("It has expired."))
DISPUTED = BulkVerdict(True, "mine", msg("A path passes."), msg("The engines disagree."))
AS_SERVER, AS_CLIENT = BulkVerdicts(False, YES, NO), BulkVerdicts(False, NO, YES)
NEITHER, AUTHORITY = BulkVerdicts(False, NO, NO), BulkVerdicts(True, NO, NO)


def rows_of(*certificates: Issued) -> tuple[CertificateRow, ...]:
    reader = RowReader()
    return tuple(reader.row(one.der) for one in certificates)


ROWS = rows_of(SERVER, CLIENT, EXPIRED, ISSUING)


@pytest.fixture
def desk() -> FakeDesk:
    made = FakeDesk(
        trust_lists=(
            replace(pki.trust_list(ROOT, called="mine"), title=msg("Air cargo pilot list")),
            pki.trust_list(pki.root("Other"), called="other"),
        )
    )
    made.verify, made.lint = judge, fixed_findings
    made.bundles = {str(BUNDLE)}
    made.inspections = {
        str(CHAIN): lambda _password: inspection_of(SERVER, ISSUING, source=str(CHAIN)),
        str(BUNDLE): lambda _password: inspection_of(SERVER, CLIENT, source=str(BUNDLE)),
    }
    return made


@pytest.fixture
def page(qapp: QApplication, desk: FakeDesk) -> Iterator[InspectorPage]:
    with on_screen(qapp, lambda bridge: InspectorPage(bridge, now=lambda: NOW), (1300, 820)) as made:
        made.activateWindow()
        made.set_desk(desk)
        run_until(made.isActiveWindow, what="the window")
        settle()
        yield made


def reading_of(page: InspectorPage, desk: FakeDesk) -> tuple[CertificateTablePage, FakeRowReading]:
    """Open the bundle, and give its rows."""
    page.open_sources([BUNDLE])
    run_until(lambda: bool(desk.readings) and page.many.shown is not None, what="the table")
    table = page.many.shown
    assert table is not None
    desk.readings[-1].give(ROWS, 0.5)
    run_until(lambda: len(table.model.certificates) == len(ROWS), what="the rows")
    return table, desk.readings[-1]


@pytest.fixture
def table(page: InspectorPage, desk: FakeDesk) -> CertificateTablePage:
    made, reading = reading_of(page, desk)
    reading.finish()
    run_until(lambda: not made.run.is_reading, what="the end of the reading")
    return made


def judging(table: CertificateTablePage, desk: FakeDesk, *verdicts: BulkVerdicts) -> FakeJudging:
    """Press Judge all, and give verdicts from the first row on."""
    table.pane.judge_button.click()
    run = desk.judgings[-1]
    run.judge(0, *verdicts)
    run_until(lambda: table.model.judged == len(verdicts), what="the verdicts")
    return run


def finished(table: CertificateTablePage, run: FakeJudging) -> None:
    run.finish()
    run_until(lambda: not table.run.is_judging and not table.is_arranging, what="the end of the judging")


def shown_table(page: InspectorPage) -> CertificateTablePage | None:
    return page.many.shown


def cells(table: CertificateTablePage, column: int) -> list[str]:
    model = table.model
    return [str(model.data(model.index(row, column))) for row in range(model.rowCount())]


def subjects(table: CertificateTablePage) -> list[str]:
    run_until(lambda: not table.is_arranging, what="the order")
    return [cell.partition(",")[0].removeprefix("CN=") for cell in cells(table, 0)]


def test_bundle_comes_as_a_table_and_its_first_row_is_decoded(
    page: InspectorPage, table: CertificateTablePage
) -> None:
    assert subjects(table) == ["data.example", "ACME", "old.example", "Skybridge Issuing CA"]
    assert "4 certificates from bundle.pem" in table.pane.fact
    run_until(lambda: page.detail.item is not None, what="the details")
    assert page.detail.isVisible()
    assert page.detail.item is not None
    assert page.detail.item.key == SERVER.sha256
    run_until(lambda: table.examiner.current is not None and table.examiner.current.is_judged, what="verdict")
    QTest.keyClick(table.table, Qt.Key.Key_Down)
    run_until(lambda: page.detail.item is not None and page.detail.item.key == CLIENT.sha256, what="the next")
    # A link to the issuer stays in the table.
    page.detail.item_wanted.emit(ISSUING.sha256)
    run_until(
        lambda: page.detail.item is not None and page.detail.item.key == ISSUING.sha256, what="the issuer"
    )
    assert table.place == 3


def test_what_is_no_certificate_is_counted_and_a_cancelled_reading_is_said_to_be_partial(
    page: InspectorPage, desk: FakeDesk
) -> None:
    table, reading = reading_of(page, desk)
    assert table.progress is not None
    assert table.pane.strip.isVisible()
    assert not table.pane.judge_button.isEnabled()
    reading.give(ROWS[:1], 0.6, unread=2)
    run_until(lambda: len(table.model.certificates) == 5, what="more rows")
    QTest.keyClick(table.table, Qt.Key.Key_Escape)
    run_until(lambda: not table.run.is_reading, what="the end")
    assert reading.cancelled
    assert table.model.rowCount() == 5
    assert "2 other blocks, not shown" in table.pane.fact
    assert "partial: not all was read" in table.pane.fact
    assert "Cancelled: 5 certificates were read" in table.pane.strip.words
    assert table.progress is None


def test_file_that_could_not_be_read_to_its_end_keeps_its_rows_and_says_why(
    page: InspectorPage, desk: FakeDesk
) -> None:
    table, reading = reading_of(page, desk)
    reading.finish(msg("The reader died."))
    run_until(lambda: not table.run.is_reading, what="the end")
    assert "The reader died." in table.pane.strip.words
    assert "partial" in table.pane.fact
    assert table.model.rowCount() == 4


def test_verdicts_stand_in_their_rows_with_counts_and_reasons(
    table: CertificateTablePage, desk: FakeDesk
) -> None:
    assert cells(table, 1) == ["not judged"] * 4
    assert table.pane.filters.chip(RowFilter.SERVER).count is None
    run = judging(table, desk, AS_SERVER, AS_CLIENT, NEITHER)
    assert cells(table, 1) == ["Yes", "No", "No", "not judged"]
    assert cells(table, 2) == ["No", "Yes", "No", "not judged"]
    counts = {one: table.pane.filters.chip(one).count for one in RowFilter if one is not RowFilter.EXPIRED}
    assert counts == {
        RowFilter.SERVER: 1,
        RowFilter.CLIENT: 1,
        RowFilter.NEITHER: 1,
        RowFilter.AUTHORITY: 0,
        RowFilter.NOT_JUDGED: 1,
    }
    run.judge(3, AUTHORITY)
    finished(table, run)
    assert cells(table, 1)[3] == "CA"
    spoken = table.model.data(table.model.index(2, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken is not None
    assert "Expired" in spoken
    assert "It has expired." in spoken
    assert "judged by Air cargo pilot list as of 2026-11-20" in table.pane.foot
    assert table.model.verdict_totals == (2, 1)


def test_disputed_verdict_is_no_plain_yes(table: CertificateTablePage, desk: FakeDesk) -> None:
    finished(table, judging(table, desk, BulkVerdicts(False, DISPUTED, NO), *[NEITHER] * 3))
    cell = table.model.cell(table.model.index(0, 1))
    assert (cell.word, cell.icon) == ("Yes, disputed", "warning")
    tip = table.model.data(table.model.index(0, 1), Qt.ItemDataRole.ToolTipRole)
    assert tip is not None
    assert "The engines disagree." in tip


def test_cancelled_judging_keeps_what_is_judged_and_leaves_the_rest_not_judged(
    table: CertificateTablePage, desk: FakeDesk
) -> None:
    run = judging(table, desk, AS_SERVER)
    table.pane.strip.cancel_button.click()
    run_until(lambda: not table.run.is_judging and not table.is_arranging, what="the end")
    assert run.cancelled
    assert cells(table, 1) == ["Yes", "not judged", "not judged", "not judged"]
    assert "1 of 4 judged" in table.pane.strip.words
    assert "3 not judged" in table.pane.foot
    assert table.pane.judge_button.isEnabled()


def test_another_day_takes_every_verdict_back_and_judges_again(
    page: InspectorPage, table: CertificateTablePage, desk: FakeDesk
) -> None:
    first = judging(table, desk, AS_SERVER, AS_CLIENT)
    day = NOW + timedelta(days=3650)
    desk.set_evaluation_time(day)
    page.set_evaluation_time(day)
    assert first.cancelled
    assert cells(table, 1) == ["not judged"] * 4
    second = desk.judgings[-1]
    assert second is not first
    assert (second.at, len(second.rows)) == (day, 4)
    # What still comes of the earlier day is of that day.
    first.judge(2, AS_SERVER)
    second.judge(0, NEITHER)
    run_until(lambda: table.model.judged > 0, what="a verdict")
    assert cells(table, 1) == ["No", "not judged", "not judged", "not judged"]
    assert {cell.lstrip("\u2212").isdigit() for cell in cells(table, 3)} == {True}
    assert all(cell.startswith("\u2212") for cell in cells(table, 3))


def test_another_list_judges_again_and_the_same_one_does_not(
    page: InspectorPage, table: CertificateTablePage, desk: FakeDesk
) -> None:
    finished(table, judging(table, desk, *[AS_SERVER] * 4))
    page.reload_lists()
    settle()
    assert len(desk.judgings) == 1
    desk.use_trust_list("other")
    page.reload_lists()
    run_until(lambda: len(desk.judgings) == 2, what="another run")
    assert cells(table, 1) == ["not judged"] * 4
    assert desk.judgings[-1].trust_list.name == "other"


def test_rows_that_nobody_has_judged_are_not_judged_by_another_day(
    page: InspectorPage, table: CertificateTablePage, desk: FakeDesk
) -> None:
    page.set_evaluation_time(NOW + timedelta(days=1))
    assert desk.judgings == []
    assert cells(table, 1) == ["not judged"] * 4


def test_more_rows_take_verdicts_back_for_they_may_bring_an_issuer(
    page: InspectorPage, table: CertificateTablePage, desk: FakeDesk
) -> None:
    run = judging(table, desk, NEITHER)
    page.open_sources([BUNDLE])
    run_until(lambda: len(desk.readings) == 2, what="the second bundle")
    assert run.cancelled
    desk.readings[-1].give(ROWS[:1], 1.0)
    desk.readings[-1].finish()
    run_until(lambda: table.model.rowCount() == 5 and not table.run.is_reading, what="the rows")
    assert cells(table, 1) == ["not judged"] * 5


def test_chips_field_and_headers_change_what_is_shown(table: CertificateTablePage, desk: FakeDesk) -> None:
    finished(table, judging(table, desk, AS_SERVER, AS_CLIENT, NEITHER, AUTHORITY))
    filters = table.pane.filters
    filters.chip(RowFilter.NEITHER).click()
    assert subjects(table) == ["old.example"]
    filters.chip(RowFilter.NEITHER).click()
    filters.field.setText(CLIENT.sha256.upper()[:16])
    assert subjects(table) == ["ACME"]
    assert "1 of 4 shown" in table.pane.foot
    filters.field.clear()
    table.table.header_pressed.emit(3)
    assert subjects(table)[0] == "old.example"
    orders = [filters.wanted.order]
    table.table.header_pressed.emit(3)
    assert subjects(table)[-1] == "old.example"
    table.table.header_pressed.emit(3)
    orders.append(filters.wanted.order)
    assert orders == [RowOrder.NOT_AFTER, RowOrder.FILE]
    # The row in view stays the one in view, wherever it stands.
    assert table.place == 0


def test_table_and_tree_change_places(page: InspectorPage, desk: FakeDesk) -> None:
    page.open_sources([CHAIN])
    run_until(page.intake.open_button.isVisible, what="what was found")
    page.intake.open_button.click()
    run_until(lambda: page.detail.item is not None, what="the tree")
    assert page.many.page is None
    page.pane.table_button.click()
    table = shown_table(page)
    assert table is not None
    assert subjects(table) == ["data.example", "Skybridge Issuing CA"]
    assert not page.compare_button.isVisible()
    run_until(lambda: table.examiner.current is not None, what="the row")
    table.pane.tree_button.click()
    assert shown_table(page) is None
    assert page.tree.isVisible()
    assert page.detail.isVisible()
    assert page.compare_button.isVisible()
    run_until(lambda: page.examiner.current is not None and page.examiner.current.is_judged, what="judged")
    # What is in the table already does not come twice.
    page.pane.table_button.click()
    assert table.model.rowCount() == 2


def test_bundle_opens_as_a_tree_where_the_person_wants_that(
    page: InspectorPage, table: CertificateTablePage, desk: FakeDesk
) -> None:
    table.pane.tree_button.click()
    run_until(page.intake.open_button.isVisible, what="what was found")
    page.intake.open_button.click()
    settle()
    assert page.many.shown is None
    assert page.tree.isVisible()
    assert desk.read[-1] == ((str(BUNDLE),), None)


def test_many_items_of_another_kind_of_file_come_as_a_table_too(
    page: InspectorPage, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trustdesk.gui.inspector.table_switch.MANY", 1)
    page.open_sources([CHAIN])
    run_until(page.intake.open_button.isVisible, what="what was found")
    page.intake.open_button.click()
    run_until(lambda: page.many.shown is not None, what="the table")
    assert page.many.shown is not None
    assert page.many.shown.model.rowCount() == 2


def test_closing_the_table_leaves_the_ways_in(page: InspectorPage, table: CertificateTablePage) -> None:
    table.pane.close_wanted.emit()
    assert page.many.shown is None
    assert page.empty.isVisible()
    assert table.model.rowCount() == 0


def test_failure_is_shown_and_ends_what_ran(
    page: InspectorPage, table: CertificateTablePage, desk: FakeDesk
) -> None:
    table.judge_all()
    desk.judgings[-1].future.set_exception(broken_workspace())
    run_until(page.error.isVisible, what="the error")
    assert not table.run.is_judging
    assert cells(table, 1) == ["not judged"] * 4


def test_row_that_cannot_be_decoded_is_shown_as_it_is(page: InspectorPage, desk: FakeDesk) -> None:
    page.open_sources([BUNDLE])
    run_until(lambda: bool(desk.readings), what="the reading")
    broken = CertificateRow(b"\x30\x00", "ab" * 32, None, None, None, None, None)
    desk.readings[-1].give([broken], 1.0)
    desk.readings[-1].finish()
    run_until(lambda: page.detail.item is not None, what="the details")
    table = page.many.shown
    assert table is not None
    assert cells(table, 0) == ["–"]
    assert cells(table, 3) == ["–"]


def test_opened_items_of_a_bundle_know_their_place(page: InspectorPage, table: CertificateTablePage) -> None:
    table.table.select(2)
    run_until(lambda: page.detail.item is not None and page.detail.item.key == EXPIRED.sha256, what="details")
    assert page.detail.item is not None
    assert page.detail.item.places == ((str(BUNDLE), 2),)
    assert certificate_item(EXPIRED).certificate == page.detail.item.details


def test_the_row_in_view_is_asked_about_at_its_ca_and_the_next_one_is_not(
    page: InspectorPage, desk: FakeDesk
) -> None:
    page.open_sources([BUNDLE])
    run_until(lambda: bool(desk.readings), what="the reading")
    desk.readings[0].give(ROWS, 1.0)
    desk.readings[0].finish()
    run_until(lambda: bool(desk.questions), what="the first row")
    assert not any(one.asks_revocation for one in desk.questions)
    page.detail.revocation_wanted.emit()
    asks = [desk.questions[-1].asks_revocation]
    asked = len(desk.questions)
    assert page.many.shown is not None
    page.many.shown.table.select(1)
    run_until(lambda: len(desk.questions) > asked, what="the next row")
    asks.append(desk.questions[-1].asks_revocation)
    page.set_online(True)
    asks.append(desk.questions[-1].asks_revocation)
    assert asks == [True, False, True]
    page.detail.stop_wanted.emit()
    assert desk.stopped_asking == 1


def test_a_press_asks_the_ca_once_and_nothing_that_follows_asks_again(
    page: InspectorPage, table: CertificateTablePage, desk: FakeDesk
) -> None:
    run_until(lambda: bool(desk.questions), what="the first row")
    page.set_online(True)
    page.detail.fetch_wanted.emit()
    page.detail.revocation_wanted.emit()
    assert any(one.fetches for one in desk.questions)
    asked = len(desk.questions)
    page.set_online(False)
    page.set_evaluation_time(NOW)
    page.reload_lists()
    run_until(lambda: len(desk.questions) >= asked + 3, what="the judging of the day and the list")
    settle(20)
    assert not any(one.fetches or one.asks_revocation for one in desk.questions[asked:])
