"""The rules on the server's own certificate (SRV-…), each with what it found."""

from __future__ import annotations

from datetime import timedelta

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Severity
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.target import is_ip_literal
from trustdesk.core.trust import ServerFault
from trustdesk.formats.certification_path import is_issued_by
from trustdesk.verify.case import Case, Rule, Ruling, listed
from trustdesk.verify.names import dns_matches, match_name
from trustdesk.verify.paths import Link

VALIDITY = Rule(
    "SRV-01",
    Severity.BLOCKER,
    msg("The server's certificate is valid now, and stays so for a while."),
    "RFC 5280 6.1.3 (a)(2); ONE Record API & Security 2020 p. 67",
)
PURPOSE = Rule(
    "SRV-02",
    Severity.BLOCKER,
    msg("The server's certificate may be used for servers (serverAuth)."),
    "RFC 5280 4.2.1.12; ONE Record certificate policy 7.1.2.1",
)
NAME = Rule(
    "SRV-03",
    Severity.BLOCKER,
    msg("The server's certificate speaks for the name that was asked for."),
    "RFC 9525 6.3",
)
STRENGTH = Rule(
    "SRV-15",
    Severity.ERROR,
    msg("Keys and signatures of the path are strong enough."),
    "ONE Record certificate policy 6.1.5, 7.1.3",
)
ROLE = Rule(
    "SRV-16",
    Severity.ERROR,
    msg("The server's certificate was issued to it by a CA, and is no CA's own."),
    "RFC 5280 3.2, 4.2.1.9",
)
ON_LIST = Rule(
    "SRV-17",
    Severity.ERROR,
    msg("The server's certificate comes from a CA on the trust list."),
    "ONE Record API 2.3 authn-transport-layer; API & Security 2020 p. 67",
)

WARN_BEFORE = timedelta(days=30)
"""Warn of an end nearer than this, or than a third of a shorter lifetime."""

MIN_RSA_BITS = 2048
MIN_CURVE_BITS = 224
_WEAK_DIGESTS = ("md2", "md4", "md5", "sha1")


def validity(case: Case) -> Ruling:
    """SRV-01."""
    facts = case.server.facts
    if facts.not_before is None or facts.not_after is None:
        return VALIDITY.failed(msg("Its validity cannot be read."), _REISSUE, ServerFault.UNREADABLE)
    if case.at > facts.not_after:
        return VALIDITY.failed(
            msg("It expired on {not_after}; judged for {at}.", not_after=facts.not_after, at=case.at),
            msg("The partner has to install a renewed certificate."),
            ServerFault.EXPIRED,
        )
    if case.at < facts.not_before:
        return VALIDITY.failed(
            msg(
                "It is not valid before {not_before}; judged for {at}.",
                not_before=facts.not_before,
                at=case.at,
            ),
            msg("Check the clock of this machine; if it is right, the partner has to wait or renew."),
            ServerFault.NOT_YET_VALID,
        )
    left = facts.not_after - case.at
    if left < min(WARN_BEFORE, (facts.not_after - facts.not_before) / 3):
        return VALIDITY.warned(
            msg_n(
                "It expires on {not_after}, in {count} day.",
                "It expires on {not_after}, in {count} days.",
                left.days,
                not_after=facts.not_after,
            ),
            msg("Ask the partner when the renewed certificate comes."),
        )
    return VALIDITY.passed(
        msg("Valid from {not_before} to {not_after}.", not_before=facts.not_before, not_after=facts.not_after)
    )


def purpose(case: Case) -> Ruling:
    """SRV-02; without the extension every purpose is allowed."""
    usages = case.server.facts.extended_key_usage
    if usages is None:
        return PURPOSE.passed(msg("It has no extended key usage, so that no purpose is excluded."))
    if "serverAuth" in usages:
        return PURPOSE.passed(msg("Its extended key usage: {usages}.", usages=listed(usages)))
    return PURPOSE.failed(
        msg("Its extended key usage is {usages}, without serverAuth.", usages=listed(usages)),
        msg("The partner needs a certificate for servers from its CA."),
        ServerFault.PURPOSE,
    )


