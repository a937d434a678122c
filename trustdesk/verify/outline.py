"""Whose certificate it is and who issued it, without all the rest: for tens of thousands in a row."""

from __future__ import annotations

import hashlib
from functools import cached_property

from trustdesk.verify.comparable_names import ComparableName, comparable_name
from trustdesk.verify.decoded import Fields
from trustdesk.verify.same_keys import key_digests

_VERSION = 0xA0
_SEQUENCE = 0x30
_MUST_STAPLE = bytes.fromhex("06082b06010505070118")
"""The OID of the TLS feature extension (RFC 7633), as it stands in a certificate."""


class Outline:
    """What paths are built by, as `verify.decoded.Decoded` reads it; each part is read when it is asked for.

    Attributes:
        raw_issuer, raw_subject, raw_key: as they stand; empty where the bytes are no certificate.
        may_ask_for_staple: False only where it surely does not.
    """

    def __init__(self, der: bytes) -> None:
        self.raw_issuer, self.raw_subject, self.raw_key = _parts(der)
        self.may_ask_for_staple = _MUST_STAPLE in der

    @property
    def is_readable(self) -> bool:
        """Whether it is a certificate at all."""
        return bool(self.raw_issuer)

    @cached_property
    def issuer(self) -> ComparableName | None:
        """None where it cannot be read."""
        return _name(self.raw_issuer)

    @cached_property
    def subject(self) -> ComparableName | None:
        """None where it cannot be read."""
        return _name(self.raw_subject)

    @cached_property
    def spki_sha256(self) -> str:
        """ "" where there is no key."""
        return hashlib.sha256(self.raw_key).hexdigest() if self.raw_key else ""

    @cached_property
    def key_digests(self) -> tuple[str, ...]:
        """The same, and that of the key as it is usually written where that is another."""
        return key_digests(self.raw_key)


def outline(der: bytes) -> Outline:
    """Read a certificate's outline; total."""
    return Outline(der)


def _parts(der: bytes) -> tuple[bytes, bytes, bytes]:
    """Return issuer, subject and key of a certificate.

    By hand where it is what it should be: as elements each takes five times as long.
    """
    try:
        content, _ = _bounds(der, 0, len(der), _SEQUENCE)
        at, end = _bounds(der, content, len(der), _SEQUENCE)
        if der[at] == _VERSION:
            at = _bounds(der, at, end)[1]
        at = _bounds(der, at, end)[1]  # serial number
        at = _bounds(der, at, end, _SEQUENCE)[1]  # algorithm
        issuer = der[at : (at := _bounds(der, at, end, _SEQUENCE)[1])]
        at = _bounds(der, at, end, _SEQUENCE)[1]  # validity
        subject = der[at : (at := _bounds(der, at, end, _SEQUENCE)[1])]
        key = der[at : _bounds(der, at, end, _SEQUENCE)[1]]
    except (IndexError, ValueError):
        return _parts_of_fields(der)
    return issuer, subject, key


def _parts_of_fields(der: bytes) -> tuple[bytes, bytes, bytes]:
    try:
        fields = Fields(der)
    except ValueError:
        return b"", b"", b""
    return fields.issuer.raw, fields.subject.raw, fields.public_key.raw


def _bounds(der: bytes, at: int, end: int, tag: int | None = None) -> tuple[int, int]:
    """Return where an element's content begins, and where it ends."""
    if tag is not None and der[at] != tag:
        raise ValueError
    length = der[at + 1]
    content = at + 2
    if length >= 0x80:
        octets = length & 0x7F
        if not 0 < octets < 5:
            raise ValueError
        content += octets
        length = int.from_bytes(der[at + 2 : content], "big")
    if content + length > end:
        raise ValueError
    return content, content + length


def _name(raw: bytes) -> ComparableName | None:
    try:
        return comparable_name(raw)
    except ValueError:
        return None
