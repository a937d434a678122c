"""Everything of one certificate for a page of its own: extensions in words, and where each byte belongs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache, partial
from typing import TypeVar

from trustdesk.core.inspection import ByteField, CertificateDetails, ExtensionFacts
from trustdesk.core.message import Message
from trustdesk.formats import extension_oids as oids
from trustdesk.formats import extensions as ext
from trustdesk.formats.algorithms import curve_of
from trustdesk.formats.certificate import EXTENSION_PROBLEMS, read_certificate
from trustdesk.formats.der import (
    INTEGER,
    OCTET_STRING,
    SEQUENCE,
    DerError,
    Element,
    object_identifier,
    parts_of,
    read_element,
    small_integer,
    whole_children,
)
from trustdesk.formats.extension_facts import extension_problems, read_extensions

T = TypeVar("T")

_ACCESS_OID = bytes.fromhex("06082b06010505070101")
_POINTS_OID = bytes.fromhex("0603551d1f")
_REMEMBERED_BYTES = 16 * 1024
_VERSION = 0xA0
_EXTENSIONS = 0xA3
_NAMES = ("serialNumber", "signature", "issuer", "validity", "subject", "subjectPublicKeyInfo")
_OPTIONAL_NAMES = {0x81: "issuerUniqueID", 0x82: "subjectUniqueID", _EXTENSIONS: "extensions"}


def read_details(der: bytes) -> CertificateDetails:
    """Read out all that a certificate says (RFC 5280 4.1, 4.2); never raises.

    What cannot be read is None (or empty) and named in `problems`.
    """
    facts = read_certificate(der)
    named = _parts(der)
    by_name = {field.name: element for field, element in named}
    spki = by_name.get("subjectPublicKeyInfo")
    extensions, list_problems = _extensions(by_name.get("extensions"))
    values = {extension.oid: extension.der for extension in reversed(extensions) if extension.oid}
    permitted, excluded = _decoded(values, oids.NAME_CONSTRAINTS, ext.name_constraints) or ((), ())
    access = _decoded(values, oids.AUTHORITY_INFO_ACCESS, ext.access_descriptions) or ()
    points = _decoded(values, oids.CRL_DISTRIBUTION_POINTS, ext.distribution_points) or ()
    authority = _decoded(values, oids.AUTHORITY_KEY_IDENTIFIER, ext.authority_key_id)
    timestamps = _decoded(values, oids.SCT_LIST, ext.sct_timestamps)
    return CertificateDetails(
        facts=facts,
        sha1=hashlib.sha1(der, usedforsecurity=False).hexdigest(),
        spki_sha256=None if spki is None else hashlib.sha256(spki.raw).hexdigest(),
        version=_version(by_name.get("version")) if named else None,
        curve=None if spki is None else _quiet(lambda: curve_of(spki)),
        fields=tuple(field for field, _ in named),
        extensions=extensions,
        subject_key_id=_decoded(values, oids.SUBJECT_KEY_IDENTIFIER, ext.subject_key_id),
        authority_key_id=None if authority is None else authority.key_id,
        path_length=_decoded(values, oids.BASIC_CONSTRAINTS, ext.path_length),
        policies=tuple(
            policy.oid
            for policy in _decoded(values, oids.CERTIFICATE_POLICIES, ext.certificate_policies) or ()
        ),
        crl_urls=_crl_urls(points),
        ocsp_urls=_locations(access, oids.OCSP_METHOD),
        ca_issuer_urls=_locations(access, oids.CA_ISSUERS_METHOD),
        permitted_names=permitted,
        excluded_names=excluded,
        sct_count=None if timestamps is None else len(timestamps),
        must_staple=5 in (_decoded(values, oids.TLS_FEATURE, ext.tls_features) or ()),
        problems=(*facts.problems, *list_problems, *extension_problems(_unnamed(extensions, facts.problems))),
    )


def revocation_urls(der: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the OCSP responders and the CRLs that a certificate names, as `read_details` and much sooner."""
    if _ACCESS_OID not in der and _POINTS_OID not in der:
        return (), ()
    return _revocation_urls(der) if len(der) <= _REMEMBERED_BYTES else _read_revocation_urls(der)


