"""The partner table as values: one row for each endpoint, each cell with a state and a word."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from trustdesk.core.finding import FindingStatus, Verdict
from trustdesk.core.handshake import CertificateRequested, ClientCertificateVerdict
from trustdesk.core.light_dataclass import light_dataclass
from trustdesk.core.message import Message, msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import (
    INCONCLUSIVE,
    NOT_TOLD,
    Explanation,
    OwnStanding,
    ProbeReport,
    Responsible,
)
from trustdesk.core.trust import ServerFault


class State(StrEnum):
    """The states of the look: icon, word and colour belong to each."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    UNKNOWN = "unknown"
    RUNNING = "running"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its state and its word."""

    state: State
    word: Message


@light_dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One endpoint of the table.

    Attributes:
        state: of the whole row; UNKNOWN for what was not tested, or is not judged for the day in view.
        tls_version: "1.3"; None when no handshake got that far.
        server: verdict on the server certificate.
        mtls: what became of the client certificate.
        on_list: whether the path ends at an anchor of the list, and the list has it for this server.
        days_left: whole days until the end-entity certificate expires, negative when it has;
            None when none was seen.
        tested_at: start of the last probe; None when there was none.
        explanation: the last probe in words; None when there was none, or while it is not judged.
        is_due: whether the result has to be judged again before it can be shown: for another day, by another
            list, or because a certificate came to its end since the test.
        is_inconclusive: whether the last probe tells nothing of the partner: it was not reached, did not
            answer in time, or the probe was cancelled.
    """

    endpoint: Endpoint
    state: State
    tls_version: str | None
    server: Cell
    mtls: Cell
    on_list: Cell
    days_left: int | None
    tested_at: datetime | None
    explanation: Explanation | None
    is_due: bool = False
    is_inconclusive: bool = False


_NOT_RUN = Cell(State.UNKNOWN, msg("Not run"))
_NOT_JUDGED = Cell(State.UNKNOWN, msg("Not judged"))
_JUDGING = Cell(State.UNKNOWN, msg("Judging …"))

_STATE_OF_VERDICT = {Verdict.PASS: State.GOOD, Verdict.WARN: State.WARNING, Verdict.FAIL: State.BAD}


def board_row(endpoint: Endpoint, report: ProbeReport | None, at: datetime) -> BoardRow:
    """Return the row of an endpoint after its last probe.

    Args:
        report: as the probe left it, or judged again; None for an endpoint never tested.
        at: what days left are counted from: the present, or the day that is looked at.
    """
    if report is None:
        return untested_row(endpoint)
    record = report.record
    negotiated = record.negotiated
    return BoardRow(
        endpoint=endpoint,
        state=row_state(report),
        tls_version=negotiated.version.removeprefix("TLSv") if negotiated else None,
        server=_server_cell(report),
        mtls=_mtls_cell(report),
        on_list=_on_list_cell(report),
        days_left=_days_left(report, at),
        tested_at=record.started_at,
        explanation=report.explanation,
        is_inconclusive=_is_inconclusive(report),
    )


def row_state(report: ProbeReport) -> State:
    """Return the state of a row; what was not reached says nothing of the partner."""
    if report.is_open or report.record.outcome in INCONCLUSIVE:
        return State.UNKNOWN
    return _STATE_OF_VERDICT[report.verdict]


def _is_inconclusive(report: ProbeReport) -> bool:
    is_left_open = report.rejudged is not None and report.rejudged.is_open
    return not is_left_open and report.record.outcome in NOT_TOLD


def untested_row(endpoint: Endpoint) -> BoardRow:
    """Return the row of an endpoint that was never tested."""
    return BoardRow(
        endpoint=endpoint,
        state=State.UNKNOWN,
        tls_version=None,
        server=_NOT_RUN,
        mtls=_NOT_RUN,
        on_list=_NOT_RUN,
        days_left=None,
        tested_at=None,
        explanation=None,
    )


def without_identity(endpoint: Endpoint) -> BoardRow:
    """Return the row of an endpoint that was not tested, because the identity that it names is gone."""
    headline = msg("There is no identity of the name {name} any more.", name=endpoint.identity or "")
    return replace(
        untested_row(endpoint),
        state=State.BAD,
        explanation=Explanation(
            cause="",
            headline=headline,
            responsible=Responsible.US,
            action=msg("Choose another identity for this endpoint, or import this one again."),
        ),
    )


def awaiting(row: BoardRow, *, keeps_days: bool = True) -> BoardRow:
    """Return a tested row as it is shown until it has been judged again: neither good nor bad.

    Args:
        keeps_days: whether its days left are counted from the day in view; else none are shown.
    """
    if row.tested_at is None:
        return row
    return _without_verdict(row, _JUDGING, row.days_left if keeps_days else None, is_due=True)


def not_judged(row: BoardRow) -> BoardRow:
    """Return a tested row as it is shown when it will not be judged again."""
    return row if row.tested_at is None else _without_verdict(row, _NOT_JUDGED, row.days_left, is_due=False)


def _without_verdict(row: BoardRow, cell: Cell, days_left: int | None, *, is_due: bool) -> BoardRow:
    # Not by replace(), which takes four times as long: this is done with all rows of a table in one go.
    return BoardRow(
        endpoint=row.endpoint,
        state=State.UNKNOWN,
        tls_version=row.tls_version,
        server=cell,
        mtls=cell,
        on_list=cell,
        days_left=days_left,
        tested_at=row.tested_at,
        explanation=None,
        is_due=is_due,
        is_inconclusive=False,
    )


