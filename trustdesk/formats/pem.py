"""PEM as people have it: bundles with text around, CRLF, a byte-order mark, indented, no final newline.

Source: RFC 7468 (textual encodings), RFC 1421 (headers of encrypted keys).
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from dataclasses import dataclass, field

_BEGIN = re.compile(rb"-----BEGIN ([A-Z0-9 .]{1,64})-----")
_END = re.compile(rb"-----END ([A-Z0-9 .]{1,64})-----")

CERTIFICATE_LABELS = frozenset({"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"})
KEY_LABELS = frozenset(
    {"PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY"}
)


@dataclass(frozen=True, slots=True)
class PemBlock:
    """One block between BEGIN and END.

    Attributes:
        label: as "CERTIFICATE".
        position: which block of the file, counted from 1.
        text: the block with its two lines, newline-separated; may hold a private key.
        der: what the Base64 holds; None when it is damaged, or stands behind headers (RFC 1421).
    """

    label: str
    position: int
    text: bytes = field(repr=False)
    der: bytes | None = field(repr=False)


def looks_like_pem(data: bytes) -> bool:
    """Whether a PEM block begins anywhere in the data."""
    return _BEGIN.search(_plain(data)) is not None


def pem_blocks(data: bytes) -> tuple[PemBlock, ...]:
    """Return all blocks in their order; a block without its own END line is left out.

    One pass over the lines, so that a file of BEGIN lines alone costs no more than its length.
    """
    blocks: list[PemBlock] = []
    label: bytes | None = None
    body: list[bytes] = []
    for line in _plain(data).splitlines():
        text = line.strip()
        if begin := _BEGIN.fullmatch(text):
            label, body = begin[1], []
        elif label is not None and (end := _END.fullmatch(text)):
            if end[1] == label:
                blocks.append(_block(label, len(blocks) + 1, body))
            label = None
        elif label is not None:
            body.append(text)
    return tuple(blocks)


def _block(label: bytes, position: int, body: list[bytes]) -> PemBlock:
    name = label.decode("ascii")
    text = b"\n".join([b"-----BEGIN %b-----" % label, *body, b"-----END %b-----" % label, b""])
    return PemBlock(name, position, text, None if any(b":" in line for line in body) else _decoded(body))


def _decoded(body: list[bytes]) -> bytes | None:
    try:
        return base64.b64decode(b"".join(b"".join(body).split()), validate=True)
    except binascii.Error:
        return None


def _plain(data: bytes) -> bytes:
    """Return the data in one octet a character: Windows editors save UTF-16."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace").encode("ascii", "replace")
    return data.removeprefix(codecs.BOM_UTF8)
