"""What a certificate can be used as: by its own contents, by the selected lists, as of an instant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from trustdesk.core.inspection import CertificateDetails, Usability, UsableAs
from trustdesk.core.message import msg
from trustdesk.core.revocation import FailMode
from trustdesk.core.trust import TrustList
from trustdesk.core.verification import TLS_INPUTS, Purpose
from trustdesk.services.verification import path_in_words
from trustdesk.verify.decoded import Decoded, decode
from trustdesk.verify.evaluator import Question
from trustdesk.verify.lint import usable_as
from trustdesk.verify.path_sources import Pool
from trustdesk.verify.path_verifier import PathVerifier
from trustdesk.verify.profiles.context import CertificateSubject
from trustdesk.verify.revocation.evidence import NO_EVIDENCE, RevocationEvidence


def usability_of(
    certificates: Sequence[CertificateDetails],
    trust_lists: Sequence[TrustList],
    at: datetime,
    *,
    others: Sequence[CertificateDetails] = (),
    revocation: RevocationEvidence = NO_EVIDENCE,
    fail_mode: FailMode = FailMode.SOFT,
) -> dict[str, UsableAs]:
    """Say of each certificate whether it can be a ONE Record server or client, and why or why not.

    What its own contents forbid is said first; where they do not, a path to one of the lists has to be
    valid. All of them, and the others, may stand between each other and a list.

    Args:
        revocation: the sources that may be asked whether one was revoked.
        fail_mode: what follows where nothing reliable is known of it.

    Returns:
        By SHA-256.
    """
    verifier = PathVerifier(trust_lists)
    decoded = {one.facts.sha256: decode(one.facts) for one in (*certificates, *others)}
    pool = Pool(decoded.values())
    question = Question(
        purpose=Purpose.SERVER,
        reference_identifier=None,
        at=at.astimezone(UTC).replace(microsecond=0),
        inputs=replace(TLS_INPUTS, fail_mode=fail_mode),
        revocation=revocation,
    )
    return {
        one.facts.sha256: _judged(one, decoded[one.facts.sha256], verifier, pool, question)
        for one in certificates
    }


def _judged(
    details: CertificateDetails, decoded: Decoded, verifier: PathVerifier, pool: Pool, question: Question
) -> UsableAs:
    by_contents = usable_as(CertificateSubject(details))

    def judged(contents: Usability, purpose: Purpose) -> Usability:
        if not contents.usable:
            return contents
        verification = verifier.verify_decoded(decoded, pool, replace(question, purpose=purpose))
        if not verification.trusted:
            return Usability(usable=False, why=verification.own.reason)
        best = verification.paths[0]
        titles = {facts.sha256: facts.title for facts in verification.known}
        return Usability(
            usable=True,
            why=msg(
                "{contents}; {path} on the list {list}",
                contents=contents.why,
                path=path_in_words(best, titles),
                list=best.anchor_list or "?",
            ),
        )

    return UsableAs(
        server=judged(by_contents.server, Purpose.SERVER), client=judged(by_contents.client, Purpose.CLIENT)
    )
