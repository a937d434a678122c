"""Certificates and requests that follow the ONE Record profile of 2020, each deviation a keyword."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID, ObjectIdentifier

from tests.support import pki
from tests.support.pki import CLIENT_AUTH, NOW, SERVER_AUTH, Issued, PrivateKey
from trustdesk.core.finding import Finding
from trustdesk.formats.certificate_details import read_details
from trustdesk.formats.request import read_request
from trustdesk.verify.lint import lint
from trustdesk.verify.profiles.context import CertificateSubject, CsrSubject, LintContext, Role
from trustdesk.verify.profiles.policy import OrganisationPolicy
from trustdesk.verify.profiles.rule import RuleSet, RuleSetName

ID = "https://cargo.example/ACME"
HOST = "cargo.example"
ALL = tuple(RuleSet(name) for name in RuleSetName)
AT = LintContext(at=NOW)

_BITS = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
    *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)


@cache
def curve_key(curve: type[ec.EllipticCurve] = ec.SECP256R1) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(curve())


@cache
def issuing_ca() -> Issued:
    return pki.authority("Issuing", pki.root(), path_length=0)


def client(
    *,
    subject: Sequence[tuple[ObjectIdentifier, str]] = ((NameOID.COMMON_NAME, "ACME"),),
    names: Sequence[str] = (f"URI:{ID}",),
    critical_names: bool = False,
    usages: Sequence[ObjectIdentifier] | None = (CLIENT_AUTH,),
    key_usage: Sequence[str] | None = ("digital_signature",),
    critical_key_usage: bool = True,
    identifiers: bool = True,
    crl: bool = True,
    ocsp: bool = True,
    policy: bool = True,
    is_ca: bool = False,
    key: PrivateKey | None = None,
    issuer: Issued | None = None,
    self_signed: bool = False,
    not_before: datetime = NOW - timedelta(days=100),
    days: float = 365,
) -> Issued:
    """A client certificate as the profile of 2020 wants it."""
    authority = issuer or issuing_ca()
    key = key or curve_key()
    extensions: list[tuple[x509.ExtensionType, bool]] = [(x509.BasicConstraints(is_ca, None), True)]
    if names:
        extensions.append((_names(names), critical_names))
    if key_usage is not None:
        extensions.append((_key_usage(key_usage), critical_key_usage))
    if usages is not None:
        extensions.append((x509.ExtendedKeyUsage(usages), False))
    if identifiers:
        authority_key = authority.key.public_key()
        extensions.append((x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False))
        extensions.append((x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key), False))
    if crl:
        point = x509.DistributionPoint([_uri("http://ca.example/ca.crl")], None, None, None)
        extensions.append((x509.CRLDistributionPoints([point]), False))
    access = [(AuthorityInformationAccessOID.CA_ISSUERS, "http://ca.example/ca.cer")]
    if ocsp:
        access.append((AuthorityInformationAccessOID.OCSP, "http://ocsp.ca.example"))
    described = [x509.AccessDescription(kind, _uri(url)) for kind, url in access]
    extensions.append((x509.AuthorityInformationAccess(described), False))
    if policy:
        information = x509.PolicyInformation(ObjectIdentifier("2.16.756.5.14.7.4.2"), None)
        extensions.append((x509.CertificatePolicies([information]), False))
    return pki.issue(
        _subject(subject),
        None if self_signed else authority,
        key=key,
        not_before=not_before,
        not_after=not_before + timedelta(days=days) - timedelta(seconds=1),
        extensions=extensions,
    )


def server(
    *,
    subject: Sequence[tuple[ObjectIdentifier, str]] = ((NameOID.COMMON_NAME, HOST),),
    names: Sequence[str] = (f"DNS:{HOST}",),
    usages: Sequence[ObjectIdentifier] | None = (SERVER_AUTH, CLIENT_AUTH),
    **keywords: object,
) -> Issued:
    """A server certificate as the profile of 2020 wants it."""
    return client(subject=subject, names=names, usages=usages, **keywords)  # type: ignore[arg-type]


def request(
    *,
    subject: Sequence[tuple[ObjectIdentifier, str]] = ((NameOID.COMMON_NAME, "ACME"),),
    names: Sequence[str] = (f"URI:{ID}",),
    usages: Sequence[ObjectIdentifier] | None = (CLIENT_AUTH,),
    key_usage: Sequence[str] | None = ("digital_signature",),
    critical_key_usage: bool = True,
    challenge_password: bool = False,
    key: PrivateKey | None = None,
) -> bytes:
    """A request for a client certificate as the profile of 2020 wants it, DER."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(_subject(subject))
    if names:
        builder = builder.add_extension(_names(names), critical=False)
    if key_usage is not None:
        builder = builder.add_extension(_key_usage(key_usage), critical=critical_key_usage)
    if usages is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
    if challenge_password:
        builder = builder.add_attribute(ObjectIdentifier("1.2.840.113549.1.9.7"), b"not a secret")
    return builder.sign(key or curve_key(), hashes.SHA256()).public_bytes(Encoding.DER)


def subject_of(issued: Issued | bytes) -> CertificateSubject:
    return CertificateSubject(read_details(issued if isinstance(issued, bytes) else issued.der))


def findings(
    issued: Issued | bytes,
    role: Role,
    context: LintContext = AT,
    rule_sets: Sequence[RuleSet] = ALL,
    version: int = 3,
) -> dict[str, Finding]:
    """Lint a certificate; what it says to be of `version` cannot be made here, only said."""
    subject = subject_of(issued)
    subject = CertificateSubject(replace(subject.details, version=version))
    return {finding.rule: finding for finding in lint(subject, role, rule_sets, context)}


def request_findings(
    der: bytes, context: LintContext = AT, rule_sets: Sequence[RuleSet] = ALL
) -> dict[str, Finding]:
    subject = CsrSubject(read_request(der))
    return {finding.rule: finding for finding in lint(subject, Role.CSR, rule_sets, context)}


def organisation(**keywords: object) -> tuple[RuleSet, ...]:
    """All rule sets, with an organisation's policy."""
    policy = OrganisationPolicy(**keywords)  # type: ignore[arg-type]
    return (*ALL[:-1], RuleSet(RuleSetName.ORGANISATION, policy))


def _subject(attributes: Sequence[tuple[ObjectIdentifier, str]]) -> x509.Name:
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in attributes])


def _names(names: Sequence[str]) -> x509.SubjectAlternativeName:
    makers = {"URI": _uri, "DNS": x509.DNSName, "email": x509.RFC822Name}
    pairs = (name.partition(":") for name in names)
    return x509.SubjectAlternativeName([makers[kind](value) for kind, _, value in pairs])


def _key_usage(usages: Sequence[str]) -> x509.KeyUsage:
    return x509.KeyUsage(**{bit: bit in usages for bit in _BITS})


def _uri(text: str) -> x509.UniformResourceIdentifier:
    return x509.UniformResourceIdentifier(text)
