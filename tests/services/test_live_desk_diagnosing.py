"""Diagnoses of the desk against the real lab: what it says, what cancelling keeps, and that all ends."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

import pytest

from trustdesk.core.diagnosis import Diagnosis, WouldSend
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Verdict
from trustdesk.core.message import Message
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import Outcome, Responsible
from trustdesk.services.demo import DemoDesk, open_demo
from trustdesk.services.diagnosing import DiagnosisProgress
from trustdesk.services.wording import wording


@pytest.fixture(scope="module")
def desk() -> Iterator[DemoDesk]:
    demo = open_demo()
    demo.board().result()  # its reading thread lives as long as the desk, not as long as one test
    demo.client_certificate("client-good").result()
    demo.diagnose(endpoint(demo, None).target).future.result(timeout=30)
    yield demo
    demo.close()


def endpoint(desk: DemoDesk, identity: str | None) -> Endpoint:
    rows = desk.board().result()
    return next(row.endpoint for row in rows if row.endpoint.identity == identity)


def diagnosed(desk: DemoDesk, one: Endpoint) -> Diagnosis:
    return desk.diagnose(one.target, identity=one.identity).future.result(timeout=30)


def test_a_leaf_sent_alone_is_named_with_probes_preflight_and_matches(desk: DemoDesk) -> None:
    made = diagnosed(desk, endpoint(desk, "client-leaf-only"))
    first = made.hypotheses[0]
    assert (first.cause, first.responsible) == ("client_chain_incomplete", Responsible.US)
    assert made.verdict is Verdict.FAIL
    assert made.probes[0].id == "P1"
    assert made.preflight
    assert {match.name for match in made.identities} >= {"client-leaf-only", "client-good"}


def test_each_probe_is_told_as_it_begins_and_ends(desk: DemoDesk) -> None:
    one = endpoint(desk, "client-leaf-only")
    steps: list[DiagnosisProgress] = []
    made = desk.diagnose(one.target, identity=one.identity, on_progress=steps.append).future.result(
        timeout=30
    )
    begun = [step.id for step in steps if step.probe is None]
    ended = [step.id for step in steps if step.probe is not None]
    assert begun[0] == "P1"
    assert sorted(begun) == sorted(ended) == sorted(probe.id for probe in made.probes)


def test_cancelled_it_delivers_and_proves_nothing(desk: DemoDesk) -> None:
    silent = next(row.endpoint for row in desk.board().result() if "silent" in row.endpoint.note)
    begun = threading.Event()
    job = desk.diagnose(silent.target, on_progress=lambda _step: begun.set())
    assert begun.wait(10)
    job.cancel()
    made = job.future.result(timeout=5)
    assert made.probes[0].report.record.outcome is Outcome.CANCELLED
    assert made.verdict is not Verdict.PASS


def test_an_identity_that_is_not_there_starts_nothing(desk: DemoDesk) -> None:
    with pytest.raises(UnusableInputError):
        desk.diagnose(endpoint(desk, None).target, identity="gone").future.result(timeout=10)


def test_identities_are_joined_with_what_a_server_asks_for(desk: DemoDesk) -> None:
    one = endpoint(desk, "client-leaf-only")
    record = desk.probe(one.target, identity=one.identity).future.result(timeout=10).record
    assert record.client_auth.request is not None
    matches = desk.match_identities(record.client_auth.request, "TLSv1.3").result(timeout=10)
    good = next(match for match in matches if match.name == "client-good")
    assert {one.client: one.would_send for one in good.behaviours}["Java"] is WouldSend.YES


def test_a_client_certificate_comes_without_its_key(desk: DemoDesk) -> None:
    facts = desk.client_certificate("client-good").result(timeout=10)
    assert facts is not None
    assert not hasattr(facts, "private_key")
    assert desk.client_certificate("gone").result(timeout=10) is None


def test_a_message_is_explained(desk: DemoDesk) -> None:
    explained = desk.explain("tlsv1 alert unknown ca").result(timeout=10)
    assert explained[0].client[0].cause == "client_ca_not_trusted"


def test_a_rehearsal_judges_a_client_of_the_desk_itself(desk: DemoDesk) -> None:
    verdicts: queue.SimpleQueue[Message] = queue.SimpleQueue()
    running = desk.rehearse("strict", None, verdicts.put).result(timeout=20)
    try:
        trusted = desk.open_trust_list(running.trust_list).result(timeout=10)
        desk.probe(running.target, trust_lists=(trusted.name,)).future.result(timeout=10)
        assert wording("en").text(verdicts.get(timeout=10)) == "No client certificate came."
    finally:
        running.stop()


def test_a_desk_that_closes_ends_diagnoses_and_rehearsals() -> None:
    demo = open_demo()
    silent = next(row.endpoint for row in demo.board().result() if "silent" in row.endpoint.note)
    running = demo.rehearse("java", None, lambda _verdict: None).result(timeout=20)
    job = demo.diagnose(silent.target)
    demo.close()
    assert job.future.done()
    assert not running.trust_list.exists()
