"""TLS beside mTLS: what came of each, in words, and where the time went."""

from __future__ import annotations

from dataclasses import dataclass

from trustdesk.core.finding import Verdict
from trustdesk.core.handshake import AlertDirection, CertificateRequested, ClientCertificateVerdict
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import Outcome, OwnStanding, Phase, ProbeRecord, ProbeReport
from trustdesk.gui.handshake.phase_facts import PHASE_NAMES, PhaseStep, finished_steps, phase_ms
from trustdesk.gui.handshake.run_book import RunKind
from trustdesk.services.board import State
from trustdesk.services.verdict_words import NOT_JUDGED


@dataclass(frozen=True, slots=True, kw_only=True)
class PhasePart:
    """One phase of a run: its time, None where it did not end, and its step with the word for it."""

    step: PhaseStep
    elapsed_ms: float | None

    @property
    def phase(self) -> Phase:
        """Which phase it is."""
        return self.step.phase


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonColumn:
    """One column.

    Attributes:
        identity: name of the client identity; None in a run without certificate.
        outcome: in two or three words.
        detail: what it rests on; None where the words say it all.
        total_ms: sum of the parts that ended.
    """

    kind: RunKind
    identity: str | None
    state: State
    outcome: Message
    detail: Message | None
    parts: tuple[PhasePart, ...]
    total_ms: float


def comparison_column(report: ProbeReport, kind: RunKind, identity: str | None) -> ComparisonColumn:
    """Return the column of a finished run."""
    record = report.record
    state, outcome = _outcome(report, kind)
    parts = tuple(
        PhasePart(step=step, elapsed_ms=phase_ms(record.phases, step.phase))
        for step in finished_steps(record)
    )
    return ComparisonColumn(
        kind=kind,
        identity=identity,
        state=state,
        outcome=outcome,
        detail=_detail(record),
        parts=parts,
        total_ms=sum(part.elapsed_ms or 0.0 for part in parts),
    )


_STATE_OF_VERDICT = {Verdict.PASS: State.GOOD, Verdict.WARN: State.WARNING, Verdict.FAIL: State.BAD}


def _outcome(report: ProbeReport, kind: RunKind) -> tuple[State, Message]:
    client_auth = report.record.client_auth
    again = report.rejudged
    if again is not None and again.is_open:
        return State.UNKNOWN, NOT_JUDGED
    match report.record.outcome:
        case Outcome.ACCEPTED if again is not None and again.own is OwnStanding.EXPIRED:
            return State.BAD, msg("Our certificate expired")
        case Outcome.ACCEPTED if again is not None and again.own is OwnStanding.NOT_YET_VALID:
            return State.BAD, msg("Our certificate not valid yet")
        case Outcome.ACCEPTED:
            return _STATE_OF_VERDICT[report.verdict], _accepted(report.record)
        case Outcome.REJECTED_BY_PEER:
            without = kind is RunKind.TLS and not client_auth.sent
            if without and client_auth.requested is CertificateRequested.REQUIRED:
                # A partner that insists on mTLS is right to refuse: that is no trouble.
                return State.NOT_APPLICABLE, msg("Refused as expected")
            return State.BAD, msg("Rejected by partner")
        case Outcome.UNTRUSTED_PEER:
            return State.BAD, msg("Server not trusted")
        case Outcome.NOT_REACHED:
            return State.BAD, msg("Not reached")
        case Outcome.NOT_TLS:
            return State.BAD, msg("Not TLS")
        case Outcome.TIMED_OUT:
            return State.BAD, msg("Timed out")
        case Outcome.CANCELLED:
            return State.UNKNOWN, msg("Cancelled")


def _accepted(record: ProbeRecord) -> Message:
    match record.client_auth.verdict:
        case ClientCertificateVerdict.ACCEPTED:
            return msg("Certificate accepted")
        case ClientCertificateVerdict.NOT_ASKED:
            return msg("Answered, none asked for")
        case ClientCertificateVerdict.IGNORED:
            return msg("Answered without one")
        case _:
            return msg("Answered")


def _detail(record: ProbeRecord) -> Message | None:
    received = [alert for alert in record.alerts if alert.direction is AlertDirection.RECEIVED]
    fatal = [alert for alert in received if alert.level == "fatal"]
    if record.outcome is Outcome.UNTRUSTED_PEER and record.judgement is not None:
        return msg("by {trust_list}", trust_list=record.judgement.trust_list)
    if fatal:
        return msg("{alert} ({code})", alert=fatal[-1].name, code=fatal[-1].code)
    if record.outcome is Outcome.CANCELLED:
        return None
    if record.http is not None:
        return msg("HTTP {status}", status=record.http.status)
    if record.amqp is not None and record.amqp.version is not None:
        return msg("AMQP {version}", version=record.amqp.version)
    if record.outcome is not Outcome.ACCEPTED and record.ended_in in PHASE_NAMES:
        return msg("in {phase}", phase=PHASE_NAMES[record.ended_in])
    return None
