"""What came back to a client, in the words of `tests.servers.families`."""

from __future__ import annotations

from trustdesk.core.handshake import AlertDirection
from trustdesk.core.probe import Outcome, ProbeRecord, StopReason

_CLOSE_NOTIFY, _USER_CANCELED = 0, 90


def answer(record: ProbeRecord) -> str:
    """`accepted`, `alert N`, `http N` for a refusal in HTTP, `closed`, or else the outcome."""
    refusals = [
        alert.code
        for alert in record.alerts
        if alert.direction is AlertDirection.RECEIVED and alert.code not in {_CLOSE_NOTIFY, _USER_CANCELED}
    ]
    if record.outcome is Outcome.ACCEPTED:
        return "accepted"
    if record.stopped_by is StopReason.HTTP_REFUSAL and record.http is not None:
        return f"http {record.http.status}"
    if record.stopped_by is StopReason.ALERT and refusals:
        return f"alert {refusals[-1]}"
    return "closed" if record.outcome is Outcome.REJECTED_BY_PEER else record.outcome.value
