"""The page Inspector with a desk that holds what the test lays into it, and a judge that really judges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from tests.support import pki
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk, JudgeQuestion, broken_workspace
from tests.support.inspected import (
    broken_item,
    certificate_item,
    fixed_findings,
    inspection_of,
    judge,
)
from tests.support.named_controls import nameless
from tests.support.on_screen import on_screen
from tests.support.pki import NOW
from trustdesk.core.inspection import InspectedItem, Inspection, ItemKind
from trustdesk.core.message import msg
from trustdesk.core.trust import TrustListOrigin
from trustdesk.core.verification import Purpose, Verification
from trustdesk.gui.inspector.detail import DetailTab
from trustdesk.gui.inspector.export_button import FileToSave
from trustdesk.gui.inspector.page import InspectorPage
from trustdesk.gui.inspector.rule_rows import Outcome
from trustdesk.gui.theme.theme import ThemeMode, current_theme
from trustdesk.services.chain_export import ServerSoftware
from trustdesk.services.desk_values import PastedData

ROOT = pki.root("Skybridge Root CA")
ISSUING = pki.authority("Skybridge Issuing CA", ROOT)
LEAF = pki.server(ISSUING, "data.example", common_name="data.example")
OTHER_ROOT = pki.root("Concordia Root")
EXPIRED = pki.server(ISSUING, "old.example", common_name="old.example", not_after=NOW - timedelta(days=2))
CHAIN, ROOTS, LOCKED, BROKEN = Path("chain.pem"), Path("roots.pem"), Path("store.p12"), Path("broken.pem")
CONTROL = Qt.KeyboardModifier.ControlModifier


def locked_store(password: str | None) -> Inspection:
    if password == "secret":
        return Inspection(
            items=(
                InspectedItem(kind=ItemKind.PKCS12, source=str(LOCKED), position=0, count=1),
                replace(certificate_item(EXPIRED, str(LOCKED), 1), parent=0),
            )
        )
    return Inspection(
        items=(InspectedItem(kind=ItemKind.PKCS12, source=str(LOCKED), position=0, locked=True),)
    )


@pytest.fixture
def desk() -> FakeDesk:
    lists = (
        replace(
            pki.trust_list(ROOT, called="mine"), title=msg("Air cargo pilot list"), origin=TrustListOrigin.LAB
        ),
        replace(pki.trust_list(OTHER_ROOT, called="web"), title=msg("Public web")),
    )
    made = FakeDesk(trust_lists=lists)
    made.verify = judge
    made.lint = fixed_findings
    made.inspections = {
        str(CHAIN): lambda _password: inspection_of(LEAF, ISSUING, source=str(CHAIN)),
        str(ROOTS): lambda _password: inspection_of(ROOT, source=str(ROOTS)),
        str(LOCKED): locked_store,
        str(BROKEN): lambda _password: Inspection(items=(broken_item(str(BROKEN)),)),
        "old.pem": lambda _password: inspection_of(EXPIRED, source="old.pem"),
        "Pasted text 1": lambda _password: inspection_of(LEAF, source="Pasted text 1"),
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


def read(page: InspectorPage, *files: Path) -> None:
    page.open_sources(files)
    run_until(lambda: not page.opener.is_reading, what="what was read")


def open_all(page: InspectorPage, *files: Path) -> None:
    read(page, *files)
    if page.intake.isVisible():
        page.intake.open_button.click()
    run_until(lambda: has_answer(page), what="the judgement")


def has_answer(page: InspectorPage) -> bool:
    examination = page.examiner.current
    return examination is not None and examination.is_judged and len(examination.findings) == 2


def titles(page: InspectorPage) -> list[str]:
    return [node.title for node in page.tree.tree_model.nodes]


def in_view(page: InspectorPage) -> str:
    return page.detail.item.key if page.detail.item is not None else ""


def test_before_anything_is_open_the_page_says_how_to_begin(page: InspectorPage) -> None:
    assert page.empty.isVisible()
    assert not page.tree.isVisible()
    labels = [one.text() for one in page.empty.findChildren(QLabel)]
    assert "Drop them anywhere on the window, or paste PEM text." in labels


def test_one_certificate_opens_at_once_and_is_judged_by_every_list_for_both_purposes(
    page: InspectorPage, desk: FakeDesk
) -> None:
    open_all(page, ROOTS)
    assert not page.intake.isVisible()
    assert titles(page) == ["Skybridge Root CA"]
    asked = {(one.trust_list.name, one.purpose) for one in desk.questions}
    assert asked == {(name, purpose) for name in ("mine", "web") for purpose in Purpose}


def test_several_items_are_shown_to_choose_from_and_what_is_unticked_stays_out(page: InspectorPage) -> None:
    read(page, CHAIN, BROKEN)
    assert page.intake.list.count() == 3
    reasons = [page.intake.list.item(row).text() for row in range(3)]
    assert reasons[2] == "Not readable: broken.pem – The item is cut off."
    assert not page.intake.list.item(2).flags() & Qt.ItemFlag.ItemIsUserCheckable
    page.intake.list.item(1).setCheckState(Qt.CheckState.Unchecked)
    assert page.intake.open_button.text() == "Open 2 items"
    page.intake.open_button.click()
    run_until(lambda: has_answer(page), what="the judgement")
    assert titles(page) == ["data.example", "Not readable", "broken.pem"]


def test_esc_opens_none_of_it(page: InspectorPage) -> None:
    read(page, CHAIN)
    QTest.keyClick(page.intake.open_button, Qt.Key.Key_Escape)
    assert not page.intake.isVisible()
    assert page.empty.isVisible()
    assert len(page.opened) == 0


def test_the_leaf_is_in_view_with_its_verdict_in_words(page: InspectorPage) -> None:
    open_all(page, CHAIN, ROOTS)
    assert in_view(page) == LEAF.sha256
    assert page.tree.selected_keys == (LEAF.sha256,)
    assert page.detail.verdict.words[0] == (
        "As ONE Record server: yes. Path ends at Skybridge Root CA on Air cargo pilot list."
    )
    assert page.detail.verdict.words[1].startswith("As ONE Record client: no.")
    assert page.detail.tabs.currentIndex() == DetailTab.CHAIN
    assert page.detail.chain.graph.graph.is_accepted


def test_what_is_opened_next_is_selected_alone(page: InspectorPage) -> None:
    """Delete closes what is selected: it must not close what was looked at before as well."""
    open_all(page, CHAIN)
    open_all(page, ROOTS)
    assert in_view(page) == ROOT.sha256
    assert page.tree.selected_keys == (ROOT.sha256,)


def test_a_password_is_asked_inline_and_a_wrong_one_is_said(page: InspectorPage, desk: FakeDesk) -> None:
    read(page, LOCKED)
    assert page.intake.is_asking
    assert page.intake.password.hasFocus()
    assert page.intake.password.accessibleName() == "Password of store.p12"
    QTest.keyClicks(page.intake.password, "wrong")
    QTest.keyClick(page.intake.password, Qt.Key.Key_Return)
    run_until(lambda: not page.opener.is_reading, what="the second try")
    assert page.intake.is_asking
    assert page.intake.password.text() == ""
    QTest.keyClicks(page.intake.password, "secret")
    QTest.keyClick(page.intake.password, Qt.Key.Key_Return)
    run_until(lambda: not page.opener.is_reading, what="the third try")
    assert [password for _names, password in desk.read] == [None, "wrong", "secret"]
    run_until(lambda: has_answer(page), what="the judgement")
    assert titles(page) == ["old.example"]


def test_the_list_switch_repaints_the_highlighted_path(page: InspectorPage) -> None:
    open_all(page, CHAIN)
    graphs = [page.detail.chain.graph.graph]
    page.detail.chain.lists.setCurrentIndex(1)
    graphs.append(page.detail.chain.graph.graph)
    assert page.detail.trust_list == "web"
    assert [graph.is_accepted for graph in graphs] == [True, False]
    assert page.detail.path_rules.rows[0].outcome is Outcome.FAIL


def test_the_purpose_switch_changes_path_and_rules(page: InspectorPage) -> None:
    open_all(page, CHAIN)
    assert {row.rule[:3] for row in page.detail.rules.rows} == {"SRV"}
    page.detail.chain.purposes.changed.emit("client")
    assert page.detail.chain.graph.graph.is_accepted is False
    assert {row.rule[:3] for row in page.detail.rules.rows} == {"CLI"}


def test_chips_filter_the_rules_and_what_does_not_apply_has_its_own(page: InspectorPage) -> None:
    open_all(page, CHAIN)
    rules = page.detail.rules
    assert [row.outcome for row in rules.shown] == [Outcome.FAIL, Outcome.NOT_RUN, Outcome.PASS]
    rules.chip(Outcome.NOT_RUN).click()
    assert [row.rule for row in rules.shown] == ["SRV-02"]
    rules.chip(Outcome.NOT_APPLICABLE).click()
    assert [row.rule for row in rules.shown] == ["SRV-04"]
    rules.chip(Outcome.NOT_APPLICABLE).click()
    assert len(rules.shown) == 3


def test_a_rule_leads_to_its_bytes(page: InspectorPage) -> None:
    open_all(page, CHAIN)
    rules = page.detail.path_rules
    rules.chip(Outcome.PASS).click()
    place = next(
        i
        for i, row in enumerate(rules.table.rows)
        if row.certificate == LEAF.sha256 and row.byte_range is not None and row.rule == "validity.not_after"
    )
    wanted = rules.table.rows[place].byte_range
    rules.table.opened.emit(place)
    assert page.detail.tabs.currentIndex() == DetailTab.RAW
    assert page.detail.raw.hex.marked == wanted
    selected = page.detail.raw.names.currentIndex().row()
    assert page.detail.raw.names.rows[selected].name == "validity"
    assert "validity, bytes" in page.detail.raw.hex.accessibleDescription()


def test_a_rule_on_another_certificate_leads_to_that_ones_bytes(page: InspectorPage) -> None:
    open_all(page, CHAIN)
    place = next(
        i
        for i, row in enumerate(page.detail.path_rules.table.rows)
        if row.certificate == ISSUING.sha256 and row.byte_range is not None
    )
    wanted = page.detail.path_rules.table.rows[place].byte_range
    page.detail.path_rules.table.opened.emit(place)
    assert in_view(page) == ISSUING.sha256
    assert page.detail.raw.hex.marked == wanted


def test_a_card_of_the_graph_leads_to_its_certificate(page: InspectorPage) -> None:
    open_all(page, CHAIN)
    graph = page.detail.chain.graph
    box = graph.graph_layout.cards[1]
    QTest.mouseClick(
        graph.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(round(box.x) + 9, round(box.y) + 9)
    )
    assert in_view(page) == ISSUING.sha256
    assert page.tree.selected_keys == (ISSUING.sha256,)


def test_the_graph_is_walked_with_the_arrow_keys_and_opened_with_enter(page: InspectorPage) -> None:
    open_all(page, CHAIN)
    graph = page.detail.chain.graph
    graph.setFocus()
    QTest.keyClick(graph, Qt.Key.Key_Right)
    assert graph.focused_key == ISSUING.sha256
    assert "Skybridge Issuing CA" in graph.accessibleDescription()
    QTest.keyClick(graph, Qt.Key.Key_Return)
    assert in_view(page) == ISSUING.sha256


def test_an_edge_is_named_under_the_pointer(page: InspectorPage) -> None:
    open_all(page, CHAIN)
    graph = page.detail.chain.graph
    x, y = graph.graph_layout.edges[0].at(0.5)
    assert graph.words_at(QPoint(round(x), round(y))).startswith("Skybridge Issuing CA signed data.example")


def test_a_certificate_that_only_the_list_has_is_opened_from_it(page: InspectorPage, desk: FakeDesk) -> None:
    name = "From a trust list or the network: Skybridge Root CA"
    desk.inspections[name] = lambda _password: inspection_of(ROOT, source=name)
    open_all(page, CHAIN)
    page.detail.chain.chosen.emit(ROOT.sha256)
    run_until(lambda: in_view(page) == ROOT.sha256, what="the root")


def test_the_graph_has_a_table_twin(page: InspectorPage) -> None:
    open_all(page, CHAIN)
    chain = page.detail.chain
    twin = next(b for b in chain.findChildren(QAbstractButton) if b.accessibleName().endswith("as a table"))
    twin.click()
    assert chain.table.isVisible()
    assert not chain.graph.isVisible()
    assert [one.title for one in chain.table.rows] == [one.title for one in chain.graph.graph.cards]


def test_the_issuer_is_a_link(page: InspectorPage) -> None:
    open_all(page, CHAIN)
    assert page.detail.head.issuer.text() == "Skybridge Issuing CA"
    page.detail.head.issuer.click()
    assert in_view(page) == ISSUING.sha256


def test_an_answer_that_comes_late_does_not_stand_under_another_certificate(
    page: InspectorPage, desk: FakeDesk
) -> None:
    desk.verify = None
    read(page, CHAIN)
    page.intake.open_button.click()
    settle()
    assert page.detail.verdict.words[0] == "As ONE Record server: being judged …"
    desk.verify = judge
    page.choose(ISSUING.sha256)
    run_until(lambda: has_answer(page), what="the judgement")
    assert page.examiner.current is not None
    assert page.examiner.current.certificate.sha256 == ISSUING.sha256


def test_another_day_judges_again_with_the_dates_of_that_day(page: InspectorPage, desk: FakeDesk) -> None:
    open_all(page, CHAIN)
    later = datetime(2028, 1, 1, 12, tzinfo=UTC)
    desk.set_evaluation_time(later)
    page.set_evaluation_time(later)
    run_until(
        lambda: page.detail.verdict.words[0].startswith("As ONE Record server: no."), what="the verdict"
    )
    assert desk.questions[-1].at == later
    assert page.tree.tree_model.nodes[-1].aside == "expired"
    desk.set_evaluation_time(None)
    page.set_evaluation_time(None)
    run_until(lambda: page.detail.verdict.words[0].startswith("As ONE Record server: yes."), what="today")


def test_delete_closes_an_item_and_the_next_one_comes_into_view(page: InspectorPage) -> None:
    open_all(page, CHAIN)
    page.tree.setFocus()
    QTest.keyClick(page.tree, Qt.Key.Key_Delete)
    assert titles(page) == ["Skybridge Issuing CA"]
    assert in_view(page) == ISSUING.sha256
    QTest.keyClick(page.tree, Qt.Key.Key_Delete)
    assert page.empty.isVisible()


def test_ctrl_c_copies_the_item_as_pem(page: InspectorPage) -> None:
    open_all(page, CHAIN)
    QGuiApplication.clipboard().clear()
    page.tree.setFocus()
    QTest.keyClick(page.tree, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text().encode() == LEAF.pem
    assert page.notice.isVisible()


def test_pem_is_pasted(page: InspectorPage, desk: FakeDesk) -> None:
    QGuiApplication.clipboard().setText(LEAF.pem.decode())
    page.paste()
    run_until(lambda: has_answer(page), what="the judgement")
    assert desk.read == [(("Pasted text 1",), None)]
    assert in_view(page) == LEAF.sha256


def test_pasted_data_is_not_in_a_repr() -> None:
    assert "PRIVATE" not in repr(PastedData(name="x", data=b"-----BEGIN PRIVATE KEY-----"))


def test_two_selected_certificates_are_compared_the_older_one_first(page: InspectorPage) -> None:
    open_all(page, CHAIN, Path("old.pem"))
    assert not page.compare_button.isEnabled()
    page.choose(LEAF.sha256)
    other = page.tree.tree_model.index_of(EXPIRED.sha256)
    page.tree.selectionModel().select(other, page.tree.selectionModel().SelectionFlag.Select)
    assert page.compare_button.isEnabled()
    page.compare_button.click()
    assert page.compare.isVisible()
    fields = [one.field.id for one in page.compare.differences]
    assert "Subject alternative names" in fields
    QTest.keyClick(page.compare.table, Qt.Key.Key_Escape)
    assert page.detail.isVisible()


def test_a_chain_is_exported_in_the_order_of_the_server(page: InspectorPage, desk: FakeDesk) -> None:
    open_all(page, CHAIN, ROOTS)
    wanted: list[FileToSave] = []
    page.detail.export.wanted.disconnect()
    page.detail.export.wanted.connect(wanted.append)
    actions = [one for one in page.detail.export.menu_of_forms.actions() if not one.isSeparator()]
    assert [one.text() for one in actions][:2] == ["Chain for nginx …", "Chain for Apache …"]
    assert len(actions) == len(ServerSoftware) + 2
    actions[0].trigger()
    page.saving.save(wanted[0], Path("out.pem"))
    run_until(page.notice.isVisible, what="the notice")
    assert desk.saved[Path("out.pem")] == LEAF.pem + ISSUING.pem
    assert "The root Skybridge Root CA is left out" in page.notice.words
    actions[-1].trigger()
    assert wanted[1].data == LEAF.der


def test_a_fingerprint_in_any_spelling_is_compared(page: InspectorPage) -> None:
    open_all(page, CHAIN)
    page.detail.tabs.setCurrentIndex(DetailTab.SUMMARY)
    field = page.detail.fingerprint
    field.field.setText(f"SHA256 Fingerprint={LEAF.sha256.upper()}")
    assert field.chip.accessibleName() == "Matches"
    field.field.setText("ab" * 32)
    assert field.chip.accessibleName() == "Does not match"
    field.field.setText("hello")
    assert field.chip.accessibleName() == "No fingerprint"


def test_a_failure_is_said_inline_and_what_is_open_stays(page: InspectorPage, desk: FakeDesk) -> None:
    open_all(page, CHAIN)
    desk.failure = broken_workspace()
    page.open_sources([ROOTS])
    run_until(page.error.isVisible, what="the error")
    assert page.error.accessibleName() == "The workspace cannot be read."
    assert in_view(page) == LEAF.sha256


def test_reading_can_be_given_up(page: InspectorPage) -> None:
    busy: list[bool] = []
    page.busy_changed.connect(busy.append)
    page.open_sources([CHAIN])
    assert page.is_reading
    page.cancel_reading()
    settle()
    run_until(lambda: not page.is_reading, what="the end")
    QTest.qWait(120)
    assert busy == [True, False]
    assert not page.intake.isVisible()
    assert len(page.opened) == 0


def test_in_a_narrow_window_the_tree_is_a_drawer(page: InspectorPage) -> None:
    open_all(page, CHAIN)
    page.resize(1000, 640)
    settle()
    assert not page.pane.isVisible()
    drawer = next(b for b in page.findChildren(QAbstractButton) if b.accessibleName() == "Opened items")
    drawer.click()
    assert page.tree.isVisible()
    assert page.tree.hasFocus()
    page.choose(ISSUING.sha256)
    assert not page.pane.isVisible()
    page.resize(1300, 820)
    settle()
    assert page.pane.isVisible()


def test_a_narrow_graph_stands_upright(page: InspectorPage) -> None:
    open_all(page, CHAIN)
    assert not page.detail.chain.graph.graph_layout.is_upright
    page.resize(1000, 640)
    settle()
    page.resize(704, 640)
    settle()
    assert page.detail.chain.graph.graph_layout.is_upright


@pytest.mark.parametrize("tab", list(DetailTab))
def test_every_tab_stands_in_both_themes_and_names_its_controls(page: InspectorPage, tab: DetailTab) -> None:
    open_all(page, CHAIN, BROKEN)
    page.detail.tabs.setCurrentIndex(tab)
    for mode in (ThemeMode.DARK, ThemeMode.LIGHT):
        current_theme().set_mode(mode)
        settle()
        assert not page.grab().isNull()
    assert nameless(page) == []


def test_what_cannot_be_read_shows_why_and_its_bytes_and_no_chain(page: InspectorPage) -> None:
    open_all(page, CHAIN, BROKEN)
    page.choose(f"{BROKEN}#0")
    assert page.detail.verdict.words == ("Not readable. The item is cut off.",)
    shown = [tab for tab in DetailTab if page.detail.tabs.isTabVisible(tab)]
    assert shown == [DetailTab.SUMMARY, DetailTab.RAW]
    facts = page.detail.summary.text
    assert "1 byte, from byte 0 of the file" in facts.replace("\u2068", "").replace("\u2069", "")
    assert "Breaks off: at byte" in facts.replace("\u2068", "").replace("\u2069", "")
    page.choose(LEAF.sha256)
    assert page.detail.verdict.isVisible()
    assert page.detail.tabs.currentIndex() == DetailTab.CHAIN


def test_hostile_names_stay_text(page: InspectorPage, desk: FakeDesk) -> None:
    evil = pki.server(ROOT, common_name="\u202eelpmaxe <b>bold</b>" + "A" * 300)
    desk.inspections["evil.pem"] = lambda _password: inspection_of(evil, source="evil.pem")
    open_all(page, Path("evil.pem"))
    for label in page.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
        assert "\u202e" not in label.text()
    assert page.minimumSizeHint().width() < 1300


def test_a_judge_that_answers_differently_for_each_list_is_kept_apart(
    page: InspectorPage, desk: FakeDesk
) -> None:
    def only_web(question: JudgeQuestion) -> Verification:
        made = judge(question)
        return made if question.trust_list.name == "web" else replace(made, trusted=False)

    desk.verify = only_web
    open_all(page, CHAIN)
    assert page.detail.verdict.words[0].startswith("As ONE Record server: no.")


def with_address(url: str = "http://ca.example/issuing.crt") -> pki.Issued:
    access = x509.AccessDescription(
        AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(url)
    )
    aia = (x509.AuthorityInformationAccess([access]), False)
    return pki.server(ISSUING, common_name="gap.example", extensions=[aia])


def test_a_missing_issuer_is_asked_for_only_when_the_person_wants_it(
    page: InspectorPage, desk: FakeDesk
) -> None:
    leaf = with_address()

    def judge_with_aia(question: JudgeQuestion) -> Verification:
        if not question.fetches:
            return judge(question)
        made = judge(replace(question, beside=(ISSUING.facts,)))
        paths = tuple(replace(path, fetched=(ISSUING.sha256,)) for path in made.paths)
        return replace(made, paths=paths)

    desk.verify = judge_with_aia
    desk.inspections["gap.pem"] = lambda _password: inspection_of(leaf, source="gap.pem")
    open_all(page, Path("gap.pem"))
    assert {one.fetches for one in desk.questions} == {False}
    assert page.detail.chain.fetch.isVisible()
    page.detail.chain.fetch.click()
    run_until(lambda: has_answer(page), what="the judgement")
    assert not page.detail.chain.fetch.isVisible()
    card = page.detail.chain.graph.graph.card(ISSUING.sha256)
    assert card is not None
    assert card.chip == "Missing, found by AIA"
    assert (
        "Chain has a gap. The path builds only with 1 certificate found by AIA." in page.detail.verdict.words
    )


def test_without_an_address_there_is_nothing_to_ask(page: InspectorPage) -> None:
    open_all(page, Path("old.pem"))
    assert not page.detail.chain.fetch.isVisible()


def test_what_stayed_locked_can_be_unlocked_later(page: InspectorPage, desk: FakeDesk) -> None:
    read(page, LOCKED)
    page.intake.open_button.click()
    assert titles(page) == ["Locked", "store.p12"]
    assert page.unlock_button.isVisible()
    page.unlock_button.click()
    run_until(lambda: not page.opener.is_reading, what="the question")
    QTest.keyClicks(page.intake.password, "secret")
    QTest.keyClick(page.intake.password, Qt.Key.Key_Return)
    run_until(lambda: has_answer(page), what="the judgement")
    assert titles(page) == ["old.example"]
    assert not page.unlock_button.isVisible()


def test_alt_enter_leads_to_all_details(page: InspectorPage) -> None:
    open_all(page, CHAIN)
    page.tree.setFocus()
    QTest.keyClick(page.tree, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    assert page.detail.tabs.currentIndex() == DetailTab.SUMMARY
