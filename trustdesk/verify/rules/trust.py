"""What lists and people here say of a whole path, wherever it ends."""

from __future__ import annotations

from trustdesk.core.message import msg
from trustdesk.core.verification import Purpose, RuleKind
from trustdesk.verify.rules.rule import (
    END_ENTITY,
    Outcome,
    PathContext,
    Rule,
    failed,
    not_applicable,
    passed,
)


def distrusted(context: PathContext, index: int) -> Outcome:
    """trust.distrusted: of a certificate and of its key, so that no other certificate of it helps."""
    policy, certificate = context.policy, context.path[index]
    if not policy.by_certificate and not policy.by_key:
        return _NOTHING_DISTRUSTED
    distrust = policy.distrust_of(certificate, context.path[0], context.at, context.purpose)
    if distrust is None:
        return _NOT_DISTRUSTED
    if index and index == len(context.path) - 1 and _is_said_by_the_anchor(context):
        return _SAID_BY_THE_ANCHOR
    if len(distrust.purposes) < len(Purpose):
        return failed(
            msg(
                "{certificate} may not vouch here for this purpose. {why}",
                certificate=certificate.title,
                why=distrust.why,
            )
        )
    if certificate.sha256 != distrust.sha256:
        return failed(
            msg(
                "The key of {certificate} is distrusted: another certificate of it is. {why}",
                certificate=certificate.title,
                why=distrust.why,
            )
        )
    return failed(msg("{certificate} is distrusted. {why}", certificate=certificate.title, why=distrust.why))


def _is_said_by_the_anchor(context: PathContext) -> bool:
    """Whether a rule on the anchor fails for the same reason already."""
    if context.anchor is None:
        return False
    trust, issued_at = context.anchor.trust, context.path[0].facts.not_before
    return (
        trust.distrusted
        or (trust.ends is not None and context.at >= trust.ends)
        or (trust.distrust_after is not None and (issued_at is None or issued_at > trust.distrust_after))
    )


def only_through(context: PathContext, _: int) -> Outcome:
    """trust.only_through."""
    if context.anchor is None:
        return _NO_PATH
    if not context.policy.only_through:
        return _ANY_CA
    if context.policy.passes_chosen(context.path):
        return passed(msg("The path passes through a CA that was chosen."))
    return failed(
        msg(
            "The path ends at {anchor} and passes through none of the CAs that were chosen.",
            anchor=context.path[-1].title,
        )
    )


def pins(context: PathContext, _: int) -> Outcome:
    """trust.pins."""
    if context.anchor is None:
        return _NO_PATH
    if not context.policy.pins:
        return _NO_PINS
    if context.policy.has_pinned(context.path):
        return passed(msg("A key of the path is pinned."))
    return failed(
        msg("No key of the path to {anchor} is one that was pinned.", anchor=context.path[-1].title)
    )


_NOTHING_DISTRUSTED = not_applicable(msg("No list and no decision distrusts any key."))
_NOT_DISTRUSTED = passed(msg("Neither the certificate nor its key is distrusted."))
_SAID_BY_THE_ANCHOR = not_applicable(msg("What the list says of the anchor says it already."))
_NO_PATH = not_applicable(msg("The path ends at no anchor."))
_ANY_CA = not_applicable(msg("No CA was chosen: any on the list will do."))
_NO_PINS = not_applicable(msg("No key was pinned."))

TRUST_RULES = (
    Rule(
        "trust.distrusted",
        "Trust list; local decision",
        RuleKind.VALIDITY,
        msg("Neither the certificate nor its key is distrusted."),
        judge_in_path=distrusted,
    ),
    Rule(
        "trust.only_through",
        "Policy of the partner",
        RuleKind.VALIDITY,
        msg("The path passes through a CA that was chosen."),
        judge_in_path=only_through,
        asked_of=END_ENTITY,
    ),
    Rule(
        "trust.pins",
        "Policy of the partner; RFC 7469 2.6",
        RuleKind.VALIDITY,
        msg("A key of the path is pinned."),
        judge_in_path=pins,
        asked_of=END_ENTITY,
    ),
)
