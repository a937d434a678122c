"""The page Trust lists: lists, entries, two versions compared, who would lose trust, and what is decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import broken_workspace
from tests.support.fake_trust_desk import FakeTrustDesk
from tests.support.named_controls import nameless
from tests.support.on_screen import in_theme, on_screen, painted
from tests.support.trust_samples import (
    BRIGHTLINE,
    CONCORDIA,
    DATED,
    FJORDSIGN,
    NOW,
    OPEN,
    OWN,
    PILOT,
    PINS,
    UNKNOWN_SIGNER,
    WEB,
    sample_impact,
)
from trustdesk.core.trust_decision import DecisionKind
from trustdesk.core.trust_entry import Usage
from trustdesk.core.trust_version import AuthenticityState, Endorsement, VersionState
from trustdesk.gui.theme.theme import ThemeMode
from trustdesk.gui.trust.comment_dialog import CommentDialog
from trustdesk.gui.trust.compare_pane import ComparePane
from trustdesk.gui.trust.decision_dialog import DecisionDialog
from trustdesk.gui.trust.entry_arrange import EntryFilter
from trustdesk.gui.trust.entry_model import Column
from trustdesk.gui.trust.export_dialog import ExportListDialog
from trustdesk.gui.trust.import_dialog import ImportDialog
from trustdesk.gui.trust.letters_dialog import MARKDOWN, LettersDialog
from trustdesk.gui.trust.list_view import COMPARE, DECISIONS, ENTRIES, SOURCE
from trustdesk.gui.trust.page import TrustListsPage
from trustdesk.gui.trust.try_dialogs import DateDialog, EntryDialog
from trustdesk.services.trust_desk import ListForm

D = TypeVar("D", bound=QDialog)


@pytest.fixture
def desk() -> FakeTrustDesk:
    return FakeTrustDesk()


@pytest.fixture
def page(qapp: QApplication) -> Iterator[TrustListsPage]:
    with on_screen(qapp, lambda bridge: TrustListsPage(bridge, now=lambda: NOW), (1256, 820)) as made:
        made.activateWindow()
        settle()
        yield made
        if made.actions.dialog is not None:
            made.actions.dialog.done(0)


@pytest.fixture
def shown(page: TrustListsPage, desk: FakeTrustDesk) -> TrustListsPage:
    page.set_desk(desk)
    run_until(lambda: page.view.version is not None, what="the list")
    settle()
    return page


def compared(page: TrustListsPage) -> ComparePane:
    """The tab with its impact."""
    page.view.show_tab(COMPARE)
    compare = page.view.compare
    run_until(lambda: compare.impact_card.impact is not None, what="the impact")
    run_until(lambda: compare.changes.model.changes, what="the difference")
    return compare


def opened(page: TrustListsPage, kind: type[D]) -> D:
    assert isinstance(page.actions.dialog, kind)
    return page.actions.dialog


def choose(page: TrustListsPage, name: str) -> None:
    card = next(card for card in page.column.cards if card.summary.name == name)
    card.click()
    run_until(
        lambda: page.view.version is not None and page.view.version.list_name == name, what="the other list"
    )
    settle()


def reveal(page: TrustListsPage, sha256: str) -> None:
    page.view.show_tab(ENTRIES)
    page.view.entries.reveal(sha256)
    settle()


def test_lists_stand_as_cards_with_their_state_in_words(shown: TrustListsPage) -> None:
    names = [card.accessibleName() for card in shown.column.cards]
    assert names == [
        "Air cargo pilot list, 58 CAs, signed, 21 days old, Version 15 waiting, In force",
        "Our own CAs, 4 CAs, local file, 11 days old, In force",
        "Partner pins, 7 CAs, local file, 11 days old, In force, Past next update",
        "Public web (certifi), 50 CAs, with the program, 41 days old, For comparison only",
    ]
    assert shown.column.hint.text() == ("3 lists in force judge together. A path counts when it ends in any.")


def test_the_list_that_waits_is_shown_first_with_its_head(shown: TrustListsPage) -> None:
    head = shown.view.heading
    assert head.title.text() == "Air cargo pilot list"
    assert head.signature.accessibleName().startswith("Signature valid.")
    assert "Publisher: Pilot Operations Office" in head.line.text()
    assert "sequence 14" in head.line.text()
    assert shown.view.unproved.isHidden()


def test_arrow_keys_walk_the_lists(shown: TrustListsPage) -> None:
    shown.focus_main()
    first = shown.column.cards[0]
    assert first.hasFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    run_until(lambda: shown.current == OWN, what="the next list")
    assert shown.view.heading.title.text() == "Our own CAs"


@pytest.mark.parametrize("state", list(AuthenticityState))
def test_only_a_verified_signature_is_called_valid(
    desk: FakeTrustDesk, page: TrustListsPage, state: AuthenticityState
) -> None:
    desk.versions = [
        replace(one, content=replace(one.content, authenticity=replace(UNKNOWN_SIGNER, state=state)))
        for one in desk.versions
    ]
    page.set_desk(desk)
    run_until(lambda: page.view.version is not None, what="the list")
    words = page.view.heading.signature.accessibleName()
    assert words.startswith("Signature valid.") is (state is AuthenticityState.VERIFIED)
    assert ("signed," in page.column.cards[0].accessibleName()) is (state is AuthenticityState.VERIFIED)


@pytest.mark.parametrize(
    "title", ["IATA ONE Record Trust List", "I.A.T.A. list", "iata-roots", "The IATA list"]
)
def test_a_list_that_names_iata_without_proof_is_nowhere_called_so(
    desk: FakeTrustDesk, page: TrustListsPage, title: str
) -> None:
    desk.versions = [replace(one, content=replace(one.content, title=title)) for one in desk.versions]
    page.set_desk(desk)
    run_until(lambda: page.view.version is not None, what="the list")
    settle()
    assert page.view.heading.title.text() == f"Calls itself “{title}”"
    assert page.column.cards[0].accessibleName().startswith("Calls itself “")
    assert page.column.combo.itemText(0).startswith("Calls itself “")
    assert "LST-10" in page.view.unproved.words
    assert not page.view.unproved.isHidden()
    assert f"Title: Calls itself “{title}”" in page.view.source.facts.text


def test_with_a_pinned_signer_of_iata_it_is_iatas(desk: FakeTrustDesk, page: TrustListsPage) -> None:
    desk.versions = [
        replace(one, content=replace(one.content, title="IATA list", endorsement=Endorsement.IATA))
        for one in desk.versions
        if one.list_name == PILOT
    ]
    page.set_desk(desk)
    run_until(lambda: page.view.version is not None, what="the list")
    assert page.view.heading.title.text() == "IATA list"
    assert page.view.unproved.isHidden()


def test_entries_stand_with_trouble_first_and_none_is_green(shown: TrustListsPage) -> None:
    model = shown.view.entries.model
    first = [model.view(place, Column.STATE).word for place in range(5)]
    assert first == ["Expired", "Withdrawn", "Usage open", "Until a date", "Digest only"]
    states = {str(row.state) for row in model.rows}
    assert "good" not in states
    assert model.view(0, Column.UNTIL).second == "233 days ago"


def test_chips_and_search_combine(shown: TrustListsPage) -> None:
    pane = shown.view.entries
    pane.filters.chip(EntryFilter.NOT_TRUSTED).click()
    assert [row.title for row in pane.model.shown] == ["Skybridge Issuing CA G2", "Tundra Legacy Root"]
    pane.search.setText("tundra")
    assert [row.title for row in pane.model.shown] == ["Tundra Legacy Root"]
    pane.search.setText("no such")
    assert pane.detail.row is None
    QTest.keyClick(pane.search, Qt.Key.Key_Escape)
    pane.filters.show_all()
    pane.search.setText(CONCORDIA.sha256[:12].upper())
    assert [row.title for row in pane.model.shown] == ["Concordia Services CA 2"]


def test_very_many_entries_are_shown_when_they_are_ready_and_one_that_is_sought_is_found(
    shown: TrustListsPage,
) -> None:
    pane = shown.view.entries
    first = pane.model.shown
    many = [
        replace(CONCORDIA, sha256=f"{number:064x}", notes=f"note {number % 3}") for number in range(3_000)
    ]
    pane.show_entries(many, {})
    assert pane.is_arranging
    assert pane.model.shown is first
    pane.filters.chip(EntryFilter.SERVER).click()
    pane.search.setText("concordia note")
    pane.search.setText("note 1")
    run_until(lambda: not pane.is_arranging, what="the entries")
    assert (len(pane.model.rows), len(pane.model.shown)) == (3_000, 1_000)
    assert [row.entry.sha256 for row in pane.model.shown] == [f"{n:064x}" for n in range(1, 3_000, 3)]
    assert pane.model.counts()[EntryFilter.SERVER] == 3_000
    pane.reveal(many[2_999].sha256)
    run_until(lambda: not pane.is_arranging, what="the entries")
    assert (pane.search.text(), pane.filters.chosen) == ("", frozenset())
    assert pane.detail.row is not None
    assert pane.detail.row.entry is many[2_999]
    pane.table.header_pressed.emit(Column.NAME)
    pane.table.header_pressed.emit(Column.NAME)
    run_until(lambda: not pane.is_arranging, what="the entries")
    # What is equal stays in the order of the digests, turned round or not.
    assert [row.entry for row in pane.model.shown] == many


def test_a_header_sorts_and_turns_round(shown: TrustListsPage) -> None:
    pane = shown.view.entries
    pane.table.header_pressed.emit(Column.NAME)
    assert pane.model.shown[0].title == "Alta Cargo Root 1"
    pane.table.header_pressed.emit(Column.NAME)
    assert pane.model.shown[0].title == "Tundra Legacy Root"
    pane.table.header_pressed.emit(Column.NAME)
    assert pane.model.shown[0].title == "Skybridge Issuing CA G2"


def test_an_entry_tells_all_that_the_list_says(shown: TrustListsPage) -> None:
    reveal(shown, DATED.sha256)
    text = shown.view.entries.detail.facts.text
    for words in (
        "what is issued after 2027-03-15, in 115 days",
        "Meridian Certification, NO",
        "Listed, 2021-05-02",
        "WebTrust for CAs, Norrland Revision, 2025-01-01 to 2025-12-31",
        "https://meridian.example/cps.pdf",
        "Mozilla: Included",
        "1R Issuing CA",
        "Renewal is planned for 2027.",
    ):
        assert words in text
    digests = "\n".join(fact.value for fact in shown.view.entries.detail.digests.facts)
    pairs = [DATED.sha256[at : at + 2].upper() for at in range(0, 64, 2)]
    assert digests.startswith(":".join(pairs[:16]) + "\n" + ":".join(pairs[16:]))


def test_distrust_is_decided_with_a_reason_and_taken_back_from_the_notice(
    shown: TrustListsPage, desk: FakeTrustDesk
) -> None:
    changes: list[None] = []
    shown.trust_changed.connect(lambda: changes.append(None))
    reveal(shown, CONCORDIA.sha256)
    QTest.keyClick(shown.view.entries.table, Qt.Key.Key_Delete)
    dialog = opened(shown, DecisionDialog)
    assert nameless(dialog) == []
    assert not dialog.agree_button.isEnabled(), "nothing is distrusted without saying why"
    dialog.comment.setText("Its audit was not renewed.")
    QTest.keyClick(dialog.comment, Qt.Key.Key_Return)
    run_until(shown.notice.isVisible, what="the notice")
    assert desk.held_decisions[CONCORDIA.sha256].kind is DecisionKind.DISTRUST
    row = shown.view.entries.detail.row
    run_until(lambda: shown.view.entries.detail.row is not row, what="the decision")
    assert "Distrusted: Its audit was not renewed." in shown.view.entries.detail.facts.text
    assert shown.view.entries.detail.withdraw_button.isVisible()
    assert not shown.view.entries.detail.distrust_button.isVisible()
    shown.notice.undo_button.click()
    run_until(lambda: not desk.held_decisions, what="the decision taken back")
    run_until(shown.view.entries.detail.distrust_button.isVisible, what="the buttons")
    assert len(changes) == 2, "every page judges anew, each time"


def test_a_limit_only_takes_away(shown: TrustListsPage, desk: FakeTrustDesk) -> None:
    reveal(shown, BRIGHTLINE.sha256)
    shown.view.entries.detail.limit_button.click()
    dialog = opened(shown, DecisionDialog)
    assert dialog.boxes[Usage.TLS_SERVER].isChecked()
    assert not dialog.boxes[Usage.TLS_CLIENT].isEnabled(), "a decision grants nothing that the list does not"
    dialog.comment.setText("No servers any more.")
    assert not dialog.agree_button.isEnabled(), "nothing would change"
    dialog.boxes[Usage.TLS_SERVER].click()
    dialog.agree_button.click()
    run_until(lambda: desk.held_decisions, what="the decision")
    assert desk.held_decisions[BRIGHTLINE.sha256].usages == frozenset()


def test_what_a_list_leaves_open_is_not_answered_for_the_person(
    shown: TrustListsPage, desk: FakeTrustDesk
) -> None:
    reveal(shown, OPEN.sha256)
    shown.view.entries.detail.limit_button.click()
    dialog = opened(shown, DecisionDialog)
    assert not dialog.usages
    dialog.comment.setText("It is for clients.")
    assert not dialog.agree_button.isEnabled()
    dialog.boxes[Usage.TLS_CLIENT].click()
    dialog.ends.click()
    dialog.agree_button.click()
    run_until(lambda: desk.held_decisions, what="the decision")
    held = desk.held_decisions[OPEN.sha256]
    assert held.usages == frozenset({Usage.TLS_CLIENT})
    assert held.expires is not None


def test_a_decision_that_waits_for_the_keyring_can_be_stopped(
    shown: TrustListsPage, desk: FakeTrustDesk
) -> None:
    desk.answers.waits = True
    reveal(shown, CONCORDIA.sha256)
    shown.view.entries.detail.distrust_button.click()
    dialog = opened(shown, DecisionDialog)
    dialog.comment.setText("why")
    dialog.agree_button.click()
    run_until(lambda: shown.job_line.is_running, what="the job")
    shown.job_line.cancel_button.click()
    run_until(lambda: not shown.job_line.is_running, what="the end")
    assert not desk.held_decisions
    assert shown.error.isHidden(), "what a person stopped is no error"


def test_two_versions_are_compared_with_counts_and_fields(shown: TrustListsPage) -> None:
    compared(shown)
    compare = shown.view.compare
    assert compare.head.compared == (14, 15)
    kinds = [change.kind.value for change in compare.changes.model.changes]
    assert kinds == ["removed", "removed", "added", "added", "added", "changed", "changed"]
    compare.changes.select([FJORDSIGN.sha256])
    assert compare.changes.fields.words == (
        "Fjordsign Partner CA 7; 1 field of 11 differs; usage scope: server, client → client"
    )


def test_the_version_line_is_walked_by_key_and_has_a_table_twin(shown: TrustListsPage) -> None:
    compared(shown)
    head = shown.view.compare.head
    settle()
    assert "Version 15, waiting, 2026-11-17" in head.timeline.accessibleDescription()
    head.timeline.setFocus()
    for _step in range(2):
        QTest.keyClick(head.timeline, Qt.Key.Key_Left)
    assert head.timeline.accessibleName() == "Versions of the list: Version 13, replaced, 2026-08-07"
    QTest.keyClick(head.timeline, Qt.Key.Key_Return)
    assert head.compared == (13, 14)
    head.twin_button.click()
    assert head.table.isVisible()
    assert [one.number for one in head.table.rows] == [15, 14, 13, 12, 11]
    head.table.opened.emit(0)
    assert head.compared == (14, 15)


def test_who_loses_stands_first_with_counts_and_the_path_that_breaks(shown: TrustListsPage) -> None:
    compared(shown)
    card = shown.view.compare.impact_card
    assert [card.model.view(place, 0).word for place in range(4)] == [
        "Ostrava Handling",
        "Kestrel Forwarding",
        "pilot-2024",
        "Monsoon Air Cargo",
    ]
    card.table.select(1)
    assert card.path.words == (
        "Lost path of Kestrel Forwarding: its certificate › Fjordsign Partner CA 7 (breaks it) ›"
        " Fjordsign Root 2021. CA 7 is client only"
    )
    card.table.select(3)
    assert card.path.words.startswith("New path of Monsoon Air Cargo")
    assert card.names_button.isVisible()
    assert shown.view.compare.foot.words == (
        "Nothing is applied yet. 2 partners and 1 identity would stop being trusted."
    )


def test_one_press_chooses_and_two_open(shown: TrustListsPage) -> None:
    compare = compared(shown)
    wanted: list[str] = []
    shown.partner_wanted.connect(wanted.append)
    table = compare.impact_card.table
    place = table.visualRect(table.model().index(1, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert compare.impact_card.path.words.startswith("Lost path of Kestrel Forwarding")
    assert wanted == []
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert wanted == ["Kestrel Forwarding", "Kestrel Forwarding"]
    changes = compare.changes.table
    place = changes.visualRect(changes.model().index(0, 0)).center()
    QTest.mouseClick(changes.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert compare.isVisible()
    changes.select(6)
    QTest.keyClick(changes, Qt.Key.Key_Return)
    assert shown.view.entries.isVisible()
    row = shown.view.entries.detail.row
    assert row is not None
    assert row.entry.sha256 == BRIGHTLINE.sha256


def test_f6_goes_round_lists_versions_changes_impact_and_foot(shown: TrustListsPage) -> None:
    compare = compared(shown)
    shown.focus_main()
    stops = []
    while shown.next_part(1):
        stops.append(QApplication.focusWidget())
    assert stops == [
        compare.head.timeline,
        compare.changes.table,
        compare.impact_card.table,
        compare.foot.apply_button,
    ]
    back = 0
    while shown.next_part(-1):
        back += 1
    assert back == len(stops)
    assert shown.column.cards[0].hasFocus()


def test_judging_can_be_stopped_and_says_that_nothing_is_known(
    shown: TrustListsPage, desk: FakeTrustDesk
) -> None:
    compared(shown)
    desk.answers.waits = True
    card = shown.view.compare.impact_card
    shown.view.compare.judge_anew()
    assert card.cancel_button.isVisible()
    assert card.impact is None, "no verdict of before stands beside the question of now"
    tell = desk.answers.jobs[-1].arguments["on_progress"]
    tell(40, 120)
    run_until(lambda: card.words.startswith("40 of 120 stored chains judged"), what="how far it is")
    card.cancel_button.click()
    run_until(lambda: not card.is_running, what="the end")
    tell(80, 120)
    settle()
    assert card.words == "Cancelled: it is not known who loses or gains trust."
    assert "not known" in shown.view.compare.foot.words


def test_nobody_judged_is_not_nobody_loses(shown: TrustListsPage, desk: FakeTrustDesk) -> None:
    desk.impact_held = replace(sample_impact(), partners=(), identities=(), looked_at=0)
    compared(shown)
    shown.view.compare.judge_anew()
    card = shown.view.compare.impact_card
    run_until(lambda: card.impact is not None, what="the impact")
    assert card.words == "No stored chain could be judged: nothing is known of who loses or gains trust."
    desk.impact_held = replace(desk.impact_held, looked_at=44)
    shown.view.compare.judge_anew()
    run_until(lambda: card.words == "Nobody loses or gains trust.", what="the other sentence")


def test_what_if_a_ca_goes_changes_nothing_and_leads_back(shown: TrustListsPage, desk: FakeTrustDesk) -> None:
    reveal(shown, FJORDSIGN.sha256)
    shown.view.entries.detail.what_if_button.click()
    compare = shown.view.compare
    assert compare.head.question == "What if Fjordsign Partner CA 7 goes from every list in force?"
    assert desk.answers.jobs[-1].arguments["what_if"].without == FJORDSIGN.sha256
    run_until(lambda: compare.impact_card.impact is not None, what="the impact")
    assert compare.foot.words.startswith("It is only tried: nothing changes.")
    assert not compare.foot.apply_button.isVisible()
    compare.head.back_button.click()
    assert compare.what_if is None
    assert compare.head.compared == (14, 15)


def test_what_if_a_date_comes_or_a_ca_is_chosen(shown: TrustListsPage, desk: FakeTrustDesk) -> None:
    compared(shown)
    shown.view.compare.impact_card.date_action.trigger()
    dates = opened(shown, DateDialog)
    dates.try_button.click()
    assert desk.answers.jobs[-1].arguments["what_if"].date is not None
    shown.view.compare.impact_card.entry_action.trigger()
    entries = opened(shown, EntryDialog)
    entries.search.setText("concordia")
    entries.try_button.click()
    assert desk.answers.jobs[-1].arguments["what_if"].without == CONCORDIA.sha256


def test_letters_name_the_path_and_ask_without_sending_anything(shown: TrustListsPage) -> None:
    compared(shown)
    shown.view.compare.foot.write_button.click()
    dialog = opened(shown, LettersDialog)
    assert dialog.partner.count() == 2, "who gains gets no letter"
    text = dialog.view.toPlainText()
    assert "your server 1r.ostrava.example is trusted by us today." in text
    assert "Fjordsign Partner CA 7 (this one is not trusted any more)" in text
    assert "Nothing has been changed yet." in text
    dialog.partner.setCurrentIndex(1)
    assert "1r.kestrel.example" in dialog.view.toPlainText()
    in_english = dialog.view.toPlainText()
    dialog.language.setCurrentIndex(dialog.language.findData("de"))
    assert "1r.kestrel.example" in dialog.view.toPlainText()
    assert dialog.view.toPlainText() != in_english, "the partner's language, not that of the window"
    dialog.form.changed.emit(MARKDOWN)
    dialog.copy_button.click()
    assert "1r.kestrel.example" in QApplication.clipboard().text()


def test_applying_goes_through_the_review_and_can_be_undone(
    shown: TrustListsPage, desk: FakeTrustDesk
) -> None:
    compared(shown)
    shown.view.compare.foot.apply_button.click()
    dialog = opened(shown, ImportDialog)
    run_until(lambda: dialog.prepared is not None, what="the review")
    assert not dialog.keep_button.isVisible(), "it is kept already"
    assert not dialog.apply_button.isEnabled(), "entries go, and nobody has said why"
    dialog.comment.setText("Reviewed with the pilot office.")
    assert dialog.apply_button.toolTip() == "First say what its entries are for."
    dialog.review.question.choices[2].click()
    run_until(lambda: not dialog.is_running, what="the answer")
    assert not dialog.keep_button.isVisible(), "it is kept already"
    assert dialog.comment.text() == "Reviewed with the pilot office."
    assert dialog.apply_button.isEnabled()
    dialog.apply_button.click()
    run_until(shown.notice.isVisible, what="the notice")
    assert desk.version(PILOT).result().number == 15
    assert "version 15 is judged by from now on" in shown.notice.words
    shown.notice.undo_button.click()
    run_until(lambda: desk.version(PILOT).result().number == 14, what="the version before")
    run_until(lambda: shown.notice.words == "It is judged by version 14 again.", what="the notice")


def test_a_version_is_refused_with_a_reason(shown: TrustListsPage, desk: FakeTrustDesk) -> None:
    waiting: list[int] = []
    shown.waiting_changed.connect(waiting.append)
    compared(shown)
    assert shown.view.compare.foot.keep_button.text() == "Keep 14 …"
    shown.view.compare.foot.keep_button.click()
    dialog = opened(shown, CommentDialog)
    assert not dialog.agree_button.isEnabled()
    dialog.comment.setText("Ask first.")
    dialog.agree_button.click()
    run_until(lambda: waiting and waiting[-1] == 0, what="the empty queue")
    assert desk.version(PILOT, 15).result().state is VersionState.REFUSED


def test_a_list_is_taken_out_of_force_and_put_back_from_the_notice(
    shown: TrustListsPage, desk: FakeTrustDesk
) -> None:
    choose(shown, PINS)
    shown.view.heading.force_action.trigger()
    run_until(lambda: shown.actions.dialog is not None, what="the question")
    dialog = opened(shown, CommentDialog)
    dialog.comment.setText("for a test")
    dialog.agree_button.click()
    run_until(lambda: PINS not in desk.in_force, what="the list out of force")
    run_until(shown.notice.isVisible, what="the notice")
    shown.notice.undo_button.click()
    run_until(lambda: PINS in desk.in_force, what="the list in force")


def test_the_last_list_in_force_is_not_taken_out(shown: TrustListsPage, desk: FakeTrustDesk) -> None:
    desk.in_force = [PILOT]
    shown.reload()
    run_until(lambda: sum(one.in_force for one in shown.lists) == 1, what="one list in force")
    shown.view.heading.force_action.trigger()
    run_until(lambda: shown.actions.dialog is not None, what="the question")
    dialog = opened(shown, CommentDialog)
    assert "It is the only one" in dialog.reason.words
    dialog.comment.setText("all the same")
    dialog.agree_button.click()
    run_until(lambda: not shown.error.isHidden(), what="the error")
    assert desk.in_force == [PILOT]


def test_going_back_and_removing_ask_first(shown: TrustListsPage, desk: FakeTrustDesk) -> None:
    head = shown.view.heading
    assert head.undo_action.text() == "Undo to version 13 …"
    head.undo_action.trigger()
    dialog = opened(shown, CommentDialog)
    dialog.comment.setText("It was wrong.")
    dialog.agree_button.click()
    run_until(lambda: desk.version(PILOT).result().number == 13, what="version 13")
    settle()
    head.remove_action.trigger()
    dialog = opened(shown, CommentDialog)
    assert "It is in force" in dialog.reason.words
    dialog.comment.setText("It is not ours.")
    dialog.agree_button.click()
    run_until(lambda: len(shown.lists) == 3, what="the shorter list")
    choose(shown, WEB)
    assert not head.remove_action.isEnabled(), "the bundled list cannot be removed"
    assert not head.fetch_action.isEnabled()


def test_fetching_again_says_when_nothing_is_new(shown: TrustListsPage, desk: FakeTrustDesk) -> None:
    desk.is_unchanged = True
    shown.view.heading.fetch_action.trigger()
    run_until(shown.notice.isVisible, what="the notice")
    assert shown.notice.words == "Nothing new: the server has the same version."
    assert not shown.notice.undo_button.isVisible()
    desk.is_unchanged = False
    shown.view.heading.fetch_action.trigger()
    run_until(lambda: isinstance(shown.actions.dialog, ImportDialog), what="the review")


def test_the_log_says_whether_its_chain_holds(shown: TrustListsPage, desk: FakeTrustDesk) -> None:
    desk.distrust(CONCORDIA.sha256, "audit")
    shown.view.show_tab(DECISIONS)
    shown.reload()
    pane = shown.view.decisions
    run_until(lambda: pane.table.rows and pane.log is not None and pane.log.entries, what="the decision")
    assert pane.chain_words == "The chain holds 1 line, sealed."
    assert shown.view.tabs.tabText(DECISIONS) == "Decisions"
    desk.broken_log = True
    pane.refresh()
    run_until(lambda: "broken at line 2" in pane.chain_words, what="the broken chain")
    shown.view.show_tab(DECISIONS)
    pane.withdraw_button.click()
    assert (
        "Take back what was decided about Concordia Services CA 2?"
        in opened(shown, CommentDialog).windowTitle()
    )


def test_the_log_is_written_where_the_person_says(shown: TrustListsPage, desk: FakeTrustDesk) -> None:
    desk.distrust(CONCORDIA.sha256, "audit")
    shown.reload()
    run_until(shown.view.decisions.export_button.isEnabled, what="the log")
    shown.actions.ask_file = lambda _parent, name: Path("/out") / name
    shown.view.show_tab(DECISIONS)
    shown.view.decisions.export_button.click()
    run_until(lambda: shown.notice.words == "trust-log.json is written.", what="the notice")


def test_the_source_tells_who_took_it_in_and_whether_a_signer_is_pinned(
    shown: TrustListsPage, desk: FakeTrustDesk
) -> None:
    text = shown.view.source.facts.text
    assert "2026-10-30, 21 days ago by ada" in text
    assert 'ETag: "5f3a-15"' in text
    assert "Pinned signer: none" in text
    assert not shown.view.source.forget_button.isVisible()
    shown.view.show_tab(SOURCE)
    assert nameless(shown) == []


def test_an_export_says_what_the_form_cannot_carry(shown: TrustListsPage, desk: FakeTrustDesk) -> None:
    shown.actions.identities = lambda: ("halden-2026",)
    shown.view.heading.export_button.click()
    dialog = opened(shown, ExportListDialog)
    dialog.ask_file = lambda _parent, name: Path("/out") / name
    dialog.identity.setCurrentIndex(1)
    dialog.list_form.setCurrentIndex(dialog.list_form.findData(ListForm.PEM))
    assert not dialog.identity.isVisible(), "a bundle cannot be signed"
    dialog.save_button.click()
    run_until(lambda: desk.exported, what="the file")
    file, wish = desk.exported[0]
    assert file == Path("/out/pilot-14.pem")
    assert wish.identity is None
    run_until(
        lambda: "cannot carry, and some entry has: owner, audits" in dialog.outcome.words, what="what is lost"
    )


def test_a_java_trust_store_gets_the_passphrase_that_stands_there_and_no_other_form_does(
    shown: TrustListsPage, desk: FakeTrustDesk
) -> None:
    shown.view.heading.export_button.click()
    dialog = opened(shown, ExportListDialog)
    dialog.ask_file = lambda _parent, name: Path("/out") / name
    assert not dialog.protected.isVisible(), "JSON has none"
    dialog.list_form.setCurrentIndex(dialog.list_form.findData(ListForm.JAVA_TRUST_STORE))
    dialog.protected.setChecked(True)
    passphrase = dialog.passphrase.passphrase
    assert passphrase
    dialog.save_button.click()
    run_until(dialog.outcome.isVisible, what="the file")
    assert desk.exported[0][1].passphrase == passphrase
    assert not dialog.passphrase.again.isVisible(), "a file has this one"
    dialog.list_form.setCurrentIndex(dialog.list_form.findData(ListForm.PEM))
    assert not dialog.passphrase.isVisible()
    dialog.save_button.click()
    run_until(lambda: len(desk.exported) == 2, what="the bundle")
    assert desk.exported[1][1].passphrase is None


def test_a_reading_that_fails_is_said_and_tried_again(page: TrustListsPage, desk: FakeTrustDesk) -> None:
    desk.answers.failure = broken_workspace()
    page.set_desk(desk)
    run_until(lambda: not page.error.isHidden(), what="the error")
    assert not page.column.isVisible()
    desk.answers.failure = None
    page.retry.click()
    run_until(lambda: page.view.version is not None, what="the lists")
    assert page.error.isHidden()


def test_without_a_list_it_says_what_one_is_for(page: TrustListsPage) -> None:
    page.set_desk(FakeTrustDesk(()))
    run_until(page.empty.isVisible, what="the empty state")
    page.empty.import_button.click()
    opened(page, ImportDialog).reject()
    page.empty.system_button.click()
    assert opened(page, ImportDialog).source.wish is not None


def test_another_day_counts_from_there(shown: TrustListsPage) -> None:
    shown.set_evaluation_time(NOW + timedelta(days=200))
    run_until(lambda: "221 days old" in shown.column.cards[0].accessibleName(), what="the other day")
    assert "Past next update" in shown.column.cards[0].accessibleName()


def test_nothing_is_judged_while_nobody_looks(shown: TrustListsPage, desk: FakeTrustDesk) -> None:
    assert not [job for job in desk.answers.jobs if job.name == "impact"]
    compared(shown)
    shown.view.show_tab(ENTRIES)
    before = len(desk.answers.jobs)
    shown.reload()
    run_until(lambda: shown.view.version is not None, what="the lists")
    settle()
    assert len(desk.answers.jobs) == before
    shown.hide()
    shown.reload()
    shown.show()
    compared(shown)


def test_every_control_has_a_name(shown: TrustListsPage) -> None:
    for tab in range(5):
        shown.view.show_tab(tab)
        settle()
        assert nameless(shown) == []


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK])
def test_it_is_painted_at_every_width(shown: TrustListsPage, mode: ThemeMode) -> None:
    with in_theme(mode):
        for size in ((1256, 820), (940, 760), (704, 560)):
            # A window gets narrow on the way: the lists give up their column first.
            for width in (900, size[0]):
                shown.resize(width, 820)
                settle()
            for tab in (ENTRIES, COMPARE):
                shown.view.show_tab(tab)
                assert painted(shown, mode, size), size


def test_what_the_command_line_changes_is_seen_when_the_window_comes_back(
    shown: TrustListsPage, desk: FakeTrustDesk
) -> None:
    changes: list[bool] = []
    shown.trust_changed.connect(lambda: changes.append(True))
    shown.look_again()
    settle()
    assert not changes, "nothing is another"
    desk.in_force.remove(PILOT)
    shown.eventFilter(shown, QEvent(QEvent.Type.WindowActivate))
    run_until(lambda: bool(changes), what="everything judged anew")
    run_until(lambda: not next(one for one in shown.lists if one.name == PILOT).in_force, what="the list")
