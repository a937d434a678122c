"""Probes that differ in one thing: what really stands in the ClientHello, as the tap read it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.support import peers
from tests.support.judges import FixedJudge
from tests.support.peers import ANSWER, Peer, PeerPki, Seen, drain, server_context, tls_peer
from trustdesk.core.diagnosis import (
    AlpnChoice,
    CertificateChoice,
    GroupChoice,
    ProbeVariant,
    ServerNameChoice,
    TlsVersions,
)
from trustdesk.core.handshake import Direction
from trustdesk.core.probe import Outcome, ProbeRecord
from trustdesk.core.target import parse_target
from trustdesk.network.conversation import clock_offset_s
from trustdesk.network.probe import probe
from trustdesk.network.request import ProbeRequest

AS_GIVEN = ProbeVariant()


def probed(
    peer: Peer,
    variant: ProbeVariant = AS_GIVEN,
    *,
    pki: PeerPki | None = None,
    trusted: bool = True,
    measures_reuse: bool = False,
    protocol: str = "https",
    path: str = "",
) -> ProbeRecord:
    target = parse_target(
        f"{protocol}://127.0.0.1:{peer.port}{path}", server_name="peer.example", verify_name="peer.example"
    )
    request = ProbeRequest(
        target=target,
        judge=FixedJudge(trusted=trusted),
        credential=None if pki is None else pki.client.credential,
        variant=variant,
        measures_reuse=measures_reuse,
    )
    return asyncio.run(probe(request))


def hello_of(record: ProbeRecord) -> dict[str, str]:
    """Return the fields of the ClientHello; those that take several lines are joined."""
    event = next(one for one in record.timeline if one.message == "client_hello")
    fields: dict[str, str] = {"detail": event.detail}
    for name, value in event.fields:
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    return fields


# -- the ClientHello ------------------------------------------------------------------------------------


def test_as_given_offers_both_versions_post_quantum_groups_name_alpn_and_post_handshake_auth(
    pki: PeerPki,
) -> None:
    with tls_peer(pki, Seen()) as peer:
        record = probed(peer)
    hello = hello_of(record)
    assert hello["supported_versions"].startswith("TLS 1.3, TLS 1.2")
    assert "X25519MLKEM768" in hello["supported_groups"]
    assert "peer.example" in hello["detail"]
    assert hello["application_layer_protocol_negotiation"] == "http/1.1"
    assert "post_handshake_auth" in hello["extensions"]
    assert record.client_auth.offered_later
    assert record.client_hello_bytes is not None
    assert record.client_hello_bytes > 1400


@pytest.mark.parametrize(
    ("versions", "offered", "chosen"),
    [(TlsVersions.TLS_1_2, None, "TLSv1.2"), (TlsVersions.TLS_1_3, "TLS 1.3", "TLSv1.3")],
)
def test_one_version_alone_is_offered_and_no_older_one(
    pki: PeerPki, versions: TlsVersions, offered: str | None, chosen: str
) -> None:
    wanted = ssl.TLSVersion.TLSv1_2 if versions is TlsVersions.TLS_1_2 else ssl.TLSVersion.TLSv1_3
    with tls_peer(pki, Seen(), version=wanted) as peer:
        record = probed(peer, ProbeVariant(versions=versions))
    hello = hello_of(record)
    assert hello.get("supported_versions") == offered
    assert record.negotiated is not None
    assert record.negotiated.version == chosen
    assert record.client_auth.offered_later is (versions is TlsVersions.TLS_1_3)


@pytest.mark.parametrize("versions", [TlsVersions.TLS_1_2, TlsVersions.TLS_1_3])
def test_server_of_the_other_version_is_not_met(pki: PeerPki, versions: TlsVersions) -> None:
    other = ssl.TLSVersion.TLSv1_3 if versions is TlsVersions.TLS_1_2 else ssl.TLSVersion.TLSv1_2
    with tls_peer(pki, Seen(), version=other) as peer:
        record = probed(peer, ProbeVariant(versions=versions))
    assert record.outcome is Outcome.REJECTED_BY_PEER
    assert record.negotiated is None


def test_classic_groups_are_one_curve_and_a_small_message(pki: PeerPki) -> None:
    with tls_peer(pki, Seen()) as peer:
        record = probed(peer, ProbeVariant(groups=GroupChoice.CLASSIC))
    hello = hello_of(record)
    assert hello["supported_groups"] == "secp256r1"
    assert hello["key_share"].startswith("secp256r1 ")
    assert record.client_hello_bytes is not None
    assert record.client_hello_bytes < 500
    assert record.negotiated is not None
    assert record.negotiated.group == "secp256r1"


def test_without_server_name_none_is_sent_and_the_certificate_is_verified_for_it_all_the_same(
    pki: PeerPki,
) -> None:
    with tls_peer(pki, Seen()) as peer:
        record = probed(peer, ProbeVariant(server_name=ServerNameChoice.NONE))
    assert "server_name" not in hello_of(record)["extensions"]
    assert record.target.server_name is None
    assert record.target.verify_name == "peer.example"


def test_without_alpn_none_is_offered(pki: PeerPki) -> None:
    with tls_peer(pki, Seen(), alpn=("http/1.1",)) as peer:
        record = probed(peer, ProbeVariant(alpn=AlpnChoice.NONE))
    assert "application_layer_protocol_negotiation" not in hello_of(record)
    assert record.negotiated is not None
    assert record.negotiated.alpn is None
    assert record.http is not None


def test_without_post_handshake_auth_it_is_not_offered(pki: PeerPki) -> None:
    with tls_peer(pki, Seen()) as peer:
        record = probed(peer, ProbeVariant(offers_post_handshake_auth=False))
    assert "post_handshake_auth" not in hello_of(record)["extensions"]
    assert not record.client_auth.offered_later


def test_without_certificate_the_selected_one_stays_here(pki: PeerPki) -> None:
    seen = Seen()
    with tls_peer(pki, seen, client_auth=ssl.CERT_OPTIONAL) as peer:
        presented = probed(peer, pki=pki)
        kept = probed(peer, ProbeVariant(certificate=CertificateChoice.NONE), pki=pki)
    assert seen.certificates == [2, 0]
    assert (presented.client_auth.sent, kept.client_auth.sent) == (True, False)
    assert (presented.identity is None, kept.identity is None) == (False, True)


def test_explicit_address_is_connected_to_instead_of_the_host(pki: PeerPki) -> None:
    with tls_peer(pki, Seen()) as peer:
        target = parse_target(f"https://peer.invalid:{peer.port}")
        request = ProbeRequest(
            target=target, judge=FixedJudge(trusted=True), variant=ProbeVariant(address="127.0.0.1")
        )
        record = asyncio.run(probe(request))
    assert record.address == "127.0.0.1"
    assert record.target.server_name == "peer.invalid"
    assert record.outcome is Outcome.ACCEPTED


# -- sessions -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_no_session_is_resumed_between_one_identity_and_another(
    pki: PeerPki, version: ssl.TLSVersion
) -> None:
    """F17: a session of nobody's never presents a certificate."""
    context = server_context(pki, version=version, client_auth=ssl.CERT_OPTIONAL)
    reused: list[bool] = []

    def handle(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as tls:
            reused.append(bool(tls.session_reused))
            tls.recv(65536)
            tls.sendall(ANSWER)
            with contextlib.suppress(OSError):
                tls.unwrap()

    with Peer(handle) as peer:
        nobody, somebody, nobody_again = probed(peer), probed(peer, pki=pki), probed(peer)
    assert reused == [False, False, False]
    assert [one.client_auth.sent for one in (nobody, somebody, nobody_again)] == [False, True, False]
    for record in (nobody, somebody, nobody_again):
        hello = hello_of(record)
        assert "pre_shared_key" not in hello["extensions"]
        first = next(one for one in record.timeline if one.direction is Direction.IN)
        assert first.message == "server_hello"


# -- the second request ---------------------------------------------------------------------------------


def keeps_open(context: ssl.SSLContext, requests: list[bytes], answer: bytes = ANSWER) -> peers.Handler:
    def handle(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as tls:
            while request := tls.recv(65536):
                requests.append(request)
                tls.sendall(answer)

    return handle


def test_second_request_goes_over_the_open_connection_only_when_it_is_wanted(pki: PeerPki) -> None:
    requests: list[bytes] = []
    with Peer(keeps_open(server_context(pki), requests)) as peer:
        record = probed(peer, measures_reuse=True, path="/base")
        assert record.http is not None
        assert record.http.reused_connection_ms is not None
        assert len(requests) == 2
        assert requests[0].startswith(b"GET /base HTTP/1.1\r\n")
        assert b"connection: close" not in requests[0].lower()
        assert requests[1].startswith(b"GET /base HTTP/1.1\r\n")
        assert [one.message for one in record.timeline].count("client_hello") == 1
        requests.clear()
        plain = probed(peer)
    assert plain.http is not None
    assert plain.http.reused_connection_ms is None
    assert [b"connection: close" in request.lower() for request in requests] == [True]


def test_untrusted_server_gets_one_bare_get_and_no_second(pki: PeerPki) -> None:
    requests: list[bytes] = []
    with Peer(keeps_open(server_context(pki), requests)) as peer:
        record = probed(peer, measures_reuse=True, trusted=False)
    assert record.outcome is Outcome.UNTRUSTED_PEER
    assert len(requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        ANSWER.replace(b"Server", b"Connection: close\r\nServer"),
        ANSWER.replace(b"HTTP/1.1", b"HTTP/1.0"),
        ANSWER.replace(b"Content-Length: 2", b"Content-Length: 3"),
    ],
)
def test_answer_that_leaves_no_open_connection_stands_without_a_second(pki: PeerPki, answer: bytes) -> None:
    requests: list[bytes] = []

    def once(connection: socket.socket) -> None:
        with server_context(pki).wrap_socket(connection, server_side=True) as tls:
            requests.append(tls.recv(65536))
            tls.sendall(answer)
            with contextlib.suppress(OSError):
                tls.unwrap()

    with Peer(once) as peer:
        record = probed(peer, measures_reuse=True)
    assert record.outcome is Outcome.ACCEPTED
    assert record.http is not None
    assert (record.http.status, record.http.reused_connection_ms) == (401, None)
    assert len(requests) == 1


# -- the clock ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [-7200, 0, 900])
def test_date_of_the_answer_tells_how_far_the_servers_clock_is_ahead(pki: PeerPki, seconds: int) -> None:
    there = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
    answer = ANSWER.replace(b"Server", b"Date: " + there.encode() + b"\r\nServer")
    with tls_peer(pki, Seen(), answer=answer) as peer:
        record = probed(peer)
    assert record.clock_offset_s is not None
    assert abs(record.clock_offset_s - seconds) < 60


@pytest.mark.parametrize(
    "date",
    [
        b"",
        b"Date: yesterday\r\n",
        b"Date: 99 Xyz 0000 99:99:99 GMT\r\n",
        b"Date: Fri, 31 Dec 9999 23:59:59 -2359\r\n",
        b"Age: 60\r\nDate: Fri, 27 Nov 2026 12:00:00 GMT\r\n",
    ],
)
def test_answer_without_a_date_that_can_be_read_tells_nothing_of_the_clock(pki: PeerPki, date: bytes) -> None:
    with tls_peer(pki, Seen(), answer=ANSWER.replace(b"Server", date + b"Server")) as peer:
        record = probed(peer)
    assert record.outcome is Outcome.ACCEPTED
    assert record.clock_offset_s is None


def test_clock_offset_counts_half_of_the_second_that_a_date_cuts_off() -> None:
    now = datetime(2026, 11, 27, 12, 0, 10, tzinfo=UTC)
    assert clock_offset_s(now, now) == 0.5
    assert clock_offset_s(now - timedelta(seconds=60), now) == -59.5


# -- AMQP 1.0 -------------------------------------------------------------------------------------------

SASL_HEADER = b"AMQP\x03\x01\x00\x00"
MECHANISMS = b"\x00\x53\x40\xc0\x19\x01\xe0\x16\x02\xa3\x08EXTERNAL\x09ANONYMOUS"


def test_listener_of_amqp_1_0_is_asked_for_its_mechanisms_over_a_second_connection(pki: PeerPki) -> None:
    context = server_context(pki, client_auth=ssl.CERT_OPTIONAL)
    headers: list[bytes] = []
    lock = threading.Lock()

    def handle(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as tls:
            header = tls.recv(8)
            with lock:
                headers.append(header)
            tls.sendall(SASL_HEADER)
            if header == SASL_HEADER:
                frame = (8 + len(MECHANISMS)).to_bytes(4, "big") + b"\x02\x01\x00\x00" + MECHANISMS
                tls.sendall(frame)
                drain(tls)

    with Peer(handle) as peer:
        record = probed(peer, pki=pki, protocol="amqps")
    assert headers == [b"AMQP\x00\x00\x09\x01", SASL_HEADER]
    assert record.outcome is Outcome.ACCEPTED
    assert record.amqp is not None
    assert (record.amqp.version, record.amqp.mechanisms) == ("1.0", ("EXTERNAL", "ANONYMOUS"))
    assert record.amqp.derived_user == "CN=client.example"
    assert record.amqp.other_users == ("client.example",)


def test_without_our_certificate_no_user_is_derived(pki: PeerPki) -> None:
    def handle(connection: socket.socket) -> None:
        with server_context(pki).wrap_socket(connection, server_side=True) as tls:
            tls.recv(8)
            tls.sendall(b"AMQP\x00\x00\x09\x01")

    with Peer(handle) as peer:
        record = probed(peer, pki=pki, protocol="amqps")
    assert record.amqp is not None
    assert (record.amqp.derived_user, record.amqp.other_users) == (None, ())
