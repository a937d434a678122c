"""Evidence of revocation that was given as files, as values that another process understands."""

from __future__ import annotations

from dataclasses import dataclass, field

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.core.ports import RevocationList
from trustdesk.core.revocation import RevocationSource, RevocationSourceKind, RevocationSourceOrigin
from trustdesk.services.revocation_lists import open_indexed_list
from trustdesk.services.unopened_list import UnopenedList
from trustdesk.verify.revocation.evidence import RevocationEvidence
from trustdesk.verify.revocation_list import HeldRevocationList


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenList:
    """One CRL.

    Attributes:
        sha256: of its DER.
        der: None for a long one, which lies with its index in the person's cache.
        unopened: stands for one that is not open; None for all others.
    """

    source: RevocationSource
    sha256: str
    der: bytes | None = field(repr=False)
    unopened: UnopenedList | None = None

    def open(self) -> RevocationList:
        """Open it, in whatever process this is.

        Raises:
            EnvironmentFailureError: a long one is not in the cache any more. To go on without it would
                leave unsaid what it revokes.
        """
        if self.unopened is not None:
            return self.unopened
        if self.der is not None:
            return HeldRevocationList(self.der)
        found = open_indexed_list(self.sha256)
        if found is None:
            raise EnvironmentFailureError(
                msg("The index of the revocation list {name} is gone.", name=self.source.place),
                remedy=msg("Open the list again."),
            )
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenRevocation:
    """Everything that was given: CRLs, and OCSP responses (DER)."""

    lists: tuple[GivenList, ...] = ()
    responses: tuple[tuple[RevocationSource, bytes], ...] = field(default=(), repr=False)

    def evidence(self) -> RevocationEvidence:
        """Open all of it.

        Raises:
            EnvironmentFailureError: as `GivenList.open`.
        """
        return RevocationEvidence(
            lists=tuple((one.source, one.open()) for one in self.lists), responses=self.responses
        )


NOTHING_GIVEN = GivenRevocation()


def list_source(name: str, *, is_delta: bool, is_kept: bool) -> RevocationSource:
    """Say where a CRL from a file comes from.

    Args:
        name: of the file.
        is_kept: whether it was kept from earlier.
    """
    kind = RevocationSourceKind.DELTA_CRL if is_delta else RevocationSourceKind.CRL
    return RevocationSource(kind=kind, origin=RevocationSourceOrigin.FILE, place=name, cached=is_kept)


def response_source(name: str) -> RevocationSource:
    """Say where an OCSP response from a file comes from."""
    return RevocationSource(kind=RevocationSourceKind.OCSP, origin=RevocationSourceOrigin.FILE, place=name)
