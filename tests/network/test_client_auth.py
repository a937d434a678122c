from __future__ import annotations

from dataclasses import replace

import pytest

from trustdesk.core.handshake import (
    CertificateRequest,
    CertificateRequested,
    ClientCertificateVerdict,
    LaterRequest,
)
from trustdesk.core.probe import CertificateRefusal, StopReason
from trustdesk.network.client_auth import ClientAuthFacts, client_auth

ANSWERED = ClientAuthFacts(
    request=None,
    requested_later=False,
    sent=False,
    flight_done=True,
    handshake_done=True,
    proved=True,
    server_judged_before_finished=False,
    refusal=None,
    stopped_by=None,
)
ASKED = replace(ANSWERED, request=CertificateRequest())
SENT = replace(ASKED, sent=True)
SILENT_ENDS = (StopReason.CLOSED, StopReason.RESET)


def fate(facts: ClientAuthFacts) -> tuple[str, str]:
    result = client_auth(facts)
    return result.requested.value, result.verdict.value


def test_never_asked_and_done_is_no_request() -> None:
    assert fate(ANSWERED) == ("no", "not_asked")


def test_no_request_seen_before_the_end_of_the_handshake_is_unknown() -> None:
    assert fate(replace(ANSWERED, handshake_done=False, proved=False)) == ("unknown", "unknown")


def test_asked_and_answered_without_certificate_is_optional() -> None:
    assert fate(ASKED) == ("optional", "ignored")


def test_sent_and_answered_is_accepted_and_does_not_show_whether_it_was_required() -> None:
    assert fate(SENT) == ("unknown", "accepted")


@pytest.mark.parametrize("reason", [StopReason.ALERT, *SILENT_ENDS])
def test_end_after_our_flight_without_certificate_means_required(reason: StopReason) -> None:
    assert fate(replace(ASKED, proved=False, stopped_by=reason)) == ("required", "rejected")


@pytest.mark.parametrize("reason", [StopReason.ALERT, *SILENT_ENDS])
def test_end_after_our_flight_with_certificate_is_a_rejection(reason: StopReason) -> None:
    assert fate(replace(SENT, proved=False, stopped_by=reason)) == ("unknown", "rejected")


@pytest.mark.parametrize("facts", [ASKED, SENT])
def test_end_before_our_flight_proves_nothing(facts: ClientAuthFacts) -> None:
    early = replace(facts, flight_done=False, proved=False, sent=False, stopped_by=StopReason.ALERT)
    assert fate(early) == ("unknown", "unknown")


@pytest.mark.parametrize("reason", SILENT_ENDS)
@pytest.mark.parametrize("facts", [ASKED, SENT])
def test_silent_end_after_the_servers_finished_of_tls12_is_not_about_the_certificate(
    facts: ClientAuthFacts, reason: StopReason
) -> None:
    late = replace(facts, server_judged_before_finished=True, proved=False, stopped_by=reason)
    assert fate(late) == ("unknown", "unknown")


@pytest.mark.parametrize("reason", SILENT_ENDS)
def test_silent_end_inside_a_tls12_handshake_is_a_rejection(reason: StopReason) -> None:
    inside = replace(
        SENT, server_judged_before_finished=True, handshake_done=False, proved=False, stopped_by=reason
    )
    assert fate(inside) == ("unknown", "rejected")


def test_page_of_a_front_end_decides_although_the_answer_came() -> None:
    none_sent = replace(ASKED, refusal=CertificateRefusal.NONE_SENT, stopped_by=StopReason.HTTP_REFUSAL)
    assert fate(none_sent) == ("required", "rejected")
    error = replace(SENT, refusal=CertificateRefusal.CERTIFICATE_ERROR, stopped_by=StopReason.HTTP_REFUSAL)
    assert fate(error) == ("unknown", "rejected")


def test_silence_after_a_certificate_was_sent_proves_nothing() -> None:
    assert fate(replace(SENT, proved=False, stopped_by=StopReason.DEADLINE)) == ("unknown", "unknown")


def test_request_after_the_handshake_is_later() -> None:
    later = replace(ANSWERED, requested_later=True, proved_later=True)
    assert fate(later) == ("later", "ignored")
    assert fate(replace(later, sent=True, sent_later=True)) == ("later", "accepted")
    assert fate(replace(later, proved=False, stopped_by=StopReason.ALERT)) == ("later", "rejected")
    assert client_auth(later).asked_by is LaterRequest.POST_HANDSHAKE
    by_renegotiation = client_auth(replace(later, server_judged_before_finished=True))
    assert by_renegotiation.asked_by is LaterRequest.RENEGOTIATION


def test_what_was_read_before_the_later_request_does_not_prove_its_answer() -> None:
    later = replace(ANSWERED, requested_later=True, sent=True, sent_later=True, proved=True)
    assert fate(later) == ("later", "unknown")


def test_certificate_of_the_handshake_is_not_what_the_answer_to_the_later_request_proves() -> None:
    assert fate(replace(SENT, requested_later=True, proved_later=True)) == ("later", "unknown")


@pytest.mark.parametrize("reason", SILENT_ENDS)
def test_silent_end_after_a_later_request_is_a_rejection_in_tls12_too(reason: StopReason) -> None:
    ended = replace(
        ANSWERED, requested_later=True, server_judged_before_finished=True, proved=False, stopped_by=reason
    )
    assert fate(ended) == ("later", "rejected")


def test_page_of_a_path_that_could_not_ask_is_a_rejection() -> None:
    page = replace(ANSWERED, refusal=CertificateRefusal.NOT_ASKED_LATER, stopped_by=StopReason.HTTP_REFUSAL)
    assert fate(page) == ("later", "rejected")


@pytest.mark.parametrize("verdict", [ClientCertificateVerdict.ACCEPTED])
def test_acceptance_is_never_said_without_proof(verdict: ClientCertificateVerdict) -> None:
    for reason in StopReason:
        for sent in (True, False):
            facts = replace(SENT, sent=sent, proved=False, stopped_by=reason)
            assert client_auth(facts).verdict is not verdict
            assert client_auth(facts).requested is not CertificateRequested.NO
