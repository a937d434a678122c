"""One cause for each probe: what proves it, and what an alert alone does not prove."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from tests.support import pki
from tests.support.diagnosis import RULES, observed
from tests.support.pki import NOW, Issued
from tests.support.probes import IDENTITY, TLS11, TLS12, TLS13, asked, ended, record, refused_by_alert
from trustdesk.core.diagnosis import Preflight
from trustdesk.core.handshake import (
    Alert,
    AlertDirection,
    CertificateRequested,
    ClientCertificateVerdict,
)
from trustdesk.core.message import msg
from trustdesk.core.probe import (
    AmqpFacts,
    CertificateRefusal,
    Explanation,
    HttpFacts,
    Outcome,
    Phase,
    ProbeRecord,
    Responsible,
    StopReason,
)
from trustdesk.core.revocation import (
    RevocationAnswer,
    RevocationCheck,
    RevocationSource,
    RevocationSourceKind,
    RevocationSourceOrigin,
    RevocationStatus,
)
from trustdesk.core.trust import ServerFault, ServerJudgement
from trustdesk.diagnose.causes import Cause
from trustdesk.diagnose.explain import diagnose, explain

SENT = asked(sent=True)
NOT_SENT = asked()


def client(**different: Any) -> Issued:
    return pki.client(pki.root(), **different)


def explained(probe: ProbeRecord, certificate: Issued | None = None, *issuers: str) -> Explanation:
    return explain(probe, (), certificate.facts if certificate else None, issuers, rules=RULES)


def evidence_ids(explanation: Explanation) -> set[str]:
    return {message.id for message in explanation.evidence}


# --- healthy ---------------------------------------------------------------------------------------------


def test_healthy_without_client_certificate_says_that_none_was_asked_for() -> None:
    explanation = explained(record(http=HttpFacts(status=200)))
    assert explanation.cause == "none"
    assert explanation.responsible is Responsible.NOBODY
    assert explanation.action is None
    assert (
        explanation.headline.id == "TLS works: no client certificate was asked for, and the server answered."
    )


def test_healthy_mtls_says_that_our_certificate_was_accepted() -> None:
    accepted = asked(sent=True, verdict=ClientCertificateVerdict.ACCEPTED)
    explanation = explained(record(client_auth=accepted, identity=IDENTITY))
    assert explanation.cause == "none"
    assert explanation.headline.id.startswith("TLS and mTLS work: our certificate was accepted")


def test_optional_client_certificate_is_not_called_mtls() -> None:
    ignored = asked(requested=CertificateRequested.OPTIONAL, verdict=ClientCertificateVerdict.IGNORED)
    explanation = explained(record(client_auth=ignored))
    assert explanation.cause == "none"
    assert "mTLS" not in explanation.headline.id


def test_http_401_is_healthy_and_asks_for_a_token() -> None:
    explanation = explained(record())
    assert explanation.cause == "none"
    assert "token" in explanation.headline.id


@pytest.mark.parametrize(("status", "cause"), [(403, "http_forbidden"), (500, "http_server_error")])
def test_application_refuses_over_good_tls(status: int, cause: str) -> None:
    assert explained(record(http=HttpFacts(status=status))).cause == cause


def test_tls_1_1_alone_is_the_partners_to_change() -> None:
    explanation = explained(record(negotiated=TLS11))
    assert explanation.cause == "server_legacy_protocol_only"
    assert explanation.responsible is Responsible.PARTNER


@pytest.mark.parametrize(
    ("mechanisms", "cause"),
    [(("PLAIN", "EXTERNAL"), "none"), (("PLAIN",), "amqp_external_not_offered"), ((), "none")],
)
def test_amqp_mechanisms(mechanisms: tuple[str, ...], cause: str) -> None:
    amqp = AmqpFacts(version="0-9-1", mechanisms=mechanisms)
    assert explained(record("amqps://cargo.example", http=None, amqp=amqp)).cause == cause


# --- our certificate refused -----------------------------------------------------------------------------


@pytest.mark.parametrize("code", [116, 40, 42, 46, 48, 43])
def test_asked_and_none_sent_is_required_whatever_the_alert(code: int) -> None:
    """TLS 1.2 says 40, Go 42: the alert follows the missing certificate."""
    explanation = explained(refused_by_alert(code, NOT_SENT))
    assert explanation.cause == "client_cert_required"
    assert explanation.responsible is Responsible.US


EXPIRED = {"not_after": NOW - timedelta(days=1)}
FUTURE = {"not_before": NOW + timedelta(days=1)}
SERVER_ONLY: dict[str, object] = {"usages": (pki.SERVER_AUTH,)}
NO_SIGNING: dict[str, object] = {"key_usage": ("key_encipherment",)}


@pytest.mark.parametrize(
    ("code", "different", "cause"),
    [
        (45, EXPIRED, "client_cert_expired"),
        (42, EXPIRED, "client_cert_expired"),  # Go
        (46, EXPIRED, "client_cert_expired"),  # Java
        (42, FUTURE, "client_cert_not_yet_valid"),
        (43, SERVER_ONLY, "client_eku_missing_client_auth"),
        (42, SERVER_ONLY, "client_eku_missing_client_auth"),  # Go
        (43, NO_SIGNING, "client_ku_missing_digital_signature"),
        (43, SERVER_ONLY | EXPIRED, "client_eku_missing_client_auth"),
        (42, {"key": pki.rsa_key(1024)}, "client_key_too_weak"),
        (44, {}, "client_cert_revoked"),
        (45, {}, "server_crl_stale"),
        (42, {}, "client_cert_rejected_unexplained"),
        (43, {}, "client_cert_rejected_unexplained"),
        (43, EXPIRED, "client_cert_rejected_unexplained"),
        (46, {}, "client_cert_rejected_unexplained"),
        (49, {}, "client_cert_rejected_unexplained"),
        (51, {}, "client_cert_rejected_unexplained"),
        (40, {}, "client_cert_rejected_unexplained"),
        (80, {}, "client_cert_rejected_unexplained"),
    ],
)
def test_alert_after_our_certificate(code: int, different: dict[str, object], cause: str) -> None:
    """What our certificate says of itself decides; where it says nothing, the cause stays open."""
    assert explained(refused_by_alert(code, SENT), client(**different), "CN=A", "CN=B").cause == cause


def test_unexplained_refusal_blames_nobody_and_lists_what_it_can_be() -> None:
    explanation = explained(refused_by_alert(42, SENT), client())
    assert explanation.responsible is Responsible.UNCLEAR
    assert any("can be" in text for text in evidence_ids(explanation))


def test_stale_crl_is_most_likely_and_the_partners() -> None:
    explanation = explained(refused_by_alert(45, SENT), client())
    assert "most likely" in explanation.headline.id
    assert explanation.responsible is Responsible.PARTNER


@pytest.mark.parametrize(("code", "cause"), [(45, "server_crl_stale"), (48, "server_crl_missing")])
def test_crl_that_is_of_no_use_to_us_either_is_our_cas_to_mend(code: int, cause: str) -> None:
    ours = client().facts
    crl = RevocationSource(
        kind=RevocationSourceKind.CRL,
        origin=RevocationSourceOrigin.CERTIFICATE,
        place="http://ca.example/crl",
    )
    unavailable = RevocationAnswer(
        source=crl, status=RevocationStatus.UNAVAILABLE, reason=msg("It does not answer.")
    )
    check = RevocationCheck(
        certificate=ours.sha256, status=RevocationStatus.UNAVAILABLE, answers=(unavailable,)
    )
    named = asked(sent=True, acceptable=("CN=Root",))
    probe = refused_by_alert(code, named, client_revocation=(check,))
    explanation = explain(probe, (), ours, ("CN=Issuing", "CN=Root"), rules=RULES)
    assert (explanation.cause, explanation.responsible) == (cause, Responsible.CA)
    assert "The CRL {place} is of no use to us either: {reason}" in evidence_ids(explanation)
    beforehand = Preflight(certificate=ours, issuers=("CN=Issuing", "CN=Root"), revocation=(check,))
    first = diagnose(observed(refused_by_alert(code, named), preflight=beforehand), RULES)[0]
    assert (first.cause, first.responsible) == (cause, Responsible.CA)


def test_unknown_ca_with_a_chain_is_the_partners_list() -> None:
    named = asked(sent=True, acceptable=("CN=Other",))
    explanation = explained(refused_by_alert(48, named), client(), "CN=Issuing", "CN=Root")
    assert explanation.cause == "client_ca_not_trusted"
    assert explanation.responsible is Responsible.PARTNER


def test_unknown_ca_without_a_chain_is_most_likely_ours() -> None:
    explanation = explained(refused_by_alert(48, SENT), client(), "CN=Issuing")
    assert explanation.cause == "client_chain_incomplete"
    assert "most likely" in explanation.headline.id


def test_unknown_ca_that_is_named_as_acceptable_is_most_likely_a_missing_crl() -> None:
    """Measured: OpenSSL, HAProxy and others answer unknown_ca where they have no CRL of a CA they know."""
    named = asked(sent=True, acceptable=("CN=Issuing",))
    explanation = explained(refused_by_alert(48, named), client(), "CN=Issuing")
    assert explanation.cause == "server_crl_missing"
    assert explanation.responsible is Responsible.PARTNER
    assert "most likely" in explanation.headline.id


def test_unknown_ca_for_a_self_signed_certificate() -> None:
    explanation = explained(refused_by_alert(48, SENT), pki.client(None), "CN=ACME")
    assert explanation.cause == "client_self_signed"


@pytest.mark.parametrize("reason", [StopReason.CLOSED, StopReason.RESET])
@pytest.mark.parametrize(
    ("different", "cause"), [(EXPIRED, "client_cert_expired"), ({}, "client_cert_rejected_unexplained")]
)
def test_silence_after_our_certificate(reason: StopReason, different: dict[str, object], cause: str) -> None:
    """Node and the JDK's HttpsServer refuse without an alert."""
    probe = ended(
        Outcome.REJECTED_BY_PEER, reason, Phase.SETTLE, negotiated=TLS13, client_auth=SENT, identity=IDENTITY
    )
    assert explained(probe, client(**different)).cause == cause


