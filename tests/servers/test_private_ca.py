"""What a private CA issues, at programs of others: nginx, curl and OpenSSL take and refuse it rightly.

Nothing here is made for the test but keys and requests: certificates, chains, root and lists are the files
that the desk hands over.
"""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.servers.nginx_server import nginx_server
from tests.servers.process import ServerSetup
from tests.support.answers import answer
from tests.support.csr import client_request, server_request
from tests.support.pki import PrivateKey, rsa_key
from tests.support.private_cas import DAYS, PrivateCaDesk
from trustdesk.core.certificate_request import RequestPurpose
from trustdesk.core.diagnosis import ProbeVariant, TlsVersions
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.inspection import CsrFacts
from trustdesk.core.private_ca import IssuedCertificate, RevocationReason
from trustdesk.core.target import parse_target
from trustdesk.formats.credential import ClientCredential
from trustdesk.formats.issuing import (
    Issuer,
    Validity,
    client_certificate,
    common_name,
    server_certificate,
    subordinate_certificate,
)
from trustdesk.formats.request import read_request
from trustdesk.network.probe import probe
from trustdesk.network.request import ProbeRequest
from trustdesk.services.trust_lists import file_list
from trustdesk.verify.judge import PathJudge

pytestmark = pytest.mark.servers

HOST = "1r.cargo.example"
CLIENT, SERVER = RequestPurpose.CLIENT, RequestPurpose.SERVER


class Member(NamedTuple):
    """Somebody of the group: key, certificate, and the file of the chain."""

    key: PrivateKey
    issued: IssuedCertificate
    chain: Path

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


class Group:
    """A closed group with a CA of its own, limited to one domain."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.desk = PrivateCaDesk(folder, datetime.now(UTC))
        self.ca = self.desk.create(
            permitted_names=("DNS:cargo.example",), crl_url="http://crl.cargo.example/group.crl"
        )
        self.root = self.desk.ca.save_root(self.ca.id, folder / "root.pem").result()

    def join(self, purpose: RequestPurpose, title: str, key: PrivateKey | None = None) -> Member:
        own = key or ec.generate_private_key(ec.SECP256R1())
        csr = client_request(key=own) if purpose is CLIENT else server_request(HOST, key=own)
        issued = self.desk.issue(self.ca, csr, purpose)
        chain = self.folder / f"{title}.pem"
        self.desk.ca.save_chain(self.ca.id, issued.certificate.sha256, chain).result()
        return Member(own, issued, chain)

    def lists(self) -> Path:
        return self.desk.ca.save_crl(self.ca.id, self.folder / "lists.pem").result()

    def issuing_key(self) -> ec.EllipticCurvePrivateKey:
        key = self.desk.keys.load(self.ca.issuing_key.reference)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key

    def issuer(self) -> Issuer:
        certificate = x509.load_der_x509_certificate(self.ca.issuing.der)
        return Issuer(certificate=certificate, key=self.issuing_key())


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    made = Group(tmp_path)
    yield made
    made.desk.close()


def curl(group: Group, port: int, member: Member, version: str) -> tuple[int, str]:
    """Return curl's exit status and the HTTP status that it saw."""
    key_file = group.folder / "client.key"
    key_file.write_bytes(member.key_pem)
    done = subprocess.run(
        [
            *("curl", "--silent", "--show-error", "--output", "/dev/null", "--write-out", "%{http_code}"),
            *(f"--tlsv{version}", "--tls-max", version, "--cacert", str(group.root)),
            *("--cert", str(member.chain), "--key", str(key_file)),
            *("--resolve", f"{HOST}:{port}:127.0.0.1", f"https://{HOST}:{port}/"),
        ],
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )
    return done.returncode, done.stdout


def probed(group: Group, port: int, member: Member, version: TlsVersions) -> str:
    chain = x509.load_pem_x509_certificates(member.chain.read_bytes())
    record = asyncio.run(
        probe(
            ProbeRequest(
                target=parse_target(f"https://127.0.0.1:{port}", server_name=HOST, verify_name=HOST),
                judge=PathJudge([file_list(group.root)]),
                credential=ClientCredential(
                    name="member",
                    certification_path=tuple(one.public_bytes(Encoding.DER) for one in chain),
                    private_key=member.key,
                ),
                variant=ProbeVariant(versions=version),
            )
        )
    )
    assert record.negotiated is not None
    assert record.negotiated.version == f"TLSv{version.value}"
    assert record.client_auth.sent
    return answer(record)


