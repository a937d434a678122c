from __future__ import annotations

import contextlib
import gc
import itertools
import ssl
import weakref
from pathlib import Path

import pytest

from tests.support.peers import PeerPki, after_server_hello, issue, server_context
from tests.support.tls13_seal import Seal, secret_of
from trustdesk.core.handshake import AlertDirection, Direction
from trustdesk.formats.credential import ClientCredential
from trustdesk.network.machine import TlsClientMachine

_TICKET = b"\x04\0\0\x16" + bytes(4) + bytes(4) + b"\x01\x01" + b"\0\x08" + bytes(8) + bytes(2)
"""A NewSessionTicket without extensions, for no time at all (RFC 8446 4.6.1)."""

VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


class Server:
    """A server on memory BIOs, of the interpreter's OpenSSL, which is not the machine's."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._inbound, self._outbound = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._inbound, self._outbound, server_side=True)
        self.is_done = False
        self.failure: str | None = None

    def take(self, data: bytes) -> bytes:
        """Give it what the client sent; return what it says to that."""
        self._inbound.write(data)
        try:
            if not self.is_done:
                self._tls.do_handshake()
                self.is_done = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as error:
            self.failure = error.reason
        return self._outbound.read()

    def read(self) -> bytes:
        return self._tls.read(65536)

    def ask_later(self) -> bytes:
        """Ask for the client's certificate after the handshake; return what asks."""
        self._tls.verify_client_post_handshake()
        with contextlib.suppress(ssl.SSLWantReadError):
            self._tls.do_handshake()
        return self._outbound.read()

    def write(self, data: bytes) -> bytes:
        self._tls.write(data)
        return self._outbound.read()

    @property
    def client_chain(self) -> list[bytes]:
        """What the client presented; empty for an empty Certificate message."""
        if self._tls.getpeercert(binary_form=True) is None:
            return []
        chain = self._tls._sslobj.get_unverified_chain()  # type: ignore[attr-defined]
        return [ssl.PEM_cert_to_DER_cert(certificate.public_bytes()) for certificate in chain]


def make_machine(server_name: str | None = "peer.example") -> TlsClientMachine:
    ticks = itertools.count()
    return TlsClientMachine(server_name=server_name, alpn=(), clock=lambda: float(next(ticks)))


def until_judgement(machine: TlsClientMachine, server: Server) -> None:
    machine.start()
    while not machine.awaiting_judgement:
        output = machine.take_output()
        assert output, "the machine waits for nothing"
        machine.receive(server.take(output))


def talk(machine: TlsClientMachine, server: Server) -> None:
    """Pass bytes on until neither side has any."""
    while output := machine.take_output():
        machine.receive(server.take(output))


def context(pki: PeerPki, version: ssl.TLSVersion, verify: ssl.VerifyMode) -> ssl.SSLContext:
    return server_context(pki, version=version, client_auth=verify)


# -- the client certificate ---------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_leaves_between_the_servers_chain_and_the_judgement(
    pki: PeerPki, version: ssl.TLSVersion
) -> None:
    machine, server = make_machine(), Server(context(pki, version, ssl.CERT_REQUIRED))
    until_judgement(machine, server)
    assert machine.take_output() == b""
    assert machine.tap.server_chain is not None
    assert machine.tap.server_chain[0] == pki.server.der
    assert len(machine.tap.server_chain) == 2
    assert not machine.handshake_done


@pytest.mark.parametrize("version", VERSIONS)
def test_untrusted_server_that_asks_gets_an_empty_certificate_message(
    pki: PeerPki, version: ssl.TLSVersion
) -> None:
    machine, server = make_machine(), Server(context(pki, version, ssl.CERT_OPTIONAL))
    until_judgement(machine, server)
    machine.resume(None)
    talk(machine, server)
    assert machine.handshake_done
    assert machine.tap.certificate_request is not None
    assert not machine.tap.client_certificate_sent
    assert server.client_chain == []
    empty = [event.bytes for event in machine.tap.events if event.message == "certificate"][1]
    assert empty == (8 if version is ssl.TLSVersion.TLSv1_3 else 7)