@pytest.mark.parametrize(
    ("refusal", "client_auth", "different", "cause"),
    [
        (CertificateRefusal.NONE_SENT, NOT_SENT, None, "client_cert_required"),
        (CertificateRefusal.NONE_SENT, SENT, {}, "tls_terminated_upstream"),
        (CertificateRefusal.CERTIFICATE_ERROR, SENT, EXPIRED, "client_cert_expired"),
        (CertificateRefusal.CERTIFICATE_ERROR, SENT, {}, "client_cert_rejected_unexplained"),
    ],
)
def test_front_end_refuses_in_http(
    refusal: CertificateRefusal, client_auth: object, different: dict[str, object] | None, cause: str
) -> None:
    http = HttpFacts(status=400, certificate_refusal=refusal)
    probe = ended(
        Outcome.REJECTED_BY_PEER,
        StopReason.HTTP_REFUSAL,
        Phase.REQUEST,
        http=http,
        client_auth=client_auth,
        negotiated=TLS13,
    )
    assert explained(probe, None if different is None else client(**different)).cause == cause


def test_page_without_reason_and_nothing_wrong_with_ours_blames_nobody() -> None:
    """A revoked certificate and a CRL out of date or missing look alike at nginx: no side is blamed."""
    probe = ended(
        Outcome.REJECTED_BY_PEER,
        StopReason.HTTP_REFUSAL,
        Phase.REQUEST,
        http=HttpFacts(status=400, certificate_refusal=CertificateRefusal.CERTIFICATE_ERROR),
        client_auth=asked(sent=True, acceptable=("CN=Root",)),
        negotiated=TLS13,
    )
    explanation = explained(probe, client(), "CN=Issuing", "CN=Root")
    assert explanation.responsible is Responsible.UNCLEAR
    assert "can be" in explanation.headline.id


