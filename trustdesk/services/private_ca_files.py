"""What a private CA hands out as files: chains, its root, its revocation lists."""

from __future__ import annotations

from pathlib import Path

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.services.chain_export import pem_of
from trustdesk.services.crl_making import first_list
from trustdesk.storage.atomic_file import PASSED_ON, write_atomically
from trustdesk.storage.authorities import Authorities


class PrivateCaFiles:
    """Writes what is public of the CAs of one workspace; each call blocks, and needs no key."""

    def __init__(self, authorities: Authorities) -> None:
        self._authorities = authorities

    def save_chain(self, authority_id: int, sha256: str, file: Path) -> Path:
        """Write a certificate that a CA issued, and the issuing CA's, as PEM.

        Raises:
            UnusableInputError: the CA did not issue it.
            EnvironmentFailureError: the file cannot be written, as for the others.
        """
        authority = self._authorities.one(authority_id).result()
        for one in authority.issued:
            if one.certificate.sha256 == sha256:
                return _written(file, pem_of([one.certificate, authority.issuing]))
        raise UnusableInputError(
            msg("This certificate is not one that the CA issued."),
            remedy=msg("Look at the list of what it issued."),
            place=sha256,
        )

    def save_root(self, authority_id: int, file: Path) -> Path:
        """Write the root as PEM: a trust list of its own."""
        return _written(file, pem_of([self._authorities.one(authority_id).result().root]))

    def save_crl(self, authority_id: int, file: Path) -> Path:
        """Write the last CRL: DER of the issuing CA's for .der and .crl, else both of the path as PEM.

        Raises:
            UnusableInputError: none was issued yet.
        """
        pem = self._authorities.crl(authority_id).result()
        if pem is None:
            raise UnusableInputError(
                msg("The CA has issued no revocation list yet."), remedy=msg("Issue one first.")
            )
        return _written(file, first_list(pem) if file.suffix.lower() in {".der", ".crl"} else pem)


def _written(file: Path, data: bytes) -> Path:
    write_atomically(file, data, PASSED_ON)
    return file
