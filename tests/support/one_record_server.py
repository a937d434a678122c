"""A ONE Record server on loopback that answers as it is told, and writes down all that it is asked."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate

from tests.support.peers import Certified, Peer, PeerPki, chain_length, server_context

JSON_LD = "application/ld+json; version=2.3.0"
API = "https://onerecord.iata.org/ns/api#"


def information(endpoint: str, **changed: object) -> dict[str, object]:
    """ServerInformation as the API has it; a property that is changed to None is left out."""
    document: dict[str, object] = {
        "@context": {"api": API},
        "@type": "api:ServerInformation",
        "@id": endpoint,
        "api:hasDataHolder": {"@id": f"{endpoint}/logistics-objects/NORDWIND"},
        "api:hasServerEndpoint": {"@type": "xsd:anyURI", "@value": endpoint},
        "api:hasSupportedApiVersion": ["2.3.0"],
        "api:hasSupportedContentType": ["application/ld+json"],
        "api:hasSupportedLanguage": ["en-US"],
        "api:hasSupportedOntology": [{"@id": "https://onerecord.iata.org/ns/cargo"}],
        "api:hasSupportedOntologyVersion": [{"@id": "https://onerecord.iata.org/ns/cargo/3.2.0"}],
    }
    document.update({f"api:{name}": value for name, value in changed.items()})
    return {name: value for name, value in document.items() if value is not None}


def error(status: int, title: str = "Not authenticated or expired token", **changed: object) -> bytes:
    """An api:Error."""
    detail = {"@type": "api:ErrorDetail", "api:hasCode": str(status)}
    document: dict[str, object] = {
        "@context": {"api": API},
        "@type": "api:Error",
        "api:hasTitle": title,
        "api:hasErrorDetail": [detail],
    }
    document.update({f"api:{name}": value for name, value in changed.items()})
    return json.dumps(document).encode()


def answer(status: int, body: bytes, *, kind: str = JSON_LD, more: str = "", close: bool = False) -> bytes:
    """An HTTP answer with the three header fields that the API asks for."""
    head = (
        f"HTTP/1.1 {status} Said\r\nDate: {formatdate(usegmt=True)}\r\nContent-Type: {kind}\r\n"
        f"Content-Language: en-US\r\nLast-Modified: {formatdate(usegmt=True)}\r\n"
        f"Content-Length: {len(body)}\r\n{more}" + ("Connection: close\r\n" if close else "") + "\r\n"
    )
    return head.encode() + body


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes
    version: str | None
    certificates: int

    @property
    def token(self) -> str | None:
        """What came with it as Authorization."""
        return self.headers.get("authorization")


Answering = Callable[[Asked], bytes]


@dataclass
class Book:
    """Everything that was asked, in the order of the answers; and how many connections there were."""

    requests: list[Asked] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    connections: int = 0


def well_behaved(endpoint: str) -> Answering:
    """Answer 200 to GET of the base path with a token, 404 for anything else, 401 without one."""

    def answered(asked: Asked) -> bytes:
        if asked.token is None:
            return answer(401, error(401))
        if "/logistics-objects/" in asked.path:
            return answer(404, error(404, "Resource not found"))
        return answer(200, json.dumps(information(endpoint)).encode())

    return answered


@contextlib.contextmanager
def recording_server(
    pki: PeerPki,
    answering: Answering,
    *,
    client_auth: ssl.VerifyMode = ssl.CERT_NONE,
    oldest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2,
    newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
    server: Certified | None = None,
) -> Iterator[tuple[Peer, Book]]:
    """Serve over TLS until the block ends; connections are kept open between requests."""
    book = Book()
    context = server_context(pki, version=newest, client_auth=client_auth)
    context.minimum_version = oldest
    if server is not None:
        context.load_cert_chain(pki.file("other.pem", server.pem()), pki.file("other.key", server.key_pem()))

    def handle(connection: socket.socket) -> None:
        book.connections += 1
        try:
            tls = context.wrap_socket(connection, server_side=True)
        except ssl.SSLError as trouble:
            book.refused.append(trouble.reason or "")
            return
        with tls:
            count = chain_length(tls)
            converse(tls, answering, book, version=tls.version(), certificates=count)

    with Peer(handle) as peer:
        yield peer, book


@contextlib.contextmanager
def plain_server(answering: Answering) -> Iterator[tuple[Peer, Book]]:
    """Serve HTTP without TLS."""
    book = Book()

    def handle(connection: socket.socket) -> None:
        book.connections += 1
        converse(connection, answering, book, version=None, certificates=0)

    with Peer(handle) as peer:
        yield peer, book


def converse(
    connection: socket.socket, answering: Answering, book: Book, *, version: str | None, certificates: int
) -> None:
    """Answer requests until the client goes."""
    data = b""
    while True:
        while b"\r\n\r\n" not in data:
            more = connection.recv(65536)
            if not more:
                return
            data += more
        head, _, data = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ")
        pairs = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        asked = Asked(method, path, headers, data, version, certificates)
        book.requests.append(asked)
        reply = answering(asked)
        connection.sendall(reply)
        if b"Connection: close" in reply or headers.get("connection") == "close":
            return
