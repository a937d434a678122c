"""The rules on a server certificate (SRV-…)."""

from __future__ import annotations

from trustdesk.core.finding import Severity
from trustdesk.core.message import listed, msg
from trustdesk.formats.extension_oids import (
    BASIC_CONSTRAINTS,
    CERTIFICATE_POLICIES,
    EXTENDED_KEY_USAGE,
    KEY_USAGE,
    SUBJECT_ALT_NAME,
)
from trustdesk.verify.profiles import path_outcomes as outcomes
from trustdesk.verify.profiles import shared_rules as shared
from trustdesk.verify.profiles.client_rules import COMMON_NAME
from trustdesk.verify.profiles.context import CertificateCase
from trustdesk.verify.profiles.lifetime import (
    CLIENT_AUTH_ENDS,
    ONE_YEAR_DAYS,
    days_of,
    lifetime,
    web_limit_days,
)
from trustdesk.verify.profiles.partner_rules import hosts_covered
from trustdesk.verify.profiles.rule import Held, NotApplicable, NotRun, Outcome, RuleSetName, Violated, rule

_2X, _2020, _WEB = RuleSetName.ONE_RECORD_2X, RuleSetName.ONE_RECORD_2020, RuleSetName.WEB_PKI


@rule(
    "SRV-01",
    msg("The server's certificate is valid now, and stays so for a while."),
    "RFC 5280 6.1.3 (a)(2); ONE Record API & Security 2020 p. 67",
    always=Severity.BLOCKER,
)
def valid(case: CertificateCase) -> Outcome:
    """SRV-01: expired is a blocker, expires soon is a warning."""
    return shared.valid_for_a_while(case)


@rule(
    "SRV-02",
    msg("The server's certificate may be used for servers (serverAuth)."),
    "RFC 5280 4.2.1.12; ONE Record certificate policy 7.1.2.1",
    always=Severity.BLOCKER,
)
def server_auth(case: CertificateCase) -> Outcome:
    """SRV-02; without the extension every purpose is allowed."""
    case.subject.require_readable(EXTENDED_KEY_USAGE, KEY_USAGE)
    return outcomes.fit_for_purpose(case.along, msg("Ask the CA for a server certificate."))


@rule(
    "SRV-03",
    msg("The server's certificate speaks for the name that was asked for."),
    "RFC 9525 6.3",
    always=Severity.BLOCKER,
)
def speaks_for_name(case: CertificateCase) -> Outcome:
    """SRV-03; the Common Name is never looked at."""
    name = case.context.reference_identifier
    if name is None:
        return NotRun(msg("No host name was given to compare with."))
    case.subject.require_readable(SUBJECT_ALT_NAME)
    return outcomes.speaks_for_name(
        case.along, msg("Ask the CA for a certificate with {name} as SAN.", name=name)
    )


SRV_04 = rule(
    "SRV-04",
    msg("The names cover every host of the organisation's 1R-IDs and endpoints."),
    "ONE Record API & Security 2020 p. 67; ONE Record certificate policy 7.1.2.1",
    sets={_2020: Severity.ERROR},
)(hosts_covered)


@rule(
    "SRV-05",
    msg("The CN, if there is one, is one of the alternative names."),
    "ONE Record API & Security 2020 p. 71",
    sets={_2020: Severity.WARNING},
)
def common_name_among_names(case: CertificateCase) -> Outcome:
    """SRV-05."""
    common_name = case.subject.name.common_name
    if common_name is None:
        return Held(msg("There is no CN."))
    values = [
        name.partition(":")[2].lower() for name in case.subject.alt_names if name.startswith(("DNS:", "IP:"))
    ]
    if common_name.lower() in values:
        return Held(msg("{name} is one of them.", name=common_name))
    return Violated(
        msg("{name} is none of {names}.", name=common_name, names=listed(case.subject.alt_names))
        if case.subject.alt_names
        else msg("{name} stands alone: there are no alternative names.", name=common_name),
        shared.REISSUE_AS_PROFILED,
    )


@rule(
    "SRV-06",
    msg("The subject has no organisation and no other attributes."),
    "ONE Record API & Security 2020 p. 70",
    sets={_2020: Severity.INFO},
)
def nothing_but_common_name(case: CertificateCase) -> Outcome:
    """SRV-06."""
    if any(kind != COMMON_NAME for kind in case.subject.name.types):
        return Violated(msg("The subject is {subject}.", subject=case.subject.facts.subject or ""), None)
    return Held(msg("The subject is empty or a CN."))


