"""To and fro between working and failing, and what only the network did."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.support.histories import CA, EXPIRED, FIRST, NEW_KEY, SILENT, START, WORKS, observed
from trustdesk.core.observation import Observation
from trustdesk.core.probe import Outcome
from trustdesk.services.flapping import flapping
from trustdesk.services.trend_words import flapping_sentences
from trustdesk.services.wording import wording

NOW = START + timedelta(days=90)


def daily(first: int, pattern: str) -> list[Observation]:
    facts = {"+": WORKS, "-": EXPIRED, "?": SILENT}
    return [observed(first + place, facts[sign]) for place, sign in enumerate(pattern)]


def test_what_works_all_the_time_does_not_flap() -> None:
    found = flapping(daily(84, "+++++++"), NOW)

    assert (found.tests, found.failing, found.changes, found.inconclusive) == (7, 0, 0, 0)
    assert not found.is_flapping
    assert found.last_change_at is None


def test_down_and_up_twice_in_a_week_is_flapping() -> None:
    found = flapping(daily(84, "+-+-++-"), NOW)

    assert found.changes == 5
    assert found.is_flapping
    assert found.last_change_at == START + timedelta(days=90)


def test_one_outage_is_none() -> None:
    assert not flapping(daily(84, "++--+++"), NOW).is_flapping


def test_tests_that_did_not_reach_it_are_counted_apart_and_make_no_turn() -> None:
    found = flapping(daily(84, "+?+?+?+"), NOW)

    assert (found.changes, found.inconclusive, found.tests) == (0, 3, 4)
    assert not found.is_flapping
    assert found.is_reach_flapping
    assert found.reach_changes == 6


def test_a_turn_is_seen_across_a_test_that_did_not_reach_it() -> None:
    assert flapping(daily(86, "+?-"), NOW).changes == 1


def test_what_was_before_the_window_only_says_how_it_began() -> None:
    found = flapping([*daily(0, "+-" * 40), *daily(86, "++++")], NOW)

    assert (found.tests, found.changes) == (4, 1)


def test_what_is_still_to_come_or_was_stopped_does_not_count() -> None:
    cancelled = observed(88, replace(SILENT, outcome=Outcome.CANCELLED))

    found = flapping([*daily(84, "+++++++"), cancelled, observed(95, EXPIRED)], NOW)

    assert (found.changes, found.inconclusive) == (0, 0)


def test_the_order_in_which_they_are_given_means_nothing() -> None:
    days = daily(84, "+-+-++-")

    assert flapping(reversed(days), NOW) == flapping(days, NOW)


def test_nothing_was_tested() -> None:
    assert flapping((), NOW).tests == 0


def test_nodes_that_are_not_alike_present_their_certificates_by_turns() -> None:
    days = [observed(84 + day, chain=((FIRST, CA) if day % 2 else (NEW_KEY, CA))) for day in range(7)]

    found = flapping(days, NOW)

    assert (found.changes, found.certificate_changes, found.certificates) == (0, 6, 2)
    assert found.is_certificate_flapping
    assert [wording("en").text(one) for one in flapping_sentences(found)] == [
        "It presents 2 certificates by turns: 6 changes in 7 days. Several servers answer there, or something"
        " in between."
    ]


def test_a_renewal_is_no_turn() -> None:
    days = [observed(84 + day, chain=((FIRST, CA) if day < 3 else (NEW_KEY, CA))) for day in range(7)]

    assert not flapping(days, NOW).is_certificate_flapping
