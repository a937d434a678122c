"""A certificate that is asked for after the request: Apache by path, in both versions of TLS."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.servers import clients
from tests.servers.apache_server import apache_server
from tests.servers.clients import Client, Park
from tests.servers.diagnosed import target_at
from tests.servers.process import ServerSetup
from tests.support.judges import FixedJudge
from trustdesk.core.diagnosis import ProbeVariant, TlsVersions
from trustdesk.core.handshake import CertificateRequested, ClientCertificateVerdict, LaterRequest
from trustdesk.core.probe import CertificateRefusal, Outcome, ProbeRecord, StopReason
from trustdesk.network import machine
from trustdesk.network.probe import probe
from trustdesk.network.request import ProbeRequest

pytestmark = pytest.mark.servers
TLS_1_2 = ProbeVariant(versions=TlsVersions.TLS_1_2)


@pytest.fixture(scope="module")
def park() -> Park:
    return clients.make_park()


def probed(
    park: Park,
    folder: Path,
    client: Client,
    variant: ProbeVariant,
    *,
    trusted: bool = True,
    present_anyway: bool = False,
) -> ProbeRecord:
    setup = ServerSetup(
        chain=park.server_chain, key=park.server.key_pem(), client_ca=park.root.pem, folder=folder
    )
    with apache_server(setup, by_path=True) as server:
        request = ProbeRequest(
            target=target_at(server.port),
            judge=FixedJudge(trusted=trusted),
            credential=park.credential(client),
            variant=variant,
            present_anyway=present_anyway,
        )
        return asyncio.run(probe(request))


def test_trusted_server_that_asks_after_the_request_gets_the_selected_certificate(
    park: Park, tmp_path: Path
) -> None:
    record = probed(park, tmp_path, Client.GOOD, ProbeVariant())
    auth = record.client_auth
    assert record.outcome is Outcome.ACCEPTED
    assert record.http is not None
    assert record.http.status == 200
    assert (auth.offered_later, auth.sent) == (True, True)
    assert (auth.requested, auth.asked_by) == (CertificateRequested.LATER, LaterRequest.POST_HANDSHAKE)
    assert auth.verdict is ClientCertificateVerdict.ACCEPTED
    assert auth.request is not None
    assert auth.request.acceptable_cas == ("CN=Park Root",)


@pytest.mark.parametrize(
    ("client", "alert"), [(Client.NOBODY, 116), (Client.STRANGER, 48), (Client.EXPIRED, 45)]
)
def test_refusal_of_what_was_presented_later_is_a_rejection(
    park: Park, tmp_path: Path, client: Client, alert: int
) -> None:
    record = probed(park, tmp_path, client, ProbeVariant())
    assert record.outcome is Outcome.REJECTED_BY_PEER
    assert record.client_auth.requested is CertificateRequested.LATER
    assert record.client_auth.verdict is ClientCertificateVerdict.REJECTED
    assert record.client_auth.sent is (client is not Client.NOBODY)
    assert record.alerts[-1].code == alert


@pytest.mark.parametrize("present_anyway", [False, True])
def test_untrusted_server_gets_no_certificate_later_whatever_was_allowed_in_the_handshake(
    park: Park, tmp_path: Path, present_anyway: bool
) -> None:
    record = probed(park, tmp_path, Client.GOOD, ProbeVariant(), trusted=False, present_anyway=present_anyway)
    assert record.outcome is Outcome.UNTRUSTED_PEER
    assert record.client_auth.requested is CertificateRequested.LATER
    assert not record.client_auth.sent


def test_server_that_cannot_ask_later_says_so_in_a_page(park: Park, tmp_path: Path) -> None:
    record = probed(park, tmp_path, Client.GOOD, ProbeVariant(offers_post_handshake_auth=False))
    assert record.outcome is Outcome.REJECTED_BY_PEER
    assert record.stopped_by is StopReason.HTTP_REFUSAL
    assert record.http is not None
    assert record.http.status == 403
    assert record.http.certificate_refusal is CertificateRefusal.NOT_ASKED_LATER
    assert record.client_auth.offered_later is False
    assert record.client_auth.requested is CertificateRequested.LATER
    assert record.client_auth.verdict is ClientCertificateVerdict.REJECTED


def test_library_without_post_handshake_authentication_does_not_offer_it(
    park: Park, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "offer_post_handshake_auth", lambda _connection: False)
    record = probed(park, tmp_path, Client.GOOD, ProbeVariant())
    assert record.client_auth.offered_later is False
    assert record.stopped_by is StopReason.HTTP_REFUSAL


def test_nothing_is_presented_in_a_renegotiation(park: Park, tmp_path: Path) -> None:
    record = probed(park, tmp_path, Client.GOOD, TLS_1_2)
    auth = record.client_auth
    assert record.outcome is Outcome.REJECTED_BY_PEER
    assert (auth.requested, auth.asked_by) == (CertificateRequested.LATER, LaterRequest.RENEGOTIATION)
    assert (auth.sent, auth.offered_later) == (False, False)
    assert auth.verdict is ClientCertificateVerdict.REJECTED
