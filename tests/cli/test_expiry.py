"""`trustdesk expiry`: what ends when, its exit status for cron, its document and its calendar."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from tests.support import pki
from tests.support.command import Ran, trustdesk
from tests.support.memory_secrets import MemorySecrets
from tests.support.pki import NOW
from tests.support.probes import record
from trustdesk.core.target import parse_target
from trustdesk.services.reporting import report_on
from trustdesk.services.workspaces import open_workspace
from trustdesk.storage.directory import Directory

ROOT = pki.root("Fjordsign Root", not_after=NOW + timedelta(days=4000))
LEAF = pki.server(ROOT, not_after=NOW + timedelta(days=20), not_before=NOW - timedelta(days=300))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one partner whose certificate ends in 20 days, and the list it is judged by."""
    folder = tmp_path_factory.mktemp("expiry")
    (folder / "list.pem").write_bytes(ROOT.pem)
    with open_workspace(folder / "desk") as workspace:
        directory = Directory(workspace)
        endpoint = directory.add_endpoint("Nordwind", parse_target("https://a.example")).result()
        report = report_on(record("https://a.example", presented_chain=(LEAF.facts, ROOT.facts)))
        directory.record_report(endpoint.id, report).result()
    return folder


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = MemorySecrets()
    monkeypatch.setattr("trustdesk.services.workspace_keys.keyring_store", lambda: keyring)


def run(place: Path, *more: object, days: int = 0) -> Ran:
    at = (NOW + timedelta(days=days)).isoformat()
    lists = ("--trust-list", place / "list.pem", "--at", at)
    return trustdesk("expiry", "--workspace", place / "desk", *lists, *more)


@pytest.mark.parametrize(
    ("more", "days", "status", "verdict"),
    [
        ((), 0, 0, "warn"),  # in 20 days: near
        ((), 14, 1, "fail"),  # in 6 days: urgent
        ((), 21, 1, "fail"),  # over
        ((), -40, 0, "pass"),
        (("--within", 19), 0, 0, "warn"),
        (("--within", 20), 0, 1, "fail"),
        (("--within", 0), 21, 1, "fail"),
        (("--within", 10), -40, 0, "pass"),
    ],
)
def test_the_exit_status_says_whether_somebody_has_to_act(
    place: Path, more: tuple[object, ...], days: int, status: int, verdict: str
) -> None:
    ran = run(place, *more, "--json", days=days)
    assert (ran.status, ran.document["verdict"]) == (status, verdict)


def test_the_document_has_ends_thresholds_plan_and_counts(place: Path) -> None:
    document = run(place, "--json").document
    assert list(document) == [
        "schema", "at", "within_days", "thresholds", "endings", "plan", "summary", "verdict",
    ]  # fmt: skip
    assert document["schema"] == "trustdesk.expiry/1"
    assert document["endings"] == [
        {
            "kind": "partner",
            "name": "Nordwind",
            "place": "a.example:443",
            "sha256": LEAF.sha256,
            "begins": "2026-01-24T12:00:00Z",
            "ends": "2026-12-10T12:00:00Z",
            "days_left": 20,
            "nearness": "soon",
            "is_settled": False,
        }
    ]
    assert [one["days"] for one in document["plan"]["phases"]] == [398, 200, 100, 47]
    assert document["plan"]["steps"] == []
    assert document["summary"] == {"ended": 0, "urgent": 0, "soon": 1, "later": 1, "unknown": 0}


def test_a_person_reads_state_date_distance_and_name(place: Path) -> None:
    ran = run(place)
    line = next(line for line in ran.out.splitlines() if "Nordwind" in line)
    assert line.split() == [
        "!", "Soon", "2026-12-10", "in", "20", "days", "Partner", "Nordwind", "·", "a.example:443",
    ]  # fmt: skip
    assert run(place, "--within", 3).out.strip() == "Nothing ends in this time."


def test_the_calendar_is_written_too(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "expiry.ics"
    assert run(place, "--ics", file).status == 0
    events = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert [str(one["UID"]) for one in events] == [f"partner-{LEAF.sha256}@trustdesk"]
    assert run(place, "--ics", tmp_path / "none" / "expiry.ics").status == 3


def test_who_has_shown_no_certificate_yet_is_no_pass(tmp_path: Path) -> None:
    with open_workspace(tmp_path / "desk") as workspace:
        directory = Directory(workspace)
        for name in ("a", "b"):
            directory.add_endpoint("Never", parse_target(f"{name}.example")).result()
    (tmp_path / "list.pem").write_bytes(ROOT.pem)
    ran = run(tmp_path, "--json")
    assert (ran.status, ran.document["verdict"]) == (0, "warn")
    assert "1 partner has shown no certificate yet" in ran.err
