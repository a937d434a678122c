"""Is the certificate written as RFC 5280 asks (4.1, 4.2)? Flaws of form, but for what validation rests on."""

from __future__ import annotations

from datetime import UTC, datetime

from trustdesk.core.message import msg
from trustdesk.core.verification import RuleKind
from trustdesk.formats.der import GENERALIZED_TIME, UTC_TIME
from trustdesk.verify import extension_values as values
from trustdesk.verify.decoded import NEEDED, Decoded, place_of
from trustdesk.verify.rules.rule import (
    UNREADABLE,
    OnAnchor,
    Outcome,
    Place,
    Rule,
    failed,
    not_applicable,
    passed,
)

MAX_SERIAL_OCTETS = 20
_GENERALIZED_FROM = datetime(2050, 1, 1, tzinfo=UTC)
_UNDERSTOOD = NEEDED | {
    values.SUBJECT_KEY_IDENTIFIER,
    values.AUTHORITY_KEY_IDENTIFIER,
    values.AUTHORITY_INFO_ACCESS,
    values.CRL_DISTRIBUTION_POINTS,
    values.FRESHEST_CRL,
}


def readable(certificate: Decoded, _: Place) -> Outcome:
    """form.readable."""
    if certificate.fields is None or certificate.subject is None or certificate.issuer is None:
        problems = certificate.facts.problems
        if problems:
            return failed(
                msg("{subject} cannot be read: {problem}", subject=certificate.title, problem=problems[0])
            )
        return failed(msg("{subject} cannot be read.", subject=certificate.title))
    return _READABLE


def version(certificate: Decoded, _: Place) -> Outcome:
    """form.version."""
    fields = certificate.fields
    if fields is None:
        return UNREADABLE
    if fields.extensions and fields.version != 3:
        return failed(
            msg(
                "{subject} has extensions and says that it is of version {version}.",
                subject=certificate.title,
                version=fields.version,
            ),
            place_of(fields.to_be_signed),
        )
    if fields.version not in {1, 2, 3}:
        return failed(
            msg("{subject} is of version {version}.", subject=certificate.title, version=fields.version)
        )
    return _VERSION_3 if fields.version == 3 else passed(msg("Version {version}.", version=fields.version))


def serial_number(certificate: Decoded, _: Place) -> Outcome:
    """form.serial_number."""
    fields = certificate.fields
    if fields is None:
        return UNREADABLE
    number, where = certificate.serial_number, place_of(fields.serial_number)
    if number is None:
        return failed(msg("The serial number of {subject} cannot be read.", subject=certificate.title), where)
    if number <= 0:
        return failed(
            msg("The serial number of {subject} is not positive.", subject=certificate.title), where
        )
    octets = len(fields.serial_number.content)
    if octets > MAX_SERIAL_OCTETS:
        return failed(
            msg(
                "The serial number of {subject} has {octets} octets; at most {limit} are allowed.",
                subject=certificate.title,
                octets=octets,
                limit=MAX_SERIAL_OCTETS,
            ),
            where,
        )
    return _SERIAL[0], _SERIAL[1], where


def algorithms_agree(certificate: Decoded, _: Place) -> Outcome:
    """form.algorithms_agree."""
    fields = certificate.fields
    if fields is None:
        return UNREADABLE
    if fields.algorithm.raw != fields.outer_algorithm.raw:
        return failed(
            msg(
                "{subject} names one signature algorithm inside what is signed and another outside.",
                subject=certificate.title,
            ),
            place_of(fields.algorithm),
        )
    return _AGREE


def extensions_unique(certificate: Decoded, _: Place) -> Outcome:
    """form.extensions_unique."""
    if certificate.fields is None:
        return UNREADABLE
    for oid in certificate.repeated:
        return failed(
            msg("{subject} has the extension {oid} more than once.", subject=certificate.title, oid=oid),
            certificate.place(oid),
        )
    return _UNIQUE


