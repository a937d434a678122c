"""The rules of the organisation's own file (ORG-…), beyond what it changes of other rules."""

from __future__ import annotations

from trustdesk.core.finding import Severity
from trustdesk.core.message import listed, msg
from trustdesk.verify.profiles.context import AnyCase, CertificateCase
from trustdesk.verify.profiles.lifetime import days_of, lifetime
from trustdesk.verify.profiles.rule import Held, NotApplicable, NotRun, Outcome, RuleSetName, Violated, rule
from trustdesk.verify.profiles.shared_rules import key_text

_ORG = {RuleSetName.ORGANISATION: Severity.ERROR}
_SILENT = msg("The organisation's file asks for nothing here.")


@rule(
    "ORG-01",
    msg("The key is of a size that the organisation allows."),
    "Organisation's file, keys",
    sets=_ORG,
)
def allowed_key(case: AnyCase) -> Outcome:
    """ORG-01."""
    policy, facts = case.policy, case.subject.facts
    key = key_text(facts.key_algorithm, facts.key_bits, case.subject.curve)
    remedy = msg("Make a key that the organisation's file allows, and a new request.")
    if facts.key_algorithm in {"RSA", "RSASSA-PSS"} and policy.rsa_min_bits is not None:
        if facts.key_bits is None or facts.key_bits < policy.rsa_min_bits:
            return Violated(
                msg("The key is {key}; {least} bits are asked for.", key=key, least=policy.rsa_min_bits),
                remedy,
            )
        return Held(msg("The key is {key}, of at least {least} bits.", key=key, least=policy.rsa_min_bits))
    if facts.key_algorithm == "EC" and policy.curves:
        if case.subject.curve not in policy.curves:
            return Violated(
                msg("The key is {key}; allowed are {curves}.", key=key, curves=listed(policy.curves)), remedy
            )
        return Held(msg("The key is {key}, of {curves}.", key=key, curves=listed(policy.curves)))
    if policy.rsa_min_bits is None and not policy.curves:
        return NotApplicable(_SILENT)
    return NotApplicable(msg("The organisation's file says nothing of a key that is {key}.", key=key))


@rule(
    "ORG-02",
    msg("The validity is no longer than the organisation allows."),
    "Organisation's file, validity",
    sets=_ORG,
)
def allowed_validity(case: CertificateCase) -> Outcome:
    """ORG-02."""
    limit = case.policy.max_validity_days
    if limit is None:
        return NotApplicable(_SILENT)
    days = days_of(lifetime(*case.subject.validity))
    if days > limit:
        return Violated(
            msg("It is valid for {days} days; the limit is {limit}.", days=days, limit=limit),
            msg("Ask the CA for a shorter lifetime at the next renewal."),
        )
    return Held(msg("It is valid for {days} days, of {limit} allowed.", days=days, limit=limit))


@rule(
    "ORG-03",
    msg("It comes from a CA that the organisation allows."),
    "Organisation's file, issuers",
    sets=_ORG,
)
def allowed_issuer(case: CertificateCase) -> Outcome:
    """ORG-03: one of the CAs above it is among those allowed."""
    allowed = case.policy.allowed_cas
    if not allowed:
        return NotApplicable(_SILENT)
    if not case.issuers:
        return NotRun(
            msg("Nothing above the certificate is known: no path was found, and no issuer came along.")
        )
    found = [issuer.facts.title for issuer in case.issuers if issuer.facts.sha256 in allowed]
    if found:
        return Held(msg("{issuer} is allowed.", issuer=found[0]))
    return Violated(
        msg("None of {issuers} is allowed.", issuers=listed([issuer.facts.title for issuer in case.issuers])),
        msg("Get a certificate from an allowed CA, or add this one to the organisation's file."),
    )


ORGANISATION_RULES = (allowed_key, allowed_validity, allowed_issuer)
