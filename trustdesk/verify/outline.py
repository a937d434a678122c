"""Whose certificate it is and who issued it, without all the rest: for tens of thousands in a row."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from trustdesk.formats.der import SEQUENCE, Element, read_element
from trustdesk.verify.comparable_names import ComparableName, comparable_name

_VERSION = 0xA0
_MUST_STAPLE = bytes.fromhex("06082b06010505070118")
"""The OID of the TLS feature extension (RFC 7633), as it stands in a certificate."""


class Outline(NamedTuple):
    """What paths are built by, as `verify.decoded.Decoded` reads it; None where it cannot be read.

    Attributes:
        spki_sha256: "" where there is no key.
        may_ask_for_staple: False only where it surely does not.
    """

    issuer: ComparableName | None
    subject: ComparableName | None
    spki_sha256: str
    may_ask_for_staple: bool
    is_readable: bool = True


UNREADABLE = Outline(None, None, "", False, False)


def outline(der: bytes) -> Outline:
    """Read a certificate's outline; total."""
    try:
        to_be_signed = next(read_element(der).expect(SEQUENCE).children()).expect(SEQUENCE)
        fields: list[Element] = []
        for field in to_be_signed.children():
            if field.tag == _VERSION and not fields:
                continue
            fields.append(field)
            if len(fields) == 6:
                break
        _serial, _algorithm, issuer, _validity, subject, key = fields
    except (ValueError, StopIteration):
        return UNREADABLE
    return Outline(
        issuer=_name(issuer.raw),
        subject=_name(subject.raw),
        spki_sha256=hashlib.sha256(key.raw).hexdigest(),
        may_ask_for_staple=_MUST_STAPLE in der,
    )


def _name(raw: bytes) -> ComparableName | None:
    try:
        return comparable_name(raw)
    except ValueError:
        return None