def extensions_readable(certificate: Decoded, _: Place) -> Outcome:
    """form.extensions_readable: the extensions that validation does not rest on."""
    if certificate.fields is None:
        return UNREADABLE
    broken = certificate.broken - NEEDED
    for oid in broken:
        return failed(
            msg("The extension {oid} of {subject} cannot be read.", subject=certificate.title, oid=oid),
            certificate.place(oid),
        )
    return _EXTENSIONS_READABLE


def needed_extensions(certificate: Decoded, _: Place) -> Outcome:
    """critical.readable: what validation rests on is there once and can be read, or nothing is certain."""
    fields = certificate.fields
    if fields is None:
        return UNREADABLE
    if fields.unread_extensions:
        return failed(
            msg(
                "{count} extensions of {subject} cannot be read at all.",
                subject=certificate.title,
                count=fields.unread_extensions,
            )
        )
    for oid in certificate.broken & NEEDED:
        return failed(
            msg(
                "{subject} cannot be judged: its extension {oid} breaks its syntax or stands there twice.",
                subject=certificate.title,
                oid=oid,
            ),
            certificate.place(oid),
        )
    return _NEEDED_READABLE


def critical_understood(certificate: Decoded, _: Place) -> Outcome:
    """critical.understood."""
    if certificate.fields is None:
        return UNREADABLE
    critical = certificate.critical_oids()
    for oid in critical:
        if oid not in _UNDERSTOOD:
            return failed(
                msg(
                    "{subject} has the critical extension {oid}, which is not understood here.",
                    subject=certificate.title,
                    oid=oid,
                ),
                certificate.place(oid),
            )
    return _ALL_UNDERSTOOD if critical else _NONE_CRITICAL


def issuer_named(certificate: Decoded, _: Place) -> Outcome:
    """form.issuer."""
    if certificate.fields is None or certificate.issuer is None:
        return UNREADABLE
    if not certificate.issuer:
        return failed(
            msg("The issuer's name in {subject} is empty.", subject=certificate.title),
            place_of(certificate.fields.issuer),
        )
    return _ISSUER_NAMED


def time_encoding(certificate: Decoded, _: Place) -> Outcome:
    """form.time_encoding: UTCTime through 2049, GeneralizedTime from 2050."""
    if certificate.fields is None:
        return UNREADABLE
    try:
        elements = list(certificate.fields.validity.children())
    except ValueError:
        return UNREADABLE
    where = place_of(certificate.fields.validity)
    dates = (certificate.facts.not_before, certificate.facts.not_after)
    for element, date in zip(elements, dates, strict=False):
        if date is None:
            return failed(
                msg("A date of {subject} is not written as it should be.", subject=certificate.title), where
            )
        expected = UTC_TIME if date < _GENERALIZED_FROM else GENERALIZED_TIME
        if element.tag != expected:
            return failed(
                msg(
                    "{subject} writes the date {date} in the wrong type of time.",
                    subject=certificate.title,
                    date=date,
                ),
                place_of(element),
            )
    return _TIMES


def authority_key_identifier(certificate: Decoded, place: Place) -> Outcome:
    """ids.authority_key_identifier."""
    if certificate.fields is None:
        return UNREADABLE
    if certificate.authority_key_identifier is not None:
        return _HAS_AKI[0], _HAS_AKI[1], certificate.place(values.AUTHORITY_KEY_IDENTIFIER)
    if certificate.is_self_issued or place is Place.ANCHOR:
        return _SELF_ISSUED
    return failed(
        msg("{subject} does not say by which key it was signed.", subject=certificate.title),
        certificate.place(values.AUTHORITY_KEY_IDENTIFIER),
    )


def identifiers_not_critical(certificate: Decoded, _: Place) -> Outcome:
    """ids.not_critical."""
    if certificate.fields is None:
        return UNREADABLE
    for oid in _NEVER_CRITICAL:
        if certificate.is_critical(oid):
            return failed(
                msg(
                    "{subject} marks the extension {oid} as critical, which it must not be.",
                    subject=certificate.title,
                    oid=oid,
                ),
                certificate.place(oid),
            )
    return _NOT_CRITICAL


