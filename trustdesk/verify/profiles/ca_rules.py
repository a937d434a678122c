"""The rules on a CA's certificate that is linted by itself."""

from __future__ import annotations

from trustdesk.core.finding import Severity
from trustdesk.core.message import listed, msg
from trustdesk.formats.extension_oids import KEY_USAGE
from trustdesk.verify.decoded import decode
from trustdesk.verify.evaluator import checks_as_issuer
from trustdesk.verify.path_view import OF_ROLE, OF_STRICT_READERS, failing
from trustdesk.verify.profiles import shared_rules as shared
from trustdesk.verify.profiles.chain_rules import STRICT_READERS_REFUSE, anchor_is_ca
from trustdesk.verify.profiles.context import CertificateCase
from trustdesk.verify.profiles.rule import Held, NotApplicable, Outcome, Violated, rule


@rule("CHN-04", msg("The CA certificate is valid."), "RFC 5280 6.1.3 (a)(2)", always=Severity.ERROR)
def ca_valid(case: CertificateCase) -> Outcome:
    """CHN-04 for one CA: expired is an error, expires soon a warning."""
    return shared.valid_for_a_while(case)


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
    if not case.subject.is_ca:
        return NotApplicable(msg("It is no CA's certificate."))
    case.subject.require_readable(KEY_USAGE)
    checks = checks_as_issuer(decode(case.subject.facts))
    for failure in failing(checks, *OF_ROLE):
        return Violated(failure.evidence, msg("The CA has to issue its certificate anew."))
    for flaw in failing(checks, *OF_STRICT_READERS, form=True):
        return Violated(flaw.evidence, STRICT_READERS_REFUSE, Severity.WARNING)
    return Held(msg("It is a CA with key usage {usages}.", usages=listed(case.subject.key_usage or ())))


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