@rule(
    "SRV-07",
    msg("With an empty subject, the alternative names are critical."),
    "RFC 5280 4.2.1.6; CA/Browser Forum TLS Baseline Requirements 7.1.2.7.12",
    always=Severity.ERROR,
)
def critical_names(case: CertificateCase) -> Outcome:
    """SRV-07."""
    if case.subject.name.types:
        return NotApplicable(msg("The subject is not empty."))
    if case.subject.is_critical(SUBJECT_ALT_NAME):
        return Held(msg("The subject is empty, and the alternative names are critical."))
    return Violated(
        msg("The subject is empty, and the alternative names are not critical.")
        if case.subject.extension(SUBJECT_ALT_NAME) is not None
        else msg("The subject is empty, and there are no alternative names."),
        shared.REISSUE,
    )


@rule(
    "SRV-08",
    msg("A public server certificate names no URI."),
    "CA/Browser Forum TLS Baseline Requirements 7.1.2.7.12; ONE Record API & Security 2020 p. 71",
    sets={_WEB: Severity.WARNING},
)
def no_uri(case: CertificateCase) -> Outcome:
    """SRV-08."""
    uris = [uri.text for uri in case.subject.uris]
    if not uris:
        return Held(msg("It names no URI."))
    if case.context.publicly_trusted is None:
        return NotRun(shared.UNKNOWN_IF_PUBLIC)
    if not case.context.publicly_trusted:
        return NotApplicable(shared.NOT_PUBLIC)
    return Violated(
        msg("It names {uris}.", uris=listed(uris)),
        msg("1R-IDs belong into the client certificate; leave them out of the server's."),
    )


@rule(
    "SRV-09",
    msg("The key usage is critical and fits the key."),
    "ONE Record certificate policy 7.1.2.1; CA/Browser Forum TLS Baseline Requirements 7.1.2.7.11",
    always=Severity.WARNING,
)
def fitting_key_usage(case: CertificateCase) -> Outcome:
    """SRV-09: digitalSignature, with RSA keyEncipherment too, nothing else."""
    usages = case.subject.key_usage
    if usages is None:
        return Violated(msg("It has no key usage."), shared.REISSUE)
    allowed = {"digitalSignature"}
    if case.subject.facts.key_algorithm == "RSA":
        allowed.add("keyEncipherment")
    others = [usage for usage in usages if usage not in allowed]
    if "digitalSignature" not in usages:
        return Violated(
            msg("Its key usage is {usages}, without digitalSignature.", usages=listed(usages)), shared.REISSUE
        )
    if others:
        return Violated(
            msg(
                "The key usage holds {others}, which does not belong to an {key} key of a server.",
                others=listed(others),
                key=case.subject.facts.key_algorithm or "?",
            ),
            shared.REISSUE,
        )
    if not case.subject.is_critical(KEY_USAGE):
        return Violated(msg("Its key usage is not critical."), shared.REISSUE)
    return Held(msg("Key usage, critical: {usages}.", usages=listed(usages)))


@rule(
    "SRV-10",
    msg("The extended key usage has clientAuth too, as the profile of 2020 asks."),
    "ONE Record API & Security 2020 p. 71",
    sets={_2020: Severity.INFO},
)
def also_client_auth(case: CertificateCase) -> Outcome:
    """SRV-10, which the public web forbids from 2027 on (SRV-11)."""
    usages = case.subject.extended_key_usage
    if usages is None or "clientAuth" in usages:
        return Held(msg("clientAuth is not excluded."))
    return Violated(
        msg("It has no clientAuth: a server that sends notifications needs a client certificate besides."),
        None,
    )


@rule(
    "SRV-11",
    msg("No public server certificate serves as a client's: that ends on 2027-03-15."),
    "Chrome Root Program Policy 1.3.2",
    sets={_WEB: Severity.WARNING},
)
def no_public_client_auth(case: CertificateCase) -> Outcome:
    """SRV-11."""
    if "clientAuth" not in (case.subject.extended_key_usage or ()):
        return Held(msg("It has no clientAuth."))
    if case.context.publicly_trusted is None:
        return NotRun(shared.UNKNOWN_IF_PUBLIC)
    if not case.context.publicly_trusted:
        return NotApplicable(shared.NOT_PUBLIC)
    not_before, _ = case.subject.validity
    if not_before >= CLIENT_AUTH_ENDS:
        return Violated(
            msg(
                "It was issued on {date} with clientAuth, which is forbidden since {since}.",
                date=not_before,
                since=CLIENT_AUTH_ENDS,
            ),
            shared.REISSUE,
        )
    return Violated(
        msg("It has clientAuth; certificates issued from {date} on will not.", date=CLIENT_AUTH_ENDS),
        msg("Plan a client certificate of its own for notifications."),
    )


