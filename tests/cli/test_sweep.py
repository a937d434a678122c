"""`trustdesk sweep` of a workspace: gone on with, only what is due, and told to a monitor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support import peers, samples
from tests.support.command import Ran, trustdesk
from tests.support.peers import Peer, PeerPki, Seen, tls_peer
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import ProbeReport
from trustdesk.core.target import parse_target
from trustdesk.services.sweep_keeping import targets_digest
from trustdesk.storage.directory import Directory
from trustdesk.storage.sweeps import SweepBook, SweptTest
from trustdesk.storage.workspace import Workspace


@pytest.fixture(scope="module")
def pki() -> Iterator[PeerPki]:
    with peers.pki_folder() as made:
        yield made


@pytest.fixture(scope="module")
def peer(pki: PeerPki) -> Iterator[Peer]:
    with tls_peer(pki, Seen()) as running:
        yield running


@pytest.fixture
def place(tmp_path: Path, peer: Peer) -> Path:
    """A workspace with three endpoints at one server."""
    workspace = Workspace.open(tmp_path / "workspace")
    for number in range(3):
        target = parse_target(f"https://p{number}.example:{peer.port}", connect="127.0.0.1")
        Directory(workspace).add_endpoint(f"Partner {number}", target).result()
    workspace.close()
    return tmp_path / "workspace"


def endpoints(place: Path) -> tuple[Endpoint, ...]:
    workspace = Workspace.open(place)
    try:
        return Directory(workspace).endpoints().result()
    finally:
        workspace.close()


def earlier(place: Path, *tests: tuple[int, ProbeReport]) -> None:
    """Leave a sweep behind that came only so far."""
    workspace = Workspace.open(place)
    try:
        book, known = SweepBook(workspace), Directory(workspace).endpoints().result()
        begun = book.begin(targets_digest(known), len(known), datetime.now(UTC))
        lot = [
            SweptTest(position=position, endpoint_id=known[position].id, report=report)
            for position, report in tests
        ]
        book.keep(begun, lot).result()
    finally:
        workspace.close()


def sweep(place: Path, *options: str | Path) -> Ran:
    return trustdesk("sweep", "--workspace", place, "--timeout", "10", *options)


def hosts_of(ran: Ran) -> list[str]:
    return [result["target"]["host"] for result in ran.document["results"]]


def test_a_sweep_goes_on_where_the_last_one_was_killed(place: Path) -> None:
    before = samples.healthy()
    earlier(place, (1, before))
    ran = sweep(place, "--resume", "--json")
    assert hosts_of(ran) == ["p0.example", before.record.target.host, "p2.example"]
    assert "1 of 3 is tested" in ran.err
    again = sweep(place, "--resume", "--json")
    assert len(again.document["results"]) == 3
    workspace = Workspace.open(place)
    assert len(Directory(workspace).last_reports().result()) == 3  # each is a result of its endpoint
    workspace.close()
    assert "begins with the first" in again.err


def test_what_was_tested_before_is_judged_by_what_counts_now(place: Path) -> None:
    # It was trusted by a list that nobody names any more.
    earlier(place, (1, samples.healthy()))
    ran = sweep(place, "--resume", "--json")
    before = ran.document["results"][1]
    assert before["target"]["host"] == samples.healthy().record.target.host
    assert (before["trust"]["trusted"], before["verdict"]) == (False, "fail")
    assert ran.document["summary"]["pass"] == 0


def test_what_one_certificate_was_accepted_for_says_nothing_of_another(
    place: Path, pki: PeerPki, tmp_path: Path
) -> None:
    earlier(place, (0, samples.healthy()))
    file = tmp_path / "client.pem"
    file.write_bytes(pki.client.pem() + pki.client.key_pem())
    ran = sweep(place, "--resume", "--json", "--client-cert", file)
    assert hosts_of(ran) == ["p0.example", "p1.example", "p2.example"]
    assert "begins with the first" in ran.err


def test_a_sweep_that_another_program_makes_is_not_gone_on_with(place: Path) -> None:
    earlier(place, (1, samples.healthy()))
    known = endpoints(place)
    with closing(Workspace.open(place)) as workspace:
        book = SweepBook(workspace)
        running = book.unfinished(targets_digest(known)).result()
        assert running is not None
        assert book.claim(running.id).result()
        ran = sweep(place, "--resume", "--json")
    assert hosts_of(ran) == ["p0.example", "p1.example", "p2.example"]
    assert "Another program makes this sweep" in ran.err


def test_other_partners_are_another_sweep(place: Path, peer: Peer) -> None:
    earlier(place, (0, samples.healthy()))
    workspace = Workspace.open(place)
    target = parse_target(f"https://new.example:{peer.port}", connect="127.0.0.1")
    Directory(workspace).add_endpoint("New", target).result()
    workspace.close()
    ran = sweep(place, "--resume", "--json")
    assert len(hosts_of(ran)) == 4
    assert "begins with the first" in ran.err


def test_only_what_has_not_answered_for_a_day_is_due(place: Path) -> None:
    now = datetime.now(UTC)

    def at(report: ProbeReport, hours: int) -> ProbeReport:
        return replace(report, record=replace(report.record, started_at=now - timedelta(hours=hours)))

    earlier(
        place, (0, at(samples.healthy(), 2)), (1, at(samples.timed_out(), 2)), (2, at(samples.healthy(), 30))
    )
    assert hosts_of(sweep(place, "--due", "--json")) == ["p1.example", "p2.example"]
    nothing = sweep(place, "--due", "--json")
    assert nothing.document["results"] == []
    assert nothing.document["summary"] == {"pass": 0, "warn": 0, "fail": 0}
    assert nothing.status == 0
    said = sweep(place, "--due")
    assert "No endpoint is due" in said.err
    assert "Partner" not in said.out


def test_what_a_clock_of_the_future_saw_is_due(place: Path) -> None:
    report = samples.healthy()
    ahead = replace(report.record, started_at=datetime.now(UTC) + timedelta(days=400))
    earlier(place, (0, replace(report, record=ahead)))
    assert hosts_of(sweep(place, "--due", "--json")) == ["p0.example", "p1.example", "p2.example"]


def test_who_was_not_tested_for_want_of_an_identity_is_counted(place: Path, tmp_path: Path) -> None:
    workspace = Workspace.open(place)
    Directory(workspace).add_endpoint("Lost", parse_target("lost.example"), "gone").result()
    workspace.close()
    metrics = tmp_path / "sweep.prom"
    ran = sweep(place, "--json", "--prometheus", metrics)
    assert "There is no identity gone" in ran.err
    assert (ran.status, ran.document["summary"]["not_tested"]) == (1, 1)
    assert 'trustdesk_sweep_endpoints{result="not_tested"} 1.0' in metrics.read_text()


def test_what_is_not_reached_is_inconclusive_and_no_failure_of_the_partner(tmp_path: Path) -> None:
    targets = tmp_path / "targets.txt"
    targets.write_text("https://127.0.0.1:1\n")
    metrics = tmp_path / "sweep.prom"
    ran = trustdesk("sweep", "--targets", targets, "--json", "--prometheus", metrics)
    assert ran.document["summary"] == {"pass": 0, "warn": 0, "fail": 1, "inconclusive": 1}
    assert ran.status == 1
    text = metrics.read_text()
    assert 'trustdesk_sweep_endpoints{result="inconclusive"} 1.0' in text
    assert 'trustdesk_sweep_endpoints{result="fail"} 0.0' in text
    told = trustdesk("sweep", "--targets", targets, "--tries", "1")
    assert "0 failed, 1 inconclusive" in told.out


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    targets = tmp_path / "targets.txt"
    targets.write_text("https://127.0.0.1:1\n")
    ran = trustdesk("sweep", "--targets", targets, "--prometheus", tmp_path / "gone" / "sweep.prom")
    assert ran.status == 3
    assert "sweep.prom" in ran.err


@pytest.mark.parametrize("option", ["--resume", "--due"])
def test_a_list_of_targets_is_neither_gone_on_with_nor_due(tmp_path: Path, option: str) -> None:
    targets = tmp_path / "targets.txt"
    targets.write_text("https://127.0.0.1:1\n")
    assert trustdesk("sweep", "--targets", targets, option).status == 2