_FAILED_SERVER_RULES = (
    ("SRV-16", msg("Self-signed")),
    ("SRV-01", msg("Dates")),
    ("SRV-03", msg("Wrong name")),
    ("SRV-02", msg("Wrong purpose")),
    ("CHN-02", msg("Chain gap")),
    ("SRV-17", msg("Not on list")),
)


def _server_cell(report: ProbeReport) -> Cell:
    judgement = report.record.judgement
    if judgement is None:
        return _NOT_JUDGED if _is_for_a_day(report) else _NOT_RUN
    if judgement.trusted:
        return Cell(State.GOOD, msg("Trusted"))
    failed = {f.rule for f in judgement.findings if f.status is FindingStatus.FAIL}
    if judgement.faults[:1] == (ServerFault.EXPIRED,):
        return Cell(State.BAD, msg("Expired"))
    if judgement.faults[:1] == (ServerFault.NOT_YET_VALID,):
        return Cell(State.BAD, msg("Not yet valid"))
    if ServerFault.REVOKED in judgement.faults:
        return Cell(State.BAD, msg("Revoked"))
    for fault, word in _WORDS_OF_TRUST.items():
        if fault in judgement.faults:
            return Cell(State.BAD, word)
    for rule, word in _FAILED_SERVER_RULES:
        if rule in failed:
            return Cell(State.BAD, word)
    return Cell(State.BAD, msg("Not trusted"))


_WORDS_OF_TRUST = {
    ServerFault.DISTRUSTED: msg("Distrusted"),
    ServerFault.NOT_THROUGH_CHOSEN_CA: msg("Another CA"),
    ServerFault.PIN_MISMATCH: msg("Not pinned"),
}
"""What a list, a person or a policy has against a chain whose CA may well be on the list."""

_WORDS_OF_THEN: dict[str, Message] = {
    "Accepted": msg("Accepted then"),
    "Rejected": msg("Rejected then"),
    "None sent": msg("None sent then"),
    "Not asked": msg("Not asked then"),
    "Optional": msg("Optional then"),
}
"""What a server made of our certificate on the day of the test, said on a row that is judged for another."""


def _mtls_cell(report: ProbeReport) -> Cell:
    """Say what became of our certificate; at a day when it is not in force, that outweighs it."""
    rejudged = report.rejudged
    if rejudged is None:
        return _mtls_then(report)
    match rejudged.own:
        case OwnStanding.EXPIRED:
            return Cell(State.BAD, msg("Ours expired"))
        case OwnStanding.NOT_YET_VALID:
            return Cell(State.BAD, msg("Ours not valid yet"))
    then = _mtls_then(report)
    if not rejudged.is_chosen:
        return then
    if then.state is State.GOOD and rejudged.own is OwnStanding.UNKNOWN:
        return _NOT_JUDGED
    return replace(then, word=_WORDS_OF_THEN.get(then.word.id, then.word))


def _mtls_then(report: ProbeReport) -> Cell:
    client_auth = report.record.client_auth
    match client_auth.verdict:
        case ClientCertificateVerdict.ACCEPTED:
            return Cell(State.GOOD, msg("Accepted"))
        case ClientCertificateVerdict.REJECTED:
            return Cell(State.BAD, msg("Rejected") if client_auth.sent else msg("None sent"))
        case ClientCertificateVerdict.NOT_ASKED:
            return Cell(State.NOT_APPLICABLE, msg("Not asked"))
        case ClientCertificateVerdict.IGNORED:
            return Cell(State.NOT_APPLICABLE, msg("Optional"))
        case ClientCertificateVerdict.UNKNOWN:
            if client_auth.requested is CertificateRequested.UNKNOWN and client_auth.request is None:
                return _NOT_RUN
            return Cell(State.UNKNOWN, msg("Unknown"))


def _on_list_cell(report: ProbeReport) -> Cell:
    judgement = report.record.judgement
    if judgement is None:
        return _NOT_JUDGED if _is_for_a_day(report) else _NOT_RUN
    if ServerFault.DISTRUSTED in judgement.faults:
        return Cell(State.BAD, msg("Distrusted"))
    if judgement.path and ServerFault.CA_NOT_IN_LIST in judgement.faults:
        return Cell(State.WARNING, msg("Limited"))  # for others than servers, or not for this one
    if judgement.path:
        return Cell(State.GOOD, msg("Yes"))
    if _status(report, "SRV-17") is not FindingStatus.FAIL:
        return Cell(State.UNKNOWN, msg("Unknown"))
    return Cell(State.WARNING, msg("No"))


def _is_for_a_day(report: ProbeReport) -> bool:
    return report.rejudged is not None and report.rejudged.is_chosen


def _status(report: ProbeReport, rule: str) -> FindingStatus | None:
    return next((finding.status for finding in report.findings if finding.rule == rule), None)


def _days_left(report: ProbeReport, at: datetime) -> int | None:
    chain = report.record.presented_chain
    if not chain or chain[0].not_after is None:
        return None
    return (chain[0].not_after - at).days
