"""Revocation on the pages Partners and Handshake: the chain, the staple, both fail modes, and our own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QApplication

from tests.support import pki, samples
from tests.support.event_loop import run_until
from tests.support.fake_desk import FakeDesk
from tests.support.probes import record
from tests.support.revocations import CRL, OCSP
from tests.support.revoking_ca import RevokingCa
from trustdesk.core.message import msg
from trustdesk.core.probe import Outcome, ProbeRecord
from trustdesk.core.revocation import RevocationAnswer, RevocationCheck, RevocationStatus
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.chain_revocation import card_revocations, revocation_lines
from trustdesk.gui.handshake.own_revocation import OwnRevocationNote
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.widgets.chain_list import ChainList
from trustdesk.gui.words import say
from trustdesk.services.board import State, board_row
from trustdesk.services.reporting import report_on
from trustdesk.verify.judge import PathJudge

NAME = "peer.example"


def plain(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "")


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> RevokingCa:
    return RevokingCa(tmp_path_factory.mktemp("ca"))


def judged(ca: RevokingCa, *, revoked: bool, stapled: bool = True) -> ProbeRecord:
    """A probe of a server with a real staple of OpenSSL's."""
    server = ca.server(NAME)
    if revoked:
        ca.revoke(server)
    staple = ca.response(server) if stapled else None
    judgement = PathJudge([pki.trust_list(ca.root)]).judge_server(
        [server.der, ca.issuing.der], NAME, datetime.now(UTC), staple=staple
    )
    return record(
        f"https://{NAME}",
        outcome=Outcome.ACCEPTED if judgement.trusted else Outcome.UNTRUSTED_PEER,
        judgement=judgement,
        presented_chain=(server.facts, ca.issuing.facts),
        stapled_ocsp=staple,
    )


def lines(probe: ProbeRecord) -> list[tuple[State, str]]:
    return [(line.state, say(line.lead)) for line in revocation_lines(probe)]


def test_a_staple_that_says_revoked_is_on_the_row_the_card_and_the_lines(
    qapp: QApplication, ca: RevokingCa
) -> None:
    current_theme().apply(qapp)
    probe = judged(ca, revoked=True)
    assert lines(probe) == [
        (State.BAD, "Staple: revoked."),
        (State.BAD, "Soft and hard fail: refused."),
    ]
    leaf = card_revocations(probe)[probe.presented_chain[0].sha256]
    assert (leaf.word, leaf.ink, leaf.is_revoked) == ("Revoked", "bad", True)
    assert plain(leaf.rest).startswith("2026-11-01, its key was compromised · Stapled OCSP")
    row = board_row(samples.board_rows()[0].endpoint, report_on(probe), datetime.now(UTC))
    assert (row.state, say(row.server.word)) == (State.BAD, "Revoked")
    chain = ChainList()
    chain.show_chain(
        probe.presented_chain,
        now=datetime.now(UTC),
        revocation=card_revocations(probe),
        lines=revocation_lines(probe),
    )
    first, second = chain.cards
    assert first.accessibleName().endswith("Revoked")
    assert plain(first.accessibleDescription()).startswith("Revoked. 2026-11-01")
    assert second.accessibleDescription().startswith("Not known.")
    assert len(chain.verdict.words) == 2
    chain.show_chain(probe.presented_chain, now=datetime.now(UTC))
    assert "Revoked" not in chain.cards[0].accessibleName(), "other revocation makes other cards"
    chain.deleteLater()


def test_a_good_staple_is_no_word_on_the_ca_and_soft_fail_is_not_green(ca: RevokingCa) -> None:
    assert lines(judged(ca, revoked=False)) == [
        (State.GOOD, "Staple: good."),
        (State.NOT_APPLICABLE, "Soft fail: goes on."),
        (State.BAD, "Hard fail: refused."),
    ]


def test_no_staple_is_said_and_proves_nothing(ca: RevokingCa) -> None:
    probe = judged(ca, revoked=False, stapled=False)
    assert lines(probe)[0] == (State.NOT_APPLICABLE, "Staple: none.")
    assert {one.word for one in card_revocations(probe).values()} == {"Not known"}


def test_a_staple_that_nobody_signed_is_not_relied_on(ca: RevokingCa) -> None:
    probe = replace(judged(ca, revoked=False, stapled=False), stapled_ocsp=b"0\x00")
    assert lines(probe)[0] == (State.WARNING, "Staple: not to be relied on.")


def test_without_a_judgement_nothing_is_said() -> None:
    assert revocation_lines(record()) == ()
    assert card_revocations(record()) == {}


@pytest.fixture
def note(qapp: QApplication) -> Iterator[tuple[OwnRevocationNote, FakeDesk]]:
    current_theme().apply(qapp)
    bridge, desk, made = Bridge(), FakeDesk(), OwnRevocationNote()
    made.work_with(bridge, desk)
    yield made, desk
    bridge.close()
    made.deleteLater()


OURS = RevocationCheck(
    certificate="aa" * 32,
    status=RevocationStatus.REVOKED,
    source=OCSP,
    revoked_at=datetime(2026, 11, 3, 9, 30, tzinfo=UTC),
    revocation_reason="keyCompromise",
)
FINE = RevocationCheck(certificate="aa" * 32, status=RevocationStatus.GOOD, source=CRL)
STALE = RevocationCheck(
    certificate="aa" * 32,
    status=RevocationStatus.UNAVAILABLE,
    source=CRL,
    answers=(
        RevocationAnswer(
            source=CRL, status=RevocationStatus.UNAVAILABLE, reason=msg("its next update was due.")
        ),
    ),
)


def shown(note: tuple[OwnRevocationNote, FakeDesk], *checks: RevocationCheck) -> str:
    made, desk = note
    desk.own_checks["halden"] = checks
    told: list[object] = []
    made.hide()
    made.show_identity("halden")
    made._bridge.post(lambda: told.append(None))  # type: ignore[union-attr]
    run_until(lambda: bool(told), what="the answer")
    return "" if made.isHidden() else plain(f"{made.accessibleName()} {made.accessibleDescription()}")


def test_our_revoked_certificate_is_said_where_it_is_chosen(
    note: tuple[OwnRevocationNote, FakeDesk],
) -> None:
    assert shown(note, OURS) == (
        "Ours is revoked since 2026-11-03 (its key was compromised): it will be refused by everybody who "
        "looks. Request a new certificate; a test with this one only shows who looks."
    )
    assert shown(note, FINE, replace(OURS, certificate="bb" * 32)).startswith("A CA above ours is revoked")


def test_a_list_of_our_ca_that_is_out_of_date_explains_what_partners_answer(
    note: tuple[OwnRevocationNote, FakeDesk],
) -> None:
    words = shown(note, STALE)
    assert words.startswith("The revocation list of our CA cannot be relied on: its next update was due.")
    assert "(alert 45)" in words
    assert "(alert 48)" in words


def test_nothing_is_said_of_what_is_good_or_not_known(note: tuple[OwnRevocationNote, FakeDesk]) -> None:
    assert shown(note) == ""
    assert shown(note, FINE) == ""
    assert shown(note, replace(FINE, status=RevocationStatus.UNKNOWN)) == ""


def test_another_identity_drops_the_note(note: tuple[OwnRevocationNote, FakeDesk]) -> None:
    assert shown(note, OURS)
    note[0].show_identity(None)
    assert note[0].isHidden()
