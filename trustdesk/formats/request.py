"""Reading one certificate request (CSR), whatever is wrong with it.

Source: RFC 2986; RFC 2985 5.4.2 (extensionRequest).
"""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import replace

from trustdesk.core.inspection import ByteField, CsrFacts, ExtensionFacts
from trustdesk.core.message import Message, msg
from trustdesk.formats import extension_oids as oids
from trustdesk.formats import extensions as ext
from trustdesk.formats.algorithms import curve_of, key_of, signature_algorithm
from trustdesk.formats.certificate import PartReader
from trustdesk.formats.der import (
    SEQUENCE,
    DerError,
    Element,
    object_identifier,
    parts_of,
    read_element,
    whole_children,
)
from trustdesk.formats.distinguished_name import name_text
from trustdesk.formats.extension_facts import extension_problems, read_extensions

_EXTENSION_REQUEST = frozenset({"1.2.840.113549.1.9.14", "1.3.6.1.4.1.311.2.1.14"})
_ATTRIBUTES = 0xA0


def read_request(der: bytes) -> CsrFacts:
    """Read out a request; never raises. What cannot be read is None and named in `problems`."""
    reader = PartReader()
    facts = CsrFacts(der=der, sha256=hashlib.sha256(der).hexdigest())
    parts = reader.read(msg("This is no certificate request."), lambda: _parts(der))
    if parts is None:
        return replace(facts, problems=tuple(reader.problems))
    info, algorithm, signature = parts
    fields, damaged_at = whole_children(info)
    if len(fields) < 3:
        return replace(facts, problems=(msg("The certificate request is cut short."),))
    version, subject, spki = fields[:3]
    if damaged_at is not None:
        reader.problems.append(msg("The request is damaged at byte {offset}.", offset=damaged_at))
    key = reader.read(msg("The public key cannot be read."), lambda: key_of(spki))
    attributes, extensions, list_problems = _attributes(fields[3:])
    values = {extension.oid: extension.der for extension in reversed(extensions) if extension.oid}
    names = (
        *((info, "certificationRequestInfo"), (version, "version"), (subject, "subject")),
        *((spki, "subjectPKInfo"), *((field, "attributes") for field in fields[3:4])),
        *((algorithm, "signatureAlgorithm"), (signature, "signature")),
    )
    return replace(
        facts,
        subject=reader.read(msg("The subject cannot be read."), lambda: name_text(subject)),
        spki_sha256=hashlib.sha256(spki.raw).hexdigest(),
        key_algorithm=key[0] if key else None,
        key_bits=key[1] if key else None,
        curve=reader.quiet(lambda: curve_of(spki)),
        signature_algorithm=reader.read(
            msg("The signature algorithm cannot be read."), lambda: signature_algorithm(algorithm)
        ),
        signature_valid=_signature_valid(der),
        subject_alt_names=reader.decode(values, oids.SUBJECT_ALT_NAME, ext.subject_alt_names) or (),
        key_usage=reader.decode(values, oids.KEY_USAGE, ext.key_usage),
        extended_key_usage=reader.decode(values, oids.EXTENDED_KEY_USAGE, ext.extended_key_usage),
        is_ca=bool(reader.decode(values, oids.BASIC_CONSTRAINTS, ext.is_ca)),
        extensions=extensions,
        attributes=attributes,
        fields=tuple(
            ByteField(name=name, offset=element.start, length=element.end - element.start)
            for element, name in names
        ),
        problems=(*reader.problems, *list_problems, *extension_problems(extensions)),
    )


def _parts(der: bytes) -> tuple[Element, Element, Element]:
    info, algorithm, signature = parts_of(read_element(der).expect(SEQUENCE), 3)[:3]
    return info.expect(SEQUENCE), algorithm, signature


def _attributes(
    fields: list[Element],
) -> tuple[tuple[str, ...], tuple[ExtensionFacts, ...], tuple[Message, ...]]:
    """Return the OIDs of the attributes, and the extensions that the first extensionRequest asks for."""
    oids: list[str] = []
    extensions: tuple[ExtensionFacts, ...] = ()
    problems: tuple[Message, ...] = ()
    for attribute in (
        one for field in fields if field.tag == _ATTRIBUTES for one in whole_children(field)[0]
    ):
        try:
            kind, values = parts_of(attribute.expect(SEQUENCE), 2)[:2]
            oid = object_identifier(kind)
            if oid not in _EXTENSION_REQUEST:
                oids.append(oid)
            elif not extensions:
                extensions, problems = read_extensions(parts_of(values, 1)[0].expect(SEQUENCE))
        except DerError:
            problems = (*problems, msg("One of the attributes cannot be read."))
    return tuple(oids), extensions, problems


def _signature_valid(der: bytes) -> bool | None:
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return x509.load_der_x509_csr(der).is_signature_valid
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion):
        return None
