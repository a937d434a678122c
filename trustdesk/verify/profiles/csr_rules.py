"""The rules on certificate requests (CSR-…), by what the request is for."""

from __future__ import annotations

from collections import Counter

from trustdesk.core.finding import Severity
from trustdesk.core.message import Message, listed, msg
from trustdesk.core.verification import Purpose
from trustdesk.formats.extension_oids import KEY_USAGE
from trustdesk.verify.one_record_id import EXACT_MATCH, comparable_id, fault_text, is_fqdn, same_one_record_id
from trustdesk.verify.profiles import shared_rules as shared
from trustdesk.verify.profiles.client_rules import COMMON_NAME
from trustdesk.verify.profiles.context import CsrCase, CsrSubject
from trustdesk.verify.profiles.key_rules import request_key_used_once
from trustdesk.verify.profiles.partner_rules import id_hosts
from trustdesk.verify.profiles.rule import Held, NotApplicable, NotRun, Outcome, RuleSetName, Violated, rule

_2020 = RuleSetName.ONE_RECORD_2020
_NO_PURPOSE = msg(
    "Whether it is for a client or a server cannot be told from its names and usages: say which."
)
AGAIN = msg("Make the request again as the profile asks.")

_UNWANTED_ATTRIBUTES = {
    "1.2.840.113549.1.9.7": "challengePassword",
    "1.2.840.113549.1.9.2": "unstructuredName",
    "1.2.840.113549.1.9.8": "unstructuredAddress",
    "1.2.840.113549.1.9.1": "emailAddress",
}


def purpose_of(case: CsrCase) -> Purpose | None:
    """Return what a request is for: as told, else by its usages, else by its names; None when undecided."""
    return case.context.csr_purpose or purpose_of_request(case.subject)


def purpose_of_request(subject: CsrSubject) -> Purpose | None:
    """Return what a request is for, by its usages, else by its names; None when undecided.

    Raises:
        UnreadablePartError: usages or names are there and cannot be decoded.
    """
    usages = set(subject.extended_key_usage or ())
    if "serverAuth" in usages:
        return Purpose.SERVER
    if "clientAuth" in usages:
        return Purpose.CLIENT
    kinds = {name.partition(":")[0] for name in subject.alt_names}
    if "DNS" in kinds and "URI" not in kinds:
        return Purpose.SERVER
    return Purpose.CLIENT if kinds == {"URI"} else None


@rule(
    "CSR-1",
    msg("The request is signed with its own key (proof of possession)."),
    "RFC 2986 4.2; ONE Record certificate policy 3.2.1",
    always=Severity.BLOCKER,
)
def proof_of_possession(case: CsrCase) -> Outcome:
    """CSR-1."""
    valid = case.subject.facts.signature_valid
    if valid is None:
        return NotRun(msg("The signature cannot be checked: its key or algorithm is unknown here."))
    if valid:
        return Held(msg("The signature was made with the key of the request."))
    return Violated(msg("The signature was not made with the key of the request."), AGAIN)


@rule(
    "CSR-2",
    msg("The subject is what the profile asks: the company id for a client, empty or a SAN for a server."),
    "ONE Record certificate policy 3.1.1, 7.1.2",
    sets={_2020: Severity.WARNING},
)
def subject_as_profiled(case: CsrCase) -> Outcome:
    """CSR-2."""
    purpose, name = purpose_of(case), case.subject.name
    shown = case.subject.facts.subject or ""
    if purpose is None:
        return NotRun(_NO_PURPOSE)
    if purpose is Purpose.SERVER:
        if not name.types:
            return Held(msg("The subject is empty."))
        values = [
            text.partition(":")[2].lower() for text in case.subject.alt_names if text.startswith("DNS:")
        ]
        if name.types == (COMMON_NAME,) and (name.common_name or "").lower() in values:
            return Held(msg("{name} is one of the names.", name=name.common_name or ""))
        return Violated(msg("The subject is {subject}.", subject=shown), AGAIN)
    if name.types != (COMMON_NAME,):
        return Violated(
            msg("The subject is {subject}.", subject=shown) if shown else msg("The subject is empty."), AGAIN
        )
    if name.common_name in [uri.company_id for uri in case.subject.uris]:
        return Held(msg("{name} is the company id of one of its 1R-IDs.", name=name.common_name or ""))
    return Violated(msg("{name} is the company id of none of its URIs.", name=name.common_name or ""), AGAIN)


