"""May a certificate that issued have done so: CA role, key usage, path length (RFC 5280 4.2.1.3, 4.2.1.9)?"""

from __future__ import annotations

from trustdesk.core.message import msg, msg_n
from trustdesk.core.verification import RuleKind
from trustdesk.formats import extension_oids as oids
from trustdesk.verify import extension_values as values
from trustdesk.verify.decoded import Decoded, place_of
from trustdesk.verify.rules.rule import (
    ISSUERS,
    UNREADABLE,
    OnAnchor,
    Outcome,
    PathContext,
    Place,
    Rule,
    failed,
    not_applicable,
    passed,
)


def basic_constraints(certificate: Decoded, _: Place) -> Outcome:
    """ca.basic_constraints."""
    if certificate.fields is None:
        return UNREADABLE
    where = certificate.place(oids.BASIC_CONSTRAINTS)
    if certificate.may_issue:
        return _IS_CA[0], _IS_CA[1], where
    if certificate.basic_constraints is not None:
        return failed(
            msg("{subject} issued, but is no CA: its basicConstraints say so.", subject=certificate.title),
            where,
        )
    return failed(
        msg(
            "{subject} issued, but is no CA: it has no basicConstraints that can be read.",
            subject=certificate.title,
        ),
        where,
    )


def basic_constraints_critical(certificate: Decoded, _: Place) -> Outcome:
    """ca.basic_constraints_critical."""
    if not certificate.may_issue:
        return _NO_CA
    where = certificate.place(oids.BASIC_CONSTRAINTS)
    if certificate.is_critical(oids.BASIC_CONSTRAINTS):
        return _CRITICAL[0], _CRITICAL[1], where
    return failed(
        msg("The basicConstraints of {subject} are not critical.", subject=certificate.title), where
    )


def key_cert_sign(certificate: Decoded, _: Place) -> Outcome:
    """ca.key_cert_sign: without a key usage nothing is excluded."""
    if certificate.fields is None:
        return UNREADABLE
    where = certificate.place(oids.KEY_USAGE)
    usage = certificate.key_usage
    if usage is None:
        return _NO_KEY_USAGE
    if values.KEY_CERT_SIGN not in usage:
        return failed(
            msg("{subject} issued, but its key usage lacks keyCertSign.", subject=certificate.title), where
        )
    return _MAY_SIGN[0], _MAY_SIGN[1], where


def key_usage_present(certificate: Decoded, _: Place) -> Outcome:
    """ca.key_usage_present."""
    if certificate.fields is None:
        return UNREADABLE
    if certificate.has(oids.KEY_USAGE):
        return _HAS_KEY_USAGE
    return failed(msg("{subject} is a CA without a key usage.", subject=certificate.title))


def subject_named(certificate: Decoded, _: Place) -> Outcome:
    """ca.subject."""
    if certificate.fields is None or certificate.subject is None:
        return UNREADABLE
    if not certificate.subject:
        return failed(
            msg("The CA certificate {sha256} has an empty subject.", sha256=certificate.sha256),
            place_of(certificate.fields.subject),
        )
    return _NAMED


def subject_key_identifier(certificate: Decoded, _: Place) -> Outcome:
    """ca.subject_key_identifier."""
    if certificate.fields is None:
        return UNREADABLE
    if certificate.subject_key_identifier is None:
        return failed(
            msg("{subject} does not name its key (subjectKeyIdentifier).", subject=certificate.title),
            certificate.place(oids.SUBJECT_KEY_IDENTIFIER),
        )
    return _HAS_SKI[0], _HAS_SKI[1], certificate.place(oids.SUBJECT_KEY_IDENTIFIER)


def path_length(context: PathContext, index: int) -> Outcome:
    """ca.path_length: self-issued certificates and the end entity are not counted."""
    certificate = context.path[index]
    constraints, below = certificate.basic_constraints, context.cas_below[index]
    limit = constraints.path_length if constraints is not None and constraints.ca else None
    if limit is None:
        return passed(
            msg_n(
                "No limit; {count} CA certificate is below it.",
                "No limit; {count} CA certificates are below it.",
                below,
            )
        )
    where = certificate.place(oids.BASIC_CONSTRAINTS)
    if below > limit:
        return failed(
            msg(
                "{subject} allows {limit} CA certificates below it; there are {count}.",
                subject=certificate.title,
                limit=limit,
                count=below,
            ),
            where,
        )
    return passed(
        msg("It allows {limit} CA certificates below it; there are {count}.", limit=limit, count=below), where
    )


