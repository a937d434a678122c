"""stunnel before a plain HTTP server of Python's."""

from __future__ import annotations

import shutil
import sys
from typing import Self

from tests.servers.process import RealServer, ServerSetup, free_port

STUNNEL = shutil.which("stunnel4") or "/usr/bin/stunnel4"


class Stunnel(RealServer):
    """stunnel with the server behind it."""

    def __init__(self, setup: ServerSetup, options: str = "") -> None:
        behind = free_port()
        folder = setup.folder / "empty"
        folder.mkdir(exist_ok=True)
        self._behind = RealServer(
            [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "--directory", folder, str(behind)],
            behind,
        )
        port = free_port()
        verify = ""
        if setup.client_ca is not None:
            verify = f"CAfile = {setup.client_ca_file}\nverifyChain = yes\n"
            verify += f"requireCert = {'yes' if setup.requires else 'no'}\n"
        if setup.crl is not None:
            verify += f"CRLfile = {setup.crl_file}\n"
        configuration = setup.file(
            "stunnel.conf",
            f"""foreground = yes
debug = info
pid =
[partner]
accept = 127.0.0.1:{port}
connect = 127.0.0.1:{behind}
cert = {setup.certificate_file}
key = {setup.key_file}
sslVersionMin = TLSv1.2
{verify}{options}
""".encode(),
        )
        super().__init__([STUNNEL, configuration], port)

    def __enter__(self) -> Self:
        self._behind.wait_until_it_listens()
        return super().__enter__()

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._behind.stop()


def stunnel_server(setup: ServerSetup) -> Stunnel:
    """Return stunnel; a GET is answered with 200."""
    return Stunnel(setup)
