"""Certificate requests in one line: good by default, each thing wrong with one a keyword."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding

from tests.support.pki import CLIENT_AUTH, SERVER_AUTH, Issued, PrivateKey
from tests.support.pki import name as named
from trustdesk.core.inspection import CsrFacts
from trustdesk.formats.request import read_request

PARTNER_HOST = "1r.cargo.example"
COMPANY = "ACME"
MAIN_ID = f"https://{PARTNER_HOST}/{COMPANY}"


def client_request(
    *ids: str,
    common_name: str = COMPANY,
    key: PrivateKey | None = None,
    usages: Sequence[x509.ObjectIdentifier] = (CLIENT_AUTH,),
    key_usage: str = "digital_signature",
    extensions: Sequence[tuple[x509.ExtensionType, bool]] = (),
    organization: str | None = None,
) -> CsrFacts:
    """Return a request of a client; without ids, for `MAIN_ID`."""
    names = [x509.UniformResourceIdentifier(text) for text in ids or (MAIN_ID,)]
    return request(
        named(common_name, organization),
        names,
        key=key,
        usages=usages,
        key_usage=key_usage,
        extensions=extensions,
    )


def server_request(
    *names: str,
    common_name: str | None = None,
    key: PrivateKey | None = None,
    usages: Sequence[x509.ObjectIdentifier] = (SERVER_AUTH, CLIENT_AUTH),
) -> CsrFacts:
    """Return a request of a server; without names, for `PARTNER_HOST`."""
    wanted = names or (PARTNER_HOST,)
    subject = named(wanted[0] if common_name is None else common_name)
    return request(subject, [x509.DNSName(text) for text in wanted], key=key, usages=usages)


def request(
    subject: x509.Name,
    names: Sequence[x509.GeneralName],
    *,
    key: PrivateKey | None = None,
    usages: Sequence[x509.ObjectIdentifier] = (CLIENT_AUTH,),
    key_usage: str = "digital_signature",
    extensions: Sequence[tuple[x509.ExtensionType, bool]] = (),
) -> CsrFacts:
    """Return a request with these names and usages."""
    usage = dict.fromkeys(
        (
            *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
            *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
        ),
        False,
    )
    usage[key_usage] = True
    builder = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(subject)
        .add_extension(x509.SubjectAlternativeName(names), critical=not list(subject))
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    signer = key or ec.generate_private_key(ec.SECP256R1())
    digest = None if isinstance(signer, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    made = builder.sign(signer, digest)
    return read_request(made.public_bytes(Encoding.DER))


def with_broken_signature(csr: CsrFacts) -> CsrFacts:
    """Return the request with another signature than its key's."""
    other = request(named("other"), [x509.DNSName("other.example")])
    size = len(csr.der) - len(x509.load_der_x509_csr(csr.der).signature)
    signature = x509.load_der_x509_csr(other.der).signature
    own = x509.load_der_x509_csr(csr.der).signature
    padded = signature[: len(own)].ljust(len(own), b"\0")
    return read_request(csr.der[:size] + padded)


def with_unknown_signature(csr: CsrFacts) -> CsrFacts:
    """Return the request with a signature of an algorithm that nobody knows, over ECDSA with SHA-256."""
    known, unknown = bytes.fromhex("06082a8648ce3d040302"), bytes.fromhex("06082a8648ce3d040309")
    before, found, after = csr.der.rpartition(known)
    assert found
    return read_request(before + unknown + after)


def answered(
    csr: x509.CertificateSigningRequest,
    issuer: Issued,
    not_before: datetime,
    not_after: datetime,
    *,
    extensions: Iterable[tuple[x509.ExtensionType, bool]] | None = None,
) -> Issued:
    """Return what a CA issues for a request, without its key: a stranger's stands in its place.

    Args:
        extensions: with whether each is critical; None for those that were asked for.
    """
    builder = (
        x509.CertificateBuilder()
        .subject_name(csr.subject)
        .issuer_name(issuer.certificate.subject)
        .public_key(csr.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
    )
    asked = ((one.value, one.critical) for one in csr.extensions)
    for value, critical in asked if extensions is None else extensions:
        builder = builder.add_extension(value, critical)
    return Issued(builder.sign(issuer.key, hashes.SHA256()), ec.generate_private_key(ec.SECP256R1()))
