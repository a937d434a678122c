"""The table of partners for a spreadsheet: one line for each endpoint."""

from __future__ import annotations

from trustdesk.core.message import Message, msg
from trustdesk.core.probe import Outcome, ProbeReport
from trustdesk.formats.tables import Value
from trustdesk.services.board import BoardRow
from trustdesk.services.verdict_words import OUTCOME_WORDS, WHO, row_word
from trustdesk.services.wording import Wording

COLUMNS: tuple[Message, ...] = (
    msg("Partner"),
    msg("Endpoint"),
    msg("State"),
    msg("TLS"),
    msg("Server"),
    msg("mTLS"),
    msg("On list"),
    msg("Days left"),
    msg("Tested (UTC)"),
    msg("Outcome"),
    msg("What is wrong"),
    msg("Who has to act"),
    msg("What to do"),
    msg("Cause"),
    msg("Alert"),
    msg("Subject"),
    msg("Issuer"),
    msg("Valid until (UTC)"),
    msg("SHA-256"),
    msg("Identity"),
    msg("Note"),
    msg("Judged for (UTC)"),
)


def csv_row(row: BoardRow, report: ProbeReport | None, wording: Wording) -> list[Value]:
    """Return the cells of an endpoint in the order of `COLUMNS`, without the last: the day judged for."""
    say = wording.text
    explanation = row.explanation
    record = None if report is None else report.record
    leaf = record.presented_chain[0] if record is not None and record.presented_chain else None
    fatal = [] if record is None else [alert for alert in record.alerts if alert.level == "fatal"]
    return [
        row.endpoint.partner,
        row.endpoint.target.endpoint,
        say(row_word(row)),
        row.tls_version,
        say(row.server.word),
        say(row.mtls.word),
        say(row.on_list.word),
        row.days_left,
        row.tested_at,
        None if report is None else say(OUTCOME_WORDS[_outcome_of_test(report)]),
        None if explanation is None else say(explanation.headline),
        None if explanation is None else say(WHO[explanation.responsible]),
        None if explanation is None or explanation.action is None else say(explanation.action),
        None if explanation is None else explanation.cause,
        f"{fatal[-1].name} ({fatal[-1].code})" if fatal else None,
        None if leaf is None else leaf.subject,
        None if leaf is None else leaf.issuer,
        None if leaf is None else leaf.not_after,
        None if leaf is None else leaf.sha256,
        row.endpoint.identity,
        row.endpoint.note,
    ]


def _outcome_of_test(report: ProbeReport) -> Outcome:
    return report.record.outcome if report.rejudged is None else report.rejudged.outcome
