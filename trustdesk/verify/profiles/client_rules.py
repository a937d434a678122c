"""The rules on a client certificate (CLI-…)."""

from __future__ import annotations

from trustdesk.core.finding import Severity
from trustdesk.core.message import listed, msg
from trustdesk.formats.extension_oids import KEY_USAGE
from trustdesk.verify.one_record_id import MET_IN_THE_FIELD, fault_text
from trustdesk.verify.profiles import shared_rules as shared
from trustdesk.verify.profiles.context import CertificateCase
from trustdesk.verify.profiles.lifetime import CLIENT_AUTH_ENDS, ONE_YEAR_DAYS
from trustdesk.verify.profiles.partner_rules import on_record, same_host
from trustdesk.verify.profiles.rule import Held, NotApplicable, NotRun, Outcome, RuleSetName, Violated, rule

_2X, _2020 = RuleSetName.ONE_RECORD_2X, RuleSetName.ONE_RECORD_2020
_WEB, _ORG = RuleSetName.WEB_PKI, RuleSetName.ORGANISATION
COMMON_NAME = "2.5.4.3"

CLI_01 = rule(
    "CLI-01",
    msg("The certificate is within its validity period."),
    "RFC 5280 6.1.3 (a)(2); ONE Record API & Security 2020 p. 67",
    always=Severity.BLOCKER,
)(shared.valid_now)

CLI_02 = rule(
    "CLI-02",
    msg("The certificate does not expire soon."),
    "ONE Record API 2.3 authn-transport-layer, disadvantages; "
    "CA/Browser Forum TLS Baseline Requirements 6.3.2",
    sets={_ORG: Severity.WARNING},
)(shared.valid_for_long)


@rule(
    "CLI-03",
    msg("The extended key usage contains clientAuth."),
    "RFC 5280 4.2.1.12; ONE Record certificate policy 7.1.2.2",
    always=Severity.BLOCKER,
)
def client_auth(case: CertificateCase) -> Outcome:
    """CLI-03; without the extension every purpose is allowed."""
    usages = case.subject.extended_key_usage
    if usages is None:
        return Held(msg("It has no extended key usage, so that no purpose is excluded."))
    if "clientAuth" in usages:
        return Held(msg("Extended key usage: {usages}.", usages=listed(usages)))
    return Violated(
        msg("Its extended key usage is {usages}, without clientAuth.", usages=listed(usages)),
        msg("Ask the CA for a client certificate; a server's certificate cannot stand in for it."),
    )


@rule(
    "CLI-04",
    msg("clientAuth is the only extended key usage."),
    "ONE Record API & Security 2020 p. 70",
    sets={_2020: Severity.WARNING},
)
def client_auth_only(case: CertificateCase) -> Outcome:
    """CLI-04."""
    usages = case.subject.extended_key_usage
    if usages is None:
        return NotApplicable(msg("It has no extended key usage."))
    others = [usage for usage in usages if usage != "clientAuth"]
    if not others:
        return Held(msg("Extended key usage: {usages}.", usages=listed(usages)))
    return Violated(
        msg("The extended key usage holds {others} besides.", others=listed(others)),
        shared.REISSUE_AS_PROFILED,
    )


@rule(
    "CLI-05",
    msg("The extended key usage extension is present."),
    "ONE Record certificate policy 7.1.2.2",
    sets={_2020: Severity.WARNING},
)
def has_extended_key_usage(case: CertificateCase) -> Outcome:
    """CLI-05."""
    usages = case.subject.extended_key_usage
    if usages is None:
        return Violated(
            msg("It has none: TLS programs accept that, the profile does not."), shared.REISSUE_AS_PROFILED
        )
    return Held(msg("Extended key usage: {usages}.", usages=listed(usages)))


@rule(
    "CLI-06",
    msg("The key usage has digitalSignature and is critical."),
    "ONE Record API & Security 2020 p. 70; ONE Record certificate policy 7.1.2.2",
    sets={_2020: Severity.ERROR},
)
def digital_signature(case: CertificateCase) -> Outcome:
    """CLI-06."""
    usages = case.subject.key_usage
    if usages is None:
        return Violated(msg("It has no key usage."), shared.REISSUE_AS_PROFILED)
    if "digitalSignature" not in usages:
        return Violated(
            msg("Its key usage is {usages}, without digitalSignature.", usages=listed(usages)),
            shared.REISSUE_AS_PROFILED,
        )
    if not case.subject.is_critical(KEY_USAGE):
        return Violated(msg("Its key usage is not critical."), shared.REISSUE_AS_PROFILED)
    return Held(msg("Key usage, critical: {usages}.", usages=listed(usages)))