@pytest.mark.parametrize("version", VERSIONS)
def test_trusted_server_that_asks_gets_leaf_and_intermediates(pki: PeerPki, version: ssl.TLSVersion) -> None:
    machine, server = make_machine(), Server(context(pki, version, ssl.CERT_REQUIRED))
    until_judgement(machine, server)
    machine.resume(pki.client.credential)
    talk(machine, server)
    assert machine.handshake_done
    assert server.is_done
    assert machine.tap.client_certificate_sent
    assert server.client_chain == list(pki.client.credential.certification_path)


@pytest.mark.parametrize("version", VERSIONS)
def test_server_that_does_not_ask_gets_no_certificate(pki: PeerPki, version: ssl.TLSVersion) -> None:
    machine, server = make_machine(), Server(context(pki, version, ssl.CERT_NONE))
    until_judgement(machine, server)
    machine.resume(pki.client.credential)
    talk(machine, server)
    assert machine.handshake_done
    assert not machine.tap.client_certificate_sent
    assert machine.tap.certificate_request is None


@pytest.mark.parametrize("version", VERSIONS)
def test_certificate_other_than_the_judged_one_ends_the_handshake_before_ours_leaves(
    pki: PeerPki, version: ssl.TLSVersion
) -> None:
    """Should tap and OpenSSL ever read different chains, the judgement must not be spent on the other."""
    machine, server = make_machine(), Server(context(pki, version, ssl.CERT_OPTIONAL))
    until_judgement(machine, server)
    machine.tap.server_chain = (issue("judged.example", pki.root).der,)
    machine.resume(pki.client.credential)
    talk(machine, server)
    assert not machine.handshake_done
    assert machine.failure
    assert not machine.tap.client_certificate_sent
    assert not server.is_done


@pytest.mark.parametrize("version", VERSIONS)
def test_no_other_certificate_answers_in_the_name_of_a_trusted_one(
    pki: PeerPki, version: ssl.TLSVersion
) -> None:
    """Also where there is nothing of ours to protect: what is shown as trusted has to be who answered."""
    machine, server = make_machine(), Server(context(pki, version, ssl.CERT_NONE))
    until_judgement(machine, server)
    machine.tap.server_chain = (issue("judged.example", pki.root).der,)
    machine.resume(None, trusted=True)
    talk(machine, server)
    assert not machine.handshake_done
    assert machine.failure


@pytest.mark.parametrize("says", ["application data", "a ticket"])
@pytest.mark.parametrize("asks", [ssl.CERT_OPTIONAL, ssl.CERT_NONE])
def test_what_a_server_says_before_our_flight_proves_nothing_of_our_certificate(
    pki: PeerPki, asks: ssl.VerifyMode, says: str, tmp_path: Path
) -> None:
    """0.5-RTT data (RFC 8446 2): sealed with the application key, in one piece with the server's flight."""
    settings = context(pki, ssl.TLSVersion.TLSv1_3, asks)
    settings.keylog_filename = str(tmp_path / "keys")
    machine, server = make_machine(), Server(settings)
    machine.start()
    flight = server.take(machine.take_output())
    lines = (tmp_path / "keys").read_bytes().splitlines()
    seal = Seal(secret_of(lines, b"SERVER_TRAFFIC_SECRET_0"))
    early = seal.record(b"hello", 23) if says == "application data" else seal.record(_TICKET, 22)
    machine.receive(flight + early)
    assert machine.awaiting_judgement
    machine.resume(pki.client.credential)
    assert machine.handshake_done
    assert machine.failure is None
    assert machine.tap.client_certificate_sent is (asks is ssl.CERT_OPTIONAL)
    assert machine.has_spoken is (asks is ssl.CERT_NONE)
    machine.receive(seal.record(b"hello", 23))
    assert machine.has_spoken
    assert machine.heard_application_data


def test_no_certificate_leaves_below_tls12(pki: PeerPki) -> None:
    machine, server = make_machine(), Server(context(pki, ssl.TLSVersion.TLSv1_1, ssl.CERT_OPTIONAL))
    until_judgement(machine, server)
    machine.resume(pki.client.credential)
    talk(machine, server)
    assert machine.handshake_done
    assert machine.credential_error is not None
    assert server.client_chain == []


