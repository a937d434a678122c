"""What surrounds a test is asked for by its endpoint, and what concerns another one is left out."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from tests.support import review_samples, samples
from trustdesk.core.expiry import Ending, EndingKind, Endings, Nearness
from trustdesk.core.message import msg
from trustdesk.core.observation import ChangeKind
from trustdesk.core.trust_decision import AwaitingDecision
from trustdesk.services.board import State
from trustdesk.services.expiry_values import Expiry
from trustdesk.services.flapping import Flapping
from trustdesk.services.history_trend import Trend
from trustdesk.services.history_values import DecidedFingerprint, EndpointHistory, HistoryEntry
from trustdesk.services.not_checked import gaps_of
from trustdesk.services.review import PartnerReview
from trustdesk.services.review_reading import Surroundings, changes_of, endings_of, read_review
from trustdesk.services.timeline_values import ExpiryTimeline
from trustdesk.services.wording import wording

T = TypeVar("T")

REPORT = samples.healthy()
ENDPOINT = replace(review_samples.endpoint(7, REPORT).row.endpoint, identity="ours")
WORDS = wording("en")
FLAPPING = Flapping(
    window=timedelta(days=7),
    tests=2,
    failing=0,
    changes=0,
    inconclusive=0,
    reach_changes=0,
    last_change_at=None,
)


def done(value: T) -> Future[T]:
    answer: Future[T] = Future()
    answer.set_result(value)
    return answer


def read(surroundings: Surroundings, *, endpoint_id: int = 7) -> PartnerReview:
    endpoint = replace(ENDPOINT, id=endpoint_id)
    return read_review(
        review_samples.NORDWIND,
        [endpoint],
        {endpoint_id: REPORT},
        surroundings,
        made_at=samples.NOW,
        evaluated_at=None,
    )


def ending(kind: EndingKind, name: str, sha256: str = "", *, settled: bool = False) -> Ending:
    return Ending(
        kind=kind,
        name=name,
        sha256=sha256,
        ends=samples.NOW + timedelta(days=3),
        nearness=Nearness.URGENT,
        is_settled=settled,
    )


def test_only_what_concerns_the_endpoint_ends_there() -> None:
    leaf, issuer, *_ = REPORT.record.presented_chain
    known = (
        ending(EndingKind.PARTNER, "Tamarind", leaf.sha256),
        ending(EndingKind.PARTNER, "Another", "ab" * 32),
        ending(EndingKind.AUTHORITY, "Issuer", issuer.sha256),
        ending(EndingKind.AUTHORITY, "Stranger", "cd" * 32),
        ending(EndingKind.IDENTITY, "ours"),
        ending(EndingKind.IDENTITY, "theirs"),
        ending(EndingKind.TRUST_LIST, samples.TRUST_LIST),
        ending(EndingKind.TRUST_LIST, "Another list"),
        ending(EndingKind.REVOCATION_LIST, "A list"),
    )
    assert [WORDS.text(one.what) for one in endings_of(ENDPOINT, REPORT, known)] == [
        "Server certificate of Tamarind",
        "CA Issuer",
        "Our certificate ours",
        f"Next update of the trust list {samples.TRUST_LIST}",
    ]
    followed = ending(EndingKind.IDENTITY, "ours", settled=True)
    assert endings_of(ENDPOINT, REPORT, (followed,)) == ()


@pytest.mark.parametrize(("nearness", "state"), [(Nearness.ENDED, State.BAD), (Nearness.SOON, State.WARNING)])
def test_an_end_has_the_state_of_its_nearness(nearness: Nearness, state: State) -> None:
    known = replace(ending(EndingKind.IDENTITY, "ours"), nearness=nearness)
    assert [one.state for one in endings_of(ENDPOINT, None, (known,))] == [state]


def test_history_readiness_and_ends_are_asked_for() -> None:
    entry = HistoryEntry(
        kind=ChangeKind.CERTIFICATE,
        state=State.NOT_APPLICABLE,
        endpoint_id=7,
        observation_id=1,
        at=samples.NOW,
        title=msg("Certificate renewed"),
        details=(msg("Its key is another."),),
        decided=DecidedFingerprint(accepted=True, by="ida", at=samples.NOW, comment="by phone"),
    )
    history = EndpointHistory(
        endpoint_id=7, entries=(entry,), has_more=False, tests=2, first_at=samples.NOW,
        last_at=samples.NOW, flapping=FLAPPING, trend=Trend(),
        awaiting=AwaitingDecision(what=msg("A new certificate"), since=samples.NOW),
    )  # fmt: skip
    asked: list[int] = []

    def past(endpoint_id: int) -> Future[EndpointHistory]:
        asked.append(endpoint_id)
        return done(history)

    review = read(
        Surroundings(
            readiness=lambda _id: done(review_samples.readiness()),
            history=past,
            expiry=lambda: done(
                Expiry(timeline=ExpiryTimeline(at=samples.NOW), endings=Endings(at=samples.NOW))
            ),
        )
    )
    (one,) = review.endpoints
    assert asked == [7]
    assert one.readiness == review_samples.readiness()
    assert one.endings == ()
    assert one.changes is not None
    assert [WORDS.text(line) for line in one.changes[0].details] == [
        "Its key is another.",
        "Expected, says ida: by phone",
    ]
    whys = [WORDS.text(gap.why) for gap in gaps_of(one)]
    assert "It is new here, and nobody has decided on it yet." in whys
    assert "The history was not read." not in whys


def test_what_goes_by_turns_stands_first_as_a_warning() -> None:
    history = EndpointHistory(
        endpoint_id=7,
        entries=(),
        has_more=False,
        tests=9,
        first_at=samples.NOW,
        last_at=samples.NOW,
        flapping=replace(FLAPPING, tests=9, failing=4, changes=6),
        trend=Trend(),
    )
    first, *rest = changes_of(history)
    assert (first.state, rest) == (State.WARNING, [])
    assert WORDS.text(first.words).startswith("It works and fails by turns: 6 changes in 7 days")


def test_nobody_is_asked_of_an_endpoint_that_is_not_in_the_directory() -> None:
    def never(_id: int) -> Future[EndpointHistory]:
        raise AssertionError

    (one,) = read(Surroundings(history=never), endpoint_id=0).endpoints
    assert (one.changes, one.readiness, one.endings) == (None, None, None)
