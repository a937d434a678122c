"""A diagnosis on a terminal: what is said of the checks before it."""

from __future__ import annotations

import io
from dataclasses import replace

from rich.console import Console

from tests.support.diagnoses import diagnosis
from trustdesk.cli.render_diagnosis import print_diagnosis
from trustdesk.core.finding import FindingStatus

FINDING = diagnosis().preflight[0]


def printed(*statuses: FindingStatus) -> str:
    out = Console(file=io.StringIO(), width=120)
    preflight = tuple(replace(FINDING, status=one) for one in statuses)
    print_diagnosis(out, replace(diagnosis(), preflight=preflight))
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def test_checks_that_were_not_made_are_not_counted_and_said() -> None:
    said = printed(FindingStatus.PASS, *[FindingStatus.NOT_RUN] * 9)
    assert "Our certificate before the test: 1 of 1 checks passed; 9 could not be made." in said
    assert "Our certificate before the test: 1 of 2 checks passed." in printed(
        FindingStatus.PASS, FindingStatus.WARN
    )


def test_nothing_is_said_where_nothing_was_checked() -> None:
    assert "Our certificate before the test" not in printed(
        FindingStatus.NOT_RUN, FindingStatus.NOT_APPLICABLE
    )
