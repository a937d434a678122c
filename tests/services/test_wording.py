"""Messages become sentences; foreign parameters become harmless on the way."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from trustdesk.core.message import msg, msg_n
from trustdesk.services.wording import ENGLISH, Wording, choose_language, chosen_language, wording


def test_named_parameters_are_filled_in() -> None:
    text = wording("en").text(msg("Nothing listens on {address} port {port}.", address="192.0.2.1", port=443))
    assert text == "Nothing listens on 192.0.2.1 port 443."


def test_the_plural_follows_the_count() -> None:
    words = wording("en")
    assert words.text(msg_n("{count} certificate", "{count} certificates", 1)) == "1 certificate"
    assert words.text(msg_n("{count} certificate", "{count} certificates", 3)) == "3 certificates"


def test_a_message_may_stand_in_a_message() -> None:
    assert wording("en").text(msg("{who} has to act.", who=msg("Partner"))) == "Partner has to act."


def test_an_instant_is_shown_in_utc() -> None:
    at = datetime(2026, 11, 20, 8, 41, tzinfo=UTC)
    assert wording("en").text(msg("until {at}", at=at)) == "until 2026-11-20 08:41 UTC"


def test_foreign_text_cannot_leave_its_place() -> None:
    hostile = "{port}\u202e\x1b]0;x\x07" + "A" * 10_000
    text = wording("en").text(msg("Issuer {name}.", name=hostile))
    assert text.startswith(r"Issuer {port}\u202e\x1b]0;x\x07AAA")
    assert len(text) < 400


@pytest.fixture
def own_language() -> Iterator[None]:
    before = chosen_language()
    yield
    choose_language(before)


@pytest.mark.usefixtures("own_language")
def test_the_language_that_was_chosen_is_spoken_where_none_is_named() -> None:
    choose_language("de")
    assert wording() is wording("de")
    choose_language(ENGLISH)
    assert wording() is wording(ENGLISH)
    choose_language(None)
    assert wording().text(msg("Partners")) == "Partners"


def test_foreign_text_keeps_its_order_in_a_sentence_that_runs_from_right_to_left() -> None:
    words = Wording(gettext.NullTranslations(), "ar")
    at = datetime(2026, 11, 20, 8, 41, tzinfo=UTC)
    sentence = msg("{host} {at} {count} {word}", host="1r.halden.example.", at=at, count=3, word="شريك")
    assert words.text(sentence) == ("\u20681r.halden.example.\u2069 \u20682026-11-20 08:41 UTC\u2069 3 شريك")


def test_a_sentence_that_was_rendered_before_is_isolated_once() -> None:
    words = Wording(gettext.NullTranslations(), "ar")
    inner = words.text(msg("{host} failed", host="a.example"))
    assert words.text(msg("{what}!", what=inner)) == "\u2068a.example failed\u2069!"
    assert words.text(msg("{name}", name="a\u202eb")) == "\u2068a\\u202eb\u2069"


@pytest.mark.parametrize(
    ("language", "count", "seconds"),
    [("en", "12,345", "1,234.5"), ("de", "12.345", "1.234,5"), ("fr", "12\u202f345", "1\u202f234,5"),
     ("zh_CN", "12,345", "1,234.5"), ("ar", "12,345", "1,234.5")],
)  # fmt: skip
def test_numbers_of_things_are_written_as_the_language_does(language: str, count: str, seconds: str) -> None:
    words = Wording(gettext.NullTranslations(), language)
    tested = msg("{count} in {seconds} s at port {port}", count=12345, seconds=1234.5, port=50443)
    assert words.text(tested) == f"{count} in {seconds} s at port 50443"
    assert words.text(msg("{count} in {seconds} s", count=999, seconds=2.0)).startswith("999 in 2")