@rule(
    "CLI-07",
    msg("The key usage has nothing but digitalSignature and keyEncipherment."),
    "ONE Record certificate policy 6.1.7",
    sets={_2020: Severity.WARNING},
)
def no_other_key_usage(case: CertificateCase) -> Outcome:
    """CLI-07."""
    usages = case.subject.key_usage
    if usages is None:
        return NotApplicable(msg("It has no key usage."))
    others = [usage for usage in usages if usage not in {"digitalSignature", "keyEncipherment"}]
    if others:
        return Violated(
            msg("The key usage holds {others} besides.", others=listed(others)), shared.REISSUE_AS_PROFILED
        )
    return Held(msg("Key usage: {usages}.", usages=listed(usages)))


@rule(
    "CLI-08",
    msg("The subject alternative name has at least one URI."),
    "ONE Record certificate policy 7.1.2.2",
    sets={_2020: Severity.ERROR},
)
def has_uri(case: CertificateCase) -> Outcome:
    """CLI-08."""
    uris = [uri.text for uri in case.subject.uris]
    if uris:
        return Held(msg("URIs: {uris}.", uris=listed(uris)))
    return Violated(
        msg("It names no URI, so that a server cannot tell by a 1R-ID who connects."),
        shared.REISSUE_AS_PROFILED,
    )


@rule(
    "CLI-09",
    msg("Each URI is a valid 1R-ID."),
    "ONE Record certificate policy 3.1.1",
    sets={_2020: Severity.WARNING},
)
def valid_ids(case: CertificateCase) -> Outcome:
    """CLI-09; scheme http and a port are CLI-10's."""
    return _ids_without_faults(case, of_the_field=False)


@rule(
    "CLI-10",
    msg("No URI has a port or the scheme http."),
    "ONE Record certificate policy 3.1.1; certificates of the ONE Record proof of concept of 2020",
    sets={_2020: Severity.WARNING},
)
def no_port_and_https(case: CertificateCase) -> Outcome:
    """CLI-10."""
    return _ids_without_faults(case, of_the_field=True)


@rule(
    "CLI-11",
    msg("The subject is a CN alone, and equals the company id of one URI."),
    "ONE Record certificate policy 3.1.1, 7.1.2.2",
    sets={_2020: Severity.WARNING},
)
def company_id_as_subject(case: CertificateCase) -> Outcome:
    """CLI-11."""
    name = case.subject.name
    if name.types != (COMMON_NAME,):
        return Violated(
            msg("The subject is {subject}.", subject=case.subject.facts.subject or "")
            if name.types
            else msg("The subject is empty."),
            shared.REISSUE_AS_PROFILED,
        )
    companies = [uri.company_id for uri in case.subject.uris if uri.company_id is not None]
    if name.common_name in companies:
        return Held(msg("{name} is the company id of one of its 1R-IDs.", name=name.common_name or ""))
    return Violated(
        msg("{name} is the company id of none of its URIs.", name=name.common_name or "")
        if case.subject.uris
        else msg("{name} cannot be a company id: there is no URI.", name=name.common_name or ""),
        shared.REISSUE_AS_PROFILED,
    )


@rule(
    "CLI-12",
    msg("The subject alternative name has URIs alone."),
    "ONE Record certificate policy 7.1.2.2",
    sets={_2020: Severity.INFO},
)
def no_other_names(case: CertificateCase) -> Outcome:
    """CLI-12."""
    others = [name for name in case.subject.alt_names if not name.startswith("URI:")]
    if others:
        return Violated(msg("It also names {names}.", names=listed(others)), None)
    if not case.subject.alt_names:
        return NotApplicable(msg("It has no subject alternative name."))
    return Held(msg("URIs alone."))


CLI_13 = rule(
    "CLI-13",
    msg("The key is RSA with at least 2048 bits, P-256 or P-384."),
    "ONE Record certificate policy 6.1.5",
    always=Severity.ERROR,
)(shared.strong_key)

CLI_14 = rule(
    "CLI-14",
    msg("The signature uses SHA-2."),
    "ONE Record certificate policy 6.1.5, 7.1.3",
    always=Severity.ERROR,
)(shared.strong_signature)