@rule(
    "SRV-12",
    msg("The validity is within the limit of the public web for the day of issue."),
    "CA/Browser Forum TLS Baseline Requirements 6.3.2",
    sets={_WEB: Severity.WARNING},
)
def within_web_limit(case: CertificateCase) -> Outcome:
    """SRV-12."""
    if case.context.publicly_trusted is None:
        return NotRun(shared.UNKNOWN_IF_PUBLIC)
    if not case.context.publicly_trusted:
        return NotApplicable(shared.NOT_PUBLIC)
    not_before, not_after = case.subject.validity
    limit = web_limit_days(not_before)
    if limit is None:
        return NotApplicable(msg("It was issued before limits in days."))
    days = days_of(lifetime(not_before, not_after))
    if days > limit:
        return Violated(
            msg(
                "It was issued on {date} for {days} days; {limit} were allowed then.",
                date=not_before,
                days=days,
                limit=limit,
            ),
            shared.REISSUE,
        )
    return Held(
        msg(
            "It was issued on {date} for {days} days, of {limit} allowed then.",
            date=not_before,
            days=days,
            limit=limit,
        )
    )


@rule(
    "SRV-13",
    msg("The validity is at most one year."),
    "ONE Record certificate policy 6.3.2",
    sets={_2020: Severity.WARNING},
)
def at_most_one_year(case: CertificateCase) -> Outcome:
    """SRV-13, for private CAs."""
    if case.context.publicly_trusted:
        return NotApplicable(msg("It is publicly trusted: the limits of the public web are shorter."))
    return shared.one_year(case, ONE_YEAR_DAYS)


@rule(
    "SRV-14",
    msg("A certificate policy is named."),
    "ONE Record certificate policy 7.1.6",
    sets={_2020: Severity.WARNING},
)
def has_policy(case: CertificateCase) -> Outcome:
    """SRV-14."""
    policies = case.subject.details.policies
    if policies:
        return Held(msg("Policies: {policies}.", policies=listed(policies)))
    return Violated(
        msg("It names no certificate policy.")
        if case.subject.extension(CERTIFICATE_POLICIES) is None
        else msg("Its certificate policies cannot be read."),
        shared.REISSUE_AS_PROFILED,
    )


@rule(
    "SRV-15",
    msg("Keys and signatures are strong enough."),
    "ONE Record certificate policy 6.1.5, 7.1.3",
    always=Severity.ERROR,
)
def strong(case: CertificateCase) -> Outcome:
    """SRV-15: its own and those above it, and its own by the profile of 2020 too."""
    return outcomes.weak_link(case.along, shared.OTHER_KEY) or shared.strong(case)


@rule(
    "SRV-16",
    msg("The server's certificate was issued to it by a CA, and is no CA's own."),
    "RFC 5280 3.2, 4.2.1.9",
    always=Severity.ERROR,
)
def issued_to_the_server(case: CertificateCase) -> Outcome:
    """SRV-16."""
    case.subject.require_readable(BASIC_CONSTRAINTS)
    return outcomes.issued_by_a_ca(
        case.along,
        if_self_signed=msg("Get a certificate from a CA that both sides trust."),
        if_ca=msg("Issue a certificate of its own to the server."),
    )


SRV_17 = rule(
    "SRV-17",
    msg("The server's certificate comes from a CA on the trust list."),
    "ONE Record API 2.3 authn-transport-layer; ONE Record API & Security 2020 p. 67",
    sets={_2X: Severity.ERROR, _2020: Severity.ERROR},
)(shared.issuer_on_list)

SERVER_RULES = (
    valid,
    server_auth,
    speaks_for_name,
    SRV_04,
    common_name_among_names,
    nothing_but_common_name,
    critical_names,
    no_uri,
    fitting_key_usage,
    also_client_auth,
    no_public_client_auth,
    within_web_limit,
    at_most_one_year,
    has_policy,
    strong,
    issued_to_the_server,
    SRV_17,
)