@pytest.mark.parametrize(
    ("negotiated", "cause"),
    [(TLS13, "post_handshake_auth_required"), (TLS12, "renegotiation_auth_required")],
)
def test_certificate_asked_for_after_the_request(negotiated: object, cause: str) -> None:
    later = asked(requested=CertificateRequested.LATER)
    assert explained(refused_by_alert(40, later, negotiated=negotiated)).cause == cause


def test_credential_that_could_not_be_used_is_told() -> None:
    trouble = msg("The key does not fit.")
    probe = refused_by_alert(116, NOT_SENT, identity=IDENTITY, credential_error=trouble)
    explanation = explained(probe)
    assert explanation.cause == "client_cert_required"
    assert trouble in explanation.evidence


def test_answer_without_the_credential_that_could_not_be_used_is_not_nothing() -> None:
    trouble = msg("The key does not fit.")
    optional = asked(verdict=ClientCertificateVerdict.IGNORED, requested=CertificateRequested.OPTIONAL)
    explanation = explained(record(identity=IDENTITY, client_auth=optional, credential_error=trouble))
    assert (explanation.cause, explanation.responsible) == ("client_key_mismatch", Responsible.US)
    assert "could not be used" in explanation.headline.id
    assert trouble in explanation.evidence
    not_asked = asked(verdict=ClientCertificateVerdict.NOT_ASKED, requested=CertificateRequested.NO)
    healthy = explained(record(identity=IDENTITY, client_auth=not_asked, credential_error=trouble))
    assert healthy.cause == "none"


