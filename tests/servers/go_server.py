"""Go's net/http. The program is compiled once for all tests of a process."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from tests.servers.process import RealServer, ServerSetup, free_port

GO = shutil.which("go") or "/usr/bin/go"
_PROGRAM = Path(__file__).with_name("programs") / "server.go"


@cache
def _program() -> Path:
    """Compile for all tests to come: the standard library costs seconds, so the outcome is kept."""
    folder = Path(tempfile.gettempdir(), f"trustdesk-tests-go-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    program = folder / hashlib.sha256(_PROGRAM.read_bytes()).hexdigest()
    if not program.exists():
        with tempfile.TemporaryDirectory(dir=folder) as build:
            made = Path(build, "server")
            environment = {**os.environ, "HOME": build, "GOCACHE": f"{build}/cache", "GO111MODULE": "off"}
            subprocess.run([GO, "build", "-o", made, _PROGRAM], check=True, env=environment)
            made.replace(program)
    return program


def go_server(setup: ServerSetup) -> RealServer:
    """Return a server of Go's; a GET is answered with 401. It checks no CRL."""
    port = free_port()
    ca = "" if setup.client_ca is None else str(setup.client_ca_file)
    mode = "require" if setup.requires else "verify"
    arguments: list[str | Path] = [f"127.0.0.1:{port}", setup.certificate_file, setup.key_file, ca, mode]
    return RealServer([_program(), *arguments], port)