@rule(
    "CSR-3",
    msg("A client's request names URIs alone, each a valid 1R-ID, the main one first."),
    "ONE Record certificate policy 7.1.2.2",
    sets={_2020: Severity.ERROR},
)
def client_names(case: CsrCase) -> Outcome:
    """CSR-3."""
    purpose = purpose_of(case)
    if purpose is None:
        return NotRun(_NO_PURPOSE)
    if purpose is not Purpose.CLIENT:
        return NotApplicable(msg("It is a request for a server."))
    others = [name for name in case.subject.alt_names if not name.startswith("URI:")]
    uris = case.subject.uris
    if others:
        return Violated(msg("It also names {names}.", names=listed(others)), AGAIN)
    if not uris:
        return Violated(msg("It names no URI."), AGAIN)
    for uri in uris:
        if uri.faults:
            return Violated(msg("{uri} {fault}.", uri=uri.text, fault=fault_text(uri.faults[0])), AGAIN)
    twice = _twice([comparable_id(uri.text) for uri in uris])
    if twice:
        return Violated(msg("{names} stands there twice.", names=listed(twice)), AGAIN)
    partner = case.context.partner
    if partner is not None and partner.one_record_ids:
        main = partner.one_record_ids[0]
        if not same_one_record_id(uris[0].text, main):
            return Violated(
                msg(
                    "The first is {first}; the main one is {main}. {rule}",
                    first=uris[0].text,
                    main=main,
                    rule=EXACT_MATCH,
                ),
                AGAIN,
            )
    elif case.subject.name.common_name != uris[0].company_id:
        return Violated(
            msg("The first is {first}, whose company id is not the subject's CN.", first=uris[0].text), AGAIN
        )
    return Held(msg("URIs: {uris}.", uris=listed([uri.text for uri in uris])))


@rule(
    "CSR-4",
    msg("A server's request names the hosts of the 1R-IDs, each once."),
    "ONE Record certificate policy 7.1.2.1; ONE Record credentials portal guide 5.2",
    sets={_2020: Severity.ERROR},
)
def server_names(case: CsrCase) -> Outcome:
    """CSR-4."""
    purpose = purpose_of(case)
    if purpose is None:
        return NotRun(_NO_PURPOSE)
    if purpose is not Purpose.SERVER:
        return NotApplicable(msg("It is a request for a client."))
    others = [name for name in case.subject.alt_names if not name.startswith("DNS:")]
    hosts = [name.removeprefix("DNS:").lower() for name in case.subject.alt_names if name.startswith("DNS:")]
    if others:
        return Violated(msg("It also names {names}.", names=listed(others)), AGAIN)
    if not hosts:
        return Violated(msg("It names no host."), AGAIN)
    unqualified = [host for host in hosts if not is_fqdn(host)]
    if unqualified:
        return Violated(msg("{names} is no fully qualified domain name.", names=listed(unqualified)), AGAIN)
    twice = _twice(hosts)
    if twice:
        return Violated(msg("{names} stands there twice.", names=listed(twice)), AGAIN)
    partner = case.context.partner
    expected = id_hosts(partner) if partner is not None else ()
    if not expected:
        return NotRun(
            msg(
                "It names {names}, well written; whether these are the hosts of the 1R-IDs cannot be told "
                "without a record of them.",
                names=listed(hosts),
            )
        )
    missing, extra = set(expected) - set(hosts), set(hosts) - set(expected)
    if missing or extra:
        return Violated(
            msg(
                "It names {names}; the 1R-IDs have {expected}.",
                names=listed(hosts),
                expected=listed(expected),
            ),
            AGAIN,
        )
    return Held(msg("It names {names}.", names=listed(hosts)))


@rule(
    "CSR-5",
    msg("The key usages that are asked for are those of the profile."),
    "ONE Record certificate policy 7.1.2.1, 7.1.2.2; ONE Record API & Security 2020 p. 70, 71",
    sets={_2020: Severity.WARNING},
)
def usages_as_profiled(case: CsrCase) -> Outcome:
    """CSR-5."""
    purpose = purpose_of(case)
    if purpose is None:
        return NotRun(_NO_PURPOSE)
    key_usage, purposes = case.subject.key_usage, case.subject.extended_key_usage
    if key_usage is None or purposes is None:
        return Violated(msg("It does not ask for key usage and extended key usage both."), AGAIN)
    allowed = {"digitalSignature", "keyEncipherment"}
    if purpose is Purpose.SERVER and case.subject.facts.key_algorithm != "RSA":
        allowed = {"digitalSignature"}
    evidence = msg(
        "It asks for {usages} and {purposes}.", usages=listed(key_usage), purposes=listed(purposes)
    )
    if "digitalSignature" not in key_usage or not set(key_usage) <= allowed:
        return Violated(evidence, AGAIN)
    if not case.subject.is_critical(KEY_USAGE):
        return Violated(msg("The key usage that it asks for is not critical."), AGAIN)
    wanted = "clientAuth" if purpose is Purpose.CLIENT else "serverAuth"
    permitted = {wanted} if purpose is Purpose.CLIENT else {"serverAuth", "clientAuth"}
    if wanted not in purposes or not set(purposes) <= permitted:
        return Violated(evidence, AGAIN)
    return Held(evidence)


