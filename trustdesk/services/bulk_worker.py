"""What runs in a process that judges many certificates: one pile after the other, until the pipe closes."""

from __future__ import annotations

import gc
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from multiprocessing.connection import Connection

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.trust import TrustAnchor, TrustList
from trustdesk.core.verification import BulkVerdicts
from trustdesk.services.given_lists import NOTHING_GIVEN, GivenRevocation
from trustdesk.services.worker_process import settle_in

_POLITENESS = 5


@dataclass(frozen=True, slots=True)
class Ready:
    """The worker is up, and waits for what it is to judge by."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """Some anchors of the list; they come in parts, for packing 2,000 at once would hold up the window.

    Attributes:
        plain: as they stand.
        limited: anchors that the list says more of.
    """

    plain: tuple[CertificateFacts, ...] = field(default=(), repr=False)
    limited: tuple[TrustAnchor, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Intermediates:
    """Some certificates (DER) that may stand between a certificate and the list."""

    certificates: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Begin:
    """Everything to judge by is there.

    Attributes:
        trust_list: without its anchors, which went before; None for no list.
        at: the instant to judge for.
        revocation: lists and responses that are looked at; nobody is asked.
    """

    trust_list: TrustList | None
    at: datetime
    revocation: GivenRevocation = NOTHING_GIVEN


@dataclass(frozen=True, slots=True)
class Pile:
    """Certificates (DER) to judge."""

    certificates: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdicts on a pile, in its order."""

    verdicts: tuple[BulkVerdicts, ...]


def work(pipe: Connection) -> None:
    """Judge until the other side closes the pipe."""
    settle_in(politeness=_POLITENESS)
    from trustdesk.verify.bulk import BulkVerifier

    plain: list[CertificateFacts] = []
    limited: list[TrustAnchor] = []
    intermediates: list[bytes] = []
    verifier: BulkVerifier | None = None
    with suppress(EOFError, OSError):
        pipe.send(Ready())
        while True:
            match pipe.recv():
                case Anchors() as some:
                    plain.extend(some.plain)
                    limited.extend(some.limited)
                case Intermediates(certificates=certificates):
                    intermediates.extend(certificates)
                case Begin(trust_list=None, at=at, revocation=given):
                    verifier = BulkVerifier((), intermediates, at=at, revocation=given.evidence())
                    _leave_alone_what_stays()
                case Begin(trust_list=TrustList() as bare, at=at, revocation=given):
                    whole = replace(bare, anchors=tuple(plain), limited=tuple(limited))
                    verifier = BulkVerifier((whole,), intermediates, at=at, revocation=given.evidence())
                    _leave_alone_what_stays()
                case Pile(certificates=certificates) if verifier is not None:
                    pipe.send(Judged(tuple(verifier.verdicts(certificates))))
                case _:
                    return


def _leave_alone_what_stays() -> None:
    """Keep the collector from walking over thousands of anchors again and again: a quarter of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
