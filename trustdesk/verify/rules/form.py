"""Is the certificate written as RFC 5280 asks (4.1, 4.2)? Flaws of form, but for what validation rests on."""

from __future__ import annotations

from datetime import UTC, datetime

from trustdesk.core.message import msg
from trustdesk.core.verification import RuleKind
from trustdesk.formats.der import GENERALIZED_TIME, UTC_TIME
from trustdesk.verify.decoded import Decoded, place_of
from trustdesk.verify.rules.rule import (
    UNREADABLE,
    Outcome,
    Place,
    Rule,
    failed,
    passed,
)

MAX_SERIAL_OCTETS = 20
_GENERALIZED_FROM = datetime(2050, 1, 1, tzinfo=UTC)


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


def unique_identifiers(certificate: Decoded, _: Place) -> Outcome:
    """form.unique_identifiers."""
    fields = certificate.fields
    if fields is None:
        return UNREADABLE
    if fields.unique_identifier is not None:
        return failed(
            msg("{subject} has a unique identifier beside its names.", subject=certificate.title),
            place_of(fields.unique_identifier),
        )
    return _NO_UNIQUE_IDENTIFIER


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


_READABLE = passed(msg("It can be read."))
_VERSION_3 = passed(msg("Version 3."))
_SERIAL = passed(msg("Positive, and short enough."))
_AGREE = passed(msg("Both are the same."))
_ISSUER_NAMED = passed(msg("The issuer has a name."))
_TIMES = passed(msg("Both dates are in the right type of time."))
_NO_UNIQUE_IDENTIFIER = passed(msg("It has no unique identifiers."))

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
        "form.unique_identifiers",
        "RFC 5280 4.1.2.8",
        _CONFORMANCE,
        msg("There are no unique identifiers."),
        unique_identifiers,
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
)
