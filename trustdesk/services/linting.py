"""Linting for every face: the chosen rule sets over one certificate or request, pkilint beside them.

A sweep calls `verify.lint.lint` alone: pkilint is for one certificate that a person looks at.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Finding
from trustdesk.core.inspection import CertificateDetails
from trustdesk.core.message import msg
from trustdesk.core.trust import TrustList
from trustdesk.core.verification import Purpose, Verification
from trustdesk.formats.certificate_details import read_details
from trustdesk.services.lint_worker import PkilintWorker
from trustdesk.verify.lint import RULE_IDS, lint
from trustdesk.verify.path_verifier import PathVerifier
from trustdesk.verify.path_view import bound_certificates, ends_at_anchor
from trustdesk.verify.profiles.context import CertificateSubject, CsrSubject, LintContext, Role
from trustdesk.verify.profiles.policy_file import MAX_FILE_BYTES, read_policy
from trustdesk.verify.profiles.rule import RuleSet, RuleSetName
from trustdesk.verify.revocation.evidence import NO_EVIDENCE, RevocationEvidence


def lint_all(
    subject: CertificateSubject | CsrSubject,
    role: Role,
    rule_sets: Sequence[RuleSet],
    context: LintContext,
    worker: PkilintWorker | None = None,
) -> tuple[Finding, ...]:
    """Apply the rule sets and, with a worker, pkilint to a certificate; ours come first.

    A request gets our rules alone: pkilint's profile is one for certificates.
    """
    findings = lint(subject, role, rule_sets, context)
    if worker is None or not isinstance(subject, CertificateSubject):
        return findings
    return (*findings, *worker.findings(subject.facts.der))


def context_of(
    certificate: CertificateDetails,
    role: Role,
    at: datetime,
    trust_lists: Sequence[TrustList],
    *,
    chain: Sequence[CertificateDetails] = (),
    beside: Sequence[CertificateDetails] = (),
    chain_is_sent: bool = False,
    public_list: TrustList | None = None,
    reference_identifier: str | None = None,
    revocation: RevocationEvidence = NO_EVIDENCE,
) -> LintContext:
    """Find out what the rules need to know around a certificate: its path, its anchor, who trusts it.

    Args:
        trust_lists: those selected; without one, the rules that need a list are not run.
        chain: what came along, in its order; it may stand between the certificate and a list.
        beside: what else may stand between, and did not come along.
        chain_is_sent: whether a peer sent it, so that its order and completeness are judged.
        public_list: the public web's; None when it is not at hand, and then nobody knows whether the
            certificate is publicly trusted.
        revocation: the sources that may be asked whether a certificate was revoked.
    """
    purpose = Purpose.SERVER if role is Role.SERVER else Purpose.CLIENT
    intermediates = [one.facts for one in (*chain, *beside)]

    def judged(lists: Sequence[TrustList], purpose: Purpose) -> Verification:
        return PathVerifier(lists).verify(
            certificate.facts,
            intermediates,
            purpose=purpose,
            at=at,
            reference_identifier=reference_identifier if purpose is Purpose.SERVER else None,
            revocation=revocation,
        )

    verification = judged(trust_lists, purpose) if trust_lists else None
    public = judged([public_list], Purpose.SERVER) if public_list is not None else None
    issuers = _above(verification) if verification is not None else ()
    return LintContext(
        at=at,
        verification=verification,
        issuers=issuers,
        # A path to a public CA is what counts, also one that has expired: its rules were those of the web.
        publicly_trusted=None if public is None else _ends_at_a_list(public),
        chain=tuple(chain) if chain or chain_is_sent else None,
        chain_is_sent=chain_is_sent,
        distrust_after=_distrust_after(issuers, trust_lists),
        reference_identifier=reference_identifier,
    )


def choose_rule_sets(names: Sequence[str], organisation_file: Path | None = None) -> tuple[RuleSet, ...]:
    """Return the rule sets of these names, each once, in the order of `RuleSetName`.

    Args:
        names: `1r-2x`, `1r-2020`, `webpki`, `org`; empty for all.
        organisation_file: the organisation's rules; without one, `org` applies the catalogue's defaults.
            With one, `org` is chosen even if it is not named.

    Raises:
        UnusableInputError: a name is unknown, or the file cannot be used (with file, line and key).
    """
    known = {name.value for name in RuleSetName}
    for name in names:
        if name not in known:
            raise UnusableInputError(
                msg("There is no rule set {name}.", name=name),
                remedy=msg("Choose from {known}.", known=", ".join(RuleSetName)),
                place=name,
            )
    chosen = set(names) or known
    policy = None
    if organisation_file is not None:
        chosen.add(RuleSetName.ORGANISATION)
        policy = read_policy(_read(organisation_file), str(organisation_file), RULE_IDS)
    return tuple(
        RuleSet(name, policy if name is RuleSetName.ORGANISATION else None)
        for name in RuleSetName
        if name in chosen
    )


def _ends_at_a_list(verification: Verification) -> bool:
    return any(ends_at_anchor(path) for path in verification.paths)


def _above(verification: Verification) -> tuple[CertificateDetails, ...]:
    best = verification.paths[0]
    if best.anchor_list is None:
        return ()
    der = {facts.sha256: facts.der for facts in verification.known}
    return tuple(read_details(der[digest]) for digest in best.certificates[1 : bound_certificates(best)])


def _distrust_after(
    issuers: Sequence[CertificateDetails], trust_lists: Sequence[TrustList]
) -> datetime | None:
    """Return the earliest date that any list gives for the anchor of the path."""
    if not issuers:
        return None
    anchor, key = issuers[-1].facts.sha256, issuers[-1].spki_sha256
    dates = (
        *(
            one.distrust_after
            for trust_list in trust_lists
            for one in trust_list.limited
            if one.certificate.sha256 == anchor
        ),
        *(
            one.issued_after
            for trust_list in trust_lists
            for one in trust_list.distrusted
            if one.sha256 == anchor or (one.spki_sha256 is not None and one.spki_sha256 == key)
        ),
    )
    return min((date for date in dates if date is not None), default=None)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UnusableInputError(
            msg("The rule file cannot be read: {reason}", reason=error.strerror or type(error).__name__),
            remedy=msg("Check the path and its permissions."),
            place=str(path),
        ) from error
