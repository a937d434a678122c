"""Revocation lists in the Inspector: the verdict in words, the table, the search, what is open on them."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support import pki
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk, broken_workspace
from tests.support.inspected import certificate_item, fixed_findings, judge
from tests.support.on_screen import on_screen
from tests.support.pki import NOW
from tests.support.revocation_lists import der, entry, issuer_of, revocation_list, revoked, signed_list
from trustdesk.core.inspection import InspectedItem, Inspection, ItemKind
from trustdesk.core.revocation import CrlEntry
from trustdesk.formats.revocation_list import read_revocation_list
from trustdesk.gui.inspector.crl_table import EntryModel, EntryTable
from trustdesk.gui.inspector.detail import DetailTab
from trustdesk.gui.inspector.page import InspectorPage
from trustdesk.gui.theme.theme import current_theme
from trustdesk.verify.revocation_list import HeldRevocationList

ROOT = pki.root("Skybridge Root CA")
CA = pki.authority("Skybridge Issuing CA", ROOT)
OTHER = pki.authority("Concordia CA", ROOT)
LEAF = pki.server(CA, "data.example", common_name="data.example")
SPARED = pki.server(CA, "spared.example", common_name="spared.example")
INDIRECT = (x509.IssuingDistributionPoint(None, None, False, False, None, True, False), True)
REVOKED_LEAF = revoked(
    LEAF.certificate.serial_number,
    x509.ReasonFlags.key_compromise,
    extensions=[(x509.InvalidityDate(datetime(2026, 10, 20, tzinfo=UTC)), False)],
)
LISTS = {
    "small.crl": revocation_list(
        CA, [revoked(0xA3F91), REVOKED_LEAF, revoked(0x5)], extensions=[(x509.CRLNumber(1207), False)]
    ),
    "delta.crl": revocation_list(CA, [revoked(0x9)], extensions=[(x509.DeltaCRLIndicator(7), True)]),
    "indirect.crl": revocation_list(
        ROOT, [revoked(1), revoked(2, extensions=[issuer_of(OTHER)]), revoked(2)], extensions=[INDIRECT]
    ),
    "stale.crl": revocation_list(
        CA, [revoked(1)], this_update=NOW - timedelta(days=42), next_update=NOW - timedelta(days=12)
    ),
    "damaged.crl": signed_list(CA, der(0x30, entry(b"\x01"), b"\x30\x00", entry(b"\x03"))),
    "empty.crl": revocation_list(CA),
    "forged.crl": revocation_list(pki.root("Skybridge Issuing CA"), [REVOKED_LEAF]),
}


@pytest.fixture
def desk() -> FakeDesk:
    made = FakeDesk(trust_lists=(pki.trust_list(ROOT, called="mine"),))
    made.verify, made.lint = judge, fixed_findings
    for name, crl in LISTS.items():
        facts = read_revocation_list(crl)
        item = InspectedItem(kind=ItemKind.CRL, source=name, position=0, crl=facts, problems=facts.problems)
        made.inspections[name] = lambda _password, item=item: Inspection(items=(item,))  # type: ignore[misc]
    for name, issued in (("ca.pem", CA), ("leaf.pem", LEAF), ("spared.pem", SPARED)):
        made.inspections[name] = lambda _password, issued=issued, name=name: Inspection(  # type: ignore[misc]
            items=(certificate_item(issued, name),)
        )
    return made


@pytest.fixture
def page(qapp: QApplication, desk: FakeDesk) -> Iterator[InspectorPage]:
    with on_screen(qapp, lambda bridge: InspectorPage(bridge, now=lambda: NOW), (1300, 820)) as made:
        made.set_desk(desk)
        settle()
        yield made


def read(page: InspectorPage, *names: str) -> None:
    """Open files one after the other; the last one is in view then."""
    for name in names:
        page.open_sources([Path(name)])
        run_until(lambda: not page.opener.is_reading, what="what was read")
        key = next(one.key for one in page.opened.items if one.item.source == name)
        page.choose(key)
    settle()
    crl = None if page.detail.item is None else page.detail.item.item.crl
    if crl is not None:
        run_until(lambda: page.crls.is_settled, what="the list")
        run_until(lambda: page.evidence.of(crl.sha256) is not None, what="whether it is used")
        settle()


def words(page: InspectorPage) -> tuple[str, ...]:
    return page.detail.verdict.words


def cells(page: InspectorPage, row: int) -> list[str]:
    model = page.detail.entries.table.entry_model
    return [model.cell(model.index(row, column)).word for column in range(model.columnCount())]


def test_a_list_opens_on_its_entries_with_the_verdict_in_words(page: InspectorPage) -> None:
    read(page, "ca.pem", "small.crl")
    assert page.detail.tabs.currentIndex() == DetailTab.ENTRIES
    assert words(page)[:2] == (
        "Current. This list is current until 2026-11-26 12:00 UTC.",
        "Signature valid. Signed by CN=Skybridge Issuing CA.",
    )
    assert words(page)[-2:] == (
        "Number 1207. All certificates of this issuer, for all reasons.",
        "It is used for judging. Every judgement looks at it as long as it is open.",
    )
    assert page.detail.entries.words == "3 entries"
    assert cells(page, 0) == ["1", "a3f91", "2026-11-03 09:30 UTC", "–", "–"]
    assert cells(page, 1)[3:] == ["keyCompromise", "2026-10-20 00:00 UTC"]


def test_certificates_have_no_entries(page: InspectorPage) -> None:
    read(page, "small.crl", "leaf.pem")
    assert not page.detail.tabs.isTabVisible(DetailTab.ENTRIES)
    assert not any("This list" in line for line in words(page))


def test_a_stale_list_says_what_it_stops_and_follows_the_day_that_is_judged_for(page: InspectorPage) -> None:
    read(page, "stale.crl")
    assert words(page)[0] == (
        "Out of date. It is 12 days past its next update: "
        "servers that check it refuse every certificate of this CA."
    )
    page.set_evaluation_time(NOW - timedelta(days=13))
    assert words(page)[0].startswith("Current.")


def test_what_is_open_and_on_the_list_is_named_and_marked(page: InspectorPage) -> None:
    read(page, "ca.pem", "leaf.pem", "spared.pem", "small.crl")
    assert "Revoked. data.example is on this list since 2026-11-03 09:30 UTC: keyCompromise." in words(page)
    assert "Not listed. 1 open certificate of this CA is not on this list." in words(page)
    table = page.detail.entries.table
    marked = table.entry_model.cell(table.entry_model.index(1, 1))
    assert marked.word.startswith("data.example · ")
    assert (marked.ink, marked.icon) == ("bad", "certificate")


def test_a_certificate_that_is_opened_later_is_asked_for_too(page: InspectorPage, desk: FakeDesk) -> None:
    read(page, "small.crl")
    assert not any(line.startswith("Revoked.") for line in words(page))
    read(page, "leaf.pem", "small.crl")
    assert any(line.startswith("Revoked. data.example") for line in words(page))
    asked = len(desk.crl_jobs)
    page.set_evaluation_time(NOW)
    assert len(desk.crl_jobs) == asked  # the day changes nothing in the list


def test_a_list_with_another_keys_signature_revokes_nothing_for_sure(page: InspectorPage) -> None:
    read(page, "ca.pem", "leaf.pem", "forged.crl")
    line = page.detail.verdict
    assert "Forged or mixed up. It was not signed with the key of CN=Skybridge Issuing CA." in line.words
    shown = [view for view in line.findChildren(type(line._lines[0])) if "Revoked." in view.accessibleName()]
    assert len(shown) == 1
    assert shown[0]._line is not None
    assert shown[0]._line.state.value == "warning"


def test_of_a_damaged_list_nothing_is_said_to_be_not_on_it(page: InspectorPage) -> None:
    read(page, "ca.pem", "spared.pem", "damaged.crl")
    assert any(line.startswith("Not usable. The list is damaged") for line in words(page))
    assert "Not known. Whether 1 open certificate of this CA is on the list cannot be said." in words(page)
    assert cells(page, 1)[1] == "cannot be read"
    page.detail.entries.field.setText("77")
    assert page.detail.entries.result == "Not found, but the list is damaged: it may be on it."
    page.detail.entries.field.setText("03")
    assert page.detail.entries.result == "It is on this list, as entry 3."


def test_a_delta_list_says_what_it_is(page: InspectorPage) -> None:
    read(page, "ca.pem", "spared.pem", "delta.crl")
    assert "Only what has changed since list 7 (delta CRL)" in words(page)[-2]
    assert "Not listed. 1 open certificate of this CA is not among the changes." in words(page)


def test_an_indirect_list_says_whose_each_certificate_is(page: InspectorPage) -> None:
    read(page, "indirect.crl")
    assert [cells(page, row)[5] for row in range(3)] == [
        "the list's own",
        "CN=Concordia CA",
        "CN=Concordia CA",
    ]
    page.detail.entries.field.setText("2")
    assert page.detail.entries.result == "It is on this list 2 times, first as entry 2."
    read(page, "small.crl")
    assert page.detail.entries.table.entry_model.columnCount() == 5


@pytest.mark.parametrize("spelled", ["a3f91", "0A:3F:91", "0x0a3f91", " 0a 3f 91 "])
def test_a_serial_number_is_found_in_any_spelling(page: InspectorPage, spelled: str) -> None:
    read(page, "small.crl")
    pane = page.detail.entries
    QTest.keyClicks(pane.field, spelled)
    assert pane.result == "It is on this list, as entry 1."
    assert pane.table.currentIndex().row() == 0


def test_what_is_no_number_or_not_listed_is_said(page: InspectorPage) -> None:
    read(page, "small.crl")
    pane = page.detail.entries
    pane.field.setText("partner")
    assert pane.result == "This is no hexadecimal number."
    pane.field.setText("ffff")
    assert pane.result == "It is not on this list."
    pane.field.setText("")
    assert pane.result.startswith("Any spelling")


def test_an_empty_list_has_words_in_place_of_a_table(page: InspectorPage) -> None:
    read(page, "empty.crl")
    pane = page.detail.entries
    assert not pane.table.isVisible()
    assert not pane.field.isVisible()
    assert pane.words == "No certificate is on this list."


def test_indexing_shows_how_far_it_is_and_can_be_cancelled(page: InspectorPage, desk: FakeDesk) -> None:
    desk.opens_crls = False
    page.open_sources([Path("small.crl")])
    run_until(lambda: len(desk.crl_jobs) == 1, what="the job")
    pane, job = page.detail.entries, desk.crl_jobs[0]
    assert pane.words == "The list is being opened …"
    assert words(page)[0].startswith("Current.")
    job.say(0.43)
    run_until(lambda: pane.words == "The list is being indexed: 43 % …", what="the progress")
    pane.cancel_button.click()
    run_until(pane.again_button.isVisible, what="the end")
    assert job.cancelled
    assert pane.words == "The list is not open: its entries are not shown."
    pane.again_button.click()
    desk.crl_jobs[1].finish()
    run_until(lambda: pane.words == "3 entries", what="the list")


def test_another_item_stops_the_indexing_and_a_late_answer_is_dropped(
    page: InspectorPage, desk: FakeDesk
) -> None:
    desk.opens_crls = False
    page.open_sources([Path("small.crl")])
    run_until(lambda: len(desk.crl_jobs) == 1, what="the job")
    read_leaf = Path("leaf.pem")
    page.open_sources([read_leaf])
    run_until(lambda: page.detail.item is not None and page.detail.item.facts is not None, what="the leaf")
    assert desk.crl_jobs[0].cancelled
    settle()
    assert page.detail.entries.table.entry_model.rowCount() == 0


def test_a_list_that_cannot_be_opened_says_why(page: InspectorPage, desk: FakeDesk) -> None:
    desk.opens_crls = False
    page.open_sources([Path("small.crl")])
    run_until(lambda: len(desk.crl_jobs) == 1, what="the job")
    desk.crl_jobs[0].future.set_exception(broken_workspace())
    pane = page.detail.entries
    run_until(pane.again_button.isVisible, what="the error")
    assert pane.words == "The workspace cannot be read. Choose another folder."


class CountingList(HeldRevocationList):
    """Knows how many entries were asked for."""

    asked = 0

    def entries(self, first: int, count: int) -> Sequence[CrlEntry]:
        self.asked += count
        return super().entries(first, count)


def test_only_what_is_in_view_is_decoded(qapp: QApplication) -> None:
    current_theme().apply(qapp)
    crl = CountingList(
        signed_list(CA, der(0x30, *(entry(number.to_bytes(4, "big")) for number in range(1, 30_001))))
    )
    table = EntryTable()
    table.resize(800, 600)
    table.show()
    table.show_list(crl, {}, indirect=False)
    settle()
    table.show_position(29_990)
    settle()
    assert table.entry_model.rowCount() == 30_000
    assert table.currentIndex().row() == 29_990
    assert 0 < crl.asked < 2_000
    table.close()
    table.deleteLater()
    settle()


def test_a_row_is_spoken_whole_and_every_part_has_a_name(page: InspectorPage) -> None:
    read(page, "ca.pem", "leaf.pem", "small.crl")
    pane = page.detail.entries
    model: EntryModel = pane.table.entry_model
    spoken = str(model.data(model.index(1, 0), int(Qt.ItemDataRole.AccessibleTextRole)))
    assert spoken.startswith("Entry 2, data.example, which is open, serial number ")
    assert spoken.endswith("reason keyCompromise, invalid since 2026-10-20 00:00 UTC")
    for widget in (pane, pane.table, pane.field, pane.cancel_button, pane.again_button):
        interface = QAccessible.queryAccessibleInterface(widget)
        assert interface is not None
        assert interface.text(QAccessible.Text.Name)
        # The wrapper must not outlive the widget that it stands for.
        del interface
        gc.collect()


def test_what_is_open_is_judged_by_until_it_is_closed(page: InspectorPage, desk: FakeDesk) -> None:
    read(page, "leaf.pem", "small.crl")
    assert [one.name for one in desk.evidence] == ["small.crl"]
    asked = len(desk.questions)
    page.choose(LEAF.sha256)
    settle()
    assert len(desk.questions) > asked
    page.tree.choose(hashlib.sha256(LISTS["small.crl"]).hexdigest())
    page._close_selected()
    settle()
    assert desk.evidence == ()


def test_a_list_that_comes_has_the_certificate_in_view_judged_again(
    page: InspectorPage, desk: FakeDesk
) -> None:
    read(page, "leaf.pem")
    asked = len(desk.questions)
    told: list[None] = []
    page.evidence_changed.connect(lambda: told.append(None))
    page.opened.take(desk.inspections["small.crl"](None).items)
    page.evidence.tell(page.opened)
    run_until(lambda: bool(told), what="the evidence")
    assert len(desk.questions) == 2 * asked


def test_a_list_is_kept_for_the_workspace_and_forgotten(page: InspectorPage, desk: FakeDesk) -> None:
    read(page, "ca.pem", "small.crl")
    keep, forget = page.crls.keep_button, page.crls.forget_button
    assert keep.isVisible()
    assert not forget.isVisible()
    keep.click()
    run_until(forget.isVisible, what="the kept list")
    assert [name for name, _crl in desk.kept.values()] == ["small.crl"]
    assert words(page)[-1] == (
        "It is used for judging. This workspace keeps it since 2026-11-18: every judgement looks at it, "
        "also when it is closed."
    )
    assert page.notice.words == "Kept for this workspace."
    assert (keep.isVisible(), forget.isVisible()) == (False, True)
    forget.click()
    run_until(keep.isVisible, what="the forgotten list")
    assert desk.kept == {}
    assert (keep.isVisible(), forget.isVisible()) == (True, False)


def test_a_list_that_cannot_be_relied_on_is_not_said_to_count(page: InspectorPage) -> None:
    read(page, "ca.pem", "stale.crl")
    assert words(page)[-1].endswith("As it stands, it proves nothing.")


def test_certificates_offer_no_keeping(page: InspectorPage) -> None:
    read(page, "small.crl", "leaf.pem")
    assert not page.crls.keep_button.isVisible()
    assert not page.crls.forget_button.isVisible()


def test_kept_lists_can_be_opened_to_look_at_them(page: InspectorPage, desk: FakeDesk) -> None:
    desk.kept["aa"] = ("kept.crl", read_revocation_list(LISTS["small.crl"]))
    desk.inspections["kept.crl"] = desk.inspections["small.crl"]
    assert not page.empty.kept_button.isVisible()
    page.set_desk(desk)
    run_until(page.empty.kept_button.isVisible, what="how many there are")
    page.empty.kept_button.click()
    run_until(lambda: len(page.opened) == 1, what="the kept list")
