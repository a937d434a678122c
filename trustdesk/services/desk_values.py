"""What a desk gives and takes: values that pages show, without anything that works on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from trustdesk.core.ports import RevocationList
from trustdesk.core.probe import Phase, ProbeReport
from trustdesk.core.revocation import CrlEntry, CrlSigner
from trustdesk.core.target import Target
from trustdesk.services.board import BoardRow


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityChoice:
    """One client identity that can be selected, without its key."""

    name: str
    sha256: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepProgress:
    """One step of a sweep: the endpoint entered `phase`, or ended with `row` and `report`."""

    endpoint_id: int
    phase: Phase | None = None
    row: BoardRow | None = None
    report: ProbeReport | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepTotals:
    """What a sweep came to.

    Attributes:
        failed: because of what the partner's server, or our own side, did.
        inconclusive: not reached, or no answer in time, more than once: nothing is known of the partner.
        cancelled: endpoints that keep their earlier result.
    """

    passed: int
    warned: int
    failed: int
    cancelled: int
    duration_ms: float
    inconclusive: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedData:
    """Something to inspect that is no file: pasted or dropped text.

    Attributes:
        name: what stands for the file's name.
    """

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedCrl:
    """A revocation list that can be asked, and what it says of the certificates beside it.

    Attributes:
        listed: all entries with a serial number (as in CertificateFacts), whoever issued the certificate.
        signer: which of the certificates signed it.
        on_list: by SHA-256, those of the certificates that are on it.
        asked: SHA-256 of those for which it was looked up.
    """

    revocation_list: RevocationList
    listed: Callable[[str], Sequence[CrlEntry]]
    signer: CrlSigner
    on_list: Mapping[str, CrlEntry] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningRehearsal:
    """A local server in the manner of a partner's software.

    Attributes:
        target: where it listens, and the name that its certificate has.
        trust_list: file with the root of its certificate (PEM); it goes when the server stops.
        stop: ends it, without waiting; from any thread, any number of times.
    """

    target: Target
    trust_list: Path
    stop: Callable[[], None]
