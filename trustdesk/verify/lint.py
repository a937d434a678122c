"""Applies the chosen rule sets to a certificate or a request, and says what a certificate can be used as.

Pure and total: whatever is wrong with the subject is a finding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from trustdesk.core.finding import Finding
from trustdesk.core.inspection import CertificateDetails, Usability, UsableAs
from trustdesk.core.message import listed, msg
from trustdesk.core.verification import Purpose
from trustdesk.verify.path_view import PathView, view_along, view_of
from trustdesk.verify.profiles import (
    ca_rules,
    chain_rules,
    client_rules,
    csr_rules,
    key_rules,
    organisation_rules,
    revocation_rules,
    server_rules,
    shared_rules,
)
from trustdesk.verify.profiles.context import (
    Case,
    CertificateCase,
    CertificateSubject,
    CsrCase,
    CsrSubject,
    KeyCase,
    KeyEvidence,
    KeySubject,
    LintContext,
    Role,
)
from trustdesk.verify.profiles.policy import DEFAULT_POLICY
from trustdesk.verify.profiles.rule import Outcome, Rule, RuleSet, RuleSetName, UnreadablePartError, Violated

CERTIFICATE_RULES: Mapping[Role, tuple[Rule[CertificateCase], ...]] = {
    Role.CLIENT: (
        *client_rules.CLIENT_RULES,
        *chain_rules.CHAIN_RULES,
        *revocation_rules.REVOCATION_RULES,
        *chain_rules.CLIENT_REVOCATION_RULES,
        *key_rules.KEY_RULES,
        *organisation_rules.ORGANISATION_RULES,
    ),
    Role.SERVER: (
        *server_rules.SERVER_RULES,
        *chain_rules.CHAIN_RULES,
        *revocation_rules.REVOCATION_RULES,
        *revocation_rules.SERVER_REVOCATION_RULES,
        *key_rules.KEY_RULES,
        *organisation_rules.ORGANISATION_RULES,
    ),
    Role.CA: (*ca_rules.CA_RULES, key_rules.key_secret, organisation_rules.allowed_key),
}
"""The rules for each role of a certificate."""

REQUEST_RULES: tuple[Rule[CsrCase], ...] = (
    *csr_rules.CSR_RULES,
    key_rules.key_matches,
    key_rules.key_protected,
    key_rules.key_secret,
    organisation_rules.allowed_key,
)
"""The rules for a request."""

RULE_IDS = frozenset(
    {rule.id for rules in CERTIFICATE_RULES.values() for rule in rules} | {rule.id for rule in REQUEST_RULES}
)
"""Every id that an organisation can give a weight of its own."""

_MAX_ISSUERS = 16

C = TypeVar("C", CertificateCase, CsrCase, KeyCase)


def lint(
    subject: CertificateSubject | CsrSubject,
    role: Role,
    rule_sets: Sequence[RuleSet],
    context: LintContext,
) -> tuple[Finding, ...]:
    """Apply the rules for a role, in the order of the check catalogue.

    Every rule of the chosen sets reports, also where it could not be run. Rules on what every TLS program
    checks, on chains and on keys belong to all sets.

    Raises:
        ValueError: the role does not go with the subject; a fault of the caller.
    """
    chosen = {rule_set.name: rule_set for rule_set in rule_sets}
    organisation = chosen.get(RuleSetName.ORGANISATION)
    policy = (organisation.policy if organisation is not None else None) or DEFAULT_POLICY
    match subject:
        case CertificateSubject():
            if role is Role.CSR:
                raise ValueError("a certificate is no request")
            above = context.issuers or _came_along(subject.details, context)
            view = _view(subject, role, context, above)
            certificate_case = Case(
                subject=subject,
                role=role,
                context=context,
                chosen=chosen,
                policy=policy,
                issuers=above[: len(view.issuers)] or None,
                view=view,
            )
            return _findings(CERTIFICATE_RULES[role], certificate_case)
        case CsrSubject():
            if role is not Role.CSR:
                raise ValueError("a request is no certificate")
            return _findings(
                REQUEST_RULES, Case(subject=subject, role=role, context=context, chosen=chosen, policy=policy)
            )


def lint_key(key: KeyEvidence, rule_sets: Sequence[RuleSet], context: LintContext) -> tuple[Finding, ...]:
    """Apply the rules on keys to a private key alone, as far as they need no certificate."""
    chosen = {rule_set.name: rule_set for rule_set in rule_sets}
    organisation = chosen.get(RuleSetName.ORGANISATION)
    case = Case(
        subject=KeySubject(key.facts),
        role=None,
        context=replace(context, key=key),
        chosen=chosen,
        policy=(organisation.policy if organisation is not None else None) or DEFAULT_POLICY,
    )
    return _findings(key_rules.KEY_ALONE_RULES, case)


def usable_as(subject: CertificateSubject) -> UsableAs:
    """Say whether a certificate can be a ONE Record server or client, by its own contents.

    Nothing here looks at a date, a list or a host name: version, CA role, key usage, extended key usage,
    names, and the strength of key and signature.
    """
    return UsableAs(
        server=_usability(subject, "serverAuth"),
        client=_usability(subject, "clientAuth"),
    )


def _findings(rules: Sequence[Rule[C]], case: C) -> tuple[Finding, ...]:
    return tuple(
        rule.finding(_outcome(rule, case), case.chosen, case.policy)
        for rule in rules
        if rule.applies_to(case.chosen)
    )


def _outcome(rule: Rule[C], case: C) -> Outcome:
    try:
        return rule.check(case)
    except UnreadablePartError as unreadable:
        return Violated(unreadable.problem, shared_rules.REISSUE)


def _view(
    subject: CertificateSubject, role: Role, context: LintContext, above: Sequence[CertificateDetails]
) -> PathView:
    """Return the best path where the judge found one to a list, else what came along and fits."""
    certificates = [subject.facts, *(one.facts for one in above)]
    verification = context.verification
    if verification is not None and verification.paths and verification.paths[0].anchor_list is not None:
        return view_of(verification.paths[0], [*verification.known, *certificates])
    purpose = Purpose.SERVER if role is Role.SERVER else Purpose.CLIENT
    return view_along(certificates, purpose, context.at, context.reference_identifier)


def _came_along(details: CertificateDetails, context: LintContext) -> tuple[CertificateDetails, ...]:
    """Return what came along and has the name of an issuer, each above the one that names it."""
    found: list[CertificateDetails] = []
    current = details
    pool = {candidate.facts.sha256: candidate for candidate in context.chain or ()}
    while len(found) < _MAX_ISSUERS and not current.facts.is_self_issued:
        above = next((one for one in pool.values() if one.facts.subject == current.facts.issuer), None)
        if above is None or current.facts.issuer is None:
            break
        pool.pop(above.facts.sha256)
        found.append(above)
        current = above
    return tuple(found)


def _usability(subject: CertificateSubject, purpose: str) -> Usability:
    facts = subject.facts
    try:
        usages, key_usage, names, is_ca = (
            subject.extended_key_usage,
            subject.key_usage,
            subject.alt_names,
            subject.is_ca,
        )
    except UnreadablePartError as unreadable:
        return Usability(usable=False, why=unreadable.problem)
    weakness = shared_rules.weak_key(facts.key_algorithm, facts.key_bits) or shared_rules.weak_signature(
        facts.signature_algorithm
    )
    for is_obstacle, why in (
        (subject.details.version != 3, msg("it is no X.509 certificate of version 3")),
        (is_ca, msg("it is the certificate of a CA")),
        (
            usages is not None and purpose not in usages,
            msg("extended key usage lacks {purpose}", purpose=purpose),
        ),
        (
            key_usage is not None and "digitalSignature" not in key_usage,
            msg("key usage lacks digitalSignature"),
        ),
    ):
        if is_obstacle:
            return Usability(usable=False, why=why)
    if weakness is not None:
        return Usability(usable=False, why=weakness)
    if purpose == "serverAuth":
        hosts = [name for name in names if name.startswith(("DNS:", "IP:"))]
        if not hosts:
            return Usability(usable=False, why=msg("no host stands among its alternative names"))
        return Usability(usable=True, why=msg("for {names}", names=listed(hosts)))
    ids = [uri.text for uri in subject.uris]
    if not ids:
        return Usability(usable=True, why=msg("but it names no 1R-ID, which the profile of 2020 asks for"))
    return Usability(usable=True, why=msg("as {names}", names=listed(ids)))
