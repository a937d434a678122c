"""Is the certificate written as RFC 5280 asks (4.1, 4.2)? Flaws of form, but for what validation rests on."""

from __future__ import annotations

from datetime import UTC, datetime

from trustdesk.core.message import msg
from trustdesk.core.verification import RuleKind
from trustdesk.formats.der import GENERALIZED_TIME, UTC_TIME, read_element
from trustdesk.verify import extension_values as values
from trustdesk.verify.decoded import NEEDED, UNDERSTOOD, Decoded, place_of
from trustdesk.verify.rules.rule import (
    NO_EXTENSION,
    UNREADABLE,
    OnAnchor,
    Outcome,
    PathContext,
    Place,
    Rule,
    failed,
    not_applicable,
    passed,
    warned,
)
from trustdesk.verify.signatures import SignatureStatus, check_signature

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


def extensions_unique(certificate: Decoded, _: Place) -> Outcome:
    """form.extensions_unique."""
    if certificate.fields is None:
        return UNREADABLE
    for oid in certificate.repeated:
        return _stands_there_twice(certificate, oid)
    return _UNIQUE


def needed_extensions_unique(certificate: Decoded, _: Place) -> Outcome:
    """critical.unique: of what validation rests on, nobody may choose the one that counts."""
    if certificate.fields is None:
        return UNREADABLE
    for oid in certificate.repeated & NEEDED:
        return _stands_there_twice(certificate, oid)
    return _UNIQUE


def _stands_there_twice(certificate: Decoded, oid: str) -> Outcome:
    return failed(
        msg("{subject} has the extension {oid} more than once.", subject=certificate.title, oid=oid),
        certificate.place(oid),
    )


def extensions_readable(certificate: Decoded, _: Place) -> Outcome:
    """form.extensions_readable: the extensions that validation does not rest on."""
    if certificate.fields is None:
        return UNREADABLE
    if certificate.fields.has_hollow_extensions:
        return failed(msg("The extensions of {subject} are an empty sequence.", subject=certificate.title))
    broken = certificate.broken - NEEDED
    for oid in broken:
        return failed(
            msg("The extension {oid} of {subject} cannot be read.", subject=certificate.title, oid=oid),
            certificate.place(oid),
        )
    return _EXTENSIONS_READABLE


def needed_extensions(certificate: Decoded, _: Place) -> Outcome:
    """critical.readable: what validation rests on can be read, or nothing is certain."""
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
    for oid in (certificate.broken & NEEDED) - certificate.repeated:
        return failed(
            msg(
                "{subject} cannot be judged: its extension {oid} breaks its syntax.",
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
        if oid not in UNDERSTOOD:
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


def authority_key_identifier(certificate: Decoded, _: Place) -> Outcome:
    """ids.authority_key_identifier: only what is self-signed may leave the extension out (self-issued is not)."""
    if certificate.fields is None:
        return UNREADABLE
    where = certificate.place(values.AUTHORITY_KEY_IDENTIFIER)
    if certificate.authority_key_identifier is not None:
        return _HAS_AKI[0], _HAS_AKI[1], where
    if where is None and certificate.is_self_issued:
        # Asked of few: most that are self-issued are roots, and each root is judged once.
        if check_signature(certificate, certificate) is SignatureStatus.MADE:
            return _SELF_SIGNED
    return failed(msg("{subject} does not say by which key it was signed.", subject=certificate.title), where)


def authority_key_identifier_form(certificate: Decoded, _: Place) -> Outcome:
    """ids.authority_key_identifier_form: issuer and serial number of the issuer come together or not at all."""
    value = certificate.value(values.AUTHORITY_KEY_IDENTIFIER)
    if value is None or values.AUTHORITY_KEY_IDENTIFIER in certificate.broken:
        return NO_EXTENSION
    where = certificate.place(values.AUTHORITY_KEY_IDENTIFIER)
    try:
        tags = {part.tag for part in read_element(value).children()}
    except ValueError:
        return NO_EXTENSION
    if len(tags & {_CERTIFICATE_ISSUER, _CERTIFICATE_SERIAL_NUMBER}) == 1:
        return failed(
            msg(
                "The authorityKeyIdentifier of {subject} has one of issuer and serial number, "
                "without the other.",
                subject=certificate.title,
            ),
            where,
        )
    return _AKI_WHOLE[0], _AKI_WHOLE[1], where


def keys_match(context: PathContext, index: int) -> Outcome:
    """ids.keys_match: no condition of validity; the signature alone says whose key it was (4.2.1.2)."""
    if index == len(context.path) - 1:
        return _NOTHING_ABOVE
    certificate, issuer = context.path[index], context.path[index + 1]
    asked, own = certificate.authority_key_identifier, issuer.subject_key_identifier
    if asked is None or own is None:
        return _NO_IDENTIFIERS
    where = certificate.place(values.AUTHORITY_KEY_IDENTIFIER)
    if asked == own:
        return _KEYS_MATCH[0], _KEYS_MATCH[1], where
    return warned(
        msg(
            "{subject} says that the key {asked} signed it; the key of {issuer} is {own}.",
            subject=certificate.title,
            asked=asked.hex(),
            issuer=issuer.title,
            own=own.hex(),
        ),
        where,
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
_SELF_SIGNED = not_applicable(msg("It is signed by itself."))
_AKI_WHOLE = passed(msg("Issuer and serial number of the issuer stand there together, or not at all."))
_KEYS_MATCH = passed(msg("The key identifiers of both are the same."))
_NO_IDENTIFIERS = not_applicable(msg("One of the two names no key."))
_NOTHING_ABOVE = not_applicable(msg("Nothing is above it in this path."))
_NO_UNIQUE_IDENTIFIER = passed(msg("It has no unique identifiers."))
_NOT_CRITICAL = passed(msg("None of them is critical."))
_NEVER_CRITICAL = (
    values.SUBJECT_KEY_IDENTIFIER,
    values.AUTHORITY_KEY_IDENTIFIER,
    values.AUTHORITY_INFO_ACCESS,
    values.FRESHEST_CRL,
)
_CERTIFICATE_ISSUER, _CERTIFICATE_SERIAL_NUMBER = 0xA1, 0x82

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
        "ids.authority_key_identifier_form",
        "RFC 5280 4.2.1.1",
        _CONFORMANCE,
        msg("An authorityKeyIdentifier has both issuer and serial number, or neither."),
        authority_key_identifier_form,
    ),
    Rule(
        "ids.keys_match",
        "RFC 5280 4.2.1.2",
        _CONFORMANCE,
        msg("The key that is named is that of the certificate above."),
        judge_in_path=keys_match,
    ),
    Rule(
        "ids.not_critical",
        "RFC 5280 4.2.1.1, 4.2.1.2, 4.2.1.15, 4.2.2.1",
        _CONFORMANCE,
        msg("Key identifiers, authorityInfoAccess and freshestCRL are not critical."),
        identifiers_not_critical,
    ),
    Rule(
        "critical.unique",
        "RFC 5280 4.2",
        _VALIDITY,
        msg("No extension that validation rests on stands there twice."),
        needed_extensions_unique,
        on_anchor=OnAnchor.BASIC,
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
