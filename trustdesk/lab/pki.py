"""The lab's own PKI, made at start: roots, issuing CAs, a cross-sign, server chains, client identities.

Root One ─┬─ Server CA One ── servers            (Root One alone is on the trust list,
          ├─ Client CA One ── client identities   and the only root that mTLS servers know)
          └─ Root Two (cross-signed)
Root Two ─┬─ Server CA Two ── servers: trusted over the cross-sign, untrusted without it
          └─ Client CA Two ── the client identity of an unknown CA
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from trustdesk.formats.issuing import (
    CLIENT_AUTH,
    SERVER_AUTH,
    SigningKey,
    Validity,
    common_name,
    self_signed_server,
)
from trustdesk.lab.authority import Authority, new_key, server_names
from trustdesk.lab.catalogue import IdentityName, ServerCertificate
from trustdesk.lab.description import LabIdentity
from trustdesk.lab.hostile import hostile_names, with_hostile_subject

COMPANY_ID = "DEMO-FORWARDER"
"""The organisation that the client identities belong to."""

_IDENTIFIERS = (
    f"https://onerecord.demo-forwarder.example/{COMPANY_ID}",
    f"https://onerecord.demo-forwarder.example/{COMPANY_ID}-CUSTOMS",
)
VALIDITY_DAYS = 180
"""Of what the lab issues."""
_DAY = timedelta(days=1)
_BACKDATED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Credential:
    """A private key and the certificates to send with it, end entity first."""

    key: SigningKey = field(repr=False)
    chain: tuple[x509.Certificate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabPki:
    """All CAs of the lab, as of one instant.

    Attributes:
        now: when it was made, aware UTC; all validity is counted from it.
        cross_certificate: Root Two's name and key, certified by Root One.
    """

    now: datetime
    root_one: Authority
    root_two: Authority
    cross_certificate: x509.Certificate
    server_ca_one: Authority
    server_ca_two: Authority
    client_ca_one: Authority
    client_ca_two: Authority

    @classmethod
    def create(cls, now: datetime) -> LabPki:
        """Make all CAs with fresh keys."""
        server, client = SERVER_AUTH, CLIENT_AUTH
        one = Authority.root("Lab Root One", "root-one", now)
        two = Authority.root("Lab Root Two", "root-two", now)
        return cls(
            now=now,
            root_one=one,
            root_two=two,
            cross_certificate=one.cross_sign(two, now),
            server_ca_one=one.subordinate("Lab Server CA One", "server-ca-one", now, (server, client)),
            server_ca_two=two.subordinate("Lab Server CA Two", "server-ca-two", now, (server, client)),
            client_ca_one=one.subordinate("Lab Client CA One", "client-ca-one", now, (client,)),
            client_ca_two=two.subordinate("Lab Client CA Two", "client-ca-two", now, (client,)),
        )

    def server_credential(self, kind: ServerCertificate, dns_name: str, age_days: int = 0) -> Credential:
        """Issue what a server of that kind presents, for the name it goes by.

        Args:
            age_days: since when it is valid, where the kind does not say.
        """
        key: SigningKey = new_key()
        if kind is ServerCertificate.GOOD_RSA:
            key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        names = server_names(dns_name, loopback=True)
        subject, valid = common_name(dns_name), self._valid(age_days)
        one, two = self.server_ca_one, self.server_ca_two
        if kind is ServerCertificate.SELF_SIGNED:
            return Credential(key, (self_signed_server(names, key, valid, subject),))
        if kind is ServerCertificate.CROSS_SIGNED:
            leaf = two.issue_server(names, key, valid, subject)
            return Credential(key, (leaf, two.certificate, self.cross_certificate))
        if kind in {ServerCertificate.UNLISTED_CA, ServerCertificate.HOSTILE}:
            if kind is ServerCertificate.HOSTILE:
                names = (*names, *hostile_names(dns_name))
            leaf = two.issue_server(names, key, valid, subject)
            if kind is ServerCertificate.HOSTILE:
                leaf = with_hostile_subject(leaf, two.key)
            return Credential(key, (leaf, two.certificate, self.root_two.certificate))
        if kind is ServerCertificate.EXPIRED:
            valid = self._expired()
        elif kind is ServerCertificate.NOT_YET_VALID:
            valid = self._not_yet_valid()
        elif kind is ServerCertificate.WRONG_NAME:
            former_name = f"former.{dns_name}"
            names, subject = server_names(former_name, loopback=False), common_name(former_name)
        leaf = one.issue_server(names, key, valid, subject)
        if kind is ServerCertificate.WITHOUT_INTERMEDIATE:
            return Credential(key, (leaf,))
        return Credential(key, (leaf, one.certificate))

    def client_credentials(self) -> Mapping[IdentityName, Credential]:
        """Issue every client identity, each with a key of its own."""
        one, two = self.client_ca_one, self.client_ca_two
        server_purpose = (SERVER_AUTH,)
        leaf_only = self._client(one, self._valid())
        return {
            IdentityName.GOOD: self._client(one, self._valid()),
            IdentityName.EXPIRED: self._client(one, self._expired()),
            IdentityName.NOT_YET_VALID: self._client(one, self._not_yet_valid()),
            IdentityName.SERVER_AUTH_ONLY: self._client(self.server_ca_one, self._valid(), server_purpose),
            IdentityName.UNKNOWN_CA: self._client(two, self._valid()),
            IdentityName.LEAF_ONLY: Credential(leaf_only.key, leaf_only.chain[:1]),
        }

    def _client(
        self,
        authority: Authority,
        validity: Validity,
        purposes: Sequence[x509.ObjectIdentifier] = (CLIENT_AUTH,),
    ) -> Credential:
        key = new_key()
        leaf = authority.issue_client(COMPANY_ID, _IDENTIFIERS, key, validity, purposes)
        return Credential(key, (leaf, authority.certificate))

    def _valid(self, age_days: int = 0) -> Validity:
        begun = self.now - age_days * _DAY
        return Validity(begun - _BACKDATED, begun + VALIDITY_DAYS * _DAY)

    def _expired(self) -> Validity:
        return Validity(self.now - 377 * _DAY, self.now - 12 * _DAY)

    def _not_yet_valid(self) -> Validity:
        return Validity(self.now + 7 * _DAY, self.now + 187 * _DAY)


def write_trust_list(pki: LabPki, folder: Path) -> str:
    """Write the lab's trust list, Root One alone, as PEM; return the file's path."""
    return write_private(folder / "trust-list.pem", pki.root_one.certificate.public_bytes(Encoding.PEM))


def write_identities(credentials: Mapping[IdentityName, Credential], folder: Path) -> tuple[LabIdentity, ...]:
    """Write each identity as a certificate file and a key file (PKCS#8, in the clear, 0600)."""
    return tuple(
        LabIdentity(
            name=name.value,
            certificate_file=write_private(
                folder / f"{name}.pem", b"".join(c.public_bytes(Encoding.PEM) for c in credential.chain)
            ),
            key_file=write_private(
                folder / f"{name}.key",
                credential.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
            ),
        )
        for name, credential in credentials.items()
    )


def write_private(path: Path, content: bytes) -> str:
    """Write a new file that only its owner may read; return its path."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return str(path)
