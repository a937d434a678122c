"""What a certificate says of an organisation against what the workspace has on record of it."""

from __future__ import annotations

from trustdesk.core.message import listed, msg
from trustdesk.core.target import is_ip_literal
from trustdesk.verify.names import match_name
from trustdesk.verify.one_record_id import EXACT_MATCH, read_one_record_id, same_one_record_id
from trustdesk.verify.profiles.context import CertificateCase, PartnerRecord
from trustdesk.verify.profiles.rule import Held, NotApplicable, NotRun, Outcome, Violated

_NO_RECORD = msg("The workspace has no record of the organisation to compare with.")


def on_record(case: CertificateCase) -> Outcome:
    """CLI-18: the exact-match rule of `verify.one_record_id`."""
    partner = case.context.partner
    if partner is None or not partner.one_record_ids:
        return NotRun(_NO_RECORD)
    uris = [uri.text for uri in case.subject.uris]
    for uri in uris:
        if any(same_one_record_id(uri, known) for known in partner.one_record_ids):
            return Held(
                msg(
                    "{uri} is on record for {partner}. {rule}",
                    uri=uri,
                    partner=partner.name,
                    rule=EXACT_MATCH,
                )
            )
    return Violated(
        msg(
            "It names {uris}; on record for {partner} is {known}. {rule}",
            uris=listed(uris) if uris else msg("no URI"),
            partner=partner.name,
            known=listed(partner.one_record_ids),
            rule=EXACT_MATCH,
        ),
        msg("Correct the record, or get a certificate with the 1R-ID that is on record."),
    )


def same_host(case: CertificateCase) -> Outcome:
    """CLI-21: the two kinds of identity of ONE Record share nothing but a host."""
    partner = case.context.partner
    if not case.subject.uris:
        return NotApplicable(msg("It names no URI."))
    if partner is None or not partner.hosts:
        return NotRun(_NO_RECORD)
    hosts = {host.lower() for host in partner.hosts}
    own = [uri.host for uri in case.subject.uris if uri.host is not None]
    if any(host in hosts for host in own):
        return Held(msg("{hosts} is among them.", hosts=listed(own)))
    return Violated(
        msg("The 1R-IDs name {own}; on record are {hosts}.", own=listed(own), hosts=listed(sorted(hosts))),
        None,
    )


def hosts_covered(case: CertificateCase) -> Outcome:
    """SRV-04."""
    partner = case.context.partner
    hosts = expected_hosts(partner) if partner is not None else ()
    if not hosts:
        return NotRun(_NO_RECORD)
    missing = [host for host in hosts if not match_name(host, case.subject.alt_names).matches]
    if missing:
        return Violated(
            msg("Not covered: {missing}.", missing=listed(missing)),
            msg("Ask the CA for a certificate that names every host of the organisation's 1R-IDs."),
        )
    return Held(msg("Covered: {hosts}.", hosts=listed(hosts)))


def expected_hosts(partner: PartnerRecord) -> tuple[str, ...]:
    """Return the hosts of an organisation's 1R-IDs and endpoints, each once, in their order."""
    of_ids = (read_one_record_id(text).host for text in partner.one_record_ids)
    hosts = (host.lower() for host in (*of_ids, *partner.hosts) if host is not None)
    return tuple(dict.fromkeys(hosts))


def id_hosts(partner: PartnerRecord) -> tuple[str, ...]:
    """Return the host names of an organisation's 1R-IDs alone, each once, in their order."""
    hosts = (read_one_record_id(text).host for text in partner.one_record_ids)
    return tuple(dict.fromkeys(host for host in hosts if host is not None and not is_ip_literal(host)))
