"""Messages become sentences; foreign parameters become harmless on the way."""

from __future__ import annotations

from datetime import UTC, datetime

from trustdesk.core.message import msg, msg_n
from trustdesk.services.wording import wording


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