@pytest.mark.parametrize("key", ["EC", "RSA"])
def test_nginx_takes_a_member_until_the_list_names_it(group: Group, tmp_path: Path, key: str) -> None:
    """nginx trusts the root alone, in TLS 1.2 and 1.3, by our probe and by curl."""
    server = group.join(SERVER, "server")
    member = group.join(CLIENT, "client", rsa_key() if key == "RSA" else None)
    other = group.join(CLIENT, "other")
    group.desk.ca.issue_crl(group.ca.id).future.result()

    def seen(who: Member, folder: str) -> list[str]:
        (tmp_path / folder).mkdir()
        setup = ServerSetup(
            chain=server.chain.read_bytes(),
            key=server.key_pem,
            client_ca=group.root.read_bytes(),
            crl=group.lists().read_bytes(),
            folder=tmp_path / folder,
        )
        found = []
        with nginx_server(setup) as nginx:
            for version in (TlsVersions.TLS_1_2, TlsVersions.TLS_1_3):
                by_curl = curl(group, nginx.port, who, version.value)
                found.append(f"{version.value} probe {probed(group, nginx.port, who, version)}")
                found.append(f"{version.value} curl {by_curl}")
        return found

    accepted = [
        "1.2 probe accepted",
        "1.2 curl (0, '401')",
        "1.3 probe accepted",
        "1.3 curl (0, '401')",
    ]
    refused = [
        "1.2 probe http 400",
        "1.2 curl (0, '400')",
        "1.3 probe http 400",
        "1.3 curl (0, '400')",
    ]
    assert seen(member, "before") == accepted
    group.desk.revoke(group.ca, member.issued)
    assert seen(member, "after") == refused
    assert seen(other, "beside") == accepted


def openssl(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["openssl", *(str(one) for one in arguments)],
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )


def verified(group: Group, leaf: Path, purpose: str) -> str:
    """Return what `openssl verify -crl_check_all -x509_strict` says: OK, or its error."""
    issuing = group.folder / "issuing.pem"
    issuing.write_bytes(x509.load_der_x509_certificate(group.ca.issuing.der).public_bytes(Encoding.PEM))
    done = openssl(
        *("verify", "-x509_strict", "-crl_check_all", "-purpose", purpose),
        *("-CAfile", group.root, "-CRLfile", group.lists(), "-untrusted", issuing, leaf),
    )
    if done.returncode == 0:
        assert done.stdout.strip() == f"{leaf}: OK"
        return "OK"
    return next(line for line in done.stderr.splitlines() if line.startswith("error "))


def leaf_file(group: Group, certificate: x509.Certificate | bytes) -> Path:
    if isinstance(certificate, bytes):
        certificate = x509.load_der_x509_certificate(certificate)
    file = group.folder / "leaf.pem"
    file.write_bytes(certificate.public_bytes(Encoding.PEM))
    return file


def test_openssl_verifies_the_whole_path_by_both_lists(group: Group) -> None:
    client, server = group.join(CLIENT, "client"), group.join(SERVER, "server")
    group.desk.ca.issue_crl(group.ca.id).future.result()
    client_file = leaf_file(group, client.issued.certificate.der)
    assert verified(group, client_file, "sslclient") == "OK"
    assert "unsuitable certificate purpose" in verified(group, client_file, "sslserver")
    server_file = leaf_file(group, server.issued.certificate.der)
    assert verified(group, server_file, "sslserver") == "OK"
    group.desk.revoke(group.ca, server.issued, RevocationReason.SUPERSEDED)
    assert "certificate revoked" in verified(group, server_file, "sslserver")
    assert verified(group, leaf_file(group, client.issued.certificate.der), "sslclient") == "OK"


OUTSIDE: list[tuple[RequestPurpose, CsrFacts]] = [
    (CLIENT, client_request("https://other.example/ACME")),
    (SERVER, server_request("evilcargo.example")),
    (CLIENT, client_request("https://1r.cargo.example/evil.example", common_name="evil.example")),
]


@pytest.mark.parametrize(("purpose", "csr"), OUTSIDE)
def test_a_name_outside_is_refused_here_and_if_forced_by_openssl(
    group: Group, purpose: RequestPurpose, csr: CsrFacts
) -> None:
    with pytest.raises(UnusableInputError, match="not signed"):
        group.desk.issue(group.ca, csr, purpose)
    group.desk.ca.issue_crl(group.ca.id).future.result()
    asked = x509.load_der_x509_csr(csr.der)
    key = asked.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    now = datetime.now(UTC).replace(microsecond=0)
    validity = Validity(now - DAYS / 24, now + DAYS)
    names = asked.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    if purpose is CLIENT:
        uris = names.get_values_for_type(x509.UniformResourceIdentifier)
        company_id = str(asked.subject.rfc4514_string()).removeprefix("CN=")
        forced = client_certificate(group.issuer(), company_id, uris, key, validity)
    else:
        forced = server_certificate(group.issuer(), asked.subject, list(names), key, validity)
    usage = "sslclient" if purpose is CLIENT else "sslserver"
    said = verified(group, leaf_file(group, forced), usage)
    assert "permitted subtree violation" in said


