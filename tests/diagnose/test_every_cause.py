"""One case for each cause of the vocabulary: the rules put it first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from tests.support import pki
from tests.support.diagnosis import RULES, observed
from tests.support.pki import NOW
from tests.support.probes import IDENTITY, TLS11, TLS12, TLS13, asked, ended, record, refused_by_alert
from trustdesk.core.diagnosis import (
    AlpnChoice,
    CertificateChoice,
    FamilyGuess,
    GroupChoice,
    LegacyAnswer,
    LegacyVersion,
    Preflight,
    ProbeVariant,
    ServerFamily,
    ServerNameChoice,
    TlsVersions,
)
from trustdesk.core.handshake import (
    CertificateRequest,
    CertificateRequested,
    ClientCertificateVerdict,
    Direction,
    Negotiated,
    TimelineEvent,
)
from trustdesk.core.message import msg
from trustdesk.core.probe import (
    AmqpFacts,
    CertificateRefusal,
    HttpFacts,
    Outcome,
    Phase,
    ProbeRecord,
    Responsible,
    StopReason,
)
from trustdesk.core.revocation import RevocationCheck, RevocationStatus
from trustdesk.core.target import parse_target
from trustdesk.core.trust import ServerFault, ServerJudgement
from trustdesk.diagnose.causes import Cause
from trustdesk.diagnose.explain import diagnose
from trustdesk.diagnose.observations import Observations
from trustdesk.diagnose.ranking import CAP_OF_A_GUESS

SENT = asked(sent=True)
NAMED = asked(sent=True, acceptable=("CN=Root",))
OTHERS_NAMED = asked(sent=True, acceptable=("CN=Other",))
ACCEPTED = asked(sent=True, verdict=ClientCertificateVerdict.ACCEPTED)
BASE = ProbeVariant(certificate=CertificateChoice.NONE)
ISSUERS = ("CN=Issuing", "CN=Root")


def ours(**different: Any) -> Preflight:
    issuer = pki.authority("Issuing", pki.root())
    return Preflight(certificate=pki.client(issuer, **different).facts, issuers=ISSUERS)


def refused(code: int, preflight: Preflight | None = None, auth: Any = SENT) -> Observations:
    return observed(refused_by_alert(code, auth), preflight=preflight or ours())


def untrusted(fault: ServerFault, **different: Any) -> ProbeRecord:
    judgement = ServerJudgement(trusted=False, trust_list="list", faults=(fault,))
    chain = {"presented_chain": (pki.server(pki.root()).facts,)}
    return record(outcome=Outcome.UNTRUSTED_PEER, judgement=judgement, **chain | different)


def stopped(outcome: Outcome, reason: StopReason, phase: Phase, **different: Any) -> Observations:
    return observed(ended(outcome, reason, phase, **different))


def server_hello(detail: str = "", extensions: str = "") -> TimelineEvent:
    fields = (("extensions", extensions),) if extensions else ()
    return TimelineEvent(
        at_ms=1.0, direction=Direction.IN, message="server_hello", bytes=90, detail=detail, fields=fields
    )


def revoked(preflight: Preflight) -> Preflight:
    assert preflight.certificate is not None
    check = RevocationCheck(certificate=preflight.certificate.sha256, status=RevocationStatus.REVOKED)
    return replace(preflight, revocation=(check,))


SILENT = ended(Outcome.TIMED_OUT, StopReason.DEADLINE, Phase.HANDSHAKE)
RESET = ended(Outcome.REJECTED_BY_PEER, StopReason.RESET, Phase.HANDSHAKE)
EXPIRED_SERVER = pki.server(pki.root(), not_after=NOW - timedelta(hours=1))
EARLY_SERVER = pki.server(pki.root(), not_before=NOW + timedelta(hours=1))
DAYS_AHEAD = record(clock_offset_s=2 * 86400.0)
RC4 = Negotiated(version="TLSv1.2", cipher_suite="TLS_ECDHE_RSA_WITH_RC4_128_SHA")
ED25519_REFUSED = replace(
    asked(), request=CertificateRequest(signature_schemes=("rsa_pss_rsae_sha256", "ecdsa_secp256r1_sha256"))
)
GO = FamilyGuess(family=ServerFamily.GO, certain=False, evidence=msg("As Go does."))

CASES: dict[Cause, Observations] = {
    Cause.DNS_FAILURE: stopped(Outcome.NOT_REACHED, StopReason.NAME_UNRESOLVED, Phase.RESOLVE),
    Cause.CONNECTION_REFUSED: stopped(Outcome.NOT_REACHED, StopReason.REFUSED, Phase.CONNECT),
    Cause.CONNECT_TIMEOUT: stopped(Outcome.TIMED_OUT, StopReason.DEADLINE, Phase.CONNECT),
    Cause.CONNECTION_RESET_EARLY: observed(RESET),
    Cause.HANDSHAKE_STALLED: observed(SILENT),
    Cause.CONNECTION_LOST_MID_HANDSHAKE: stopped(
        Outcome.REJECTED_BY_PEER, StopReason.RESET, Phase.HANDSHAKE, negotiated=TLS12
    ),
    Cause.ADDRESS_DIFFERS: observed(
        record(address="192.0.2.1", addresses=("192.0.2.1", "192.0.2.2")),
        (replace(BASE, address="192.0.2.2"), untrusted(ServerFault.EXPIRED)),
    ),
    Cause.PROXY_AUTH_REQUIRED: stopped(Outcome.NOT_REACHED, StopReason.PROXY_AUTH_REQUIRED, Phase.PROXY),
    Cause.PROXY_REFUSED: stopped(Outcome.NOT_REACHED, StopReason.PROXY_REFUSED, Phase.PROXY),
    Cause.NOT_TLS_PLAIN_HTTP: stopped(Outcome.NOT_TLS, StopReason.HTTP, Phase.HANDSHAKE),
    Cause.NOT_TLS_OTHER: stopped(Outcome.NOT_TLS, StopReason.SSH, Phase.HANDSHAKE),
    Cause.SERVER_CERT_EXPIRED: observed(untrusted(ServerFault.EXPIRED)),
    Cause.SERVER_CERT_NOT_YET_VALID: observed(untrusted(ServerFault.NOT_YET_VALID)),
    Cause.INTERMEDIATE_EXPIRED: observed(untrusted(ServerFault.INTERMEDIATE_EXPIRED)),
    Cause.SERVER_MISSING_INTERMEDIATE: observed(untrusted(ServerFault.MISSING_INTERMEDIATE)),
    Cause.SERVER_CA_NOT_IN_LIST: observed(untrusted(ServerFault.CA_NOT_IN_LIST)),
    Cause.SERVER_SELF_SIGNED: observed(untrusted(ServerFault.SELF_SIGNED)),
    Cause.SERVER_NAME_MISMATCH: observed(untrusted(ServerFault.NAME_MISMATCH)),
    Cause.SERVER_COMMON_NAME_ONLY: observed(untrusted(ServerFault.COMMON_NAME_ONLY)),
    Cause.SERVER_EKU_MISSING_SERVER_AUTH: observed(untrusted(ServerFault.PURPOSE)),
    Cause.SERVER_WEAK_SIGNATURE: observed(untrusted(ServerFault.WEAK_SIGNATURE)),
    Cause.SERVER_WEAK_KEY: observed(untrusted(ServerFault.WEAK_KEY)),
    Cause.SERVER_NAME_CONSTRAINT_VIOLATION: observed(untrusted(ServerFault.NAME_CONSTRAINTS)),
    Cause.SERVER_PATH_LENGTH_EXCEEDED: observed(untrusted(ServerFault.PATH_LENGTH)),
    Cause.SERVER_INTERMEDIATE_NOT_CA: observed(untrusted(ServerFault.ISSUER_NOT_CA)),
    Cause.SERVER_UNHANDLED_CRITICAL_EXTENSION: observed(untrusted(ServerFault.CRITICAL_EXTENSION)),
    Cause.SERVER_CERT_REVOKED: observed(untrusted(ServerFault.REVOKED)),
    Cause.SERVER_MUST_STAPLE_NOT_STAPLED: observed(untrusted(ServerFault.NOT_STAPLED)),
    Cause.SERVER_REVOCATION_UNKNOWN: observed(untrusted(ServerFault.REVOCATION_UNKNOWN)),
    Cause.TLS_INTERCEPTION: observed(
        untrusted(
            ServerFault.CA_NOT_IN_LIST,
            presented_chain=(pki.server(pki.root("Zscaler Intermediate Root CA")).facts,),
        )
    ),
    Cause.SERVER_LEGACY_PROTOCOL_ONLY: observed(record(negotiated=TLS11)),
    Cause.SERVER_ACCEPTS_LEGACY_PROTOCOL: observed(
        record(), legacy=(LegacyVersion(version="TLSv1.1", answer=LegacyAnswer.ACCEPTED),)
    ),
    Cause.NO_SHARED_CIPHER: observed(refused_by_alert(40)),
    Cause.WEAK_PARAMETERS: observed(record(negotiated=RC4)),
    Cause.LEGACY_RENEGOTIATION_SERVER: observed(
        record(negotiated=TLS12, timeline=(server_hello(extensions="ec_point_formats, session_ticket"),))
    ),
    Cause.PROTOCOL_VIOLATION: stopped(Outcome.NOT_TLS, StopReason.PROTOCOL_VIOLATION, Phase.HANDSHAKE),
    Cause.ALERT_UNEXPLAINED: observed(refused_by_alert(80)),
    Cause.SNI_REQUIRED: observed(refused_by_alert(112)),
    Cause.ALPN_MISMATCH: observed(refused_by_alert(120)),
    Cause.LARGE_CLIENT_HELLO_INTOLERANCE: observed(
        SILENT, (replace(BASE, groups=GroupChoice.CLASSIC), record())
    ),
    Cause.CLIENT_CERT_REQUIRED: observed(refused_by_alert(116, asked())),
    Cause.CLIENT_CERT_NOT_SENT_BY_POLICY: observed(
        refused_by_alert(116, asked(acceptable=("CN=Other",)), identity=IDENTITY), preflight=ours()
    ),
    Cause.CLIENT_CHAIN_INCOMPLETE: refused(48, replace(ours(), issuers=ISSUERS[:1], chain_complete=False)),
    Cause.CLIENT_CA_NOT_TRUSTED: refused(48, ours(), OTHERS_NAMED),
    Cause.CLIENT_SELF_SIGNED: refused(48, Preflight(certificate=pki.client(None).facts, issuers=("CN=A",))),
    Cause.CLIENT_CERT_EXPIRED: refused(46, ours(not_after=NOW - timedelta(days=1))),
    Cause.CLIENT_CERT_NOT_YET_VALID: refused(42, ours(not_before=NOW + timedelta(days=1))),
    Cause.CLIENT_EKU_MISSING_CLIENT_AUTH: refused(43, ours(usages=(pki.SERVER_AUTH,))),
    Cause.CLIENT_KU_MISSING_DIGITAL_SIGNATURE: refused(43, ours(key_usage=("key_encipherment",))),
    Cause.CLIENT_CERT_REVOKED: refused(46, revoked(ours()), NAMED),
    Cause.CLIENT_KEY_TOO_WEAK: refused(42, ours(key=pki.rsa_key(1024))),
    Cause.CLIENT_KEY_ALGORITHM_NOT_ACCEPTED: observed(
        refused_by_alert(116, ED25519_REFUSED, identity=IDENTITY),
        preflight=ours(key=ed25519.Ed25519PrivateKey.generate()),
    ),
    Cause.CLIENT_KEY_MISMATCH: observed(
        refused_by_alert(116, asked(), identity=IDENTITY), preflight=replace(ours(), key_matches=False)
    ),
    Cause.SERVER_CRL_STALE: refused(45, ours(), NAMED),
    Cause.SERVER_CRL_MISSING: refused(48, ours(), NAMED),
    Cause.POST_HANDSHAKE_AUTH_REQUIRED: stopped(
        Outcome.REJECTED_BY_PEER,
        StopReason.HTTP_REFUSAL,
        Phase.REQUEST,
        negotiated=TLS13,
        http=HttpFacts(status=403, certificate_refusal=CertificateRefusal.NOT_ASKED_LATER),
    ),
    Cause.RENEGOTIATION_AUTH_REQUIRED: observed(
        refused_by_alert(40, asked(requested=CertificateRequested.LATER), negotiated=TLS12)
    ),
    Cause.SESSION_RESUMED_WITHOUT_CERTIFICATE: observed(
        record(identity=IDENTITY, timeline=(server_hello(detail="TLS 1.3, resumed"),))
    ),
    Cause.CLIENT_CERT_REJECTED_UNEXPLAINED: refused(46),
    Cause.HTTP_UNAUTHORIZED: observed(record(http=HttpFacts(status=401, challenge="Basic realm=x"))),
    Cause.HTTP_FORBIDDEN: observed(record(http=HttpFacts(status=403))),
    Cause.TLS_TERMINATED_UPSTREAM: stopped(
        Outcome.REJECTED_BY_PEER,
        StopReason.HTTP_REFUSAL,
        Phase.REQUEST,
        negotiated=TLS13,
        client_auth=SENT,
        http=HttpFacts(status=400, certificate_refusal=CertificateRefusal.NONE_SENT),
    ),
    Cause.HTTP_SERVER_ERROR: observed(record(http=HttpFacts(status=502))),
    Cause.AMQP_EXTERNAL_NOT_OFFERED: observed(
        record("amqps://cargo.example", http=None, amqp=AmqpFacts(version="0-9-1", mechanisms=("PLAIN",)))
    ),
    Cause.LOCAL_CLOCK_WRONG: observed(
        refused_by_alert(45, SENT), (BASE, DAYS_AHEAD), preflight=ours(not_after=NOW + timedelta(days=1))
    ),
    Cause.NONE: observed(record(client_auth=ACCEPTED, identity=IDENTITY), preflight=ours()),
}


@pytest.mark.parametrize("cause", Cause)
def test_cause_is_reached_and_comes_first(cause: Cause) -> None:
    first = diagnose(CASES[cause], RULES)[0]
    assert first.cause == cause
    assert first.evidence
    assert (first.remedy is None) is (cause is Cause.NONE)


ANSWERED = record()


@pytest.mark.parametrize(
    ("first", "variant", "second", "cause"),
    [
        (RESET, {"groups": GroupChoice.CLASSIC}, ANSWERED, "large_client_hello_intolerance"),
        (SILENT, {"groups": GroupChoice.CLASSIC}, SILENT, "handshake_stalled"),
        (refused_by_alert(40), {"server_name": ServerNameChoice.NONE}, ANSWERED, "sni_required"),
        (refused_by_alert(40), {"alpn": AlpnChoice.NONE}, ANSWERED, "alpn_mismatch"),
        (refused_by_alert(40), {"versions": TlsVersions.TLS_1_2}, ANSWERED, "no_shared_cipher"),
        (
            refused_by_alert(40),
            {"server_name": ServerNameChoice.NONE},
            refused_by_alert(40),
            "no_shared_cipher",
        ),
    ],
)
def test_second_probe_moves_the_cause(
    first: ProbeRecord, variant: dict[str, Any], second: ProbeRecord, cause: str
) -> None:
    assert diagnose(observed(first, (replace(BASE, **variant), second)), RULES)[0].cause == cause


def test_old_version_that_is_accepted_explains_why_ours_are_refused() -> None:
    legacy = (LegacyVersion(version="TLSv1", answer=LegacyAnswer.ACCEPTED),)
    assert diagnose(observed(RESET, legacy=legacy), RULES)[0].cause == "server_legacy_protocol_only"


def test_same_answer_of_the_application_without_certificate_points_upstream() -> None:
    forbidden = record(http=HttpFacts(status=403), client_auth=ACCEPTED, identity=IDENTITY)
    bare = record(http=HttpFacts(status=403))
    alone = diagnose(observed(forbidden), RULES)
    both = diagnose(observed(forbidden, (BASE, bare)), RULES)
    other = diagnose(observed(forbidden, (BASE, refused_by_alert(116, asked()))), RULES)
    assert [one.cause for one in alone] == ["http_forbidden", "tls_terminated_upstream"]
    assert both[0].cause == "tls_terminated_upstream"
    assert [one.cause for one in other] == ["http_forbidden"]


def test_without_sni_a_certificate_of_another_name_may_be_the_default_hosts() -> None:
    bare = parse_target("https://cargo.example", send_server_name=False)
    hypotheses = diagnose(observed(untrusted(ServerFault.NAME_MISMATCH, target=bare)), RULES)
    assert [one.cause for one in hypotheses] == ["server_name_mismatch", "sni_required"]


OTHER_ADDRESS = replace(BASE, address="2001:db8::2")
TWO_ADDRESSES = record(address="192.0.2.1", addresses=("192.0.2.1", "2001:db8::2"))


def test_address_without_a_route_from_here_says_nothing_of_the_server() -> None:
    """Where there is no IPv6, every host with an IPv6 address looks so."""
    no_route = ended(Outcome.NOT_REACHED, StopReason.UNREACHABLE, Phase.CONNECT)
    seen = observed(TWO_ADDRESSES, (OTHER_ADDRESS, no_route))
    assert [one.cause for one in diagnose(seen, RULES)] == ["none"]


def test_address_that_takes_no_connection_is_the_networks_first() -> None:
    silent = ended(Outcome.TIMED_OUT, StopReason.DEADLINE, Phase.CONNECT)
    first = diagnose(observed(TWO_ADDRESSES, (OTHER_ADDRESS, silent)), RULES)[0]
    assert (first.cause, first.responsible) == ("address_differs", Responsible.NETWORK)


def test_address_with_a_certificate_of_its_own_answers_alike() -> None:
    one, other = (pki.server(pki.root()).facts for _ in range(2))
    first = replace(TWO_ADDRESSES, presented_chain=(one,))
    second = replace(TWO_ADDRESSES, presented_chain=(other,))
    assert [one.cause for one in diagnose(observed(first, (OTHER_ADDRESS, second)), RULES)] == ["none"]


def test_refused_certificate_stays_it_although_the_default_host_asks_for_none() -> None:
    seen = refused(48, ours(), OTHERS_NAMED)
    other = observed(
        seen.first.record,
        (replace(seen.first.variant, server_name=ServerNameChoice.NONE), record()),
        preflight=seen.preflight,
    )
    assert diagnose(other, RULES)[0].cause == "client_ca_not_trusted"


def test_another_sni_than_the_name_that_is_verified_may_be_the_reason() -> None:
    other = parse_target("https://cargo.example", server_name="gateway.example")
    hypotheses = diagnose(observed(untrusted(ServerFault.NAME_MISMATCH, target=other)), RULES)
    assert [one.cause for one in hypotheses] == ["server_name_mismatch", "sni_required"]


def test_certificate_that_is_valid_and_not_let_in_is_said_so() -> None:
    told = diagnose(refused(49), RULES)[0]
    assert told.cause == "client_cert_rejected_unexplained"
    assert told.remedy is not None
    assert "allow us" in told.remedy.id


def test_fault_of_the_lists_comes_before_the_name() -> None:
    judgement = ServerJudgement(
        trusted=False, trust_list="l", faults=(ServerFault.CA_NOT_IN_LIST, ServerFault.NAME_MISMATCH)
    )
    probe = replace(untrusted(ServerFault.CA_NOT_IN_LIST), judgement=judgement)
    hypotheses = diagnose(observed(probe), RULES)
    assert [one.cause for one in hypotheses][:2] == ["server_ca_not_in_list", "server_name_mismatch"]


@pytest.mark.parametrize("fault", [ServerFault.EXPIRED, ServerFault.NOT_YET_VALID])
def test_clock_that_explains_nothing_blames_nobody_here(fault: ServerFault) -> None:
    probe = untrusted(fault, clock_offset_s=-400.0, presented_chain=(EXPIRED_SERVER.facts,))
    assert diagnose(observed(probe), RULES)[0].cause != "local_clock_wrong"


@pytest.mark.parametrize(
    ("fault", "server", "offset_s", "cause"),
    [
        (ServerFault.EXPIRED, EXPIRED_SERVER, -2 * 86400.0, "server_cert_expired"),
        (ServerFault.NOT_YET_VALID, EARLY_SERVER, 2 * 86400.0, "server_cert_not_yet_valid"),
    ],
)
def test_word_of_the_server_about_the_time_does_not_outweigh_the_dates_of_its_certificate(
    fault: ServerFault, server: pki.Issued, offset_s: float, cause: str
) -> None:
    """Whoever answers writes the Date: with a certificate that has expired it would make us the culprit."""
    probe = untrusted(fault, clock_offset_s=offset_s, presented_chain=(server.facts,))
    hypotheses = diagnose(observed(probe), RULES)
    assert [one.cause for one in hypotheses] == [cause, "local_clock_wrong"]
    clock = hypotheses[1]
    assert clock.responsible is Responsible.UNCLEAR
    assert clock.remedy is not None
    assert "third" in clock.remedy.id
    without = replace(probe, clock_offset_s=None)
    told = {one.cause: one.confidence for one in diagnose(observed(without), RULES)}
    assert clock.confidence > told.get("local_clock_wrong", 0.0)


@pytest.mark.parametrize(
    ("code", "cause"),
    [(45, "local_clock_wrong"), (46, "local_clock_wrong"), (48, "client_ca_not_trusted")],
)
def test_difference_of_the_clocks_is_a_guess_about_our_own_dates_and_blames_nobody(
    code: int, cause: str
) -> None:
    near_its_end = ours(not_after=NOW + timedelta(days=1))
    seen = observed(refused_by_alert(code, OTHERS_NAMED), (BASE, DAYS_AHEAD), preflight=near_its_end)
    first = diagnose(seen, RULES)[0]
    assert first.cause == cause
    assert first.confidence <= CAP_OF_A_GUESS
    if cause == "local_clock_wrong":
        assert first.responsible is Responsible.UNCLEAR
        assert first.remedy is not None
        assert "third" in first.remedy.id


def test_our_own_weakness_is_not_it_where_the_server_is_known_not_to_mind() -> None:
    weak = ours(key=pki.rsa_key(1024))
    go = diagnose(replace(refused(42, weak, OTHERS_NAMED), family=GO), RULES)
    assert go[0].cause == "client_ca_not_trusted"


def test_resumed_session_without_an_identity_is_nobodys_fault() -> None:
    healthy = record(timeline=(server_hello(detail="TLS 1.3, resumed"),))
    assert diagnose(observed(healthy), RULES)[0].cause == "none"
