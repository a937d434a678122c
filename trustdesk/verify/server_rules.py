"""The rules on the server's own certificate (SRV-…), each with what it found."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Severity
from trustdesk.core.message import msg, msg_n
from trustdesk.core.target import is_ip_literal
from trustdesk.core.trust import ServerFault
from trustdesk.core.verification import RuleCheck, RuleStatus
from trustdesk.verify.case import Case, Rule, Ruling
from trustdesk.verify.catalogue import in_gate
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.names import dns_matches
from trustdesk.verify.profiles import server_rules as rules
from trustdesk.verify.signatures import SignatureStatus, check_signature

VALIDITY = in_gate(rules.valid)
PURPOSE = in_gate(rules.server_auth)
NAME = in_gate(rules.speaks_for_name)
STRENGTH = in_gate(rules.SRV_15)
ROLE = in_gate(rules.issued_to_the_server)
ON_LIST = Rule(
    "SRV-17",
    Severity.ERROR,
    msg("The server's certificate comes from a CA on the trust list."),
    "ONE Record API 2.3 authn-transport-layer; API & Security 2020 p. 67",
)
KEY_SECRET = Rule(
    "KEY-05",
    Severity.BLOCKER,
    msg("No key of the chain is known to be public."),
    "ONE Record certificate policy 4.9.1; CA/Browser Forum TLS Baseline Requirements 4.9.1.1",
)

WARN_BEFORE = timedelta(days=30)
"""Warn of an end nearer than this, or than a third of a shorter lifetime."""


def validity(case: Case) -> Ruling:
    """SRV-01."""
    facts, at = case.server.facts, case.verification.at
    if facts.not_before is None or facts.not_after is None:
        return VALIDITY.failed(msg("Its validity cannot be read."), _REISSUE, ServerFault.UNREADABLE)
    if at > facts.not_after:
        return VALIDITY.failed(
            msg("It expired on {not_after}; judged for {at}.", not_after=facts.not_after, at=at),
            msg("The partner has to install a renewed certificate."),
            ServerFault.EXPIRED,
        )
    if at < facts.not_before:
        return VALIDITY.failed(
            msg("It is not valid before {not_before}; judged for {at}.", not_before=facts.not_before, at=at),
            msg("Check the clock of this machine; if it is right, the partner has to wait or renew."),
            ServerFault.NOT_YET_VALID,
        )
    left = facts.not_after - at
    near = near_its_end(facts)
    if near is not None and at > near:
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


def near_its_end(facts: CertificateFacts) -> datetime | None:
    """Return from when on SRV-01 warns of a certificate's end; None when its validity cannot be read."""
    if facts.not_before is None or facts.not_after is None:
        return None
    return facts.not_after - min(WARN_BEFORE, (facts.not_after - facts.not_before) / 3)


def purpose(case: Case) -> Ruling:
    """SRV-02; without the extension every purpose is allowed."""
    # The key usage of a CA, sent in place of a server's certificate, is named as what it is (SRV-16).
    is_ca = bool(case.failures("leaf.end_entity"))
    rules = ("purpose.extended_key_usage", *(() if is_ca else ("purpose.key_usage",)))
    for failure in case.failures(*rules):
        return PURPOSE.failed(
            failure.evidence,
            msg("The partner needs a certificate for servers from its CA."),
            ServerFault.PURPOSE,
        )
    return _as_checked(PURPOSE, case.check("purpose.extended_key_usage"))


def name(case: Case) -> Ruling:
    """SRV-03; the Common Name is never looked at."""
    for failure in case.failures("leaf.peer_name"):
        facts, reference = case.server.facts, case.verification.reference_identifier or ""
        if facts.subject_alt_names:
            return NAME.failed(
                failure.evidence,
                msg(
                    "Check the name to verify; if it is right, the partner needs a certificate "
                    "with it as SAN."
                ),
                ServerFault.NAME_MISMATCH,
            )
        common_name = facts.subject_common_name or ""
        only_there = not is_ip_literal(reference) and dns_matches(common_name, reference)
        return NAME.failed(
            failure.evidence,
            msg("The partner needs a certificate with {name} as SAN.", name=reference),
            ServerFault.COMMON_NAME_ONLY if only_there else ServerFault.NAME_MISMATCH,
        )
    return _as_checked(NAME, case.check("leaf.peer_name"))


def strength(case: Case) -> Ruling:
    """SRV-15, for every certificate of the chain; nobody relies on an anchor's own signature."""
    for failure in case.failures("chain.key"):
        return STRENGTH.failed(failure.evidence, _REISSUE, ServerFault.WEAK_KEY)
    for failure in case.failures("chain.digest"):
        return STRENGTH.failed(failure.evidence, _REISSUE, ServerFault.WEAK_SIGNATURE)
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
            msg("It is self-signed: {subject} vouches for itself.", subject=server.title),
            msg("The partner needs a certificate from a CA that both sides trust."),
            ServerFault.SELF_SIGNED,
        )
    for failure in case.failures("leaf.end_entity"):
        return ROLE.failed(
            failure.evidence,
            msg("The partner has to issue a certificate of its own to the server."),
            ServerFault.CA_AS_SERVER,
        )
    return ROLE.passed(msg("Issued by {issuer}.", issuer=server.facts.issuer or "?"))


def key_secret(case: Case) -> Ruling:
    """KEY-05, for every certificate of the chain: with a CA's key too anybody can be this server."""
    known = case.published_keys
    if known is None:
        return KEY_SECRET.not_run(msg("No list of public private keys was given."))
    if case.server.fields is None:
        return KEY_SECRET.not_run(msg("The certificate cannot be read."))
    for one in case.chain:
        origin = known.get(hashlib.sha256(one.public_key).hexdigest())
        if origin is not None:
            return KEY_SECRET.failed(
                msg(
                    "The private key of {name} has been published ({origin}).", name=one.title, origin=origin
                ),
                msg("The partner has to make a new key, and have the old certificate revoked."),
                ServerFault.KEY_PUBLISHED,
            )
    return KEY_SECRET.passed(
        msg(
            "They are none of the {count} keys on the list; the list does not know every one.",
            count=len(known),
        )
    )


def on_list(case: Case) -> Ruling:
    """SRV-17."""
    if case.trust_list is None:
        return ON_LIST.not_run(msg("No trust list is selected."))
    for failure in case.failures("anchor."):
        return ON_LIST.failed(
            failure.evidence,
            msg("See what the list says of this CA; the partner needs a certificate that it allows."),
            ServerFault.CA_NOT_IN_LIST,
        )
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


def is_self_signed(certificate: Decoded) -> bool:
    """Whether a certificate's own key made its signature (RFC 5280 3.2)."""
    return certificate.is_self_issued and check_signature(certificate, certificate) is SignatureStatus.MADE


def _as_checked(rule: Rule, check: RuleCheck) -> Ruling:
    """Say what the evaluator said where it found nothing wrong."""
    if check.status is RuleStatus.PASS:
        return rule.passed(check.evidence)
    if check.status is RuleStatus.NOT_APPLICABLE:
        return rule.not_applicable(check.evidence)
    return rule.not_run(check.evidence)


_REISSUE = msg("The partner needs a new certificate from its CA.")

SERVER_RULES = (validity, purpose, name, strength, role, on_list, key_secret)
