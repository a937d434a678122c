"""Beside the lists: policies of partners, the review queue, and what the window makes of it all."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.support import sample_certificates
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk
from tests.support.fake_trust_desk import FakeTrustDesk
from tests.support.named_controls import nameless
from tests.support.on_screen import in_theme, on_screen, painted, window_with_pages
from tests.support.trust_samples import FJORDSIGN, NOW, OWN, PILOT, digest
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import msg
from trustdesk.core.trust_decision import AwaitingDecision, LogAction, PartnerPolicy
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.frame.trust_links import in_force_words
from trustdesk.gui.theme.theme import ThemeMode
from trustdesk.gui.trust.comment_dialog import CommentDialog
from trustdesk.gui.trust.import_dialog import ImportDialog
from trustdesk.gui.trust.list_view import COMPARE, DECISIONS
from trustdesk.gui.trust.page import LISTS, POLICIES, PROVIDERS, QUEUE, TrustListsPage
from trustdesk.gui.trust.page_parts import TrustParts
from trustdesk.gui.trust.policies_page import policy_words
from trustdesk.gui.trust.policy_dialog import PolicyDialog
from trustdesk.gui.trust.seal_dialog import SealDialog
from trustdesk.gui.window import INSPECTOR, TRUST_LISTS, MainWindow
from trustdesk.gui.words import say
from trustdesk.services.trust_words import unsealed_words

KESTREL = "Kestrel Forwarding"
POLICY = PartnerPolicy(partner=KESTREL, lists=(OWN,), only_cas=(FJORDSIGN.sha256,), pins=(digest("key"),))
ROOT = sample_certificates.root("Kestrel Private Root")


def certificate(end: datetime) -> CertificateFacts:
    return sample_certificates.server("1r.kestrel.example", end)


SEEN = AwaitingDecision(
    what=msg("{partner} shows another certificate at {place}.", partner=KESTREL, place="1r.kestrel.example"),
    since=NOW - timedelta(days=2),
    partner=KESTREL,
    endpoint_id=7,
    before=certificate(NOW + timedelta(days=20)),
    now=certificate(NOW + timedelta(days=385)),
)


class _Made(TrustListsPage):
    def __init__(self, bridge: Bridge) -> None:
        super().__init__(bridge, now=lambda: NOW)
        self.parts = TrustParts(bridge, self)


@pytest.fixture
def desk() -> FakeTrustDesk:
    made = FakeTrustDesk()
    made.waiting_fingerprints = [SEEN]
    made.held_policies = {KESTREL: POLICY}
    return made


@pytest.fixture
def page(qapp: QApplication, desk: FakeTrustDesk) -> Iterator[_Made]:
    with on_screen(qapp, _Made, (1256, 820)) as made:
        made.activateWindow()
        made.set_desk(desk)
        run_until(lambda: made.parts.queue.table.rows and made.view.version is not None, what="the page")
        made.show_part(POLICIES)
        run_until(lambda: made.parts.policies.table.rows, what="the policies")
        made.parts.policies.show_partners(["Ostrava Handling", KESTREL])
        made.show_part(LISTS)
        settle()
        yield made
        if made.actions.dialog is not None:
            made.actions.dialog.done(0)


def test_parts_stand_beside_the_lists_and_count_what_waits(page: _Made) -> None:
    assert page.segment.isVisible()
    page.show_part(QUEUE)
    assert page.segment.accessibleName() == "Parts of the page: Review queue 2"
    page.show_part(LISTS)
    assert page.column.isVisible()


def test_a_place_for_identity_providers_takes_a_widget(page: _Made) -> None:
    part = QWidget()
    page.add_part(PROVIDERS, msg("Identity providers"), part)
    page.show_part(PROVIDERS)
    assert part.isVisible()


def test_partners_with_a_policy_stand_first_in_words(page: _Made) -> None:
    rows = page.parts.policies.table.rows
    assert [row.partner for row in rows] == [KESTREL, "Ostrava Handling"]
    assert policy_words(rows[0].policy) == "list own, only through 1 CA, 1 pinned key"
    assert policy_words(rows[1].policy) == "the lists in force"


def test_what_is_told_of_partners_out_of_view_is_there_when_their_page_comes_into_view(page: _Made) -> None:
    assert not page.parts.policies.isVisible()
    page.parts.policies.show_partners(["Another", KESTREL])
    page.show_part(POLICIES)
    assert [row.partner for row in page.parts.policies.table.rows] == [KESTREL, "Another"]


def test_a_broken_seal_is_said(page: _Made) -> None:
    page.parts.policies.show_policies((replace(POLICY, sealed=False),))
    page.show_part(POLICIES)
    model = page.parts.policies.table.model()
    assert "seal broken" in str(model.index(0, 1).data())


def test_a_policy_is_written_with_digests_in_any_spelling_and_undone(
    page: _Made, desk: FakeTrustDesk
) -> None:
    page.show_part(POLICIES)
    page.parts.policies.table.selectRow(1)
    page.parts.policies.edit_button.click()
    dialog = page.actions.dialog
    assert isinstance(dialog, PolicyDialog)
    assert nameless(dialog) == []
    dialog.pins.field.setText("not a digest")
    dialog.pins.add_button.click()
    assert list(dialog.pins.digests) == []
    dialog.pins.field.setText("SHA256 Fingerprint=" + digest("pin").upper())
    QTest.keyClick(dialog.pins.field, Qt.Key.Key_Return)
    assert list(dialog.pins.digests) == [digest("pin")]
    dialog.boxes[PILOT].click()
    assert not dialog.write_button.isEnabled(), "nothing is written without saying why"
    dialog.comment.setText("They asked for it.")
    dialog.write_button.click()
    run_until(lambda: "Ostrava Handling" in desk.held_policies, what="the policy")
    held = desk.held_policies["Ostrava Handling"]
    assert (held.lists, held.pins, held.reason) == ((PILOT,), (digest("pin"),), "They asked for it.")
    run_until(page.notice.isVisible, what="the notice")
    page.notice.undo_button.click()
    run_until(lambda: "Ostrava Handling" not in desk.held_policies, what="the policy gone")


def test_private_roots_come_from_files_and_only_cas_count(page: _Made, desk: FakeTrustDesk) -> None:
    found: list[tuple[CertificateFacts, ...]] = [(SEEN.now,) if SEEN.now else (), (ROOT,)]

    def read(_file: object) -> Future[tuple[CertificateFacts, ...]]:
        future: Future[tuple[CertificateFacts, ...]] = Future()
        future.set_result(found.pop(0))
        return future

    page.parts.read_roots = read
    page.show_part(POLICIES)
    page.parts.policies.edit_button.click()
    dialog = page.actions.dialog
    assert isinstance(dialog, PolicyDialog)
    dialog.ask_file = lambda: "/roots/kestrel.pem"
    dialog.root_button.click()
    run_until(lambda: "no CA certificate" in dialog.warning.words, what="the refusal")
    assert dialog.policy.private_roots == ()
    dialog.root_button.click()
    run_until(lambda: dialog.policy.private_roots == (ROOT,), what="the root")
    assert "can stand in for this partner" in dialog.warning.words
    dialog.only.remove(FJORDSIGN.sha256)
    dialog.choose_button.click()
    dialog.chooser.search.setText("Fjordsign")
    dialog.chooser.try_button.click()
    assert dialog.policy.only_cas == (FJORDSIGN.sha256,)


def test_a_policy_is_taken_away_with_a_reason(page: _Made, desk: FakeTrustDesk) -> None:
    page.show_part(POLICIES)
    page.parts.policies.table.setFocus()
    QTest.keyClick(page.parts.policies.table, Qt.Key.Key_Delete)
    dialog = page.actions.dialog
    assert isinstance(dialog, CommentDialog)
    dialog.comment.setText("No longer.")
    dialog.agree_button.click()
    run_until(lambda: not desk.held_policies, what="no policy")


def test_a_new_certificate_is_decided_with_a_comment(page: _Made, desk: FakeTrustDesk) -> None:
    page.show_part(QUEUE)
    queue = page.parts.queue
    queue.table.selectRow(1)
    assert not queue.accept_button.isEnabled()
    assert not queue.refuse_button.isEnabled()
    assert not queue.review_button.isVisible()
    assert "in 385 days" in queue.facts.text
    queue.comment.setText("They told us.")
    queue.accept_button.click()
    run_until(lambda: len(queue.table.rows) == 1, what="the shorter queue")
    assert desk.lines[-1].action is LogAction.FINGERPRINT_ACCEPTED
    assert desk.lines[-1].comment == "They told us."


def test_a_version_in_the_queue_leads_to_its_review(page: _Made) -> None:
    page.show_part(QUEUE)
    page.parts.queue.table.selectRow(0)
    page.parts.queue.review_button.click()
    run_until(lambda: isinstance(page.actions.dialog, ImportDialog), what="the review")


def test_an_empty_queue_says_so(page: _Made) -> None:
    page.parts.queue.show_waiting(())
    page.show_part(QUEUE)
    settle()
    assert not page.parts.queue.table.isVisible()
    assert nameless(page) == []


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK])
def test_parts_are_painted_in_a_small_window(page: _Made, mode: ThemeMode) -> None:
    with in_theme(mode):
        for part in (POLICIES, QUEUE):
            page.resize(900, 820)
            settle()
            page.show_part(part)
            assert painted(page, mode, (704, 600)), part


# --- the window ---


@pytest.fixture
def whole() -> FakeDesk:
    made = FakeDesk()
    made.trust_desk.waiting_fingerprints = [SEEN]
    return made


@pytest.fixture
def window(qapp: QApplication, whole: FakeDesk) -> Iterator[MainWindow]:
    with on_screen(qapp, window_with_pages, (1440, 900)) as made:
        made.set_desk(whole)
        made.show_page(TRUST_LISTS)
        run_until(lambda: made.trust_lists.view.version is not None, what="the lists")
        yield made
        if made.trust_lists.actions.dialog is not None:
            made.trust_lists.actions.dialog.done(0)


def test_the_page_has_its_key_and_the_rail_counts_what_waits(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)
    assert window.current_page == TRUST_LISTS
    assert window.trust_lists.isVisible()
    run_until(
        lambda: window.rail.entry(TRUST_LISTS).accessibleName() == "Trust lists, 2 wait", what="the count"
    )


def test_a_decision_has_every_page_judge_anew(window: MainWindow) -> None:
    asked: list[None] = []
    window.trust_lists.trust_changed.connect(lambda: asked.append(None))
    window.trust_lists.say_done(msg("Cancelled."))
    assert asked
    assert not window.identities.model.is_judged, "no verdict of before stays"


def test_the_inspector_f6_and_another_day_are_reached_from_the_page(window: MainWindow) -> None:
    window.show_page(TRUST_LISTS)
    window.trust_lists.view.entries.detail.inspect_button.click()
    assert window.current_page == INSPECTOR
    window.show_page(TRUST_LISTS)
    window.evaluate_at(NOW + timedelta(days=400))
    assert window.trust_lists.now() == NOW + timedelta(days=400)
    window.evaluate_at(None)
    window.trust_lists.view.show_tab(COMPARE)
    settle()
    assert nameless(window) == []


def test_the_top_bar_says_what_is_in_force_with_its_age(page: _Made) -> None:
    lists = page.lists
    one = tuple(replace(item, in_force=item.name == PILOT) for item in lists)
    words = in_force_words(one, NOW)
    assert words is not None
    assert say(words) == "Air cargo pilot list 14 · 21 days old"
    several = in_force_words(lists, NOW)
    assert several is not None
    assert say(several) == "3 lists in force · 21 days old"
    assert in_force_words(tuple(replace(item, in_force=item.is_builtin) for item in lists), NOW) is None


def test_seals_whose_key_is_lost_are_made_anew_after_a_person_has_looked(
    page: _Made, desk: FakeTrustDesk
) -> None:
    desk.distrust(FJORDSIGN.sha256, "its key is out")
    pane = page.view.decisions
    page.show_part(LISTS)
    page.view.show_tab(DECISIONS)
    pane.refresh()
    run_until(lambda: pane.log is not None and pane.log.entries, what="the log")
    assert not pane.seal_button.isVisible(), "nothing is sealed anew where all seals hold"
    desk.seals_are_lost = True
    pane.refresh()
    run_until(pane.seal_button.isVisible, what="the button")
    assert "Its key is in no key store here" in pane.chain_words
    pane.seal_button.click()
    run_until(lambda: isinstance(page.actions.dialog, SealDialog), what="what stands")
    dialog = page.actions.dialog
    assert isinstance(dialog, SealDialog)
    assert desk.lines[-1].hash in dialog.reason.words
    assert "its key is out" in dialog.view.toPlainText()
    assert not dialog.agree_button.isEnabled(), "not without a reason"
    assert len(desk.lines) == 1
    dialog.comment.setText("moved to the new laptop")
    dialog.agree_button.click()
    run_until(page.notice.isVisible, what="the notice")
    assert desk.lines[-1].action is LogAction.SEALED_ANEW
    run_until(lambda: not pane.seal_button.isVisible(), what="the seal")


def test_a_policy_without_a_seal_is_said_to_grant_nothing() -> None:
    words = unsealed_words(replace(POLICY, private_roots=(ROOT,), sealed=None))
    assert words is not None
    assert "make the vault" in say(words)
    assert unsealed_words(replace(POLICY, private_roots=(ROOT,))) is None
    assert unsealed_words(replace(POLICY, lists=(), sealed=None)) is None, "what narrows holds without a seal"
