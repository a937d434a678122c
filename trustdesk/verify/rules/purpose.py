"""Is the path fit for the purpose: key usage and extended key usage (RFC 5280 4.2.1.3, 4.2.1.12)?"""

from __future__ import annotations

from trustdesk.core.message import listed, msg
from trustdesk.core.verification import Purpose, RuleKind
from trustdesk.formats import extension_oids as oids
from trustdesk.verify import extension_values as values
from trustdesk.verify.rules.rule import (
    END_ENTITY,
    ISSUERS,
    UNREADABLE,
    OnAnchor,
    Outcome,
    PathContext,
    Rule,
    failed,
    not_applicable,
    passed,
    warned,
)

ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0"
PURPOSE_OID = {Purpose.SERVER: "1.3.6.1.5.5.7.3.1", Purpose.CLIENT: "1.3.6.1.5.5.7.3.2"}
PURPOSE_NAME = {Purpose.SERVER: "serverAuth", Purpose.CLIENT: "clientAuth"}
_KEY_ENCIPHERMENT, _KEY_AGREEMENT = 2, 4


def extended_key_usage(context: PathContext, _: int) -> Outcome:
    """purpose.extended_key_usage: without the extension every purpose is allowed."""
    certificate = context.path[0]
    if certificate.fields is None:
        return UNREADABLE
    if not context.inputs.purpose_required:
        return _NOT_ASKED
    where = certificate.place(oids.EXTENDED_KEY_USAGE)
    usages = certificate.extended_key_usage
    shown = listed(certificate.facts.extended_key_usage or usages or ())
    if usages is None:
        return _NO_EXTENDED_KEY_USAGE
    if PURPOSE_OID[context.purpose] in usages:
        return passed(msg("Its extended key usage: {usages}.", usages=shown), where)
    if ANY_EXTENDED_KEY_USAGE in usages and context.inputs.any_extended_key_usage:
        return passed(msg("Its extended key usage allows everything."), where)
    return failed(
        msg(
            "The extended key usage of {subject} is {usages}, without {purpose}.",
            subject=certificate.title,
            usages=shown,
            purpose=PURPOSE_NAME[context.purpose],
        ),
        where,
    )


def issuer_extended_key_usage(context: PathContext, index: int) -> Outcome:
    """purpose.issuer_extended_key_usage: a CA's extended key usage limits what it issues, by custom."""
    certificate = context.path[index]
    if certificate.fields is None:
        return UNREADABLE
    if not context.inputs.nested_extended_key_usage or not context.inputs.purpose_required:
        return _NOT_ASKED
    usages = certificate.extended_key_usage
    if usages is None:
        return _CA_FOR_EVERYTHING
    where = certificate.place(oids.EXTENDED_KEY_USAGE)
    shown = listed(certificate.facts.extended_key_usage or usages)
    if PURPOSE_OID[context.purpose] in usages or ANY_EXTENDED_KEY_USAGE in usages:
        return passed(msg("Its extended key usage: {usages}.", usages=shown), where)
    return failed(
        msg(
            "{subject} is limited to {usages}, without {purpose}.",
            subject=certificate.title,
            usages=shown,
            purpose=PURPOSE_NAME[context.purpose],
        ),
        where,
    )


def key_usage(context: PathContext, _: int) -> Outcome:
    """purpose.key_usage: a key that may neither sign nor exchange keys is of no use in TLS."""
    certificate = context.path[0]
    if not context.inputs.purpose_required:
        return _NOT_ASKED
    usages = certificate.key_usage
    if usages is None:
        return _NO_KEY_USAGE
    where = certificate.place(oids.KEY_USAGE)
    shown = listed(certificate.facts.key_usage or ())
    if values.DIGITAL_SIGNATURE in usages:
        return passed(msg("Its key usage: {usages}.", usages=shown), where)
    useful = {_KEY_ENCIPHERMENT, _KEY_AGREEMENT} if context.purpose is Purpose.SERVER else {_KEY_AGREEMENT}
    say = warned if useful & usages else failed
    return say(
        msg(
            "The key usage of {subject} is {usages}, without digitalSignature.",
            subject=certificate.title,
            usages=shown or "-",
        ),
        where,
    )


_NOT_ASKED = not_applicable(msg("The purpose is not asked for."))
_NO_EXTENDED_KEY_USAGE = passed(msg("It has no extended key usage, so that no purpose is excluded."))
_CA_FOR_EVERYTHING = passed(msg("It has no extended key usage, so that it may issue for every purpose."))
_NO_KEY_USAGE = passed(msg("It has no key usage, so that no use is excluded."))

PURPOSE_RULES = (
    Rule(
        "purpose.extended_key_usage",
        "RFC 5280 4.2.1.12",
        RuleKind.VALIDITY,
        msg("The end entity may be used for the purpose (extended key usage)."),
        judge_in_path=extended_key_usage,
        asked_of=END_ENTITY,
        rests_on=oids.EXTENDED_KEY_USAGE,
    ),
    Rule(
        "purpose.issuer_extended_key_usage",
        "RFC 5280 4.2.1.12, and custom of all TLS stacks",
        RuleKind.VALIDITY,
        msg("The CA may issue for the purpose (extended key usage)."),
        judge_in_path=issuer_extended_key_usage,
        asked_of=ISSUERS,
        on_anchor=OnAnchor.CONSTRAINTS,
        rests_on=oids.EXTENDED_KEY_USAGE,
    ),
    Rule(
        "purpose.key_usage",
        "RFC 5280 4.2.1.3, 4.2.1.12; RFC 8446 4.4.2.2",
        RuleKind.VALIDITY,
        msg("The key may be used for TLS (key usage)."),
        judge_in_path=key_usage,
        asked_of=END_ENTITY,
        rests_on=oids.KEY_USAGE,
    ),
)
