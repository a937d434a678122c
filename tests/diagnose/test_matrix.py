"""The matrix of causes and servers, over records as those servers make them: the true cause's rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from tests.diagnose.causes_by_family import CASES, Case
from tests.servers import clients
from tests.servers.clients import Client
from tests.servers.families import ACCEPTED, HTTP_400
from tests.support.diagnosis import RULES
from tests.support.probes import NOT_ASKED, TLS11, TLS12, TLS13, asked, ended, record, refused_by_alert
from trustdesk.core.diagnosis import CertificateChoice, Hypothesis, Preflight, ProbeVariant, TlsVersions
from trustdesk.core.handshake import CertificateRequested, ClientAuth, ClientCertificateVerdict
from trustdesk.core.probe import (
    AmqpFacts,
    CertificateRefusal,
    HttpFacts,
    IdentityLabel,
    Outcome,
    Phase,
    ProbeRecord,
    StopReason,
)
from trustdesk.diagnose.causes import Cause
from trustdesk.diagnose.explain import diagnose
from trustdesk.diagnose.observations import Observations, SeenProbe, as_given
from trustdesk.diagnose.server_family import guess_family
from trustdesk.formats.certificate import read_certificate


@cache
def _park() -> clients.Park:
    return clients.make_park()


def _preflight(client: Client, *, knows_the_chain: bool) -> Preflight:
    credential = _park().credential(client)
    if credential is None:
        return Preflight()
    path = [read_certificate(der) for der in credential.certification_path]
    root = _park().root.facts.subject or ""
    issuers = tuple(facts.issuer or "" for facts in path)
    complete = client is not Client.LEAF_ONLY
    return Preflight(
        certificate=path[0],
        issuers=issuers,
        reachable_issuers=(*issuers, root) if knows_the_chain and not complete else (),
        chain_complete=complete if knows_the_chain else None,
    )


def _client_auth(case: Case, named: Sequence[str]) -> ClientAuth:
    sent = case.client is not Client.NOBODY
    accepted = case.answer == ACCEPTED
    fate = ClientCertificateVerdict.ACCEPTED if accepted else ClientCertificateVerdict.REJECTED
    if case.server and case.server != "by_path":
        return NOT_ASKED
    if case.server == "by_path":
        return asked(requested=CertificateRequested.LATER, acceptable=tuple(named))
    return asked(sent=sent, verdict=fate, acceptable=tuple(named))


def record_of(case: Case, named: Sequence[str]) -> ProbeRecord:
    """Return what a probe of this case writes down."""
    auth = _client_auth(case, named)
    credential = _park().credential(case.client)
    started = clients.NOW
    shared: dict[str, Any] = {
        "client_auth": auth,
        "negotiated": {"TLSv1.3": TLS13, "TLSv1.2": TLS12, "TLSv1.1": TLS11}[case.version],
        "identity": IdentityLabel(name="ours", sha256=credential.label.sha256) if credential else None,
        "started_at": started,
    }
    endpoint = "amqps://cargo.example" if case.family == "rabbitmq" else "https://cargo.example"
    word, _, number = case.answer.rpartition(" ")
    match word:
        case "" if number == "accepted":
            amqp = AmqpFacts(version="0-9-1", mechanisms=("PLAIN", "EXTERNAL"))
            answers = {"http": None, "amqp": amqp} if case.family == "rabbitmq" else {}
            return record(endpoint, **shared, **answers)
        case "":
            return ended(Outcome.REJECTED_BY_PEER, StopReason.CLOSED, Phase.SETTLE, **shared)
        case "http":
            refusal = (
                CertificateRefusal.NOT_ASKED_LATER
                if case.server == "by_path"
                else CertificateRefusal.NONE_SENT
                if case.client is Client.NOBODY
                else CertificateRefusal.CERTIFICATE_ERROR
            )
            page = HttpFacts(status=int(number), server="nginx/1.22.1", certificate_refusal=refusal)
            return ended(
                Outcome.REJECTED_BY_PEER, StopReason.HTTP_REFUSAL, Phase.REQUEST, **shared, http=page
            )
        case "hello alert":
            return refused_by_alert(int(number), started_at=started)
        case _:
            return replace(refused_by_alert(int(number), auth), **shared)


def ranked(
    case: Case, *, knows_the_chain: bool = False, named: Sequence[str] | None = None
) -> tuple[Hypothesis, ...]:
    """Return the hypotheses of one probe; the family is what the engine itself guesses."""
    names = (_park().root.facts.subject or "",) if named is None else named
    probe = record_of(case, names)
    observations = Observations(
        probes=(as_given(probe),),
        preflight=_preflight(case.client, knows_the_chain=knows_the_chain),
        family=guess_family([probe]),
    )
    return diagnose(observations, RULES)


def rank_of(cause: Cause, hypotheses: Sequence[Hypothesis]) -> int | None:
    """Return the place of a cause, from 1; None when it is not there."""
    return next((place for place, one in enumerate(hypotheses, 1) if one.cause == cause), None)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_true_cause_is_among_the_first_three(case: Case) -> None:
    rank = rank_of(case.cause, ranked(case))
    assert rank is not None
    assert rank <= 3


@pytest.mark.parametrize("knows_the_chain", [False, True])
def test_true_cause_comes_first_in_19_of_20_cases(knows_the_chain: bool) -> None:
    ranks = {case.id: rank_of(case.cause, ranked(case, knows_the_chain=knows_the_chain)) for case in CASES}
    others = {name: rank for name, rank in ranks.items() if rank != 1}
    assert len(others) * 20 <= len(ranks), others


def ranked_further(case: Case) -> tuple[Hypothesis, ...]:
    """Return the hypotheses after a probe without a certificate and one in TLS 1.2, which changes nothing."""
    named = (_park().root.facts.subject or "",)
    nobody = next(
        one
        for one in CASES
        if (one.family, one.client, one.version, one.server) == (case.family, Client.NOBODY, "TLSv1.3", "")
    )
    first, without = record_of(case, named), record_of(nobody, named)
    probes = (
        as_given(first),
        SeenProbe(id="P2", variant=ProbeVariant(certificate=CertificateChoice.NONE), record=without),
        SeenProbe(id="P3", variant=ProbeVariant(versions=TlsVersions.TLS_1_2), record=first),
    )
    observations = Observations(
        probes=probes,
        preflight=_preflight(case.client, knows_the_chain=False),
        family=guess_family([first, without]),
    )
    return diagnose(observations, RULES)


def test_further_probes_do_not_move_the_true_cause_away() -> None:
    cases = [case for case in CASES if case.client is not Client.NOBODY and case.version == "TLSv1.3"]
    ranks = {case.id: rank_of(case.cause, ranked_further(case)) for case in cases}
    others = {name: rank for name, rank in ranks.items() if rank != 1}
    assert len(others) * 20 <= len(ranks), others
    assert all(rank is not None and rank <= 3 for rank in ranks.values()), others


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_refusal_is_never_taken_for_acceptance_nor_the_reverse(case: Case) -> None:
    healthy = [one.cause for one in ranked(case)] == [Cause.NONE]
    assert healthy is (case.cause is Cause.NONE)
    assert not healthy or case.answer == ACCEPTED
    assert healthy or all(one.cause != Cause.NONE for one in ranked(case))


_TOLD_APART = [case for case in CASES if case.crl is None or case.answer != HTTP_400]
"""Not in it: a page without a reason from a server that checks a CRL; five causes look alike then."""


@pytest.mark.parametrize("case", _TOLD_APART, ids=lambda case: case.id)
def test_server_that_names_no_cas_still_leaves_the_cause_among_the_first_three(case: Case) -> None:
    rank = rank_of(case.cause, ranked(case, named=()))
    assert rank is not None
    assert rank <= 3
