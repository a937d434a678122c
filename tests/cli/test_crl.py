"""`trustdesk crl show`: what a revocation list says, and how the exit status tells."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from tests.servers.clients import Client, make_park
from tests.support.command import trustdesk
from tests.support.pki import NOW, root
from tests.support.revocation_lists import der, issuer_of, revocation_list, revoked, signed_list

CA = root("Issuing CA")
AT = ("--at", NOW.isoformat())
LIST = revocation_list(
    CA,
    [revoked(0xA3F91, x509.ReasonFlags.key_compromise), *(revoked(number) for number in range(1, 15))],
    extensions=[(x509.CRLNumber(7), False)],
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "list.crl").write_bytes(LIST)
    (tmp_path / "ca.pem").write_bytes(CA.pem)
    (tmp_path / "impostor.pem").write_bytes(root("Issuing CA").pem)
    (tmp_path / "other.pem").write_bytes(root("Other CA").pem)
    return tmp_path


def test_the_document_says_all_of_the_list(folder: Path) -> None:
    ran = trustdesk("crl", "show", folder / "list.crl", "--issuer", folder / "ca.pem", *AT, "--json")
    document = ran.document
    assert (ran.status, document["schema"]) == (0, "trustdesk.crl/1")
    assert list(document) == [
        "schema", "source", "sha256", "at", "verdict", "issuer", "version", "number", "this_update",
        "next_update", "age_s", "currency", "is_delta", "scope", "signature", "entries", "damaged",
        "critical_entry_extensions", "extensions", "first", "lookup", "problems",
    ]  # fmt: skip
    assert (document["issuer"], document["number"], document["entries"]) == ("CN=Issuing CA", "7", 15)
    assert (document["age_s"], document["currency"], document["is_delta"]) == (86_400, "current", False)
    assert document["signature"]["state"] == "valid"
    assert document["signature"]["sha256"] == CA.sha256
    assert document["verdict"][0].startswith("This list is current until 2026-11-26")
    assert (len(document["first"]), document["lookup"], document["damaged"]) == (10, None, False)
    assert document["first"][0] == {
        "position": 0,
        "serial_number": "a3f91",
        "revoked_at": "2026-11-03T09:30:00Z",
        "reason": "keyCompromise",
        "invalidity_date": None,
        "certificate_issuer": None,
        "unhandled": [],
    }


def test_a_stale_list_exits_with_one_and_says_so_first(folder: Path) -> None:
    late = (NOW + timedelta(days=18)).isoformat()
    ran = trustdesk("crl", "show", folder / "list.crl", "--at", late)
    assert ran.status == 1
    assert ran.out.splitlines()[0] == "CN=Issuing CA"
    assert "It is 12 days past its next update" in ran.out.splitlines()[1]


def test_a_signature_of_another_key_exits_with_one(folder: Path) -> None:
    ran = trustdesk("crl", "show", folder / "list.crl", "--issuer", folder / "impostor.pem", *AT, "--json")
    assert (ran.status, ran.document["signature"]["state"]) == (1, "invalid")


def test_a_certificate_of_another_ca_is_no_issuer(folder: Path) -> None:
    ran = trustdesk("crl", "show", folder / "list.crl", "--issuer", folder / "other.pem", *AT)
    assert ran.status == 2
    assert "Name the certificate of CN=Issuing CA." in ran.err


@pytest.mark.parametrize(
    ("serial", "status", "listed"), [("0A:3F:91", 1, True), ("0x3", 1, True), ("ff", 0, False)]
)
def test_a_serial_number_is_looked_for_in_any_spelling(
    folder: Path, serial: str, status: int, listed: bool
) -> None:
    ran = trustdesk("crl", "show", folder / "list.crl", "--serial", serial, *AT, "--json", "--limit", 0)
    assert (ran.status, ran.document["lookup"]["listed"], ran.document["first"]) == (status, listed, [])


def test_what_is_not_found_in_a_damaged_list_is_not_called_unlisted(folder: Path) -> None:
    (folder / "damaged.crl").write_bytes(signed_list(CA, der(0x30, b"\x30\x00")))
    ran = trustdesk("crl", "show", folder / "damaged.crl", "--serial", "5", *AT, "--json")
    assert (ran.status, ran.document["lookup"]["listed"], ran.document["damaged"]) == (1, None, True)
    ran = trustdesk("crl", "show", folder / "damaged.crl", "--serial", "5", *AT)
    assert "Whether 5 is on this list cannot be said" in ran.out
    assert "5 is not on this list" not in ran.out


def test_an_entry_of_another_issuer_is_found_and_named(folder: Path) -> None:
    scope = (x509.IssuingDistributionPoint(None, None, False, False, None, True, False), True)
    crl = revocation_list(
        CA, [revoked(5, extensions=[issuer_of(root("Other CA"))]), revoked(6)], extensions=[scope]
    )
    (folder / "indirect.crl").write_bytes(crl)
    ran = trustdesk("crl", "show", folder / "indirect.crl", "--serial", "06", *AT, "--json")
    assert ran.document["lookup"]["entries"][0]["certificate_issuer"] == "CN=Other CA"
    assert "CN=Other CA" in trustdesk("crl", "show", folder / "indirect.crl", *AT).out


@pytest.mark.parametrize(
    "content", [b"Dear partner", CA.pem, b"-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n"]
)
def test_a_file_without_a_list_is_unusable(folder: Path, content: bytes) -> None:
    (folder / "none").write_bytes(content)
    ran = trustdesk("crl", "show", folder / "none")
    assert (ran.status, len(ran.err.splitlines())) == (2, 1)


def test_a_serial_number_that_is_none_is_unusable(folder: Path) -> None:
    assert trustdesk("crl", "show", folder / "list.crl", "--serial", "leaf").status == 2


def test_people_see_the_first_entries_and_how_many_are_left(folder: Path) -> None:
    ran = trustdesk("crl", "show", folder / "list.crl", *AT, "--limit", 3)
    assert "a3f91" in ran.out
    assert "keyCompromise" in ran.out
    assert "12 more entries: --limit shows them." in ran.out


@pytest.mark.servers
def test_a_list_of_openssl_ca_says_what_openssl_wrote(tmp_path: Path) -> None:
    """`openssl ca` revokes a certificate with a reason and writes the list that we read."""

    def openssl(*arguments: str) -> str:
        return subprocess.run(
            ["openssl", *arguments], cwd=tmp_path, check=True, capture_output=True, text=True
        ).stdout

    (tmp_path / "ca.cnf").write_text(
        "[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\nserial=serial\ncrlnumber=crlnumber\n"
        "certificate=ca.pem\nprivate_key=ca.key\ndefault_md=sha256\nnew_certs_dir=.\npolicy=any\n"
        "default_days=30\ndefault_crl_days=30\ncrl_extensions=crl_ext\n[any]\ncommonName=supplied\n"
        "[crl_ext]\nauthorityKeyIdentifier=keyid\n"
    )
    for name, content in (("index.txt", ""), ("serial", "0A3F91\n"), ("crlnumber", "1F\n")):
        (tmp_path / name).write_text(content)
    openssl(
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "60",
        "-subj", "/CN=Real CA", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
    )  # fmt: skip
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "x.key", "-out", "x.csr", "-subj", "/CN=leaf")
    openssl("ca", "-batch", "-config", "ca.cnf", "-in", "x.csr", "-out", "x.pem")
    openssl("ca", "-config", "ca.cnf", "-revoke", "x.pem", "-crl_reason", "cessationOfOperation")
    openssl("ca", "-config", "ca.cnf", "-gencrl", "-out", "list.pem")
    ran = trustdesk(
        "crl", "show", tmp_path / "list.pem", "--issuer", tmp_path / "ca.pem", "--serial", "0A3F91", "--json"
    )
    document = ran.document
    assert ran.status == 1  # because it is listed
    assert (document["issuer"], document["number"], document["signature"]["state"]) == (
        "CN=Real CA", "31", "valid",
    )  # fmt: skip
    (found,) = document["lookup"]["entries"]
    assert (found["serial_number"], found["reason"]) == ("a3f91", "cessationOfOperation")
    assert trustdesk("crl", "show", tmp_path / "list.pem", "--issuer", tmp_path / "ca.pem").status == 0


def test_each_list_of_a_bundle_can_be_shown_and_none_is_passed_over_in_silence(folder: Path) -> None:
    park = make_park()
    bundle = folder / "bundle.pem"
    bundle.write_bytes(park.crls)
    first, second = (trustdesk("crl", "show", bundle, "--number", number) for number in (1, 2))
    assert first.out.startswith("CN=Park Root\n")
    assert second.out.startswith("CN=Park Issuing CA\n")
    assert "The file holds 2 lists; this is number 2" in second.err
    beyond = trustdesk("crl", "show", bundle, "--number", 3)
    assert beyond.status == 2
    assert "There is no list 3 in it, only 2." in beyond.err


def test_every_list_of_a_bundle_is_asked(folder: Path) -> None:
    """The revoked client stands on the second list of the file."""
    park = make_park()
    bundle, client, anchors = folder / "bundle.pem", folder / "client.pem", folder / "root.pem"
    bundle.write_bytes(park.crls)
    client.write_bytes(b"".join(issued.pem for issued in park.clients[Client.REVOKED]))
    anchors.write_bytes(park.root.pem)
    done = trustdesk("verify", client, "--purpose", "client", "--trust-list", anchors, "--crl", bundle)
    assert done.status == 1
    assert "revoked: revoked" in done.out


def test_damaged_list_in_a_bundle_stops_the_judgement_and_is_named(folder: Path) -> None:
    park = make_park()
    bundle, leaf, anchors = folder / "bundle.pem", folder / "leaf.pem", folder / "root.pem"
    end = "-----END X509 CRL-----\n"
    bundle.write_text(f"{park.crls.decode().split(end)[0]}{end}-----BEGIN X509 CRL-----\nAAAA\n{end}")
    leaf.write_bytes(park.server_chain)
    anchors.write_bytes(park.root.pem)
    done = trustdesk("verify", leaf, "--purpose", "server", "--trust-list", anchors, "--crl", bundle)
    assert done.status == 2
    assert "CRL 2 of 2 in the file cannot be read." in done.err
