"""The rules on what stands above a certificate (CHN-…), and on where its revocation is published (REV-…)."""

from __future__ import annotations

from collections.abc import Sequence

from trustdesk.core.finding import Severity
from trustdesk.core.inspection import CertificateDetails
from trustdesk.core.message import listed, msg
from trustdesk.core.verification import Purpose, RuleCheck
from trustdesk.formats.extension_oids import NAME_CONSTRAINTS
from trustdesk.verify.decoded import decode
from trustdesk.verify.path_view import OF_NAMES, OF_ROLE, OF_STRICT_READERS
from trustdesk.verify.profiles import path_outcomes as outcomes
from trustdesk.verify.profiles.context import CertificateCase, Role
from trustdesk.verify.profiles.rule import Held, NotApplicable, NotRun, Outcome, RuleSetName, Violated, rule
from trustdesk.verify.profiles.shared_rules import NO_LISTED_CA

_NO_LIST = msg("No trust list is selected.")
_NO_ISSUERS = msg("Nothing above the certificate is known: no path was found, and no issuer came along.")
STRICT_READERS_REFUSE = msg("Strict readers refuse it, Python from 3.13 on among them.")
_NOT_SENT = msg("No chain was sent: this is about what a server or client sends.")
_OTHER_CA = msg("Take this up with the CA that issued the certificate.")
_TIDY = msg(
    "Put the certificate first, then each intermediate after the one that it issued, and nothing else."
)


@rule(
    "CHN-01",
    msg("A path leads to a trusted CA for the intended purpose."),
    "RFC 5280 6.1; ONE Record API & Security 2020 p. 67",
    always=Severity.BLOCKER,
)
def path_exists(case: CertificateCase) -> Outcome:
    """CHN-01: the judge's word."""
    verification = case.context.verification
    if verification is None:
        return NotRun(_NO_LIST)
    if verification.own.accepted:
        return Held(verification.own.reason)
    if case.path is not None and _are_of_the_certificate_alone(case.along.failures("")):
        return Held(
            msg(
                "A path leads to {anchor}; what is wrong is with the certificate itself.",
                anchor=case.along.certificates[-1].title,
            )
        )
    nowhere = any(check.rule == "chain.anchor" for path in verification.paths[:1] for check in path.failures)
    return Violated(verification.own.reason, NO_LISTED_CA if nowhere else _OTHER_CA)


@rule(
    "CHN-02",
    msg("All intermediate certificates are sent."),
    "RFC 8446 4.4.2; RFC 5246 7.4.2",
    always=Severity.ERROR,
)
def complete(case: CertificateCase) -> Outcome:
    """CHN-02: every certificate between the end entity and the anchor came along."""
    if case.context.chain is None or not case.context.chain_is_sent:
        return NotRun(_NOT_SENT)
    sent = [case.subject.facts.sha256, *(one.facts.sha256 for one in case.context.chain)]
    found = outcomes.nothing_missing(
        case.along, sent, msg("Configure the full chain: the certificate, then its intermediates.")
    )
    return found or NotRun(msg("No path is known to compare what was sent with."))


@rule(
    "CHN-03",
    msg("The chain is in order, and holds nothing else."),
    "RFC 8446 4.4.2; RFC 5246 7.4.2",
    always=Severity.INFO,
)
def in_order(case: CertificateCase) -> Outcome:
    """CHN-03."""
    if case.context.chain is None:
        return NotRun(_NOT_SENT)
    chain = [case.subject.details, *case.context.chain]
    return outcomes.in_order(case.along, [decode(one.facts) for one in chain], _TIDY)


@rule(
    "CHN-04",
    msg("Every CA certificate above is valid, and outlasts the certificate."),
    "RFC 5280 6.1.3 (a)(2)",
    always=Severity.ERROR,
)
def issuers_valid(case: CertificateCase) -> Outcome:
    """CHN-04."""
    if not case.issuers:
        return NotRun(_NO_ISSUERS)
    return outcomes.issuers_valid(
        case.along,
        if_expired=_OTHER_CA,
        otherwise=_OTHER_CA,
        in_time=msg("The path breaks on that day: ask the CA for its renewed certificate in time."),
    )


@rule(
    "CHN-05",
    msg("The CAs above may issue certificates for this purpose."),
    "RFC 5280 4.2.1.12, and custom of all TLS programs",
    always=Severity.ERROR,
)
def issuers_purpose(case: CertificateCase) -> Outcome:
    """CHN-05."""
    if not case.issuers:
        return NotRun(_NO_ISSUERS)
    purpose = Purpose.SERVER if case.role is Role.SERVER else Purpose.CLIENT
    return outcomes.issuers_purpose(case.along, purpose, msg("Get a certificate from a CA for this purpose."))


@rule(
    "CHN-06",
    msg("CA role, path length, name constraints and critical extensions are respected."),
    "RFC 5280 6.1.3, 6.1.4",
    always=Severity.ERROR,
)
def issuers_role(case: CertificateCase) -> Outcome:
    """CHN-06; what strict RFC 5280 readers stumble over and others do not is a warning."""
    if not case.issuers:
        return NotRun(_NO_ISSUERS)
    # Without a path to a list, nobody knows that what came along is what constrains.
    groups = OF_ROLE if case.path is not None else tuple(group for group in OF_ROLE if group not in OF_NAMES)
    for failure in case.along.failures(*groups):
        return Violated(failure.evidence, _OTHER_CA)
    constrained = [issuer for issuer in case.issuers if issuer.extension(NAME_CONSTRAINTS) is not None]
    if case.path is None and constrained:
        return NotRun(
            msg(
                "{subject} constrains names; without a path to a list they were not compared.",
                subject=constrained[0].facts.title,
            )
        )
    for flaw in case.along.flaws(*OF_STRICT_READERS):
        return Violated(flaw.evidence, STRICT_READERS_REFUSE, Severity.WARNING)
    return Held(msg("All of them are CAs and keep to their limits."))


