"""A private CA with its keys in a real keyring: programs that start, do one thing and end."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.support.csr import client_request
from tests.support.secret_service import SecretServiceDaemon

pytestmark = pytest.mark.servers


class Desk:
    """Runs the program as a person does, each command a process of its own."""

    def __init__(self, folder: Path, daemon: SecretServiceDaemon) -> None:
        self.folder = folder
        self.daemon = daemon

    def ca(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                *(sys.executable, "-m", "trustdesk", "ca", *(str(one) for one in arguments)),
                *("--workspace", str(self.folder / "desk")),
            ],
            check=False,
            capture_output=True,
            text=True,
            env=self.daemon.environ,
            timeout=60,
        )

    def document(self, *arguments: object) -> dict[str, Any]:
        ran = self.ca(*arguments, "--json")
        assert ran.returncode == 0, ran.stderr
        document: dict[str, Any] = json.loads(ran.stdout)
        return document


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "home").mkdir()
    with SecretServiceDaemon(tmp_path / "home") as daemon:
        yield Desk(tmp_path, daemon)


@pytest.mark.timeout(180)  # ten programs, one after the other
def test_keys_are_in_the_keyring_and_a_locked_one_stops_it(desk: Desk) -> None:
    csr = desk.folder / "acme.csr"
    csr.write_bytes(x509.load_der_x509_csr(client_request().der).public_bytes(Encoding.PEM))
    chain, lists = desk.folder / "acme.pem", desk.folder / "lists.pem"
    made = desk.document("new", "--name", "Group", "--permit", "DNS:cargo.example", "--key", "RSA-3072")
    assert made["authority"]["issuing_key"]["store_title"] == "Secret Service"
    issue = ("issue", "Group", csr, "--purpose", "client", "--output", chain)
    serial_number = desk.document(*issue)["certificate"]["serial_number"]
    leaf, issuing = x509.load_pem_x509_certificates(chain.read_bytes())
    leaf.verify_directly_issued_by(issuing)
    revoke = ("revoke", "Group", serial_number, "--reason", "keyCompromise", "--output", lists)
    again = (*issue[:-1], desk.folder / "again.pem")
    desk.daemon.lock()
    for arguments in (again, revoke, ("crl", "Group", "--output", lists), ("new", "--name", "Other")):
        ran = desk.ca(*arguments)
        assert (ran.returncode, ran.stdout) == (3, ""), ran
        assert "Traceback" not in ran.stderr
    assert not lists.exists()
    (authority,) = desk.document("list")["authorities"]
    assert (authority["crl_number"], len(authority["issued"])) == (None, 1)
    desk.daemon.kill()
    desk.daemon.start()
    assert desk.document(*revoke)["crl"]["entries"] == 1
    assert b"PRIVATE" not in b"".join(
        one.read_bytes() for one in (desk.folder / "desk").rglob("*") if one.is_file()
    )
