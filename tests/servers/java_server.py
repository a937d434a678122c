"""Java's own servers: JSSE sockets with a thread for each, and the HttpsServer of the JDK."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key, pkcs12

from tests.servers.process import RealServer, ServerSetup, free_port

JAVA = shutil.which("java") or "/usr/bin/java"
_PASSWORD = b"lab-password"
_PROGRAM = Path(__file__).with_name("programs") / "Server.java"


def java_server(setup: ServerSetup, *, kind: str = "socket") -> RealServer:
    """Return a server of Java's; a GET is answered with 401. It checks no CRL.

    Args:
        kind: "socket" for JSSE's sockets, "httpsserver" for the JDK's HttpsServer.
    """
    port = free_port()
    chain = x509.load_pem_x509_certificates(setup.chain)
    key = load_pem_private_key(setup.key, None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        store = pkcs12.serialize_key_and_certificates(
            b"server",
            key,  # type: ignore[arg-type]  # a PEM file may hold keys that PKCS#12 does not; the tests' do not
            chain[0],
            chain[1:],
            BestAvailableEncryption(_PASSWORD),
        )
    trusted = ""
    if setup.client_ca is not None:
        entries = [
            pkcs12.PKCS12Certificate(certificate, f"ca{position}".encode())
            for position, certificate in enumerate(x509.load_pem_x509_certificates(setup.client_ca))
        ]
        truststore = pkcs12.serialize_java_truststore(entries, BestAvailableEncryption(_PASSWORD))
        trusted = str(setup.file("clients.p12", truststore))
    mode = "require" if setup.requires else "want"
    return RealServer(
        [
            *(JAVA, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"),
            _PROGRAM,
            *(str(port), setup.file("server.p12", store), trusted, _PASSWORD.decode(), mode, kind),
        ],
        port,
    )
