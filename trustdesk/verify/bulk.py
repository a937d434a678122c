"""Thousands of certificates against the same lists and the same pool: what a worker process runs.

A full verification of one certificate holds some 170 checks; between processes goes only what a table shows.
A row that a person opens is judged again, which takes less than a millisecond.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from trustdesk.core.message import Message
from trustdesk.core.trust import TrustList
from trustdesk.core.verification import TLS_INPUTS, PathInputs, Purpose, Verification
from trustdesk.verify.builder import Pool
from trustdesk.verify.decoded import decode
from trustdesk.verify.evaluator import Question
from trustdesk.verify.path_verifier import PathVerifier


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkVerdict:
    """What a table shows of one certificate.

    Attributes:
        sha256: of the certificate.
        anchor_list: of the best path; None when no path ends at an anchor.
        path: digests of the best path, end entity first.
        reason: the first failure, or that every rule passed.
        disagreement: where the second engine differs; None where it does not.
    """

    sha256: str
    trusted: bool
    anchor_list: str | None
    path: tuple[str, ...]
    reason: Message
    disagreement: Message | None


class BulkVerifier:
    """Judges many certificates for one purpose, as of one instant; made once in each process."""

    def __init__(
        self,
        trust_lists: Sequence[TrustList],
        intermediates: Iterable[bytes] = (),
        *,
        purpose: Purpose,
        at: datetime,
        inputs: PathInputs = TLS_INPUTS,
    ) -> None:
        self._verifier = PathVerifier(trust_lists)
        self._pool = Pool(decode(der) for der in intermediates)
        self._question = Question(
            purpose=purpose,
            reference_identifier=None,
            at=at.astimezone(UTC).replace(microsecond=0),
            inputs=inputs,
            failures_only=True,
        )

    def verdicts(self, certificates: Iterable[bytes]) -> list[BulkVerdict]:
        """Judge some certificates (DER), in their order."""
        return [
            _summary(self._verifier.verify_decoded(decode(der), self._pool, self._question))
            for der in certificates
        ]


def _summary(verification: Verification) -> BulkVerdict:
    best = verification.paths[0]
    return BulkVerdict(
        sha256=verification.certificate.sha256,
        trusted=verification.trusted,
        anchor_list=best.anchor_list,
        path=best.certificates,
        reason=verification.own.reason,
        disagreement=verification.disagreement,
    )
