"""Revocation in the Inspector: statuses that are never confused, fail modes, requirements, the graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.support import pki
from tests.support.event_loop import run_until
from tests.support.fake_desk import FakeDesk, JudgeQuestion
from tests.support.inspected import fixed_findings, inspection_of, judge
from tests.support.on_screen import on_screen
from tests.support.pki import NOW
from tests.support.revocations import all_good, nothing_known, revoked_leaf
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.revocation import RevocationStatus
from trustdesk.core.verification import Purpose, Verification
from trustdesk.gui.inspector.detail import DetailTab
from trustdesk.gui.inspector.page import InspectorPage
from trustdesk.gui.inspector.revocation_rows import (
    LOOKS,
    age_words,
    fail_mode_lines,
    requirement_rows,
    revocation_rows,
)
from trustdesk.gui.inspector.rule_rows import Outcome
from trustdesk.gui.words import say
from trustdesk.services.board import State

ROOT = pki.root("Skybridge Root CA")
ISSUING = pki.authority("Skybridge Issuing CA", ROOT)
LEAF = pki.server(ISSUING, "data.example", common_name="data.example")
FACTS = {one.sha256: one.facts for one in (LEAF, ISSUING, ROOT)}


def facts_of(digest: str) -> CertificateFacts | None:
    return FACTS.get(digest)


def judged(change: Callable[[Verification], Verification]) -> Verification:
    question = JudgeQuestion(
        certificate=LEAF.facts,
        purpose=Purpose.SERVER,
        beside=(ISSUING.facts,),
        trust_list=pki.trust_list(ROOT),
        at=None,
    )
    return change(judge(question))


def test_every_answer_is_a_row_the_deciding_one_first() -> None:
    path = judged(revoked_leaf).paths[0]
    rows = revocation_rows(path, facts_of, NOW)
    words = [(say(row.look.word), row.on, row.age, row.decides) for row in rows]
    assert words == [
        ("Revoked", "data.example", "5 hours", True),
        ("Unavailable", "data.example", "40 days", False),
        ("Not known", "Skybridge Issuing CA", "–", True),
    ]
    assert "2026-11-17" in rows[0].since
    assert "its key was compromised" in rows[0].since
    assert "key lost since" in rows[0].since
    assert rows[0].source == "OCSP http://ocsp.skybridge.example (named by the certificate)"
    assert rows[1].source == "CRL issuing.crl (from a file, kept from earlier)"
    assert "Signed by" in rows[0].reason


def test_green_is_for_good_alone_and_each_status_has_a_word_and_an_icon_of_its_own() -> None:
    assert [status for status in RevocationStatus if LOOKS[status].ink == "good"] == [RevocationStatus.GOOD]
    assert len({LOOKS[status].icon for status in RevocationStatus}) == len(RevocationStatus)
    assert len({LOOKS[status].word.id for status in RevocationStatus}) == len(RevocationStatus)


def test_certificate_that_nobody_has_to_ask_about_is_exempt_and_not_good() -> None:
    rows = revocation_rows(judged(all_good).paths[0], facts_of, NOW)
    assert [say(row.look.word) for row in rows] == ["Not revoked", "Exempt"]
    assert "RFC 9608" in rows[1].reason


def test_requirements_name_answer_certificate_and_source() -> None:
    rows = requirement_rows(judged(revoked_leaf).paths[0], facts_of)
    assert [(row.outcome, row.rule) for row in rows] == [
        (Outcome.FAIL, "crl.next_update"),
        (Outcome.NOT_RUN, "crl.delta"),
        (Outcome.PASS, "ocsp.signature"),
        (Outcome.NOT_APPLICABLE, "ocsp.nonce"),
    ]
    assert rows[0].title.startswith("CRL issuing.crl")
    assert rows[0].on == "data.example"
    assert rows[0].source == "RFC 6960 4.2.2.2"


@pytest.mark.parametrize(
    ("change", "states"),
    [
        (revoked_leaf, [State.BAD, State.BAD]),
        (nothing_known, [State.NOT_APPLICABLE, State.BAD]),
        (all_good, [State.NOT_APPLICABLE, State.GOOD]),
    ],
)
def test_going_on_where_nothing_is_known_is_never_green(
    change: Callable[[Verification], Verification], states: list[State]
) -> None:
    shown = fail_mode_lines(judged(change).paths[0].fail_modes)
    assert [line.state for line in shown] == states
    assert fail_mode_lines(()) == ()


@pytest.mark.parametrize(
    ("age_s", "words"),
    [(None, "–"), (-1, "from the future"), (59, "0 minutes"), (7_199, "119 minutes"), (7_200, "2 hours")],
)
def test_ages(age_s: float | None, words: str) -> None:
    assert age_words(age_s).replace("\u2068", "").replace("\u2069", "") == words


def answered(question: JudgeQuestion) -> Verification:
    """Nobody knows anything before the addresses are asked."""
    return revoked_leaf(judge(question)) if question.asks_revocation else judge(question)


@pytest.fixture
def desk() -> FakeDesk:
    made = FakeDesk(trust_lists=(pki.trust_list(ROOT, called="mine"),))
    made.verify = answered
    made.lint = fixed_findings
    made.inspections = {"chain.pem": lambda _password: inspection_of(LEAF, ISSUING, source="chain.pem")}
    return made


@pytest.fixture
def page(qapp: QApplication, desk: FakeDesk) -> Iterator[InspectorPage]:
    with on_screen(qapp, lambda bridge: InspectorPage(bridge, now=lambda: NOW), (1300, 820)) as made:
        made.set_desk(desk)
        made.open_sources([Path("chain.pem")])
        run_until(lambda: not made.opener.is_reading, what="what was read")
        made.intake.open_button.click()
        run_until(
            lambda: made.examiner.current is not None and made.examiner.current.is_judged, what="judgement"
        )
        yield made


def test_nothing_is_asked_before_the_person_asks(page: InspectorPage, desk: FakeDesk) -> None:
    page.detail.tabs.setCurrentIndex(DetailTab.REVOCATION)
    assert not any(question.asks_revocation for question in desk.questions)
    rows = page.detail.revocation.table.rows
    assert {say(row.look.word) for row in rows} == {"Not known"}
    assert page.detail.revocation.check.isEnabled()
    assert page.detail.revocation.soft.words[0].startswith("Soft fail: goes on.")
    assert page.detail.revocation.hard.words[0].startswith("Hard fail: refused.")


def test_revoked_takes_the_yes_away_everywhere(page: InspectorPage, desk: FakeDesk) -> None:
    assert page.detail.verdict.words[0].startswith("As ONE Record server: yes.")
    page.detail.tabs.setCurrentIndex(DetailTab.REVOCATION)
    page.detail.revocation.check.click()
    run_until(
        lambda: page.detail.verdict.words[0].startswith("As ONE Record server: no."), what="the verdict"
    )
    assert any(words.startswith("Revoked.") for words in page.detail.verdict.words)
    assert not any("yes." in words for words in page.detail.verdict.words)
    card = next(card for card in page.detail.chain.table.rows if card.key == LEAF.sha256)
    assert (card.chip, card.state, card.fails) == ("Revoked", State.BAD, True)
    assert not any(card.state is State.GOOD for card in page.detail.chain.table.rows)
    assert page.detail.revocation.soft.words[0].startswith("Soft fail: refused.")
    assert page.detail.revocation.hard.words[0].startswith("Hard fail: refused.")
    assert len(page.detail.revocation.requirements.rows) == 4


def test_while_the_addresses_are_asked_the_pane_says_so(page: InspectorPage, desk: FakeDesk) -> None:
    desk.verify = None
    page.detail.tabs.setCurrentIndex(DetailTab.REVOCATION)
    page.detail.revocation.check.click()
    assert not page.detail.revocation.check.isEnabled()
    assert page.detail.revocation.table.rows == ()
    assert "are being asked" in page.detail.revocation.state_words


def test_good_answers_leave_the_yes_and_no_open_question(page: InspectorPage, desk: FakeDesk) -> None:
    desk.verify = lambda question: all_good(judge(question))
    page.detail.revocation.check.click()
    words = page.detail.verdict
    run_until(lambda: words.words[0].startswith("As ONE Record server: yes."), what="yes for a server")
    run_until(lambda: words.words[1].startswith("As ONE Record client: no."), what="no for a client")
    assert len(page.detail.verdict.words) == 2
