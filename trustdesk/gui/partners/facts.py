"""A probe in words for a banner and for the detail of a partner; the words are those of every face."""

from __future__ import annotations

from trustdesk.core.message import msg
from trustdesk.core.probe import ProbeRecord, ProbeReport
from trustdesk.gui.words import say
from trustdesk.services import probe_facts
from trustdesk.services.verdict_words import action_of, state_of

__all__ = ["action_of", "facts_of", "loudest_fact", "state_of"]

_ONE_LINE = 100


def loudest_fact(record: ProbeRecord) -> str:
    """Return the one fact for the end of the banner: the alert, else the answer; "" for neither."""
    # close_notify is the proper end of a connection (RFC 8446 6.1).
    alerts = [alert for alert in record.alerts if alert.name != "close_notify"]
    if alerts:
        return say(msg("alert {code} at {ms} ms", code=alerts[-1].code, ms=round(alerts[-1].at_ms)))
    if record.http is not None:
        return say(msg("HTTP {status}", status=record.http.status))
    return ""


def facts_of(report: ProbeReport) -> tuple[tuple[str, str], ...]:
    """Return label and lines of each fact that is known, in words, safe to show."""
    return tuple(
        (say(label), _joined([say(line) for line in lines])) for label, lines in probe_facts.facts_of(report)
    )


def _joined(lines: list[str]) -> str:
    """Put short facts on one line; names with commas of their own stand each on its own."""
    if any("," in line for line in lines) or sum(map(len, lines)) > _ONE_LINE:
        return "\n".join(lines)
    return ", ".join(lines)
