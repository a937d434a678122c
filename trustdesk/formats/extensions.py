"""Extensions into values, each decoded alone (RFC 5280 4.2).

One that breaks its syntax does not take the others with it. The syntax itself is in `extension_decoders`;
what stands here is bounded and named for people. What extensions mean in words: `extension_text`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from trustdesk.core.light_dataclass import light_dataclass
from trustdesk.core.untrusted import bounded
from trustdesk.formats import extension_decoders as decoders
from trustdesk.formats.der import (
    BOOLEAN,
    OCTET_STRING,
    SEQUENCE,
    DerError,
    Element,
    object_identifier,
    parts_of,
    read_whole,
    small_integer,
)
from trustdesk.formats.general_names import constraint_name, general_name, general_names

KEY_USAGES = (
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
)
"""Bits of KeyUsage (RFC 5280 4.2.1.3)."""

REASONS = (
    "unused",
    "keyCompromise",
    "cACompromise",
    "affiliationChanged",
    "superseded",
    "cessationOfOperation",
    "certificateHold",
    "privilegeWithdrawn",
    "aACompromise",
)
"""Bits of ReasonFlags (RFC 5280 4.2.1.13)."""

_DOTTED = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]{0,18}))+")
_MAX_ID = 512
_CPS = "1.3.6.1.5.5.7.2.1"
_BMP_STRING = 0x1E
_YEAR_9999_MS = 253_402_300_799_000

_PURPOSES = {
    "1.3.6.1.5.5.7.3.1": "serverAuth",
    "1.3.6.1.5.5.7.3.2": "clientAuth",
    "1.3.6.1.5.5.7.3.3": "codeSigning",
    "1.3.6.1.5.5.7.3.4": "emailProtection",
    "1.3.6.1.5.5.7.3.8": "timeStamping",
    "1.3.6.1.5.5.7.3.9": "OCSPSigning",
    "2.5.29.37.0": "anyExtendedKeyUsage",
}


@light_dataclass(frozen=True, slots=True)
class Extension:
    """One extension as it stands: dotted OID, criticality, and the DER inside its OCTET STRING."""

    oid: str
    critical: bool
    value: bytes


def read_extension(element: Element) -> Extension:
    """Read one element of Extensions.

    Raises:
        DerError: it is none.
    """
    parts = list(element.expect(SEQUENCE).children())
    if len(parts) not in {2, 3}:
        raise DerError("an extension with too few or too many parts")
    critical = len(parts) == 3 and any(parts[1].expect(BOOLEAN).content)
    return Extension(object_identifier(parts[0]), critical, parts[-1].expect(OCTET_STRING).content)


def key_usage(value: bytes) -> tuple[str, ...]:
    """Decode keyUsage (RFC 5280 4.2.1.3) into its names, in the order of the bits.

    Raises:
        DerError: it is no BIT STRING.
    """
    bits = decoders.key_usage(value)
    return tuple(name for number, name in enumerate(KEY_USAGES) if number in bits)


def extended_key_usage(value: bytes) -> tuple[str, ...]:
    """Decode extKeyUsage (RFC 5280 4.2.1.12) into names or dotted OIDs, in their order.

    Raises:
        DerError: it is no sequence of OIDs.
    """
    return tuple(_PURPOSES.get(purpose, purpose) for purpose in decoders.object_identifiers(value))


def purpose_oid(purpose: str) -> str | None:
    """Return the OID of an extended key usage by its name, or the dotted OID that it is; None for neither."""
    if purpose in _PURPOSES or _DOTTED.fullmatch(purpose):
        return purpose
    return next((oid for oid, name in _PURPOSES.items() if name == purpose), None)


def is_ca(value: bytes) -> bool:
    """Decode cA of basicConstraints (RFC 5280 4.2.1.9); FALSE written out is read as what it means.

    Raises:
        DerError: it is no BasicConstraints.
    """
    return decoders.basic_constraints(value).ca


def subject_alt_names(value: bytes) -> tuple[str, ...]:
    """Decode subjectAltName (RFC 5280 4.2.1.6), each name with its kind in front and bounded.

    Raises:
        DerError: it is no sequence of elements.
    """
    return general_names(read_whole(value, SEQUENCE))


def path_length(value: bytes) -> int | None:
    """Decode pathLenConstraint of basicConstraints (RFC 5280 4.2.1.9); None for no limit.

    Raises:
        DerError: it is no BasicConstraints.
    """
    return decoders.basic_constraints(value).path_length


def subject_key_id(value: bytes) -> str:
    """Decode subjectKeyIdentifier (RFC 5280 4.2.1.2) into hex.

    Raises:
        DerError: it is no OCTET STRING.
    """
    return decoders.subject_key_identifier(value)[:_MAX_ID].hex()


@dataclass(frozen=True, slots=True)
class AuthorityKeyId:
    """authorityKeyIdentifier: hex of the key's, the names and the serial number; None for what is absent."""

    key_id: str | None
    issuer: tuple[str, ...]
    serial_number: str | None


def authority_key_id(value: bytes) -> AuthorityKeyId:
    """Decode authorityKeyIdentifier (RFC 5280 4.2.1.1); half of one counts too.

    Raises:
        DerError: it is no sequence of its parts.
    """
    found = decoders.authority_key_identifier(value)
    return AuthorityKeyId(
        key_id=None if found.key is None else found.key[:_MAX_ID].hex(),
        issuer=() if found.issuer is None else general_names(found.issuer),
        serial_number=None if found.serial_number is None else found.serial_number[:_MAX_ID].hex(),
    )


