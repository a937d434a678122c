"""Certificates written octet by octet, so that each rule of RFC 5280 can be broken alone.

Good by default and conforming to RFC 5280 section 4; what is wrong with one is said by a keyword. Libraries
refuse to issue most of what stands here. Keys are shared: making them is slow, and nobody is hurt.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from itertools import count
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from trustdesk.core.message import msg
from trustdesk.core.trust import TrustList, TrustListOrigin
from trustdesk.core.verification import (
    RFC_5280_INPUTS,
    PathInputs,
    Purpose,
    RuleCheck,
    RuleStatus,
    Verification,
)
from trustdesk.formats.certificate import read_certificate
from trustdesk.verify.path_verifier import PathVerifier

AT = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)
HOST = "cargo.example"
VALIDITY = RFC_5280_INPUTS
"""RFC 5280 6.1 alone; the anchor is a name and a key."""
CONFORMANCE = replace(RFC_5280_INPUTS, conformance_required=True)
"""Sections 4.1 and 4.2 are asked for too, of the anchor's certificate as well."""

ECDSA_SHA256 = "1.2.840.10045.4.3.2"
ECDSA_SHA384 = "1.2.840.10045.4.3.3"
SERVER_AUTH, CLIENT_AUTH = "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"
ANY_EKU, ANY_POLICY = "2.5.29.37.0", "2.5.29.32.0"

OIDS = {
    "ski": "2.5.29.14",
    "ku": "2.5.29.15",
    "san": "2.5.29.17",
    "ian": "2.5.29.18",
    "bc": "2.5.29.19",
    "nc": "2.5.29.30",
    "crldp": "2.5.29.31",
    "cp": "2.5.29.32",
    "pm": "2.5.29.33",
    "aki": "2.5.29.35",
    "pc": "2.5.29.36",
    "eku": "2.5.29.37",
    "freshest": "2.5.29.46",
    "iap": "2.5.29.54",
    "aia": "1.3.6.1.5.5.7.1.1",
    "sia": "1.3.6.1.5.5.7.1.11",
    "sda": "2.5.29.9",
}
_serials = count(0x1000)


# DER


