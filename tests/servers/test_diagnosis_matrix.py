"""The matrix of causes and servers against the real ones: where the true cause comes out."""

from __future__ import annotations

import pytest

from tests.diagnose.causes_by_family import CASES
from tests.servers.clients import Client
from tests.servers.diagnosed import Diagnosed, matrix
from tests.servers.families import ACCEPTED
from trustdesk.core.diagnosis import CertificateChoice
from trustdesk.core.finding import Verdict
from trustdesk.core.handshake import ClientCertificateVerdict
from trustdesk.core.probe import Outcome
from trustdesk.diagnose.causes import Cause
from trustdesk.services.diagnosing import MAX_CONNECTIONS

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> list[Diagnosed]:
    return list(matrix(tmp_path_factory.mktemp("matrix")))


def named(cells: list[Diagnosed]) -> dict[str, str]:
    return {cell.case.id: f"{cell.rank}: {cell.diagnosis.hypotheses[0].cause}" for cell in cells}


def test_every_case_is_diagnosed(cells: list[Diagnosed]) -> None:
    assert sorted(cell.case.id for cell in cells) == sorted(case.id for case in CASES)


def test_true_cause_comes_first_in_nearly_all_cases(cells: list[Diagnosed]) -> None:
    missed = [cell for cell in cells if cell.rank != 1]
    assert len(missed) <= 0.05 * len(cells), named(missed)


def test_true_cause_is_always_among_the_first_three(cells: list[Diagnosed]) -> None:
    assert named([cell for cell in cells if cell.rank is None or cell.rank > 3]) == {}


def test_no_rejection_is_called_accepted_or_the_reverse(cells: list[Diagnosed]) -> None:
    for cell in cells:
        answered = cell.case.answer == ACCEPTED
        first = cell.diagnosis.probes[0].report.record
        assert (first.outcome is Outcome.ACCEPTED) is answered, cell.case.id
        accepted = answered and cell.case.client is not Client.NOBODY
        assert (first.client_auth.verdict is ClientCertificateVerdict.ACCEPTED) is accepted, cell.case.id


def test_only_a_target_with_nothing_wrong_is_called_healthy(cells: list[Diagnosed]) -> None:
    for cell in cells:
        healthy = cell.case.cause is Cause.NONE
        assert (cell.diagnosis.verdict is not Verdict.FAIL) is healthy, cell.case.id
        assert (cell.diagnosis.hypotheses[0].cause == Cause.NONE) is healthy, cell.case.id


def test_a_healthy_target_has_exactly_one_hypothesis(cells: list[Diagnosed]) -> None:
    for cell in cells:
        if cell.case.cause is Cause.NONE:
            assert [one.cause for one in cell.diagnosis.hypotheses] == [Cause.NONE], cell.case.id


def test_no_diagnosis_makes_more_connections_than_it_may(cells: list[Diagnosed]) -> None:
    for cell in cells:
        connections = len(cell.diagnosis.legacy) + sum(
            event.message == "tcp_connect"
            for probe in cell.diagnosis.probes
            for event in probe.report.record.timeline
        )
        assert connections <= MAX_CONNECTIONS, cell.case.id


def test_a_probe_without_our_certificate_sends_none(cells: list[Diagnosed]) -> None:
    without = [
        probe
        for cell in cells
        for probe in cell.diagnosis.probes
        if probe.variant.certificate is CertificateChoice.NONE
    ]
    assert without
    assert not any(probe.report.record.client_auth.sent for probe in without)
