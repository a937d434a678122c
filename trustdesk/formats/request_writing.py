"""Writing certificate requests (PKCS#10, RFC 2986), and the keys that sign them.

What a request asks for is decided above (`services.request_content`); here it becomes bytes.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from trustdesk.core.certificate_request import AskedFor
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.inspection import CsrFacts, ExtensionFacts
from trustdesk.core.key_store import KeyKind
from trustdesk.core.message import Message, msg
from trustdesk.formats.extension_oids import SUBJECT_ALT_NAME
from trustdesk.formats.extensions import KEY_USAGES, purpose_oid
from trustdesk.formats.request import read_request

WrittenExtension = tuple[x509.ExtensionType, bool]
"""An extension, and whether it is critical."""

_PUBLIC_EXPONENT = 65537
_CURVES: dict[KeyKind, ec.EllipticCurve] = {KeyKind.P256: ec.SECP256R1(), KeyKind.P384: ec.SECP384R1()}
_SIGNATURES = {KeyKind.P256: "ecdsa-with-SHA256", KeyKind.P384: "ecdsa-with-SHA384"}
_RSA_BITS = {KeyKind.RSA_2048: 2048, KeyKind.RSA_3072: 3072, KeyKind.RSA_4096: 4096}
_USAGE_BITS = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
    *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)
_NAME_KINDS = frozenset({"DNS", "URI", "IP", "email"})
_AFTER_COMMA = re.compile(r"(?<!\\)((?:\\\\)*),\s+")
_OTHER_TYPES = {
    "E": NameOID.EMAIL_ADDRESS,
    "emailAddress": NameOID.EMAIL_ADDRESS,
    "EMAILADDRESS": NameOID.EMAIL_ADDRESS,
    "serialNumber": NameOID.SERIAL_NUMBER,
    "SERIALNUMBER": NameOID.SERIAL_NUMBER,
    "GN": NameOID.GIVEN_NAME,
    "SN": NameOID.SURNAME,
}
"""Attribute types that people and other tools write, beside those of RFC 4514."""


def make_key(kind: KeyKind) -> ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey:
    """Make a key; RSA takes up to some seconds."""
    curve = _CURVES.get(kind)
    if curve is not None:
        return ec.generate_private_key(curve)
    return rsa.generate_private_key(_PUBLIC_EXPONENT, _RSA_BITS[kind])


def write_request(asked: AskedFor, key: CertificateIssuerPrivateKeyTypes) -> bytes:
    """Return the signed request, DER: with SHA-256, for a key on P-384 with SHA-384.

    Raises:
        UnusableInputError: something that is asked for cannot be written.
    """
    digest: hashes.SHA256 | hashes.SHA384 | None = hashes.SHA256()
    if isinstance(key, ec.EllipticCurvePrivateKey):
        digest = hashes.SHA384() if key.curve.key_size == 384 else hashes.SHA256()
    elif not isinstance(key, rsa.RSAPrivateKey):
        digest = None  # Ed25519 and Ed448 bring their own
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject_name(asked.subject))
    for value, is_critical in requested_extensions(asked):
        builder = builder.add_extension(value, is_critical)
    return builder.sign(key, digest).public_bytes(Encoding.DER)


def read_unsigned(asked: AskedFor) -> CsrFacts:
    """Return what a request would say, before there is a key for it; what cannot be written is unreadable.

    `der` ends before the signature, so that nobody takes it for a request; what follows from the key is
    that of the kind that will be made, and nothing is known of the key itself.
    """
    facts = read_request(_signed_by_nobody(asked))
    info = next(field for field in facts.fields if field.name == "certificationRequestInfo")
    curve = _CURVES.get(asked.key)
    facts = replace(
        facts,
        der=facts.der[: info.offset + info.length],
        spki_sha256=None,
        signature_valid=None,
        key_algorithm="RSA" if curve is None else "EC",
        key_bits=_RSA_BITS[asked.key] if curve is None else curve.key_size,
        curve=None if curve is None else asked.key.value,
        signature_algorithm=_SIGNATURES.get(asked.key, "sha256WithRSAEncryption"),
    )
    return _with_unreadable(facts, asked)


def request_pem(der: bytes) -> bytes:
    """Return a request as PEM (RFC 7468)."""
    return x509.load_der_x509_csr(der).public_bytes(Encoding.PEM)


def subject_name(text: str) -> x509.Name:
    """Read an RFC 4514 name, a blank after a comma allowed.

    Raises:
        UnusableInputError: it is none, or one of its parts is too long.
    """
    try:
        if not text.isprintable():
            raise ValueError("characters that cannot be shown")
        return x509.Name.from_rfc4514_string(_AFTER_COMMA.sub(r"\1,", text.strip()), _OTHER_TYPES)
    except (ValueError, UnicodeError):
        raise UnusableInputError(
            msg("This is no distinguished name, or a part of it is too long."),
            remedy=msg("Write it as CN=HAC,O=Halden Air with a backslash before , + and = in values."),
            place=text,
        ) from None


def requested_extensions(asked: AskedFor) -> Iterator[WrittenExtension]:
    """Yield the extensions that are asked for, each with whether it is critical.

    Raises:
        UnusableInputError: a name or a usage cannot be written.
    """
    if asked.subject_alt_names:
        names = [alternative_name(name) for name in asked.subject_alt_names]
        yield x509.SubjectAlternativeName(names), asked.names_are_critical
    if asked.key_usage:
        yield _key_usage(asked.key_usage), True
    if asked.extended_key_usage:
        oids = [_purpose(name) for name in asked.extended_key_usage]
        yield x509.ExtendedKeyUsage([x509.ObjectIdentifier(oid) for oid in oids]), False


def alternative_name(text: str) -> x509.GeneralName:
    """Write one subject alternative name: `DNS:`, `URI:`, `IP:` or `email:` before its value.

    Raises:
        UnusableInputError: it is of another kind, empty, or holds what its kind cannot.
    """
    kind, colon, value = text.partition(":")
    if not colon or kind not in _NAME_KINDS:
        raise _unwritable(text, msg("It is of no kind that can be asked for here."))
    if not value.strip() or not value.isprintable():
        raise _unwritable(text, msg("It is empty, or holds characters that cannot be shown."))
    try:
        match kind:
            case "DNS":
                return x509.DNSName(value)
            case "URI":
                return x509.UniformResourceIdentifier(value)
            case "IP":
                return x509.IPAddress(ipaddress.ip_address(value))
            case _:
                return x509.RFC822Name(value)
    except ValueError:
        raise _unwritable(text, msg("It cannot be written as {kind}.", kind=kind)) from None


def _key_usage(usages: tuple[str, ...]) -> x509.KeyUsage:
    unknown = [usage for usage in usages if usage not in KEY_USAGES]
    if unknown:
        raise _unwritable(unknown[0], msg("There is no such key usage."))
    try:
        return x509.KeyUsage(
            **{bit: name in usages for bit, name in zip(_USAGE_BITS, KEY_USAGES, strict=True)}
        )
    except ValueError:  # RFC 5280 4.2.1.3
        raise _unwritable(
            ", ".join(usages), msg("encipherOnly and decipherOnly go with keyAgreement alone.")
        ) from None


def _purpose(name: str) -> str:
    oid = purpose_oid(name)
    if oid is None:
        raise _unwritable(name, msg("There is no such extended key usage."))
    return oid


def _unwritable(place: str, problem: Message) -> UnusableInputError:
    return UnusableInputError(
        problem,
        remedy=msg("Write names as DNS:host, URI:https://host/ID or IP:192.0.2.1, usages as RFC 5280 does."),
        place=place,
    )


@cache
def _nobodys_key() -> ec.EllipticCurvePrivateKey:
    """Return a key that signs what nobody sees: a request cannot be built without one."""
    return ec.generate_private_key(ec.SECP256R1())


def _signed_by_nobody(asked: AskedFor) -> bytes:
    """Return a request with what of it can be written; the reader shows the rest of a name in escapes."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(_subject_or_none(asked) or x509.Name([]))
    shown = [name.encode("ascii", "backslashreplace").decode() for name in asked.subject_alt_names]
    for part in (
        replace(asked, subject_alt_names=tuple(shown), key_usage=(), extended_key_usage=()),
        replace(asked, subject_alt_names=(), extended_key_usage=()),
        replace(asked, subject_alt_names=(), key_usage=()),
    ):
        try:
            for value, is_critical in requested_extensions(part):
                builder = builder.add_extension(value, is_critical)
        except UnusableInputError:
            continue
    return builder.sign(_nobodys_key(), hashes.SHA256()).public_bytes(Encoding.DER)


def _with_unreadable(facts: CsrFacts, asked: AskedFor) -> CsrFacts:
    """Mark what could not be written as what cannot be read: absent would be taken for what was meant."""
    if _subject_or_none(asked) is None:
        kept = tuple(field for field in facts.fields if field.name != "subject")
        facts = replace(facts, subject=None, fields=kept)
    if asked.subject_alt_names and not facts.subject_alt_names:
        damaged = ExtensionFacts(
            oid=SUBJECT_ALT_NAME,
            name="subjectAltName",
            critical=asked.names_are_critical,
            der=b"",
            offset=0,
            length=0,
            value_offset=0,
        )
        facts = replace(facts, extensions=(*facts.extensions, damaged))
    return facts


def _subject_or_none(asked: AskedFor) -> x509.Name | None:
    try:
        return subject_name(asked.subject)
    except UnusableInputError:
        return None
