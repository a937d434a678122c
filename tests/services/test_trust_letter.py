"""The letter to a partner who would stop being trusted: what changes, the lost path, and what is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.support.trust_samples import sample_impact
from trustdesk.services.partner_letter import letter_markdown, letter_text
from trustdesk.services.trust_letter import write_trust_letter
from trustdesk.services.wording import wording

IMPACT = sample_impact()
KESTREL = IMPACT.partners[1]


def test_it_says_what_changes_why_and_that_nothing_has_happened() -> None:
    text = letter_text(write_trust_letter(KESTREL, IMPACT), wording().text)
    assert "Version 15 in place of version 14" in text
    assert "CA 7 is client only" in text
    assert "Nothing has been changed yet." in text
    assert "Fjordsign Partner CA 7 (this one is not trusted any more)" in text


def test_a_date_that_comes_is_named() -> None:
    later = replace(IMPACT, at_after=IMPACT.at + timedelta(days=115))
    text = letter_text(write_trust_letter(KESTREL, later), wording().text)
    assert "On 2027-03-15 this changes" in text


def test_without_a_known_path_it_claims_none() -> None:
    bare = replace(KESTREL, lost_path=(), broken_by=None)
    text = letter_text(write_trust_letter(bare, IMPACT), wording().text)
    assert "The path that is lost" not in text
    assert "What we ask for" in text


def test_a_hostile_name_is_no_markup() -> None:
    evil = replace(KESTREL, place="<img src=x>|evil\nSubject: paid")
    text = letter_markdown(write_trust_letter(evil, IMPACT), wording().text)
    assert "<img" not in text.replace("\\<img", "")
    assert "\nSubject: paid" not in text
