"""Answers on revocation as values, for faces that only show them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from trustdesk.core.message import msg
from trustdesk.core.revocation import (
    FailMode,
    FailModeVerdict,
    RevocationAnswer,
    RevocationCheck,
    RevocationRuleCheck,
    RevocationRuleStatus,
    RevocationSource,
    RevocationSourceKind,
    RevocationSourceOrigin,
    RevocationStatus,
)
from trustdesk.core.verification import Verification

OCSP = RevocationSource(
    kind=RevocationSourceKind.OCSP,
    origin=RevocationSourceOrigin.CERTIFICATE,
    place="http://ocsp.skybridge.example",
)
CRL = RevocationSource(
    kind=RevocationSourceKind.CRL,
    origin=RevocationSourceOrigin.FILE,
    place="issuing.crl",
    cached=True,
)


def requirement(rule: str, status: RevocationRuleStatus) -> RevocationRuleCheck:
    """One requirement with a sentence that names it."""
    return RevocationRuleCheck(
        rule=rule, status=status, evidence=msg("{rule} was looked at.", rule=rule), source="RFC 6960 4.2.2.2"
    )


def revoked_leaf(verification: Verification) -> Verification:
    """The same judgement with its end entity revoked by OCSP, beside it an old CRL; the CA has no source."""
    return replace(
        verification,
        paths=tuple(
            replace(
                path,
                revocation=tuple(
                    _revoked(digest, verification) if place == 0 else _unknown(digest)
                    for place, digest in enumerate(path.certificates[:-1])
                ),
                fail_modes=tuple(
                    FailModeVerdict(mode=mode, accepted=False, reason=msg("The leaf is revoked."))
                    for mode in FailMode
                ),
            )
            for path in verification.paths
        ),
    )


def nothing_known(verification: Verification) -> Verification:
    """The same judgement where nobody knows anything: soft fail goes on, hard fail refuses."""
    verdicts = (
        FailModeVerdict(mode=FailMode.SOFT, accepted=True, reason=msg("Nothing says that it is revoked.")),
        FailModeVerdict(mode=FailMode.HARD, accepted=False, reason=msg("Nothing is known of it.")),
    )
    return replace(
        verification,
        paths=tuple(
            replace(
                path,
                revocation=tuple(_unknown(digest) for digest in path.certificates[:-1]),
                fail_modes=verdicts,
            )
            for path in verification.paths
        ),
    )


def all_good(verification: Verification) -> Verification:
    """The same judgement with a good answer on the end entity, and a CA that nobody has to ask about."""
    good = RevocationAnswer(
        source=OCSP,
        status=RevocationStatus.GOOD,
        reason=msg("The responder says good."),
        this_update=verification.at - timedelta(minutes=30),
        checks=(requirement("ocsp.signature", RevocationRuleStatus.PASS),),
    )
    return replace(
        verification,
        paths=tuple(
            replace(
                path,
                revocation=tuple(
                    RevocationCheck(
                        certificate=digest,
                        status=RevocationStatus.GOOD if place == 0 else RevocationStatus.UNKNOWN,
                        source=OCSP if place == 0 else None,
                        answers=(good,) if place == 0 else (),
                        exempt=None if place == 0 else msg("It says that nobody has to ask (RFC 9608)."),
                    )
                    for place, digest in enumerate(path.certificates[:-1])
                ),
                fail_modes=tuple(
                    FailModeVerdict(mode=mode, accepted=True, reason=msg("All certificates are good."))
                    for mode in FailMode
                ),
            )
            for path in verification.paths
        ),
    )


def _revoked(digest: str, verification: Verification) -> RevocationCheck:
    at = verification.at
    answer = RevocationAnswer(
        source=OCSP,
        status=RevocationStatus.REVOKED,
        reason=msg("The responder says revoked."),
        signed_by="CN=Skybridge OCSP",
        this_update=at - timedelta(hours=5),
        next_update=at + timedelta(hours=19),
        revoked_at=at - timedelta(days=3),
        revocation_reason="keyCompromise",
        invalidity_date=at - timedelta(days=9),
        checks=(
            requirement("ocsp.signature", RevocationRuleStatus.PASS),
            requirement("ocsp.nonce", RevocationRuleStatus.NOT_APPLICABLE),
        ),
    )
    old = RevocationAnswer(
        source=CRL,
        status=RevocationStatus.UNAVAILABLE,
        reason=msg("The list has run out."),
        this_update=at - timedelta(days=40),
        checks=(
            requirement("crl.next_update", RevocationRuleStatus.FAIL),
            requirement("crl.delta", RevocationRuleStatus.NOT_RUN),
        ),
    )
    return RevocationCheck(
        certificate=digest,
        status=RevocationStatus.REVOKED,
        source=OCSP,
        reason=msg("Revoked since three days, because its key was compromised."),
        age_s=5 * 3600,
        revoked_at=answer.revoked_at,
        revocation_reason="keyCompromise",
        answers=(answer, old),
    )


def _unknown(digest: str) -> RevocationCheck:
    return RevocationCheck(
        certificate=digest, status=RevocationStatus.UNKNOWN, reason=msg("It names no source.")
    )