@dataclass(frozen=True, slots=True)
class Policy:
    """One certificate policy: dotted OID, and its qualifiers (a URI, or a notice's text) bounded."""

    oid: str
    qualifiers: tuple[str, ...]


def certificate_policies(value: bytes) -> tuple[Policy, ...]:
    """Decode certificatePolicies (RFC 5280 4.2.1.4); an unusual qualifier is shown in hex.

    Raises:
        DerError: it is no sequence of policies.
    """
    found = []
    for oid, rest in decoders.policy_information(value):
        qualifiers = [_qualifier(one) for part in rest for one in part.expect(SEQUENCE).children()]
        found.append(Policy(oid, tuple(qualifiers)))
    return tuple(found)


def name_constraints(value: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Decode nameConstraints (RFC 5280 4.2.1.10): permitted and excluded subtrees as `DNS:example`.

    Raises:
        DerError: it is no sequence of subtrees.
    """
    found = decoders.name_constraints(value)
    return (
        tuple(constraint_name(base) for base, *_ in found.permitted or ()),
        tuple(constraint_name(base) for base, *_ in found.excluded or ()),
    )


@dataclass(frozen=True, slots=True)
class DistributionPoint:
    """Where a CRL can be had: names (`URI:…`), who signs it when not the issuer, reasons it covers."""

    names: tuple[str, ...]
    issuer: tuple[str, ...]
    reasons: tuple[str, ...] | None


def distribution_points(value: bytes) -> tuple[DistributionPoint, ...]:
    """Decode cRLDistributionPoints or freshestCRL (RFC 5280 4.2.1.13, 4.2.1.15).

    Raises:
        DerError: it is no sequence of distribution points.
    """
    return tuple(_point(point.expect(SEQUENCE)) for point in read_whole(value, SEQUENCE).children())


def access_descriptions(value: bytes) -> tuple[tuple[str, str], ...]:
    """Decode authority or subject information access (RFC 5280 4.2.2): method and location in pairs.

    Raises:
        DerError: it is no sequence of access descriptions.
    """
    return tuple((method, general_name(location)) for method, location in decoders.access_descriptions(value))


def tls_features(value: bytes) -> tuple[int, ...]:
    """Decode the TLS feature extension (RFC 7633): numbers of TLS extensions; 5 is must-staple.

    Raises:
        DerError: it is no sequence of numbers.
    """
    return tuple(small_integer(number) for number in read_whole(value, SEQUENCE).children())


def sct_timestamps(value: bytes) -> tuple[datetime, ...]:
    """Decode the list of certificate-transparency timestamps (RFC 6962 3.3): when each was given.

    Raises:
        DerError: its lengths do not fit.
    """
    data = read_whole(value, OCTET_STRING).content
    if len(data) < 2 or int.from_bytes(data[:2], "big") != len(data) - 2:
        raise DerError("a list whose length does not fit")
    found: list[datetime] = []
    at = 2
    while at < len(data):
        size = int.from_bytes(data[at : at + 2], "big")
        if size < 41 or at + 2 + size > len(data):
            raise DerError("a timestamp whose length does not fit")
        milliseconds = int.from_bytes(data[at + 35 : at + 43], "big")
        if milliseconds > _YEAR_9999_MS:
            raise DerError("a timestamp that is no date")
        found.append(datetime.fromtimestamp(milliseconds / 1000, UTC))
        at += 2 + size
    return tuple(found)


def named_bits(content: bytes, names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the bits that are set in the content of a BIT STRING.

    Raises:
        DerError: it has no content.
    """
    if not content:
        raise DerError("a BIT STRING without content")
    bits = "".join(f"{octet:08b}" for octet in content[1:3])
    return tuple(name for name, bit in zip(names, bits, strict=False) if bit == "1")


def point_name(name: Element) -> tuple[str, ...]:
    """Return the names of a DistributionPointName: full names, or one relative to the CRL's issuer.

    Raises:
        DerError: it is none.
    """
    choice = parts_of(name, 1)[0]
    return general_names(choice) if choice.tag == 0xA0 else (f"relative:#{choice.content[:64].hex()}",)


def _point(point: Element) -> DistributionPoint:
    names: tuple[str, ...] = ()
    issuer: tuple[str, ...] = ()
    reasons: tuple[str, ...] | None = None
    for part in point.children():
        match part.tag:
            case 0xA0:
                names = point_name(part)
            case 0x81:
                reasons = named_bits(part.content, REASONS)
            case 0xA2:
                issuer = general_names(part)
            case _:
                raise DerError("a part that a distribution point does not have")
    return DistributionPoint(names, issuer, reasons)


def _qualifier(qualifier: Element) -> str:
    kind, *rest = parts_of(qualifier.expect(SEQUENCE), 1)
    if rest and object_identifier(kind) == _CPS:
        return bounded(rest[0].content.decode("ascii", "backslashreplace"))
    texts = [
        part.content.decode("utf-16-be" if part.tag == _BMP_STRING else "utf-8", "backslashreplace")
        for part in (rest[0].children() if rest and rest[0].is_constructed else ())
        if not part.is_constructed
    ]
    return bounded(" ".join(texts)) if texts else f"#{qualifier.content[:64].hex()}"