@rule(
    "CLI-15",
    msg("The validity is at most one year."),
    "ONE Record certificate policy 6.3.2",
    sets={_2020: Severity.WARNING},
)
def at_most_one_year(case: CertificateCase) -> Outcome:
    """CLI-15."""
    return shared.one_year(case, ONE_YEAR_DAYS)


CLI_16 = rule(
    "CLI-16",
    msg("Key identifiers, CRL distribution point, caIssuers and OCSP addresses are present."),
    "ONE Record certificate policy 7.1.2.2",
    sets={_2020: Severity.WARNING},
)(shared.usual_extensions)


@rule(
    "CLI-17",
    msg("It is an X.509 certificate of version 3, and no CA's."),
    "RFC 5280 4.1.2.1, 4.2.1.9; ONE Record certificate policy 7.1.1",
    always=Severity.ERROR,
)
def version_3_end_entity(case: CertificateCase) -> Outcome:
    """CLI-17."""
    version = case.subject.details.version
    if version is None:
        return Violated(msg("Its version cannot be read."), shared.REISSUE)
    if version != 3:
        return Violated(msg("It is of version {version}.", version=version), shared.REISSUE)
    if case.subject.is_ca:
        return Violated(
            msg("It is the certificate of a CA (basicConstraints cA)."),
            msg("Issue a certificate of its own to the client."),
        )
    return Held(msg("Version 3, not a CA."))


CLI_18 = rule(
    "CLI-18",
    msg("The 1R-ID is the one on record for the organisation."),
    "ONE Record API & Security 2020 p. 67",
    sets={_2020: Severity.ERROR},
)(on_record)

CLI_19 = rule(
    "CLI-19",
    msg("The issuer is on the trusted-CA list for clients."),
    "ONE Record API 2.3 authn-transport-layer; ONE Record API & Security 2020 p. 67, 71",
    sets={_2X: Severity.ERROR, _2020: Severity.ERROR},
)(shared.issuer_on_list)


@rule(
    "CLI-20",
    msg("It is not a public TLS server certificate used as a client's."),
    "Chrome Root Program Policy 1.3.2",
    sets={_WEB: Severity.WARNING},
)
def no_public_server_certificate(case: CertificateCase) -> Outcome:
    """CLI-20."""
    usages = case.subject.extended_key_usage or ()
    if not {"serverAuth", "clientAuth"} <= set(usages):
        return Held(msg("It is no certificate for servers and clients both."))
    if case.context.publicly_trusted is None:
        return NotRun(shared.UNKNOWN_IF_PUBLIC)
    if not case.context.publicly_trusted:
        return NotApplicable(shared.NOT_PUBLIC)
    return Violated(
        msg(
            "It is publicly trusted and for servers and clients both; those issued from {date} on are for "
            "servers alone.",
            date=CLIENT_AUTH_ENDS,
        ),
        msg("Get a client certificate of its own before the next renewal."),
    )


CLI_21 = rule(
    "CLI-21",
    msg("The host of the 1R-ID is that of the server endpoint or the organisation URI."),
    "ONE Record certificate policy 3.1.1; ONE Record API 2.3 concepts",
    always=Severity.INFO,
)(same_host)


def _ids_without_faults(case: CertificateCase, *, of_the_field: bool) -> Outcome:
    uris = case.subject.uris
    if not uris:
        return NotApplicable(msg("It names no URI."))
    for uri in uris:
        fault = next((fault for fault in uri.faults if (fault in MET_IN_THE_FIELD) is of_the_field), None)
        if fault is not None:
            return Violated(
                msg("{uri} {fault}.", uri=uri.text, fault=fault_text(fault)), shared.REISSUE_AS_PROFILED
            )
    return Held(msg("URIs: {uris}.", uris=listed([uri.text for uri in uris])))


CLIENT_RULES = (
    CLI_01,
    CLI_02,
    client_auth,
    client_auth_only,
    has_extended_key_usage,
    digital_signature,
    no_other_key_usage,
    has_uri,
    valid_ids,
    no_port_and_https,
    company_id_as_subject,
    no_other_names,
    CLI_13,
    CLI_14,
    at_most_one_year,
    CLI_16,
    version_3_end_entity,
    CLI_18,
    CLI_19,
    no_public_server_certificate,
    CLI_21,
)
