"""Which of the single responses of an OCSP response speak of a certificate, and which one applies."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.formats.der import DerError
from trustdesk.formats.extension_oids import INVALIDITY_DATE, REASON_CODE
from trustdesk.formats.extensions import Extension
from trustdesk.formats.ocsp_request import key_bits
from trustdesk.formats.ocsp_values import (
    ARCHIVE_CUTOFF,
    DIGESTS,
    EXTENDED_REVOKE,
    NONCE,
    BasicResponse,
    CertId,
    CertStatus,
    SingleResponse,
)
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.revocation.ocsp_requirements import Requirement, met, noted, refused

_DIGEST_NAMES = frozenset(DIGESTS.values())
_RESPONSE_EXTENSIONS = frozenset({NONCE, EXTENDED_REVOKE})
_SINGLE_EXTENSIONS = frozenset({ARCHIVE_CUTOFF, REASON_CODE, INVALIDITY_DATE})
_WORST_LAST = (CertStatus.GOOD, CertStatus.UNKNOWN, CertStatus.REVOKED)
_NEVER = datetime.min.replace(tzinfo=UTC)
_MAX_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a response says of one certificate.

    Attributes:
        single: the one that applies; None when it does not speak of the certificate.
        requirements: all but the times.
    """

    single: SingleResponse | None
    requirements: tuple[Requirement, ...]


def find_statement(basic: BasicResponse, *, certificate: Decoded, issuer: Decoded) -> Statement:
    """Return the single response that applies to a certificate: of several the worst, then the newest."""
    identity = _Identity(certificate, issuer)
    about = [single for single in basic.responses if identity.is_meant_by(single.cert_id)]
    if not about:
        return Statement(
            single=None, requirements=(refused("ocsp.cert_id", _not_meant(basic, certificate, issuer)),)
        )
    single = max(about, key=lambda one: (_WORST_LAST.index(one.status), one.this_update or _NEVER))
    requirements = (
        met(
            "ocsp.cert_id",
            msg(
                "It speaks of serial number {serial} of {issuer} (CertID with {digest}).",
                serial=f"{single.cert_id.serial_number:x}",
                issuer=issuer.title,
                digest=single.cert_id.digest,
            ),
        ),
        _unambiguous(about, single),
        _critical(basic, about),
    )
    return Statement(single=single, requirements=requirements)


class _Identity:
    """What a CertID has to say to mean a certificate (4.1.1)."""

    def __init__(self, certificate: Decoded, issuer: Decoded) -> None:
        self._serial_number = certificate.serial_number
        self._hashes: dict[str, tuple[frozenset[bytes], bytes]] = {}
        self._names: tuple[bytes, ...] = ()
        self._key = b""
        if certificate.fields is None or issuer.fields is None or not _is_issuer(issuer, certificate):
            self._serial_number = None
            return
        # The same name may be written in two ways; responders take it from the CA's certificate.
        self._names = (certificate.fields.issuer.raw, issuer.fields.subject.raw)
        try:
            self._key = key_bits(issuer.fields.public_key)
        except DerError:
            self._serial_number = None

    def is_meant_by(self, cert_id: CertId) -> bool:
        if self._serial_number is None or cert_id.serial_number != self._serial_number:
            return False
        if cert_id.digest not in _DIGEST_NAMES:
            return False
        if cert_id.digest not in self._hashes:
            names = frozenset(_digest(cert_id.digest, name) for name in self._names)
            self._hashes[cert_id.digest] = names, _digest(cert_id.digest, self._key)
        name_hashes, key_hash = self._hashes[cert_id.digest]
        return cert_id.issuer_name_hash in name_hashes and cert_id.issuer_key_hash == key_hash


def _is_issuer(issuer: Decoded, certificate: Decoded) -> bool:
    return certificate.issuer is not None and certificate.issuer == issuer.subject


def _digest(name: str, data: bytes) -> bytes:
    return hashlib.new(name, data, usedforsecurity=False).digest()


def _not_meant(basic: BasicResponse, certificate: Decoded, issuer: Decoded) -> Message:
    if not _is_issuer(issuer, certificate):
        return msg(
            "{subject} names {named} as its issuer, which {issuer} is not.",
            subject=certificate.title,
            named=certificate.facts.issuer or "?",
            issuer=issuer.facts.subject or issuer.title,
        )
    if not basic.responses:
        return msg("It speaks of no certificate at all.")
    same_serial = [one for one in basic.responses if one.cert_id.serial_number == certificate.serial_number]
    serial = certificate.facts.serial_number or "?"
    if any(one.cert_id.digest not in _DIGEST_NAMES for one in same_serial):
        return msg(
            "It speaks of serial number {serial}, but names the issuer by a digest that is unknown here:"
            " {digest}.",
            serial=serial,
            digest=same_serial[0].cert_id.digest,
        )
    if same_serial:
        return msg(
            "It speaks of serial number {serial} of another issuer: the hash of name or key is not that of"
            " {issuer}.",
            serial=serial,
            issuer=issuer.title,
        )
    others = [f"{one.cert_id.serial_number:x}" for one in basic.responses]
    more = len(others) - _MAX_NAMED
    return msg(
        "It speaks of another certificate: serial number {others} instead of {serial}.",
        others=", ".join(others[:_MAX_NAMED]) + (" …" if more > 0 else ""),
        serial=serial,
    )


def _unambiguous(about: Sequence[SingleResponse], single: SingleResponse) -> Requirement:
    rule = "ocsp.single"
    if len(about) == 1:
        return met(rule, msg("It speaks of the certificate once."))
    if len({one.status for one in about}) > 1:
        return noted(
            rule,
            msg_n(
                "It speaks of the certificate {count} time and contradicts itself; {status} counts.",
                "It speaks of the certificate {count} times and contradicts itself; {status} counts.",
                len(about),
                status=single.status.value,
            ),
        )
    return met(
        rule,
        msg_n(
            "It speaks of the certificate {count} time; the newest counts.",
            "It speaks of the certificate {count} times; the newest counts.",
            len(about),
        ),
    )


def _critical(basic: BasicResponse, about: Sequence[SingleResponse]) -> Requirement:
    unknown = [
        *_unknown(basic.extensions, _RESPONSE_EXTENSIONS),
        *(oid for single in about for oid in _unknown(single.extensions, _SINGLE_EXTENSIONS)),
    ]
    if unknown:
        return refused(
            "ocsp.critical",
            msg(
                "It has critical extensions that nobody here understands: {oids}.",
                oids=", ".join(dict.fromkeys(unknown)),
            ),
        )
    return met("ocsp.critical", msg("No critical extension of it is unknown here."))


def _unknown(extensions: Sequence[Extension], understood: frozenset[str]) -> list[str]:
    return [one.oid for one in extensions if one.critical and one.oid not in understood]
