"""Thousands of certificates against the same lists and the same pool: what a worker process runs.

A full verification of one certificate holds some 170 checks; between processes goes only what a table shows.
A row that a person opens is judged again, which takes less than a millisecond.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from trustdesk.core.trust import TrustList
from trustdesk.core.verification import (
    TLS_INPUTS,
    BulkVerdict,
    BulkVerdicts,
    PathInputs,
    Purpose,
    Verification,
)
from trustdesk.verify.decoded import decode
from trustdesk.verify.evaluator import Question
from trustdesk.verify.path_sources import Pool
from trustdesk.verify.path_verifier import PathVerifier
from trustdesk.verify.revocation.evidence import NO_EVIDENCE, RevocationEvidence


class BulkVerifier:
    """Judges many certificates for both purposes, as of one instant; made once in each process."""

    def __init__(
        self,
        trust_lists: Sequence[TrustList],
        intermediates: Iterable[bytes] = (),
        *,
        at: datetime,
        inputs: PathInputs = TLS_INPUTS,
        revocation: RevocationEvidence = NO_EVIDENCE,
    ) -> None:
        self._verifier = PathVerifier(trust_lists)
        self._pool = Pool(decode(der) for der in intermediates)
        self._questions = {
            purpose: Question(
                purpose=purpose,
                reference_identifier=None,
                at=at.astimezone(UTC).replace(microsecond=0),
                inputs=inputs,
                failures_only=True,
                revocation=revocation,
            )
            for purpose in Purpose
        }

    def verdicts(self, certificates: Iterable[bytes]) -> list[BulkVerdicts]:
        """Judge some certificates (DER), in their order."""
        return [self._verdicts(der) for der in certificates]

    def _verdicts(self, der: bytes) -> BulkVerdicts:
        certificate = decode(der)
        server, client = (
            _summary(self._verifier.verify_decoded(certificate, self._pool, self._questions[purpose]))
            for purpose in (Purpose.SERVER, Purpose.CLIENT)
        )
        return BulkVerdicts(certificate.facts.is_ca, server, client)


def _summary(verification: Verification) -> BulkVerdict:
    return BulkVerdict(
        verification.trusted,
        verification.paths[0].anchor_list,
        verification.own.reason,
        verification.disagreement,
    )
