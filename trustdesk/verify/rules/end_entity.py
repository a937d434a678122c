"""What is asked of the end entity itself: its names, and that it is no CA (RFC 5280 4.2.1, RFC 9525)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from trustdesk.core.message import listed, msg
from trustdesk.core.target import is_ip_literal
from trustdesk.core.verification import Purpose, RuleKind
from trustdesk.formats import extension_oids as oids
from trustdesk.verify import extension_values as values
from trustdesk.verify.decoded import Decoded, place_of
from trustdesk.verify.extension_values import NameKind
from trustdesk.verify.names import dns_matches, match_name
from trustdesk.verify.rules.rule import (
    END_ENTITY,
    NO_EXTENSION,
    UNREADABLE,
    Outcome,
    PathContext,
    Place,
    Rule,
    failed,
    not_applicable,
    passed,
    warned,
)

_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[\w.~:/?#\[\]@!$&'()*+,;=%-]+", re.ASCII)
_MAILBOX = re.compile(
    r"""(?:[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*|"(?:[^"\\\r\n]|\\[ -~])*")"""
    r"""@(?:[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*|\[[0-9A-Fa-f:.IPv]+\])""",
    re.ASCII,
)
"""Mailbox of RFC 2821 4.1.2: a dot-atom or a quoted string at a domain or an address literal."""


def key_usage_not_empty(certificate: Decoded, _: Place) -> Outcome:
    """leaf.key_usage_not_empty."""
    if certificate.key_usage is None:
        return NO_EXTENSION
    where = certificate.place(oids.KEY_USAGE)
    if not certificate.key_usage:
        return failed(msg("The key usage of {subject} is empty.", subject=certificate.title), where)
    return _USAGE_NOT_EMPTY[0], _USAGE_NOT_EMPTY[1], where


def key_cert_sign_of_cas(certificate: Decoded, _: Place) -> Outcome:
    """leaf.key_cert_sign: only a CA may have it."""
    if certificate.key_usage is None:
        return NO_EXTENSION
    where = certificate.place(oids.KEY_USAGE)
    if values.KEY_CERT_SIGN in certificate.key_usage and not certificate.may_issue:
        return failed(msg("{subject} has keyCertSign and is no CA.", subject=certificate.title), where)
    return _SIGN_AGREES[0], _SIGN_AGREES[1], where


def alternative_names_critical(certificate: Decoded, _: Place) -> Outcome:
    """leaf.alternative_names_critical: they must be where they are the only name there is."""
    if certificate.fields is None or certificate.subject is None:
        return UNREADABLE
    where = certificate.place(oids.SUBJECT_ALT_NAME)
    if certificate.subject:
        return _HAS_SUBJECT
    if not certificate.has(oids.SUBJECT_ALT_NAME):
        return failed(
            msg("{subject} has neither a subject nor alternative names.", subject=certificate.title),
            place_of(certificate.fields.subject),
        )
    if not certificate.is_critical(oids.SUBJECT_ALT_NAME):
        return failed(
            msg(
                "{subject} has no subject, and its alternative names are not critical.",
                subject=certificate.title,
            ),
            where,
        )
    return passed(msg("It has no subject, and its alternative names are critical."), where)


def name_syntax(certificate: Decoded, _: Place) -> Outcome:
    """leaf.name_syntax."""
    names = certificate.alternative_names
    if not names:
        return NO_EXTENSION
    where = certificate.place(oids.SUBJECT_ALT_NAME)
    for name in names:
        if not _is_well_formed(name):
            return failed(
                msg(
                    "The alternative name {name} of {subject} is not written as it should be.",
                    name=name.text,
                    subject=certificate.title,
                ),
                where,
            )
    return _WELL_FORMED[0], _WELL_FORMED[1], where


def peer_name(context: PathContext, _: int) -> Outcome:
    """leaf.peer_name; the Common Name is never looked at."""
    if context.purpose is Purpose.CLIENT:
        return _CLIENT_NAMES
    reference = context.reference_identifier
    if reference is None:
        return _NO_REFERENCE
    certificate = context.path[0]
    if certificate.fields is None:
        return UNREADABLE
    names = certificate.facts.subject_alt_names
    where = certificate.place(oids.SUBJECT_ALT_NAME)
    match = match_name(reference, names)
    if match.matched_by is not None and oids.SUBJECT_ALT_NAME not in certificate.broken:
        return passed(
            msg("{name} is covered by {matched_by}.", name=reference, matched_by=match.matched_by), where
        )
    if names:
        return failed(
            msg("It speaks for {names}, not for {name}.", names=listed(names), name=reference), where
        )
    common_name = certificate.facts.subject_common_name
    if common_name and not is_ip_literal(reference) and dns_matches(common_name, reference):
        return failed(
            msg("Its name stands in the common name alone, which does not count; it has no SAN."),
            place_of(certificate.fields.subject),
        )
    return failed(msg("It has no subject alternative name, so that it speaks for no server."))


