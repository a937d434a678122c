"""Making certificates and revocation lists: CAs, clients and servers by their profiles, CRLs.

One code for all who issue: the embedded lab and the private CA. Pure functions over cryptography's builders;
who may be certified, for how long, and with which key, the caller decides. Every extension is made here by
profile: nothing of a request goes into a certificate but what the caller read out of it and hands over.

Source: ONE Record certificate policy 6.1.5, 7.1.2, 7.2 (profiles); RFC 5280 4.2, 5.2, 5.3.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

SigningKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
CertifiedKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey

CLIENT_AUTH = ExtendedKeyUsageOID.CLIENT_AUTH
SERVER_AUTH = ExtendedKeyUsageOID.SERVER_AUTH


@dataclass(frozen=True, slots=True)
class Validity:
    """From when to when, aware UTC, both included (RFC 5280 4.1.2.5)."""

    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """What certificates say of where to ask about them; None leaves an address out.

    Attributes:
        crl: of the issuer's revocation list.
        issuer: of the issuer's certificate (caIssuers).
        ocsp: of its OCSP responder.
    """

    crl: str | None = None
    issuer: str | None = None
    ocsp: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """A CA at work.

    Attributes:
        key: of `certificate`; never shown or compared.
        addresses: that stand in what it issues.
    """

    certificate: x509.Certificate
    key: SigningKey = field(repr=False, compare=False)
    addresses: Addresses = Addresses()


@dataclass(frozen=True, slots=True, kw_only=True)
class NameLimits:
    """Name constraints of a CA (RFC 5280 4.2.1.10).

    Attributes:
        permitted: subtrees; names of a kind that stands here must lie in one of them.
        excluded: subtrees in which no name may lie.
    """

    permitted: tuple[x509.GeneralName, ...] = ()
    excluded: tuple[x509.GeneralName, ...] = ()


NO_LIMITS = NameLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """An entry of a CRL.

    Attributes:
        reason: None, and `unspecified`, leave the reason out (RFC 5280 5.3.1).
    """

    serial_number: int
    revoked_at: datetime
    reason: x509.ReasonFlags | None = None


def common_name(text: str, organization: str | None = None) -> x509.Name:
    """Return a name of a CN, as the ONE Record profiles want it, below an organization where one is given.

    Raises:
        ValueError: the CN is empty or too long (`core.certificate_request.MAX_COMMON_NAME`).
    """
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, text)]
    if organization is not None:
        attributes.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization))
    return x509.Name(attributes)


def root_certificate(
    subject: x509.Name, key: SigningKey, validity: Validity, *, path_length: int | None = None
) -> x509.Certificate:
    """Return the self-signed certificate of a root.

    Args:
        path_length: CAs that may stand between it and an end entity; None for any number.
    """
    builder = _builder(subject, subject, key.public_key(), validity)
    return _signed(_with_ca_extensions(builder, path_length), key)


def subordinate_certificate(
    issuer: Issuer,
    subject: x509.Name,
    public_key: CertifiedKey,
    validity: Validity,
    *,
    path_length: int | None = 0,
    purposes: Sequence[x509.ObjectIdentifier] = (),
    limits: NameLimits = NO_LIMITS,
) -> x509.Certificate:
    """Certify a CA below another, or another root (a cross-certificate).

    Args:
        path_length: 0 for an issuing CA, below which there are end entities alone.
        purposes: extended key usages that its branch is limited to; empty for no limit.
        limits: critical, as RFC 5280 asks.
    """
    builder = _builder(subject, issuer.certificate.subject, public_key, validity)
    builder = _with_pointers(_with_ca_extensions(builder, path_length), issuer)
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    if limits.permitted or limits.excluded:
        constraints = x509.NameConstraints(limits.permitted or None, limits.excluded or None)
        builder = builder.add_extension(constraints, critical=True)
    return _signed(builder, issuer.key)


def client_certificate(
    issuer: Issuer,
    company_id: str,
    one_record_ids: Sequence[str],
    public_key: CertifiedKey,
    validity: Validity,
    *,
    purposes: Sequence[x509.ObjectIdentifier] = (CLIENT_AUTH,),
) -> x509.Certificate:
    """Return a client certificate by profile 1: CN is the company id, the SAN holds 1R-IDs alone.

    Args:
        one_record_ids: the main one first; not empty.
        purposes: others than clientAuth alone are a fault on purpose.

    Raises:
        ValueError: the company id or a 1R-ID cannot be written down.

    Source: ONE Record certificate policy 7.1.2.2.
    """
    builder = _builder(common_name(company_id), issuer.certificate.subject, public_key, validity)
    builder = _with_pointers(_with_leaf_extensions(builder, enciphers_keys=False), issuer)
    names = [x509.UniformResourceIdentifier(identifier) for identifier in one_record_ids]
    builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    return _signed(builder, issuer.key)


def server_certificate(
    issuer: Issuer,
    subject: x509.Name,
    names: Sequence[x509.GeneralName],
    public_key: CertifiedKey,
    validity: Validity,
    *,
    client_auth: bool = True,
    policies: Sequence[x509.ObjectIdentifier] = (),
) -> x509.Certificate:
    """Return a server certificate by profile 2.

    Args:
        subject: empty, or a CN that is one of the names.
        names: not empty; critical where the subject is empty (RFC 5280 4.2.1.6).
        client_auth: whether it may be used as a client too, as the profile of 2020 asks.

    Source: ONE Record certificate policy 7.1.2.1.
    """
    builder = _builder(subject, issuer.certificate.subject, public_key, validity)
    builder = _with_server_extensions(builder, subject, names, public_key, client_auth=client_auth)
    builder = _with_pointers(builder, issuer)
    if policies:
        information = [x509.PolicyInformation(policy, None) for policy in policies]
        builder = builder.add_extension(x509.CertificatePolicies(information), critical=False)
    return _signed(builder, issuer.key)


def self_signed_server(
    names: Sequence[x509.GeneralName], key: SigningKey, validity: Validity, subject: x509.Name
) -> x509.Certificate:
    """Return a server certificate that nobody vouches for but its own key."""
    public_key = key.public_key()
    builder = _builder(subject, subject, public_key, validity)
    return _signed(_with_server_extensions(builder, subject, names, public_key, client_auth=True), key)


def revocation_list(
    issuer: Issuer, revoked: Sequence[Revoked], *, number: int, this_update: datetime, next_update: datetime
) -> x509.CertificateRevocationList:
    """Return a complete CRL of version 2, with its number and the issuer's key identifier.

    Args:
        number: higher than that of every list that the issuer issued before (RFC 5280 5.2.3).

    Source: ONE Record certificate policy 7.2.2.
    """
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(this_update)
        .next_update(next_update)
        .add_extension(_authority_key(issuer.certificate), critical=False)
        .add_extension(x509.CRLNumber(number), critical=False)
    )
    for entry in revoked:
        builder = builder.add_revoked_certificate(_entry(entry))
    return builder.sign(issuer.key, _digest(issuer.key))


def host_names(*texts: str) -> tuple[x509.GeneralName, ...]:
    """Return host names and IP addresses as they stand in a SAN."""
    return tuple(_host_name(text) for text in texts)


def _host_name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: CertifiedKey, validity: Validity
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        # 159 bits from the system's generator, positive, 20 octets at most (RFC 5280 4.1.2.2).
        .serial_number(x509.random_serial_number())
        .not_valid_before(validity.not_before)
        .not_valid_after(validity.not_after)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _with_pointers(builder: x509.CertificateBuilder, issuer: Issuer) -> x509.CertificateBuilder:
    """Add what leads to the issuer: its key's identifier, and its addresses."""
    builder = builder.add_extension(_authority_key(issuer.certificate), critical=False)
    addresses = issuer.addresses
    if addresses.crl is not None:
        name = x509.UniformResourceIdentifier(addresses.crl)
        point = x509.DistributionPoint([name], relative_name=None, reasons=None, crl_issuer=None)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    access = [
        x509.AccessDescription(method, x509.UniformResourceIdentifier(address))
        for method, address in (
            (AuthorityInformationAccessOID.CA_ISSUERS, addresses.issuer),
            (AuthorityInformationAccessOID.OCSP, addresses.ocsp),
        )
        if address is not None
    ]
    if access:
        builder = builder.add_extension(x509.AuthorityInformationAccess(access), critical=False)
    return builder


