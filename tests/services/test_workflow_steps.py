from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support import samples
from tests.support.probes import asked, ended, record, refused_by_alert
from trustdesk.core.handshake import CertificateRequested, ClientCertificateVerdict
from trustdesk.core.probe import HttpFacts, Outcome, Phase, PhaseTimes, ProbeRecord, StopReason
from trustdesk.services.wording import wording
from trustdesk.services.workflow_steps import StepProof, reuse_words, workflow_steps

P, R, N, O = StepProof.PROVED, StepProof.REFUTED, StepProof.NOT_PROVED, StepProof.NOT_RUN  # noqa: E741


def proofs(taken: ProbeRecord) -> list[StepProof]:
    return [step.proof for step in workflow_steps(taken)]


def with_status(status: int, **different: object) -> ProbeRecord:
    taken = samples.healthy().record
    assert taken.http is not None
    return replace(taken, http=replace(taken.http, status=status), **different)  # type: ignore[arg-type]


def test_the_steps_are_numbered_one_to_seven() -> None:
    assert [step.number for step in workflow_steps(samples.healthy().record)] == [1, 2, 3, 4, 5, 6, 7]


def test_an_answer_with_our_certificate_proves_up_to_the_servers_verification() -> None:
    # HTTP 401 asks for a token: access was not granted, and no data came that access was granted to.
    assert proofs(with_status(401)) == [P, P, P, P, P, N, N]


def test_a_success_after_a_verified_certificate_proves_all() -> None:
    assert proofs(with_status(200)) == [P] * 7


def test_a_success_without_a_client_certificate_does_not_prove_access_by_it() -> None:
    assert proofs(samples.healthy_without_mtls().record) == [P, P, P, O, O, N, N]


def test_forbidden_refutes_access() -> None:
    assert proofs(with_status(403))[5:] == [R, N]


@pytest.mark.parametrize("status", [301, 404, 500])
def test_another_status_proves_nothing_of_access(status: int) -> None:
    assert proofs(with_status(status))[5:] == [N, N]


def test_a_refusal_in_tls13_refutes_the_verification_and_nothing_before_it() -> None:
    assert proofs(samples.rejected_client().record) == [P, P, P, P, R, O, O]


def test_a_refusal_in_http_is_no_access_and_no_proof() -> None:
    assert proofs(samples.rejected_over_http().record) == [P, P, P, P, R, R, N]


def test_an_untrusted_server_gets_no_certificate_of_ours() -> None:
    taken = samples.untrusted().record
    steps = workflow_steps(taken)
    assert [step.proof for step in steps[:4]] == [P, P, R, O]
    assert steps[4].proof is O


def test_a_finished_handshake_of_ours_proves_nothing_of_the_servers_verification() -> None:
    auth = replace(asked(sent=True), verdict=ClientCertificateVerdict.UNKNOWN)
    taken = ended(Outcome.TIMED_OUT, StopReason.DEADLINE, Phase.REQUEST, client_auth=auth)
    assert proofs(taken)[3:] == [P, N, O, O]


def test_an_accepted_certificate_in_a_probe_that_did_not_end_well_is_not_ticked() -> None:
    auth = replace(asked(sent=True), verdict=ClientCertificateVerdict.ACCEPTED)
    taken = ended(Outcome.CANCELLED, StopReason.CANCELLED, Phase.REQUEST, client_auth=auth)
    assert proofs(taken)[4] is N


def test_nothing_is_ticked_where_no_connection_came_about() -> None:
    taken = ended(Outcome.NOT_REACHED, StopReason.REFUSED, Phase.CONNECT)
    assert proofs(taken) == [R, O, O, O, O, O, O]


def test_a_connection_to_a_proxy_is_none_to_the_server() -> None:
    taken = ended(
        Outcome.NOT_REACHED,
        StopReason.REFUSED,
        Phase.PROXY,
        proxy="http://proxy.example:3128",
        phases=PhaseTimes(connect_ms=3.0),
    )
    assert proofs(taken)[0] is R


def test_a_trusted_chain_without_proof_of_the_key_is_not_ticked() -> None:
    taken = samples.healthy().record
    upto = next(i for i, event in enumerate(taken.timeline) if event.message == "certificate")
    taken = replace(taken, timeline=taken.timeline[: upto + 1], phases=PhaseTimes(connect_ms=1.0), http=None)
    assert proofs(taken)[2] is N


def test_a_server_that_asked_and_got_none_is_said_so() -> None:
    taken = refused_by_alert(116, asked(requested=CertificateRequested.REQUIRED))
    step = workflow_steps(taken)[3]
    assert step.proof is O
    assert wording().text(step.reason) == "The server asked for one; none was chosen for this run."


def test_the_second_request_is_compared_with_the_cost_of_a_new_connection() -> None:
    phases = PhaseTimes(connect_ms=10.0, handshake_ms=30.0, settle_ms=12.0, first_byte_ms=8.0)
    taken = record(phases=phases, http=HttpFacts(status=401, reused_connection_ms=7.5))
    words = reuse_words(taken)
    assert words is not None
    assert wording().text(words) == (
        "A second request on the open connection took 7.5 ms; with a new one, 60.0 ms."
    )


def test_no_second_request_no_words() -> None:
    assert reuse_words(record()) is None
