"""For which instant, and for which request, an OCSP response speaks (RFC 6960 3.2, RFC 9654)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support import ocsp as made
from tests.support import pki
from tests.support.ocsp import NONCE, THIS_UPDATE, Single, response, tlv
from tests.support.ocsp_cases import (
    ARCHIVE_CUTOFF,
    CA,
    DAY,
    GOOD,
    HOUR,
    INVALIDITY_DATE,
    REVOKED,
    SENT,
    UNAVAILABLE,
    UNKNOWN,
    about,
    failed,
    judged,
    status_of,
    words,
)
from tests.support.pki import NOW
from trustdesk.core.revocation import (
    RevocationAnswer,
    RevocationRuleStatus,
)


def test_nonce_that_is_repeated_missing_or_another() -> None:
    def with_nonce(value: bytes) -> RevocationAnswer:
        return judged(response(about(), signer=CA, extra=[(NONCE, False, value)]), nonce=SENT)

    assert status_of(with_nonce(tlv(0x04, SENT)), "ocsp.nonce") is RevocationRuleStatus.PASS
    assert with_nonce(SENT).status is GOOD
    for value in (tlv(0x04, bytes(32)), tlv(0x04, SENT[:31]), b"", tlv(0x04, b"")):
        answer = with_nonce(value)
        assert (answer.status, failed(answer)) == (UNAVAILABLE, ["ocsp.nonce"])
    missing = judged(response(about(), signer=CA), nonce=SENT)
    assert missing.status is GOOD
    assert status_of(missing, "ocsp.nonce") is RevocationRuleStatus.NOT_RUN
    unasked = judged(response(about(), signer=CA, extra=[(NONCE, False, tlv(0x04, SENT))]))
    assert unasked.status is GOOD
    assert status_of(unasked, "ocsp.nonce") is RevocationRuleStatus.NOT_APPLICABLE


@pytest.mark.parametrize("status", ["good", "unknown"])
@pytest.mark.parametrize(
    ("times", "rule"),
    [
        ({"this_update": NOW - 2 * DAY, "next_update": NOW - timedelta(seconds=1)}, "ocsp.next_update"),
        ({"this_update": NOW + timedelta(minutes=6)}, "ocsp.this_update"),
        ({"this_update": NOW - 25 * HOUR, "next_update": None}, "ocsp.next_update"),
        ({"this_update": NOW + HOUR, "next_update": None}, "ocsp.this_update"),
        ({"this_update": NOW - HOUR, "next_update": NOW - 2 * HOUR}, "ocsp.next_update"),
        ({"this_update": NOW + timedelta(minutes=4), "next_update": NOW}, "ocsp.next_update"),
        ({"this_update": "20261120110000.5Z"}, "ocsp.this_update"),
        ({"this_update": "20261120110000"}, "ocsp.this_update"),
        ({"this_update": "20261120110000+0000"}, "ocsp.this_update"),
        ({"this_update": "202611201100Z"}, "ocsp.this_update"),
        ({"this_update": "20261320110000Z"}, "ocsp.this_update"),
        ({"next_update": "20261130110000.5Z"}, "ocsp.next_update"),
        ({"next_update": "20261130110000"}, "ocsp.next_update"),
        ({"next_update": ""}, "ocsp.next_update"),
    ],
)
def test_times_that_do_not_hold_are_unavailable(times: dict[str, Any], rule: str, status: str) -> None:
    answer = judged(response(about(status, **times), signer=CA))
    assert answer.status is UNAVAILABLE
    assert rule in failed(answer)


@pytest.mark.parametrize(
    "times",
    [
        {"this_update": NOW, "next_update": NOW},
        {"this_update": NOW + timedelta(minutes=4)},
        {"this_update": NOW - 24 * HOUR, "next_update": None},
        {"this_update": NOW - 99 * DAY},
    ],
)
def test_times_that_hold_to_the_second_and_within_the_tolerance(times: dict[str, Any]) -> None:
    assert judged(response(about(**times), signer=CA)).status is GOOD


def test_signing_time_that_is_strange_is_named_and_changes_nothing() -> None:
    for produced_at in (NOW + HOUR, THIS_UPDATE - DAY):
        answer = judged(response(about(), signer=CA, produced_at=produced_at))
        assert (answer.status, failed(answer)) == (GOOD, ["ocsp.produced_at"])


def test_response_that_was_signed_after_it_was_fetched_or_at_no_time_is_not_relied_on() -> None:
    der = response(about(), signer=CA, produced_at=NOW + HOUR)
    assert judged(der, retrieved_at=NOW).status is UNAVAILABLE
    assert judged(response(about(), signer=CA, produced_at="20261120")).status is UNAVAILABLE


def test_response_from_after_the_instant_says_good_of_then_only() -> None:
    answer = judged(response(about(), signer=CA), at=NOW - 5 * DAY)
    assert (answer.status, failed(answer)) == (UNAVAILABLE, ["ocsp.this_update", "ocsp.produced_at"])
    assert "later than the instant" in answer.reason.id


def test_revocation_after_the_instant_is_not_one_of_that_instant() -> None:
    answer = judged(response(about("revoked", reason=1), signer=CA), at=NOW - 5 * DAY)
    assert answer.status is UNAVAILABLE
    assert "after the instant" in answer.reason.id
    assert dict(answer.reason.params)["revoked_at"] == NOW - 2 * DAY
    assert answer.revoked_at is None


def test_revocation_before_the_instant_counts_though_it_was_learnt_later() -> None:
    single = about("revoked", revoked_at=NOW - 6 * DAY)
    answer = judged(response(single, signer=CA), at=NOW - 5 * DAY)
    assert (answer.status, answer.revoked_at) == (REVOKED, NOW - 6 * DAY)
    assert "later than the instant" in words(answer.reason)


def test_key_that_was_lost_before_the_instant_is_revoked() -> None:
    lost = [(INVALIDITY_DATE, False, made.time(NOW - 6 * DAY))]
    answer = judged(response(about("revoked", extensions=lost), signer=CA), at=NOW - 5 * DAY)
    assert answer.status is REVOKED


def test_revocation_dated_in_the_future_is_one() -> None:
    answer = judged(response(about("revoked", revoked_at=NOW + DAY), signer=CA))
    assert answer.status is REVOKED
    assert "later than the instant" in answer.reason.id


def test_revocation_stays_when_the_response_is_out_of_date_or_its_times_unreadable() -> None:
    for times in (
        {"this_update": NOW - 9 * DAY, "next_update": NOW - 8 * DAY, "revoked_at": NOW - 10 * DAY},
        {"this_update": "nonsense"},
        {"next_update": "nonsense"},
        {"revoked_at": "nonsense"},
    ):
        assert judged(response(about("revoked", reason=1, **times), signer=CA)).status is REVOKED


def test_hold_does_not_stay_when_the_response_is_out_of_date() -> None:
    single = about("revoked", reason=6, this_update=NOW - 9 * DAY, next_update=NOW - 8 * DAY)
    answer = judged(response(single, signer=CA))
    assert answer.status is UNAVAILABLE
    assert "hold" in answer.reason.id


def test_archive_cutoff_of_an_expired_certificate() -> None:
    expired = pki.client(CA, not_after=NOW - 9 * DAY)

    def with_cutoff(*extensions: tuple[str, bool, bytes]) -> RevocationAnswer:
        return judged(response(Single(expired, CA, extensions=extensions), signer=CA), leaf=expired)

    rule = "ocsp.archive_cutoff"
    answer = with_cutoff((ARCHIVE_CUTOFF, True, made.time(NOW - 99 * DAY)))
    assert (answer.status, status_of(answer, rule)) == (GOOD, RevocationRuleStatus.PASS)
    silent = with_cutoff()
    assert (silent.status, status_of(silent, rule)) == (UNKNOWN, RevocationRuleStatus.NOT_RUN)
    assert silent.reason.id.startswith("The certificate expired on {not_after}; the responder does not say")
    for value in (made.time(NOW - DAY), made.time("nonsense"), b"\x05\x00"):
        answer = with_cutoff((ARCHIVE_CUTOFF, False, value))
        assert (answer.status, failed(answer)) == (UNAVAILABLE, [rule])
    revoked = Single(expired, CA, "revoked", extensions=[(ARCHIVE_CUTOFF, False, made.time(NOW - DAY))])
    assert judged(response(revoked, signer=CA), leaf=expired).status is REVOKED


@pytest.mark.parametrize("at", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_instants_at_the_ends_of_time_are_judged(at: datetime) -> None:
    for status in ("good", "revoked"):
        der = response(about(status), signer=CA)
        assert judged(der, at=at).status in {UNAVAILABLE, REVOKED}