def test_answer_without_our_certificate_although_the_server_asked_is_not_nothing() -> None:
    optional = asked(verdict=ClientCertificateVerdict.IGNORED, requested=CertificateRequested.OPTIONAL)
    explanation = explained(record(identity=IDENTITY, client_auth=optional))
    assert explanation.cause == "client_key_algorithm_not_accepted"
    assert "was not sent" in explanation.headline.id
    assert explained(record(client_auth=optional)).cause == "none", "none was selected"


@pytest.mark.parametrize(
    ("negotiated", "cause"),
    [(TLS13, "post_handshake_auth_required"), (TLS12, "renegotiation_auth_required")],
)
def test_answer_to_a_request_for_our_certificate_that_came_later_and_was_left_open_is_not_nothing(
    negotiated: object, cause: str
) -> None:
    """An answer with HTTP 200 is no proof of a certificate that never left."""
    left_open = asked(verdict=ClientCertificateVerdict.IGNORED, requested=CertificateRequested.LATER)
    answer: dict[str, Any] = {"negotiated": negotiated, "http": HttpFacts(status=200)}
    explanation = explained(record(identity=IDENTITY, client_auth=left_open, **answer))
    assert explanation.cause == cause
    assert "was not sent" in explanation.headline.id
    assert explained(record(client_auth=left_open, **answer)).cause == "none", "none was selected"
    presented = asked(
        sent=True, verdict=ClientCertificateVerdict.ACCEPTED, requested=CertificateRequested.LATER
    )
    assert explained(record(identity=IDENTITY, client_auth=presented, **answer)).cause == "none"
    of_no_use = record(
        identity=IDENTITY, client_auth=left_open, credential_error=msg("The key does not fit."), **answer
    )
    assert explained(of_no_use).cause == "client_key_mismatch"


@pytest.mark.parametrize("requested", [CertificateRequested.NO, CertificateRequested.OPTIONAL])
def test_revoked_certificate_that_the_server_did_not_see_is_told(requested: CertificateRequested) -> None:
    ours = client()
    check = RevocationCheck(certificate=ours.sha256, status=RevocationStatus.REVOKED, revoked_at=NOW)
    unseen = asked(verdict=ClientCertificateVerdict.NOT_ASKED, requested=requested)
    probe = record(identity=IDENTITY, client_auth=unseen, client_revocation=(check,))
    assert explained(probe, ours).cause == "client_cert_revoked"


# --- alerts that are not about our certificate -----------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        (40, "no_shared_cipher"),
        (71, "no_shared_cipher"),
        (70, "server_legacy_protocol_only"),
        (112, "sni_required"),
        (120, "alpn_mismatch"),
        (42, "alert_unexplained"),
        (47, "alert_unexplained"),
        (80, "alert_unexplained"),
        (255, "alert_unexplained"),
    ],
)
def test_alert_before_the_server_hello(code: int, cause: str) -> None:
    assert explained(refused_by_alert(code)).cause == cause


def test_handshake_failure_after_the_server_hello_without_a_request_stays_open() -> None:
    probe = refused_by_alert(40, negotiated=TLS12)
    assert explained(probe).cause == "alert_unexplained"


# --- the server's certificate ----------------------------------------------------------------------------

