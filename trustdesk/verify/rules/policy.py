"""Certificate policies along the path (RFC 5280 6.1.3 (d)-(f), 6.1.4 (a)-(j); RFC 9618)."""

from __future__ import annotations

from trustdesk.core.message import listed, msg
from trustdesk.core.verification import RuleKind
from trustdesk.formats import extension_oids as oids
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.rules.rule import (
    BELOW_ANCHOR,
    END_ENTITY,
    NO_EXTENSION,
    UNREADABLE,
    OnAnchor,
    Outcome,
    PathContext,
    Place,
    Rule,
    failed,
    not_applicable,
    not_run,
    passed,
)


def state(context: PathContext, index: int) -> Outcome:
    """policy.state: a policy is required here, and none is valid."""
    certificate, after = context.path[index], context.policies[index]
    where = certificate.place(oids.CERTIFICATE_POLICIES)
    if after.missing:
        if index + 1 < len(context.policies) and context.policies[index + 1].missing:
            return _MISSING_ABOVE  # RFC 5280 6.1.3 stops there; what is below is not at fault.
        return failed(
            msg("A valid policy is required at {subject}, and none is left.", subject=certificate.title),
            where,
        )
    if after.policies is None:
        return passed(msg("No policy is left, and none is required."), where)
    return passed(
        msg(
            "{policies}; explicit policy in {explicit}, mapping for {mapping}, anyPolicy for {any} more.",
            policies=listed(sorted(after.policies)),
            explicit=after.explicit_policy,
            mapping=after.policy_mapping,
            any=after.inhibit_any_policy,
        ),
        where,
    )


def mappings(context: PathContext, index: int) -> Outcome:
    """policy.mappings: anyPolicy is never mapped."""
    certificate = context.path[index]
    if not certificate.policy_mappings:
        return _NO_MAPPINGS
    where = certificate.place(oids.POLICY_MAPPINGS)
    if index < len(context.policies) and context.policies[index].maps_any_policy:
        return failed(msg("{subject} maps from or to anyPolicy.", subject=certificate.title), where)
    return passed(
        msg("It maps {mappings}.", mappings=listed([f"{a} = {b}" for a, b in certificate.policy_mappings])),
        where,
    )


def valid_set(context: PathContext, _: int) -> Outcome:
    """policy.valid_set: what is left at the end, of what was asked for."""
    certificate = context.path[0]
    where = certificate.place(oids.CERTIFICATE_POLICIES)
    valid = context.valid_policies
    if valid is None:
        return passed(msg("The path is valid for any policy."), where)
    if valid:
        return passed(msg("The path is valid for {policies}.", policies=listed(sorted(valid))), where)
    if context.policies and context.policies[0].missing:
        return _MISSING_ABOVE
    if context.policies and context.policies[0].explicit_policy == 0:
        return failed(msg("The path is valid for no policy that is asked for, and one is required."), where)
    return passed(msg("The path is valid for no policy, and none is required."), where)


def critical(certificate: Decoded, _: Place) -> Outcome:
    """policy.critical: who does not understand a constraint is not to pass over it."""
    if certificate.fields is None:
        return UNREADABLE
    for oid, extension in _CONSTRAINTS.items():
        if certificate.has(oid) and not certificate.is_critical(oid):
            return failed(
                msg(
                    "The extension {extension} of {subject} is not critical.",
                    extension=extension,
                    subject=certificate.title,
                ),
                certificate.place(oid),
            )
    return _CRITICAL if any(map(certificate.has, _CONSTRAINTS)) else NO_EXTENSION


_MISSING_ABOVE = not_run(msg("A required policy is missing further up already."))
_CONSTRAINTS = {
    oids.POLICY_CONSTRAINTS: "policyConstraints",
    oids.INHIBIT_ANY_POLICY: "inhibitAnyPolicy",
}
_CRITICAL = passed(msg("They are critical."))
_NO_MAPPINGS = not_applicable(msg("It maps no policies."))

POLICY_RULES = (
    Rule(
        "policy.critical",
        "RFC 5280 4.2.1.11, 4.2.1.14",
        RuleKind.CONFORMANCE,
        msg("policyConstraints and inhibitAnyPolicy are critical."),
        critical,
    ),
    Rule(
        "policy.state",
        "RFC 5280 6.1.3 (d)-(f); RFC 9618 5.2",
        RuleKind.VALIDITY,
        msg("A valid policy is left where one is required."),
        judge_in_path=state,
        asked_of=BELOW_ANCHOR,
    ),
    Rule(
        "policy.mappings",
        "RFC 5280 6.1.4 (a), (b); RFC 9618 5.3",
        RuleKind.VALIDITY,
        msg("Policies are not mapped from or to anyPolicy."),
        judge_in_path=mappings,
        on_anchor=OnAnchor.CONSTRAINTS,
        rests_on=oids.POLICY_MAPPINGS,
    ),
    Rule(
        "policy.valid_set",
        "RFC 5280 6.1.5 (g); RFC 9618 5.4",
        RuleKind.VALIDITY,
        msg("The path is valid for a policy that is asked for, where one is required."),
        judge_in_path=valid_set,
        asked_of=END_ENTITY,
    ),
)
