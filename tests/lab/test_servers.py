"""Every server of the catalogue, seen by a client of another OpenSSL: its truth is the truth."""

from __future__ import annotations

import json
import socket
import ssl
import warnings

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.support.tls_client import (
    GET_WITH_TOKEN,
    TIMEOUT_S,
    Conversation,
    client_context,
    converse,
    load_identity,
)
from trustdesk.core.probe import Outcome
from trustdesk.lab.amqp import PROTOCOL_HEADER, connection_start
from trustdesk.lab.catalogue import CATALOGUE
from trustdesk.lab.hostile import COMMON_NAME_LENGTH, hostile_common_name
from trustdesk.lab.misbehave import GARBAGE
from trustdesk.lab.process import LabDescription, LabServer

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
STALL_S = 0.5

HOSTNAME_MISMATCH = 62
VERIFY_CODES = {
    "expired": 10,  # certificate has expired
    "not-yet-valid": 9,  # certificate is not yet valid
    "wrong-name": HOSTNAME_MISMATCH,
    "missing-intermediate": 20,  # unable to get local issuer certificate
    "unlisted-ca": 19,  # self-signed certificate in certificate chain
    "self-signed": 18,  # self-signed certificate
    "hostile-certificate": 19,
    "untrusted-mtls": 19,
}


def server_named(lab: LabDescription, name: str) -> LabServer:
    return next(server for server in lab.servers if server.name == name)


def presented_certificate(server: LabServer) -> x509.Certificate:
    with (
        socket.create_connection((server.host, server.port), timeout=TIMEOUT_S) as plain,
        client_context().wrap_socket(plain, server_hostname=server.server_name) as tls,
    ):
        der = tls.getpeercert(binary_form=True)
    assert der is not None
    return x509.load_der_x509_certificate(der)


def observed_outcome(conversation: Conversation) -> Outcome:
    """Name the outcome as the probe does, as far as this client can see it."""
    if conversation.verify_code is not None:
        return Outcome.UNTRUSTED_PEER
    if isinstance(conversation.failure, TimeoutError):
        return Outcome.TIMED_OUT
    if conversation.alert is not None or isinstance(conversation.failure, ConnectionResetError):
        return Outcome.REJECTED_BY_PEER
    if isinstance(conversation.failure, ssl.SSLError) and conversation.version is None:
        return Outcome.NOT_TLS
    if b"SSL certificate" in conversation.answer:
        return Outcome.REJECTED_BY_PEER
    return Outcome.ACCEPTED if conversation.answer else Outcome.NOT_REACHED


@pytest.mark.parametrize("name", [spec.name for spec in CATALOGUE])
def test_what_a_client_sees_is_the_truth_of_the_line(lab: LabDescription, name: str) -> None:
    server = server_named(lab, name)
    version = ssl.TLSVersion.TLSv1_1 if name == "tls11-only" else None
    context = client_context(lab, version)
    if server.identity is not None:
        load_identity(context, lab, server.identity)
    request = PROTOCOL_HEADER if server.protocol == "amqps" else GET_WITH_TOKEN
    conversation = converse(
        server,
        context,
        request=request,
        read_first=server.expected_outcome is Outcome.REJECTED_BY_PEER and not name.startswith("front-end"),
        enough=len(connection_start()) if server.protocol == "amqps" else None,
        timeout_s=STALL_S if name == "stall" else TIMEOUT_S,
    )
    assert observed_outcome(conversation) is server.expected_outcome
    if server.protocol == "amqps":
        assert conversation.answer == connection_start()
    if server.expected_outcome is Outcome.UNTRUSTED_PEER:
        assert conversation.verify_code == VERIFY_CODES[name]


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("healthy-tls13", "TLSv1.3"),
        ("healthy-mtls-tls12", "TLSv1.2"),
        ("healthy-mtls-tls13", "TLSv1.3"),
        ("healthy-cross-signed", "TLSv1.3"),
        ("healthy-tls12-only", "TLSv1.2"),
        ("load-001", "TLSv1.3"),
        ("load-003", "TLSv1.3"),
    ],
)
def test_healthy_server_answers_as_a_one_record_server(lab: LabDescription, name: str, version: str) -> None:
    server = server_named(lab, name)
    context = client_context(lab)
    if server.identity is not None:
        load_identity(context, lab, server.identity)
    without_token = converse(server, context)
    assert (without_token.version, without_token.status) == (version, 401)
    assert json.loads(without_token.body)["@type"] == "api:Error"
    with_token = converse(server, context, request=GET_WITH_TOKEN)
    assert with_token.status == 200
    information = json.loads(with_token.body)
    endpoint = information["api:hasServerEndpoint"]["@value"]
    assert endpoint == f"https://{server.server_name}:{server.port}/"


