"""Reading one certificate, whatever is wrong with it.

Every part is read by itself from the DER, so that one broken part hides nothing else: a tenth of the real
servers' certificates hold an extension that a strict library gives up on. The verifier, which is strict,
reads the same bytes again before anything is trusted (`verify.judge`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from typing import TypeVar

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import Message, msg
from trustdesk.formats import extension_oids as oids
from trustdesk.formats import extensions
from trustdesk.formats.algorithms import key_of, signature_algorithm
from trustdesk.formats.der import (
    SEQUENCE,
    DerError,
    Element,
    instant,
    integer,
    read_element,
)
from trustdesk.formats.distinguished_name import first_common_name, name_text
from trustdesk.formats.extensions import read_extension

T = TypeVar("T")

_VERSION = 0xA0
_EXTENSIONS = 0xA3


_REMEMBERED = 2_048
_REMEMBERED_BYTES = 16 * 1024
"""A sweep meets the same issuing CA with every partner, so small certificates are remembered; the bound
keeps what hostile peers send from filling the memory."""


def read_certificate(der: bytes) -> CertificateFacts:
    """Read out a certificate (RFC 5280 4.1); never raises.

    A part that cannot be read is None (or empty) and named in `problems`. Bytes that are no certificate at
    all give facts with nothing but the bytes, their digest and a problem.
    """
    return _read_again(der) if len(der) <= _REMEMBERED_BYTES else _read(der)


def _read(der: bytes) -> CertificateFacts:
    reader = PartReader()
    outer = reader.read(msg("This is no certificate: its bytes are not DER."), lambda: _outer(der))
    facts = CertificateFacts(der=der, sha256=hashlib.sha256(der).hexdigest())
    if outer is None:
        return replace(facts, problems=tuple(reader.problems))
    if outer.end != len(der):
        reader.problems.append(msg("Bytes follow after the end of the certificate."))
    parts = reader.read(
        msg("This is no certificate: its outermost parts are missing."), lambda: _parts(outer)
    )
    if parts is None:
        return replace(facts, problems=tuple(reader.problems))
    to_be_signed, algorithm = parts
    fields = reader.read(
        msg("This is no certificate: its fields are cut short."), lambda: _fields(to_be_signed)
    )
    if fields is None:
        return replace(facts, problems=tuple(reader.problems))
    found = _extensions(reader, fields[6:])
    validity = reader.read(msg("The validity cannot be read."), lambda: _two(fields[3]))
    key = reader.read(msg("The public key cannot be read."), lambda: key_of(fields[5]))
    subject = fields[4]
    return replace(
        facts,
        subject=reader.read(msg("The subject cannot be read."), lambda: name_text(subject)),
        issuer=reader.read(msg("The issuer cannot be read."), lambda: name_text(fields[2])),
        serial_number=reader.read(msg("The serial number cannot be read."), lambda: _serial(fields[0])),
        not_before=None
        if validity is None
        else reader.read(msg("The start of the validity is no date."), lambda: instant(validity[0])),
        not_after=None
        if validity is None
        else reader.read(msg("The end of the validity is no date."), lambda: instant(validity[1])),
        subject_common_name=reader.quiet(lambda: first_common_name(subject)),
        subject_alt_names=reader.decode(found, oids.SUBJECT_ALT_NAME, extensions.subject_alt_names) or (),
        extended_key_usage=reader.decode(found, oids.EXTENDED_KEY_USAGE, extensions.extended_key_usage),
        key_usage=reader.decode(found, oids.KEY_USAGE, extensions.key_usage),
        is_ca=bool(reader.decode(found, oids.BASIC_CONSTRAINTS, extensions.is_ca)),
        key_algorithm=key[0] if key else None,
        key_bits=key[1] if key else None,
        signature_algorithm=reader.read(
            msg("The signature algorithm cannot be read."), lambda: signature_algorithm(algorithm)
        ),
        problems=tuple(reader.problems),
    )


_read_again = lru_cache(maxsize=_REMEMBERED)(_read)


EXTENSION_PROBLEMS = {
    oids.SUBJECT_ALT_NAME: msg("The subject alternative names cannot be read."),
    oids.EXTENDED_KEY_USAGE: msg("The extended key usage cannot be read."),
    oids.KEY_USAGE: msg("The key usage cannot be read."),
    oids.BASIC_CONSTRAINTS: msg("The basic constraints cannot be read."),
}


class PartReader:
    """Reads one part after the other and notes which cannot be read."""

    def __init__(self) -> None:
        self.problems: list[Message] = []

    def read(self, problem: Message, part: Callable[[], T]) -> T | None:
        """Return the part; None, with the problem noted, when it cannot be read."""
        try:
            return part()
        except (DerError, ValueError, OverflowError):
            self.problems.append(problem)
            return None

    def quiet(self, part: Callable[[], T | None]) -> T | None:
        """Read a part whose trouble another read has named."""
        try:
            return part()
        except (ValueError, OverflowError):
            return None

    def decode(self, values: dict[str, bytes], oid: str, decoder: Callable[[bytes], T]) -> T | None:
        """Decode one of the four extensions; None without it."""
        value = values.get(oid)
        return None if value is None else self.read(EXTENSION_PROBLEMS[oid], lambda: decoder(value))


def _outer(der: bytes) -> Element:
    return read_element(der).expect(SEQUENCE)


def _parts(outer: Element) -> tuple[Element, Element]:
    to_be_signed, algorithm, *_ = list(outer.children())
    return to_be_signed.expect(SEQUENCE), algorithm


def _fields(to_be_signed: Element) -> list[Element]:
    """Return serial, signature, issuer, validity, subject, key, and what may follow, without the version."""
    fields = list(to_be_signed.children())
    if fields and fields[0].tag == _VERSION:
        del fields[0]
    if len(fields) < 6:
        raise DerError("fields are missing")
    return fields


def _extensions(reader: PartReader, optional_fields: list[Element]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for field in optional_fields:
        if field.tag != _EXTENSIONS:
            continue
        elements = reader.read(msg("The extensions cannot be read."), partial(_listed, field))
        for element in elements or ():
            extension = reader.read(
                msg("One of the extensions cannot be read."), partial(read_extension, element)
            )
            if extension is None:
                continue
            if extension.oid in found:
                reader.problems.append(msg("The extension {oid} stands there twice.", oid=extension.oid))
                continue
            found[extension.oid] = extension.value
    return found


def _listed(field: Element) -> list[Element]:
    (sequence,) = list(field.children())
    return list(sequence.expect(SEQUENCE).children())


def _two(validity: Element) -> tuple[Element, Element]:
    not_before, not_after = list(validity.expect(SEQUENCE).children())
    return not_before, not_after


def _serial(element: Element) -> str:
    number = integer(element)
    return f"{'-' if number < 0 else ''}{abs(number):x}"[:4096]
