"""What is in view of one run, live or finished: the facts that every part of the page is told from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC

from trustdesk.core.handshake import TimelineEvent
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.probe import Phase, ProbeReport
from trustdesk.core.target import Target
from trustdesk.core.untrusted import visible
from trustdesk.gui.handshake.comparison import KIND_NAMES
from trustdesk.gui.handshake.known_facts import reached_tls
from trustdesk.gui.handshake.phase_facts import PHASE_NAMES, stopped_in
from trustdesk.gui.handshake.run_book import RunKind
from trustdesk.gui.words import say


@dataclass(slots=True, kw_only=True)
class LiveRun:
    """One run while it goes on; filled by its progress.

    Attributes:
        number: counts the runs of the page.
        entered: phases in the order in which they began.
    """

    number: int
    kind: RunKind
    target: Target
    identity: str | None
    entered: list[Phase] = field(default_factory=list)
    events: list[TimelineEvent] = field(default_factory=list)

    def take(self, progress: Phase | TimelineEvent) -> None:
        """Take one step."""
        if isinstance(progress, Phase):
            self.entered.append(progress)
        else:
            self.events.append(progress)


def live_fact(run: LiveRun) -> str:
    """Say which run fills the ladder, and how far it is."""
    events = msg_n("{count} event", "{count} events", len(run.events))
    return say(msg("{kind}, running, {events}", kind=KIND_NAMES[run.kind], events=events))


def report_fact(report: ProbeReport, kind: RunKind) -> str:
    """Say which run the ladder shows: kind, version, events and time."""
    record = report.record
    events = msg_n("{count} event", "{count} events", len(record.timeline))
    last = record.timeline[-1].at_ms if record.timeline else 0.0
    if record.negotiated is None:
        return say(msg("{kind}, {events}, {time} ms", kind=KIND_NAMES[kind], events=events, time=last))
    return say(
        msg(
            "{kind}, {version}, {events}, {time} ms",
            kind=KIND_NAMES[kind],
            version=record.negotiated.version.replace("TLSv", "TLS "),
            events=events,
            time=last,
        )
    )


def report_title(report: ProbeReport) -> str:
    """Say beside the page's title what was run and when; where it stopped, if that was before TLS."""
    record = report.record
    endpoint, time = record.target.endpoint, f"{record.started_at.astimezone(UTC):%H:%M:%S}"
    stopped = stopped_in(record)
    if stopped is None or reached_tls(record):
        return say(msg("{endpoint}, run at {time} UTC", endpoint=endpoint, time=time))
    return say(
        msg(
            "{endpoint}, stopped in {phase}, {time} UTC",
            endpoint=endpoint,
            phase=PHASE_NAMES[stopped],
            time=time,
        )
    )


def is_refused_in_http(report: ProbeReport | None) -> bool:
    """Whether the answer was a front end's page about the client certificate; False without a report."""
    http = None if report is None else report.record.http
    return http is not None and http.certificate_refusal is not None


def missing_run(kind: RunKind) -> Message:
    """Say why there is nothing to show for a kind of run, and how to get it."""
    if kind is RunKind.TLS:
        return msg("Not run without a certificate yet. Choose the identity None (plain TLS) and press Run.")
    return msg("Not run with a certificate yet. Choose an identity and press Run.")


def report_details(report: ProbeReport) -> str:
    """Return the technical words behind a verdict: the error, then the library's own, one a line."""
    record = report.record
    lines = []
    if record.error is not None:
        lines.append(say(record.error))
    if record.credential_error is not None:
        lines.append(say(record.credential_error))
    if record.error_detail:
        lines.append(visible(record.error_detail))
    lines.extend(say(evidence) for evidence in report.explanation.evidence)
    return "\n".join(lines)