def test_server_is_valid_for_the_loopback_address_too(lab: LabDescription) -> None:
    server = server_named(lab, "healthy-tls13")
    for name in ("127.0.0.1", "localhost", "::1"):
        with (
            socket.create_connection((server.host, server.port), timeout=TIMEOUT_S) as plain,
            client_context(lab).wrap_socket(plain, server_hostname=name) as tls,
        ):
            assert tls.version() == "TLSv1.3"


@pytest.mark.parametrize("version", [TLS12, TLS13])
@pytest.mark.parametrize(
    ("identity", "alert"),
    [
        ("client-expired", "CERTIFICATE_EXPIRED"),
        ("client-not-yet-valid", "BAD_CERTIFICATE"),
        ("client-server-auth-only", "UNSUPPORTED_CERTIFICATE"),
        ("client-unknown-ca", "UNKNOWN_CA"),
        ("client-leaf-only", "UNKNOWN_CA"),
    ],
)
def test_mtls_server_says_what_it_has_against_the_client_certificate(
    lab: LabDescription, version: ssl.TLSVersion, identity: str, alert: str
) -> None:
    context = client_context(lab, version)
    load_identity(context, lab, identity)
    conversation = converse(server_named(lab, "mtls-unknown-ca"), context, read_first=True)
    assert conversation.alert == alert


@pytest.mark.parametrize(
    ("version", "alert"), [(TLS12, "HANDSHAKE_FAILURE"), (TLS13, "CERTIFICATE_REQUIRED")]
)
def test_mtls_server_refuses_a_client_without_certificate(
    lab: LabDescription, version: ssl.TLSVersion, alert: str
) -> None:
    conversation = converse(
        server_named(lab, "mtls-none-sent"), client_context(lab, version), read_first=True
    )
    assert conversation.alert == alert


def test_alert_arrives_every_time(lab: LabDescription) -> None:
    context = client_context(lab, TLS13)
    load_identity(context, lab, "client-unknown-ca")
    server = server_named(lab, "mtls-unknown-ca")
    alerts = [converse(server, context, read_first=True).alert for _ in range(60)]
    assert alerts == ["UNKNOWN_CA"] * 60


def test_alert_arrives_also_when_the_client_writes_first(lab: LabDescription) -> None:
    context = client_context(lab, TLS13)
    load_identity(context, lab, "client-unknown-ca")
    server = server_named(lab, "mtls-unknown-ca")
    alerts = [converse(server, context).alert for _ in range(20)]
    assert alerts == ["UNKNOWN_CA"] * 20


def test_what_a_client_still_sends_after_the_alert_is_swallowed_and_not_reset(lab: LabDescription) -> None:
    server = server_named(lab, "healthy-tls13")
    with socket.create_connection((server.host, server.port), timeout=TIMEOUT_S) as plain:
        plain.sendall(b"\x16\x03\x01\x00\x05\xff\xff\xff\xff\xff")
        assert len(plain.recv(65_536)) == 7
        assert plain.recv(1) == b""
        for _ in range(3):  # a closed socket answers the first with RST, and the second breaks the pipe
            plain.sendall(b"still talking")


@pytest.mark.parametrize(
    ("name", "version", "alert"),
    [
        ("healthy-tls13", TLS12, "PROTOCOL_VERSION"),
        ("healthy-tls12-only", TLS13, "PROTOCOL_VERSION"),
    ],
)
def test_server_refuses_a_version_that_it_does_not_speak(
    lab: LabDescription, name: str, version: ssl.TLSVersion, alert: str
) -> None:
    assert converse(server_named(lab, name), client_context(lab, version)).alert == alert


def test_tls11_server_speaks_tls11_and_answers(lab: LabDescription) -> None:
    context = client_context(lab, ssl.TLSVersion.TLSv1_1)
    conversation = converse(server_named(lab, "tls11-only"), context)
    assert (conversation.version, conversation.status) == ("TLSv1.1", 401)
    assert converse(server_named(lab, "tls11-only"), client_context()).version is None


@pytest.mark.parametrize("version", [TLS12, TLS13])
@pytest.mark.parametrize(
    ("identity", "status", "page"),
    [
        (None, 400, b"No required SSL certificate was sent"),
        ("client-expired", 400, b"The SSL certificate error"),
        ("client-unknown-ca", 400, b"The SSL certificate error"),
        ("client-server-auth-only", 400, b"The SSL certificate error"),
        ("client-good", 401, b"api:Error"),
    ],
)
def test_front_end_lets_everybody_in_and_refuses_in_http(
    lab: LabDescription, version: ssl.TLSVersion, identity: str | None, status: int, page: bytes
) -> None:
    context = client_context(lab, version)
    if identity is not None:
        load_identity(context, lab, identity)
    conversation = converse(server_named(lab, "front-end-none-sent"), context)
    assert conversation.status == status
    assert page in conversation.body
    assert ("server: nginx" in conversation.head) is (status == 400)


