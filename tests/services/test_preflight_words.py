from __future__ import annotations

from dataclasses import replace

from tests.support.diagnoses import diagnosis
from trustdesk.core.finding import FindingStatus
from trustdesk.services.preflight_words import preflight_sentence
from trustdesk.services.wording import wording

FINDING = diagnosis().preflight[0]


def words(*statuses: FindingStatus) -> str | None:
    sentence = preflight_sentence([replace(FINDING, status=status) for status in statuses])
    return None if sentence is None else wording().text(sentence)


def test_all_passed_is_clean() -> None:
    assert words(FindingStatus.PASS, FindingStatus.PASS, FindingStatus.NOT_APPLICABLE) == (
        "Our side is clean: preflight passed 2 of 2 checks."
    )


def test_a_warning_is_not_clean() -> None:
    assert words(FindingStatus.PASS, FindingStatus.WARN) == "Preflight passed 1 of 2 checks."


def test_a_check_that_was_not_made_is_not_clean() -> None:
    assert words(FindingStatus.PASS, FindingStatus.NOT_RUN) == (
        "Preflight passed 1 of 1 checks; 1 could not be made."
    )


def test_nothing_is_said_where_nothing_was_checked() -> None:
    assert words() is None
    assert words(FindingStatus.NOT_RUN) is None
