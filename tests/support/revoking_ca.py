"""A CA that revokes with OpenSSL: `openssl ca -gencrl`, and `openssl ocsp` over files and loopback."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID

from tests.support import pki
from tests.support.pki import Issued
from trustdesk.verify.decoded import decode
from trustdesk.verify.revocation.ocsp import ocsp_request

# OpenSSL's tools know no other clock than the real one.
LASTING: dict[str, Any] = {
    "not_before": datetime(2020, 1, 1, tzinfo=UTC),
    "not_after": datetime(2120, 1, 1, tzinfo=UTC),
}
REVOKED_AT = datetime(2026, 11, 1, 12, 30, tzinfo=UTC)
MUST_STAPLE = x509.TLSFeature([x509.TLSFeatureType.status_request])


class RevokingCa:
    """A root, an issuing CA, and what they issued and revoked, in a folder."""

    def __init__(self, folder: Path, name: str = "Revoking") -> None:
        self.folder = folder
        self.root = _authority(f"{name} root", None)
        self.issuing = _authority(f"{name} CA", self.root)
        self._rows: dict[int, str] = {}
        for file, data in (
            ("root.pem", self.root.pem),
            ("ca.pem", self.issuing.pem),
            ("ca.key", self.issuing.key_pem()),
            ("root.key", self.root.key_pem()),
        ):
            (folder / file).write_bytes(data)
        self._write_index()

    def server(self, *names: str, urls: Sequence[tuple[str, str]] = (), must_staple: bool = False) -> Issued:
        """Issue a server certificate; `urls` are pairs of "ocsp" or "crl" and where it is."""
        more = [(MUST_STAPLE, False)] if must_staple else []
        issued = pki.server(
            self.issuing, *names, common_name=names[0], extensions=[*_addresses(urls), *more], **LASTING
        )
        self._note(issued)
        return issued

    def client(self, common_name: str, urls: Sequence[tuple[str, str]] = ()) -> Issued:
        """Issue a client certificate."""
        made = pki.issue(
            pki.name(common_name),
            self.issuing,
            extensions=[
                (x509.ExtendedKeyUsage([pki.CLIENT_AUTH]), False),
                *_addresses(urls),
            ],
            **LASTING,
        )
        self._note(made)
        return made

    def revoke(self, issued: Issued, reason: str = "keyCompromise") -> None:
        """Note in the CA's index that a certificate is revoked."""
        self._note(issued, f"{REVOKED_AT:%y%m%d%H%M%SZ},{reason}")

    def file(self, name: str, *chain: Issued) -> Path:
        """Write certificates as PEM, or, with a name that ends in .key, the key of the first."""
        path = self.folder / name
        data = chain[0].key_pem() if name.endswith(".key") else b"".join(one.pem for one in chain)
        path.write_bytes(data)
        return path

    def crl(self, *, by_root: bool = False, stale: bool = False) -> bytes:
        """Return a CRL (DER) by `openssl ca -gencrl`, for a day or of a year ago; the root's is empty."""
        name = "root" if by_root else "ca"
        index = self.folder / ("root-index.txt" if by_root else "index.txt")
        if by_root:
            index.write_text("")
        configuration = self.folder / f"{name}.cnf"
        configuration.write_text(
            f"[ca]\ndefault_ca = here\n[here]\ndatabase = {index}\ncrlnumber = {self.folder}/{name}.number\n"
            f"certificate = {self.folder}/{name}.pem\nprivate_key = {self.folder}/{name}.key\n"
            "default_md = sha256\ncrl_extensions = list\n"
            "[list]\nauthorityKeyIdentifier = keyid:always\n"
        )
        (self.folder / f"{name}.number").write_text("01\n")
        out = self.folder / f"{name}.crl.pem"
        dates = ["-crldays", "1"]
        if stale:
            dates = ["-crl_lastupdate", "20251101000000Z", "-crl_nextupdate", "20251102000000Z"]
        self._run("ca", "-config", str(configuration), "-gencrl", *dates, "-out", str(out))
        return x509.load_pem_x509_crl(out.read_bytes()).public_bytes(Encoding.DER)

    def response(self, issued: Issued, *, by_root: bool = False) -> bytes:
        """Return what `openssl ocsp` answers about a certificate."""
        issuer = self.root if by_root else self.issuing
        request, answer = self.folder / "request.der", self.folder / "answer.der"
        request.write_bytes(ocsp_request(decode(issued.der), decode(issuer.der), digest="sha1", nonce=None))
        self._run("ocsp", *self._responder(), "-reqin", str(request), "-respout", str(answer))
        return answer.read_bytes()

    def forget(self, issued: Issued) -> None:
        """Take a certificate out of the index, as if another CA had issued it."""
        del self._rows[issued.certificate.serial_number]
        self._write_index()

    @contextlib.contextmanager
    def ocsp_server(self, port: int | None = None) -> Iterator[str]:
        """Run `openssl ocsp` as a responder and yield its URL.

        Args:
            port: of `free_port`, for certificates that name the responder; None for any.
        """
        port = port or free_port()
        process = subprocess.Popen(
            ["openssl", "ocsp", *self._responder(), "-port", str(port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        ready = threading.Event()
        lines: list[str] = []

        def read() -> None:
            assert process.stdout is not None
            for line in process.stdout:
                lines.append(line)
                if "ACCEPT" in line or "waiting for" in line:
                    ready.set()

        reader = threading.Thread(target=read)
        reader.start()
        try:
            assert ready.wait(10), lines
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()
            process.wait(10)
            reader.join(10)
            assert process.stdout is not None
            process.stdout.close()

    def _responder(self) -> list[str]:
        folder = self.folder
        return [
            *("-index", f"{folder}/index.txt", "-CA", f"{folder}/ca.pem", "-rsigner", f"{folder}/ca.pem"),
            *("-rkey", f"{folder}/ca.key", "-ndays", "1", "-resp_no_certs"),
        ]

    def _run(self, *arguments: str) -> None:
        done = subprocess.run(["openssl", *arguments], check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def _note(self, issued: Issued, revoked: str = "") -> None:
        serial = f"{issued.certificate.serial_number:X}"
        serial = serial.zfill(len(serial) + len(serial) % 2)
        letter = "R" if revoked else "V"
        self._rows[issued.certificate.serial_number] = (
            f"{letter}\t21191231235959Z\t{revoked}\t{serial}\tunknown\t/CN={serial}\n"
        )
        self._write_index()

    def _write_index(self) -> None:
        # A responder that runs reads the index again when it has changed, so it must never be half of one.
        fresh = self.folder / "index.new"
        fresh.write_text("".join(self._rows.values()))
        fresh.replace(self.folder / "index.txt")


def _authority(name: str, issuer: Issued | None) -> Issued:
    key = ec.generate_private_key(ec.SECP256R1())
    key_identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return pki.authority(name, issuer, key=key, extensions=[(key_identifier, False)], **LASTING)


def free_port() -> int:
    """Return a port on which nobody listens: OpenSSL's tools cannot choose one themselves."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


class Files:
    """An HTTP server that hands out bytes by path and counts what it is asked.

    Attributes:
        requests: method and path, in order.
    """

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.bodies: dict[str, bytes] = {}
        files = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                files.requests.append(f"GET {self.path}")
                body = files.bodies.get(self.path)
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                files.requests.append(f"POST {self.path} {self.headers['Content-Type']}")
                body = files.bodies.get(self.path, b"")
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        """Where it listens, without a path."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Files:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()


def _addresses(urls: Sequence[tuple[str, str]]) -> list[tuple[x509.ExtensionType, bool]]:
    responders = [
        x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(url))
        for kind, url in urls
        if kind == "ocsp"
    ]
    points = [
        x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None)
        for kind, url in urls
        if kind == "crl"
    ]
    made: list[tuple[x509.ExtensionType, bool]] = []
    if responders:
        made.append((x509.AuthorityInformationAccess(responders), False))
    if points:
        made.append((x509.CRLDistributionPoints(points), False))
    return made