def end_entity(context: PathContext, _: int) -> Outcome:
    """leaf.end_entity: TLS software refuses the certificate of a CA in the place of an end entity."""
    certificate = context.path[0]
    if certificate.fields is None:
        return UNREADABLE
    where = certificate.place(oids.BASIC_CONSTRAINTS)
    if certificate.may_issue:
        say = failed if context.inputs.end_entity_required else warned
        return say(
            msg("{subject} is the certificate of a CA (basicConstraints cA).", subject=certificate.title),
            where,
        )
    return passed(msg("It is no CA."), where)


def _is_well_formed(name: values.GeneralName) -> bool:
    value = name.value
    match name.kind:
        case NameKind.DNS:
            return (
                isinstance(value, str)
                and len(value) <= 253
                and all(_LABEL.fullmatch(label) for label in value.removeprefix("*.").split("."))
            )
        case NameKind.EMAIL:
            return isinstance(value, str) and _MAILBOX.fullmatch(value) is not None
        case NameKind.URI:
            return isinstance(value, str) and _is_uri(value)
        case NameKind.IP:
            return isinstance(value, bytes) and len(value) in {4, 16}
        case _:
            return True


def _is_uri(text: str) -> bool:
    """Whether a text is an absolute URI whose authority, where it has one, has a host (RFC 3986, 4.2.1.6)."""
    if _URI.fullmatch(text) is None:
        return False
    try:
        parts = urlsplit(text)
        return not text.partition(":")[2].startswith("//") or bool(parts.hostname)
    except ValueError:
        return False


_USAGE_NOT_EMPTY = passed(msg("Its key usage names a use."))
_SIGN_AGREES = passed(msg("keyCertSign and cA agree."))
_HAS_SUBJECT = not_applicable(msg("It has a subject."))
_WELL_FORMED = passed(msg("All are well formed."))
_CLIENT_NAMES = not_applicable(
    msg("RFC 9525 is about servers; 1R-IDs of clients are compared by a rule of trustdesk's own.")
)
_NO_REFERENCE = not_applicable(msg("No name to check was given."))

_CONFORMANCE = RuleKind.CONFORMANCE
END_ENTITY_RULES = (
    Rule(
        "leaf.key_usage_not_empty",
        "RFC 5280 4.2.1.3",
        _CONFORMANCE,
        msg("A key usage names at least one use."),
        key_usage_not_empty,
        rests_on=oids.KEY_USAGE,
    ),
    Rule(
        "leaf.key_cert_sign",
        "RFC 5280 4.2.1.3, 4.2.1.9",
        _CONFORMANCE,
        msg("Only a CA has keyCertSign."),
        key_cert_sign_of_cas,
        rests_on=oids.KEY_USAGE,
    ),
    Rule(
        "leaf.alternative_names_critical",
        "RFC 5280 4.1.2.6, 4.2.1.6",
        _CONFORMANCE,
        msg("Without a subject there are alternative names, and they are critical."),
        alternative_names_critical,
        asked_of=END_ENTITY,
    ),
    Rule(
        "leaf.name_syntax",
        "RFC 5280 4.2.1.6",
        _CONFORMANCE,
        msg("Alternative names are well formed."),
        name_syntax,
        rests_on=oids.SUBJECT_ALT_NAME,
    ),
    Rule(
        "leaf.peer_name",
        "RFC 9525 6.3",
        RuleKind.VALIDITY,
        msg("The certificate speaks for the name that was asked for."),
        judge_in_path=peer_name,
        asked_of=END_ENTITY,
    ),
    Rule(
        "leaf.end_entity",
        "CA/B BR 7.1.2.7, and custom of TLS software",
        RuleKind.VALIDITY,
        msg("The end entity is no CA."),
        judge_in_path=end_entity,
        asked_of=END_ENTITY,
        rests_on=oids.BASIC_CONSTRAINTS,
    ),
)
