"""A private CA with its keys in a real keyring, which one program keeps and others use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.support.command import Ran, trustdesk, trustdesk_apart
from tests.support.csr import client_request
from tests.support.secret_service import SecretServiceDaemon, on_the_bus

pytestmark = pytest.mark.servers


class Desk:
    """Runs commands as a person does, where a key is first used in programs of their own."""

    def __init__(self, folder: Path, daemon: SecretServiceDaemon) -> None:
        self.folder = folder
        self.daemon = daemon

    def ca(self, *arguments: object, apart: bool = False) -> Ran:
        command = ("ca", *arguments, "--workspace", self.folder / "desk")
        if apart:
            return trustdesk_apart(self.daemon.environ, *command)
        with on_the_bus(self.daemon):
            return trustdesk(*command)

    def document(self, *arguments: object, apart: bool = False) -> dict[str, Any]:
        ran = self.ca(*arguments, "--json", apart=apart)
        assert ran.status == 0, ran.err
        return ran.document


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "home").mkdir()
    with SecretServiceDaemon(tmp_path / "home") as daemon:
        yield Desk(tmp_path, daemon)


@pytest.mark.timeout(180)  # a machine that does other things at the same time
def test_keys_are_in_the_keyring_and_a_locked_one_stops_it(desk: Desk) -> None:
    csr = desk.folder / "acme.csr"
    csr.write_bytes(x509.load_der_x509_csr(client_request().der).public_bytes(Encoding.PEM))
    chain, lists = desk.folder / "acme.pem", desk.folder / "lists.pem"
    made = desk.document(
        "new", "--name", "Group", "--permit", "DNS:cargo.example", "--key", "RSA-3072", apart=True
    )
    assert made["authority"]["issuing_key"]["store_title"] == "Secret Service"
    issue = ("issue", "Group", csr, "--purpose", "client", "--output", chain)
    serial_number = desk.document(*issue, apart=True)["certificate"]["serial_number"]
    leaf, issuing = x509.load_pem_x509_certificates(chain.read_bytes())
    leaf.verify_directly_issued_by(issuing)
    revoke = ("revoke", "Group", serial_number, "--reason", "keyCompromise", "--output", lists)
    again = (*issue[:-1], desk.folder / "again.pem")
    desk.daemon.lock()
    for arguments in (again, revoke, ("crl", "Group", "--output", lists), ("new", "--name", "Other")):
        ran = desk.ca(*arguments)
        assert (ran.status, ran.out) == (3, ""), ran
        assert "Traceback" not in ran.err
    assert not lists.exists()
    (authority,) = desk.document("list")["authorities"]
    assert (authority["crl_number"], len(authority["issued"])) == (None, 1)
    desk.daemon.kill()
    desk.daemon.start()
    assert desk.document(*revoke)["crl"]["entries"] == 1
    assert b"PRIVATE" not in b"".join(
        one.read_bytes() for one in (desk.folder / "desk").rglob("*") if one.is_file()
    )
