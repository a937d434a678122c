"""What runs in a process that judges many certificates: one pile after the other, until the pipe closes."""

from __future__ import annotations

import gc
from collections.abc import Sequence
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
        intermediates: at which no path may end.
    """

    plain: tuple[CertificateFacts, ...] = field(default=(), repr=False)
    limited: tuple[TrustAnchor, ...] = field(default=(), repr=False)
    intermediates: tuple[CertificateFacts, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class ListEnd:
    """A list, all of whose certificates went before.

    Attributes:
        trust_list: without them.
    """

    trust_list: TrustList


@dataclass(frozen=True, slots=True)
class Intermediates:
    """Some certificates (DER) that may stand between a certificate and the list."""

    certificates: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Begin:
    """Everything to judge by is there.

    Attributes:
        at: the instant to judge for.
        revocation: lists and responses that are looked at; nobody is asked.
    """

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

    parts: list[Anchors] = []
    lists: list[TrustList] = []
    intermediates: list[bytes] = []
    verifier: BulkVerifier | None = None
    with suppress(EOFError, OSError):
        pipe.send(Ready())
        while True:
            match pipe.recv():
                case Anchors() as some:
                    parts.append(some)
                case ListEnd(trust_list=bare):
                    lists.append(_whole(bare, parts))
                    parts.clear()
                case Intermediates(certificates=certificates):
                    intermediates.extend(certificates)
                case Begin(at=at, revocation=given):
                    verifier = BulkVerifier(lists, intermediates, at=at, revocation=given.evidence())
                    _leave_alone_what_stays()
                case Pile(certificates=certificates) if verifier is not None:
                    pipe.send(Judged(tuple(verifier.verdicts(certificates))))
                case _:
                    return


def _whole(bare: TrustList, parts: Sequence[Anchors]) -> TrustList:
    return replace(
        bare,
        anchors=tuple(one for part in parts for one in part.plain),
        limited=tuple(one for part in parts for one in part.limited),
        intermediates=tuple(one for part in parts for one in part.intermediates),
    )


def _leave_alone_what_stays() -> None:
    """Keep the collector from walking over thousands of anchors again and again: a quarter of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
