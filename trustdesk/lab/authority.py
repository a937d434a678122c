"""Certificate authorities of the lab: which addresses stand in what they issue, and from when they are.

What they issue is made by `formats.issuing`, as by the private CA. All addresses are under `.example`, so
that nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from trustdesk.formats import issuing
from trustdesk.formats.issuing import CLIENT_AUTH, Addresses, Issuer, SigningKey, Validity, common_name

# 2.999 is the arc for examples (ITU-T X.660); IATA's own policy was never assigned an identifier.
_POLICY = x509.ObjectIdentifier("2.999.1")
_ORGANIZATION = "trustdesk lab"
_CA_VALIDITY = timedelta(days=3650)
_CA_BACKDATED = timedelta(days=1095)


def new_key() -> ec.EllipticCurvePrivateKey:
    """Return a fresh P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A CA: its certificate and key, and the slug in the addresses of its CRL, certificate and OCSP."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)
    slug: str

    @classmethod
    def root(cls, name: str, slug: str, now: datetime) -> Authority:
        """Make a self-signed root, valid from three years ago for ten years."""
        key = new_key()
        certificate = issuing.root_certificate(common_name(name, _ORGANIZATION), key, _ca_validity(now))
        return cls(certificate=certificate, key=key, slug=slug)

    def subordinate(
        self, name: str, slug: str, now: datetime, purposes: Sequence[x509.ObjectIdentifier]
    ) -> Authority:
        """Issue an issuing CA with path length 0 whose branch is limited to `purposes`."""
        key = new_key()
        certificate = issuing.subordinate_certificate(
            self._issuer,
            common_name(name, _ORGANIZATION),
            key.public_key(),
            _ca_validity(now),
            purposes=purposes,
        )
        return Authority(certificate=certificate, key=key, slug=slug)

    def cross_sign(self, other: Authority, now: datetime) -> x509.Certificate:
        """Certify the name and key of another root, so that its branch also leads to this one."""
        return issuing.subordinate_certificate(
            self._issuer,
            other.certificate.subject,
            other.key.public_key(),
            _ca_validity(now),
            path_length=1,
        )

    def issue_server(
        self, names: Sequence[x509.GeneralName], key: SigningKey, validity: Validity, subject: x509.Name
    ) -> x509.Certificate:
        """Issue a ONE Record server certificate; serverAuth and clientAuth as the profile of 2020 asks."""
        return issuing.server_certificate(
            self._issuer, subject, names, key.public_key(), validity, policies=(_POLICY,)
        )

    def issue_client(
        self,
        company_id: str,
        identifiers: Sequence[str],
        key: SigningKey,
        validity: Validity,
        purposes: Sequence[x509.ObjectIdentifier] = (CLIENT_AUTH,),
    ) -> x509.Certificate:
        """Issue a ONE Record client certificate; `identifiers` are its 1R-IDs, the main one first."""
        return issuing.client_certificate(
            self._issuer, company_id, identifiers, key.public_key(), validity, purposes=purposes
        )

    @property
    def _issuer(self) -> Issuer:
        addresses = Addresses(
            crl=f"http://crl.trustdesk-lab.example/{self.slug}.crl",
            issuer=f"http://ca.trustdesk-lab.example/{self.slug}.crt",
            ocsp=f"http://ocsp.trustdesk-lab.example/{self.slug}",
        )
        return Issuer(certificate=self.certificate, key=self.key, addresses=addresses)


def server_names(dns_name: str, *, loopback: bool) -> tuple[x509.GeneralName, ...]:
    """Return the SAN of a server; with `loopback`, also what a plain `https://127.0.0.1` asks for."""
    own_machine = ("localhost", "127.0.0.1", "::1") if loopback else ()
    return issuing.host_names(dns_name, *own_machine)


def _ca_validity(now: datetime) -> Validity:
    # Backdated, so that an expired certificate of last year was inside its issuer's time.
    return Validity(now - _CA_BACKDATED, now - _CA_BACKDATED + _CA_VALIDITY)