_CAUSE_OF_FAULT = {
    ServerFault.UNREADABLE: "protocol_violation",
    ServerFault.KEY_PUBLISHED: "server_weak_key",
    ServerFault.DISTRUSTED: "server_ca_not_in_list",
    ServerFault.SELF_SIGNED: "server_self_signed",
    ServerFault.EXPIRED: "server_cert_expired",
    ServerFault.NOT_YET_VALID: "server_cert_not_yet_valid",
    ServerFault.INTERMEDIATE_EXPIRED: "intermediate_expired",
    ServerFault.REVOKED: "server_cert_revoked",
    ServerFault.MISSING_INTERMEDIATE: "server_missing_intermediate",
    ServerFault.CA_NOT_IN_LIST: "server_ca_not_in_list",
    ServerFault.NOT_THROUGH_CHOSEN_CA: "server_ca_not_in_list",
    ServerFault.PIN_MISMATCH: "server_ca_not_in_list",
    ServerFault.COMMON_NAME_ONLY: "server_common_name_only",
    ServerFault.NAME_MISMATCH: "server_name_mismatch",
    ServerFault.PURPOSE: "server_eku_missing_server_auth",
    ServerFault.WEAK_SIGNATURE: "server_weak_signature",
    ServerFault.WEAK_KEY: "server_weak_key",
    ServerFault.NAME_CONSTRAINTS: "server_name_constraint_violation",
    ServerFault.PATH_LENGTH: "server_path_length_exceeded",
    ServerFault.ISSUER_NOT_CA: "server_intermediate_not_ca",
    ServerFault.ISSUER_PURPOSE: "server_intermediate_not_ca",
    ServerFault.CRITICAL_EXTENSION: "server_unhandled_critical_extension",
    ServerFault.CA_AS_SERVER: "protocol_violation",
    ServerFault.NOT_STAPLED: "server_must_staple_not_stapled",
    ServerFault.REVOCATION_UNKNOWN: "server_revocation_unknown",
    ServerFault.REFUSED: "protocol_violation",
}


@pytest.mark.parametrize("fault", ServerFault)
def test_fault_of_the_server_certificate(fault: ServerFault) -> None:
    judgement = ServerJudgement(trusted=False, trust_list="test", faults=(fault, ServerFault.REFUSED))
    probe = record(
        outcome=Outcome.UNTRUSTED_PEER,
        judgement=judgement,
        presented_chain=(pki.server(pki.root()).facts,),
    )
    assert explained(probe).cause == _CAUSE_OF_FAULT[fault]


@pytest.mark.parametrize(
    "fault", [ServerFault.DISTRUSTED, ServerFault.NOT_THROUGH_CHOSEN_CA, ServerFault.PIN_MISMATCH]
)
def test_what_we_decided_is_not_the_partners_fault(fault: ServerFault) -> None:
    judgement = ServerJudgement(trusted=False, trust_list="test", faults=(fault,))
    probe = record(outcome=Outcome.UNTRUSTED_PEER, judgement=judgement)
    assert explained(probe).responsible is Responsible.US


def test_untrusted_server_that_asks_is_told_not_to_have_got_our_certificate() -> None:
    judgement = ServerJudgement(trusted=False, trust_list="t", faults=(ServerFault.CA_NOT_IN_LIST,))
    probe = record(
        outcome=Outcome.UNTRUSTED_PEER, judgement=judgement, client_auth=NOT_SENT, identity=IDENTITY
    )
    explanation = explained(probe)
    assert explanation.cause == "server_ca_not_in_list"
    assert "The server asked for a client certificate; ours was not sent to it." in evidence_ids(explanation)


def test_expiry_is_told_with_its_date() -> None:
    server = pki.server(pki.root(), not_after=NOW - timedelta(days=3))
    judgement = ServerJudgement(trusted=False, trust_list="t", faults=(ServerFault.EXPIRED,))
    probe = record(outcome=Outcome.UNTRUSTED_PEER, judgement=judgement, presented_chain=(server.facts,))
    assert dict(explained(probe).headline.params)["not_after"] == NOW - timedelta(days=3)