def test_credential_is_gone_after_the_handshake(pki: PeerPki) -> None:
    machine, server = make_machine(), Server(context(pki, ssl.TLSVersion.TLSv1_2, ssl.CERT_REQUIRED))
    until_judgement(machine, server)
    machine.resume(pki.client.credential)
    talk(machine, server)
    assert machine._connection.get_certificate(as_cryptography=True) is None


@pytest.mark.parametrize("version", VERSIONS)
def test_key_that_does_not_belong_to_the_certificate_is_told_and_nothing_is_sent(
    pki: PeerPki, version: ssl.TLSVersion
) -> None:
    credential = ClientCredential(
        name="mixed",
        certification_path=pki.client.credential.certification_path,
        private_key=pki.stranger.key,
    )
    machine, server = make_machine(), Server(context(pki, version, ssl.CERT_OPTIONAL))
    until_judgement(machine, server)
    machine.resume(credential)
    talk(machine, server)
    assert machine.credential_error is not None
    assert machine.credential_error.id == "The private key does not belong to the client certificate."
    assert machine.credential_detail
    assert machine.handshake_done
    assert server.client_chain == []


@pytest.mark.parametrize("path", [(), (b"no certificate",)])
def test_certificate_that_cannot_be_loaded_is_told(pki: PeerPki, path: tuple[bytes, ...]) -> None:
    credential = ClientCredential(name=None, certification_path=path, private_key=pki.client.key)
    machine, server = make_machine(), Server(context(pki, ssl.TLSVersion.TLSv1_3, ssl.CERT_OPTIONAL))
    until_judgement(machine, server)
    machine.resume(credential)
    talk(machine, server)
    assert machine.credential_error is not None
    assert machine.handshake_done


# -- bytes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("size", [1, 7, 100])
def test_pieces_of_any_size_give_the_same_handshake(pki: PeerPki, version: ssl.TLSVersion, size: int) -> None:
    def in_pieces(step: int) -> tuple[list[str], list[bytes]]:
        machine, server = make_machine(), Server(context(pki, version, ssl.CERT_REQUIRED))
        machine.start()
        while output := machine.take_output():
            said = server.take(output)
            for start in range(0, len(said), step):
                machine.receive(said[start : start + step])
                if machine.awaiting_judgement:
                    machine.resume(pki.client.credential)
        return [event.message for event in machine.tap.events], server.client_chain

    assert in_pieces(size) == in_pieces(1 << 20)


@pytest.mark.parametrize("version", VERSIONS)
def test_records_that_come_while_the_judge_thinks_wait_for_it(pki: PeerPki, version: ssl.TLSVersion) -> None:
    machine, server = make_machine(), Server(context(pki, version, ssl.CERT_OPTIONAL))
    machine.start()
    flight = server.take(machine.take_output())
    half = len(flight) - 20
    machine.receive(flight[:half])
    machine.receive(flight[half:])
    assert machine.awaiting_judgement
    assert machine.take_output() == b""
    machine.resume(None)
    talk(machine, server)
    assert machine.handshake_done


@pytest.mark.parametrize("version", VERSIONS)
def test_application_data_goes_both_ways(pki: PeerPki, version: ssl.TLSVersion) -> None:
    machine, server = make_machine(), Server(context(pki, version, ssl.CERT_NONE))
    until_judgement(machine, server)
    machine.resume(None)
    talk(machine, server)
    machine.send(b"question")
    server.take(machine.take_output())
    assert server.read() == b"question"
    machine.receive(server.write(b"answer"))
    assert machine.take_application_data() == b"answer"
    assert machine.take_application_data() == b""
    assert machine.heard_application_data


def test_alert_that_we_send_stands_after_the_record_that_caused_it(pki: PeerPki) -> None:
    machine, server = make_machine(), Server(context(pki, ssl.TLSVersion.TLSv1_3, ssl.CERT_NONE))
    machine.start()
    machine.receive(after_server_hello(server.take(machine.take_output()), b"\x16\x03\x03\x00\x04\x63\0\0\0"))
    assert machine.failure
    last = machine.tap.events[-1]
    assert (last.message, last.direction) == ("alert", Direction.OUT)
    assert machine.tap.alerts[-1].direction is AlertDirection.SENT
    assert machine.take_output()


