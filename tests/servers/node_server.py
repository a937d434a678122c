"""Node's https module."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.servers.process import RealServer, ServerSetup, free_port

NODE = shutil.which("node") or "/usr/bin/node"
_PROGRAM = Path(__file__).with_name("programs") / "server.js"


def node_server(setup: ServerSetup) -> RealServer:
    """Return a server of Node's; a GET is answered with 401."""
    port = free_port()
    options: dict[str, object] = {
        "port": port,
        "cert": str(setup.certificate_file),
        "key": str(setup.key_file),
        "minVersion": "TLSv1.2",
        "requestCert": setup.client_ca is not None,
        "rejectUnauthorized": setup.client_ca is not None and setup.requires,
    }
    if setup.client_ca is not None:
        options["ca"] = str(setup.client_ca_file)
    if setup.crl is not None:
        options["crl"] = str(setup.crl_file)
    return RealServer([NODE, _PROGRAM, json.dumps(options)], port)
