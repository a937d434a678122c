"""A real TLS client and a real TLS server against each other in memory, with the tap between them.

The referee is OpenSSL's own message callback in the client: what it reports is what the tap has to tell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from OpenSSL import SSL, crypto
from OpenSSL._util import ffi, lib

from trustdesk.core.handshake import Direction, TimelineEvent
from trustdesk.network.tap import Tap
from trustdesk.network.tls_names import handshake_type_name
from trustdesk.network.tls_records import RecordCutter

HOST = "host.example"
RETRY_RANDOM_START = bytes.fromhex("cf21ad74")
OP_NO_ENCRYPT_THEN_MAC = 1 << 19

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Message = tuple[Direction, str, int]
"""Direction, name, bytes: what the referee and the tap have to agree on."""

Change = Callable[[Direction, bytes], list[bytes]]
"""What a hostile network makes of one record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A certificate with its key and the CA that issued it."""

    certificate: x509.Certificate
    key: PrivateKey
    issuer: x509.Certificate


@cache
def _authority() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CH"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, 'Tap, "Test" + Söhne'),
            x509.NameAttribute(NameOID.COMMON_NAME, "Pair CA"),
        ]
    )
    return _certificate(name, key, name, key, is_ca=True), key


@cache
def credential(kind: str, name: str = HOST) -> Credential:
    """Return a certificate with an "ec" or "rsa" key."""
    key: PrivateKey = (
        ec.generate_private_key(ec.SECP256R1())
        if kind == "ec"
        else rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    issuer, issuer_key = _authority()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = _certificate(subject, key, issuer.subject, issuer_key, is_ca=False)
    return Credential(certificate=certificate, key=key, issuer=issuer)


def _certificate(
    subject: x509.Name,
    key: PrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    is_ca: bool,
) -> x509.Certificate:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How the two sides are set up; None or empty leaves OpenSSL's default."""

    version: int = SSL.TLS1_3_VERSION
    suites: bytes = b""
    key: str = "ec"
    asks_for_client: bool = False
    requires_client: bool = False
    client: Credential | None = None
    client_curve: ec.EllipticCurve | None = None
    server_curve: ec.EllipticCurve | None = None
    alpn: tuple[bytes, ...] = ()
    encrypt_then_mac: bool = True
    ocsp_response: bytes | None = None
    tickets: bool = True
    client_verifies: bool = False
    extra_certificates: int = 0


class Engine:
    """One side on pyOpenSSL; `failure` is the error that ended it."""

    def __init__(self, connection: SSL.Connection) -> None:
        self.connection = connection
        self.received = b""
        self.handshake_done = False
        self.failure: SSL.Error | None = None

    def step(self) -> None:
        """Let OpenSSL work on what it has."""
        if self.failure is not None:
            return
        try:
            if not self.handshake_done:
                self.connection.do_handshake()
                self.handshake_done = True
            while True:
                self.received += self.connection.recv(1 << 14)
        except (SSL.WantReadError, SSL.ZeroReturnError):
            pass
        except SSL.Error as error:
            self.failure = error

    def take(self) -> bytes:
        """Return what it wants to send."""
        output = b""
        while True:
            try:
                output += self.connection.bio_read(1 << 16)
            except SSL.WantReadError:
                return output

    def give(self, data: bytes) -> None:
        """Hand over what the other side sent."""
        self.connection.bio_write(data)


class Client:
    """Makes client engines from one context, so that sessions can be resumed."""

    def __init__(self, setting: Setting) -> None:
        self.key_lines: list[bytes] = []
        self.referee: list[Message] = []
        self.on_key_line: Callable[[bytes], None] = lambda _line: None
        self._setting = setting
        self._context = _context(setting)
        self._context.set_keylog_callback(self._take_key_line)
        self._context.set_ocsp_client_callback(lambda _connection, _response, _data: True)
        if setting.alpn:
            self._context.set_alpn_protos(list(setting.alpn))
        if setting.client_curve is not None:
            self._context.set_tmp_ecdh(setting.client_curve)
        if setting.client is not None:
            self._context.use_certificate(setting.client.certificate)
            self._context.use_privatekey(setting.client.key)
        self._callback = ffi.callback(
            "void(int, int, int, const void *, size_t, SSL *, void *)", self._report_message
        )
        if setting.client_verifies:
            self._context.set_verify(SSL.VERIFY_PEER)
        lib.SSL_CTX_set_msg_callback(self._context._context, self._callback)

    def engine(self, session: SSL.Session | None = None) -> Engine:
        """Return a new connection's engine."""
        connection = SSL.Connection(self._context, None)
        connection.set_connect_state()
        connection.set_tlsext_host_name(HOST.encode())
        if self._setting.ocsp_response is not None:
            connection.request_ocsp()
        if session is not None:
            connection.set_session(session)
        return Engine(connection)

    def _take_key_line(self, _connection: SSL.Connection, line: bytes) -> None:
        self.key_lines.append(line)
        self.on_key_line(line)

    def _report_message(
        self, written: int, _version: int, content_type: int, data: Any, length: int, *_: object
    ) -> None:
        """Take one message from OpenSSL; types over 255 are its own (record headers, inner types)."""
        head = bytes(ffi.buffer(data, min(length, 64)))
        direction = Direction.OUT if written else Direction.IN
        match content_type:
            case 20:
                self.referee.append((direction, "change_cipher_spec", length))
            case 21:
                self.referee.append((direction, "alert", length))
            case 22:
                is_retry = head[0] == 2 and head[6:10] == RETRY_RANDOM_START
                name = "hello_retry_request" if is_retry else handshake_type_name(head[0])
                self.referee.append((direction, name, length))
            case _:
                pass


