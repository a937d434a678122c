"""Servers on loopback for tests of the probe: well-behaved ones on the standard library's ssl, and others.

Each runs in threads of its own, takes any number of connections, and is gone when its `with` block ends.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
import ssl
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from trustdesk.formats.credential import ClientCredential

Handler = Callable[[socket.socket], None]

ANSWER = (
    b"HTTP/1.1 401 Unauthorized\r\nServer: peer\r\n"
    b"Content-Type: application/ld+json\r\nContent-Length: 2\r\n\r\n{}"
)


@dataclass(frozen=True)
class Certified:
    """A certificate, its key, and the path up to (without) the root."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    path: tuple[x509.Certificate, ...]

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def credential(self) -> ClientCredential:
        ders = tuple(certificate.public_bytes(Encoding.DER) for certificate in self.path)
        return ClientCredential(name="test", certification_path=ders, private_key=self.key)

    def pem(self) -> bytes:
        return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in self.path)

    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def issue(
    name: str, issuer: Certified | None = None, *, is_ca: bool = False, days: int = 9, age_days: int = 1
) -> Certified:
    """Make a P-256 certificate for `name`; without an issuer it is a root, whose path is empty."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    start = min(now, now + dt.timedelta(days=days)) - dt.timedelta(days=age_days)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer is not None else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if not is_ca:
        purposes = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    signer = issuer.key if issuer is not None else key
    certificate = builder.sign(signer, hashes.SHA256())
    return Certified(certificate, key, (certificate, *issuer.path) if issuer is not None else ())


@dataclass(frozen=True)
class PeerPki:
    """One root, one intermediate, a server, a client, and a client of somebody else's CA."""

    root: Certified
    server: Certified
    client: Certified
    stranger: Certified
    folder: Path

    def file(self, name: str, content: bytes) -> str:
        path = self.folder / name
        path.write_bytes(content)
        return str(path)


def make_pki(folder: Path) -> PeerPki:
    root = issue("peer root", is_ca=True)
    intermediate = issue("peer intermediate", root, is_ca=True)
    other_root = issue("other root", is_ca=True)
    return PeerPki(
        root=root,
        server=issue("peer.example", intermediate),
        client=issue("client.example", intermediate),
        stranger=issue("stranger.example", other_root),
        folder=folder,
    )


@contextlib.contextmanager
def pki_folder() -> Iterator[PeerPki]:
    with tempfile.TemporaryDirectory() as folder:
        yield make_pki(Path(folder))


@dataclass
class Seen:
    """What a peer saw of its clients, in the order of the connections.

    `certificates` holds the client's chain length of each finished handshake (0 for none).
    """

    certificates: list[int] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


class Peer:
    """A listener on 127.0.0.1 that gives each connection to a handler in a thread."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listener.getsockname()[1]
        self._is_open = True
        self._connections: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._acceptor = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Peer:
        self._acceptor.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_open = False
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._acceptor.join(5)
        for connection in self._connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        for connection in self._connections:
            connection.close()

    def _accept(self) -> None:
        while self._is_open:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._connections.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        # Whatever the client does to it, a peer only ends its connection.
        with contextlib.suppress(OSError, ValueError):
            self._handler(connection)
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()


def server_context(
    pki: PeerPki,
    *,
    version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
    client_auth: ssl.VerifyMode = ssl.CERT_NONE,
    alpn: tuple[str, ...] = (),
) -> ssl.SSLContext:
    """A server's context of exactly one TLS version; it asks for certificates of the PKI's root."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings_allowed():
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = version
        context.minimum_version = version
    context.load_cert_chain(
        pki.file("server.pem", pki.server.pem()), pki.file("server.key", pki.server.key_pem())
    )
    context.load_verify_locations(cadata=pki.root.certificate.public_bytes(Encoding.PEM).decode())
    context.verify_mode = client_auth
    if alpn:
        context.set_alpn_protocols(list(alpn))
    return context


