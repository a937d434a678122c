"""The rules on the server's own certificate (SRV-…), each with what it found."""

from __future__ import annotations

from datetime import datetime, timedelta

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import msg
from trustdesk.core.target import is_ip_literal
from trustdesk.core.trust import ServerFault
from trustdesk.verify.case import Case, Ruling
from trustdesk.verify.catalogue import in_gate
from trustdesk.verify.names import dns_matches
from trustdesk.verify.path_view import OF_DISTRUST, OF_TRUST
from trustdesk.verify.profiles import path_outcomes as outcomes
from trustdesk.verify.profiles import server_rules as rules
from trustdesk.verify.profiles.key_rules import key_secret as key_secret_rule
from trustdesk.verify.profiles.rule import Outcome, Violated

VALIDITY = in_gate(rules.valid)
PURPOSE = in_gate(rules.server_auth)
NAME = in_gate(rules.speaks_for_name)
STRENGTH = in_gate(rules.strong)
ROLE = in_gate(rules.issued_to_the_server)
ON_LIST = in_gate(rules.SRV_17)
KEY_SECRET = in_gate(key_secret_rule)

WARN_BEFORE = timedelta(days=30)
"""Warn of an end nearer than this, or than a third of a shorter lifetime."""


def validity(case: Case) -> Ruling:
    """SRV-01."""
    facts, at = case.server.facts, case.verification.at
    if facts.not_before is None or facts.not_after is None:
        return VALIDITY.failed(msg("Its validity cannot be read."), _REISSUE, ServerFault.UNREADABLE)
    now = outcomes.within_validity(
        facts.not_before,
        facts.not_after,
        at,
        if_expired=msg("The partner has to install a renewed certificate."),
        if_early=msg("Check the clock of this machine; if it is right, the partner has to wait or renew."),
    )
    if isinstance(now, Violated):
        fault = ServerFault.EXPIRED if at > facts.not_after else ServerFault.NOT_YET_VALID
        return VALIDITY.ruled(now, fault)
    near = near_its_end(facts)
    if near is not None and at > near:
        return VALIDITY.warned(
            outcomes.expires(facts.not_after, at), msg("Ask the partner when the renewed certificate comes.")
        )
    return VALIDITY.ruled(now)


def near_its_end(facts: CertificateFacts) -> datetime | None:
    """Return from when on SRV-01 warns of a certificate's end; None when its validity cannot be read."""
    if facts.not_before is None or facts.not_after is None:
        return None
    return facts.not_after - min(WARN_BEFORE, (facts.not_after - facts.not_before) / 3)


def purpose(case: Case) -> Ruling:
    """SRV-02."""
    outcome = outcomes.fit_for_purpose(
        case.view, msg("The partner needs a certificate for servers from its CA.")
    )
    return PURPOSE.ruled(outcome, *_if_violated(outcome, ServerFault.PURPOSE))


def name(case: Case) -> Ruling:
    """SRV-03."""
    facts, reference = case.server.facts, case.verification.reference_identifier or ""
    outcome = outcomes.speaks_for_name(
        case.view,
        msg("Check the name to verify; if it is right, the partner needs a certificate with it as SAN.")
        if facts.subject_alt_names
        else msg("The partner needs a certificate with {name} as SAN.", name=reference),
    )
    only_in_common_name = (
        not facts.subject_alt_names
        and not is_ip_literal(reference)
        and dns_matches(facts.subject_common_name or "", reference)
    )
    fault = ServerFault.COMMON_NAME_ONLY if only_in_common_name else ServerFault.NAME_MISMATCH
    return NAME.ruled(outcome, *_if_violated(outcome, fault))


def strength(case: Case) -> Ruling:
    """SRV-15, for every certificate of the chain."""
    weakness = outcomes.weak_link(case.view, _REISSUE)
    if weakness is not None:
        fault = ServerFault.WEAK_KEY if case.view.failures("chain.key") else ServerFault.WEAK_SIGNATURE
        return STRENGTH.ruled(weakness, *_if_violated(weakness, fault))
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
    outcome = outcomes.issued_by_a_ca(
        case.view,
        if_self_signed=msg("The partner needs a certificate from a CA that both sides trust."),
        if_ca=msg("The partner has to issue a certificate of its own to the server."),
    )
    is_alone = outcomes.is_self_signed(case.server)
    fault = ServerFault.SELF_SIGNED if is_alone else ServerFault.CA_AS_SERVER
    return ROLE.ruled(outcome, *_if_violated(outcome, fault))


def key_secret(case: Case) -> Ruling:
    """KEY-05, for every certificate of the chain: with a CA's key too anybody can be this server."""
    outcome = outcomes.key_secret(
        case.published_keys,
        case.server.key_digests,
        [(one.title, one.key_digests) for one in case.issuers],
        if_own=msg("The partner has to make a new key, and have the old certificate revoked."),
        if_issuer=msg(
            "The partner needs a certificate from another CA: anybody can issue in the name of this one."
        ),
    )
    return KEY_SECRET.ruled(outcome, *_if_violated(outcome, ServerFault.KEY_PUBLISHED))


def on_list(case: Case) -> Ruling:
    """SRV-17."""
    if case.trust_list is None:
        return ON_LIST.not_run(msg("No trust list is selected."))
    faults = dict.fromkeys(_trust_fault(one.rule) for one in case.view.failures(*OF_TRUST))
    found = outcomes.on_list(case.view, _ABOUT_TRUST[next(iter(faults), ServerFault.CA_NOT_IN_LIST)])
    if found is not None:
        return ON_LIST.ruled(found, *faults)
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


def _trust_fault(rule: str) -> ServerFault:
    """Return what the failure of a rule on lists, decisions or policies makes of a server."""
    if rule in OF_DISTRUST:
        return ServerFault.DISTRUSTED
    return _POLICY_FAULTS.get(rule, ServerFault.CA_NOT_IN_LIST)


_POLICY_FAULTS = {
    "trust.only_through": ServerFault.NOT_THROUGH_CHOSEN_CA,
    "trust.pins": ServerFault.PIN_MISMATCH,
}
_ABOUT_TRUST = {
    ServerFault.CA_NOT_IN_LIST: msg(
        "See what the list says of this CA; the partner needs a certificate that it allows."
    ),
    ServerFault.DISTRUSTED: msg(
        "The partner needs a certificate from a CA that is trusted; else the decision has to be taken back."
    ),
    ServerFault.NOT_THROUGH_CHOSEN_CA: msg(
        "Ask the partner whether it changed its CA; if that is agreed, change the policy of this partner."
    ),
    ServerFault.PIN_MISMATCH: msg(
        "Ask the partner over another channel whether its key is new; if so, pin that in its policy."
    ),
}


def _if_violated(outcome: Outcome, fault: ServerFault) -> tuple[ServerFault, ...]:
    return (fault,) if isinstance(outcome, Violated) else ()


_REISSUE = msg("The partner needs a new certificate from its CA.")

SERVER_RULES = (validity, purpose, name, strength, role, on_list, key_secret)