def server_engine(setting: Setting) -> Engine:
    """Return a server's engine."""
    own = credential(setting.key)
    context = _context(setting)
    context.use_certificate(own.certificate)
    context.use_privatekey(own.key)
    for _ in range(1 + setting.extra_certificates):
        context.add_extra_chain_cert(own.issuer)
    context.set_session_id(b"pair")
    if setting.server_curve is not None:
        context.set_tmp_ecdh(setting.server_curve)
    if setting.alpn:
        context.set_alpn_select_callback(lambda _connection, offered: offered[-1])
    if setting.ocsp_response is not None:
        response = setting.ocsp_response
        context.set_ocsp_server_callback(lambda _connection, _data: response)
    if setting.asks_for_client or setting.requires_client:
        context.add_client_ca(own.issuer)
        store = context.get_cert_store()
        assert store is not None
        store.add_cert(crypto.X509.from_cryptography(own.issuer))
        context.set_verify(
            SSL.VERIFY_PEER | (SSL.VERIFY_FAIL_IF_NO_PEER_CERT if setting.requires_client else 0)
        )
    connection = SSL.Connection(context, None)
    connection.set_accept_state()
    return Engine(connection)


class Pair:
    """A client and a server, and the tap on the client's side.

    Attributes:
        chain_known_early: whether the tap knew the server's chain before OpenSSL saw the record that
            completed it; None when no chain came.
        records: what the tap was given.
    """

    def __init__(
        self,
        setting: Setting | None = None,
        *,
        client: Client | None = None,
        server: Engine | None = None,
        session: SSL.Session | None = None,
        change: Change | None = None,
    ) -> None:
        setting = setting or Setting()
        self.client_side = client or Client(setting)
        self.tap = Tap()
        self.client_side.on_key_line = self.tap.key_log
        self.client_side.referee = []
        self.client = self.client_side.engine(session)
        self.server = server or server_engine(setting)
        self.events: list[TimelineEvent] = []
        self.records: list[tuple[Direction, bytes]] = []
        self.chain_known_early: bool | None = None
        self._change = change or (lambda _direction, record: [record])
        self._cutters = {direction: RecordCutter() for direction in Direction}

    def run(self) -> Pair:
        """Let both sides talk until neither has anything to say."""
        while True:
            self.client.step()
            from_client = self._cut(Direction.OUT, self.client.take())
            self.server.step()
            from_server = self._cut(Direction.IN, self.server.take())
            if not from_client and not from_server:
                return self

    def send_to_client(self, data: bytes) -> None:
        """Hand bytes to the tap and the client as if the server had sent them."""
        self._cut(Direction.IN, data)

    def told(self) -> list[Message]:
        """What the tap told, in the referee's form, without application data."""
        return _comparable(
            (event.direction, event.message, event.bytes)
            for event in self.events
            if event.message != "application_data"
        )

    def refereed(self) -> list[Message]:
        """What OpenSSL told."""
        return _comparable(self.client_side.referee)

    def names(self, direction: Direction) -> list[str]:
        """The names of one direction's messages."""
        return [event.message for event in self.events if event.direction is direction]

    def event(self, message: str, direction: Direction | None = None) -> TimelineEvent:
        """Return the first event of a name."""
        return next(
            event
            for event in self.events
            if event.message == message and direction in {None, event.direction}
        )

    def _cut(self, direction: Direction, data: bytes) -> list[bytes]:
        records = self._cutters[direction].feed(data)
        for original in records:
            for record in self._change(direction, original):
                self._tell(direction, record)
        return records

    def _tell(self, direction: Direction, record: bytes) -> None:
        if direction is Direction.IN and self.client.failure is not None:
            return  # a client that has given up looks at nothing more
        knew = self.tap.server_chain is not None
        self.records.append((direction, record))
        self.events += self.tap.record(direction, record, float(len(self.records)))
        if direction is Direction.OUT:
            self.server.give(record)
            return
        if not knew and self.tap.server_chain is not None:
            self.chain_known_early = self.client.connection.get_peer_certificate() is None
        self.client.give(record)
        self.client.step()
        self._cut(Direction.OUT, self.client.take())
        self.events += self.tap.flush()


def _comparable(messages: Iterable[Message]) -> list[Message]:
    """Leave out the server's change_cipher_spec, which OpenSSL tells in TLS 1.3 only."""
    return [message for message in messages if message[:2] != (Direction.IN, "change_cipher_spec")]


def _context(setting: Setting) -> SSL.Context:
    context = SSL.Context(SSL.TLS_METHOD)
    context.set_cipher_list(b"ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    if setting.suites and setting.version == SSL.TLS1_3_VERSION:
        context.set_tls13_ciphersuites(setting.suites)
    elif setting.suites:
        context.set_cipher_list(setting.suites + b":@SECLEVEL=0")
    context.set_min_proto_version(setting.version)
    context.set_max_proto_version(setting.version)
    if not setting.tickets:
        context.set_options(SSL.OP_NO_TICKET)
        context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    if not setting.encrypt_then_mac:
        context.set_options(OP_NO_ENCRYPT_THEN_MAC)
    return context