@rule(
    "CHN-07",
    msg("The anchor is a root, so that every TLS program can end there."),
    "RFC 5280 6.1.1 (d); measured with OpenSSL 3.0, which wants a partial chain allowed",
    always=Severity.WARNING,
)
def anchor_is_root(case: CertificateCase) -> Outcome:
    """CHN-07."""
    anchor = _anchor(case)
    if anchor is None:
        return NotRun(_NO_LIST if case.context.verification is None else _NO_ISSUERS)
    if anchor.facts.is_self_issued or not anchor.facts.is_ca:
        return Held(msg("{anchor} stands at the end.", anchor=anchor.facts.title))
    return Violated(
        msg("{anchor} is an issuing CA whose root is not on the list.", anchor=anchor.facts.title),
        msg("Java accepts that, OpenSSL only with partial chains allowed: add the root to the list."),
    )


@rule(
    "CHN-08",
    msg("The CA was trusted when it issued the certificate."),
    "CCADB, distrust-after dates of root programs",
    always=Severity.ERROR,
)
def issued_before_distrust(case: CertificateCase) -> Outcome:
    """CHN-08."""
    if case.path is None:
        return NotRun(_NO_LIST if case.context.verification is None else _NO_ISSUERS)
    distrust_after = case.context.distrust_after
    if distrust_after is None:
        return NotApplicable(msg("The list gives no date from which the anchor is distrusted."))
    not_before, _ = case.subject.validity
    if not_before > distrust_after:
        return Violated(
            msg(
                "It was issued on {date}; the list distrusts what this CA issued after {limit}.",
                date=not_before,
                limit=distrust_after,
            ),
            msg("Get a certificate from another CA."),
        )
    return Held(msg("It was issued on {date}, before {limit}.", date=not_before, limit=distrust_after))


@rule(
    "CHN-09",
    msg("The anchor is a CA's certificate, not an end entity's."),
    "RFC 5280 4.2.1.9; trust stores of the ONE Record proof of concept of 2020",
    always=Severity.WARNING,
)
def anchor_is_ca(case: CertificateCase) -> Outcome:
    """CHN-09; a CA that is linted as one is the anchor itself."""
    if case.role is Role.CA:
        if case.subject.is_ca:
            return Held(msg("It is a CA's certificate."))
        return Violated(
            msg("It is no CA's certificate (basicConstraints cA is not set)."),
            msg("Put the CA's certificate on the list, not one that it issued."),
        )
    anchor = _anchor(case)
    if anchor is None:
        return NotRun(_NO_LIST if case.context.verification is None else _NO_ISSUERS)
    if anchor.facts.is_ca:
        return Held(msg("{anchor} is a CA.", anchor=anchor.facts.title))
    return Violated(
        msg("{anchor} is no CA.", anchor=anchor.facts.title),
        msg("Put the CA's certificate on the list, not one that it issued."),
    )


@rule(
    "REV-01",
    msg("A source of revocation exists: OCSP or CRL."),
    "ONE Record certificate policy 4.10, 7.3",
    sets={RuleSetName.ONE_RECORD_2020: Severity.ERROR},
)
def revocation_source(case: CertificateCase) -> Outcome:
    """REV-01."""
    details = case.subject.details
    sources = [*details.ocsp_urls, *details.crl_urls]
    if sources:
        return Held(msg("Named: {sources}.", sources=listed(sources)))
    return Violated(
        msg("It names neither an OCSP responder nor a CRL."),
        msg("Ask the CA for a certificate that names one."),
    )


@rule(
    "REV-05",
    msg("An OCSP responder is named."),
    "ONE Record certificate policy 7.3; ONE Record sample code of 2020",
    sets={RuleSetName.ONE_RECORD_2020: Severity.WARNING},
)
def ocsp_named(case: CertificateCase) -> Outcome:
    """REV-05."""
    if case.subject.details.ocsp_urls:
        return Held(msg("Named: {sources}.", sources=listed(case.subject.details.ocsp_urls)))
    return Violated(
        msg("It names no OCSP responder; servers built on the sample code of 2020 answer 401 then."),
        msg("Ask the partner whether its server reads CRLs, or the CA for a certificate with OCSP."),
    )


def _anchor(case: CertificateCase) -> CertificateDetails | None:
    if case.path is None:
        return None
    return case.issuers[-1] if case.issuers else case.subject.details


def _are_of_the_certificate_alone(failures: Sequence[RuleCheck]) -> bool:
    own = ("validity.", "leaf.", "purpose.")
    return all(failure.index == 0 and failure.rule.startswith(own) for failure in failures)


CHAIN_RULES = (
    path_exists,
    complete,
    in_order,
    issuers_valid,
    issuers_purpose,
    issuers_role,
    anchor_is_root,
    issued_before_distrust,
    anchor_is_ca,
    revocation_source,
)
CLIENT_REVOCATION_RULES = (ocsp_named,)