def test_below_the_issuing_ca_openssl_takes_no_other_ca(group: Group) -> None:
    """Who forces a CA below the issuing CA gets nothing that OpenSSL takes: path length 0."""
    group.desk.ca.issue_crl(group.ca.id).future.result()
    now = datetime.now(UTC).replace(microsecond=0)
    key = ec.generate_private_key(ec.SECP256R1())
    validity = Validity(now - DAYS / 24, now + DAYS)
    sub = subordinate_certificate(group.issuer(), common_name("Sub"), key.public_key(), validity)
    leaf = client_certificate(
        Issuer(certificate=sub, key=key), "ACME", [f"https://{HOST}/ACME"], key.public_key(), validity
    )
    (group.folder / "chain.pem").write_bytes(
        sub.public_bytes(Encoding.PEM)
        + x509.load_der_x509_certificate(group.ca.issuing.der).public_bytes(Encoding.PEM)
    )
    done = openssl(
        *("verify", "-purpose", "sslclient", "-CAfile", group.root),
        *("-untrusted", group.folder / "chain.pem", leaf_file(group, leaf)),
    )
    assert done.returncode != 0
    assert "path length constraint exceeded" in done.stderr


REASONS = {
    RevocationReason.UNSPECIFIED: None,
    RevocationReason.KEY_COMPROMISE: "Key Compromise",
    RevocationReason.CA_COMPROMISE: "CA Compromise",
    RevocationReason.AFFILIATION_CHANGED: "Affiliation Changed",
    RevocationReason.SUPERSEDED: "Superseded",
    RevocationReason.CESSATION_OF_OPERATION: "Cessation Of Operation",
}


def test_openssl_reads_number_reasons_and_key_identifier(group: Group) -> None:
    revoked = {reason: group.join(CLIENT, reason.value) for reason in REASONS}
    for reason, member in revoked.items():
        group.desk.revoke(group.ca, member.issued, reason)
    published = group.desk.ca.save_crl(group.ca.id, group.folder / "group.crl").result()
    text = openssl("crl", "-inform", "DER", "-in", published, "-noout", "-text").stdout
    words = " ".join(text.split())
    assert "Version 2 (0x1)" in words
    assert f"X509v3 CRL Number: {len(REASONS)}" in words
    issuing_file = leaf_file(group, group.ca.issuing.der)
    issuing = openssl("x509", "-in", issuing_file, "-noout", "-ext", "subjectKeyIdentifier")
    identifier = issuing.stdout.split()[-1]
    assert f"X509v3 Authority Key Identifier: {identifier}" in words
    entries = {entry.split()[0].lower().lstrip("0"): entry for entry in words.split("Serial Number: ")[1:]}
    for reason, member in revoked.items():
        entry = entries[member.issued.certificate.serial_number or ""]
        if REASONS[reason] is None:
            assert "Reason Code" not in entry
        else:
            assert f"X509v3 CRL Reason Code: {REASONS[reason]}" in entry
    checked = openssl("crl", "-inform", "DER", "-in", published, "-noout", "-CAfile", issuing_file)
    assert checked.stderr.strip() == "verify OK"


@pytest.mark.parametrize("tool_key", ["ec", "rsa"])
def test_a_request_of_openssl_is_signed_and_names_its_key(group: Group, tool_key: str) -> None:
    """The request comes from a program of others, with a configuration of its own."""
    folder = group.folder
    (folder / "request.cnf").write_text(
        "[req]\nprompt=no\ndistinguished_name=dn\nreq_extensions=ext\n[dn]\nCN=ACME\n"
        f"[ext]\nsubjectAltName=URI:https://{HOST}/ACME\nkeyUsage=critical,digitalSignature\n"
        "extendedKeyUsage=clientAuth\n"
    )
    new_key: list[str | Path] = (
        ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"] if tool_key == "ec" else ["rsa:2048"]
    )
    made = openssl(
        *("req", "-new", "-config", folder / "request.cnf", "-newkey", *new_key, "-nodes"),
        *("-keyout", folder / "own.key", "-outform", "DER", "-out", folder / "own.csr"),
    )
    assert made.returncode == 0, made.stderr
    csr = read_request((folder / "own.csr").read_bytes())
    issued = group.desk.issue(group.ca, csr)
    file = leaf_file(group, issued.certificate.der)
    keys = [
        openssl("pkey", "-in", folder / "own.key", "-pubout").stdout,
        openssl("x509", "-in", file, "-noout", "-pubkey").stdout,
    ]
    assert keys[0] == keys[1] != ""
