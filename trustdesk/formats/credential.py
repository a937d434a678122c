"""A client certificate with its chain, without its private key and with it, in memory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

from trustdesk.core.probe import IdentityLabel


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientIdentity:
    """What a server sees of a client that authenticates itself in TLS (RFC 8446 4.4.2).

    Attributes:
        name: what a person calls it; None when it came from a file that was not named.
        certification_path: DER, end entity first, without the anchor where it is known.
    """

    name: str | None
    certification_path: tuple[bytes, ...]

    @property
    def label(self) -> IdentityLabel:
        """Name and digest, without anything secret."""
        return IdentityLabel(name=self.name, sha256=hashlib.sha256(self.certification_path[0]).hexdigest())


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCredential(ClientIdentity):
    """What a client needs to authenticate itself in TLS.

    Attributes:
        private_key: of the end entity; never shown, kept, written or compared.
    """

    private_key: CertificateIssuerPrivateKeyTypes = field(repr=False, compare=False)
