"""A client certificate that nobody knows, made for one call: its CA and both its keys are never kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from trustdesk.formats.credential import ClientCredential

_AROUND = timedelta(hours=1)


def throw_away_credential(at: datetime) -> ClientCredential:
    """Return one that is in order but for its CA, valid an hour before and after an instant."""
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority = _named("trustdesk throw-away CA")
    ca = (
        _begun(authority, authority, authority_key, at)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(authority_key, SHA256())
    )
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = (
        _begun(_named("trustdesk throw-away client"), authority, key, at)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .sign(authority_key, SHA256())
    )
    path = tuple(one.public_bytes(Encoding.DER) for one in (leaf, ca))
    return ClientCredential(name=None, certification_path=path, private_key=key)


def _named(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, at: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - _AROUND)
        .not_valid_after(at + _AROUND)
    )
