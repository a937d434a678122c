"""What a desk judges revocation by, as far as a face shows it. Light: a face may import it at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from trustdesk.core.inspection import CrlFacts
from trustdesk.core.message import Message


class EvidenceState(StrEnum):
    """IN_USE: looked at in every judgement. OPENING: will be. NOT_USED: it could not be opened."""

    IN_USE = "in_use"
    OPENING = "opening"
    NOT_USED = "not_used"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEvidence:
    """A CRL or an OCSP response that a person has open; one of `crl` and `response`.

    Attributes:
        name: of the file that it came from.
        response: DER of an OCSP response.
    """

    name: str
    crl: CrlFacts | None = None
    response: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListInUse:
    """How one CRL stands with the desk.

    Attributes:
        source: name of the file that it came from.
        kept_at: since when the workspace keeps it; None when it does not.
        is_open: whether a person has it open.
        problem: why it is not used; None unless NOT_USED.
    """

    state: EvidenceState
    source: str
    kept_at: datetime | None = None
    is_open: bool = False
    problem: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceInUse:
    """Everything that judgements look at before anybody is asked.

    Attributes:
        lists: by SHA-256 of their DER.
        responses: SHA-256 of the OCSP responses.
        replaced: older kept lists that the last change took the place of.
    """

    lists: Mapping[str, ListInUse] = field(default_factory=dict)
    responses: frozenset[str] = frozenset()
    replaced: int = 0

    @property
    def kept(self) -> int:
        """How many lists the workspace keeps."""
        return sum(1 for one in self.lists.values() if one.kept_at is not None)
