"""A PKI of the present day for real servers: one of theirs, and a client with each fault that is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding

from tests.support import pki
from trustdesk.formats.credential import ClientCredential

HOST = "partner.example"
NOW = datetime.now(UTC).replace(microsecond=0)


class Client(StrEnum):
    """Who connects."""

    NOBODY = "nobody"
    GOOD = "good"
    LEAF_ONLY = "leaf_only"
    STRANGER = "stranger"
    SELF_SIGNED = "self_signed"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    SERVER_AUTH_ONLY = "server_auth_only"
    ANY_PURPOSE = "any_purpose"
    NO_DIGITAL_SIGNATURE = "no_digital_signature"
    RSA_1024 = "rsa_1024"
    ED25519 = "ed25519"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Park:
    """A root that signs one intermediate, which signed the server and, but for strangers, the clients."""

    root: pki.Issued
    intermediate: pki.Issued
    server: pki.Issued
    clients: dict[Client, tuple[pki.Issued, ...]] = field(repr=False)

    @property
    def server_chain(self) -> bytes:
        return self.server.pem + self.intermediate.pem

    def credential(self, client: Client) -> ClientCredential | None:
        """Return what a client presents; None for nobody."""
        path = self.clients.get(client)
        if path is None:
            return None
        return ClientCredential(
            name=client.value,
            certification_path=tuple(issued.der for issued in path),
            private_key=path[0].key,
        )

    def crl(
        self, issuer: pki.Issued, *, next_update: datetime | None = None, revoked: Sequence[int] = ()
    ) -> bytes:
        """Return a CRL of one of its CAs, PEM; by default in force for a week."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer.certificate.subject)
            .last_update(NOW - timedelta(days=30))
            .next_update(next_update or NOW + timedelta(days=7))
        )
        for serial in revoked:
            entry = (
                x509.RevokedCertificateBuilder()
                .serial_number(serial)
                .revocation_date(NOW - timedelta(days=31))
            )
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.PEM)

    @property
    def crls(self) -> bytes:
        """CRLs of both CAs, in force; the revoked client is on one."""
        revoked = self.clients[Client.REVOKED][0].certificate.serial_number
        return self.crl(self.root) + self.crl(self.intermediate, revoked=[revoked])

    @property
    def stale_crls(self) -> bytes:
        """CRLs of both CAs that have not been renewed in time; nobody is on them."""
        yesterday = NOW - timedelta(days=1)
        return self.crl(self.root) + self.crl(self.intermediate, next_update=yesterday)


def make_park() -> Park:
    """Make all of them; takes a tenth of a second."""
    days = timedelta(days=1)
    valid: dict[str, Any] = {"not_before": NOW - 60 * days, "not_after": NOW + 300 * days}
    root = pki.root("Park Root", **valid)
    intermediate = pki.authority("Park Issuing CA", root, **valid)
    other_root = pki.root("Other Root", **valid)
    other = pki.authority("Other Issuing CA", other_root, **valid)

    def client(common_name: str, issuer: pki.Issued | None = intermediate, **keywords: Any) -> pki.Issued:
        return pki.client(issuer, common_name=common_name, **{**valid, **keywords})

    clients = {
        Client.GOOD: (client("good"), intermediate),
        Client.LEAF_ONLY: (client("leaf-only"),),
        Client.STRANGER: (client("stranger", other), other),
        Client.SELF_SIGNED: (client("self-signed", None),),
        Client.EXPIRED: (client("expired", not_after=NOW - 2 * days), intermediate),
        Client.NOT_YET_VALID: (client("not-yet-valid", not_before=NOW + 2 * days), intermediate),
        Client.SERVER_AUTH_ONLY: (client("server-auth-only", usages=(pki.SERVER_AUTH,)), intermediate),
        Client.ANY_PURPOSE: (client("any-purpose", usages=(pki.ANY_USAGE,)), intermediate),
        Client.NO_DIGITAL_SIGNATURE: (client("no-signature", key_usage=("key_encipherment",)), intermediate),
        Client.RSA_1024: (client("rsa-1024", key=pki.rsa_key(1024)), intermediate),
        Client.ED25519: (client("ed25519", key=ed25519.Ed25519PrivateKey.generate()), intermediate),
        Client.REVOKED: (client("revoked"), intermediate),
    }
    server = pki.server(intermediate, HOST, common_name=HOST, **valid)
    return Park(root=root, intermediate=intermediate, server=server, clients=clients)
