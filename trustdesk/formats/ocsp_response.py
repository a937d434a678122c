"""Reading an OCSP response, whatever is wrong with it; nothing here says whether it may be relied on.

From the DER rather than with a library, because what it says of one certificate has to be read where there
are several, where one time or one extension is broken, and where the parameters of its signature matter.

Source: RFC 6960 4.2.1, 4.4; RFC 9654 (nonce).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from trustdesk.core.message import msg
from trustdesk.formats.der import (
    BIT_STRING,
    GENERALIZED_TIME,
    INTEGER,
    OCTET_STRING,
    SEQUENCE,
    DerError,
    Element,
    instant,
    integer,
    object_identifier,
    parts_of,
    read_whole,
    small_integer,
)
from trustdesk.formats.distinguished_name import name_text
from trustdesk.formats.extension_oids import INVALIDITY_DATE, REASON_CODE
from trustdesk.formats.extensions import Extension, read_extension
from trustdesk.formats.ocsp_values import (
    ARCHIVE_CUTOFF,
    BASIC_RESPONSE,
    DIGESTS,
    BasicResponse,
    CertId,
    CertStatus,
    OcspResponse,
    ResponderId,
    SingleResponse,
)
from trustdesk.formats.revocation_entries import REVOCATION_REASONS

_ENUMERATED = 0x0A
_FIRST, _SECOND, _THIRD = 0xA0, 0xA1, 0xA2
_GOOD, _REVOKED, _UNKNOWN = 0x80, 0xA1, 0x82


def read_ocsp_response(der: bytes) -> OcspResponse:
    """Read out an OCSP response; never raises. What does not belong in it is a problem as well."""
    status: int | None = None
    response_type: str | None = None
    try:
        with _reading("OCSPResponse", 0):
            parts = parts_of(read_whole(der, SEQUENCE), 1)
        with _reading("responseStatus", parts[0].start):
            status = _enumerated(parts[0])
        if len(parts) == 1:
            return OcspResponse(status=status)
        with _reading("responseBytes", parts[1].start):
            if len(parts) > 2:
                raise DerError("too many parts")
            kind, octets = _exactly(_only(parts[1].expect(_FIRST)).expect(SEQUENCE), 2)
            response_type = object_identifier(kind)
            octets.expect(OCTET_STRING)
        if response_type != BASIC_RESPONSE:
            return OcspResponse(status=status, response_type=response_type)
        basic = _basic(octets)
    except _DamagedPart as damage:
        problem = msg(
            "It is damaged: {part} at byte {offset} cannot be read.", part=damage.part, offset=damage.offset
        )
        return OcspResponse(status=status, response_type=response_type, problem=problem)
    return OcspResponse(status=status, response_type=response_type, basic=basic)


class _DamagedPart(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, part: str, offset: int) -> None:
        super().__init__(part, offset)
        self.part = part
        self.offset = offset


@contextmanager
def _reading(part: str, offset: int) -> Iterator[None]:
    """Name the part, by its name in the RFC, that turns out to be damaged."""
    try:
        yield
    except ValueError:
        raise _DamagedPart(part, offset) from None


def _basic(octets: Element) -> BasicResponse:
    with _reading("BasicOCSPResponse", octets.content_start):
        # Read in place, so that all offsets count from the start of the response.
        whole = _only(octets).expect(SEQUENCE)
        to_be_signed, algorithm, signature, *rest = parts_of(whole, 3)
        algorithm.expect(SEQUENCE)
        signature.expect(BIT_STRING)
    certificates: tuple[bytes, ...] = ()
    if rest:
        with _reading("certs", rest[0].start):
            if len(rest) > 1:
                raise DerError("too many parts")
            sequence = _only(rest[0].expect(_FIRST)).expect(SEQUENCE)
            certificates = tuple(certificate.raw for certificate in sequence.children())
    with _reading("tbsResponseData", to_be_signed.start):
        fields = parts_of(to_be_signed.expect(SEQUENCE), 3)
    version = 1
    if fields[0].tag == _FIRST:
        with _reading("version", fields[0].start):
            version = small_integer(_only(fields.pop(0))) + 1
    with _reading("tbsResponseData", to_be_signed.start):
        if not 3 <= len(fields) <= 4:
            raise DerError("too few or too many parts")
    with _reading("responderID", fields[0].start):
        responder = _responder(fields[0])
    with _reading("producedAt", fields[1].start):
        fields[1].expect(GENERALIZED_TIME)
    with _reading("responses", fields[2].start):
        responses = list(fields[2].expect(SEQUENCE).children())
    extensions: tuple[Extension, ...] = ()
    if len(fields) == 4:
        with _reading("responseExtensions", fields[3].start):
            extensions = _extensions(fields[3])
    return BasicResponse(
        to_be_signed=to_be_signed,
        signature_algorithm=algorithm,
        signature=signature,
        version=version,
        responder=responder,
        produced_at=_time(fields[1]),
        responses=tuple(_single(response) for response in responses),
        extensions=extensions,
        certificates=certificates,
    )


def _responder(choice: Element) -> ResponderId:
    inner = _only(choice)
    if choice.tag == _SECOND:
        return ResponderId(name=inner.expect(SEQUENCE).raw, text=name_text(inner))
    key_hash = inner.expect(OCTET_STRING).content
    choice.expect(_THIRD)
    return ResponderId(key_hash=key_hash, text=key_hash[:64].hex())


def _single(element: Element) -> SingleResponse:
    with _reading("SingleResponse", element.start):
        cert_id, choice, this_update, *rest = parts_of(element.expect(SEQUENCE), 3)
        this_update.expect(GENERALIZED_TIME)
    next_update: Element | None = None
    extensions: tuple[Extension, ...] = ()
    if rest and rest[0].tag == _FIRST:
        with _reading("nextUpdate", rest[0].start):
            next_update = _only(rest.pop(0))
    if rest:
        with _reading("singleExtensions", rest[0].start):
            extensions = _extensions(rest.pop(0).expect(_SECOND))
            if rest:
                raise DerError("too many parts")
    with _reading("certStatus", choice.start):
        status, revoked_at, reason = _status(choice)
    with _reading("reasonCode", element.start):
        reason = reason or _reason_extension(extensions)
    times = {
        "thisUpdate": this_update,
        "nextUpdate": next_update,
        "revocationTime": revoked_at,
        "invalidityDate": _extension_time(extensions, INVALIDITY_DATE),
        "archiveCutoff": _extension_time(extensions, ARCHIVE_CUTOFF),
    }
    read = {name: None if one is None else _time(one) for name, one in times.items()}
    unreadable = [name for name, one in times.items() if one is not None and read[name] is None]
    unreadable += [
        name
        for oid, name in ((INVALIDITY_DATE, "invalidityDate"), (ARCHIVE_CUTOFF, "archiveCutoff"))
        if times[name] is None and any(extension.oid == oid for extension in extensions)
    ]
    with _reading("certID", cert_id.start):
        return SingleResponse(
            cert_id=_cert_id(cert_id),
            status=status,
            this_update=read["thisUpdate"],
            next_update=read["nextUpdate"],
            revoked_at=read["revocationTime"],
            reason=reason,
            invalidity_date=read["invalidityDate"],
            archive_cutoff=read["archiveCutoff"],
            extensions=extensions,
            unreadable=tuple(unreadable),
            offset=element.start,
        )


def _cert_id(element: Element) -> CertId:
    algorithm, name_hash, key_hash, serial_number = _exactly(element.expect(SEQUENCE), 4)
    digest = object_identifier(parts_of(algorithm.expect(SEQUENCE), 1)[0])
    return CertId(
        digest=DIGESTS.get(digest, digest),
        issuer_name_hash=name_hash.expect(OCTET_STRING).content,
        issuer_key_hash=key_hash.expect(OCTET_STRING).content,
        serial_number=integer(serial_number.expect(INTEGER)),
    )


def _status(choice: Element) -> tuple[CertStatus, Element | None, str | None]:
    """Read CertStatus: what it is, and of a revocation when (an element) and why."""
    if choice.tag == _REVOKED:
        revoked_at, *rest = parts_of(choice, 1)
        if len(rest) > 1:
            raise DerError("too many parts")
        reason = _reason(_enumerated(_only(rest[0].expect(_FIRST)))) if rest else None
        return CertStatus.REVOKED, revoked_at, reason
    if choice.tag not in {_GOOD, _UNKNOWN} or choice.content_start != choice.content_end:
        raise DerError("no CertStatus")
    return CertStatus.GOOD if choice.tag == _GOOD else CertStatus.UNKNOWN, None, None


def _reason(number: int) -> str:
    return REVOCATION_REASONS.get(number, str(number))


def _reason_extension(extensions: tuple[Extension, ...]) -> str | None:
    for extension in extensions:
        if extension.oid == REASON_CODE:
            return _reason(_enumerated(read_whole(extension.value, _ENUMERATED)))
    return None


def _extension_time(extensions: tuple[Extension, ...], oid: str) -> Element | None:
    for extension in extensions:
        if extension.oid == oid:
            try:
                return read_whole(extension.value, GENERALIZED_TIME)
            except DerError:
                return None
    return None


def _extensions(wrapper: Element) -> tuple[Extension, ...]:
    found = tuple(read_extension(element) for element in _only(wrapper).expect(SEQUENCE).children())
    if len({extension.oid for extension in found}) != len(found):
        raise DerError("an extension that stands there twice")
    return found


def _time(element: Element) -> datetime | None:
    """Read a GeneralizedTime as RFC 5280 4.1.2.5.2 has it, as RFC 6960 asks for; None for any other."""
    try:
        return instant(element.expect(GENERALIZED_TIME))
    except ValueError:
        return None


def _enumerated(element: Element) -> int:
    content = element.expect(_ENUMERATED).content
    if not 0 < len(content) <= 4:
        raise DerError("an ENUMERATED that is empty or too large")
    return int.from_bytes(content, "big", signed=True)


def _only(wrapper: Element) -> Element:
    return _exactly(wrapper, 1)[0]


def _exactly(element: Element, count: int) -> list[Element]:
    parts = parts_of(element, count)
    if len(parts) != count:
        raise DerError("too many parts")
    return parts