_READABLE = passed(msg("It can be read."))
_VERSION_3 = passed(msg("Version 3."))
_SERIAL = passed(msg("Positive, and short enough."))
_AGREE = passed(msg("Both are the same."))
_UNIQUE = passed(msg("No extension stands there twice."))
_EXTENSIONS_READABLE = passed(msg("Nothing in its other extensions is broken."))
_NEEDED_READABLE = passed(msg("All of them can be read."))
_ALL_UNDERSTOOD = passed(msg("Every critical extension is understood."))
_NONE_CRITICAL = passed(msg("No extension is critical."))
_ISSUER_NAMED = passed(msg("The issuer has a name."))
_TIMES = passed(msg("Both dates are in the right type of time."))
_HAS_AKI = passed(msg("It names the key of its issuer."))
_SELF_ISSUED = not_applicable(msg("It is issued by itself, or is an anchor."))
_NOT_CRITICAL = passed(msg("None of them is critical."))
_NEVER_CRITICAL = (
    values.SUBJECT_KEY_IDENTIFIER,
    values.AUTHORITY_KEY_IDENTIFIER,
    values.AUTHORITY_INFO_ACCESS,
)

_VALIDITY, _CONFORMANCE = RuleKind.VALIDITY, RuleKind.CONFORMANCE
FORM_RULES = (
    Rule("form.readable", "RFC 5280 4.1", _VALIDITY, msg("The certificate can be read."), readable),
    Rule(
        "form.version",
        "RFC 5280 4.1.2.1",
        _CONFORMANCE,
        msg("Version 3 where there are extensions."),
        version,
    ),
    Rule(
        "form.serial_number",
        "RFC 5280 4.1.2.2",
        _CONFORMANCE,
        msg("The serial number is positive and at most 20 octets long."),
        serial_number,
    ),
    Rule(
        "form.algorithms_agree",
        "RFC 5280 4.1.1.2",
        _CONFORMANCE,
        msg("The signature algorithm inside and outside is the same."),
        algorithms_agree,
    ),
    Rule(
        "form.issuer", "RFC 5280 4.1.2.4", _CONFORMANCE, msg("The issuer's name is not empty."), issuer_named
    ),
    Rule(
        "form.time_encoding",
        "RFC 5280 4.1.2.5",
        _CONFORMANCE,
        msg("Dates are written in the type of time that their year asks for."),
        time_encoding,
    ),
    Rule(
        "form.extensions_unique",
        "RFC 5280 4.2",
        _CONFORMANCE,
        msg("No extension stands there twice."),
        extensions_unique,
    ),
    Rule(
        "form.extensions_readable",
        "RFC 5280 4.2",
        _CONFORMANCE,
        msg("The extensions that validation does not rest on can be read."),
        extensions_readable,
    ),
    Rule(
        "ids.authority_key_identifier",
        "RFC 5280 4.2.1.1",
        _CONFORMANCE,
        msg("The key of the issuer is named (authorityKeyIdentifier)."),
        authority_key_identifier,
    ),
    Rule(
        "ids.not_critical",
        "RFC 5280 4.2.1.1, 4.2.1.2, 4.2.2.1",
        _CONFORMANCE,
        msg("Key identifiers and authorityInfoAccess are not critical."),
        identifiers_not_critical,
    ),
    Rule(
        "critical.readable",
        "RFC 5280 4.2, 6.1.4 (o), 6.1.5 (f)",
        _VALIDITY,
        msg("The extensions that validation rests on can be read."),
        needed_extensions,
        on_anchor=OnAnchor.BASIC,
    ),
    Rule(
        "critical.understood",
        "RFC 5280 6.1.4 (o), 6.1.5 (f)",
        _VALIDITY,
        msg("Every critical extension is understood."),
        critical_understood,
        on_anchor=OnAnchor.BASIC,
    ),
)