def _authority_key(certificate: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    own = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own.value)


def _with_ca_extensions(builder: x509.CertificateBuilder, path_length: int | None) -> x509.CertificateBuilder:
    constraints = x509.BasicConstraints(ca=True, path_length=path_length)
    usage = _key_usage(signs_certificates=True)
    return builder.add_extension(constraints, critical=True).add_extension(usage, critical=True)


def _with_leaf_extensions(
    builder: x509.CertificateBuilder, *, enciphers_keys: bool
) -> x509.CertificateBuilder:
    constraints = x509.BasicConstraints(ca=False, path_length=None)
    usage = _key_usage(enciphers_keys=enciphers_keys)
    return builder.add_extension(constraints, critical=True).add_extension(usage, critical=True)


def _with_server_extensions(
    builder: x509.CertificateBuilder,
    subject: x509.Name,
    names: Sequence[x509.GeneralName],
    public_key: CertifiedKey,
    *,
    client_auth: bool,
) -> x509.CertificateBuilder:
    purposes = [SERVER_AUTH, CLIENT_AUTH] if client_auth else [SERVER_AUTH]
    # TLS 1.2 without forward secrecy enciphers the secret with an RSA key; an EC key only signs.
    builder = _with_leaf_extensions(builder, enciphers_keys=isinstance(public_key, rsa.RSAPublicKey))
    return builder.add_extension(
        x509.SubjectAlternativeName(names), critical=not list(subject)
    ).add_extension(x509.ExtendedKeyUsage(purposes), critical=False)


def _key_usage(*, signs_certificates: bool = False, enciphers_keys: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=enciphers_keys,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _entry(revoked: Revoked) -> x509.RevokedCertificate:
    builder = (
        x509.RevokedCertificateBuilder()
        .serial_number(revoked.serial_number)
        .revocation_date(revoked.revoked_at)
    )
    if revoked.reason not in {None, x509.ReasonFlags.unspecified}:
        builder = builder.add_extension(x509.CRLReason(revoked.reason), critical=False)
    return builder.build()


def _signed(builder: x509.CertificateBuilder, key: SigningKey) -> x509.Certificate:
    return builder.sign(key, _digest(key))


def _digest(key: SigningKey) -> SHA256 | SHA384:
    """Return the digest that goes with a key (ONE Record certificate policy 6.1.5)."""
    is_p384 = isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP384R1)
    return SHA384() if is_p384 else SHA256()