@contextlib.contextmanager
def warnings_allowed() -> Iterator[None]:
    """Old TLS versions are deprecated in the standard library, and are what some tests are about."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def tls_handler(
    context: ssl.SSLContext, seen: Seen, *, answer: bytes | None = ANSWER, after: Handler | None = None
) -> Handler:
    """Shake hands, read one request, answer it. `answer` None: say nothing until the client goes."""

    def handle(connection: socket.socket) -> None:
        try:
            tls = context.wrap_socket(connection, server_side=True)
        except ssl.SSLError as error:
            seen.failures.append(error.reason or str(error))
            return
        with tls:
            seen.certificates.append(chain_length(tls))
            if after is not None:
                after(tls)
                return
            request = tls.recv(65536)
            seen.requests.append(request)
            if answer is None:
                while tls.recv(65536):
                    pass
                return
            tls.sendall(answer)
            # OSError: the client may go without a close_notify of its own.
            with contextlib.suppress(OSError):
                tls.unwrap()

    return handle


def chain_length(tls: ssl.SSLSocket) -> int:
    if tls.getpeercert(binary_form=True) is None:
        return 0
    return len(tls._sslobj.get_unverified_chain())  # type: ignore[attr-defined]


def tls_peer(
    pki: PeerPki,
    seen: Seen,
    *,
    version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
    client_auth: ssl.VerifyMode = ssl.CERT_NONE,
    alpn: tuple[str, ...] = (),
    answer: bytes | None = ANSWER,
    after: Handler | None = None,
) -> Peer:
    context = server_context(pki, version=version, client_auth=client_auth, alpn=alpn)
    return Peer(tls_handler(context, seen, answer=answer, after=after))


# -- peers that misbehave -----------------------------------------------------------------------------


def reset(connection: socket.socket) -> None:
    """End a connection with a TCP reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def says(first_words: bytes, *, reads_first: bool = True) -> Handler:
    """A server that speaks something else."""

    def handle(connection: socket.socket) -> None:
        if reads_first:
            connection.recv(65536)
        connection.sendall(first_words)
        drain(connection)

    return handle


def stalls(connection: socket.socket) -> None:
    """Read for ever, say nothing."""
    drain(connection)


def closes_at_once(connection: socket.socket) -> None:
    """End of stream before anything was read."""


def resets_after_client_hello(connection: socket.socket) -> None:
    connection.recv(65536)
    reset(connection)


def closes_after_client_hello(connection: socket.socket) -> None:
    # All of it, however it comes: closing with unread bytes would be a reset.
    connection.settimeout(0.2)
    with contextlib.suppress(TimeoutError):
        while connection.recv(65536):
            pass


def drain(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


def rewrites(context: ssl.SSLContext, change: Callable[[bytes], bytes]) -> Handler:
    """A TLS server whose first flight goes through `change` before it leaves."""

    def handle(connection: socket.socket) -> None:
        inbound, outbound = ssl.MemoryBIO(), ssl.MemoryBIO()
        server = context.wrap_bio(inbound, outbound, server_side=True)
        hello = b""
        while len(hello) < 5 or len(hello) < 5 + int.from_bytes(hello[3:5], "big"):
            hello += connection.recv(65536)
        inbound.write(hello)
        with contextlib.suppress(ssl.SSLWantReadError):
            server.do_handshake()
        connection.sendall(change(outbound.read()))
        drain(connection)

    return handle


def after_server_hello(flight: bytes, garbage: bytes) -> bytes:
    """The ServerHello record of a flight, and then something else."""
    end = 5 + int.from_bytes(flight[3:5], "big")
    return flight[:end] + garbage


def trickles(flight: Callable[[], bytes], pause: threading.Event, step_s: float = 0.3) -> Handler:
    """One byte at a time, so that no read by itself takes long."""

    def handle(connection: socket.socket) -> None:
        for byte in flight():
            if pause.wait(step_s):
                return
            connection.sendall(bytes([byte]))

    return handle


def nginx_page(text: str) -> bytes:
    """The page that nginx sends with status 400 for a client certificate that it does not want."""
    body = (
        f"<html>\r\n<head><title>400 {text}</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1>"
        f"</center>\r\n<center>{text}</center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n"
    ).encode()
    head = (
        "HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\nContent-Type: text/html\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
