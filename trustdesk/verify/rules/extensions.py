"""Are the extensions unique, readable and understood, and do key identifiers stand as they should (4.2)?"""

from __future__ import annotations

from trustdesk.core.message import msg
from trustdesk.core.verification import RuleKind
from trustdesk.formats import extension_oids as oids
from trustdesk.formats.extension_decoders import authority_key_identifier as authority_key_identifier_parts
from trustdesk.verify.decoded import NEEDED, UNDERSTOOD, Decoded
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


def authority_key_identifier(certificate: Decoded, _: Place) -> Outcome:
    """ids.authority_key_identifier: what is self-signed may leave it out; self-issued does not do."""
    if certificate.fields is None:
        return UNREADABLE
    where = certificate.place(oids.AUTHORITY_KEY_IDENTIFIER)
    if certificate.authority_key_identifier is not None:
        return _HAS_AKI[0], _HAS_AKI[1], where
    # Few are asked for their signature: most that are self-issued are roots, and each root is judged once.
    if (
        where is None
        and certificate.is_self_issued
        and check_signature(certificate, certificate) is SignatureStatus.MADE
    ):
        return _SELF_SIGNED
    return failed(msg("{subject} does not say by which key it was signed.", subject=certificate.title), where)


def authority_key_identifier_form(certificate: Decoded, _: Place) -> Outcome:
    """ids.authority_key_identifier_form: issuer and serial number come together or not at all."""
    value = certificate.value(oids.AUTHORITY_KEY_IDENTIFIER)
    if value is None or oids.AUTHORITY_KEY_IDENTIFIER in certificate.broken:
        return NO_EXTENSION
    where = certificate.place(oids.AUTHORITY_KEY_IDENTIFIER)
    found = authority_key_identifier_parts(value)
    if (found.issuer is None) is not (found.serial_number is None):
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
    where = certificate.place(oids.AUTHORITY_KEY_IDENTIFIER)
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


_UNIQUE = passed(msg("No extension stands there twice."))
_EXTENSIONS_READABLE = passed(msg("Nothing in its other extensions is broken."))
_NEEDED_READABLE = passed(msg("All of them can be read."))
_ALL_UNDERSTOOD = passed(msg("Every critical extension is understood."))
_NONE_CRITICAL = passed(msg("No extension is critical."))
_HAS_AKI = passed(msg("It names the key of its issuer."))
_SELF_SIGNED = not_applicable(msg("It is signed by itself."))
_AKI_WHOLE = passed(msg("Issuer and serial number of the issuer stand there together, or not at all."))
_KEYS_MATCH = passed(msg("The key identifiers of both are the same."))
_NO_IDENTIFIERS = not_applicable(msg("One of the two names no key."))
_NOTHING_ABOVE = not_applicable(msg("Nothing is above it in this path."))
_NOT_CRITICAL = passed(msg("None of them is critical."))
_NEVER_CRITICAL = (
    oids.SUBJECT_KEY_IDENTIFIER,
    oids.AUTHORITY_KEY_IDENTIFIER,
    oids.AUTHORITY_INFO_ACCESS,
    oids.FRESHEST_CRL,
)

_VALIDITY, _CONFORMANCE = RuleKind.VALIDITY, RuleKind.CONFORMANCE
EXTENSION_RULES = (
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