# --- no handshake ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "reason", "phase", "cause"),
    [
        (Outcome.NOT_REACHED, StopReason.NAME_UNRESOLVED, Phase.RESOLVE, "dns_failure"),
        (Outcome.NOT_REACHED, StopReason.REFUSED, Phase.CONNECT, "connection_refused"),
        (Outcome.NOT_REACHED, StopReason.UNREACHABLE, Phase.CONNECT, "connect_timeout"),
        (Outcome.NOT_REACHED, StopReason.REFUSED, Phase.PROXY, "proxy_refused"),
        (Outcome.TIMED_OUT, StopReason.DEADLINE, Phase.RESOLVE, "dns_failure"),
        (Outcome.TIMED_OUT, StopReason.DEADLINE, Phase.PROXY, "proxy_refused"),
        (Outcome.TIMED_OUT, StopReason.DEADLINE, Phase.CONNECT, "connect_timeout"),
        (Outcome.TIMED_OUT, StopReason.DEADLINE, Phase.HANDSHAKE, "handshake_stalled"),
        (Outcome.TIMED_OUT, StopReason.DEADLINE, Phase.SETTLE, "handshake_stalled"),
        (Outcome.TIMED_OUT, StopReason.DEADLINE, Phase.REQUEST, "handshake_stalled"),
        (Outcome.NOT_TLS, StopReason.HTTP, Phase.HANDSHAKE, "not_tls_plain_http"),
        (Outcome.NOT_TLS, StopReason.SSH, Phase.HANDSHAKE, "not_tls_other"),
        (Outcome.NOT_TLS, StopReason.SMTP, Phase.HANDSHAKE, "not_tls_other"),
        (Outcome.NOT_TLS, StopReason.AMQP, Phase.HANDSHAKE, "not_tls_other"),
        (Outcome.NOT_TLS, StopReason.OTHER_PROTOCOL, Phase.HANDSHAKE, "not_tls_other"),
        (Outcome.NOT_TLS, StopReason.PROTOCOL_VIOLATION, Phase.HANDSHAKE, "protocol_violation"),
        (Outcome.NOT_TLS, StopReason.ANSWER_UNREADABLE, Phase.REQUEST, "protocol_violation"),
        (Outcome.NOT_TLS, StopReason.TOO_MUCH, Phase.REQUEST, "protocol_violation"),
        (Outcome.REJECTED_BY_PEER, StopReason.RESET, Phase.HANDSHAKE, "connection_reset_early"),
        (Outcome.REJECTED_BY_PEER, StopReason.CLOSED, Phase.HANDSHAKE, "connection_reset_early"),
        (Outcome.CANCELLED, StopReason.CANCELLED, Phase.CONNECT, "none"),
    ],
)
def test_probe_that_ended_early(outcome: Outcome, reason: StopReason, phase: Phase, cause: str) -> None:
    assert explained(ended(outcome, reason, phase)).cause == cause


@pytest.mark.parametrize("phase", [Phase.HANDSHAKE, Phase.SETTLE])
def test_loss_after_the_server_hello(phase: Phase) -> None:
    probe = ended(Outcome.REJECTED_BY_PEER, StopReason.RESET, phase, negotiated=TLS13)
    assert explained(probe).cause == "connection_lost_mid_handshake"


def test_our_protocol_version_alert_means_an_older_server() -> None:
    alert = Alert(direction=AlertDirection.SENT, level="fatal", code=70, name="protocol_version", at_ms=1.0)
    probe = ended(Outcome.NOT_TLS, StopReason.PROTOCOL_VIOLATION, Phase.HANDSHAKE, alerts=(alert,))
    assert explained(probe).cause == "server_legacy_protocol_only"


def test_cancelled_is_not_called_healthy() -> None:
    explanation = explained(ended(Outcome.CANCELLED, StopReason.CANCELLED, Phase.HANDSHAKE))
    assert "nothing is proved" in explanation.headline.id


@pytest.mark.parametrize("outcome", Outcome)
def test_every_combination_has_an_explanation_of_the_vocabulary(outcome: Outcome) -> None:
    states = (SENT, NOT_SENT, asked(requested=CertificateRequested.LATER))
    for phase, reason, client_auth in product(Phase, [None, *StopReason], states):
        explanation = explained(
            record(
                outcome=outcome,
                ended_in=phase,
                stopped_by=reason,
                http=None,
                negotiated=None,
                client_auth=client_auth,
            )
        )
        assert Cause(explanation.cause) in Cause
        healthy = outcome in {Outcome.ACCEPTED, Outcome.CANCELLED}
        assert (explanation.cause == "none") is healthy
        assert (explanation.action is None) is (outcome is Outcome.ACCEPTED)