def path_length_form(certificate: Decoded, _: Place) -> Outcome:
    """ca.path_length_form: a limit means nothing without cA and keyCertSign (4.2.1.9)."""
    constraints = certificate.basic_constraints
    if constraints is None or constraints.path_length is None:
        return _NO_LIMIT
    if not constraints.ca or values.KEY_CERT_SIGN not in (certificate.key_usage or ()):
        return failed(
            msg("{subject} has a path length, but is no CA that may sign.", subject=certificate.title),
            certificate.place(oids.BASIC_CONSTRAINTS),
        )
    return _LIMIT_OF_A_CA


_NO_CA = not_applicable(msg("It is no CA."))
_IS_CA = passed(msg("It is a CA."))
_CRITICAL = passed(msg("They are critical."))
_NO_KEY_USAGE = not_applicable(msg("It has no key usage, so that no use is excluded."))
_MAY_SIGN = passed(msg("Its key usage has keyCertSign."))
_HAS_KEY_USAGE = passed(msg("It has a key usage."))
_NAMED = passed(msg("It has a subject."))
_HAS_SKI = passed(msg("It names its key."))
_NO_LIMIT = not_applicable(msg("It has no path length."))
_LIMIT_OF_A_CA = passed(msg("Its path length is that of a CA."))

_VALIDITY, _CONFORMANCE = RuleKind.VALIDITY, RuleKind.CONFORMANCE
AUTHORITY_RULES = (
    Rule(
        "ca.basic_constraints",
        "RFC 5280 4.2.1.9, 6.1.4 (k)",
        _VALIDITY,
        msg("Who issued is a CA (basicConstraints cA)."),
        basic_constraints,
        asked_of=ISSUERS,
        on_anchor=OnAnchor.BASIC,
    ),
    Rule(
        "ca.basic_constraints_critical",
        "RFC 5280 4.2.1.9",
        _CONFORMANCE,
        msg("The basicConstraints of a CA are critical."),
        basic_constraints_critical,
        asked_of=ISSUERS,
        rests_on=oids.BASIC_CONSTRAINTS,
    ),
    Rule(
        "ca.key_cert_sign",
        "RFC 5280 4.2.1.3, 6.1.4 (n)",
        _VALIDITY,
        msg("The key usage of who issued has keyCertSign."),
        key_cert_sign,
        asked_of=ISSUERS,
        on_anchor=OnAnchor.BASIC,
        rests_on=oids.KEY_USAGE,
    ),
    Rule(
        "ca.key_usage_present",
        "RFC 5280 4.2.1.3",
        _CONFORMANCE,
        msg("A CA has a key usage."),
        key_usage_present,
        asked_of=ISSUERS,
    ),
    Rule(
        "ca.subject",
        "RFC 5280 4.1.2.6",
        _VALIDITY,
        msg("A CA has a subject."),
        subject_named,
        asked_of=ISSUERS,
        on_anchor=OnAnchor.BASIC,
    ),
    Rule(
        "ca.subject_key_identifier",
        "RFC 5280 4.2.1.2",
        _CONFORMANCE,
        msg("A CA names its key (subjectKeyIdentifier)."),
        subject_key_identifier,
        asked_of=ISSUERS,
    ),
    Rule(
        "ca.path_length",
        "RFC 5280 4.2.1.9, 6.1.4 (l), (m)",
        _VALIDITY,
        msg("No more CAs are below it than it allows."),
        judge_in_path=path_length,
        asked_of=ISSUERS,
        on_anchor=OnAnchor.CONSTRAINTS,
        rests_on=oids.BASIC_CONSTRAINTS,
    ),
    Rule(
        "ca.path_length_form",
        "RFC 5280 4.2.1.9",
        _CONFORMANCE,
        msg("Only a CA that may sign has a path length."),
        path_length_form,
        rests_on=oids.BASIC_CONSTRAINTS,
    ),
)
