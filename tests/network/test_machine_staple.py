"""The staple belongs to the chain: the machine stops for the judge when both are there, and OpenSSL waits."""

from __future__ import annotations

import contextlib

import pytest
from OpenSSL import SSL

from tests.support.peers import PeerPki
from trustdesk.network.machine import TlsClientMachine
from trustdesk.network.tls_records import RecordCutter

TRY_LATER = b"\x30\x03\x0a\x01\x03"
VERSIONS = {"1.2": SSL.TLS1_2_VERSION, "1.3": SSL.TLS1_3_VERSION}


def server(pki: PeerPki, version: str, staple: bytes) -> SSL.Connection:
    context = SSL.Context(SSL.TLS_METHOD)
    context.set_min_proto_version(VERSIONS[version])
    context.set_max_proto_version(VERSIONS[version])
    context.use_certificate(pki.server.certificate)
    context.use_privatekey(pki.server.key)
    context.set_ocsp_server_callback(lambda _connection, _data: staple)
    connection = SSL.Connection(context, None)
    connection.set_accept_state()
    return connection


def flight(server: SSL.Connection, sent: bytes) -> list[bytes]:
    """The records that the server answers with."""
    if sent:
        server.bio_write(sent)
    with contextlib.suppress(SSL.WantReadError):
        server.do_handshake()
    try:
        return RecordCutter().feed(server.bio_read(1 << 16))
    except SSL.WantReadError:
        return []


def client() -> TlsClientMachine:
    machine = TlsClientMachine(server_name="peer.example", alpn=(), clock=lambda: 0.0)
    machine.start()
    return machine


def seen(machine: TlsClientMachine) -> list[str]:
    return [event.message for event in machine.tap.events if event.direction == "in"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("staple", [TRY_LATER, b""])
def test_nothing_leaves_before_chain_and_staple_are_judged(pki: PeerPki, version: str, staple: bytes) -> None:
    machine, peer = client(), server(pki, version, staple)
    records = flight(peer, machine.take_output())
    while not machine.awaiting_judgement:
        machine.receive(records.pop(0))
    assert machine.take_output() == b""
    assert machine.tap.stapled_ocsp == (staple or None)
    last = "certificate_status" if staple and version == "1.2" else "certificate"
    assert seen(machine)[-1] == last
    machine.resume(None)
    for record in records:
        machine.receive(record)
    for _ in range(2):
        for record in flight(peer, machine.take_output()):
            machine.receive(record)
    assert machine.handshake_done
    assert machine.failure is None


def test_a_chain_whose_promised_staple_does_not_come_waits_and_openssl_with_it(pki: PeerPki) -> None:
    machine, peer = client(), server(pki, "1.2", TRY_LATER)
    for record in flight(peer, machine.take_output())[:2]:
        machine.receive(record)
    assert seen(machine) == ["server_hello", "certificate"]
    assert machine.tap.server_chain is not None
    assert not machine.awaiting_judgement
    assert machine.take_output() == b""
