"""The ranking: shares, what an alert proves, evidence, neighbours; and any record gives a sound one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import pki
from tests.support.diagnosis import RULES, observed
from tests.support.pki import NOW
from tests.support.probes import IDENTITY, TLS11, TLS12, TLS13, asked, ended, record, refused_by_alert
from trustdesk.core.diagnosis import (
    AlpnChoice,
    CertificateChoice,
    FamilyGuess,
    GroupChoice,
    Hypothesis,
    LegacyAnswer,
    LegacyVersion,
    Preflight,
    ProbeVariant,
    ServerFamily,
    ServerNameChoice,
    TlsVersions,
)
from trustdesk.core.handshake import (
    Alert,
    AlertDirection,
    CertificateRequest,
    CertificateRequested,
    ClientAuth,
    ClientCertificateVerdict,
)
from trustdesk.core.message import msg
from trustdesk.core.probe import (
    AmqpFacts,
    CertificateRefusal,
    HttpFacts,
    Outcome,
    Phase,
    ProbeRecord,
    StopReason,
)
from trustdesk.core.trust import ServerFault, ServerJudgement
from trustdesk.diagnose.causes import Cause
from trustdesk.diagnose.experiments import Enough, NextProbe, next_probe
from trustdesk.diagnose.explain import diagnose, explain
from trustdesk.diagnose.observations import Observations
from trustdesk.diagnose.ranking import CAP, CAP_OF_A_GUESS
from trustdesk.services.wording import wording

NAMED = asked(sent=True, acceptable=("CN=Root",))
OTHERS_NAMED = asked(sent=True, acceptable=("CN=Other",))


@cache
def ours(days: int = 100) -> Preflight:
    issuer = pki.authority("Issuing", pki.root())
    certificate = pki.client(
        issuer, not_before=NOW - timedelta(days=200), not_after=NOW + timedelta(days=days)
    )
    return Preflight(certificate=certificate.facts, issuers=("CN=Issuing", "CN=Root"))


def ranked(first: ProbeRecord, preflight: Preflight | None = None, **other: Any) -> tuple[Hypothesis, ...]:
    return diagnose(observed(first, preflight=preflight, **other), RULES)


def test_own_expiry_is_near_certain_and_its_evidence_comes_first() -> None:
    first = ranked(refused_by_alert(45, NAMED), ours(-1))[0]
    assert first.cause == "client_cert_expired"
    assert first.confidence > CAP_OF_A_GUESS
    assert any(one.fact.id == "Our certificate expired on {not_after}." for one in first.evidence[:2])


@pytest.mark.parametrize("code", [42, 46, 48, 45])
def test_alert_alone_stays_a_guess_where_two_causes_fit(code: int) -> None:
    hypotheses = ranked(refused_by_alert(code, OTHERS_NAMED), ours())
    assert len(hypotheses) > 1
    assert hypotheses[0].confidence <= CAP_OF_A_GUESS


def test_evidence_names_probe_and_direction_of_its_weight() -> None:
    named = replace(ours(), issuers=("CN=Issuing", "CN=Root"))
    stranger = next(
        one for one in ranked(refused_by_alert(48, NAMED), named) if one.cause == "client_ca_not_trusted"
    )
    against = [one for one in stranger.evidence if one.weight < 0]
    assert [one.fact.id for one in against] == ["{issuer} is among the CAs that it names."]
    assert {one.probe for one in stranger.evidence} == {"P1"}
    weights = [abs(one.weight) for one in stranger.evidence]
    assert weights == sorted(weights, reverse=True)


def test_what_was_known_before_connecting_has_no_probe() -> None:
    first = ranked(refused_by_alert(45, NAMED), ours(-1))[0]
    assert None in {one.probe for one in first.evidence}


def test_causes_that_nothing_separates_name_each_other() -> None:
    page = ended(
        Outcome.REJECTED_BY_PEER,
        StopReason.HTTP_REFUSAL,
        Phase.REQUEST,
        negotiated=TLS13,
        client_auth=NAMED,
        identity=IDENTITY,
        http=HttpFacts(status=400, certificate_refusal=CertificateRefusal.CERTIFICATE_ERROR),
    )
    hypotheses = {one.cause: one for one in ranked(page, ours())}
    assert set(hypotheses["server_crl_stale"].same_as) == {"client_cert_revoked", "server_crl_missing"}
    assert all(hypotheses[cause].separated_by for cause in ("server_crl_stale", "server_crl_missing"))


def test_same_as_is_mutual_and_never_holds_what_is_not_shown() -> None:
    hypotheses = ranked(refused_by_alert(42, NAMED), ours())
    told = {one.cause: set(one.same_as) for one in hypotheses}
    assert any(told.values())
    for cause, others in told.items():
        assert all(cause in told[other] for other in others)


def test_healthy_target_has_exactly_one_hypothesis() -> None:
    accepted = asked(sent=True, verdict=ClientCertificateVerdict.ACCEPTED)
    (only,) = ranked(record(client_auth=accepted, identity=IDENTITY), ours())
    assert only.cause == "none"
    assert only.remedy is None
    assert only.confidence == pytest.approx(CAP, abs=0.01)


def test_log_line_is_that_of_the_guessed_family_and_left_out_without_one() -> None:
    nginx = FamilyGuess(family=ServerFamily.NGINX, certain=True, evidence=msg("It names itself."))
    probe = refused_by_alert(45, NAMED)
    first = ranked(probe, ours(-1), family=nginx)[0]
    assert first.log_hint == "client SSL certificate verify error: (10:certificate has expired)"
    assert ranked(probe, ours(-1))[0].log_hint is None


def test_cancelled_first_probe_proves_nothing() -> None:
    assert ranked(ended(Outcome.CANCELLED, StopReason.CANCELLED, Phase.HANDSHAKE)) == ()


def test_first_cause_is_said_in_the_words_of_the_probe() -> None:
    """The board, `probe` and `diagnose` show the same sentence of the same facts."""
    probe = refused_by_alert(48, OTHERS_NAMED)
    preflight = ours()
    told = explain(probe, (), preflight.certificate, preflight.issuers, rules=RULES)
    first = ranked(probe, preflight)[0]
    assert (first.cause, first.statement, first.remedy, first.responsible) == (
        told.cause,
        told.headline,
        told.action,
        told.responsible,
    )


# --- any record -------------------------------------------------------------------------------------------


def alerts() -> st.SearchStrategy[tuple[Alert, ...]]:
    one = st.builds(
        Alert,
        direction=st.sampled_from(AlertDirection),
        level=st.sampled_from(["fatal", "warning"]),
        code=st.sampled_from([0, 10, 40, 42, 43, 44, 45, 46, 48, 49, 51, 70, 71, 80, 90, 112, 116, 120, 255]),
        name=st.just("alert"),
        at_ms=st.floats(0, 5000),
    )
    return st.lists(one, max_size=2).map(tuple)


def client_auths() -> st.SearchStrategy[ClientAuth]:
    request = st.builds(
        CertificateRequest,
        acceptable_cas=st.sampled_from([(), ("CN=Root",), ("CN=Other", "CN={odd}")]),
        signature_schemes=st.sampled_from([(), ("ed25519",), ("ecdsa_secp256r1_sha256",)]),
    )
    return st.builds(
        ClientAuth,
        requested=st.sampled_from(CertificateRequested),
        request=st.none() | request,
        sent=st.booleans(),
        verdict=st.sampled_from(ClientCertificateVerdict),
    )


def judgements() -> st.SearchStrategy[ServerJudgement]:
    faults = st.lists(st.sampled_from(ServerFault), max_size=3, unique=True).map(tuple)
    return st.builds(
        ServerJudgement, trusted=st.booleans(), trust_list=st.just("list"), faults=faults, opinion=st.none()
    )


SERVER = pki.server(pki.root(), not_after=NOW + timedelta(days=1)).facts


def records() -> st.SearchStrategy[ProbeRecord]:
    http = st.builds(
        HttpFacts,
        status=st.sampled_from([200, 302, 400, 401, 403, 404, 500, 503]),
        server=st.sampled_from([None, "nginx", "Jetty(9)", "{odd}"]),
        certificate_refusal=st.none() | st.sampled_from(CertificateRefusal),
        challenge=st.sampled_from([None, "", "Bearer", "Basic", "Basic a, Bearer", " ,", "\xa0"]),
    )
    amqp = st.builds(AmqpFacts, version=st.just("0-9-1"), mechanisms=st.sampled_from([(), ("PLAIN",)]))
    return st.builds(
        record,
        outcome=st.sampled_from(Outcome),
        stopped_by=st.none() | st.sampled_from(StopReason),
        ended_in=st.sampled_from(Phase),
        negotiated=st.sampled_from([None, TLS11, TLS12, TLS13]),
        client_auth=client_auths(),
        identity=st.sampled_from([None, IDENTITY]),
        judgement=st.none() | judgements(),
        presented_chain=st.sampled_from([(), (SERVER,)]),
        alerts=alerts(),
        http=st.none() | http,
        amqp=st.none() | amqp,
        address=st.sampled_from([None, "192.0.2.1"]),
        addresses=st.sampled_from([(), ("192.0.2.1", "192.0.2.2")]),
        credential_error=st.none() | st.just(msg("Of no use.")),
        error=st.none() | st.just(msg("It ended.")),
        clock_offset_s=st.sampled_from([None, 0.0, 301.0, -90000.0, 1e18, float("nan")]),
    )


def variants() -> st.SearchStrategy[ProbeVariant]:
    return st.builds(
        ProbeVariant,
        versions=st.sampled_from(TlsVersions),
        certificate=st.sampled_from(CertificateChoice),
        server_name=st.sampled_from(ServerNameChoice),
        groups=st.sampled_from(GroupChoice),
        alpn=st.sampled_from(AlpnChoice),
        address=st.sampled_from([None, "192.0.2.2"]),
    )


PREFLIGHTS = (
    Preflight(),
    ours(),
    ours(-1),
    replace(ours(), chain_complete=False, key_matches=False),
    replace(ours(), issuers=("CN=Issuing",), reachable_issuers=("CN=Issuing", "CN=Root")),
    Preflight(certificate=replace(SERVER, not_before=None, not_after=None, key_algorithm=None)),
    Preflight(issuers=("CN=Root",), chain_complete=True),
)


def observations() -> st.SearchStrategy[Observations]:
    legacy = LegacyVersion(version="TLSv1", answer=LegacyAnswer.ACCEPTED)
    family = st.sampled_from(ServerFamily).map(
        lambda family: FamilyGuess(family=family, certain=False, evidence=msg("It fits."))
    )
    return st.builds(
        lambda first, others, preflight, old, guess: observed(
            first, *others, preflight=preflight, legacy=old, family=guess
        ),
        records(),
        st.lists(st.tuples(variants(), records()), max_size=3),
        st.sampled_from(PREFLIGHTS),
        st.sampled_from([(), (legacy,)]),
        st.none() | family,
    )


@given(observations())
def test_anything_that_was_seen_gives_a_sound_ranking(seen: Observations) -> None:
    hypotheses = diagnose(seen, RULES)
    outcome = seen.first.record.outcome
    assert bool(hypotheses) is (outcome is not Outcome.CANCELLED)
    confidences = [one.confidence for one in hypotheses]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) <= 1.0
    assert all(0.0 <= confidence <= CAP for confidence in confidences)
    causes = [Cause(one.cause) for one in hypotheses]
    assert len(set(causes)) == len(causes)
    if Cause.NONE in causes:
        assert causes == [Cause.NONE]
        assert outcome is Outcome.ACCEPTED
    assert diagnose(seen, RULES) == hypotheses


@given(observations())
def test_anything_that_was_seen_can_be_said(seen: Observations) -> None:
    words = wording("en")
    for one in diagnose(seen, RULES):
        sentences = [one.statement, one.remedy, one.separated_by, *(part.fact for part in one.evidence)]
        assert all(words.text(sentence) for sentence in sentences if sentence is not None)


@given(observations())
def test_next_probe_is_new_and_ends_with_the_limit(seen: Observations) -> None:
    hypotheses = diagnose(seen, RULES)
    choice = next_probe(seen, hypotheses, RULES)
    if isinstance(choice, NextProbe):
        assert choice.variant not in {probe.variant for probe in seen.probes}
        assert 0.0 < choice.gain <= 1.0
    at_the_limit = next_probe(seen, hypotheses, RULES, max_probes=len(seen.probes))
    assert isinstance(at_the_limit, Enough)


@given(records(), st.sampled_from(PREFLIGHTS))
def test_explanation_of_one_probe_names_the_first_cause(first: ProbeRecord, preflight: Preflight) -> None:
    told = explain(first, (), preflight.certificate, preflight.issuers, rules=RULES)
    words = wording("en")
    assert words.text(told.headline)
    assert all(words.text(sentence) for sentence in told.evidence)
    assert (told.action is None) is (told.cause == "none" and first.outcome is not Outcome.CANCELLED)
