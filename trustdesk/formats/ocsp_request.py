"""Writing an OCSP request about one certificate, and the address that asks it by GET.

By hand rather than with a library's builder, which takes only certificates that the library loads: here the
issuer's name, its key and a serial number are enough, whatever else is wrong with the certificate.

Source: RFC 6960 4.1, appendix A.1; RFC 5019 2.1, 5; RFC 9654 (nonce).
"""

from __future__ import annotations

import base64
import hashlib
from typing import Literal
from urllib.parse import quote

from trustdesk.formats.ber import write_element
from trustdesk.formats.der import BIT_STRING, INTEGER, OCTET_STRING, SEQUENCE, DerError, Element, parts_of

MAX_GET = 255
"""Longest address, octets of the encoded request and of the responder's URL, that is asked by GET (5)."""

_NONCE = bytes.fromhex("06092b0601050507300102")
_NULL = b"\x05\x00"
_REQUEST_EXTENSIONS = 0xA2


OcspDigest = Literal["sha1", "sha256"]
"""The digest that a request names its certificate by; every responder knows SHA-1 (RFC 5019 2.1.1)."""

_DIGEST_OIDS: dict[OcspDigest, bytes] = {
    "sha1": bytes.fromhex("06052b0e03021a"),
    "sha256": bytes.fromhex("0609608648016503040201"),
}


def write_ocsp_request(
    *,
    issuer_name: bytes,
    issuer_key: bytes,
    serial_number: bytes,
    digest: OcspDigest,
    nonce: bytes | None,
) -> bytes:
    """Return the DER of an unsigned OCSPRequest about one certificate.

    Args:
        issuer_name: DER of the issuer's name.
        issuer_key: bits of the issuer's key, as `key_bits` returns them.
        serial_number: content of the INTEGER, as it stands in the certificate.
        nonce: 32 octets that nobody can guess; None to ask for an answer that may have been made before.
    """
    cert_id = write_element(
        SEQUENCE,
        write_element(SEQUENCE, _DIGEST_OIDS[digest], _NULL),
        write_element(OCTET_STRING, hashlib.new(digest, issuer_name, usedforsecurity=False).digest()),
        write_element(OCTET_STRING, hashlib.new(digest, issuer_key, usedforsecurity=False).digest()),
        write_element(INTEGER, serial_number),
    )
    fields = [write_element(SEQUENCE, write_element(SEQUENCE, cert_id))]
    if nonce is not None:
        extension = write_element(
            SEQUENCE, _NONCE, write_element(OCTET_STRING, write_element(OCTET_STRING, nonce))
        )
        fields.append(write_element(_REQUEST_EXTENSIONS, write_element(SEQUENCE, extension)))
    return write_element(SEQUENCE, write_element(SEQUENCE, *fields))


def ocsp_get_url(responder: str, request: bytes) -> str | None:
    """Return the address that asks a responder by GET, so that caches can answer; None when it is too long.

    Source: RFC 6960 appendix A.1, RFC 5019 5.
    """
    separator = "" if responder.endswith("/") else "/"
    url = f"{responder}{separator}{quote(base64.b64encode(request), safe='')}"
    return url if len(url) <= MAX_GET else None


def key_bits(subject_public_key_info: Element) -> bytes:
    """Return the bits of a key that CertID and ResponderID hash (RFC 6960 4.1.1, 4.2.1).

    Raises:
        DerError: it is no SubjectPublicKeyInfo.
    """
    bits = parts_of(subject_public_key_info, 2)[1].expect(BIT_STRING).content
    if not bits:
        raise DerError("a BIT STRING without content")
    return bits[1:]
