"""The tab Private CA: what it says it is, the CAs, what they issued, and what is done with them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog

from tests.support.authorities import sample_authority, sample_issued
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk, broken_workspace
from tests.support.named_controls import nameless
from tests.support.on_screen import on_screen, painted
from tests.support.request_cases import NOW
from trustdesk.core.private_ca import RevocationReason
from trustdesk.gui.authority.new_dialog import NewAuthorityDialog
from trustdesk.gui.authority.page import AuthorityPage, consequences
from trustdesk.gui.authority.revoke_dialog import IssueCrlDialog, RevokeDialog
from trustdesk.gui.authority.words import crl_standing
from trustdesk.gui.requests.confirm_dialog import ConfirmDialog
from trustdesk.gui.theme.theme import ThemeMode
from trustdesk.gui.words import say
from trustdesk.services.board import State

GOOD = sample_issued("a.fjordfrakt.example")
ENDING = sample_issued("b.fjordfrakt.example", days=12)
REVOKED = sample_issued(
    "c.fjordfrakt.example", revoked_at=NOW - timedelta(days=1), reason=RevocationReason.SUPERSEDED
)
GROUP = sample_authority(1, "Halden Group", GOOD, ENDING, REVOKED)
FLOOR = sample_authority(2, "Test floor", limits=(), crl_days=None)

D = TypeVar("D", bound=QDialog)


@pytest.fixture
def desk() -> FakeDesk:
    made = FakeDesk()
    made.authority_desk.held = {1: GROUP, 2: FLOOR}
    return made


@pytest.fixture
def page(qapp: QApplication) -> Iterator[AuthorityPage]:
    with on_screen(qapp, lambda bridge: AuthorityPage(bridge, now=lambda: NOW), (1240, 780)) as made:
        made.activateWindow()
        settle()
        yield made
        if made.dialog is not None:
            made.dialog.done(0)


@pytest.fixture
def shown(page: AuthorityPage, desk: FakeDesk) -> AuthorityPage:
    page.set_desk(desk)
    run_until(lambda: page.authorities, what="the CAs")
    settle()
    return page


def opened(page: AuthorityPage, kind: type[D]) -> D:
    assert isinstance(page.dialog, kind)
    return page.dialog


def test_without_a_ca_it_says_what_one_is_and_is_not(page: AuthorityPage, desk: FakeDesk) -> None:
    desk.authority_desk.held = {}
    assert not page.empty.isVisible(), "nothing is said before it is known"
    page.set_desk(desk)
    run_until(page.empty.isVisible, what="the empty state")
    page.empty.new_button.click()
    assert "no audited CA" in opened(page, NewAuthorityDialog).warning.words


def test_it_says_plainly_what_it_is_not(shown: AuthorityPage) -> None:
    assert "no audited CA" in shown.what.words
    assert "not in a hardware module" in shown.what.words


def test_a_ca_is_shown_with_its_limits_keys_and_list(shown: AuthorityPage) -> None:
    text = shown.detail.facts.text
    assert "Halden Group Root, until 2036-09-18, in 3,590 days, EC P-256 in Secret Service" in text
    assert "DNS:fjordfrakt.example" in text
    assert shown.detail.standing.words == "CRL 7 is good until 2026-11-26, in 6 days."
    shown.table.selectRow(1)
    assert "no limit, it can certify any name" in shown.detail.facts.text
    assert "No revocation list was issued yet" in shown.detail.standing.words
    assert not shown.detail.table.isVisible()


@pytest.mark.parametrize(
    ("days", "state", "word"),
    [
        (None, State.WARNING, "No CRL yet"),
        (-1, State.BAD, "CRL too old"),
        (0, State.BAD, "CRL too old"),
        (1, State.WARNING, "CRL ends soon"),
        (6, State.NOT_APPLICABLE, "CRL 7"),
    ],
)
def test_the_age_of_a_list_is_judged(days: int | None, state: State, word: str) -> None:
    standing = crl_standing(sample_authority(3, "Age", crl_days=days), NOW)
    assert standing.state is state
    assert say(standing.word) == word
    assert standing.state is not State.GOOD, "our own list proves nothing to anybody"


def test_days_are_counted_to_the_day_that_is_looked_at(shown: AuthorityPage) -> None:
    shown.set_evaluation_time(NOW + timedelta(days=10))
    assert "CRL 7 ended" in shown.detail.standing.words
    shown.set_evaluation_time(None)
    assert "CRL 7 is good" in shown.detail.standing.words


def test_issued_certificates_say_how_they_stand(shown: AuthorityPage) -> None:
    model = shown.detail.table.model()
    states = [str(model.index(place, 1).data()) for place in range(3)]
    assert states == ["Issued", "Ends soon", "Revoked"]
    assert str(model.index(2, 5).data()) == "a newer certificate takes its place"


def test_what_is_revoked_is_not_revoked_again(shown: AuthorityPage) -> None:
    assert shown.detail.revoke_button.isEnabled()
    shown.detail.table.selectRow(2)
    assert not shown.detail.revoke_button.isEnabled()


def test_revoking_asks_for_a_reason_and_issues_the_list(shown: AuthorityPage, desk: FakeDesk) -> None:
    shown.detail.table.selectRow(1)
    shown.detail.revoke_button.click()
    dialog = opened(shown, RevokeDialog)
    assert nameless(dialog) == []
    dialog.reason.setCurrentIndex(dialog.reason.findData(RevocationReason.KEY_COMPROMISE))
    dialog.act_button.click()
    run_until(dialog.save_button.isVisible, what="the list")
    (job,) = desk.authority_desk.answers.jobs
    assert job.arguments["sha256"] == ENDING.certificate.sha256
    assert job.arguments["reason"] is RevocationReason.KEY_COMPROMISE
    assert "Nobody knows of it until it lies at http://crl.halden.example/group.crl." in dialog.outcome.words
    dialog.ask_file = lambda _parent, name: Path("/out") / name
    dialog.save_button.click()
    run_until(lambda: desk.authority_desk.saved, what="the file")
    assert desk.authority_desk.saved == [Path("/out/halden-group.crl")]
    run_until(lambda: not shown.detail.revoke_button.isEnabled(), what="the table")
    assert shown.detail.current is not None
    assert shown.detail.current.certificate == ENDING.certificate, "the selection stays"


def test_revoking_can_be_stopped_while_the_store_is_locked(shown: AuthorityPage, desk: FakeDesk) -> None:
    desk.authority_desk.answers.waits = True
    shown.detail.revoke_button.click()
    dialog = opened(shown, RevokeDialog)
    dialog.act_button.click()
    dialog.reject()
    assert desk.authority_desk.answers.jobs[-1].cancelled
    run_until(lambda: not dialog.is_running, what="the end")
    assert dialog.isVisible()
    assert dialog.act_button.isEnabled()
    assert desk.authority_desk.held[1].issued[0].revoked_at is None


def test_the_next_list_is_issued_for_so_many_days(shown: AuthorityPage, desk: FakeDesk) -> None:
    shown.detail.crl_button.click()
    dialog = opened(shown, IssueCrlDialog)
    dialog.days.setCurrentIndex(dialog.days.findData(30))
    dialog.act_button.click()
    run_until(dialog.save_button.isVisible, what="the list")
    assert desk.authority_desk.answers.jobs[-1].arguments == {"authority_id": 1, "days": 30}
    run_until(lambda: "CRL 8" in shown.detail.standing.words, what="the new list")


def test_the_root_is_handed_over_and_a_chain_saved(shown: AuthorityPage, desk: FakeDesk) -> None:
    shown.ask_file = lambda _parent, name: Path("/out") / name
    shown.detail.root_button.click()
    run_until(lambda: desk.authority_desk.saved, what="the root")
    run_until(lambda: "trust list of one root" in shown.notice.words, what="the notice")
    shown.detail.chain_button.click()
    run_until(lambda: len(desk.authority_desk.saved) == 2, what="the chain")
    assert desk.authority_desk.saved == [
        Path("/out/halden-group-root.pem"),
        Path("/out/a.fjordfrakt.example.pem"),
    ]


def test_deleting_says_what_can_never_be_revoked(shown: AuthorityPage, desk: FakeDesk) -> None:
    assert "2 certificates of it are still valid, and can never be revoked." in [
        say(words) for words in consequences(GROUP, NOW)
    ]
    shown.detail.delete_button.click()
    opened(shown, ConfirmDialog).reject()
    assert len(desk.authority_desk.held) == 2
    shown.detail.delete_button.click()
    opened(shown, ConfirmDialog).agree_button.click()
    run_until(lambda: len(shown.authorities) == 1, what="the shorter list")
    assert shown.detail.authority == FLOOR


def test_a_reading_that_fails_is_said_and_no_empty_state(page: AuthorityPage, desk: FakeDesk) -> None:
    desk.authority_desk.answers.failure = broken_workspace()
    page.set_desk(desk)
    run_until(lambda: not page.error.isHidden(), what="the error")
    assert not page.empty.isVisible()
    assert not page.table.isVisible()
    assert not page.detail.isVisible(), "there is nothing that its buttons could act on"


def test_every_control_has_a_name(shown: AuthorityPage) -> None:
    assert nameless(shown) == []


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK])
@pytest.mark.parametrize("width", [1240, 680])
def test_it_is_painted_at_every_width(shown: AuthorityPage, mode: ThemeMode, width: int) -> None:
    assert painted(shown, mode, (width, 780))


def test_a_dialog_of_another_ca_does_not_outlive_the_tab(shown: AuthorityPage) -> None:
    shown.new_button.click()
    dialog = opened(shown, NewAuthorityDialog)
    assert dialog.testAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.reject()
    assert shown.dialog is None
