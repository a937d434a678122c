"""`openssl s_server`, which answers a GET with a page about the connection."""

from __future__ import annotations

from tests.servers.process import RealServer, ServerSetup, free_port


def openssl_server(setup: ServerSetup, *arguments: str) -> RealServer:
    """Return `openssl s_server`; verification failures end the handshake."""
    port = free_port()
    options: list[str] = []
    if setup.client_ca is not None:
        # Of several CRLs -CRL reads the first; a file of CAs may hold them all.
        authorities = setup.file("client-ca.pem", setup.client_ca + (setup.crl or b""))
        options += ["-CAfile", str(authorities)]
        options += ["-Verify" if setup.requires else "-verify", "3", "-verify_return_error"]
    if setup.crl is not None:
        options += ["-crl_check"]
    certificate = setup.certificate_file
    return RealServer(
        [
            *("openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-www", "-quiet"),
            *("-cert", certificate, "-cert_chain", certificate, "-key", setup.key_file),
            *options,
            *arguments,
        ],
        port,
        keeps_input=True,
    )
