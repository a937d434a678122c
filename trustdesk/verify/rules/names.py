"""Name constraints: are they well formed, and do the names below keep to them (RFC 5280 4.2.1.10)?"""

from __future__ import annotations

from collections.abc import Callable

from trustdesk.core.message import Message, msg
from trustdesk.core.verification import RuleKind
from trustdesk.formats import extension_oids as oids
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.extension_values import NameKind
from trustdesk.verify.name_constraints import NOTHING_CONSTRAINED
from trustdesk.verify.name_subtrees import unusable_base
from trustdesk.verify.rules.rule import (
    BELOW_ANCHOR,
    NO_EXTENSION,
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


def syntax(certificate: Decoded, _: Place) -> Outcome:
    """names.syntax."""
    constraints = certificate.name_constraints
    if constraints is None:
        return NO_EXTENSION
    where = certificate.place(oids.NAME_CONSTRAINTS)
    if not constraints.whole:
        return failed(
            msg("{subject} has a name constraint with a minimum or maximum.", subject=certificate.title),
            where,
        )
    for base in (*constraints.permitted, *constraints.excluded):
        if unusable_base(base):
            return failed(
                msg(
                    "The name constraint {base} of {subject} is not written as it should be.",
                    base=base.text,
                    subject=certificate.title,
                ),
                where,
            )
    return passed(
        msg(
            "{permitted} permitted and {excluded} excluded subtrees.",
            permitted=len(constraints.permitted),
            excluded=len(constraints.excluded),
        ),
        where,
    )


def leading_dot(certificate: Decoded, _: Place) -> Outcome:
    """names.leading_dot: RFC 5280 knows none before a DNS name; it is read as "all below", as others do."""
    constraints = certificate.name_constraints
    if constraints is None:
        return NO_EXTENSION
    where = certificate.place(oids.NAME_CONSTRAINTS)
    for base in (*constraints.permitted, *constraints.excluded):
        if base.kind is NameKind.DNS and base.text.startswith("."):
            return failed(
                msg(
                    "The name constraint {base} of {subject} begins with a dot.",
                    base=base.text,
                    subject=certificate.title,
                ),
                where,
            )
    return passed(msg("No DNS constraint begins with a dot."), where)


def critical(certificate: Decoded, _: Place) -> Outcome:
    """names.critical."""
    if not certificate.has(oids.NAME_CONSTRAINTS):
        return NO_EXTENSION
    where = certificate.place(oids.NAME_CONSTRAINTS)
    if certificate.is_critical(oids.NAME_CONSTRAINTS):
        return passed(msg("They are critical."), where)
    return failed(
        msg("The name constraints of {subject} are not critical.", subject=certificate.title), where
    )


def only_in_a_ca(certificate: Decoded, _: Place) -> Outcome:
    """names.only_ca."""
    if not certificate.has(oids.NAME_CONSTRAINTS):
        return NO_EXTENSION
    where = certificate.place(oids.NAME_CONSTRAINTS)
    if certificate.may_issue:
        return passed(msg("It is a CA."), where)
    return failed(msg("{subject} has name constraints and is no CA.", subject=certificate.title), where)


def _kept(*kinds: NameKind) -> Callable[[PathContext, int], Outcome]:
    def judge(context: PathContext, index: int) -> Outcome:
        verdicts = context.names[index]
        if verdicts is NOTHING_CONSTRAINED:
            return _NOTHING_CONSTRAINED
        for kind in kinds:
            violation = verdicts.violations.get(kind)
            if violation is not None:
                certificate = context.path[index]
                return failed(violation, certificate.place(oids.SUBJECT_ALT_NAME))
        for kind in kinds:
            reason = verdicts.unusable.get(kind)
            if reason is not None:
                return not_run(reason)
        if not verdicts.constrained.intersection(kinds):
            return _NOT_THIS_KIND
        return _ALL_WITHIN if verdicts.present.intersection(kinds) else _NO_SUCH_NAME

    return judge


_NOTHING_CONSTRAINED = not_applicable(msg("Nothing above constrains its names."))
_NOT_THIS_KIND = not_applicable(msg("No constraint above is about names of this kind."))
_NO_SUCH_NAME = passed(msg("It has no name of this kind."))
_ALL_WITHIN = passed(msg("Its names lie within all constraints above."))

_VALIDITY = RuleKind.VALIDITY
_SOURCE = "RFC 5280 4.2.1.10, 6.1.3 (b), (c)"


def _names_rule(rule_id: str, title: Message, *kinds: NameKind) -> Rule:
    return Rule(rule_id, _SOURCE, _VALIDITY, title, judge_in_path=_kept(*kinds), asked_of=BELOW_ANCHOR)


NAME_RULES = (
    Rule(
        "names.syntax",
        "RFC 5280 4.2.1.10",
        _VALIDITY,
        msg("Name constraints can be compared with."),
        syntax,
        on_anchor=OnAnchor.CONSTRAINTS_FORM,
        rests_on=oids.NAME_CONSTRAINTS,
    ),
    Rule(
        "names.leading_dot",
        "RFC 5280 4.2.1.10",
        RuleKind.CONFORMANCE,
        msg("DNS constraints begin with a label."),
        leading_dot,
        rests_on=oids.NAME_CONSTRAINTS,
    ),
    Rule(
        "names.critical",
        "RFC 5280 4.2.1.10",
        RuleKind.CONFORMANCE,
        msg("Name constraints are critical."),
        critical,
    ),
    Rule(
        "names.only_ca",
        "RFC 5280 4.2.1.10",
        _VALIDITY,
        msg("Only a CA has name constraints."),
        only_in_a_ca,
        on_anchor=OnAnchor.CONSTRAINTS_FORM,
    ),
    _names_rule("names.dns", msg("DNS names keep to the name constraints."), NameKind.DNS),
    _names_rule("names.ip", msg("IP addresses keep to the name constraints."), NameKind.IP),
    _names_rule("names.email", msg("Email addresses keep to the name constraints."), NameKind.EMAIL),
    _names_rule("names.uri", msg("URIs keep to the name constraints."), NameKind.URI),
    _names_rule(
        "names.directory", msg("Distinguished names keep to the name constraints."), NameKind.DIRECTORY
    ),
    _names_rule(
        "names.other",
        msg("Names of other kinds are not constrained: nothing can compare them."),
        NameKind.OTHER,
        NameKind.X400,
        NameKind.EDI,
        NameKind.REGISTERED_ID,
    ),
)