def tlv(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes((tag, len(body))) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + body


def seq(*parts: bytes) -> bytes:
    return tlv(0x30, *parts)


def integer(value: int) -> bytes:
    return tlv(2, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def boolean(value: bool) -> bytes:
    return tlv(1, b"\xff" if value else b"\0")


def octets(value: bytes) -> bytes:
    return tlv(4, value)


def bits(*numbers: int) -> bytes:
    if not numbers:
        return tlv(3, b"\0")
    size = max(numbers) // 8 + 1
    value = sum(1 << (8 * size - 1 - number) for number in numbers)
    return tlv(3, bytes((8 * size - 1 - max(numbers),)), value.to_bytes(size, "big"))


@lru_cache(maxsize=256)
def oid(dotted: str) -> bytes:
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    body = b""
    for arc in (first * 40 + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        body += bytes(reversed(groups))
    return tlv(6, body)


UTF8, PRINTABLE, TELETEX, IA5, UNIVERSAL, BMP = 0x0C, 0x13, 0x14, 0x16, 0x1C, 0x1E
_CODECS = {UNIVERSAL: "utf-32-be", BMP: "utf-16-be", TELETEX: "latin-1"}
_ATTRIBUTES = {"CN": "2.5.4.3", "C": "2.5.4.6", "O": "2.5.4.10", "OU": "2.5.4.11"}
_ATTRIBUTES |= {"E": "1.2.840.113549.1.9.1", "DC": "0.9.2342.19200300.100.1.25", "serial": "2.5.4.5"}


def attribute(kind: str, text: str, tag: int = UTF8) -> bytes:
    return seq(oid(_ATTRIBUTES[kind]), tlv(tag, text.encode(_CODECS.get(tag, "utf-8"))))


def dn(text: str, tag: int = UTF8) -> bytes:
    """`O=ACME,CN=Root`, the first relative name first; `+` joins attributes of one; "" is the empty name."""
    relative_names = []
    for part in text.split(",") if text else []:
        pairs = (one.partition("=") for one in part.split("+"))
        attributes = [attribute(kind, value, tag) for kind, _, value in pairs]
        relative_names.append(tlv(0x31, *sorted(attributes)))
    return seq(*relative_names)


def utc_time(at: datetime) -> bytes:
    return tlv(0x17, at.strftime("%y%m%d%H%M%SZ").encode())


def generalized_time(at: datetime) -> bytes:
    return tlv(0x18, at.strftime("%Y%m%d%H%M%SZ").encode())


def time(at: datetime) -> bytes:
    return utc_time(at) if 1950 <= at.year < 2050 else generalized_time(at)


# Extensions


def ext(dotted: str, value: bytes, critical: bool = False) -> bytes:
    return seq(oid(dotted), boolean(True) if critical else b"", octets(value))


def bc(ca: bool | None = True, path_length: int | None = None, critical: bool = True) -> bytes:
    parts = b"" if not ca else boolean(True)
    parts += b"" if path_length is None else integer(path_length)
    return ext(OIDS["bc"], seq(parts), critical)


def ku(*numbers: int, critical: bool = True) -> bytes:
    return ext(OIDS["ku"], bits(*numbers), critical)


def eku(*purposes: str, critical: bool = False) -> bytes:
    return ext(OIDS["eku"], seq(*(oid(purpose) for purpose in purposes)), critical)


def ski(value: bytes, critical: bool = False) -> bytes:
    return ext(OIDS["ski"], octets(value), critical)


def aki(key: bytes | None, *more: bytes, critical: bool = False) -> bytes:
    return ext(OIDS["aki"], seq(b"" if key is None else tlv(0x80, key), *more), critical)


def san(*names: bytes, critical: bool = False) -> bytes:
    return ext(OIDS["san"], seq(*names), critical)


def nc(
    permitted: Sequence[bytes] = (),
    excluded: Sequence[bytes] = (),
    *,
    critical: bool = True,
    minimum: int | None = None,
    maximum: int | None = None,
) -> bytes:
    more = (b"" if minimum is None else tlv(0x80, bytes((minimum,)))) + (
        b"" if maximum is None else tlv(0x81, bytes((maximum,)))
    )
    parts = b""
    if permitted:
        parts += tlv(0xA0, *(seq(base, more) for base in permitted))
    if excluded:
        parts += tlv(0xA1, *(seq(base, more) for base in excluded))
    return ext(OIDS["nc"], seq(parts), critical)


def cp(*policies: str, critical: bool = False) -> bytes:
    return ext(OIDS["cp"], seq(*(seq(oid(policy)) for policy in policies)), critical)


def pm(*pairs: tuple[str, str], critical: bool = True) -> bytes:
    return ext(OIDS["pm"], seq(*(seq(oid(mine), oid(theirs)) for mine, theirs in pairs)), critical)


def pc(require: int | None = None, inhibit_mapping: int | None = None, *, critical: bool = True) -> bytes:
    parts = b"" if require is None else tlv(0x80, bytes((require,)))
    parts += b"" if inhibit_mapping is None else tlv(0x81, bytes((inhibit_mapping,)))
    return ext(OIDS["pc"], seq(parts), critical)


def iap(skip: int, *, critical: bool = True) -> bytes:
    return ext(OIDS["iap"], integer(skip), critical)


def dns(text: str) -> bytes:
    return tlv(0x82, text.encode())


def email(text: str) -> bytes:
    return tlv(0x81, text.encode())


def uri(text: str) -> bytes:
    return tlv(0x86, text.encode())


def ip(text: str) -> bytes:
    """An address, or `address/mask` as a name constraint has it."""
    if "/" not in text:
        return tlv(0x87, ipaddress.ip_address(text).packed)
    address, mask = text.split("/")
    base = ipaddress.ip_address(address).packed
    if mask.isdigit():
        return tlv(0x87, base, ipaddress.ip_network(f"{address}/{mask}", strict=False).netmask.packed)
    return tlv(0x87, base, ipaddress.ip_address(mask).packed)


def directory(text: str, tag: int = UTF8) -> bytes:
    return tlv(0xA4, dn(text, tag))


def other_name(type_id: str, value: bytes) -> bytes:
    return tlv(0xA0, oid(type_id), tlv(0xA0, value))


def registered_id(dotted: str) -> bytes:
    return tlv(0x88, oid(dotted)[2:])


# Certificates


@cache
def key(label: str) -> ec.EllipticCurvePrivateKey:
    """The key of a label: derived from it, so that it is the same in every run."""
    secret = int.from_bytes(hashlib.sha256(label.encode()).digest(), "big") >> 1
    return ec.derive_private_key(secret, ec.SECP256R1())


@cache
def key_info(label: str) -> bytes:
    return key(label).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def key_identifier(label: str) -> bytes:
    return hashlib.sha256(key_info(label)).digest()[:20]


@dataclass(frozen=True)
class Made:
    """A certificate, and what it takes to issue below it."""

    der: bytes
    subject: bytes
    key: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.der).hexdigest()


def make(
    subject: bytes | str,
    issuer: Made | None,
    extensions: Iterable[bytes],
    *,
    key_of: str,
    issuer_name: bytes | None = None,
    signed_by: str | None = None,
    version: bytes | None = tlv(0xA0, integer(2)),
    serial: bytes | None = None,
    not_before: bytes | datetime = AT - timedelta(days=100),
    not_after: bytes | datetime = AT + timedelta(days=265),
    algorithm: bytes = seq(oid(ECDSA_SHA256)),
    inner_algorithm: bytes | None = None,
    public_key: bytes | None = None,
    unique_ids: bytes = b"",
    spoil_signature: bool = False,
) -> Made:
    """Write one certificate; every field can be given as it is to stand there."""
    name = dn(subject) if isinstance(subject, str) else subject
    if issuer_name is None:
        issuer_name = issuer.subject if issuer else name
    fields = list(extensions)
    to_be_signed = seq(
        version or b"",
        serial or integer(next(_serials)),
        inner_algorithm or algorithm,
        issuer_name,
        seq(*(one if isinstance(one, bytes) else time(one) for one in (not_before, not_after))),
        name,
        public_key or key_info(key_of),
        unique_ids,
        tlv(0xA3, seq(*fields)) if fields else b"",
    )
    digest = hashes.SHA384() if algorithm == seq(oid(ECDSA_SHA384)) else hashes.SHA256()
    signature = key(signed_by or (issuer.key if issuer else key_of)).sign(to_be_signed, ec.ECDSA(digest))
    if spoil_signature:
        signature = signature[:-1] + bytes((signature[-1] ^ 1,))
    return Made(seq(to_be_signed, algorithm, tlv(3, b"\0", signature)), name, key_of)


def _chosen(
    good: Mapping[str, bytes], change: Mapping[str, bytes | None], extra: Sequence[bytes]
) -> list[bytes]:
    chosen = {**good, **change}
    return [*(value for value in chosen.values() if value is not None), *extra]


def ca(
    subject: bytes | str,
    issuer: Made | None = None,
    *,
    key_of: str | None = None,
    extra: Sequence[bytes] = (),
    bare: bool = False,
    more: Mapping[str, bytes | None] | None = None,
    **fields: Any,
) -> Made:
    """A CA; None as issuer makes a root. `more` replaces extensions by short name, None leaves one out."""
    label = key_of or (subject if isinstance(subject, str) else subject.hex())
    change = more or {}
    good = {"bc": bc(), "ku": ku(5, 6), "ski": ski(key_identifier(label))}
    if issuer is not None:
        good["aki"] = aki(key_identifier(issuer.key))
    extensions = [] if bare else _chosen(good, change, extra)
    return make(subject, issuer, extensions, key_of=label, **fields)


def leaf(
    issuer: Made | None,
    *names: bytes,
    subject: bytes | str = "CN=leaf",
    key_of: str = "leaf",
    extra: Sequence[bytes] = (),
    bare: bool = False,
    more: Mapping[str, bytes | None] | None = None,
    **fields: Any,
) -> Made:
    """An end entity for `names`, by default a server's at `HOST`."""
    good = {"bc": None, "ku": ku(0), "eku": eku(SERVER_AUTH), "ski": ski(key_identifier(key_of))}
    good["san"] = san(*(names or (dns(HOST),)), critical=not (subject if subject != dn("") else b""))
    if issuer is not None:
        good["aki"] = aki(key_identifier(issuer.key))
    extensions = [] if bare else _chosen({k: v for k, v in good.items() if v}, more or {}, extra)
    return make(subject, issuer, extensions, key_of=key_of, **fields)


# Judging


def anchors_of(*anchors: Made) -> TrustList:
    facts = tuple(read_certificate(anchor.der) for anchor in anchors)
    return TrustList(name="test", title=msg("Test"), origin=TrustListOrigin.FILE, anchors=facts)


def judged(
    end_entity: Made,
    *above: Made,
    anchors: Sequence[Made] = (),
    inputs: PathInputs = VALIDITY,
    at: datetime = AT,
    host: str | None = None,
    purpose: Purpose = Purpose.SERVER,
) -> Verification:
    """Judge an end entity; without `anchors` the last of `above` is the anchor."""
    tops, pool = (anchors, above) if anchors else (above[-1:], above[:-1])
    return PathVerifier([anchors_of(*tops)]).verify(
        end_entity.der,
        [one.der for one in pool],
        purpose=purpose,
        at=at,
        reference_identifier=host,
        inputs=inputs,
    )


def failed_rules(verification: Verification) -> set[tuple[str, int]]:
    return {(check.rule, check.index) for check in verification.paths[0].failures}


def first_failure(verification: Verification) -> RuleCheck:
    return verification.paths[0].failures[0]


def check_of(verification: Verification, rule: str, index: int) -> RuleCheck:
    (found,) = (one for one in verification.paths[0].checks if one.rule == rule and one.index == index)
    return found


def status_of(verification: Verification, rule: str, index: int) -> RuleStatus:
    return check_of(verification, rule, index).status


def accept(end_entity: Made, *above: Made, **question: Any) -> None:
    """Valid, and it conforms too."""
    for inputs in (VALIDITY, CONFORMANCE):
        verification = judged(end_entity, *above, inputs=inputs, **question)
        assert verification.trusted, failed_rules(verification)


def nonconforming(rule: str, index: int, end_entity: Made, *above: Made, **question: Any) -> None:
    """Valid by section 6.1, and refused by this rule alone where section 4 is asked for."""
    assert judged(end_entity, *above, **question).trusted
    verification = judged(end_entity, *above, inputs=CONFORMANCE, **question)
    assert failed_rules(verification) == {(rule, index)}
    assert not verification.trusted


def refuse(rule: str, index: int, end_entity: Made, *above: Made, **question: Any) -> None:
    """Not valid, whatever is asked of its form; this rule on this certificate is named first."""
    for inputs in (VALIDITY, CONFORMANCE):
        verification = judged(end_entity, *above, inputs=inputs, **question)
        assert not verification.trusted
        named = first_failure(verification)
        assert (named.rule, named.index) == (rule, index), failed_rules(verification)
