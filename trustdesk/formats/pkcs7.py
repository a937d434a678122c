"""The certificates and CRLs of a PKCS#7 bundle (.p7b, .p7c), DER or BER.

Source: RFC 5652 5.1 (SignedData), RFC 2315.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from trustdesk.core.message import Message, msg
from trustdesk.formats.ber import to_der
from trustdesk.formats.der import SEQUENCE, DerError, Element, object_identifier, parts_of, read_element

_SIGNED_DATA = "1.2.840.113549.1.7.2"
_CERTIFICATES = 0xA0
_CRLS = 0xA1


@dataclass(slots=True)
class Bundle:
    """What is in a PKCS#7 bundle; offsets count from the start of it, in DER.

    Attributes:
        certificates: DER and offset, in the order of the bytes.
        crls: likewise.
    """

    certificates: list[tuple[bytes, int]] = field(default_factory=list)
    crls: list[tuple[bytes, int]] = field(default_factory=list)
    problems: list[Message] = field(default_factory=list)


def read_pkcs7(data: bytes) -> Bundle:
    """Read a bundle; what is damaged is named, and what came before it is kept."""
    bundle = Bundle()
    try:
        kind, wrapped = parts_of(_outer(data), 2)[:2]
        if object_identifier(kind) != _SIGNED_DATA:
            bundle.problems.append(
                msg(
                    "It is a CMS message of another kind ({oid}), without certificates in the clear.",
                    oid=object_identifier(kind),
                )
            )
            return bundle
        signed = parts_of(wrapped, 1)[0].expect(SEQUENCE)
        for part in signed.children():
            if part.tag == _CERTIFICATES:
                _collect(part, bundle.certificates, bundle, msg("A certificate of an old kind is left out."))
            elif part.tag == _CRLS:
                _collect(part, bundle.crls, bundle, msg("A revocation list of an unknown kind is left out."))
    except DerError:
        bundle.problems.append(msg("The PKCS#7 bundle is damaged: what follows cannot be read."))
    return bundle


def _outer(data: bytes) -> Element:
    try:
        return read_element(to_der(data)).expect(SEQUENCE)
    except DerError:
        return read_element(data, indefinite=True).expect(SEQUENCE)


def _collect(choices: Element, found: list[tuple[bytes, int]], bundle: Bundle, other: Message) -> None:
    for choice in choices.children():
        if choice.tag == SEQUENCE:
            found.append((choice.raw, choice.start))
        else:
            bundle.problems.append(other)