@pytest.mark.parametrize("version", [TLS12, TLS13])
def test_front_end_refuses_a_certificate_when_the_client_resumes_too(
    lab: LabDescription, version: ssl.TLSVersion
) -> None:
    server = server_named(lab, "front-end-expired-client")
    context = client_context(lab, version)
    load_identity(context, lab, "client-expired")
    session: ssl.SSLSession | None = None
    for _ in range(2):
        with (
            socket.create_connection((server.host, server.port), timeout=TIMEOUT_S) as plain,
            context.wrap_socket(plain, server_hostname=server.server_name, session=session) as tls,
        ):
            tls.sendall(GET_WITH_TOKEN)
            assert b"The SSL certificate error" in tls.recv(65_536)
            session = tls.session


def test_untrusted_server_tells_which_certificate_it_received(lab: LabDescription) -> None:
    server = server_named(lab, "untrusted-mtls")
    context = client_context()
    assert "x-lab-client-certificate: none" in converse(server, context).head
    load_identity(context, lab, "client-good")
    head = converse(server, context).head
    assert "x-lab-client-certificate: none" not in head
    assert "x-lab-client-certificate: " in head


def test_plain_http_server_answers_a_client_hello_in_http(lab: LabDescription) -> None:
    server = server_named(lab, "plain-http")
    with socket.create_connection((server.host, server.port), timeout=TIMEOUT_S) as plain:
        plain.sendall(bytes.fromhex("16030100050100000100"))
        assert plain.recv(65_536).startswith(b"HTTP/1.1 400 ")
        assert plain.recv(65_536) == b""


def test_plain_http_server_answers_a_request(lab: LabDescription) -> None:
    server = server_named(lab, "plain-http")
    with socket.create_connection((server.host, server.port), timeout=TIMEOUT_S) as plain:
        plain.sendall(GET_WITH_TOKEN)
        assert plain.recv(65_536).startswith(b"HTTP/1.1 200 ")


def test_reset_waits_for_the_whole_client_hello(lab: LabDescription) -> None:
    server = server_named(lab, "reset")
    with socket.create_connection((server.host, server.port), timeout=TIMEOUT_S) as plain:
        plain.sendall(bytes.fromhex("1603010004"))
        plain.settimeout(0.1)
        with pytest.raises(TimeoutError):
            plain.recv(1)
        plain.settimeout(TIMEOUT_S)
        plain.sendall(bytes(4))
        with pytest.raises(ConnectionResetError):
            plain.recv(1)


def test_garbage_follows_a_true_server_hello(lab: LabDescription) -> None:
    server = server_named(lab, "garbage")
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context().wrap_bio(incoming, outgoing, server_hostname=server.server_name)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    with socket.create_connection((server.host, server.port), timeout=TIMEOUT_S) as plain:
        plain.sendall(outgoing.read())
        received = b""
        while len(received) < 5 + int.from_bytes(received[3:5], "big") + len(GARBAGE):
            received += plain.recv(65_536)
    handshake_record, server_hello = 22, 2
    assert (received[0], received[5]) == (handshake_record, server_hello)
    assert received[5 + int.from_bytes(received[3:5], "big") :] == GARBAGE
    incoming.write(received)
    with pytest.raises(ssl.SSLError):
        client.do_handshake()


def test_hostile_certificate_arrives_as_it_was_made(lab: LabDescription) -> None:
    certificate = presented_certificate(server_named(lab, "hostile-certificate"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # cryptography remarks on the length of the CN
        (common_name,) = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    assert common_name.value == hostile_common_name()
    assert len(common_name.value) == COMMON_NAME_LENGTH


def test_one_server_has_an_rsa_key(lab: LabDescription) -> None:
    key = presented_certificate(server_named(lab, "healthy-tls12-only")).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    assert key.key_size == 2048


def test_amqps_server_answers_a_foreign_header_with_its_own(lab: LabDescription) -> None:
    context = client_context(lab)
    load_identity(context, lab, "client-good")
    server = server_named(lab, "healthy-amqps-mtls")
    assert converse(server, context, request=b"AMQP\x03\x01\x00\x00").answer == PROTOCOL_HEADER
