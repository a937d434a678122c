"""A review for a spreadsheet: one line for each rule of each endpoint, and for each thing not checked."""

from __future__ import annotations

from collections.abc import Iterator

from trustdesk.core.finding import Finding, FindingStatus
from trustdesk.core.message import Message, msg
from trustdesk.formats.tables import Value, csv_table
from trustdesk.services.not_checked import gaps_of
from trustdesk.services.review import EndpointReview, PartnerReview
from trustdesk.services.section_writer import WORST_FIRST
from trustdesk.services.verdict_words import (
    SEVERITY_WORDS,
    STATUS_WORDS,
    row_word,
    shown_status,
    state_of_finding,
)
from trustdesk.services.wording import Wording

_COLUMNS: tuple[Message, ...] = (
    msg("Partner"),
    msg("Endpoint"),
    msg("State"),
    msg("Tested (UTC)"),
    msg("Part"),
    msg("Rule"),
    msg("Result"),
    msg("Severity"),
    msg("Title"),
    msg("Found"),
    msg("What to do"),
    msg("Source"),
    msg("SHA-256"),
    msg("Judged for (UTC)"),
)


def review_csv(review: PartnerReview, wording: Wording) -> bytes:
    """Return the table, what failed first; no cell of it is a formula."""
    lines = (
        [review.partner.name, *line, review.evaluated_at]
        for endpoint in review.endpoints
        for line in _lines(endpoint, wording)
    )
    return csv_table([wording.text(column) for column in _COLUMNS], lines)


def _lines(review: EndpointReview, wording: Wording) -> Iterator[list[Value]]:
    say, row = wording.text, review.row
    chain = () if review.report is None else review.report.record.presented_chain
    digest = chain[0].sha256 if chain else None
    head: list[Value] = [row.endpoint.target.endpoint, say(row_word(row)), row.tested_at]
    tested = () if review.report is None else review.report.findings
    ready = () if review.readiness is None else review.readiness.findings
    for part, findings in ((msg("Last test"), tested), (msg("Readiness"), ready)):
        for finding in sorted(findings, key=lambda one: WORST_FIRST.index(state_of_finding(one))):
            if finding.status is not FindingStatus.NOT_RUN:  # Those are among what was not checked.
                yield [*head, say(part), *_rule(finding, wording), digest]
    not_checked, not_run = say(msg("Not checked")), say(STATUS_WORDS[FindingStatus.NOT_RUN])
    for gap in gaps_of(review):
        yield [*head, not_checked, gap.rule, not_run, None, say(gap.what), say(gap.why), None, None, digest]


def _rule(finding: Finding, wording: Wording) -> list[Value]:
    say = wording.text
    return [
        finding.rule,
        say(STATUS_WORDS[shown_status(finding)]),
        say(SEVERITY_WORDS[finding.severity]),
        say(finding.title),
        say(finding.evidence),
        None if finding.remedy is None else say(finding.remedy),
        finding.source,
    ]
