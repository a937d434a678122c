"""The words of states, outcomes and of who has to act: the same in every face."""

from __future__ import annotations

from trustdesk.core.finding import Finding, FindingStatus, Severity, Verdict
from trustdesk.core.handshake import CertificateRequested, ClientCertificateVerdict
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import Explanation, Outcome, ProbeReport, Responsible
from trustdesk.core.revocation import StapleStatus
from trustdesk.services.board import BoardRow, State

STATE_WORDS: dict[State, Message] = {
    State.GOOD: msg("Passed"),
    State.WARNING: msg("Warning"),
    State.BAD: msg("Failed"),
    State.UNKNOWN: msg("Not run"),
    State.RUNNING: msg("Running"),
    State.NOT_APPLICABLE: msg("Not applicable"),
}

WORST_FIRST = (
    FindingStatus.FAIL,
    FindingStatus.WARN,
    FindingStatus.NOT_RUN,
    FindingStatus.PASS,
    FindingStatus.NOT_APPLICABLE,
)
"""The order in which results stand: what was not run comes before what passed."""

STATUS_WORDS: dict[FindingStatus, Message] = {
    FindingStatus.PASS: msg("Pass"),
    FindingStatus.WARN: msg("Warning"),
    FindingStatus.FAIL: msg("Failed"),
    FindingStatus.NOT_APPLICABLE: msg("Not applicable"),
    FindingStatus.NOT_RUN: msg("Not run"),
}

STAPLE_WORDS: dict[StapleStatus, Message] = {
    StapleStatus.GOOD: msg("good"),
    StapleStatus.REVOKED: msg("revoked"),
    StapleStatus.UNKNOWN: msg("unknown"),
    StapleStatus.ABSENT: msg("absent"),
    StapleStatus.INVALID: msg("one that cannot be relied on"),
}

SEVERITY_WORDS: dict[Severity, Message] = {
    Severity.BLOCKER: msg("Blocker"),
    Severity.ERROR: msg("Error"),
    Severity.WARNING: msg("Warning"),
    Severity.INFO: msg("Information"),
}

WHO_ACTS: dict[Responsible, Message] = {
    Responsible.US: msg("We have to act."),
    Responsible.PARTNER: msg("Partner has to act."),
    Responsible.NETWORK: msg("Whoever runs the network between us has to act."),
    Responsible.CA: msg("The certification authority has to act."),
    Responsible.UNCLEAR: msg("It is not clear yet who has to act."),
    Responsible.NOBODY: msg("Nobody has to act."),
}

WHO: dict[Responsible, Message] = {
    Responsible.US: msg("Us"),
    Responsible.PARTNER: msg("Partner"),
    Responsible.NETWORK: msg("Network"),
    Responsible.CA: msg("CA"),
    Responsible.UNCLEAR: msg("Unclear"),
    Responsible.NOBODY: msg("Nobody"),
}

OUTCOME_WORDS: dict[Outcome, Message] = {
    Outcome.ACCEPTED: msg("Accepted, an answer proves it"),
    Outcome.REJECTED_BY_PEER: msg("Ended by the partner"),
    Outcome.UNTRUSTED_PEER: msg("The server is not trusted"),
    Outcome.NOT_REACHED: msg("Not reached"),
    Outcome.NOT_TLS: msg("Not TLS"),
    Outcome.TIMED_OUT: msg("Timed out"),
    Outcome.CANCELLED: msg("Cancelled"),
}

REQUESTED_WORDS: dict[CertificateRequested, Message] = {
    CertificateRequested.NO: msg("not asked for"),
    CertificateRequested.OPTIONAL: msg("optional"),
    CertificateRequested.REQUIRED: msg("required"),
    CertificateRequested.LATER: msg("asked for after the handshake"),
    CertificateRequested.UNKNOWN: msg("asked for"),
}

CLIENT_CERTIFICATE_WORDS: dict[ClientCertificateVerdict, Message] = {
    ClientCertificateVerdict.ACCEPTED: msg("accepted, an answer proves it"),
    ClientCertificateVerdict.REJECTED: msg("rejected"),
    ClientCertificateVerdict.NOT_ASKED: msg("not asked for"),
    ClientCertificateVerdict.IGNORED: msg("optional: answered without one"),
    ClientCertificateVerdict.UNKNOWN: msg("not known"),
}

STATE_OF_STATUS: dict[FindingStatus, State] = {
    FindingStatus.PASS: State.GOOD,
    FindingStatus.WARN: State.WARNING,
    FindingStatus.FAIL: State.BAD,
    FindingStatus.NOT_APPLICABLE: State.NOT_APPLICABLE,
    FindingStatus.NOT_RUN: State.UNKNOWN,
}


def shown_status(finding: Finding) -> FindingStatus:
    """Return what came of a rule as it is shown: what fails and hurts nothing is a warning, and never red."""
    if finding.status is FindingStatus.FAIL and not finding.is_failure:
        return FindingStatus.WARN
    return finding.status


def state_of_finding(finding: Finding) -> State:
    """Return the state that goes with `shown_status`."""
    return STATE_OF_STATUS[shown_status(finding)]


NOT_JUDGED = msg("Not judged")
"""Of something that was tested, and is not judged for the day that is looked at."""


INCONCLUSIVE_WORD = msg("Inconclusive")
"""Of a test that tells nothing of the partner: not reached, no answer in time, cancelled."""


def row_word(row: BoardRow) -> Message:
    """Return the word of a row's state."""
    if row.state is not State.UNKNOWN or row.tested_at is None:
        return STATE_WORDS[row.state]
    return INCONCLUSIVE_WORD if row.is_inconclusive else NOT_JUDGED


STATE_OF_VERDICT = {Verdict.PASS: State.GOOD, Verdict.WARN: State.WARNING, Verdict.FAIL: State.BAD}


def state_of(report: ProbeReport) -> State:
    """Return the state that a report is shown with; an open one is neither good nor bad."""
    return State.UNKNOWN if report.is_open else STATE_OF_VERDICT[report.verdict]


def action_of(explanation: Explanation) -> Message:
    """Say who has to act and what to do."""
    who = WHO_ACTS[explanation.responsible]
    if explanation.action is None:
        return who
    if explanation.responsible is Responsible.NOBODY:
        return explanation.action
    return msg("{who} {action}", who=who, action=explanation.action)
