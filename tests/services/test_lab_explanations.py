"""Every lab server, probed through the desk: the cause and who has to act are the server's own truth."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from trustdesk.core.handshake import ClientCertificateVerdict
from trustdesk.core.probe import ProbeReport, Responsible
from trustdesk.diagnose.causes import Cause
from trustdesk.lab.process import LabDescription, LabProcess
from trustdesk.network.request import ProbeRequest
from trustdesk.network.thread import NetworkThread
from trustdesk.services.handshakes import limits_within
from trustdesk.services.identities import load_identity
from trustdesk.services.sweeps import start_sweep
from trustdesk.services.trust_lists import file_list
from trustdesk.verify.judge import PathJudge

pytestmark = pytest.mark.exhaustive  # the commands probe and diagnose go through the lab in every run


@pytest.fixture(scope="module")
def lab() -> Iterator[LabDescription]:
    with LabProcess.start() as process:
        yield process.description


@pytest.fixture(scope="module")
def reports(lab: LabDescription) -> dict[str, ProbeReport]:
    identities = {
        identity.name: load_identity(
            Path(identity.certificate_file), Path(identity.key_file), name=identity.name
        )
        for identity in lab.identities
    }
    judge = PathJudge([file_list(Path(lab.trust_list))])
    requests = [
        ProbeRequest(
            target=server.target,
            judge=judge,
            credential=identities.get(server.identity or ""),
            limits=limits_within(4),
        )
        for server in lab.servers
    ]
    found: dict[str, ProbeReport] = {}

    def ended(index: int, report: ProbeReport) -> None:
        found[lab.servers[index].name] = report

    network = NetworkThread()
    network.start()
    try:
        start_sweep(network, requests, on_phase=lambda _index, _phase: None, on_report=ended).future.result()
    finally:
        network.close()
    return found


def test_every_cause_is_the_servers_own(lab: LabDescription, reports: dict[str, ProbeReport]) -> None:
    said = {server.name: reports[server.name].explanation.cause for server in lab.servers}
    assert said == {server.name: server.expected_cause for server in lab.servers}


def test_nobody_acts_where_nothing_is_wrong_and_somebody_where_something_is(
    lab: LabDescription, reports: dict[str, ProbeReport]
) -> None:
    for server in lab.servers:
        explanation = reports[server.name].explanation
        healthy = server.expected_cause == Cause.NONE
        assert (explanation.responsible is Responsible.NOBODY) is healthy, server.name
        assert healthy or explanation.action is not None, server.name


def test_a_client_certificate_is_only_accepted_where_an_answer_proves_it(
    lab: LabDescription, reports: dict[str, ProbeReport]
) -> None:
    accepted = {
        name
        for name, report in reports.items()
        if report.record.client_auth.verdict is ClientCertificateVerdict.ACCEPTED
    }
    assert accepted == {s.name for s in lab.servers if "mtls" in s.name and s.expected_cause == Cause.NONE}


def test_no_certificate_left_for_an_untrusted_server(
    lab: LabDescription, reports: dict[str, ProbeReport]
) -> None:
    for server in lab.servers:
        record = reports[server.name].record
        if record.judgement is None or not record.judgement.trusted:
            assert not record.client_auth.sent, server.name
