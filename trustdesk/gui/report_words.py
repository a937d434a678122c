"""A report in the words that every page's banner shows: its state, who has to act, the loudest fact."""

from __future__ import annotations

from trustdesk.core.message import msg
from trustdesk.core.probe import ProbeRecord
from trustdesk.gui.words import say
from trustdesk.services.verdict_words import action_of, state_of

__all__ = ["action_of", "loudest_fact", "state_of"]

# The proper ends of a connection, whatever their level says (RFC 8446 6.1).
_ENDINGS = frozenset({"close_notify", "user_canceled"})


def loudest_fact(record: ProbeRecord) -> str:
    """Return the one fact for the end of the banner: the last fatal alert, else the answer, else ""."""
    fatal = [alert for alert in record.alerts if alert.level == "fatal" and alert.name not in _ENDINGS]
    if fatal:
        return say(msg("alert {code} at {ms} ms", code=fatal[-1].code, ms=round(fatal[-1].at_ms)))
    if record.http is not None:
        return say(msg("HTTP {status}", status=record.http.status))
    return ""
