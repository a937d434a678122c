"""How far a run came: the steps of the phase strip, and the parts of the time bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from trustdesk.core.message import Message, msg
from trustdesk.core.probe import Outcome, Phase, PhaseTimes, ProbeRecord

PHASES = (Phase.RESOLVE, Phase.CONNECT, Phase.HANDSHAKE, Phase.SETTLE, Phase.REQUEST)
"""The phases that are shown; what goes through a proxy is shown as connecting."""

PHASE_NAMES = {
    Phase.RESOLVE: msg("Resolve"),
    Phase.CONNECT: msg("Connect"),
    Phase.HANDSHAKE: msg("Handshake"),
    Phase.SETTLE: msg("Settle"),
    Phase.REQUEST: msg("First byte"),
}

PHASE_HINTS = {
    Phase.RESOLVE: msg("The name is turned into addresses."),
    Phase.CONNECT: msg("TCP connects."),
    Phase.HANDSHAKE: msg("TLS, from ClientHello to our Finished."),
    Phase.SETTLE: msg("Time for the partner to refuse our certificate, before anything is sent (TLS 1.3)."),
    Phase.REQUEST: msg("From the request to the first byte of the answer."),
}

_ORDER = list(Phase)


class StepState(StrEnum):
    """What became of a phase. SKIPPED was not needed; NOT_RUN was never reached."""

    DONE = "done"
    RUNNING = "running"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    NOT_RUN = "not_run"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseStep:
    """One phase on the strip: its name, what became of it, and its time or one word."""

    phase: Phase
    state: StepState
    word: Message


def milliseconds(value: float) -> Message:
    """Return a time with one decimal."""
    return msg("{time} ms", time=value)


def phase_ms(times: PhaseTimes, phase: Phase) -> float | None:
    """Return the milliseconds spent in a phase of PHASES; None for one that did not end."""
    return {
        Phase.RESOLVE: times.resolve_ms,
        Phase.CONNECT: times.proxy_ms if times.connect_ms is None else times.connect_ms,
        Phase.HANDSHAKE: times.handshake_ms,
        Phase.SETTLE: times.settle_ms,
        Phase.REQUEST: times.first_byte_ms,
    }[phase]


def running_steps(entered: Sequence[Phase]) -> tuple[PhaseStep, ...]:
    """Return the steps of a run that has entered these phases, the last of them now."""
    entered = [Phase.CONNECT if phase is Phase.PROXY else phase for phase in entered]
    now = entered[-1] if entered else Phase.RESOLVE
    steps = []
    for phase in PHASES:
        if phase is now:
            steps.append(PhaseStep(phase=phase, state=StepState.RUNNING, word=msg("running")))
        elif _ORDER.index(phase) < _ORDER.index(now):
            skipped = phase not in entered
            state = StepState.SKIPPED if skipped else StepState.DONE
            steps.append(
                PhaseStep(phase=phase, state=state, word=msg("not needed") if skipped else msg("done"))
            )
        else:
            steps.append(PhaseStep(phase=phase, state=StepState.NOT_RUN, word=msg("not run")))
    return tuple(steps)


def finished_steps(record: ProbeRecord) -> tuple[PhaseStep, ...]:
    """Return the steps of a run that has ended."""
    return tuple(_finished_step(record, phase) for phase in PHASES)


def stopped_in(record: ProbeRecord) -> Phase | None:
    """Return the phase where a run stopped before its answer; None when it got one."""
    ended = Phase.CONNECT if record.ended_in is Phase.PROXY else record.ended_in
    return ended if ended in PHASES else None


def _finished_step(record: ProbeRecord, phase: Phase) -> PhaseStep:
    elapsed = phase_ms(record.phases, phase)
    ended = stopped_in(record)
    if phase is ended:
        cancelled = record.outcome is Outcome.CANCELLED
        state = StepState.CANCELLED if cancelled else StepState.FAILED
        return PhaseStep(phase=phase, state=state, word=_stop_word(record))
    if elapsed is not None:
        return PhaseStep(phase=phase, state=StepState.DONE, word=milliseconds(elapsed))
    if ended is None or _ORDER.index(phase) < _ORDER.index(ended):
        return PhaseStep(phase=phase, state=StepState.SKIPPED, word=msg("not needed"))
    return PhaseStep(phase=phase, state=StepState.NOT_RUN, word=msg("not run"))


def _stop_word(record: ProbeRecord) -> Message:
    match record.outcome:
        case Outcome.TIMED_OUT:
            return msg("timed out")
        case Outcome.CANCELLED:
            return msg("cancelled")
        case Outcome.REJECTED_BY_PEER:
            return msg("refused")
        case _:
            return msg("failed")
