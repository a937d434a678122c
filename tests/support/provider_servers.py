"""An identity provider on loopback: discovery document and key set over https, each thing wrong a change."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support import tokens
from tests.support.peers import ANSWER, Certified, Handler, Peer, issue
from tests.support.tokens import Jwk
from trustdesk.core.message import msg
from trustdesk.core.trust import TrustList, TrustListOrigin
from trustdesk.formats.certificate import read_certificate

PATH = "/realms/cargo"
DISCOVERY = f"{PATH}/.well-known/openid-configuration"
KEYS = f"{PATH}/keys"

Answer = bytes | Callable[[ssl.SSLSocket], None]


@dataclass
class ProviderServer:
    """A running provider.

    Attributes:
        answers: by path; bytes are a whole answer, a function writes what it likes.
        asked: paths, in the order in which they were asked for; "" for a connection without a request.
    """

    port: int
    root: Certified
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"https://localhost:{self.port}{PATH}"

    @property
    def trust_list(self) -> TrustList:
        return TrustList(
            name="lab",
            title=msg("The test's list"),
            origin=TrustListOrigin.FILE,
            anchors=(read_certificate(self.root.der),),
        )

    def discovery(self, **changes: Any) -> dict[str, Any]:
        """The document; None takes a member away."""
        document = {
            "issuer": self.issuer,
            "jwks_uri": f"https://localhost:{self.port}{KEYS}",
            "token_endpoint": f"https://localhost:{self.port}{PATH}/token",
            **changes,
        }
        return {name: value for name, value in document.items() if value is not None}

    def publish(self, *keys: Jwk, **changes: Any) -> None:
        """Serve a document and these keys."""
        self.answers[DISCOVERY] = answer(self.discovery(**changes))
        self.answers[KEYS] = answer({"keys": list(keys)})


def answer(body: object, status: str = "200 OK", *headers: str, kind: str = "application/json") -> bytes:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(data)}", f"Content-Type: {kind}", *headers, "", ""]
    return "\r\n".join(lines).encode() + data


def never_ends(tls: ssl.SSLSocket) -> None:
    """An answer without a length, for as long as anybody listens."""
    tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")
    while True:
        tls.sendall(b"1," * 32768)


@contextlib.contextmanager
def provider_server(*, days: int = 9) -> Iterator[ProviderServer]:
    """Run one; it serves a good document and one good key."""
    root = issue("provider root", is_ca=True)
    own = issue("localhost", root, days=days)
    server = ProviderServer(0, root)
    with tempfile.TemporaryDirectory() as folder:
        handler = _handler(_context(own, Path(folder)), server)
        with Peer(handler) as peer:
            server.port = peer.port
            server.publish(tokens.public_jwk())
            yield server


def _context(own: Certified, folder: Path) -> ssl.SSLContext:
    (folder / "own.pem").write_bytes(own.pem())
    (folder / "own.key").write_bytes(own.key_pem())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "own.pem", folder / "own.key")
    return context


def _handler(context: ssl.SSLContext, server: ProviderServer) -> Handler:
    def handle(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as tls:
            request = tls.recv(65536).decode("ascii", "replace")
            path = request.split(" ")[1] if " " in request else ""
            server.asked.append(path)
            found = server.answers.get(path, ANSWER if path == "/" else answer({}, "404 Not Found"))
            if isinstance(found, bytes):
                tls.sendall(found)
                with contextlib.suppress(OSError):
                    tls.unwrap()
            else:
                found(tls)

    return handle
