"""What `trustdesk partner show` tells of what changed last."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.command import trustdesk
from tests.support.fake_history_desk import FakeHistoryDesk
from tests.support.partner_life import PARTNER, PartnerLife
from tests.support.sample_histories import sample_history
from trustdesk.cli.partner_changes import last_changes, read_histories
from trustdesk.core.partner import Endpoint
from trustdesk.core.target import parse_target
from trustdesk.storage.workspace import Workspace

ENDPOINT = Endpoint(id=7, partner="Tamarind Logistics", target=parse_target("https://1r.tamarind.example"))


def test_the_changes_of_a_workspace_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    with closing(Workspace.open(tmp_path / "desk")) as workspace:
        life = PartnerLife(workspace)
        life.test(0, life.answering(life.first))
        life.test(1, life.answering(life.second))

    shown = trustdesk("partner", "show", PARTNER, "--workspace", tmp_path / "desk")
    document = trustdesk("partner", "show", PARTNER, "--json", "--workspace", tmp_path / "desk").document

    key = "New key, same names. Valid until 2026-10-24, before until 2026-09-25"
    waits = f"{PARTNER} shows another certificate at 1r.tamarind.example:443."
    failed = "2026-08-24: Fails now. The server's certificate is not valid yet"
    assert shown.status == 0
    assert document["changes"] == [waits, failed, f"2026-08-24: {key}"]
    assert "Last changes" in shown.out
    (past,) = document["history"]
    assert (past["endpoint"], past["tests"]) == ("https://1r.tamarind.example", 2)
    assert past["awaiting_sha256"] == life.second.sha256
    assert [(one["kind"], one["after_sha256"]) for one in past["changes"]] == [
        ("now_fails", None),
        ("key", life.second.sha256),
    ]
    assert past["renewals"][0]["days_left"] == 32.0
    assert past["handshakes"] == {
        "count": 2,
        "median_ms": 40.0,
        "p90_ms": 40.0,
        "p99_ms": 40.0,
        "slope_ms_per_day": None,
    }


def test_what_flaps_and_what_waits_comes_before_what_changed() -> None:
    desk = FakeHistoryDesk()
    desk.histories[7] = sample_history(7)

    lines = last_changes(read_histories(desk, [ENDPOINT]), most=2)

    assert lines == (
        "It works and fails by turns: 6 changes in 7 days, 3 of 10 tests failed.",
        "Tamarind shows another certificate at host:443.",
        "2026-11-20: Works again. Before: The server's certificate has expired",
        "2026-11-19: Fails now. The server's certificate has expired",
    )


def test_of_several_endpoints_each_line_names_its_own() -> None:
    desk = FakeHistoryDesk()
    desk.histories[7] = sample_history(7, waits=False)
    other = replace(ENDPOINT, id=8, target=parse_target("amqps://mq.tamarind.example"))

    lines = last_changes(read_histories(desk, [ENDPOINT, other]), most=1)

    assert lines[1] == (
        "https://1r.tamarind.example: 2026-11-20: Works again. Before: The server's certificate has expired"
    )


def test_a_partner_that_was_never_tested_has_no_changes() -> None:
    assert last_changes(read_histories(FakeHistoryDesk(), [ENDPOINT])) == ()