def name(case: Case) -> Ruling:
    """SRV-03; the Common Name is never looked at."""
    facts = case.server.facts
    reference = case.reference_identifier
    match = match_name(reference, facts.subject_alt_names)
    if match.matched_by is not None:
        return NAME.passed(
            msg("{name} is covered by {matched_by}.", name=reference, matched_by=match.matched_by)
        )
    if facts.subject_alt_names:
        return NAME.failed(
            msg(
                "It speaks for {names}, not for {name}.",
                names=listed(facts.subject_alt_names),
                name=reference,
            ),
            msg("Check the name to verify; if it is right, the partner needs a certificate with it as SAN."),
            ServerFault.NAME_MISMATCH,
        )
    common_name = facts.subject_common_name
    if common_name and not is_ip_literal(reference) and dns_matches(common_name, reference):
        return NAME.failed(
            msg("Its name stands in the common name alone, which does not count; it has no SAN."),
            msg("The partner needs a certificate with {name} as SAN.", name=reference),
            ServerFault.COMMON_NAME_ONLY,
        )
    return NAME.failed(
        msg("It has no subject alternative name, so that it speaks for no server."),
        msg("The partner needs a certificate with {name} as SAN.", name=reference),
        ServerFault.NAME_MISMATCH,
    )


def strength(case: Case) -> Ruling:
    """SRV-15, for every certificate of the chain; nobody relies on an anchor's own signature."""
    for link in case.chain:
        weak_key = _weak_key(link.facts)
        if weak_key is not None:
            return STRENGTH.failed(weak_key, _REISSUE, ServerFault.WEAK_KEY)
        algorithm = link.facts.signature_algorithm or ""
        is_anchor = case.path is not None and link is case.path[-1]
        if _is_weak_signature(algorithm) and not is_anchor and not link.is_self_issued:
            return STRENGTH.failed(
                msg("{subject} is signed with {algorithm}.", subject=link.facts.title, algorithm=algorithm),
                _REISSUE,
                ServerFault.WEAK_SIGNATURE,
            )
    facts = case.server.facts
    return STRENGTH.passed(
        msg(
            "Key {key} {bits}, signature {algorithm}; the issuers' likewise strong enough.",
            key=facts.key_algorithm or "?",
            bits=facts.key_bits or "",
            algorithm=facts.signature_algorithm or "?",
        )
    )


def role(case: Case) -> Ruling:
    """SRV-16."""
    server = case.server
    if is_self_signed(server):
        return ROLE.failed(
            msg("It is self-signed: {subject} vouches for itself.", subject=server.facts.title),
            msg("The partner needs a certificate from a CA that both sides trust."),
            ServerFault.SELF_SIGNED,
        )
    if server.facts.is_ca:
        return ROLE.failed(
            msg("It is the certificate of a CA (basicConstraints cA)."),
            msg("The partner has to issue a certificate of its own to the server."),
            ServerFault.CA_AS_SERVER,
        )
    return ROLE.passed(msg("Issued by {issuer}.", issuer=server.facts.issuer or "?"))


def on_list(case: Case) -> Ruling:
    """SRV-17."""
    if case.trust_list is None:
        return ON_LIST.not_run(msg("No trust list is selected."))
    if case.path is not None:
        return ON_LIST.passed(
            msg(
                "{anchor} is on the list {list}.", anchor=case.path[-1].facts.title, list=case.trust_list.name
            )
        )
    if len(case.presented) == 1 and not case.server.is_self_issued:
        return ON_LIST.not_run(
            msg(
                "{issuer} is not on the list {list}; whether a CA above it is cannot be told, "
                "because its certificate was not sent.",
                issuer=case.server.facts.issuer or "?",
                list=case.trust_list.name,
            )
        )
    top = case.chain[-1].facts
    return ON_LIST.failed(
        msg(
            "Neither {issuer} nor a CA above it is on the list {list}.",
            issuer=top.issuer or "?",
            list=case.trust_list.name,
        ),
        msg(
            "Select the list that this CA belongs to, or ask the partner for a certificate from a listed CA."
        ),
    )


def is_self_signed(link: Link) -> bool:
    """Whether a certificate's own key made its signature (RFC 5280 3.2)."""
    certificate = link.certificate
    return certificate is not None and link.is_self_issued and is_issued_by(certificate, certificate)


def _weak_key(facts: CertificateFacts) -> Message | None:
    algorithm, bits = facts.key_algorithm, facts.key_bits or 0
    least = {"RSA": MIN_RSA_BITS, "RSASSA-PSS": MIN_RSA_BITS, "EC": MIN_CURVE_BITS}.get(algorithm or "")
    if algorithm == "DSA":
        return msg("The key of {subject} is DSA, which nobody accepts any more.", subject=facts.title)
    if least is None or facts.key_bits is None or bits >= least:
        return None
    return msg(
        "The key of {subject} is {key} with {bits} bits; at least {least} are asked for.",
        subject=facts.title,
        key=algorithm or "",
        bits=bits,
        least=least,
    )


def _is_weak_signature(algorithm: str) -> bool:
    name = algorithm.lower().replace("-", "")
    return any(digest in name for digest in _WEAK_DIGESTS)


_REISSUE = msg("The partner needs a new certificate from its CA.")

SERVER_RULES = (validity, purpose, name, strength, role, on_list)
