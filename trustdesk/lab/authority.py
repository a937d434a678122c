"""Certificate authorities of the lab, and the two certificate profiles that they issue.

The profiles are those of ONE Record 2020: client CN=<COMPANY-ID> with its 1R-ID as URI, server with DNS
names; both with key identifiers, CRL and AIA addresses (under `.example`, so that nothing is fetched).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

LeafKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

# 2.999 is the arc for examples (ITU-T X.660); IATA's own policy was never assigned an identifier.
_POLICY = x509.ObjectIdentifier("2.999.1")
_CA_VALIDITY = timedelta(days=3650)
_CA_BACKDATED = timedelta(days=1095)


@dataclass(frozen=True, slots=True)
class Validity:
    """From when to when, aware UTC."""

    not_before: datetime
    not_after: datetime


def new_key() -> ec.EllipticCurvePrivateKey:
    """Return a fresh P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def common_name(text: str) -> x509.Name:
    """Return a name of nothing but a CN, as the ONE Record profiles want it."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A CA: its certificate and key, and the slug in the addresses of its CRL, certificate and OCSP."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    slug: str

    @classmethod
    def root(cls, name: str, slug: str, now: datetime) -> Authority:
        """Make a self-signed root, valid from three years ago for ten years."""
        key = new_key()
        builder = _builder(_organisation_name(name), _organisation_name(name), key, _ca_validity(now))
        builder = _with_ca_extensions(builder, path_length=None)
        return cls(certificate=builder.sign(key, SHA256()), key=key, slug=slug)

    def subordinate(
        self, name: str, slug: str, now: datetime, purposes: Sequence[x509.ObjectIdentifier]
    ) -> Authority:
        """Issue an issuing CA with path length 0 whose branch is limited to `purposes`."""
        key = new_key()
        builder = _builder(_organisation_name(name), self.certificate.subject, key, _ca_validity(now))
        builder = self._with_addresses(_with_ca_extensions(builder, path_length=0))
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        return Authority(certificate=builder.sign(self.key, SHA256()), key=key, slug=slug)

    def cross_sign(self, other: Authority, now: datetime) -> x509.Certificate:
        """Certify the name and key of another root, so that its branch also leads to this one."""
        builder = _builder(other.certificate.subject, self.certificate.subject, other.key, _ca_validity(now))
        builder = self._with_addresses(_with_ca_extensions(builder, path_length=1))
        return builder.sign(self.key, SHA256())

    def issue_server(
        self, names: Sequence[x509.GeneralName], key: LeafKey, validity: Validity, subject: x509.Name
    ) -> x509.Certificate:
        """Issue a ONE Record server certificate; serverAuth and clientAuth as the profile of 2020 asks."""
        builder = _builder(subject, self.certificate.subject, key, validity)
        builder = self._with_addresses(_with_server_extensions(builder, names, key))
        policy = x509.PolicyInformation(_POLICY, None)
        builder = builder.add_extension(x509.CertificatePolicies([policy]), critical=False)
        return builder.sign(self.key, SHA256())

    def issue_client(
        self,
        company_id: str,
        identifiers: Sequence[str],
        key: LeafKey,
        validity: Validity,
        purposes: Sequence[x509.ObjectIdentifier] = (ExtendedKeyUsageOID.CLIENT_AUTH,),
    ) -> x509.Certificate:
        """Issue a ONE Record client certificate; `identifiers` are its 1R-IDs, the main one first."""
        builder = _builder(common_name(company_id), self.certificate.subject, key, validity)
        builder = self._with_addresses(_with_leaf_extensions(builder, key))
        names = [x509.UniformResourceIdentifier(identifier) for identifier in identifiers]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        return builder.sign(self.key, SHA256())

    def _with_addresses(self, builder: x509.CertificateBuilder) -> x509.CertificateBuilder:
        crl = x509.UniformResourceIdentifier(f"http://crl.trustdesk-lab.example/{self.slug}.crl")
        issuer = x509.UniformResourceIdentifier(f"http://ca.trustdesk-lab.example/{self.slug}.crt")
        responder = x509.UniformResourceIdentifier(f"http://ocsp.trustdesk-lab.example/{self.slug}")
        point = x509.DistributionPoint([crl], relative_name=None, reasons=None, crl_issuer=None)
        access = [
            x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, issuer),
            x509.AccessDescription(AuthorityInformationAccessOID.OCSP, responder),
        ]
        key_identifier = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        authority_key = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(key_identifier.value)
        return (
            builder.add_extension(authority_key, critical=False)
            .add_extension(x509.CRLDistributionPoints([point]), critical=False)
            .add_extension(x509.AuthorityInformationAccess(access), critical=False)
        )


def self_signed_server(
    names: Sequence[x509.GeneralName], key: LeafKey, validity: Validity, subject: x509.Name
) -> x509.Certificate:
    """Return a server certificate that nobody vouches for but its own key."""
    builder = _with_server_extensions(_builder(subject, subject, key, validity), names, key)
    return builder.sign(key, SHA256())


def server_names(dns_name: str, *, loopback: bool) -> tuple[x509.GeneralName, ...]:
    """Return the SAN of a server; with `loopback`, also what a plain `https://127.0.0.1` asks for."""
    names: list[x509.GeneralName] = [x509.DNSName(dns_name)]
    if loopback:
        names.append(x509.DNSName("localhost"))
        names += [x509.IPAddress(ipaddress.ip_address(address)) for address in ("127.0.0.1", "::1")]
    return tuple(names)


def _organisation_name(text: str) -> x509.Name:
    organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "trustdesk lab")
    return x509.Name([organisation, x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _ca_validity(now: datetime) -> Validity:
    # Backdated, so that an expired certificate of last year was inside its issuer's time.
    return Validity(now - _CA_BACKDATED, now - _CA_BACKDATED + _CA_VALIDITY)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: LeafKey, validity: Validity
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(validity.not_before)
        .not_valid_after(validity.not_after)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _with_ca_extensions(builder: x509.CertificateBuilder, path_length: int | None) -> x509.CertificateBuilder:
    constraints = x509.BasicConstraints(ca=True, path_length=path_length)
    usage = _key_usage(signs_certificates=True)
    return builder.add_extension(constraints, critical=True).add_extension(usage, critical=True)


def _with_leaf_extensions(builder: x509.CertificateBuilder, key: LeafKey) -> x509.CertificateBuilder:
    constraints = x509.BasicConstraints(ca=False, path_length=None)
    usage = _key_usage(enciphers_keys=isinstance(key, rsa.RSAPrivateKey))
    return builder.add_extension(constraints, critical=True).add_extension(usage, critical=True)


def _with_server_extensions(
    builder: x509.CertificateBuilder, names: Sequence[x509.GeneralName], key: LeafKey
) -> x509.CertificateBuilder:
    purposes = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    return (
        _with_leaf_extensions(builder, key)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    )


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
