"""The messages that prove who is who: Certificate, CertificateRequest, CertificateVerify, and their kin.

Source: RFC 8446 4.3.2 and 4.4, RFC 5246 7.4.2 to 7.4.8, RFC 8422 5.4, RFC 6066 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from trustdesk.core.handshake import CertificateRequest
from trustdesk.network.dissect_dn import distinguished_name
from trustdesk.network.dissect_hello import Extension, extensions_of
from trustdesk.network.dissect_reader import DissectError, Fields, Reader
from trustdesk.network.tls_names import (
    TLS_1_2,
    TLS_1_3,
    client_certificate_type_name,
    extension_name,
    group_name,
    signature_scheme_name,
)
from trustdesk.network.tls_suites import key_exchange

_MAX_CERTIFICATES = 1000
_MAX_NAMES = 1000
_NAMED_CURVE = 3
_OCSP = 1
_ANONYMOUS = "_anon"

# SHA-256 of the primes of RFC 7919 appendix A, big-endian without leading zeros.
_FINITE_FIELD_GROUPS = {
    "9cd3b7f336872f46c09428d1bbc19877a4d440512cda8d1c1cf0cd6e33698966": "ffdhe2048",
    "0eaf67db3a839156d5013494a5318a772b5697d270d721f37f092efc69ea5a17": "ffdhe3072",
    "4648414224ac881b3d0dc59b466f96d06a558278776807797ecf1f66ff397b3e": "ffdhe4096",
    "227ac9066b3ddd9e193670cda2388fa884f65ba0cf98b742d1fe77a6687c79c7": "ffdhe6144",
    "770b14efaf6f049929c523113b3fa99a8d11dab1b18af3609590122075d19833": "ffdhe8192",
}

# Before TLS 1.2 the algorithm follows from the key (RFC 4346 7.4.3, RFC 8422 5.4).
_IMPLICIT_SCHEMES = {"RSA": "rsa_pkcs1_md5_sha1", "ECDSA": "ecdsa_sha1", "DSS": "dsa_sha1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateChain:
    """A Certificate message.

    Attributes:
        certificates: DER, as presented, end entity first; also what does not parse. Empty when a client
            has none to send.
        stapled_ocsp: OCSP response (DER) that came with the first certificate; None without one. TLS 1.3.
    """

    certificates: tuple[bytes, ...]
    stapled_ocsp: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateStatus:
    """An OCSP response (DER) of TLS 1.2; None for another type of status."""

    stapled_ocsp: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """How a side proved that it has its key.

    Attributes:
        group: of the key exchange that was signed, in ServerKeyExchange; None elsewhere.
        signature_scheme: None where nothing is signed (anonymous key exchange).
    """

    group: str | None = None
    signature_scheme: str | None


def certificate(body: bytes, version: int) -> tuple[CertificateChain, str, Fields]:
    """Read a Certificate message: facts, detail, fields."""
    reader = Reader(body)
    if version >= TLS_1_3:
        reader.vector(1)  # certificate_request_context
    entries = Reader(reader.vector(3))
    reader.end()
    fields = Fields()
    certificates: list[bytes] = []
    stapled_ocsp = None
    while entries.left:
        if len(certificates) == _MAX_CERTIFICATES:
            raise DissectError(f"more than {_MAX_CERTIFICATES} certificates")
        der = entries.vector(3)
        certificates.append(der)
        parts = [f"{len(der)} bytes"]
        extensions = extensions_of(entries) if version >= TLS_1_3 else {}
        if Extension.STATUS_REQUEST in extensions:
            response = _ocsp_response(extensions[Extension.STATUS_REQUEST])
            if len(certificates) == 1:
                stapled_ocsp = response
            parts.append(f"OCSP response of {len(response or b'')} bytes")
        if Extension.SIGNED_CERTIFICATE_TIMESTAMP in extensions:
            parts.append(f"{_timestamps(extensions[Extension.SIGNED_CERTIFICATE_TIMESTAMP])} SCTs")
        fields.add(f"certificate_{len(certificates)}", ", ".join(parts))
    total = sum(map(len, certificates))
    match len(certificates):
        case 0:
            detail = "no certificate"
        case 1:
            detail = f"1 certificate, {total} bytes"
        case count:
            detail = f"{count} certificates, {total} bytes"
    return CertificateChain(certificates=tuple(certificates), stapled_ocsp=stapled_ocsp), detail, fields


def certificate_request(body: bytes, version: int) -> tuple[CertificateRequest, str, Fields]:
    """Read a CertificateRequest: facts, detail, fields. At most 1000 names are kept."""
    reader = Reader(body)
    fields = Fields()
    schemes: list[int] = []
    authorities = b""
    if version >= TLS_1_3:
        reader.vector(1)  # certificate_request_context
        extensions = extensions_of(reader)
        reader.end()
        if Extension.SIGNATURE_ALGORITHMS in extensions:
            schemes = Reader(extensions[Extension.SIGNATURE_ALGORITHMS]).numbers(2, 2)
        if Extension.CERTIFICATE_AUTHORITIES in extensions:
            authorities = Reader(extensions[Extension.CERTIFICATE_AUTHORITIES]).vector(2)
        fields.add_list("extensions", map(extension_name, extensions))
    else:
        fields.add_list("certificate_types", map(client_certificate_type_name, reader.vector(1)))
        if version >= TLS_1_2:
            schemes = reader.numbers(2, 2)
        authorities = reader.vector(2)
        reader.end()
    scheme_names = tuple(map(signature_scheme_name, schemes))
    fields.add_list("signature_algorithms", scheme_names)
    encoded_names = _vectors(authorities)
    names = sorted(map(distinguished_name, encoded_names[:_MAX_NAMES]))
    for name in names:
        fields.add("certificate_authority", name)
    match len(encoded_names):
        case 0:
            detail = "any CA"
        case 1:
            detail = "1 acceptable CA"
        case count:
            detail = f"{count} acceptable CAs"
    return CertificateRequest(acceptable_cas=tuple(names), signature_schemes=scheme_names), detail, fields


def certificate_verify(body: bytes, version: int) -> tuple[Proof, str, Fields]:
    """Read a CertificateVerify: facts, detail, fields."""
    reader = Reader(body)
    fields = Fields()
    scheme = None
    if version >= TLS_1_2:
        scheme = signature_scheme_name(reader.number(2))
        fields.add("signature_scheme", scheme)
    fields.add("signature", f"{len(reader.vector(2))} bytes")
    reader.end()
    return Proof(signature_scheme=scheme), scheme or "", fields


def server_key_exchange(body: bytes, version: int, suite: int) -> tuple[Proof, str, Fields] | None:
    """Read a ServerKeyExchange: facts, detail, fields; None for a key exchange that is not read here."""
    exchange = key_exchange(suite)
    reader = Reader(body)
    fields = Fields()
    if exchange.startswith(("ECDHE_RSA", "ECDHE_ECDSA", "ECDH_anon")):
        if reader.number(1) != _NAMED_CURVE:
            raise DissectError("curve that has no name")
        group = group_name(reader.number(2))
        public_length = len(reader.vector(1))
    elif exchange in {"DHE_RSA", "DHE_DSS", "DH_anon"}:
        group = _finite_field_group(reader.vector(2))
        reader.vector(2)  # generator
        public_length = len(reader.vector(2))
    else:
        return None
    fields.add("group", group)
    fields.add("public_key", f"{public_length} bytes")
    scheme = None
    if not exchange.endswith(_ANONYMOUS):
        if version >= TLS_1_2:
            scheme = signature_scheme_name(reader.number(2))
        else:
            scheme = _IMPLICIT_SCHEMES[exchange.partition("_")[2]]
        fields.add("signature_scheme", scheme)
        fields.add("signature", f"{len(reader.vector(2))} bytes")
    reader.end()
    detail = f"{group}, {scheme}" if scheme else f"{group}, anonymous"
    return Proof(group=group, signature_scheme=scheme), detail, fields


def certificate_status(body: bytes) -> tuple[CertificateStatus, str, Fields]:
    """Read a CertificateStatus of TLS 1.2: facts, detail, fields."""
    response = _ocsp_response(body)
    detail = "not OCSP" if response is None else f"OCSP response of {len(response)} bytes"
    return CertificateStatus(stapled_ocsp=response), detail, Fields()


def _finite_field_group(prime: bytes) -> str:
    """Return the group's name, or "DH N bits" for a group without one."""
    prime = prime.lstrip(b"\0")
    name = _FINITE_FIELD_GROUPS.get(sha256(prime).hexdigest())
    return name or f"DH {int.from_bytes(prime[:1], 'big').bit_length() + 8 * max(len(prime) - 1, 0)} bits"


def _ocsp_response(data: bytes) -> bytes | None:
    reader = Reader(data)
    if reader.number(1) != _OCSP:
        return None
    response = reader.vector(3)
    reader.end()
    return response


def _timestamps(data: bytes) -> int:
    return len(_vectors(Reader(data).vector(2)))


def _vectors(data: bytes) -> list[bytes]:
    """Read vectors with lengths of two bytes until the end."""
    reader = Reader(data)
    vectors: list[bytes] = []
    while reader.left:
        vectors.append(reader.vector(2))
    return vectors
