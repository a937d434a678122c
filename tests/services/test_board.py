"""The table of partners as values: what stands in each cell, also for another day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support import pki, samples
from tests.support.kept_lists import a_distrust, a_version, an_entry
from tests.support.probes import asked, record
from trustdesk.core.handshake import ClientCertificateVerdict
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import Outcome, OwnStanding, ProbeReport, Rejudgement
from trustdesk.core.target import parse_target
from trustdesk.core.trust import ServerFault, ServerJudgement, TrustList
from trustdesk.core.trust_entry import EntryStatus, Usage
from trustdesk.services.board import State, awaiting, board_row, not_judged
from trustdesk.services.lists_in_force import judgeable
from trustdesk.services.reporting import report_on
from trustdesk.services.verdict_words import row_word, state_of
from trustdesk.services.wording import wording
from trustdesk.verify.judge import PathJudge

ENDPOINT = Endpoint(id=1, partner="A", target=parse_target("a.example"))
LATER = samples.NOW + timedelta(days=100)


def rejudged(
    report: ProbeReport, own: OwnStanding = OwnStanding.IN_FORCE, *, is_open: bool = False
) -> ProbeReport:
    as_of = Rejudgement(at=LATER, is_chosen=True, outcome=report.record.outcome, own=own, is_open=is_open)
    return replace(report, rejudged=as_of)


def words(report: ProbeReport) -> tuple[str, str, str]:
    row = board_row(ENDPOINT, report, LATER)
    say = wording("en").text
    return say(row.server.word), say(row.mtls.word), say(row.on_list.word)


def test_what_a_partner_answered_is_said_to_be_of_then() -> None:
    assert words(samples.healthy()) == ("Trusted", "Accepted", "Yes")
    assert words(rejudged(samples.healthy())) == ("Trusted", "Accepted then", "Yes")


@pytest.mark.parametrize("verdict", ClientCertificateVerdict)
def test_every_answer_has_its_words_of_then(verdict: ClientCertificateVerdict) -> None:
    for sent in (True, False):
        report = report_on(record(client_auth=asked(sent=sent, verdict=verdict)))
        today, then = words(report)[1], words(rejudged(report))[1]
        assert then == (today if verdict is ClientCertificateVerdict.UNKNOWN else f"{today} then")


@pytest.mark.parametrize(
    ("own", "state", "word"),
    [
        (OwnStanding.EXPIRED, State.BAD, "Ours expired"),
        (OwnStanding.NOT_YET_VALID, State.BAD, "Ours not valid yet"),
        (OwnStanding.UNKNOWN, State.UNKNOWN, "Not judged"),
        (OwnStanding.IN_FORCE, State.GOOD, "Accepted then"),
    ],
)
def test_our_certificate_on_the_day_outweighs_what_was_answered(
    own: OwnStanding, state: State, word: str
) -> None:
    row = board_row(ENDPOINT, rejudged(samples.healthy(), own), LATER)
    assert (row.mtls.state, wording("en").text(row.mtls.word)) == (state, word)


def test_an_open_verdict_is_neither_good_nor_bad_in_row_and_banner() -> None:
    for report in (samples.healthy(), samples.not_reached()):
        left_open = rejudged(report, is_open=True)
        row = board_row(ENDPOINT, left_open, LATER)
        assert (row.state, state_of(left_open)) == (State.UNKNOWN, State.UNKNOWN)
        assert wording("en").text(row_word(row)) == "Not judged"


def test_without_a_certificate_nothing_is_said_to_be_trusted_or_on_the_list() -> None:
    row = board_row(ENDPOINT, rejudged(samples.not_reached(), is_open=True), LATER)
    assert {row.server.state, row.on_list.state} == {State.UNKNOWN}
    assert words(rejudged(samples.not_reached()))[0] == "Not judged"


@pytest.mark.parametrize(
    ("fault", "word"), [(ServerFault.EXPIRED, "Expired"), (ServerFault.NOT_YET_VALID, "Not yet valid")]
)
def test_the_servers_cell_says_what_the_judge_said_whoever_ended_the_test(
    fault: ServerFault, word: str
) -> None:
    judgement = ServerJudgement(trusted=False, trust_list="t", faults=(fault,))
    for outcome in (Outcome.UNTRUSTED_PEER, Outcome.REJECTED_BY_PEER):
        assert words(report_on(record(outcome=outcome, judgement=judgement)))[0] == word


def test_days_are_counted_from_the_day_in_view() -> None:
    report = samples.healthy(days=197)
    today, later = board_row(ENDPOINT, report, samples.NOW), board_row(ENDPOINT, report, LATER)
    assert today.days_left is not None
    assert later.days_left == today.days_left - 100


def test_a_row_that_waits_or_is_given_up_shows_no_verdict_and_one_never_tested_stays() -> None:
    row = board_row(ENDPOINT, samples.healthy(), samples.NOW)
    waiting, given_up = awaiting(row), not_judged(row)
    for shown in (waiting, given_up):
        assert {shown.state, shown.server.state, shown.mtls.state, shown.on_list.state} == {State.UNKNOWN}
        assert shown.explanation is None
        assert (shown.tested_at, shown.days_left, shown.endpoint) == (
            row.tested_at, row.days_left, row.endpoint,
        )  # fmt: skip
    assert (waiting.is_due, given_up.is_due) == (True, False)
    # Nothing but what was judged is another.
    cell = waiting.server
    said = replace(row, state=State.UNKNOWN, server=cell, mtls=cell, on_list=cell, explanation=None)
    assert waiting == replace(said, is_due=True, is_inconclusive=False)
    assert awaiting(row, keeps_days=False) == replace(waiting, days_left=None)
    never = board_row(ENDPOINT, None, samples.NOW)
    assert (awaiting(never), not_judged(never)) == (never, never)


def test_what_is_distrusted_or_limited_is_never_said_to_be_on_the_list() -> None:
    root = pki.root("Root")
    server = pki.server(root)

    def cells(*lists: TrustList) -> tuple[State, str, str]:
        judgement = PathJudge(lists).judge_server([server.der], pki.HOST, pki.NOW)
        outcome = Outcome.ACCEPTED if judgement.trusted else Outcome.UNTRUSTED_PEER
        row = board_row(ENDPOINT, report_on(record(outcome=outcome, judgement=judgement)), pki.NOW)
        return row.on_list.state, row.on_list.word.id, row.server.word.id

    entry = an_entry(root)
    assert cells(judgeable(a_version(entry))) == (State.GOOD, "Yes", "Trusted")
    withdrawn = judgeable(a_version(replace(entry, status=EntryStatus.WITHDRAWN)))
    assert cells(withdrawn) == (State.BAD, "Distrusted", "Distrusted")
    decided = judgeable(a_version(entry), [a_distrust(root)])
    assert cells(decided) == (State.BAD, "Distrusted", "Distrusted")
    for_clients = judgeable(a_version(replace(entry, usages=frozenset({Usage.TLS_CLIENT}))))
    assert cells(for_clients) == (State.WARNING, "Limited", "Not on list")
    pinned = replace(judgeable(a_version(entry)), pins=("00" * 32,))
    assert cells(pinned) == (State.GOOD, "Yes", "Not pinned")