def _read_revocation_urls(der: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    field = next((element for place, element in _parts(der) if place.name == "extensions"), None)
    values = {} if field is None else _first_values(field)
    access = _decoded(values, oids.AUTHORITY_INFO_ACCESS, ext.access_descriptions) or ()
    points = _decoded(values, oids.CRL_DISTRIBUTION_POINTS, ext.distribution_points) or ()
    return _locations(access, oids.OCSP_METHOD), _crl_urls(points)


_revocation_urls = lru_cache(512)(_read_revocation_urls)


def _first_values(field: Element) -> dict[str, bytes]:
    """Return the values of extensions by OID, each as it first stands there, those that are none as empty."""
    values: dict[str, bytes] = {}
    for sequence in whole_children(field)[0][:1]:
        for element in whole_children(sequence)[0]:
            parts, damaged_at = whole_children(element)
            oid = _quiet(partial(object_identifier, parts[0])) if parts else None
            if oid is not None and oid not in values:
                is_one = element.tag == SEQUENCE and damaged_at is None and len(parts) in {2, 3}
                values[oid] = parts[-1].content if is_one and parts[-1].tag == OCTET_STRING else b""
    return values


def _parts(der: bytes) -> list[tuple[ByteField, Element]]:
    """Name every part that is there, in the order of the bytes; what is damaged ends the list."""
    found: list[tuple[ByteField, Element]] = []

    def name(element: Element, called: str) -> None:
        place = ByteField(name=called, offset=element.start, length=element.end - element.start)
        found.append((place, element))

    try:
        outer = read_element(der).expect(SEQUENCE)
    except DerError:
        return found
    signed = whole_children(outer)[0]
    if not signed or signed[0].tag != SEQUENCE:
        return found
    name(signed[0], "tbsCertificate")
    inner = whole_children(signed[0])[0]
    if inner and inner[0].tag == _VERSION:
        name(inner.pop(0), "version")
    for element, called in zip(inner, _NAMES, strict=False):
        name(element, called)
        if called == "validity":
            for instant, of in zip(whole_children(element)[0], ("notBefore", "notAfter"), strict=False):
                name(instant, of)
    for element in inner[len(_NAMES) :]:
        name(element, _OPTIONAL_NAMES.get(element.tag, "unknown"))
    for element, called in zip(signed[1:], ("signatureAlgorithm", "signatureValue"), strict=False):
        name(element, called)
    return found


def _version(element: Element | None) -> int | None:
    if element is None:
        return 1
    return _quiet(lambda: small_integer(parts_of(element, 1)[0].expect(INTEGER)) + 1)


def _extensions(element: Element | None) -> tuple[tuple[ExtensionFacts, ...], tuple[Message, ...]]:
    inside = whole_children(element)[0] if element is not None else []
    return read_extensions(inside[0]) if inside else ((), ())


def _unnamed(extensions: tuple[ExtensionFacts, ...], named: tuple[Message, ...]) -> list[ExtensionFacts]:
    """Leave out those whose trouble the facts have named."""
    return [one for one in extensions if EXTENSION_PROBLEMS.get(one.oid) not in named]


def _decoded(values: dict[str, bytes], oid: str, decoder: Callable[[bytes], T]) -> T | None:
    value = values.get(oid)
    return None if value is None else _quiet(lambda: decoder(value))


def _quiet(part: Callable[[], T]) -> T | None:
    """Read a part whose trouble another read has named."""
    try:
        return part()
    except (ValueError, OverflowError):
        return None


def _is_uri(name: str) -> bool:
    return name.startswith("URI:")


def _uri(name: str) -> str:
    return name.removeprefix("URI:")


def _crl_urls(points: tuple[ext.DistributionPoint, ...]) -> tuple[str, ...]:
    return tuple(_uri(name) for point in points for name in point.names if _is_uri(name))


def _locations(access: tuple[tuple[str, str], ...], method: str) -> tuple[str, ...]:
    return tuple(_uri(location) for kind, location in access if kind == method and _is_uri(location))
