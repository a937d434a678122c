"""The rules on a CA's certificate that is linted by itself."""

from __future__ import annotations

from trustdesk.core.finding import Severity
from trustdesk.core.message import msg
from trustdesk.verify.case import listed
from trustdesk.verify.profiles import shared_rules as shared
from trustdesk.verify.profiles.chain_rules import anchor_is_ca
from trustdesk.verify.profiles.context import BASIC_CONSTRAINTS, CertificateCase
from trustdesk.verify.profiles.rule import Held, NotApplicable, Outcome, Violated, rule


@rule("CHN-04", msg("The CA certificate is valid."), "RFC 5280 6.1.3 (a)(2)", always=Severity.ERROR)
def ca_valid(case: CertificateCase) -> Outcome:
    """CHN-04 for one CA: expired is an error, expires soon a warning."""
    now, soon = shared.valid_now(case), shared.valid_for_long(case)
    if isinstance(now, Held) and isinstance(soon, Violated):
        return Violated(soon.evidence, soon.remedy, Severity.WARNING)
    return now


@rule(
    "CHN-05",
    msg("The CA may issue certificates for TLS."),
    "RFC 5280 4.2.1.12, and custom of all TLS programs",
    always=Severity.ERROR,
)
def ca_purpose(case: CertificateCase) -> Outcome:
    """CHN-05 for one CA."""
    usages = case.subject.extended_key_usage
    if usages is None:
        return Held(msg("It has no extended key usage, so that no purpose is excluded."))
    if {"serverAuth", "clientAuth", "anyExtendedKeyUsage"} & set(usages):
        return Held(msg("Extended key usage: {usages}.", usages=listed(usages)))
    return Violated(
        msg("Its extended key usage is {usages}: for neither servers nor clients.", usages=listed(usages)),
        msg("Use a CA that is for TLS."),
    )


@rule(
    "CHN-06",
    msg("The CA's own extensions let it issue, for strict readers too."),
    "RFC 5280 4.2.1.3, 4.2.1.9",
    always=Severity.ERROR,
)
def ca_role(case: CertificateCase) -> Outcome:
    """CHN-06 for one CA."""
    reissue = msg("The CA has to issue its certificate anew.")
    if not case.subject.is_ca:
        return NotApplicable(msg("It is no CA's certificate."))
    usages = case.subject.key_usage
    if usages is not None and "keyCertSign" not in usages:
        return Violated(
            msg("Its key usage is {usages}, without keyCertSign.", usages=listed(usages)), reissue
        )
    strict = msg("Strict readers refuse it, Python from 3.13 on among them.")
    if usages is None:
        return Violated(msg("It has no key usage, which a CA must have."), strict, Severity.WARNING)
    if not case.subject.is_critical(BASIC_CONSTRAINTS):
        return Violated(msg("Its basic constraints are not critical."), strict, Severity.WARNING)
    return Held(msg("It is a CA with key usage {usages}.", usages=listed(usages)))


@rule(
    "LST-06",
    msg("Key and signature of the CA are strong enough."),
    "ONE Record certificate policy 6.1.5",
    always=Severity.WARNING,
)
def ca_strong(case: CertificateCase) -> Outcome:
    """LST-06; nobody relies on a root's own signature."""
    key, signature = shared.strong_key(case), shared.strong_signature(case)
    if isinstance(key, Violated):
        return key
    if isinstance(signature, Violated):
        if case.subject.facts.is_self_issued:
            return Violated(signature.evidence, None, Severity.INFO)
        return signature
    return Held(msg("{key} {signature}", key=key.evidence, signature=signature.evidence))


CA_RULES = (ca_valid, ca_purpose, ca_role, anchor_is_ca, ca_strong)