def test_bytes_that_are_no_record_are_kept_for_telling_what_they_are(pki: PeerPki) -> None:
    machine = make_machine()
    machine.start()
    machine.receive(b"HTTP/1.1 ")
    machine.receive(b"400 Bad")
    assert machine.not_tls == b"HTTP/1.1 400 Bad"
    assert machine.tap.events[-1].message == "client_hello"


def test_garbage_behind_a_record_leaves_the_record_in_the_timeline(pki: PeerPki) -> None:
    machine, server = make_machine(), Server(context(pki, ssl.TLSVersion.TLSv1_2, ssl.CERT_NONE))
    machine.start()
    machine.receive(after_server_hello(server.take(machine.take_output()), b"garbage"))
    assert machine.not_tls == b"garbage"
    assert machine.tap.events[-1].message == "server_hello"


@pytest.mark.parametrize("name", ["127.0.0.1", "::1"])
def test_ip_literal_never_becomes_a_server_name(name: str) -> None:
    with pytest.raises(ValueError, match="server name"):
        make_machine(server_name=name)


def test_machine_without_server_name_sends_none(pki: PeerPki) -> None:
    machine = make_machine(server_name=None)
    machine.start()
    assert b"peer.example" not in machine.take_output()
    other = make_machine()
    other.start()
    assert b"peer.example" in other.take_output()


def test_events_are_told_once_and_in_the_order_of_the_wire(pki: PeerPki) -> None:
    machine, server = make_machine(), Server(context(pki, ssl.TLSVersion.TLSv1_3, ssl.CERT_NONE))
    until_judgement(machine, server)
    machine.resume(None)
    talk(machine, server)
    machine.close()
    told = machine.take_events()
    assert tuple(told) == machine.tap.events
    assert machine.take_events() == []
    times = [event.at_ms for event in told]
    assert times == sorted(times)
    assert told[-1].message == "alert"


def test_machine_and_its_keys_are_freed_without_the_garbage_collector(pki: PeerPki) -> None:
    machine, server = make_machine(), Server(context(pki, ssl.TLSVersion.TLSv1_3, ssl.CERT_REQUIRED))
    until_judgement(machine, server)
    machine.resume(pki.client.credential)
    talk(machine, server)
    remains = weakref.ref(machine), weakref.ref(machine.tap), weakref.ref(machine._connection)
    gc.disable()
    try:
        del machine
        assert [ref() for ref in remains] == [None, None, None]
    finally:
        gc.enable()


# -- post-handshake authentication ----------------------------------------------------------------------


def after_the_handshake(pki: PeerPki, *, trusted: bool) -> tuple[TlsClientMachine, Server]:
    """Shake hands in TLS 1.3 with a server that asks for no certificate yet."""
    asking = context(pki, ssl.TLSVersion.TLSv1_3, ssl.CERT_REQUIRED)
    asking.post_handshake_auth = True
    machine, server = make_machine(), Server(asking)
    until_judgement(machine, server)
    machine.resume(pki.client.credential, trusted=trusted)
    talk(machine, server)
    assert machine.handshake_done
    assert not machine.tap.client_certificate_sent
    return machine, server


@pytest.mark.parametrize("trusted", [True, False])
def test_certificate_is_presented_after_the_handshake_only_where_that_was_said(
    pki: PeerPki, trusted: bool
) -> None:
    machine, server = after_the_handshake(pki, trusted=trusted)
    machine.receive(server.ask_later())
    assert machine.tap.certificate_requested_later
    assert machine.tap.client_certificate_sent_later is trusted


def test_what_came_along_with_the_later_request_is_no_answer_to_our_certificate(pki: PeerPki) -> None:
    machine, server = after_the_handshake(pki, trusted=True)
    machine.receive(server.ask_later() + server.write(b"hello"))
    assert machine.heard_application_data
    assert not machine.heard_after_later_request
    server.take(machine.take_output())
    machine.receive(server.write(b"answer"))
    assert machine.heard_after_later_request
