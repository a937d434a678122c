"""Match CA reply: which request a certificate answers, what differs, and what accepting it does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.support.drops import drop_files
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk, broken_workspace
from tests.support.identity_samples import locked_error
from tests.support.named_controls import nameless
from tests.support.on_screen import in_theme
from tests.support.request_cases import CA, NOW, difference, sample_case, sample_reply
from trustdesk.core.certificate_request import RequestCase
from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.requests.match_dialog import MatchDialog
from trustdesk.gui.theme.theme import ThemeMode, current_theme

FILES = (Path("/in/reply.p7b"), Path("/in/chain.pem"))
CASE = sample_case(1, "hac-client-2026", renews="halden-client-2025")


@pytest.fixture
def desk() -> FakeDesk:
    made = FakeDesk()
    made.identity_desk.kept_cases = [CASE]
    made.identity_desk.replies = (sample_reply(CASE),)
    return made


@pytest.fixture
def dialog(qapp: QApplication, desk: FakeDesk) -> Iterator[MatchDialog]:
    current_theme().apply(qapp)
    bridge = Bridge()
    made = MatchDialog(None, bridge, desk, now=lambda: NOW)  # type: ignore[arg-type]  # a window of its own
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    made.show()
    made.activateWindow()
    settle()
    yield made
    made.done(0)
    bridge.close()
    settle()


def read(dialog: MatchDialog) -> None:
    dialog.ask_files = lambda _parent: FILES
    dialog.choose_button.click()
    run_until(lambda: dialog.cards, what="the reply")
    settle()


def test_a_reply_that_fits_becomes_an_identity(dialog: MatchDialog, desk: FakeDesk) -> None:
    accepted: list[RequestCase] = []
    dialog.accepted.connect(accepted.append)
    read(dialog)
    (card,) = dialog.cards
    assert card.fits.words == "It answers the request hac-client-2026, and says what was asked."
    assert not card.verdict.isVisible(), "nothing is green that no list and no partner proved"
    assert "It becomes the identity hac-client-2026. halden-client-2025 stays in use" in card.next.words
    assert "Its key is in: OS keyring." in card.next.words
    assert dialog.focusWidget() is card.accept_button
    card.accept_button.click()
    run_until(lambda: accepted, what="the identity")
    assert accepted[0].identity == "hac-client-2026"
    assert "It is the identity hac-client-2026 now." in card.next.words
    assert "Until then halden-client-2025 stays in use." in card.next.words
    assert not card.accept_button.isEnabled()
    assert "hac-client-2026" in desk.identity_desk.held


def test_the_chain_says_where_each_part_was_found(dialog: MatchDialog) -> None:
    read(dialog)
    assert dialog.cards[0].chain.lines == (
        ("1r.haldenair.example", "in the files"),
        ("Fjordsign TLS CA 3", "from the workspace"),
    )


def test_harmful_differences_come_first_and_are_not_accepted_by_enter(
    dialog: MatchDialog, desk: FakeDesk
) -> None:
    desk.identity_desk.replies = (
        sample_reply(CASE, difference("Subject", is_harmful=False), difference("EKU", is_harmful=True)),
    )
    read(dialog)
    (card,) = dialog.cards
    assert [row.accessibleName() for row in card.rows] == ["Harmful: EKU", "Different: Subject"]
    assert "Asked: clientAuth. Issued: nothing. No server takes it." in card.rows[0].accessibleDescription()
    assert "1 thing makes it useless" in card.verdict.accessibleName()
    assert card.accept_button.text() == "Accept it all the same"
    assert dialog.focusWidget() is not card.accept_button


def test_what_answers_nothing_says_so_and_cannot_be_accepted(dialog: MatchDialog, desk: FakeDesk) -> None:
    desk.identity_desk.replies = (
        sample_reply(None, certificate=CA, certification_path=(CA,)),
        sample_reply(CASE),
    )
    read(dialog)
    first, second = dialog.cards
    assert first.can_be_taken
    assert not second.can_be_taken
    assert not second.accept_button.isVisible()
    assert "none of the requests here" in second.verdict.accessibleName()
    assert dialog.said.text() == "1 of 2 certificates answers a request."


def test_a_problem_is_said_with_its_remedy(dialog: MatchDialog, desk: FakeDesk) -> None:
    desk.identity_desk.replies = (
        sample_reply(CASE, problem=msg("It is expired."), remedy=msg("Ask the CA for another one.")),
    )
    read(dialog)
    (card,) = dialog.cards
    assert card.verdict.accessibleName() == "It is expired."
    assert card.verdict.accessibleDescription() == "Ask the CA for another one."
    assert not card.accept_button.isVisible()


def test_a_chain_that_ends_too_early_says_what_is_missing(dialog: MatchDialog, desk: FakeDesk) -> None:
    reply = sample_reply(CASE)
    desk.identity_desk.replies = (sample_reply(CASE, certification_path=(reply.certificate,), completed=()),)
    read(dialog)
    assert not dialog.cards[0].chain.is_known


def test_a_key_on_the_server_makes_no_identity(dialog: MatchDialog, desk: FakeDesk) -> None:
    case = sample_case(1, "edge", has_key=False)
    desk.identity_desk.kept_cases = [case]
    desk.identity_desk.replies = (sample_reply(case),)
    read(dialog)
    assert "Its key is in" not in dialog.cards[0].next.words
    dialog.cards[0].accept_button.click()
    run_until(lambda: not dialog.notice.isHidden(), what="the notice")
    assert "It is kept with its request." in dialog.cards[0].next.words
    assert desk.identity_desk.held == {}


def test_files_can_be_dropped(dialog: MatchDialog) -> None:
    assert drop_files(dialog, *FILES)
    run_until(lambda: dialog.cards, what="the reply")


def test_files_that_cannot_be_read_are_said(dialog: MatchDialog, desk: FakeDesk) -> None:
    desk.identity_desk.answers.failure = broken_workspace()
    dialog.read(FILES)
    run_until(lambda: not dialog.error.isHidden(), what="the error")
    assert dialog.cards == []


def test_a_locked_keyring_can_be_stopped_and_tried_again(dialog: MatchDialog, desk: FakeDesk) -> None:
    read(dialog)
    answers = desk.identity_desk.answers
    answers.waits = True
    (card,) = dialog.cards
    card.accept_button.click()
    assert not card.accept_button.isEnabled()
    dialog.reject()
    assert answers.jobs[-1].cancelled
    run_until(card.accept_button.isEnabled, what="the button")
    assert dialog.isVisible()
    card.accept_button.click()
    answers.jobs[-1].fail(locked_error())
    run_until(lambda: "locked" in dialog.error.accessibleName(), what="the error")
    assert desk.identity_desk.held == {}


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK])
def test_it_is_painted_and_every_control_has_a_name(dialog: MatchDialog, mode: ThemeMode) -> None:
    with in_theme(mode):
        read(dialog)
        assert nameless(dialog) == []
        assert not dialog.grab().isNull()
