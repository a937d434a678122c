"""What a certificate can be used as: by its own contents, by the selected lists, as of an instant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from trustdesk.core.inspection import CertificateDetails, Usability, UsableAs
from trustdesk.core.message import msg
from trustdesk.core.trust import TrustList
from trustdesk.core.verification import TLS_INPUTS, Purpose
from trustdesk.services.verification import path_in_words
from trustdesk.verify.builder import Pool
from trustdesk.verify.decoded import Decoded, decode
from trustdesk.verify.evaluator import Question
from trustdesk.verify.lint import usable_as
from trustdesk.verify.path_verifier import PathVerifier
from trustdesk.verify.profiles.context import CertificateSubject


def usability_of(
    certificates: Sequence[CertificateDetails],
    trust_lists: Sequence[TrustList],
    at: datetime,
    *,
    others: Sequence[CertificateDetails] = (),
) -> dict[str, UsableAs]:
    """Say of each certificate whether it can be a ONE Record server or client, and why or why not.

    What its own contents forbid is said first; where they do not, a path to one of the lists has to be
    valid. All of them, and the others, may stand between each other and a list.

    Returns:
        By SHA-256.
    """
    verifier = PathVerifier(trust_lists)
    decoded = {one.facts.sha256: decode(one.facts) for one in (*certificates, *others)}
    pool = Pool(decoded.values())
    instant = at.astimezone(UTC).replace(microsecond=0)
    return {
        one.facts.sha256: _judged(one, decoded[one.facts.sha256], verifier, pool, instant)
        for one in certificates
    }


def _judged(
    details: CertificateDetails, decoded: Decoded, verifier: PathVerifier, pool: Pool, at: datetime
) -> UsableAs:
    by_contents = usable_as(CertificateSubject(details))

    def judged(contents: Usability, purpose: Purpose) -> Usability:
        if not contents.usable:
            return contents
        question = Question(purpose=purpose, reference_identifier=None, at=at, inputs=TLS_INPUTS)
        verification = verifier.verify_decoded(decoded, pool, question)
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
