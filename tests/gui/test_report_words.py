"""State and loudest fact of a report, the same on every page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support import samples
from trustdesk.core.handshake import Alert, AlertDirection
from trustdesk.core.probe import ProbeRecord, ProbeReport
from trustdesk.gui.report_words import action_of, loudest_fact, state_of
from trustdesk.gui.words import say
from trustdesk.services.board import State


def _alert(name: str, code: int, at_ms: float, level: str = "fatal") -> Alert:
    return Alert(direction=AlertDirection.RECEIVED, level=level, code=code, name=name, at_ms=at_ms)


def _with(*alerts: Alert) -> ProbeRecord:
    return replace(samples.healthy().record, alerts=alerts)


def test_the_last_fatal_alert_is_louder_than_the_answer() -> None:
    record = _with(_alert("bad_certificate", 42, 10), _alert("unknown_ca", 48, 58.2))
    assert loudest_fact(record) == "alert 48 at 58 ms"


@pytest.mark.parametrize("level", ["warning", "fatal"])
def test_an_ending_is_never_the_loudest_fact(level: str) -> None:
    ending = _alert("close_notify", 0, 60, level)
    assert loudest_fact(_with(ending)) == "HTTP 401"
    assert loudest_fact(_with(_alert("unknown_ca", 48, 58.2), ending)) == "alert 48 at 58 ms"


def test_a_warning_is_no_refusal() -> None:
    assert loudest_fact(_with(_alert("unrecognized_name", 112, 20, "warning"))) == "HTTP 401"


def test_where_there_is_neither_nothing_is_said() -> None:
    assert loudest_fact(samples.not_reached().record) == ""


@pytest.mark.parametrize(
    ("report", "state"),
    [
        (samples.healthy(), State.GOOD),
        (samples.expiring(), State.WARNING),
        (samples.rejected_client(), State.BAD),
        (samples.cancelled(), State.UNKNOWN),
    ],
)
def test_the_state_is_the_verdict_and_a_cancelled_run_has_none(report: ProbeReport, state: State) -> None:
    assert state_of(report) is state


def test_who_has_to_act_comes_first() -> None:
    assert say(action_of(samples.rejected_client().explanation)).startswith("Partner has to act.")
