"""What a record says of itself."""

from __future__ import annotations

from dataclasses import replace

from tests.support.probes import ended, record, refused_by_alert
from trustdesk.core.handshake import AlertDirection
from trustdesk.core.probe import Outcome, Phase, StopReason


def test_last_alert_is_of_one_direction_and_more_than_a_goodbye() -> None:
    refused = refused_by_alert(48)
    (alert,) = refused.alerts
    ours = replace(alert, direction=AlertDirection.SENT, code=42)
    goodbye = replace(alert, level="warning", code=0)
    several = replace(refused, alerts=(replace(alert, code=40), alert, ours, goodbye))
    assert several.last_alert(AlertDirection.RECEIVED) == alert
    assert several.last_alert(AlertDirection.SENT) == ours
    assert record(alerts=(goodbye,)).last_alert(AlertDirection.RECEIVED) is None


def test_alert_refuses_only_where_it_ended_the_probe() -> None:
    refused = refused_by_alert(48)
    assert refused.refusing_alert == refused.alerts[0]
    reset = ended(Outcome.REJECTED_BY_PEER, StopReason.RESET, Phase.HANDSHAKE, alerts=refused.alerts)
    assert reset.refusing_alert is None
