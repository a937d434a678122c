"""A private CA at the desk: everything that the tab Private CA and the `ca` commands ask for."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a face is painted before the values are needed
    from trustdesk.core.certificate_request import RequestPurpose
    from trustdesk.core.finding import Finding
    from trustdesk.core.inspection import CsrFacts
    from trustdesk.core.ports import Job
    from trustdesk.core.private_ca import (
        AuthorityDraft,
        IssuedCertificate,
        IssuedCrl,
        PrivateAuthority,
        RevocationReason,
    )


class AuthorityDesk(Protocol):
    """What a face does with private CAs."""

    def authorities(self) -> Future[tuple[PrivateAuthority, ...]]:
        """All of them, by name."""
        ...

    def create(self, draft: AuthorityDraft) -> Job[PrivateAuthority]:
        """Make a root and an issuing CA, with their keys in the store, both or none.

        The future fails with UnusableInputError for a name that is taken or a limit that is none.
        """
        ...

    def preflight(
        self, authority_id: int, csr: CsrFacts, purpose: RequestPurpose, partner: str | None = None
    ) -> Future[tuple[Finding, ...]]:
        """Say what is wrong with a request for this CA.

        Applies the CSR- rules, the CA's own limits (PCA-), and, with a partner, whether its names belong to
        one of the partner's hosts; without one, and for a host that partners share, that is not run, and
        never passes. A partner that the directory does not have fails. A failed finding of
        severity blocker or error keeps `issue` from signing.
        """
        ...

    def issue(
        self,
        authority_id: int,
        csr: CsrFacts,
        purpose: RequestPurpose,
        *,
        validity: timedelta,
        partner: str | None = None,
    ) -> Job[IssuedCertificate]:
        """Sign a request by its profile, for a year at most.

        The future fails with UnusableInputError when the preflight fails.
        """
        ...

    def revoke(self, authority_id: int, sha256: str, reason: RevocationReason) -> Job[IssuedCrl]:
        """Revoke a certificate and issue the CRL that names it; both or none.

        The list lasts a week, or as long as the last one where that lasts longer.
        """
        ...

    def issue_crl(self, authority_id: int, *, days: int = 7) -> Job[IssuedCrl]:
        """Issue the next CRL."""
        ...

    def save_chain(self, authority_id: int, sha256: str, file: Path) -> Future[Path]:
        """Write an issued certificate and the issuing CA's as PEM."""
        ...

    def save_root(self, authority_id: int, file: Path) -> Future[Path]:
        """Write the root as a trust list of its own (PEM), to be handed to the group."""
        ...

    def save_crl(self, authority_id: int, file: Path) -> Future[Path]:
        """Write the last CRL: as DER the issuing CA's alone, to be published; else both of the path as PEM.

        It is DER for a file that ends in .der or .crl. The future fails with UnusableInputError when none
        was issued yet.
        """
        ...

    def delete(self, authority_id: int) -> Job[None]:
        """Delete a CA with its keys; what it issued stays valid until it expires."""
        ...
