"""CMS SignedData with content in it, taken apart; what is signed stays as it lies there.

With this package's own DER reader rather than a library's decoder, for the signature is over the very
octets, and damage has to be named with its place.

Source: RFC 5652 3, 5.1, 5.3
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.formats.ber import octets, to_der
from trustdesk.formats.der import (
    OBJECT_IDENTIFIER,
    OCTET_STRING,
    SEQUENCE,
    SET,
    DerError,
    Element,
    object_identifier,
    parts_of,
    read_element,
    read_whole,
)
from trustdesk.formats.pem import looks_like_pem, pem_blocks

SIGNED_DATA = "1.2.840.113549.1.7.2"
DATA = "1.2.840.113549.1.7.1"
_LABELS = frozenset({"CMS", "PKCS7", "PKCS #7 SIGNED DATA"})
_CONSTRUCTED_OCTET_STRING = 0x24
_FIRST = 0xA0
_MAX_SIGNERS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerInfo:
    """One signature; elements as they stand, nothing is judged yet.

    Attributes:
        identifier: issuer and serial number, or [0] a subject key identifier.
        signed_attributes: None where the signature is over the content itself.
    """

    identifier: Element
    digest_algorithm: Element
    signed_attributes: Element | None
    signature_algorithm: Element
    signature: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedData:
    """A message.

    Attributes:
        content_type: dotted OID of what was signed.
        content: None for a bundle of certificates, or where the content lies in another file.
        content_at: where the content begins, in octets from the start of the file as DER.
        certificates: DER, as the message brings them along; not what was signed.
    """

    content_type: str
    content: bytes | None = field(repr=False)
    content_at: int
    certificates: tuple[bytes, ...] = field(repr=False)
    signers: tuple[SignerInfo, ...]


@contextmanager
def reading(part: str, at: int, place: str) -> Iterator[None]:
    """Name a part and where it begins when it turns out damaged.

    Raises:
        UnusableInputError: a DerError or ValueError came from inside.
    """
    try:
        yield
    except (DerError, ValueError, IndexError):
        raise UnusableInputError(
            msg("{part}, at byte {offset}, is damaged.", part=part, offset=at),
            remedy=msg("Download the list again; nothing of this file was taken over."),
            place=place,
        ) from None


def read_signed_data(data: bytes, place: str) -> SignedData:
    """Take a message apart.

    Raises:
        UnusableInputError: it is no SignedData, or damaged; names the part and the byte that it begins at.
    """
    data = _unarmored(data)
    with reading("ContentInfo", 0, place):
        outer = read_element(data, indefinite=True).expect(SEQUENCE)
        if outer.end != len(data):
            raise DerError("bytes after the message")
        outer = read_whole(to_der(data), SEQUENCE)
        kind, wrapped = parts_of(outer, 2)[:2]
        content_type = object_identifier(kind)
    if content_type != SIGNED_DATA:
        raise UnusableInputError(
            msg("It is a CMS message of another kind ({oid}), and not signed.", oid=content_type),
            remedy=msg("Name a file of signed content (SignedData)."),
            place=place,
        )
    with reading("SignedData", wrapped.start, place):
        parts = parts_of(parts_of(wrapped.expect(_FIRST), 1)[0].expect(SEQUENCE), 4)
        encapsulated = parts[2].expect(SEQUENCE)
        signer_infos = parts[-1].expect(SET)
    with reading("EncapsulatedContentInfo", encapsulated.start, place):
        found = parts_of(encapsulated, 1)
        of_content = object_identifier(found[0].expect(OBJECT_IDENTIFIER))
        content = parts_of(found[1].expect(_FIRST), 1)[0] if len(found) > 1 else None
        if content is not None and content.tag not in (OCTET_STRING, _CONSTRUCTED_OCTET_STRING):
            raise DerError("content that is no OCTET STRING")
    certificates = next((part for part in parts[3:-1] if part.tag == _FIRST), None)
    with reading("certificates", certificates.start if certificates else 0, place):
        brought = (
            [] if certificates is None else [one for one in certificates.children() if one.tag == SEQUENCE]
        )
    with reading("signerInfos", signer_infos.start, place):
        infos = list(signer_infos.children())
        if len(infos) > _MAX_SIGNERS:
            raise DerError("more signers than anybody means")
    return SignedData(
        content_type=of_content,
        content=None if content is None else octets(content),
        content_at=0 if content is None else content.content_start,
        certificates=tuple(one.raw for one in brought),
        signers=tuple(_signer(info, place) for info in infos),
    )


def _signer(info: Element, place: str) -> SignerInfo:
    with reading("SignerInfo", info.start, place):
        parts = parts_of(info.expect(SEQUENCE), 5)
        has_attributes = parts[3].tag == _FIRST
        after = parts[4:] if has_attributes else parts[3:]
        return SignerInfo(
            identifier=parts[1],
            digest_algorithm=parts[2].expect(SEQUENCE),
            signed_attributes=parts[3] if has_attributes else None,
            signature_algorithm=after[0].expect(SEQUENCE),
            signature=octets(after[1]),
        )


def _unarmored(data: bytes) -> bytes:
    if data[:1] == b"\x30" or not looks_like_pem(data):
        return data
    block = next((one for one in pem_blocks(data, 4) if one.label in _LABELS and one.der is not None), None)
    return data if block is None or block.der is None else block.der
