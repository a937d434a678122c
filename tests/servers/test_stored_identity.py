"""An identity's whole way on real parts: a keyring, nginx and curl; one process keeps it, another uses it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers.clients import HOST, Client, make_park
from tests.servers.nginx_server import nginx_server
from tests.servers.process import ServerSetup
from tests.support.command import trustdesk, trustdesk_apart
from tests.support.secret_service import SecretServiceDaemon, on_the_bus

pytestmark = [pytest.mark.servers, pytest.mark.exhaustive]


class Person:
    """Types commands."""

    def __init__(self, folder: Path, daemon: SecretServiceDaemon) -> None:
        self.folder = folder
        self.daemon = daemon

    def types(self, *arguments: object, status: int = 0, apart: bool = False) -> str:
        command = (*arguments, "--workspace", self.folder / "desk")
        if apart:
            ran = trustdesk_apart(self.daemon.environ, *command)
        else:
            with on_the_bus(self.daemon):
                ran = trustdesk(*command)
        assert ran.status == status, ran.err + ran.out
        return ran.out

    def document(self, *arguments: object, status: int = 0, apart: bool = False) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.types(*arguments, "--json", status=status, apart=apart))
        return document


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    with SecretServiceDaemon(tmp_path / "home") as daemon:
        yield Person(tmp_path, daemon)


@pytest.mark.timeout(180)  # a machine that does other things at the same time
def test_nginx_accepts_what_was_imported_and_curl_what_was_exported(person: Person) -> None:
    park, folder = make_park(), person.folder
    chain = park.clients[Client.GOOD]
    archive = folder / "client.p12"
    archive.write_bytes(chain[0].pkcs12("of the file", *chain[1:]))
    (folder / "password").write_text("of the file\n")
    anchors = folder / "root.pem"
    anchors.write_bytes(park.root.pem)
    lists = ("--trust-list", anchors)

    person.types(
        "identity", "import", archive, "--name", "acme", "--password-file", folder / "password", apart=True
    )
    (folder / "nginx").mkdir()
    setup = ServerSetup(
        chain=park.server_chain, key=park.server.key_pem(), client_ca=park.root.pem, folder=folder / "nginx"
    )
    with nginx_server(setup, "add_header X-Client $ssl_client_verify always;") as server:
        target = (f"https://{HOST}:{server.port}", "--connect", f"127.0.0.1:{server.port}", *lists)
        probe = person.document("probe", *target, "--identity", "acme", apart=True)
        assert (probe["client_auth"]["sent"], probe["client_auth"]["verdict"]) == (True, "accepted")
        without = person.document("probe", *target, status=1)
        assert without["client_auth"]["sent"] is False
        diagnosis = person.document("diagnose", *target, "--identity", "acme")
        assert [one["cause"] for one in diagnosis["hypotheses"]] == ["none"]

        out = folder / "out.p12"
        written = person.document("identity", "export", "acme", "--output", out, "--print-passphrase")
        answer = subprocess.run(
            [
                "curl", "--silent", "--show-error", "--include", "--cacert", str(anchors),
                "--resolve", f"{HOST}:{server.port}:127.0.0.1", "--cert-type", "P12",
                "--config", "-", f"https://{HOST}:{server.port}/",
            ],
            input=f'cert = "{out}:{written["passphrase"]}"\n'.encode(),
            capture_output=True, check=True, env={**os.environ, "no_proxy": "*"}, timeout=30,
        )  # fmt: skip
        assert b"X-Client: SUCCESS" in answer.stdout

        person.daemon.lock()
        assert person.document("identity", "list", *lists)["identities"][0]["name"] == "acme"
        assert person.types("probe", *target, "--identity", "acme", status=3) == ""
