"""The gate: cryptography's verifier. No server is trusted that it did not accept.

It checks dates, signatures, digests and keys of issuers, the CA role, path length, name constraints, unknown
critical extensions and the name. Its defaults are the public web's profile; private CAs of partners miss
parts of it that have no bearing on safety (an authority key identifier, a critical basicConstraints, a
keyUsage in a root). So the extension policies below ask for what RFC 5280 6.1 makes a condition of validity,
and leave the rest to findings:

- a CA has basicConstraints with cA TRUE, critical or not (6.1.4 k); its keyUsage, if any, has keyCertSign
  (6.1.4 n); its extended key usage, if any, allows serverAuth or everything;
- a server has subject alternative names, one of which matches; its extended key usage, if any, has
  serverAuth (anyExtendedKeyUsage alone does not do); it is no CA.

Stricter than RFC 5280 it stays in this: version 1 certificates, keys and signatures other than RSA of 2048
bits and ECDSA on P-256, P-384 and P-521, dates in the wrong ASN.1 type, and critical policy extensions are
refused. Its words are shown, never parsed: they change with its releases.
"""

from __future__ import annotations

import ipaddress
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from trustdesk.core.target import is_ip_literal
from trustdesk.core.untrusted import bounded


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the verifier said.

    Attributes:
        path: SHA-256 digests of the path that it accepted, end entity first; empty when it refused.
        refusal: its words; None when it accepted.
    """

    path: tuple[str, ...]
    refusal: str | None


def verify_server(
    store: Store | None,
    end_entity: x509.Certificate,
    intermediates: Sequence[x509.Certificate],
    reference_identifier: str,
    at: datetime,
) -> Opinion:
    """Ask the verifier about a server's certificate, for a name and an instant.

    Args:
        store: the anchors; None for a list without any.
    """
    if store is None:
        return Opinion((), "no trust anchors")
    try:
        policies = PolicyBuilder().store(store).time(at)
        verifier = policies.extension_policies(
            ca_policy=_CA_POLICY, ee_policy=_SERVER_POLICY
        ).build_server_verifier(_subject(reference_identifier))
        with warnings.catch_warnings():
            # Its refusals quote names, and warn when those are longer than they may be.
            warnings.filterwarnings("ignore", category=UserWarning)
            path = verifier.verify(end_entity, list(intermediates))
    except (VerificationError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        return Opinion((), bounded(str(error)) or type(error).__name__)
    return Opinion(tuple(certificate.fingerprint(SHA256()).hex() for certificate in path), None)


def allows_servers(usage: x509.ExtendedKeyUsage) -> bool:
    """Whether a CA's extended key usage lets it issue for servers (custom of all stacks, not RFC 5280)."""
    allowed = {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
    return any(purpose in allowed for purpose in usage)


def _subject(reference_identifier: str) -> x509.DNSName | x509.IPAddress:
    if is_ip_literal(reference_identifier):
        return x509.IPAddress(ipaddress.ip_address(reference_identifier))
    return x509.DNSName(reference_identifier)


def _ca_role(_: Policy, __: x509.Certificate, constraints: x509.BasicConstraints) -> None:
    if not constraints.ca:
        raise ValueError("basicConstraints without cA")


def _ca_key_usage(_: Policy, __: x509.Certificate, usage: x509.KeyUsage | None) -> None:
    if usage is not None and not usage.key_cert_sign:
        raise ValueError("keyUsage without keyCertSign")


def _ca_purpose(_: Policy, __: x509.Certificate, usage: x509.ExtendedKeyUsage | None) -> None:
    if usage is not None and not allows_servers(usage):
        raise ValueError("the CA's extendedKeyUsage does not allow serverAuth")


def _server_role(_: Policy, __: x509.Certificate, constraints: x509.BasicConstraints | None) -> None:
    if constraints is not None and constraints.ca:
        raise ValueError("the server's certificate is a CA certificate")


def _server_purpose(_: Policy, __: x509.Certificate, usage: x509.ExtendedKeyUsage | None) -> None:
    if usage is not None and ExtendedKeyUsageOID.SERVER_AUTH not in usage:
        raise ValueError("extendedKeyUsage without serverAuth")


_CA_POLICY = (
    ExtensionPolicy.permit_all()
    .require_present(x509.BasicConstraints, Criticality.AGNOSTIC, _ca_role)
    .may_be_present(x509.KeyUsage, Criticality.AGNOSTIC, _ca_key_usage)
    .may_be_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _ca_purpose)
)
_SERVER_POLICY = (
    ExtensionPolicy.permit_all()
    # The name itself is compared by the verifier whenever it is built for a server.
    .require_present(x509.SubjectAlternativeName, Criticality.AGNOSTIC, None)
    .may_be_present(x509.BasicConstraints, Criticality.AGNOSTIC, _server_role)
    .may_be_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _server_purpose)
)