CSR_6 = rule(
    "CSR-6",
    msg("Key and signature of the request are allowed."),
    "ONE Record certificate policy 6.1.5",
    always=Severity.ERROR,
)(shared.strong)


@rule(
    "CSR-7",
    msg("It asks for nothing that the CA cannot verify."),
    "ONE Record certificate policy 3.2.4",
    sets={_2020: Severity.WARNING},
)
def nothing_unverified(case: CsrCase) -> Outcome:
    """CSR-7."""
    found = [name for oid, name in _UNWANTED_ATTRIBUTES.items() if oid in case.subject.facts.attributes]
    found += [name for name in case.subject.alt_names if name.startswith("email:")]
    if any(kind != COMMON_NAME for kind in case.subject.name.types):
        found.append(case.subject.facts.subject or "")
    if found:
        return Violated(
            msg("It holds {found}.", found=listed(found)),
            msg("Leave out passwords, e-mail addresses, organisations and places."),
        )
    return Held(msg("No password, e-mail address, organisation or place."))


@rule(
    "CSR-9",
    msg("The issued certificate is what the request asked for."),
    "ONE Record certificate policy 4.3, 4.4",
    always=Severity.ERROR,
)
def issued_as_requested(case: CsrCase) -> Outcome:
    """CSR-9; how long it is valid, a request cannot say, so that the certificate's validity is shown."""
    issued, asked = case.context.issued, case.subject.facts
    if issued is None:
        return NotRun(msg("No issued certificate was given."))
    got = issued.facts
    if asked.spki_sha256 is None or asked.spki_sha256 != issued.spki_sha256:
        return Violated(
            msg("The certificate has another key than the request."),
            msg("This certificate belongs to another request; look for that, or ask the CA again."),
        )
    differences: list[Message] = []
    if Counter(asked.subject_alt_names) != Counter(got.subject_alt_names):
        differences.append(
            msg(
                "names {got} where {asked} was asked for",
                got=listed(got.subject_alt_names) if got.subject_alt_names else msg("none"),
                asked=listed(asked.subject_alt_names) if asked.subject_alt_names else msg("none"),
            )
        )
    if asked.subject != got.subject:
        differences.append(
            msg("subject {got} where {asked} was asked for", got=got.subject or "", asked=asked.subject or "")
        )
    if asked.extended_key_usage is not None and set(asked.extended_key_usage) != set(
        got.extended_key_usage or ()
    ):
        differences.append(
            msg(
                "extended key usage {got} where {asked} was asked for",
                got=listed(got.extended_key_usage) if got.extended_key_usage else msg("none"),
                asked=listed(asked.extended_key_usage),
            )
        )
    if differences:
        return Violated(
            msg("It differs: {difference}.", difference=_joined(differences)),
            msg("Ask the CA whether it changes requests by its policy, or for a corrected certificate."),
        )
    return Held(
        msg("Key, names, subject and usages are the same; valid until {not_after}.", not_after=got.not_after)
        if got.not_after is not None
        else msg("Key, names, subject and usages are the same.")
    )


@rule(
    "CSR-10",
    msg("CAA records permit the chosen CA for every host."),
    "RFC 8659; ONE Record certificate policy 4.2.1",
    always=Severity.WARNING,
)
def caa_permits(case: CsrCase) -> Outcome:
    """CSR-10: needs the DNS, which no lint asks."""
    if purpose_of(case) is Purpose.CLIENT:
        return NotApplicable(msg("A client's request names no hosts."))
    return NotRun(msg("CAA records stand in the DNS, which is not asked here."))


def _twice(texts: list[str]) -> list[str]:
    return [text for text, count in Counter(texts).items() if count > 1]


def _joined(messages: list[Message]) -> Message:
    joined = messages[0]
    for message in messages[1:]:
        joined = msg("{first}; {second}", first=joined, second=message)
    return joined


CSR_RULES = (
    proof_of_possession,
    subject_as_profiled,
    client_names,
    server_names,
    usages_as_profiled,
    CSR_6,
    nothing_unverified,
    request_key_used_once,
    issued_as_requested,
    caa_permits,
)
