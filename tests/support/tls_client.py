"""A plain TLS client of the standard library: another OpenSSL than the one under test."""

from __future__ import annotations

import socket
import ssl
import warnings
from dataclasses import dataclass

from trustdesk.lab.process import LabDescription, LabServer

TIMEOUT_S = 10.0
GET = b"GET / HTTP/1.1\r\nHost: lab.example\r\nConnection: close\r\n\r\n"
GET_WITH_TOKEN = GET.replace(b"\r\n\r\n", b"\r\nAuthorization: Bearer any\r\n\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """How a conversation went.

    Attributes:
        version: "TLSv1.3" style; None when the handshake did not end here.
        alert: received, as OpenSSL calls it ("UNKNOWN_CA"); None for none.
        verify_code: why the server's certificate was refused (X509_V_ERR_…); None when it was not.
        answer: what was read after the handshake.
        failure: the exception that ended it; None when the server closed in order.
    """

    version: str | None = None
    alert: str | None = None
    verify_code: int | None = None
    answer: bytes = b""
    failure: OSError | None = None

    @property
    def status(self) -> int:
        """The HTTP status."""
        return int(self.answer.split(b" ", 2)[1])

    @property
    def head(self) -> str:
        """The HTTP head in lower case."""
        return self.answer.partition(b"\r\n\r\n")[0].decode("latin-1").lower()

    @property
    def body(self) -> bytes:
        """The HTTP body."""
        return self.answer.partition(b"\r\n\r\n")[2]


def client_context(
    lab: LabDescription | None = None, version: ssl.TLSVersion | None = None
) -> ssl.SSLContext:
    """Return a context: strict against the lab's trust list, or verifying nothing without a lab."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if lab is None:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    else:
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        context.load_verify_locations(lab.trust_list)
    if version is not None:
        if version is ssl.TLSVersion.TLSv1_1:
            context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # TLS 1.1 is what is tested
            context.minimum_version = context.maximum_version = version
    return context


def load_identity(context: ssl.SSLContext, lab: LabDescription, name: str) -> None:
    """Load a client identity of the lab into the context."""
    identity = next(i for i in lab.identities if i.name == name)
    context.load_cert_chain(identity.certificate_file, identity.key_file)


def converse(
    server: LabServer,
    context: ssl.SSLContext,
    *,
    request: bytes = GET,
    read_first: bool = False,
    enough: int | None = None,
    timeout_s: float = TIMEOUT_S,
) -> Conversation:
    """Connect, shake hands, send `request`, read until the server closes or `enough` bytes came.

    With `read_first` nothing is sent: what a TLS 1.3 server has against the client certificate arrives.
    """
    version: str | None = None
    answer = b""
    with socket.create_connection((server.host, server.port), timeout=timeout_s) as plain:
        try:
            with context.wrap_socket(plain, server_hostname=server.server_name) as tls:
                version = tls.version()
                if not read_first:
                    tls.sendall(request)
                while chunk := tls.recv(65_536):
                    answer += chunk
                    if enough is not None and len(answer) >= enough:
                        break
        except ssl.SSLCertVerificationError as refusal:
            return Conversation(version=version, verify_code=refusal.verify_code, failure=refusal)
        except ssl.SSLError as problem:
            _, found, alert = (problem.reason or "").partition("ALERT_")
            return Conversation(
                version=version, alert=alert if found else None, answer=answer, failure=problem
            )
        except OSError as problem:
            return Conversation(version=version, answer=answer, failure=problem)
    return Conversation(version=version, answer=answer)
